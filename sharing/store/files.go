package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// openFileAt opens a plain file that has no name elsewhere, and no link to one.
func openFileAt(parent *os.Root, name string, flag int) (*os.File, meta, error) {
	before, err := parent.Lstat(name)
	if err != nil {
		return nil, meta{}, err
	}
	if !before.Mode().IsRegular() {
		return nil, meta{}, fmt.Errorf("%s: %w", name, errForeign)
	}
	f, err := parent.OpenFile(name, flag|openFlags, 0)
	if err != nil {
		return nil, meta{}, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) {
		f.Close()
		return nil, meta{}, fmt.Errorf("%s: %w", name, errors.Join(errForeign, err))
	}
	m, err := statFile(f)
	if err != nil {
		f.Close()
		return nil, meta{}, err
	}
	return f, m, nil
}

// create makes a file in staging, or opens the one that was made before.
func (d *disk) create(parent *os.Root, name string) (f *os.File, m meta, made bool, err error) {
	for range 3 {
		if err := d.sys.do("create"); err != nil {
			return nil, meta{}, false, err
		}
		f, err = parent.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|openFlags, 0o666)
		if err == nil {
			m, err = statFile(f)
			if err != nil {
				f.Close()
			}
			return f, m, true, err
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, meta{}, false, err
		}
		f, m, err = openFileAt(parent, name, os.O_RDWR)
		if err == nil && m.links <= 1 {
			return f, m, false, nil
		}
		if err == nil {
			// Writing to it would change the file of its other name.
			f.Close()
		} else if !errors.Is(err, errForeign) {
			return nil, meta{}, false, err
		}
		if err := d.putAside(parent, name); err != nil {
			return nil, meta{}, false, err
		}
	}
	return nil, meta{}, false, errForeign
}

// openFile returns an entry's file, or the edge file.
func (d *disk) openFile(file int, create bool) (*handle[*os.File], error) {
	return d.files.take(file, func() (*os.File, error) {
		if file == edgeFile {
			if d.staging == nil {
				return nil, fs.ErrNotExist
			}
			return d.openFileIn(d.staging, edgeName, file, create)
		}
		w := way{d: d, create: create}
		defer w.close()
		parent, err := w.above(file)
		if err != nil {
			return nil, err
		}
		return d.openFileIn(parent, d.name(file), file, create)
	})
}

func (d *disk) openFileIn(parent *os.Root, name string, file int, create bool) (*os.File, error) {
	if file != edgeFile && d.places.done.has(d.layout.top(file)) {
		f, _, err := openFileAt(parent, name, os.O_RDONLY)
		return f, err
	}
	if !create {
		f, m, err := openFileAt(parent, name, os.O_RDWR)
		if err == nil && !d.known(file, m.id) {
			f.Close()
			return nil, fmt.Errorf("%s: %w", name, errForeign)
		}
		return f, err
	}
	d.making.Lock()
	defer d.making.Unlock()
	f, m, made, err := d.create(parent, name)
	if err != nil {
		return nil, err
	}
	if !made && !d.known(file, m.id) {
		f.Close()
		if err := d.putAside(parent, name); err != nil {
			return nil, err
		}
		if f, m, made, err = d.create(parent, name); err != nil {
			return nil, err
		}
	}
	if made || !d.learned(file) {
		if err := d.opened(file, d.lasting(m.id)); err != nil {
			f.Close()
			return nil, err
		}
	}
	d.learn(file, m.id)
	if made {
		d.unwatch(file)
		d.recreated(file)
		makeSparse(f) // merely saves room
	}
	return f, nil
}

// known reports whether a file with this ID can be the one that was made or
// opened first; learn says that it is.
func (d *disk) known(file int, id fileID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ids == nil || d.ids[file+1].same(d.lasting(id))
}

// lasting returns an ID if it is worth remembering.
func (d *disk) lasting(id fileID) fileID {
	if !d.stable {
		return 0
	}
	return id
}

func (d *disk) learned(file int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ids != nil && d.ids[file+1] != 0
}

func (d *disk) learn(file int, id fileID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ids == nil {
		d.ids = make([]fileID, d.layout.m.Len()+1)
	}
	d.ids[file+1] = d.lasting(id)
}
