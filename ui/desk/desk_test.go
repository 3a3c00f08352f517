package desk

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"potluck/ui"
)

func TestPathOf(t *testing.T) {
	for address, want := range map[string]string{
		"file:///home/me/%E1%BA%A2nh.jpg": "/home/me/Ảnh.jpg", "/home/me": "", "https://example.com/x": "", "file:": "",
	} {
		got, ok := PathOf(address)
		if got != filepath.FromSlash(want) || ok != (want != "" || address == "file:") {
			t.Errorf("%s: %q, %v", address, got, ok)
		}
	}
}

// Files are pasted only if all that was copied are files that are there.
func TestCopiedFiles(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b c")
	for _, p := range []string{a, b} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(b)}).String()
	for text, want := range map[string][]string{
		a:                         {a},
		a + "\r\n" + address:      {a, b},
		a + "\n" + a + "-missing": nil,
		"x-special/nautilus-clipboard\ncopy\n" + address + "\n": {b},
		"x-special/nautilus-clipboard\ncopy\n":                  nil,
		"a":                                                     nil,
		"see " + a:                                              nil,
		"https://example.com":                                   nil,
	} {
		if got := pasted(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestBrowse(t *testing.T) {
	var opened string
	d := New(func(u *url.URL) error {
		opened = u.String()
		return nil
	})
	for link, ok := range map[string]bool{
		"https://example.com/a?b": true, "http://example.com": true, "file:///etc/passwd": false, "javascript:alert(1)": false, "https:": false, "/bin/sh": false,
	} {
		opened = ""
		err := d.Browse(context.Background(), link)
		if (err == nil) != ok || (opened != "") != ok {
			t.Errorf("%s: opened %q, %v", link, opened, err)
		}
	}
}

func TestShowWhatIsGone(t *testing.T) {
	if err := New(nil).Show(context.Background(), filepath.Join(t.TempDir(), "gone", "file")); err == nil {
		t.Error("a folder that is gone was shown")
	}
}

// A program, what has become a link, and what is gone are not opened, and where the
// desktop can do nothing, that is said in words that the window knows.
func TestOpen(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // where nothing is
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	dir := t.TempDir()
	for _, name := range []string{"a.pdf", "setup.pdf.exe", "x.desktop"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "a.pdf"), filepath.Join(dir, "b.pdf")); err != nil {
		t.Skip("no links here: ", err)
	}
	d := New(nil)
	const program = "this is a program, or can start one; it is not opened from here"
	for name, want := range map[string]string{
		"setup.pdf.exe": program, "x.desktop": program, "b.pdf": errGone.Error(), "c.pdf": errGone.Error(),
	} {
		if err := d.Open(t.Context(), filepath.Join(dir, name)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.Open(t.Context(), "a.pdf"); err == nil {
		t.Error("a path that could be taken for an option is opened")
	}
	if runtime.GOOS != "linux" {
		return // elsewhere the desktop is always there
	}
	for what, err := range map[string]error{
		"this desktop has no program that opens this file; it is in " + dir:              d.Open(t.Context(), filepath.Join(dir, "a.pdf")),
		"this desktop has no program that shows folders; look into " + dir + " yourself": d.Show(t.Context(), filepath.Join(dir, "a.pdf")),
	} {
		if err == nil || err.Error() != what {
			t.Errorf("%v, want %s", err, what)
		}
	}
	if _, err := d.ChooseFolder(t.Context(), "x", dir); !errors.Is(err, ui.ErrNoChooser) {
		t.Errorf("without a chooser: %v", err)
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"sub", ".hidden"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "a"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := New(nil).List(t.Context(), dir)
	slices.SortFunc(l.Entries, func(a, b ui.Listed) int { return strings.Compare(a.Name, b.Name) })
	if err != nil || l.Folder != dir || !slices.Equal(l.Entries, []ui.Listed{{Name: "a"}, {Name: "sub", Folder: true}}) {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := New(nil).List(t.Context(), filepath.Join(dir, "a")); err == nil {
		t.Error("a file is listed")
	}
}

// A folder is made where it is to be, and nowhere else.
func TestMakeFolder(t *testing.T) {
	dir := t.TempDir()
	d := New(nil)
	path, err := d.MakeFolder(t.Context(), dir, "Ảnh")
	if info, statErr := os.Stat(path); err != nil || statErr != nil || !info.IsDir() || path != filepath.Join(dir, "Ảnh") {
		t.Errorf("%s: %v, %v", path, err, statErr)
	}
	if _, err := d.MakeFolder(t.Context(), dir, "Ảnh"); !errors.Is(err, os.ErrExist) {
		t.Errorf("twice: %v", err)
	}
	for _, name := range []string{"", ".", "..", "../x", "a/b", filepath.Join(dir, "x")} {
		if _, err := d.MakeFolder(t.Context(), filepath.Join(dir, "Ảnh"), name); err == nil {
			t.Errorf("%q is made", name)
		}
	}
}
