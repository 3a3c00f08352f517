package source

import (
	"errors"
	"fmt"
	"io"
)

// ReadAt reads the stream from offset off, like that of io.ReaderAt: fewer bytes
// than asked for come with an error, io.EOF at the end of the stream.
//
// An entry found to be no longer what was offered fails. Its bytes are not
// handed out; n is how many came before them and the error is an [EntryError].
// The next read of the same range gives zeros in their place. Any other error,
// for instance that too many files are open, is nobody's fault and may pass.
func (s *Source) ReadAt(p []byte, off int64) (n int, err error) {
	m := s.manifest
	if off < 0 {
		return 0, errors.New("source: negative offset")
	}
	if left := m.StreamLength() - off; int64(len(p)) > left {
		p, err = p[:max(left, 0)], io.EOF
	}
	for entry := m.At(off); n < len(p); entry++ {
		size := m.Size(entry)
		if size == 0 {
			continue // a folder or an empty file
		}
		from := off + int64(n) - m.Offset(entry)
		part := p[n:min(int64(len(p)), int64(n)+size-from)]
		if s.failures.has(entry) {
			clear(part)
		} else if err := s.readEntry(entry, part, from, from+int64(len(part)) < size); err != nil {
			return n, err
		}
		n += len(part)
	}
	return n, err
}

// readEntry fills p from a file. If that makes the entry fail, those who want to
// know are told and the error is an EntryError. keep is whether more of the file
// will be read soon.
func (s *Source) readEntry(entry int, p []byte, from int64, keep bool) error {
	why, err := s.tryRead(entry, p, from, keep)
	if err != nil {
		return err
	}
	if why != "" {
		clear(p)
		s.Fail(entry, why)
		return s.Failure(entry)
	}
	return nil
}

// tryRead returns the reason if the entry is not what it was. Its error is one
// that may pass.
func (s *Source) tryRead(entry int, p []byte, from int64, keep bool) (Reason, error) {
	o := &s.files
	o.use.RLock()
	defer o.use.RUnlock()

	at := s.place(entry)
	d, err := o.folder(at.top, &s.tops[at.top])
	if err != nil {
		return at.verdict(err)
	}
	f := o.get(entry)
	if f == nil {
		if f, err = s.open(d, &at); err != nil {
			return at.verdict(err)
		}
	}
	s.reading.Begin()
	_, err = f.ReadAt(p, from)
	s.reading.End()
	if err == nil {
		err = s.check(d, &at)
	} else if errors.Is(err, io.EOF) {
		err = reasonError(Changed) // it is shorter now
	}
	o.put(f, keep && err == nil)
	if err != nil {
		return at.verdict(err)
	}
	return "", nil
}

// verdict sorts errors into those that make the entry fail and others.
func (at *place) verdict(err error) (Reason, error) {
	if err == errClosed {
		return "", err
	}
	if why := reasonFor(err); why != "" {
		return why, nil
	}
	return "", fmt.Errorf("reading %q: %w", at.Path, err)
}

// open opens a file if it is still the one that the scan saw.
func (s *Source) open(d *folder, at *place) (*openFile, error) {
	f, err := d.open(at.rel)
	if err != nil && reasonFor(err) == "" {
		s.files.relieve()
		f, err = d.open(at.rel)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.stat()
	if err == nil {
		err = s.compare(at, info)
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return s.files.add(at.index, f), nil
}

// check looks again at what the path leads to. After a read this covers the open
// file too: it was the one of the scan when it was opened, so if the path leads
// to the one of the scan, the two are the same and this is its size and time.
func (s *Source) check(d *folder, at *place) error {
	info, err := d.stat(at.rel)
	if err != nil {
		return err
	}
	return s.compare(at, info)
}

// compare returns an error unless info is what the scan saw.
func (s *Source) compare(at *place, info fileInfo) error {
	switch {
	case info.kind == isLink:
		return reasonError(Link)
	case info.kind == isSpecial:
		return reasonError(Special)
	case at.Dir != (info.kind == isFolder):
		return reasonError(Changed)
	case at.Dir:
		return nil // what is in it has its own entries
	case info.size != at.Size, info.mtime != s.time(at), !s.ids.matches(at.index, info):
		return reasonError(Changed)
	}
	return nil
}

// look tells whether an entry is as it was, by name only.
func (s *Source) look(entry int) (Reason, error) {
	o := &s.files
	o.use.RLock()
	defer o.use.RUnlock()
	at := s.place(entry)
	d, err := o.folder(at.top, &s.tops[at.top])
	if err == nil {
		err = s.check(d, &at)
	}
	if err != nil {
		return at.verdict(err)
	}
	return "", nil
}
