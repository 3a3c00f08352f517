package desk

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
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
		"a":                       nil,
		"see " + a:                nil,
		"https://example.com":     nil,
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
