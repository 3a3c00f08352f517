package source

import (
	"runtime"
	"slices"
	"strings"
	"sync"
)

const (
	// statChunk is how many entries of a folder are looked at together.
	statChunk = 1024

	// statShare is how many of them are worth a goroutine.
	statShare = 128
)

// seen is what Lstat said.
type seen struct {
	fileInfo
	err error
}

// A readFolder is an open folder and what was read of it: everything's name, in order,
// and what there is to be seen of the first of it.
type readFolder struct {
	dir      *folder
	listing  listing
	siblings []sibling
	infos    []seen // of as many of the siblings
	err      error  // the names are not all
}

// newReadFolder reads an open folder. It changes nothing but the result.
func newReadFolder(dir *folder) *readFolder {
	c := &readFolder{dir: dir}
	c.listing, c.err = dir.list()
	c.siblings = sendable(c.listing.names)
	slices.SortFunc(c.siblings, func(x, y sibling) int { return strings.Compare(x.name, y.name) })
	c.infos = make([]seen, min(len(c.siblings), statChunk))
	look(c.listing, c.siblings[:len(c.infos)], c.infos)
	return c
}

// look fills infos with what there is to be seen of the siblings, on several
// cores if they are many.
func look(list listing, siblings []sibling, infos []seen) {
	share := max(statShare, (len(siblings)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for from := share; from < len(siblings); from += share {
		to := min(from+share, len(siblings))
		wg.Go(func() { lookAt(list, siblings[from:to], infos[from:to]) })
	}
	to := min(share, len(siblings))
	lookAt(list, siblings[:to], infos[:to])
	wg.Wait()
}

func lookAt(list listing, siblings []sibling, infos []seen) {
	for i, s := range siblings {
		infos[i].fileInfo, infos[i].err = list.info(s.real)
	}
}

// A scout opens and reads the folders among some siblings before it is their
// turn, a few at a time: on a disk that has to look for them, most of a walk is
// waiting.
type scout struct {
	dir      *folder // of the siblings
	siblings []sibling
	infos    []seen
	next     int              // the first that was not considered
	sent     map[int]*scouted // by index of the sibling
}

// A scouted is a folder being opened and read; one of the two results is set
// when done is closed.
type scouted struct {
	done   chan struct{}
	folder *readFolder
	err    error
}

// take returns what is in folder k, and closes the gap that leaves. The caller
// closes the folder.
func (sc *scout) take(k int) (*readFolder, error) {
	window := runtime.GOMAXPROCS(0) + 2
	for ; sc.next < len(sc.siblings) && (len(sc.sent) < window || sc.next <= k); sc.next++ {
		if i := sc.next; sc.infos[i].err == nil && sc.infos[i].kind == isFolder {
			sc.send(i)
		}
	}
	s := sc.sent[k]
	delete(sc.sent, k)
	<-s.done
	return s.folder, s.err
}

func (sc *scout) send(i int) {
	s := &scouted{done: make(chan struct{})}
	if sc.sent == nil {
		sc.sent = make(map[int]*scouted)
	}
	sc.sent[i] = s
	name := sc.siblings[i].real
	go func() {
		defer close(s.done)
		var dir *folder
		if dir, s.err = sc.dir.folder(name); s.err == nil {
			s.folder = newReadFolder(dir)
		}
	}()
}

// close waits for what was not taken, and closes it.
func (sc *scout) close() {
	for _, s := range sc.sent {
		<-s.done
		if s.err == nil {
			s.folder.dir.close()
		}
	}
}
