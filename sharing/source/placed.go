package source

import (
	"context"
	"errors"
	"slices"
	"time"

	"potluck/sharing/manifest"
)

// Places say where the files of a share are that was received: below one folder,
// under names that may be others than those in the manifest.
type Places struct {
	Manifest *manifest.Manifest     // required
	Folder   string                 // required: absolute
	Name     func(entry int) string // required: what an entry is called in its folder
	Has      func(entry int) bool   // what is there; nil for all. The rest is not to be read

	// Old says that the files were put there some time ago: one with another time
	// than in the manifest was changed since.
	Old bool
}

// timeSlack is by how much the time of a file may differ from the one it was
// given: the coarsest file system keeps even seconds.
const timeSlack = 2 * time.Second

// Place returns the source of files that were received, as they are now: it takes
// down which they are, and when they were changed. One that is not there, or
// has another size, has failed. On Windows files are told apart by size and time
// alone.
//
// The error is that of ctx, or that of opening the folder.
func Place(ctx context.Context, p Places) (*Source, error) {
	s := newPlaced(p)
	if _, err := s.files.folder(0, &s.tops[0]); err != nil {
		return nil, err
	}
	defer s.Release()
	m := p.Manifest
	for e := range m.Len() {
		if e%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if m.Dir(e) || !s.has(e) {
			s.ids.add(s.ids.last(), 0)
			continue
		}
		at := s.place(e)
		info, err := s.stat(&at)
		if err == nil {
			err = s.fits(&at, info, p.Old)
		}
		if err != nil {
			why, passing := at.verdict(err)
			if passing != nil {
				return nil, passing
			}
			s.failures.add(e, why)
			s.ids.add(s.ids.last(), 0)
			continue
		}
		s.ids.add(info.dev, info.ino)
		s.setTime(e, at.ModTime.UnixNano(), info.mtime)
	}
	return s, nil
}

func newPlaced(p Places) *Source {
	s := newSource(p.Manifest, []string{p.Folder}, []top{{path: p.Folder, dir: true}})
	s.places = &p
	s.names = make(map[int]string)
	return s
}

// has reports whether an entry of a placed source can be read.
func (s *Source) has(entry int) bool { return s.places.Has == nil || s.places.Has(entry) }

// fits returns an error unless a file can be the one that was received.
func (s *Source) fits(at *place, info fileInfo, old bool) error {
	switch {
	case info.kind == isLink:
		return reasonError(Link)
	case info.kind == isSpecial:
		return reasonError(Special)
	case info.kind != isFile, info.size != at.Size:
		return reasonError(Changed)
	case old && time.Duration(info.mtime-at.ModTime.UnixNano()).Abs() > timeSlack:
		return reasonError(Changed)
	}
	return nil
}

// stat describes what is at an entry's place.
func (s *Source) stat(at *place) (fileInfo, error) {
	o := &s.files
	o.use.RLock()
	defer o.use.RUnlock()
	d, err := o.folder(at.top, &s.tops[at.top])
	if err != nil {
		return fileInfo{}, err
	}
	return d.stat(at.rel)
}

// Meet looks at an entry of a placed source, and takes a file for the one that was
// received if it has its size and time, though it may be another one: a copy that
// was put back. Otherwise it returns why it is not. Of a folder, only its existence
// is checked. An error says that nothing could be found out. Nothing else may use
// the source meanwhile.
func (s *Source) Meet(ctx context.Context, entry int) (Reason, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	at := s.place(entry)
	info, err := s.stat(&at)
	if err == nil && at.Dir {
		return "", nil
	}
	if err == nil {
		err = s.fits(&at, info, false)
	}
	if err == nil && (s.failures.has(entry) || info.mtime != s.time(&at)) {
		err = reasonError(Changed)
	}
	if err != nil {
		return at.verdict(err)
	}
	s.ids.inodes[entry] = info.ino
	return "", nil
}

// Time returns when a file of a placed source was changed last when it was
// received, as its disk keeps that.
func (s *Source) Time(entry int) time.Time {
	at := s.place(entry)
	return time.Unix(0, s.time(&at))
}

// Moved says that a file of a placed source is there as it was received, maybe
// once more and under another name, and has it taken down. Nothing else may use
// the source meanwhile.
func (s *Source) Moved(ctx context.Context, entry int, name string) error {
	if !isName(name) {
		return errors.New("source: no name of a file")
	}
	if name != s.realName(entry) {
		s.names[entry] = name
	}
	s.failures.remove(entry)
	at := s.place(entry)
	info, err := s.stat(&at)
	if err == nil {
		err = s.fits(&at, info, false)
	}
	if err != nil {
		why, passing := at.verdict(err)
		if passing != nil {
			return passing
		}
		s.failures.add(entry, why)
		return &EntryError{entry, s.manifest.Path(entry), why}
	}
	s.ids.inodes[entry] = info.ino
	s.setTime(entry, at.ModTime.UnixNano(), info.mtime)
	return nil
}

// Name returns the name of an entry of a placed source in its folder.
func (s *Source) Name(entry int) string { return s.realName(entry) }

// time returns when the file at a place was changed when it was scanned or
// received.
func (s *Source) time(at *place) int64 {
	if s.times != nil {
		return s.times[at.index]
	}
	return at.ModTime.UnixNano()
}

// setTime notes the time of a file. Times are kept only if one of them is another
// than in the manifest.
func (s *Source) setTime(entry int, offered, found int64) {
	if s.times == nil {
		if offered == found {
			return
		}
		s.times = make([]int64, s.manifest.Len())
		for e := range s.times {
			s.times[e] = s.manifest.Time(e)
		}
	}
	s.times[entry] = found
}

// realName returns what an entry is called on disk.
func (s *Source) realName(entry int) string {
	if name, other := s.names[entry]; other {
		return name
	}
	if s.places != nil {
		return s.places.Name(entry)
	}
	return s.manifest.Name(entry)
}

// remove takes a failure back.
func (f *failures) remove(entry int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, failed := f.why[entry]; failed {
		delete(f.why, entry)
		f.order = slices.DeleteFunc(f.order, func(e int) bool { return e == entry })
	}
}
