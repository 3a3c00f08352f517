package source

import "sync"

// maxOpen is how many files are kept open.
const maxOpen = 64

// openFiles are the files and folders that are open. Folders are those of the
// items that were given, each opened when it is first needed.
type openFiles struct {
	// use is held for reading while files are in use, for writing to close them all.
	use sync.RWMutex

	mu      sync.Mutex // guards what follows
	closed  bool
	folders []*folder // by index of the item
	files   map[int]*openFile
	clock   uint64
}

// An openFile is in use by a number of readers. It is closed when there are none
// and it was dropped from the map.
type openFile struct {
	file
	entry   int
	users   int
	last    uint64 // clock of the last use
	dropped bool
}

func (o *openFiles) init(items int) {
	o.folders = make([]*folder, items)
	o.files = make(map[int]*openFile)
}

// folder returns the folder of an item. The caller holds use.
func (o *openFiles) folder(item int, t *top) (*folder, error) {
	o.mu.Lock()
	d, closed := o.folders[item], o.closed
	o.mu.Unlock()
	if closed {
		return nil, errClosed
	}
	if d != nil {
		return d, nil
	}
	d, err := openFolder(t.folder())
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if other := o.folders[item]; other != nil {
		d.close()
		return other, nil
	}
	o.folders[item] = d
	return d, nil
}

// get returns the open file of an entry, or nil. It is to be given back by put.
func (o *openFiles) get(entry int) *openFile {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.files[entry]
	if f != nil {
		o.clock++
		f.users, f.last = f.users+1, o.clock
	}
	return f
}

// add takes a file that was just opened into the set, and closes the one that
// was used least lately if it is one too many. It is to be given back by put.
func (o *openFiles) add(entry int, opened file) *openFile {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clock++
	if f := o.files[entry]; f != nil { // somebody else was faster
		opened.close()
		f.users, f.last = f.users+1, o.clock
		return f
	}
	if len(o.files) >= maxOpen {
		var oldest *openFile
		for _, f := range o.files {
			if oldest == nil || f.last < oldest.last {
				oldest = f
			}
		}
		o.dropLocked(oldest)
	}
	f := &openFile{file: opened, entry: entry, users: 1, last: o.clock}
	o.files[entry] = f
	return f
}

// put gives a file back; keep says whether it will be needed again soon.
func (o *openFiles) put(f *openFile, keep bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f.users--
	if !keep && !f.dropped {
		o.dropLocked(f)
	} else if f.dropped && f.users == 0 {
		f.close()
	}
}

func (o *openFiles) dropLocked(f *openFile) {
	delete(o.files, f.entry)
	f.dropped = true
	if f.users == 0 {
		f.close()
	}
}

// relieve closes what nobody uses, when the system has run out of descriptors.
func (o *openFiles) relieve() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.files {
		if f.users == 0 {
			o.dropLocked(f)
		}
	}
}

func (o *openFiles) release() {
	o.use.Lock()
	defer o.use.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, f := range o.files {
		o.dropLocked(f)
	}
	for i, d := range o.folders {
		if d != nil {
			d.close()
			o.folders[i] = nil
		}
	}
}

func (o *openFiles) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.release()
}
