package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/pace"
)

// A Source is the files of one share, read-only. Its methods are safe to call
// from any goroutine but where they say otherwise. It is made by [Scan], [Load],
// [Place] or [LoadPlaced], has no goroutine of its own outside of calls, and is to
// be closed.
type Source struct {
	manifest *manifest.Manifest
	paths    []string // as given, absolute
	tops     []top
	topOf    map[string]int // index in tops by name
	ids      identities
	names    map[int]string // on disk, of the entries sent under another name
	places   *Places        // of what was received; nil for what was scanned
	times    []int64        // of the last changes, if they are others than in the manifest
	left     leftOut
	renamed  renames

	failures failures
	files    openFiles
	reading  pace.Meter

	zeroHash    func() [32]byte // of a piece of zeros
	fingerprint func() [32]byte
}

func newSource(m *manifest.Manifest, paths []string, tops []top) *Source {
	s := &Source{manifest: m, paths: paths, tops: tops, topOf: make(map[string]int, len(tops))}
	for i := range tops {
		s.topOf[tops[i].name] = i
	}
	s.failures.why = make(map[int]Reason)
	s.files.init(len(tops))
	s.zeroHash = sync.OnceValue(func() [32]byte { return hashZeros(s.pieceLength()) })
	s.fingerprint = sync.OnceValue(s.computeFingerprint)
	return s
}

// Reading returns for how much of the time, until now, files were being read: to
// hash them and to serve them, together.
func (s *Source) Reading(now time.Time) time.Duration { return s.reading.Total(now) }

// Manifest returns what was found.
func (s *Source) Manifest() *manifest.Manifest { return s.manifest }

// Paths returns the given paths, made absolute.
func (s *Source) Paths() []string { return slices.Clone(s.paths) }

// LeftOut returns what in the shared folders is not shared, in the order of the
// walk and at most 1000 of it. Of a folder that is too deep only the folder
// itself is listed, for all it holds.
func (s *Source) LeftOut() []LeftOut { return slices.Clone(s.left.first) }

// LeftOutCount returns how many things are not shared. What is in a folder that
// could not be read is not counted.
func (s *Source) LeftOutCount() int { return s.left.count }

// Renamed returns what is sent under another name than it has on disk, at most
// 1000 of it. A From that is not valid UTF-8 is why it was renamed; clean it
// before it is shown.
func (s *Source) Renamed() []manifest.Renamed { return slices.Clone(s.renamed.first) }

// RenamedCount returns how many entries are sent under another name.
func (s *Source) RenamedCount() int { return s.renamed.count }

// PieceCount returns the number of pieces of the stream.
func (s *Source) PieceCount() int { return hashlist.Count(s.manifest.StreamLength()) }

// Pieces returns the pieces that hold bytes of an entry: from first on, and
// before end. For folders and empty files both are the same.
func (s *Source) Pieces(entry int) (first, end int) {
	length := s.pieceLength()
	from, size := s.manifest.Offset(entry), s.manifest.Size(entry)
	if size == 0 {
		return 0, 0
	}
	return int(from / length), int((from+size-1)/length) + 1
}

func (s *Source) pieceLength() int64 { return hashlist.PieceLength(s.manifest.StreamLength()) }

// Release closes all files and folders, so that a disk can be unmounted while
// nothing is read. The next read opens them again. It waits for reads that are
// under way.
func (s *Source) Release() { s.files.release() }

// Close releases everything for good; reads fail from then on. It waits for
// those that are under way.
func (s *Source) Close() error {
	s.files.close()
	return nil
}

// A place is where an entry is on disk, and what it should be.
type place struct {
	manifest.Entry
	index int
	top   int    // index in tops
	rel   string // below the folder of that
}

// place finds an entry.
func (s *Source) place(entry int) place {
	p := place{Entry: s.manifest.Entry(entry), index: entry}
	if s.places != nil {
		p.rel = s.realPath(entry)
		return p
	}
	name, rel, inside := strings.Cut(p.Path, "/")
	p.top = s.topOf[name]
	switch {
	case inside && len(s.names) > 0:
		p.rel = s.realPath(entry)
	case inside:
		p.rel = filepath.FromSlash(rel)
	case p.Dir:
		p.rel = "."
	default:
		p.rel = filepath.Base(s.tops[p.top].path)
	}
	return p
}

// realPath returns the path of an entry that may be called otherwise on disk, or be
// in a folder that is: below its top-level folder, and for what was received below
// the folder of all.
func (s *Source) realPath(entry int) string {
	var names []string
	for i := entry; i >= 0 && (s.places != nil || s.manifest.Parent(i) >= 0); i = s.manifest.Parent(i) {
		names = append(names, s.realName(i))
	}
	slices.Reverse(names)
	return strings.Join(names, string(filepath.Separator))
}

var errClosed = &os.PathError{Op: "read", Path: "shared files", Err: os.ErrClosed}
