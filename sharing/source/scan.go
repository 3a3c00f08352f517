package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"potluck/sharing/manifest"
)

// maxKept is how many of the things left out or renamed are kept to be shown.
const maxKept = 1000

// ScanOptions are how [Scan] reports.
type ScanOptions struct {
	// Progress, if not nil, is called now and then with what was found so far,
	// always from the goroutine that called Scan.
	Progress func(entries int, bytes int64)
}

// LeftOut is something in a shared folder that is not shared.
type LeftOut struct {
	Path string // as it would be in the manifest
	Why  Reason
}

// Scan walks the given files and folders once, and returns the source of a share
// of them. It looks at names, sizes and times and reads no content.
//
// Relative paths are taken from the working directory. The items are called by
// the last names of their paths; where two are the same, the later gets " (2)".
// See the package comment for what is left out and what happens to links. A
// [PathError] says that a given path does not exist, may not be read or is
// neither a file nor a folder; when something further down cannot be read, that
// alone is left out.
//
// The error is that of ctx if it is done before the walk is.
func Scan(ctx context.Context, paths []string, o ScanOptions) (*Source, error) {
	if len(paths) == 0 {
		return nil, errors.New("there is nothing to share: no file or folder was named")
	}
	given := make([]string, len(paths))
	for i, p := range paths {
		if p == "" {
			return nil, &PathError{p, errors.New("it is no path")}
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, &PathError{p, err}
		}
		given[i] = abs
	}
	tops, err := topsOf(given)
	if err != nil {
		return nil, err
	}

	w := walker{ctx: ctx, progress: o.Progress, names: make(map[int]string)}
	if err := w.walk(tops); err != nil {
		return nil, err
	}
	m, err := w.builder.Build()
	if err != nil {
		return nil, fmt.Errorf("this cannot be shared: %w", err)
	}
	if m.Len() != w.entries {
		return nil, errors.New("source: the manifest differs from what was found")
	}
	if o.Progress != nil {
		o.Progress(w.entries, w.bytes)
	}
	s := newSource(m, given, tops)
	s.ids, s.names, s.left, s.renamed = w.ids, w.names, w.left, w.renamed
	return s, nil
}

// walk visits the items in the order of their names.
func (w *walker) walk(tops []top) error {
	sorted := slices.SortedFunc(slices.Values(tops), func(x, y top) int { return cmp.Compare(x.name, y.name) })
	b := branch{w: w, depth: 1}
	defer b.close()
	for _, t := range sorted {
		if err := b.before(t.name); err != nil {
			return err
		}
		if err := b.visitTop(&t); err == errTooMany {
			return err
		} else if err != nil {
			return &PathError{t.path, err}
		}
	}
	return b.rest()
}

// visitTop adds an item that was named.
func (b *branch) visitTop(t *top) error {
	if t.name != t.asked {
		b.w.renamed.add(manifest.Renamed{Entry: b.w.entries, From: t.asked, To: t.name})
	}
	dir, err := openFolder(t.folder())
	if err != nil {
		return err
	}
	rel, want := ".", isFolder
	if !t.dir {
		rel, want = filepath.Base(t.path), isFile
	}
	info, err := dir.stat(rel)
	if err == nil && info.kind != want {
		err = errOdd
	}
	s := sibling{t.name, t.name} // its name on disk is in tops
	if err == nil && t.dir {
		return b.enter(s, info, newReadFolder(dir))
	}
	dir.close()
	if err != nil {
		return err
	}
	return b.add(s, info)
}

// leftOut counts what was left out, and keeps the first of it.
type leftOut struct {
	first []LeftOut
	count int
}

func (l *leftOut) add(path string, why Reason) { l.addMany(path, 1, why) }

// addMany adds n things of which path is the folder.
func (l *leftOut) addMany(path string, n int, why Reason) {
	l.count += n
	if len(l.first) < maxKept {
		l.first = append(l.first, LeftOut{path, why})
	}
}

// renames is the same for what is sent under another name.
type renames struct {
	first []manifest.Renamed
	count int
}

func (r *renames) add(x manifest.Renamed) {
	r.count++
	if len(r.first) < maxKept {
		r.first = append(r.first, x)
	}
}
