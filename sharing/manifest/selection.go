package manifest

import (
	"fmt"
	"path"
	"strings"
)

// A NoMatchError says that a pattern picks nothing.
type NoMatchError struct {
	Pattern string
}

func (e *NoMatchError) Error() string {
	return fmt.Sprintf("no file or folder matches %q", e.Pattern)
}

// Select returns for each entry of m whether the patterns pick it.
//
// A pattern is one of [path.Match], or literally a path or name. With a slash in
// it, it is compared with whole paths; without, with the last name of each. A
// folder that is picked picks all that is in it; a picked entry takes with it the
// folders it is in, but not what else is in them.
//
// The error is a [*NoMatchError] if a pattern picks nothing, and wraps
// [path.ErrBadPattern] if one is malformed and nothing has it as its name.
func Select(m *Manifest, patterns []string) ([]bool, error) {
	rules := make([]rule, len(patterns))
	for i, p := range patterns {
		rules[i] = newRule(p)
	}
	picked := make([]bool, m.Len())
	for i, whole := range m.paths() {
		p := m.Parent(i)
		picked[i] = p >= 0 && picked[p]
		for r := range rules {
			if picked[i] && rules[r].used {
				continue
			}
			if rules[r].matches(string(whole)) {
				rules[r].used, picked[i] = true, true
			}
		}
	}
	for i := range rules {
		if err := rules[i].err(); err != nil {
			return nil, err
		}
	}
	for i := m.Len() - 1; i >= 0; i-- {
		if p := m.Parent(i); p >= 0 && picked[i] {
			picked[p] = true
		}
	}
	return picked, nil
}

type rule struct {
	given   string
	pattern string
	whole   bool // is for whole paths
	bad     bool // is not a pattern, so only literally
	used    bool
}

func newRule(given string) rule {
	p := strings.TrimPrefix(strings.TrimRight(given, "/"), "./")
	_, err := path.Match(p, "")
	return rule{given: given, pattern: p, whole: strings.Contains(p, "/"), bad: err != nil}
}

func (r *rule) matches(whole string) bool {
	name := whole
	if !r.whole {
		name = whole[strings.LastIndexByte(whole, '/')+1:]
	}
	if name == r.pattern {
		return true
	}
	if r.bad {
		return false
	}
	ok, _ := path.Match(r.pattern, name)
	return ok
}

func (r *rule) err() error {
	switch {
	case r.used:
		return nil
	case r.bad:
		return fmt.Errorf("%q: %w", r.given, path.ErrBadPattern)
	default:
		return &NoMatchError{r.given}
	}
}
