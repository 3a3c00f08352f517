package source

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"potluck/sharing/manifest"
)

const (
	// statChunk is how many entries of a folder are looked at together.
	statChunk = 1024

	// statShare is how many of them are worth a goroutine.
	statShare = 48

	// progressEvery is after how many entries progress is told.
	progressEvery = 4096
)

var errTooMany = errors.New("there are more than 1,000,000 files and folders: share fewer at a time")

// A walker meets the entries in the order of the manifest, which is the byte
// order of their paths. There, what is in the folder "a" comes behind its
// neighbour "a!" and before "a0", for so the slash sorts.
type walker struct {
	ctx      context.Context
	progress func(entries int, bytes int64)

	builder manifest.Builder
	ids     identities
	names   map[int]string // on disk, of the entries that are sent under another name
	renamed renames
	left    leftOut
	entries int
	bytes   int64
}

// A subtree is an entered folder, what is in it not yet visited.
type subtree struct {
	name string // its key among its siblings is name + "/"
	path string
	dir  *folder
}

// A branch visits siblings in the order of their names, and what is in them in
// between. The folders wait on a stack: of two that wait, the later is longer
// and begins with the earlier, so its contents come first.
type branch struct {
	w       *walker
	path    string // of the siblings' folder, "" at the top
	depth   int    // of the siblings: 1 at the top
	waiting []subtree
}

// before visits what comes before name.
func (b *branch) before(name string) error {
	for len(b.waiting) > 0 {
		next := b.waiting[len(b.waiting)-1]
		if cmpSubtree(next.name, name) > 0 {
			return nil
		}
		if err := b.visitLast(next); err != nil {
			return err
		}
	}
	return nil
}

// rest visits what is left.
func (b *branch) rest() error {
	for len(b.waiting) > 0 {
		if err := b.visitLast(b.waiting[len(b.waiting)-1]); err != nil {
			return err
		}
	}
	return nil
}

func (b *branch) visitLast(t subtree) error {
	b.waiting = b.waiting[:len(b.waiting)-1]
	defer t.dir.close()
	return b.w.contents(t.dir, t.path, b.depth+1)
}

// close closes what was not visited, after an error.
func (b *branch) close() {
	for _, t := range b.waiting {
		t.dir.close()
	}
}

// cmpSubtree compares what is in the folder with the given name to its sibling.
func cmpSubtree(folder, sibling string) int {
	n := len(folder)
	if len(sibling) > n && sibling[:n] == folder {
		return int('/') - int(sibling[n])
	}
	return strings.Compare(folder, sibling)
}

// add adds an entry.
func (b *branch) add(s sibling, i fileInfo) error {
	w := b.w
	if w.entries == manifest.MaxEntries {
		return errTooMany
	}
	e := manifest.Entry{Path: b.join(s.name), Dir: i.kind == isFolder, ModTime: time.Unix(0, i.mtime)}
	if i.kind == isFile {
		e.Size = i.size
	}
	if err := w.builder.Add(e); err != nil {
		w.left.add(e.Path, Name)
		return errSkip
	}
	if s.real != s.name {
		w.names[w.entries] = s.real
		w.renamed.add(manifest.Renamed{Entry: w.entries, From: b.join(s.real), To: e.Path})
	}
	w.ids.add(i.dev, i.ino)
	w.entries++
	w.bytes += e.Size
	if w.progress != nil && w.entries%progressEvery == 0 {
		w.progress(w.entries, w.bytes)
	}
	return nil
}

// errSkip is add's answer to an entry that cannot be in a manifest.
var errSkip = errors.New("entry left out")

// enter adds a folder that was opened; what is in it will be visited when its
// turn comes.
func (b *branch) enter(s sibling, i fileInfo, dir *folder) error {
	err := b.add(s, i)
	if err != nil {
		dir.close()
		return err
	}
	b.waiting = append(b.waiting, subtree{s.name, b.join(s.name), dir})
	return nil
}

func (b *branch) join(name string) string {
	if b.path == "" {
		return name
	}
	return b.path + "/" + name
}

// contents visits what is in an open folder.
func (w *walker) contents(dir *folder, path string, depth int) error {
	list, err := dir.list()
	if err != nil {
		w.left.add(path, Unreadable) // and go on with what there is
	}
	siblings := sendable(list.names)
	if len(siblings) == 0 {
		return nil
	}
	if depth > manifest.MaxDepth {
		w.left.addMany(path, len(siblings), Deep)
		return nil
	}
	slices.SortFunc(siblings, func(x, y sibling) int { return strings.Compare(x.name, y.name) })

	b := branch{w: w, path: path, depth: depth}
	defer b.close()
	infos := make([]seen, min(len(siblings), statChunk))
	for chunk := range slices.Chunk(siblings, statChunk) {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		look(list, chunk, infos)
		for k, s := range chunk {
			if err := b.before(s.name); err != nil {
				return err
			}
			if err := b.visit(dir, s, infos[k]); err != nil && err != errSkip {
				return err
			}
		}
	}
	return b.rest()
}

// visit adds the entry s of dir, or leaves it out.
func (b *branch) visit(dir *folder, s sibling, seen seen) error {
	switch {
	case errors.Is(seen.err, fs.ErrNotExist):
		return nil // deleted meanwhile
	case seen.err != nil:
		b.leaveOut(s, reasonFor(seen.err))
	case seen.kind == isFile:
		return b.add(s, seen.fileInfo)
	case seen.kind == isFolder:
		d, err := dir.folder(s.real)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			b.leaveOut(s, reasonFor(err))
			return nil
		}
		return b.enter(s, seen.fileInfo, d)
	case seen.kind == isLink:
		b.leaveOut(s, Link)
	default:
		b.leaveOut(s, Special)
	}
	return nil
}

func (b *branch) leaveOut(s sibling, why Reason) {
	if why == "" {
		why = Unreadable
	}
	b.w.left.add(b.join(s.name), why)
}

// seen is what Lstat said.
type seen struct {
	fileInfo
	err error
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
