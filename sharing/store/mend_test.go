package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// delivered receives the share of a site, and returns what tells where it is.
func (s *site) delivered(t testing.TB) *Delivered {
	t.Helper()
	i := s.create(t)
	s.send(t, i)
	s.finish(t, i)
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := ReadDelivered(s.options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// again returns a site that receives some entries once more, into the same folder.
func (s *site) again(paths ...string) *site {
	o := s.options
	o.State += "-again"
	o.Want = make([]bool, s.m.Len())
	for _, path := range paths {
		o.Want[s.entry(path)] = true
	}
	return &site{s.fixture, o}
}

// rot changes a byte of a file that keeps its size and time.
func (s *site) rot(t testing.TB, path string, at int64) (size int64, mtime time.Time) {
	t.Helper()
	name := filepath.Join(s.options.Folder, path)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	f.ReadAt(b, at)
	f.WriteAt([]byte{b[0] ^ 1}, at)
	if err := os.Chtimes(name, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	return info.Size(), info.ModTime()
}

func (s *site) put(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.options.Folder, path), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (s *site) remove(t testing.TB, path string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(s.options.Folder, path)); err != nil {
		t.Fatal(err)
	}
}

func TestDelivered(t *testing.T) {
	s := photos(t).site(t)
	s.put(t, "notes.odt", "mine")
	s.options.Want = s.want("notes.odt", "Photos/sub/one", "Photos/big.mov")
	d := s.delivered(t)
	for e := range s.m.Len() {
		if d.Has(e) != s.options.Want[e] {
			t.Errorf("%s: delivered %v", s.m.Path(e), d.Has(e))
		}
		want := s.m.Name(e)
		if want == "notes.odt" {
			want = "notes (2).odt"
		}
		if d.Name(e) != want {
			t.Errorf("%s is called %s", s.m.Path(e), d.Name(e))
		}
	}
	partial := 0
	for p := range s.pieces() {
		if _, known := d.Kept(p); known {
			partial++
		}
	}
	if partial == 0 {
		t.Error("no piece is kept in part")
	}
	if same, err := d.Reachable(); err != nil || !same {
		t.Errorf("reachable: %v, %v", same, err)
	}
	if err := os.Rename(s.options.Folder, s.options.Folder+" away"); err != nil {
		t.Fatal(err)
	}
	folder := (*FolderError)(nil)
	if _, err := d.Reachable(); !errors.As(err, &folder) {
		t.Errorf("reachable: %v", err)
	}
}

func TestNotDelivered(t *testing.T) {
	s := photos(t).site(t)
	if _, err := ReadDelivered(s.options); !errors.Is(err, ErrNothing) {
		t.Errorf("without a journal: %v", err)
	}
	i := s.create(t)
	s.send(t, i)
	if _, err := ReadDelivered(s.options); !errors.Is(err, ErrIncomplete) {
		t.Errorf("before the end: %v", err)
	}
	s.finish(t, i)
	i.Close()
	path := filepath.Join(s.options.State, journalName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range b {
		b[at] ^= 0x20
		os.WriteFile(path, b, 0o600)
		if d, err := ReadDelivered(s.options); err == nil && d.Name(0) == "" {
			t.Fatalf("byte %d: a name is lost", at)
		} else if journal := (*JournalError)(nil); err != nil && !errors.Is(err, ErrIncomplete) && !errors.As(err, &journal) {
			t.Fatalf("byte %d: %v", at, err)
		}
		b[at] ^= 0x20
	}
}

// mend does to a delivered share what a repair does.
func (s *site) mend(t testing.TB, d *Delivered, i *Item, do func(m *Mender) error) error {
	t.Helper()
	if err := i.Stage(context.Background()); err != nil {
		return err
	}
	m, err := i.Mender(context.Background(), d.Name)
	if err != nil {
		return err
	}
	return errors.Join(do(m), m.Close())
}

func TestMend(t *testing.T) {
	for name, change := range refusing {
		t.Run(name, func(t *testing.T) {
			s := photos(t).site(t)
			change(s.system())
			if name == "noNames" {
				s.system().exchange = nil
			}
			s.put(t, "notes.odt", "mine")
			d := s.delivered(t)
			size, mtime := s.rot(t, "Photos/big.mov", 100)
			os.Chmod(filepath.Join(s.options.Folder, "Photos", "big.mov"), 0o600)
			oneSize, oneTime := int64(1), s.m.Entry(s.entry("Photos/sub/one")).ModTime
			s.remove(t, "Photos/b.jpg")
			s.remove(t, "Photos/none")
			s.put(t, "notes (2).odt", "mine as well")

			r := s.again("Photos/big.mov", "Photos/sub/one", "Photos/b.jpg", "notes.odt", "Photos/none")
			i := r.create(t)
			r.send(t, i)
			err := s.mend(t, d, i, func(m *Mender) error {
				check := func(path string, want Mended) func(Mended, error) {
					return func(got Mended, err error) {
						t.Helper()
						if got != want || err != nil {
							t.Errorf("%s: %v, %v; want %v", path, got, err, want)
						}
					}
				}
				place := func(path string, beside bool) (Mended, error) {
					got, _, err := m.Place(s.entry(path), beside)
					return got, err
				}
				check("big", Replaced)(m.Replace(s.entry("Photos/big.mov"), size, mtime))
				check("one", Whole)(m.Replace(s.entry("Photos/sub/one"), oneSize, oneTime))
				check("one with another time", Changed)(m.Replace(s.entry("Photos/sub/one"), oneSize, oneTime.Add(1)))
				check("b", Placed)(place("Photos/b.jpg", false))
				check("none", Placed)(place("Photos/none", false))
				check("notes", Beside)(place("notes.odt", false))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := i.Discard(); err != nil {
				t.Fatal(err)
			}
			want := s.expect(nil)
			want["notes (2) (2).odt"] = want["notes.odt"]
			want["notes.odt"], want["notes (2).odt"] = "mine", "mine as well"
			checkTree(t, s.options.Folder, want)
			if info, err := os.Stat(filepath.Join(s.options.Folder, "Photos", "big.mov")); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("permissions: %v, %v", info.Mode(), err)
			}
			if _, err := os.Stat(r.options.State); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("notes are left: %v", err)
			}
		})
	}
}

// Somebody saves the file in the very moment in which it is replaced.
func TestMendIsTooLate(t *testing.T) {
	s := photos(t).site(t)
	d := s.delivered(t)
	size, mtime := s.rot(t, "notes.odt", 3)
	r := s.again("notes.odt")
	i := r.create(t)
	r.send(t, i)
	if i.sys.exchange == nil {
		t.Skip("the system exchanges no files")
	}
	sys := *i.sys
	sys.step = func(what string) error {
		if what == "exchange" {
			s.put(t, "notes.odt", "saved")
		}
		return nil
	}
	i.sys = &sys
	err := s.mend(t, d, i, func(m *Mender) error {
		got, err := m.Replace(s.entry("notes.odt"), size, mtime)
		if got != Changed || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Discard(); err != nil {
		t.Fatal(err)
	}
	want := s.expect(nil)
	want["notes.odt"] = "saved"
	checkTree(t, s.options.Folder, want)
}

// TestCrashInMend stops a repair before every change that it makes on disk. What
// is left can be cleared away, each file is either as it was or mended, and the
// next repair mends the rest.
func TestCrashInMend(t *testing.T) {
	f := newFixture(t, map[string]int{"Photos/a.jpg": 300, "Photos/sub/b.jpg": 30, "notes.odt": 80})
	for name, change := range refusing {
		t.Run(name, func(t *testing.T) {
			for n := 0; ; n++ {
				s := f.site(t)
				d := s.delivered(t)
				change(s.system())
				size, mtime := s.rot(t, "Photos/a.jpg", 77)
				s.remove(t, "Photos/sub")
				rotten, _ := os.ReadFile(filepath.Join(s.options.Folder, "Photos", "a.jpg"))
				repair := func(crash int) error {
					r := s.again("Photos/a.jpg", "Photos/sub/b.jpg")
					i := r.create(t)
					r.send(t, i)
					if crash >= 0 {
						s.crashAt(crash)
					}
					err := s.mend(t, d, i, func(m *Mender) error {
						if _, err := m.Replace(s.entry("Photos/a.jpg"), size, mtime); err != nil {
							return err
						}
						if _, err := os.Lstat(filepath.Join(s.options.Folder, "Photos", "sub", "b.jpg")); err == nil {
							return nil
						}
						_, _, err := m.Place(s.entry("Photos/sub/b.jpg"), false)
						return err
					})
					s.system().step = nil
					i.Close()
					i = r.open(t)
					if err := i.Discard(); err != nil {
						t.Errorf("step %d: %v", crash, err)
					}
					return err
				}
				err := repair(n)
				got := readTree(t, s.options.Folder)
				for path, content := range got {
					whole := s.expect(nil)[path]
					if content != whole && content != string(rotten) {
						t.Errorf("step %d: %s holds %d bytes", n, path, len(content))
					}
				}
				if err == nil {
					t.Logf("%d steps", n)
					checkTree(t, s.options.Folder, s.expect(nil))
					return
				}
				if err := repair(-1); err != nil {
					t.Fatal(err)
				}
				checkTree(t, s.options.Folder, s.expect(nil))
				if t.Failed() {
					t.Fatalf("after a crash at step %d", n)
				}
			}
		})
	}
}
