package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
)

func TestMain(m *testing.M) {
	// The tests sync thousands of times. In memory that takes no time.
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	goleak.VerifyTestMain(m)
}

// testPiece is the length of pieces in most tests.
const testPiece = 64

var testTime = time.Date(2024, 5, 17, 12, 30, 45, 123456789, time.UTC)

// A fixture is a share that is known whole.
type fixture struct {
	m      *manifest.Manifest
	stream []byte
	piece  int64
	hashes hashTable
}

// hashTable is the Hashes of tests.
type hashTable struct {
	mu   *sync.Mutex
	list map[int][32]byte
}

func (h hashTable) Get(piece int) ([32]byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	hash, ok := h.list[piece]
	return hash, ok
}

func (h hashTable) set(piece int, hash [32]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list[piece] = hash
}

// newFixture makes a share of files with these sizes; a name that ends in a slash
// is a folder. Folders above need not be named.
func newFixture(t testing.TB, sizes map[string]int) *fixture {
	t.Helper()
	var b manifest.Builder
	all := maps.Clone(sizes)
	for name := range sizes {
		for dir := strings.TrimSuffix(name, "/"); strings.Contains(dir, "/"); {
			dir = dir[:strings.LastIndexByte(dir, '/')]
			all[dir+"/"] = 0
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := manifest.Entry{
			Path: strings.TrimSuffix(name, "/"), Dir: strings.HasSuffix(name, "/"), Size: int64(all[name]),
			ModTime: testTime.Add(time.Duration(len(name)) * time.Hour),
		}
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{m: m, piece: testPiece, stream: make([]byte, m.StreamLength())}
	random := rand.NewChaCha8([32]byte{byte(len(f.stream))})
	random.Read(f.stream)
	f.hash()
	return f
}

func (f *fixture) hash() {
	f.hashes = hashTable{new(sync.Mutex), map[int][32]byte{}}
	for p := range f.pieces() {
		f.hashes.list[p] = hashlist.Sum(f.bytes(p))
	}
}

func (f *fixture) pieces() int { return int((int64(len(f.stream)) + f.piece - 1) / f.piece) }

func (f *fixture) bytes(piece int) []byte {
	from := int64(piece) * f.piece
	return f.stream[from:min(from+f.piece, int64(len(f.stream)))]
}

func (f *fixture) content(e int) string {
	return string(f.stream[f.m.Offset(e) : f.m.Offset(e)+f.m.Size(e)])
}

// entry returns the index of a path.
func (f *fixture) entry(path string) int {
	for e := range f.m.Len() {
		if f.m.Path(e) == path {
			return e
		}
	}
	panic("no entry " + path)
}

// want returns Options.Want for some paths and the folders above them.
func (f *fixture) want(paths ...string) []bool {
	want := make([]bool, f.m.Len())
	for _, path := range paths {
		for e := f.entry(path); e >= 0; e = f.m.Parent(e) {
			want[e] = true
		}
	}
	return want
}

// A site is where a share is received.
type site struct {
	*fixture
	options Options
}

func (f *fixture) site(t testing.TB) *site {
	t.Helper()
	base := t.TempDir()
	folder := filepath.Join(base, "Downloads")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	return &site{f, Options{
		Folder: folder, State: filepath.Join(base, "state"), Share: [32]byte{1, 2, 3}, Manifest: f.m,
		Hashes: f.hashes, BootID: "boot 1", Pool: NewPool(1 << 20), pieceLen: f.piece,
	}}
}

// system returns a system of the site's own, to be changed by a test.
func (s *site) system() *system {
	if s.options.sys == nil {
		sys := realSystem()
		s.options.sys = &sys
	}
	return s.options.sys
}

func (s *site) create(t testing.TB) *Item {
	t.Helper()
	return s.begin(t, Create)
}

func (s *site) open(t testing.TB) *Item {
	t.Helper()
	return s.begin(t, Open)
}

func (s *site) begin(t testing.TB, f func(Options) (*Item, error)) *Item {
	t.Helper()
	i, err := f(s.options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// send brings pieces, all if none are named, in blocks of 16 bytes.
func (s *site) send(t testing.TB, i *Item, pieces ...int) {
	t.Helper()
	if pieces == nil {
		for p := range s.pieces() {
			pieces = append(pieces, p)
		}
	}
	for _, p := range pieces {
		if !i.Wanted(p) || i.Complete(p) {
			continue
		}
		s.sendBlocks(t, i, p)
		if err := i.Verify(p); err != nil {
			t.Fatalf("piece %d: %v", p, err)
		}
	}
}

func (s *site) sendBlocks(t testing.TB, i *Item, piece int) {
	t.Helper()
	b := s.bytes(piece)
	block := max(16, len(b)/4)
	for off := 0; off < len(b); off += block {
		if _, err := i.WriteAt(piece, b[off:min(off+block, len(b))], int64(off)); err != nil {
			t.Fatalf("piece %d: %v", piece, err)
		}
	}
}

func (s *site) finish(t testing.TB, i *Item) Result {
	t.Helper()
	r, err := i.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// expect returns what should be in the download folder: paths to contents, a
// folder's path with a slash at its end.
func (f *fixture) expect(want []bool, failed ...int) map[string]string {
	tree := map[string]string{}
	for e := range f.m.Len() {
		if want != nil && !want[e] || slices.Contains(failed, e) {
			continue
		}
		if f.m.Dir(e) {
			tree[f.m.Path(e)+"/"] = ""
		} else {
			tree[f.m.Path(e)] = f.content(e)
		}
	}
	return tree
}

// readTree returns what is in a folder, like expect.
func readTree(t testing.TB, folder string) map[string]string {
	t.Helper()
	tree := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir():
			tree[name+"/"] = ""
		case d.Type()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(path)
			tree[name] = "-> " + target
		default:
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			tree[name] = string(b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func checkTree(t testing.TB, folder string, want map[string]string) {
	t.Helper()
	got := readTree(t, folder)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if have, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if have != want[name] {
			t.Errorf("%s has the wrong content (%d bytes, want %d)", name, len(have), len(want[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s should not be there", name)
		}
	}
}

// checkTimes checks the times of all that has arrived under its own name.
func (s *site) checkTimes(t testing.TB) {
	t.Helper()
	for e := range s.m.Len() {
		info, err := os.Lstat(filepath.Join(s.options.Folder, s.m.Path(e)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if timesDiffer(info.ModTime(), s.m.Entry(e).ModTime) {
			t.Errorf("%s has time %v, want %v", s.m.Path(e), info.ModTime(), s.m.Entry(e).ModTime)
		}
	}
}

// photos is the share of most tests: files that begin and end anywhere in pieces,
// empty ones, and empty folders.
func photos(t testing.TB) *fixture {
	return newFixture(t, map[string]int{
		"Photos/a.jpg":       10,
		"Photos/b.jpg":       testPiece,
		"Photos/big.mov":     7*testPiece + 13,
		"Photos/empty.txt":   0,
		"Photos/none/":       0,
		"Photos/sub/one":     1,
		"Photos/sub/two.bin": 3 * testPiece,
		"notes.odt":          testPiece + 1,
		"zero":               0,
		"only/":              0,
	})
}
