package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A landing is a share that was received: its source at the sharer, and the
// folder that it came to, where some of it has other names.
type landing struct {
	sent   *Source
	folder string
	names  map[string]string // in the folder, by path
	lacks  map[string]bool   // what was not taken, by path
}

func land(t testing.TB) *landing {
	t.Helper()
	files := map[string]string{
		"Photos/a": "AAAA", "Photos/sub/b": "BBBB", "Photos/sub/empty": "", "Photos/none/": "", "notes.txt": "NN", "left": "LLL",
	}
	l := &landing{
		sent:   scan(t, tree(t, files), "Photos", "notes.txt", "left"),
		folder: t.TempDir(),
		names:  map[string]string{"Photos": "Photos (2)", "Photos/sub/b": "b_"},
		lacks:  map[string]bool{"left": true},
	}
	m := l.sent.Manifest()
	for i, e := range m.All() {
		path := filepath.Join(l.folder, l.path(i))
		switch {
		case l.lacks[e.Path]:
		case e.Dir:
			mkdir(t, path)
		default:
			write(t, path, files[e.Path])
			if err := os.Chtimes(path, e.ModTime, e.ModTime); err != nil {
				t.Fatal(err)
			}
		}
	}
	return l
}

// path returns where an entry is in the folder.
func (l *landing) path(entry int) string {
	m := l.sent.Manifest()
	path := l.name(entry)
	for i := m.Parent(entry); i >= 0; i = m.Parent(i) {
		path = filepath.Join(l.name(i), path)
	}
	return path
}

func (l *landing) name(entry int) string {
	m := l.sent.Manifest()
	if name, other := l.names[m.Path(entry)]; other {
		return name
	}
	return m.Name(entry)
}

func (l *landing) places() Places {
	m := l.sent.Manifest()
	return Places{Manifest: m, Folder: l.folder, Name: l.name, Has: func(i int) bool { return !l.lacks[m.Path(i)] }}
}

