//go:build unix

package source

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"potluck/sharing/manifest"
)

var transient = []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM}

const secret = "SECRET"

func symlink(t testing.TB, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

func fifo(t testing.TB, path string) {
	t.Helper()
	if err := unix.Mkfifo(path, 0o666); err != nil {
		t.Skip("no pipes here:", err)
	}
}

func TestS13_LinksAndSpecialFilesAreLeftOut(t *testing.T) {
	dir := tree(t, map[string]string{"outside/secret": secret, "top/a": "A", "top/sub/b": "B"})
	top := filepath.Join(dir, "top")
	symlink(t, "../outside/secret", filepath.Join(top, "link"))
	symlink(t, "../outside", filepath.Join(top, "linked folder"))
	symlink(t, "nowhere", filepath.Join(top, "sub", "dangling"))
	symlink(t, ".", filepath.Join(top, "sub", "loop"))
	fifo(t, filepath.Join(top, "pipe"))
	l, err := net.Listen("unix", filepath.Join(top, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	s := scan(t, dir, "top")
	want(t, "entries", found(s), "top/", "top/a", "top/sub/", "top/sub/b")
	want(t, "left out", s.LeftOut(),
		LeftOut{"top/link", Link}, LeftOut{"top/linked folder", Link}, LeftOut{"top/pipe", Special},
		LeftOut{"top/socket", Special}, LeftOut{"top/sub/dangling", Link}, LeftOut{"top/sub/loop", Link})
	if s.LeftOutCount() != 6 {
		t.Errorf("count is %d", s.LeftOutCount())
	}
}

func TestNamedLinkStandsForItsTarget(t *testing.T) {
	dir := tree(t, map[string]string{"real/folder/a": "A", "real/file": "F", "real/other/o": "O"})
	symlink(t, "real/folder", filepath.Join(dir, "my folder"))
	symlink(t, "real/file", filepath.Join(dir, "my file"))
	s := scan(t, dir, "my folder", "my file")
	want(t, "entries", found(s), "my file", "my folder/", "my folder/a")
	if got := string(stream(t, s)); got != "FA" {
		t.Errorf("stream is %q", got)
	}
	// Where it leads is settled when it is named.
	remove(t, filepath.Join(dir, "my folder"))
	symlink(t, "real/other", filepath.Join(dir, "my folder"))
	s.Release()
	if got := string(stream(t, s)); got != "FA" {
		t.Errorf("then the stream is %q", got)
	}

	symlink(t, "nowhere", filepath.Join(dir, "dangling"))
	fifo(t, filepath.Join(dir, "pipe"))
	for _, name := range []string{"dangling", "pipe"} {
		if _, err := Scan(t.Context(), []string{filepath.Join(dir, name)}, ScanOptions{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a path leads to is changed between the scan and the read.
func TestNamedLinkThatLeadsNowhere(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	symlink(t, "loop", loop)
	gone := filepath.Join(dir, "gone")
	symlink(t, "nothing", gone)
	for path, why := range map[string]string{
		loop: syscall.ELOOP.Error(), gone: "there is no such file or folder",
	} {
		_, err := Scan(t.Context(), []string{path}, ScanOptions{})
		if want := fmt.Sprintf("%q cannot be shared: %s", path, why); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestS13_LinkPutInPlaceIsNotFollowed(t *testing.T) {
	for name, swap := range map[string]func(t *testing.T, dir string){
		"of the file":   func(t *testing.T, dir string) { swapFor(t, dir, "top/sub/b", "outside/b") },
		"of its folder": func(t *testing.T, dir string) { swapFor(t, dir, "top/sub", "outside") },
		"of the top":    func(t *testing.T, dir string) { swapFor(t, dir, "top", "outside/top") },
		"by a pipe": func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "top/sub/b"))
			fifo(t, filepath.Join(dir, "top/sub/b"))
		},
	} {
		for _, open := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, open %v", name, open), func(t *testing.T) {
				dir := tree(t, map[string]string{
					"outside/b": secret, "outside/top/sub/b": secret, "top/sub/b": "public",
				})
				same := lstat(t, filepath.Join(dir, "top/sub/b")).ModTime()
				for _, path := range []string{"outside/b", "outside/top/sub/b"} {
					if err := os.Chtimes(filepath.Join(dir, path), same, same); err != nil {
						t.Fatal(err)
					}
				}
				s := scan(t, dir, "top")
				p := make([]byte, len(secret))
				if open {
					if _, err := s.ReadAt(p[:1], 0); err != nil {
						t.Fatal(err)
					}
				}
				swap(t, dir)
				n, err := s.ReadAt(p, 0)
				if open && name == "of the top" {
					// The folder is open and was only moved: its files are those that were offered.
					if err != nil || string(p) != "public" {
						t.Errorf("read %q, %v", p, err)
					}
					s.Release()
					n, err = s.ReadAt(p, 0)
				}
				wantFailure(t, err, "top/sub/b", Link, Special, Changed, Gone)
				if n != 0 || bytes.Contains(p, []byte("S")) {
					t.Errorf("read %q", p)
				}
			})
		}
	}
}

// swapFor moves path away and puts a link to target in its place.
func swapFor(t testing.TB, dir, path, target string) {
	t.Helper()
	full := filepath.Join(dir, path)
	if err := os.Rename(full, filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	symlink(t, filepath.Join(dir, target), full)
}

// A folder on the way is swapped for a link again and again while it is read.
func TestS12_FolderSwappedWhileReading(t *testing.T) {
	const size = 10_000
	content, other := strings.Repeat("p", size), strings.Repeat("S", size)
	for _, rel := range []string{"sub", "sub/deeper"} {
		t.Run(rel, func(t *testing.T) {
			dir := tree(t, map[string]string{"top/sub/deeper/b": content, "outside/b": other, "outside/deeper/b": other})
			full := filepath.Join(dir, "top", rel)
			for _, path := range []string{"outside/b", "outside/deeper/b"} {
				at := lstat(t, filepath.Join(dir, "top/sub/deeper/b")).ModTime()
				if err := os.Chtimes(filepath.Join(dir, path), at, at); err != nil {
					t.Fatal(err)
				}
			}
			stop := make(chan struct{})
			var wg sync.WaitGroup
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					os.Rename(full, full+".moved")
					os.Symlink(filepath.Join(dir, "outside"), full)
					os.Remove(full)
					os.Rename(full+".moved", full)
				}
			})
			p := make([]byte, size)
			read := 0
			for range 300 {
				s, err := Scan(t.Context(), []string{filepath.Join(dir, "top")}, ScanOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if int64(size) == s.Manifest().StreamLength() {
					n, err := s.ReadAt(p, 0)
					if bytes.ContainsAny(p, "S") {
						t.Fatal("bytes of another file were handed out")
					}
					if err == nil && n == size {
						read++
					}
				}
				s.Close()
			}
			close(stop)
			wg.Wait()
			t.Logf("%d of 300 reads met the folder in its place", read)
		})
	}
}

func TestNamesThatAreNotUTF8(t *testing.T) {
	dir := tree(t, map[string]string{"top/": "", "top/caf%E9": "literal"})
	odd := map[string]string{
		"caf\xe9":                            "1",
		"\xff\xfe/na\xefve.txt":              "2",
		"\xff\xfe/fine":                      "3",
		strings.Repeat("\xe9", 255):          "4",
		strings.Repeat("\xe9", 254):          "5",
		strings.Repeat("\xe9", 250) + ".txt": "6",
	}
	for path, content := range odd {
		full := filepath.Join(dir, "top", path)
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Skip("this file system takes only UTF-8:", err)
		}
		if err := os.WriteFile(full, []byte(content), 0o666); err != nil {
			t.Skip("this file system takes only UTF-8:", err)
		}
	}
	s := scan(t, dir, "top")
	cut := strings.Repeat("%E9", 85)
	want(t, "entries", found(s), "top/",
		"top/"+cut[:251]+" (2)", "top/"+cut[:251]+".txt", "top/"+cut,
		"top/%FF%FE/", "top/%FF%FE/fine", "top/%FF%FE/na%EFve.txt", "top/caf%E9", "top/caf%E9 (2)")
	if s.RenamedCount() != 6 {
		t.Errorf("%d renamed: %v", s.RenamedCount(), s.Renamed())
	}
	for _, r := range s.Renamed() {
		if path := s.Manifest().Path(r.Entry); path != r.To {
			t.Errorf("renamed to %q, entry is %q", r.To, path)
		}
	}
	for _, content := range odd {
		if !bytes.Contains(stream(t, s), []byte(content)) {
			t.Errorf("the stream lacks %s", content)
		}
	}
	if f := s.Failures(); len(f) > 0 {
		t.Error(f)
	}
}

func TestUnusualNames(t *testing.T) {
	dir := tree(t, map[string]string{"top/": ""})
	names := []string{
		"doc..pdf", ".hidden", "...", "a b", " lead", "trail ", "trail.", "CON", "a:b", "C:", `back\slash`,
		"Ảnh cưới.jpg", "写真.png", "🍲", "مرحبا", "new\nline", "tab\t", "\x1b[31m", "100%", "%41", `"quoted"`,
		strings.Repeat("n", 255), strings.Repeat("写", 85),
	}
	for _, name := range names {
		write(t, filepath.Join(dir, "top", name), name)
	}
	s := scan(t, dir, "top")
	if got := s.Manifest().Files(); got != len(names) || s.RenamedCount() > 0 || s.LeftOutCount() > 0 {
		t.Errorf("%d files, renamed %v, left out %v", got, s.Renamed(), s.LeftOut())
	}
	for i, e := range s.Manifest().All() {
		if e.Dir {
			continue
		}
		p := make([]byte, e.Size)
		if _, err := s.ReadAt(p, s.Manifest().Offset(i)); err != nil || "top/"+string(p) != e.Path {
			t.Errorf("%q reads as %q, %v", e.Path, p, err)
		}
	}
}

// At the top, a name may look like a drive or a network path to others.
func TestNamesThatNoManifestTakes(t *testing.T) {
	dir := tree(t, map[string]string{"C:/a": "A", `\\server/b`: "B", `sub/..\x`: "X", "sub/y": "Y"})
	s := scan(t, dir, "C:", `\\server`, "sub")
	want(t, "entries", found(s), "%5C\\server/", "%5C\\server/b", "C%3A/", "C%3A/a", "sub/", "sub/y")
	want(t, "left out", s.LeftOut(), LeftOut{`sub/..\x`, Name})
	if got := string(stream(t, s)); got != "BAY" {
		t.Errorf("stream is %q", got)
	}
	if _, err := Scan(t.Context(), []string{filepath.Join(dir, `sub/..\x`)}, ScanOptions{}); err == nil {
		t.Error("a name that cannot be sent was accepted")
	}
}

// Paths may be deeper than a manifest, and longer than the system takes at once.
func TestDeepFolders(t *testing.T) {
	dir := tree(t, map[string]string{"top/": ""})
	name := strings.Repeat("d", 200)
	at, err := os.OpenRoot(filepath.Join(dir, "top"))
	if err != nil {
		t.Fatal(err)
	}
	const depth = manifest.MaxDepth + 3
	for level := 2; level <= depth; level++ { // top is level 1
		if err := at.WriteFile("f", []byte{byte(level)}, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := at.Mkdir(name, 0o777); err != nil {
			t.Fatal(err)
		}
		next, err := at.OpenRoot(name)
		if err != nil {
			t.Fatal(err)
		}
		at.Close()
		at = next
	}
	at.Close()

	s := scan(t, dir, "top")
	if got := s.Manifest().Len(); got != 2*manifest.MaxDepth-1 {
		t.Errorf("%d entries", got)
	}
	if left := s.LeftOut(); len(left) != 1 || left[0].Why != Deep || s.LeftOutCount() != 2 {
		t.Errorf("left out %d: %v", s.LeftOutCount(), left)
	}
	var levels []byte
	for level := manifest.MaxDepth; level >= 2; level-- {
		levels = append(levels, byte(level))
	}
	if got := stream(t, s); !bytes.Equal(got, levels) {
		t.Errorf("stream is %v, want %v", got, levels)
	}
	if err := s.Recheck(t.Context(), s.Manifest().Len()-1); err != nil {
		t.Error(err)
	}
	if f := s.Failures(); len(f) > 0 {
		t.Error(f)
	}
}

func TestUnreadableFolderIsLeftOut(t *testing.T) {
	dir := tree(t, map[string]string{"top/a": "A", "top/closed/b": "B"})
	closed := filepath.Join(dir, "top", "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o777)
	if f, err := os.Open(closed); err == nil {
		f.Close()
		t.Skip("this user may read everything")
	}
	s := scan(t, dir, "top")
	want(t, "entries", found(s), "top/", "top/a")
	want(t, "left out", s.LeftOut(), LeftOut{"top/closed", Forbidden})
	if _, err := Scan(t.Context(), []string{closed}, ScanOptions{}); err == nil {
		t.Error("a folder that may not be read was accepted")
	}
}

// Old kernels know no openat2.
func TestOpenStepwise(t *testing.T) {
	dir := tree(t, map[string]string{"top/sub/deeper/b": "B", "outside/b": secret})
	d, err := openFolder(filepath.Join(dir, "top"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	fd, err := d.openStepwise("sub/deeper/b")
	if err != nil {
		t.Fatal(err)
	}
	file(fd).close()
	swapFor(t, dir, "top/sub/deeper", "outside")
	if fd, err := d.openStepwise("sub/deeper/b"); err == nil {
		file(fd).close()
		t.Error("a link was followed")
	}
}
