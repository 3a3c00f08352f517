package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"
)

func saveOf(t testing.TB, s *Source) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// load loads what is reopened as in another process.
func load(t testing.TB, b []byte) *Source {
	t.Helper()
	s, err := Load(t.Context(), iotest.OneByteReader(bytes.NewReader(b)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSaveAndLoad(t *testing.T) {
	dir := tree(t, map[string]string{"top/a": "AAAA", "top/sub/b": "BBBB", "top/empty": "", "file": "F", "other/file": "G"})
	odd := filepath.Join(dir, "top", "sub", "od\xd0")
	if err := os.Mkdir(odd, 0o777); err == nil {
		write(t, filepath.Join(odd, "c"), "CCCC")
	}
	if err := os.Symlink("a", filepath.Join(dir, "top", "link")); err != nil {
		t.Log("no links here")
	}
	s := scan(t, dir, "top", "file", "other/file")
	s.Fail(entry(t, s, "top/a"), Gone)

	l := load(t, saveOf(t, s))
	if l.Manifest().Hash() != s.Manifest().Hash() || l.Fingerprint() != s.Fingerprint() {
		t.Error("it is another manifest or fingerprint")
	}
	want(t, "paths", l.Paths(), s.Paths()...)
	want(t, "left out", l.LeftOut(), s.LeftOut()...)
	want(t, "renamed", l.Renamed(), s.Renamed()...)
	want(t, "failures", l.Failures(), s.Failures()...)
	if l.LeftOutCount() != s.LeftOutCount() || l.RenamedCount() != s.RenamedCount() {
		t.Error("counts differ")
	}
	if !bytes.Equal(stream(t, l), stream(t, s)) {
		t.Error("the streams differ")
	}
	want(t, "failures after reading", l.Failures(), s.Failures()...)
	if !bytes.Equal(saveOf(t, l), saveOf(t, s)) {
		t.Error("it is saved otherwise")
	}
}

func TestLoadedSourceNoticesChanges(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"top/sub/b": "BBBB"})
			b := saveOf(t, scan(t, dir, "top"))
			c.change(t, filepath.Join(dir, "top", "sub", "b"))
			_, err := load(t, b).ReadAt(make([]byte, 4), 0)
			wantFailure(t, err, "top/sub/b", c.why...)
		})
	}
}

func TestLoadOfDamaged(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"top/a": "AAAA", "top/b": "BBBB"}), "top")
	b := saveOf(t, s)
	for i := range b {
		if _, err := Load(t.Context(), bytes.NewReader(b[:i])); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d bytes: %v", i, err)
		}
		flipped := slices.Clone(b)
		flipped[i] ^= 0x10
		if _, err := Load(t.Context(), bytes.NewReader(flipped)); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := Load(t.Context(), iotest.ErrReader(broken)); err != broken {
		t.Errorf("error of the reader became %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, bytes.NewReader(b)); err != context.Canceled {
		t.Errorf("after cancel: %v", err)
	}
}

func TestSaveReportsErrors(t *testing.T) {
	s := scan(t, tree(t, map[string]string{"top/a": "AAAA"}), "top")
	size := len(saveOf(t, s))
	for n := range size {
		if err := s.Save(&shortWriter{n}); err != io.ErrShortWrite {
			t.Fatalf("with room for %d of %d bytes: %v", n, size, err)
		}
	}
}

type shortWriter struct{ room int }

func (w *shortWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// sections puts together what Load reads, with the right checksum.
func sections(parts ...[]byte) []byte {
	b := []byte(savedAs)
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// split undoes sections.
func split(t testing.TB, b []byte) (parts [][]byte) {
	t.Helper()
	for b = b[len(savedAs) : len(b)-sha256.Size]; len(b) > 0; {
		n := binary.BigEndian.Uint32(b)
		parts, b = append(parts, b[4:4+n]), b[4+n:]
	}
	return parts
}

func TestLoadChecksThatThePartsFit(t *testing.T) {
	dir := tree(t, map[string]string{"top/a": "AAAA", "top/b": "BBBB", "b": "B"})
	s := scan(t, dir, "top", "b")
	p := split(t, saveOf(t, s))
	if _, err := Load(t.Context(), bytes.NewReader(sections(p...))); err != nil {
		t.Fatal(err)
	}
	abs := "L2E=" // /a
	if filepath.Separator == '\\' {
		abs = "Yzpc" // c:\
	}
	for name, description := range map[string]string{
		"no tops":       `{}`,
		"wrong top":     `{"tops":[{"name":"top","path":"` + abs + `","dir":true},{"name":"c","path":"` + abs + `"}]}`,
		"kind of top":   `{"tops":[{"name":"top","path":"` + abs + `"},{"name":"b","path":"` + abs + `"}]}`,
		"too many tops": `{"tops":[{"name":"top","path":"` + abs + `","dir":true},{"name":"b","path":"` + abs + `"},{"name":"c","path":"` + abs + `"}]}`,
		"relative path": `{"tops":[{"name":"top","path":"YQ==","dir":true},{"name":"b","path":"` + abs + `"}]}`,
		"name leads up": string(p[0][:len(p[0])-1]) + `,"names":{"1":"Li4="}}`,
		"name of none":  string(p[0][:len(p[0])-1]) + `,"names":{"99":"YQ=="}}`,
		"failed none":   string(p[0][:len(p[0])-1]) + `,"failed":[{"entry":-1}]}`,
		"no JSON":       `{`,
	} {
		if _, err := Load(t.Context(), bytes.NewReader(sections([]byte(description), p[1], p[2]))); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, b := range map[string][]byte{
		"no manifest":         sections(p[0], nil, p[2]),
		"identities too few":  sections(p[0], p[1], p[2][:len(p[2])-1]),
		"identities too many": sections(p[0], p[1], append(slices.Clone(p[2]), 0)),
		"huge section":        append([]byte(savedAs), 0xff, 0xff, 0xff, 0xff),
	} {
		if _, err := Load(t.Context(), bytes.NewReader(b)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	dir := tree(f, map[string]string{"top/a": "AAAA", "top/sub/b": "BBBB", "b": "B"})
	s := scan(f, dir, "top", "b")
	s.Fail(1, Gone)
	p := split(f, saveOf(f, s))
	f.Add(p[0], p[1], p[2])
	f.Fuzz(func(t *testing.T, description, list, ids []byte) {
		s, err := Load(t.Context(), bytes.NewReader(sections(description, list, ids)))
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return
		}
		defer s.Close()
		again, err := Load(t.Context(), bytes.NewReader(saveOf(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if again.Fingerprint() != s.Fingerprint() || !slices.Equal(again.Failures(), s.Failures()) {
			t.Fatal("it changes when it is saved")
		}
		for i := range min(s.Manifest().Len(), 10) {
			if rel := s.place(i).rel; !filepath.IsLocal(rel) {
				t.Fatalf("entry %d is at %q", i, rel)
			}
		}
	})
}