func (l *landing) place(t testing.TB, p Places) *Source {
	t.Helper()
	s, err := Place(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func stampsOf(t testing.TB, s *Source) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.SaveStamps(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (l *landing) load(t testing.TB, stamps []byte) *Source {
	t.Helper()
	s, err := LoadPlaced(t.Context(), l.places(), bytes.NewReader(stamps))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestPlaced(t *testing.T) {
	l := land(t)
	s := l.place(t, l.places())
	want(t, "failures", s.Failures())
	loaded := l.load(t, stampsOf(t, s))
	for _, s := range []*Source{s, loaded} {
		for _, path := range []string{"Photos/a", "Photos/sub/b", "notes.txt"} {
			e := entry(t, s, path)
			got, sent := make([]byte, s.Manifest().Size(e)), make([]byte, s.Manifest().Size(e))
			if _, err := s.ReadAt(got, s.Manifest().Offset(e)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			l.sent.ReadAt(sent, s.Manifest().Offset(e))
			if !bytes.Equal(got, sent) {
				t.Errorf("%s holds %q", path, got)
			}
		}
		s.Release()
	}
	if !bytes.Equal(stampsOf(t, loaded), stampsOf(t, s)) {
		t.Error("it is saved otherwise")
	}
}

func TestPlacedNoticesChanges(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			l := land(t)
			stamps := stampsOf(t, l.place(t, l.places()))
			s := l.load(t, stamps)
			e := entry(t, s, "Photos/a")
			c.change(t, filepath.Join(l.folder, l.path(e)))
			_, err := s.ReadAt(make([]byte, 4), s.Manifest().Offset(e))
			wantFailure(t, err, "Photos/a", c.why...)
		})
	}
}

// What was put there some time ago is told apart from what was changed since by
// its time.
func TestPlacedLate(t *testing.T) {
	l := land(t)
	p := l.places()
	p.Old = true
	want(t, "failures", l.place(t, p).Failures())
	e := entry(t, l.sent, "notes.txt")
	write(t, filepath.Join(l.folder, "notes.txt"), "MM")
	later := l.sent.Manifest().Entry(e).ModTime.Add(time.Minute)
	os.Chtimes(filepath.Join(l.folder, "notes.txt"), later, later)
	remove(t, filepath.Join(l.folder, "Photos (2)", "a"))
	s := l.place(t, p)
	if f := s.Failures(); len(f) != 2 || f[0].Why != Gone || f[1].Why != Changed {
		t.Errorf("failures %v", f)
	}
	s = l.load(t, stampsOf(t, s))
	if f := s.Failures(); len(f) != 2 || f[0].Why != Gone || f[1].Why != Changed {
		t.Errorf("failures after loading %v", f)
	}
	if why, err := s.Meet(t.Context(), e); why != Changed || err != nil {
		t.Errorf("a changed file is met: %q, %v", why, err)
	}
	p.Old = false
	if f := l.place(t, p).Failures(); len(f) != 1 {
		t.Errorf("failures of what was just put there: %v", f)
	}
	p.Folder += " away"
	if _, err := Place(t.Context(), p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without its folder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Place(ctx, l.places()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A copy that was put back is as good as the file itself; one that came back under
// another name is followed.
func TestMeetAndMoved(t *testing.T) {
	l := land(t)
	s := l.load(t, stampsOf(t, l.place(t, l.places())))
	e := entry(t, s, "Photos/a")
	path := filepath.Join(l.folder, l.path(e))
	info := lstat(t, path)
	copied := func(to string) {
		t.Helper()
		write(t, to+".new", "AAAA")
		os.Chtimes(to+".new", info.ModTime(), info.ModTime())
		if err := os.Rename(to+".new", to); err != nil {
			t.Fatal(err)
		}
	}
	copied(path)
	if why, err := s.Meet(t.Context(), e); why != "" || err != nil {
		t.Fatalf("a copy is not met: %q, %v", why, err)
	}
	got := make([]byte, 4)
	if _, err := s.ReadAt(got, s.Manifest().Offset(e)); err != nil || string(got) != "AAAA" {
		t.Errorf("%q, %v", got, err)
	}
	write(t, path, "mine")
	os.Chtimes(path, info.ModTime().Add(time.Hour), info.ModTime().Add(time.Hour))
	if why, err := s.Meet(t.Context(), e); why != Changed || err != nil {
		t.Errorf("a changed file is met: %q, %v", why, err)
	}
	if !s.Time(e).Equal(info.ModTime()) {
		t.Errorf("its time was %v", s.Time(e))
	}
	copied(filepath.Join(filepath.Dir(path), "a (2)"))
	for _, bad := range []string{"../a", "", ".", "sub/b"} {
		if err := s.Moved(t.Context(), e, bad); err == nil {
			t.Errorf("%q passes for a name", bad)
		}
	}
	if err := s.Moved(t.Context(), e, "a (2)"); err != nil {
		t.Fatal(err)
	}
	s = l.load(t, stampsOf(t, s))
	if _, err := s.ReadAt(got, s.Manifest().Offset(e)); err != nil || string(got) != "AAAA" || s.Name(e) != "a (2)" {
		t.Errorf("%q, %v; it is called %q", got, err, s.Name(e))
	}
	if err := s.Moved(t.Context(), e, "a (3)"); err == nil {
		t.Error("what is not there was moved")
	}
}

func TestDamagedStamps(t *testing.T) {
	l := land(t)
	good := stampsOf(t, l.place(t, l.places()))
	for at := range good {
		b := bytes.Clone(good)
		b[at] ^= 1
		if _, err := LoadPlaced(t.Context(), l.places(), bytes.NewReader(b)); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d: %v", at, err)
		}
		if _, err := LoadPlaced(t.Context(), l.places(), bytes.NewReader(good[:at])); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut off at %d: %v", at, err)
		}
	}
	other := l.places()
	other.Manifest = scan(t, tree(t, map[string]string{"x": "X"}), "x").Manifest()
	if _, err := LoadPlaced(t.Context(), other, bytes.NewReader(good)); !errors.Is(err, ErrDamaged) {
		t.Errorf("of another share: %v", err)
	}
}

func FuzzStamps(f *testing.F) {
	l := land(f)
	s := l.place(f, l.places())
	f.Add(unsealed(stampsOf(f, s)))
	s.setTime(0, s.manifest.Time(0), 5)
	s.names[1] = "other"
	s.Fail(1, Changed)
	f.Add(unsealed(stampsOf(f, s)))
	f.Fuzz(func(t *testing.T, b []byte) {
		loaded, err := LoadPlaced(t.Context(), l.places(), bytes.NewReader(sealed(b)))
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("error %v", err)
			}
			return
		}
		defer loaded.Close()
		for e := range l.sent.Manifest().Len() {
			if !filepath.IsLocal(loaded.place(e).rel) {
				t.Errorf("entry %d is outside: %q", e, loaded.place(e).rel)
			}
			_, _ = loaded.Meet(t.Context(), e)
		}
		again := stampsOf(t, loaded)
		reloaded := l.load(t, again)
		if !bytes.Equal(stampsOf(t, reloaded), again) {
			t.Error("it is saved otherwise")
		}
	})
}

// unsealed cuts off what sealed adds: the line at the beginning and the checksum at
// the end, which no fuzzing would find.
func unsealed(b []byte) []byte { return b[len(stampedAs) : len(b)-sha256.Size] }

func sealed(b []byte) []byte {
	b = append([]byte(stampedAs), b...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}
