package source

import (
	"context"
	"slices"
	"sync"
)

// failures are the entries that cannot be had any more.
type failures struct {
	mu     sync.Mutex // guards what follows
	why    map[int]Reason
	order  []int // the same entries, first failed first
	notify func(EntryError)
}

// has reports whether the entry has failed.
func (f *failures) has(entry int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, failed := f.why[entry]
	return failed
}

// count returns how many entries have failed so far.
func (f *failures) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.order)
}

// since returns those that failed when there were already n.
func (f *failures) since(n int) []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.order[n:])
}

// add notes a failure, and returns whom to tell if it is a new one.
func (f *failures) add(entry int, why Reason) (notify func(EntryError), news bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, failed := f.why[entry]; failed {
		return nil, false
	}
	f.why[entry] = why
	f.order = append(f.order, entry)
	return f.notify, true
}

// Fail makes an entry fail as if a read had noticed it. An entry that has failed
// already keeps its reason.
func (s *Source) Fail(entry int, why Reason) {
	notify, news := s.failures.add(entry, why)
	if news && notify != nil {
		notify(EntryError{entry, s.manifest.Path(entry), why})
	}
}

// Failures returns what has failed so far, the first first.
func (s *Source) Failures() []EntryError {
	f := &s.failures
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]EntryError, len(f.order))
	for i, entry := range f.order {
		list[i] = EntryError{entry, s.manifest.Path(entry), f.why[entry]}
	}
	return list
}

// NotifyFail has f called for every entry that fails from now on, once for each,
// by the goroutine that noticed it and before that one's call returns. No lock is
// held meanwhile, so f may call the source.
//
// When f is called, reads already give zeros for the entry. A hash of one of its
// [Source.Pieces] that [Source.Hash] delivered before, or is delivering just
// now, may still be that of the old content: hash these pieces again. Those
// delivered later are right.
func (s *Source) NotifyFail(f func(EntryError)) {
	s.failures.mu.Lock()
	defer s.failures.mu.Unlock()
	s.failures.notify = f
}

// Recheck looks whether an entry is still as it was at the scan, without reading
// it. If it is not, it fails, and the error is an [EntryError]; so it is for one
// that failed before. Of a folder, only its existence is checked. Another error
// says that nothing could be found out.
func (s *Source) Recheck(ctx context.Context, entry int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	why, err := s.look(entry)
	if err != nil {
		return err
	}
	if why != "" {
		s.Fail(entry, why)
	}
	return s.Failure(entry)
}

// Failure returns the [EntryError] of an entry that has failed, or nil.
func (s *Source) Failure(entry int) error {
	f := &s.failures
	f.mu.Lock()
	defer f.mu.Unlock()
	if why, failed := f.why[entry]; failed {
		return &EntryError{entry, s.manifest.Path(entry), why}
	}
	return nil
}
