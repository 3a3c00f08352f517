package source

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"potluck/sharing/manifest"
)

// progressEvery is after how many entries progress is told.
const progressEvery = 4096

var errTooMany = errors.New("there are more than 1,048,576 files and folders: share fewer at a time")

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
	name   string // its key among its siblings is name + "/"
	folder *readFolder
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
	defer t.folder.dir.close()
	return b.w.visit(t.folder, b.join(t.name), b.depth+1)
}

// close closes what was not visited, after an error.
func (b *branch) close() {
	for _, t := range b.waiting {
		t.folder.dir.close()
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

// add adds an entry. The error is errTooMany or why no manifest can hold it.
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
		return reasonError(Name)
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

// enter adds a folder; what is in it will be visited when its turn comes.
func (b *branch) enter(s sibling, i fileInfo, c *readFolder) error {
	if err := b.add(s, i); err != nil {
		c.dir.close()
		return err
	}
	b.waiting = append(b.waiting, subtree{s.name, c})
	return nil
}

func (b *branch) join(name string) string {
	if b.path == "" {
		return name
	}
	return b.path + "/" + name
}

// visit visits what is in the folder with the given path.
func (w *walker) visit(c *readFolder, path string, depth int) error {
	if c.err != nil {
		w.left.add(path, Unreadable) // and go on with what there is
	}
	if len(c.siblings) == 0 {
		return nil
	}
	if depth > manifest.MaxDepth {
		w.left.addMany(path, len(c.siblings), Deep)
		return nil
	}
	b := branch{w: w, path: path, depth: depth}
	defer b.close()
	infos := c.infos
	for siblings := range slices.Chunk(c.siblings, statChunk) {
		if infos == nil {
			infos = c.infos[:len(siblings)]
			look(c.listing, siblings, infos)
		}
		if err := b.visitChunk(c.dir, siblings, infos); err != nil {
			return err
		}
		infos = nil
	}
	return b.rest()
}

func (b *branch) visitChunk(dir *folder, siblings []sibling, infos []seen) error {
	sc := scout{dir: dir, siblings: siblings, infos: infos}
	defer sc.close()
	for k, s := range siblings {
		if err := b.w.ctx.Err(); err != nil {
			return err
		}
		if err := b.before(s.name); err != nil {
			return err
		}
		var err error
		switch seen := infos[k]; {
		case seen.err != nil:
			err = seen.err
		case seen.kind == isFile:
			err = b.add(s, seen.fileInfo)
		case seen.kind == isFolder:
			var c *readFolder
			if c, err = sc.take(k); err == nil {
				err = b.enter(s, seen.fileInfo, c)
			}
		case seen.kind == isLink:
			err = reasonError(Link)
		default:
			err = reasonError(Special)
		}
		if err == errTooMany {
			return err
		}
		b.leaveOut(s, err)
	}
	return nil
}

// leaveOut notes why a sibling is left out, if err says that it is.
func (b *branch) leaveOut(s sibling, err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
		return
	}
	why := reasonFor(err)
	if why == "" {
		why = Unreadable
	}
	b.w.left.add(b.join(s.name), why)
}
