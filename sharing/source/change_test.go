package source

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Ways in which a shared file can stop being what was offered.
var changes = map[string]struct {
	change func(t *testing.T, path string)
	why    []Reason
}{
	"grown": {func(t *testing.T, path string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString("more"); err != nil {
			t.Fatal(err)
		}
	}, []Reason{Changed}},
	"truncated": {func(t *testing.T, path string) {
		if err := os.Truncate(path, 1); err != nil {
			t.Fatal(err)
		}
	}, []Reason{Changed}},
	"rewritten": {func(t *testing.T, path string) {
		info := lstat(t, path)
		write(t, path, string(make([]byte, info.Size())))
		later := info.ModTime().Add(time.Second)
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
	}, []Reason{Changed}},
	"replaced by one of the same size and time": {func(t *testing.T, path string) {
		info := lstat(t, path)
		write(t, path+".new", string(make([]byte, info.Size())))
		if err := os.Chtimes(path+".new", info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
	}, []Reason{Changed}},
	"deleted": {func(t *testing.T, path string) { remove(t, path) }, []Reason{Gone}},
	"folder in its place": {func(t *testing.T, path string) {
		remove(t, path)
		mkdir(t, path)
	}, []Reason{Changed}},
	"its folder deleted": {func(t *testing.T, path string) {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
	}, []Reason{Gone}},
	"file in place of its folder": {func(t *testing.T, path string) {
		if err := os.RemoveAll(filepath.Dir(path)); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Dir(path), "file")
	}, []Reason{Gone}},
}

func lstat(t *testing.T, path string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestChangedEntryFailsAlone(t *testing.T) {
	for name, c := range changes {
		for _, open := range []bool{false, true} {
			t.Run(name+map[bool]string{true: " while open"}[open], func(t *testing.T) {
				if runtime.GOOS == "windows" && open {
					t.Skip("the index of a file is compared when it is opened")
				}
				dir := tree(t, map[string]string{"top/a": "AAAA", "top/sub/b": "BBBB", "top/z": "ZZZZ"})
				s := scan(t, dir, "top")
				var told []EntryError
				s.NotifyFail(func(e EntryError) {
					told = append(told, e)
					s.Release() // would block if a lock were held
				})
				if open { // part of the file was read, so it is kept open
					if _, err := s.ReadAt(make([]byte, 1), 4); err != nil {
						t.Fatal(err)
					}
				}
				c.change(t, filepath.Join(dir, "top", "sub", "b"))

				p := bytes.Repeat([]byte{1}, 12)
				n, err := s.ReadAt(p, 0)
				wantFailure(t, err, "top/sub/b", c.why...)
				if n != 4 || string(p[:n]) != "AAAA" || bytes.ContainsAny(p[4:], "B") {
					t.Errorf("read %d bytes, buffer is %q", n, p)
				}
				if got := string(stream(t, s)); got != "AAAA\x00\x00\x00\x00ZZZZ" {
					t.Errorf("then the stream is %q", got)
				}
				if len(told) != 1 || !slices.Equal(told, s.Failures()) {
					t.Errorf("told %v, failures are %v", told, s.Failures())
				}
				wantFailure(t, s.Recheck(t.Context(), entry(t, s, "top/sub/b")), "top/sub/b", c.why...)
			})
		}
	}
}

func TestRecheckNoticesChange(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "replaced by one of the same size and time" {
				t.Skip("noticed when it is opened")
			}
			dir := tree(t, map[string]string{"top/sub/b": "BBBB", "top/sub2/c": "C"})
			s := scan(t, dir, "top")
			c.change(t, filepath.Join(dir, "top", "sub", "b"))
			b := entry(t, s, "top/sub/b")
			wantFailure(t, s.Recheck(t.Context(), b), "top/sub/b", c.why...)
			if err := s.Recheck(t.Context(), entry(t, s, "top/sub2/c")); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEmptyFileThatGrewFailsRecheck(t *testing.T) {
	dir := tree(t, map[string]string{"top/empty": "", "top/sub/": ""})
	s := scan(t, dir, "top")
	write(t, filepath.Join(dir, "top", "empty"), "x")
	remove(t, filepath.Join(dir, "top", "sub"))
	wantFailure(t, s.Recheck(t.Context(), entry(t, s, "top/empty")), "top/empty", Changed)
	wantFailure(t, s.Recheck(t.Context(), entry(t, s, "top/sub")), "top/sub", Gone)
}

func TestDiskGone(t *testing.T) {
	dir := tree(t, map[string]string{"disk/top/a": "AAAA", "other": "OO"})
	s := scan(t, dir, "disk/top", "other")
	if err := os.Rename(filepath.Join(dir, "disk"), filepath.Join(dir, "unplugged")); err != nil {
		t.Fatal(err)
	}
	_, err := s.ReadAt(make([]byte, 4), 2)
	wantFailure(t, err, "top/a", Gone)
	if got := string(stream(t, s)); got != "OO\x00\x00\x00\x00" {
		t.Errorf("stream is %q", got)
	}
}

func TestUnreadableFile(t *testing.T) {
	dir := tree(t, map[string]string{"top/a": "AAAA", "top/b": "BBBB"})
	path := filepath.Join(dir, "top", "a")
	s := scan(t, dir, "top")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(path); err == nil {
		f.Close()
		t.Skip("this user may read everything; a folder in the place of a file is tested elsewhere")
	}
	_, err := s.ReadAt(make([]byte, 8), 0)
	wantFailure(t, err, "top/a", Forbidden)
}

func TestFail(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"top/a": "AAAA", "top/b": "BBBB"}), "top")
	told := 0
	s.NotifyFail(func(EntryError) { told++ })
	b := entry(t, s, "top/b")
	s.Fail(b, Unreadable)
	s.Fail(b, Gone)
	if told != 1 || len(s.Failures()) != 1 || s.Failures()[0] != (EntryError{b, "top/b", Unreadable}) {
		t.Errorf("told %d times, failures %v", told, s.Failures())
	}
	if got := string(stream(t, s)); got != "AAAA\x00\x00\x00\x00" {
		t.Errorf("stream is %q", got)
	}
}

// Too many open files are not the fault of the file.
func TestTransientErrorIsNoFailure(t *testing.T) {
	for _, err := range transient {
		if why := reasonFor(&os.PathError{Op: "open", Path: "x", Err: err}); why != "" {
			t.Errorf("%v makes an entry fail: %v", err, why)
		}
	}
	if reasonFor(errors.New("disk on fire")) != Unreadable {
		t.Error("an unknown error is taken for one that passes")
	}
}
