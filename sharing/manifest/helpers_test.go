package manifest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"potluck/sharing/manifest"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.UTC)

func file(path string, size int64) manifest.Entry {
	return manifest.Entry{Path: path, Size: size, ModTime: noon}
}

func folder(path string) manifest.Entry {
	return manifest.Entry{Path: path, Dir: true, ModTime: noon}
}

// tree returns the entries of files at paths, of a byte each, and of all folders
// on the way to them.
func tree(paths ...string) []manifest.Entry {
	var entries []manifest.Entry
	seen := make(map[string]bool)
	for _, p := range paths {
		for i := range len(p) {
			if p[i] == '/' && !seen[p[:i]] {
				seen[p[:i]] = true
				entries = append(entries, folder(p[:i]))
			}
		}
		entries = append(entries, file(p, 1))
	}
	return entries
}

func tryBuild(entries []manifest.Entry) (*manifest.Manifest, error) {
	var b manifest.Builder
	for _, e := range entries {
		if err := b.Add(e); err != nil {
			return nil, err
		}
	}
	return b.Build()
}

func build(t testing.TB, entries ...manifest.Entry) *manifest.Manifest {
	t.Helper()
	m, err := tryBuild(entries)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func entries(m *manifest.Manifest) []manifest.Entry {
	var all []manifest.Entry
	for _, e := range m.All() {
		all = append(all, e)
	}
	return all
}

// pack compresses lines as a sender that keeps no rule might.
func pack(t testing.TB, lines string) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(z, lines); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unpack(t testing.TB, packed []byte) string {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func encode(t testing.TB, m *manifest.Manifest) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t testing.TB, lines string) (*manifest.Manifest, error) {
	t.Helper()
	return manifest.Decode(bytes.NewReader(pack(t, lines)))
}

// wantInvalid fails the test unless err is an InvalidError that says why.
func wantInvalid(t testing.TB, err error, why string) {
	t.Helper()
	var invalid *manifest.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, want an InvalidError", err)
	}
	if !strings.Contains(invalid.Reason, why) {
		t.Errorf("got %q, want %q in it", invalid.Reason, why)
	}
}

// oddNames are pieces of names that are trouble somewhere.
var oddNames = []string{
	"a", "A", "b", "ä", "a\u0308", "Ä", "ß", "ss", "SS", "ſ", "i", "I", "ı", "İ", "K", "k", "\u212a",
	".", "..", "...", " ", "_", "~", "~1", "$", "$MFT", "CON", "con", "nul", "COM1", "lpt²", "CONIN$",
	".txt", ".tar", ".gz", " (2)", " (3)", ":", "*", "\\", "?", "|", "\"", "<", "\n", "\x1b", "\x7f", "\u0085",
	"\u202e", "\u200b", "\u200d", "語", "한", "\u1112\u1161\u11ab", "😀", "!", "-", "0",
}

// drawName draws a name that a manifest may have.
func drawName(t *rapid.T) string {
	name := rapid.OneOf(
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(oddNames), 1, 4), func(s []string) string { return strings.Join(s, "") }),
		rapid.StringN(1, 12, 40),
		rapid.Map(rapid.IntRange(1, 255), func(n int) string { return strings.Repeat("é", n) }),
		rapid.Map(rapid.IntRange(240, 255), func(n int) string { return strings.Repeat("x", n-4) + ".odt" }),
	).Draw(t, "name")
	name = strings.NewReplacer("/", "-", "\x00", "0").Replace(strings.ToValidUTF8(name, "?"))
	if _, err := tryBuild([]manifest.Entry{{Path: "x", Dir: true}, {Path: "x/" + name}}); err != nil {
		return "plain"
	}
	return name
}

// drawTree draws entries of which a manifest can be built.
func drawTree(t *rapid.T) []manifest.Entry {
	folders := []string{""}
	seen := make(map[string]bool)
	var all []manifest.Entry
	for range rapid.IntRange(1, 30).Draw(t, "entries") {
		path := rapid.SampledFrom(folders).Draw(t, "in") + drawName(t)
		e := manifest.Entry{Path: path, ModTime: time.Unix(0, rapid.Int64().Draw(t, "mtime")).UTC()}
		if rapid.IntRange(0, 2).Draw(t, "kind") == 0 {
			e.Dir = true
		} else {
			e.Size = rapid.Int64Range(0, 1<<40).Draw(t, "size") * rapid.Int64Range(0, 1).Draw(t, "full")
		}
		if _, err := tryBuild(append(all[:len(all):len(all)], e)); err != nil || seen[path] {
			continue
		}
		seen[path] = true
		all = append(all, e)
		if e.Dir {
			folders = append(folders, path+"/")
		}
	}
	if len(all) == 0 {
		all = append(all, file("plain", 1))
	}
	return all
}

// line returns the line of a file whose path needs no escapes.
func line(path string, size, mod int64) string {
	return `{"p":"` + path + `","s":` + fmt.Sprint(size) + `,"m":` + fmt.Sprint(mod) + "}\n"
}

func dirLine(path string) string {
	return `{"p":"` + path + `","d":true,"m":0}` + "\n"
}
