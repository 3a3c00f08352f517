package manifest_test

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"potluck/sharing/manifest"
)

var (
	linux   = manifest.Traits{}
	windows = manifest.Traits{Windows: true, FoldsCase: true}
	mac     = manifest.Traits{FoldsCase: true, FoldsForms: true}
	systems = []manifest.Traits{linux, windows, mac, {Windows: true, FoldsCase: true, FoldsForms: true}, {FoldsCase: true}, {FoldsForms: true}, {Windows: true}}
)

// localized returns the local paths of all entries, by the foreign ones.
func localized(t testing.TB, traits manifest.Traits, all ...manifest.Entry) map[string]string {
	t.Helper()
	m := build(t, all...)
	checkPlan(t, m, traits)
	plan := manifest.Localize(m, traits)
	paths := make(map[string]string)
	for i, e := range m.All() {
		paths[e.Path] = plan.Path(i)
	}
	return paths
}

type fataler interface{ Fatalf(string, ...any) }

// checkPlan fails the test unless every local path is possible on the target
// and there once, by rules that are written down here a second time.
func checkPlan(t fataler, m *manifest.Manifest, traits manifest.Traits) {
	plan := manifest.Localize(m, traits)
	again := manifest.Localize(m, traits)
	there := make(map[string]string)
	renamed := 0
	for i, e := range m.All() {
		local := plan.Path(i)
		if local != again.Path(i) {
			t.Fatalf("%q: once %q, once %q", e.Path, local, again.Path(i))
		}
		if why := impossible(local, traits); why != "" {
			t.Fatalf("%q became %q: %s", e.Path, local, why)
		}
		if path.Base(local) != plan.Name(i) {
			t.Fatalf("%q: the name of %q is not %q", e.Path, local, plan.Name(i))
		}
		parent := ""
		if p := m.Parent(i); p >= 0 {
			parent = plan.Path(p) + "/"
		}
		if local != parent+plan.Name(i) {
			t.Fatalf("%q became %q, which is not in %q", e.Path, local, parent)
		}
		key := asSeen(local, traits)
		if other, ok := there[key]; ok {
			t.Fatalf("%q and %q are one file, %q", e.Path, other, local)
		}
		there[key] = e.Path
		if plan.Name(i) != m.Name(i) {
			renamed++
			if r := plan.Renamed(); renamed <= 1000 && r[renamed-1] != (manifest.Renamed{Entry: i, From: e.Path, To: local}) {
				t.Fatalf("%q became %q, but the list says %v", e.Path, local, r[renamed-1])
			}
		}
	}
	if plan.RenamedCount() != renamed || len(plan.Renamed()) != min(renamed, 1000) {
		t.Fatalf("%d were renamed, but %d counted and %d listed", renamed, plan.RenamedCount(), len(plan.Renamed()))
	}
}

// impossible returns why there can be no file at path, or "".
func impossible(local string, traits manifest.Traits) string {
	for name := range strings.SplitSeq(local, "/") {
		if name == "" || name == "." || name == ".." || strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
			return "not a name"
		}
		if strings.IndexFunc(name, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) >= 0 {
			return "a control character"
		}
		length := len(name)
		if traits.Windows {
			length = len(utf16.Encode([]rune(name)))
		}
		if length > 255 {
			return "too long"
		}
		if !traits.Windows {
			continue
		}
		if strings.ContainsAny(name, `<>:"\|?*`) {
			return "a character that Windows forbids"
		}
		if last := name[len(name)-1]; last == '.' || last == ' ' {
			return "an end that Windows drops"
		}
		base := strings.ToUpper(strings.TrimRight(strings.Split(name, ".")[0], " "))
		if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}, base) {
			return "a device"
		}
		if r := []rune(base); len(r) == 4 && (string(r[:3]) == "COM" || string(r[:3]) == "LPT") && strings.ContainsRune("0123456789¹²³", r[3]) {
			return "a port"
		}
	}
	return ""
}

// asSeen returns what such a file system makes of path.
func asSeen(local string, traits manifest.Traits) string {
	if traits.FoldsForms {
		local = norm.NFC.String(local)
	}
	if traits.FoldsCase {
		local = cases.Fold().String(strings.ToLower(strings.ToUpper(local)))
	}
	if traits.FoldsForms {
		local = norm.NFC.String(local)
	}
	return local
}

func TestLocalPathsArePossibleAndUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, err := tryBuild(drawTree(t))
		if err != nil {
			t.Fatal(err)
		}
		checkPlan(t, m, rapid.SampledFrom(systems).Draw(t, "system"))
	})
}

func TestS01_S02_EscapesAreRefusedEverywhere(t *testing.T) {
	for _, p := range []string{
		"..", "../x", "x/../y", "x/..", "./x", ".", "x/.", "x/./y", "/x", "/", "//x", "x/", "x//y", "",
		"/etc/passwd", "///etc/passwd", `..\x`, `x\..\y`, `x/..\..\y`, `..\..\..\Windows\x`, `x\..`,
		`C:`, `c:/x`, `C:\x`, `C:\..\x`, `z:\`, `\\server\share`, `\\?\C:\x`, `\\.\COM1`, `\??\C:\x`, `\\`,
	} {
		_, err := tryBuild(tree(p))
		wantInvalid(t, err, "")
		_, err = decode(t, line(strings.ReplaceAll(p, `\`, `\\`), 1, 0))
		wantInvalid(t, err, "")
	}
}

func TestS02_BackslashesBecomeVisible(t *testing.T) {
	all := tree(`dir\file`, `\rooted`, `a/b\c/d`)
	got := localized(t, linux, all...)
	if got[`dir\file`] != `dir\file` || got[`\rooted`] != `\rooted` {
		t.Errorf("on Linux: %q", got)
	}
	got = localized(t, windows, all...)
	if got[`dir\file`] != `dir_file` || got[`\rooted`] != `_rooted` || got[`a/b\c/d`] != `a/b_c/d` {
		t.Errorf("on Windows: %q", got)
	}
}

func TestS03_S04_NamesThatAreSpecialOnWindows(t *testing.T) {
	for name, want := range map[string]string{
		"CON": "CON_", "con": "con_", "con.txt": "con_.txt", "NUL.tar.gz": "NUL_.tar.gz", "aux ": "aux _", "Prn .x": "Prn _.x",
		"COM1": "COM1_", "com0": "com0_", "COM¹": "COM¹_", "com².txt": "com²_.txt", "LPT³": "LPT³_", "lpt9": "lpt9_", "COM1 .txt": "COM1 _.txt",
		"CONIN$": "CONIN$_", "conout$": "conout$_", "CLOCK$.x": "CLOCK$_.x",
		"CON .": "CON __", "nul:": "nul_", "x:y": "x_y", "a.txt:stream": "a.txt_stream", "a::$DATA": "a__$DATA", "NUL:x": "NUL_x",
		"trailing.": "trailing_", "trailing ": "trailing_", "dots...": "dots___", "...": "___", "mixed. .": "mixed___", " lead": " lead", " ": "_",
		"$MFT": "$MFT_", "$mftmirr": "$mftmirr_", "$Extend": "$Extend_", "$RECYCLE.BIN": "$RECYCLE.BIN_", "$money": "$money",
		"LONGFI~1.TXT": "LONGFI_1.TXT", "git~1": "git_1", "~1": "~1", "a~b": "a~b", "note.txt~": "note.txt~", "longername~1.txt": "longername~1.txt",
		`<>:"|?*`: "_______", "a<b": "a_b", "what?": "what_",
		"CONSOLE": "CONSOLE", "COM": "COM", "COM10": "COM10", "com1x.txt": "com1x.txt", "xCON": "xCON", "naïve.con": "naïve.con",
	} {
		if got := localized(t, windows, file(name, 1))[name]; got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		if got := localized(t, linux, file(name, 1))[name]; got != name {
			t.Errorf("%q on Linux: got %q", name, got)
		}
	}
}

func TestS05_NULIsRefused(t *testing.T) {
	for _, p := range []string{"\x00", "a\x00", "a\x00.txt", "d/\x00/x"} {
		_, err := tryBuild(tree(p))
		wantInvalid(t, err, "NUL")
	}
	_, err := decode(t, `{"p":"a\u0000","s":1,"m":0}`+"\n")
	wantInvalid(t, err, "NUL")
}

func TestNamesThatAreNotUTF8AreRefused(t *testing.T) {
	for _, p := range []string{"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80"} {
		_, err := tryBuild(tree(p))
		wantInvalid(t, err, "UTF-8")
		_, err = decode(t, line(p, 1, 0))
		wantInvalid(t, err, "UTF-8")
	}
}

func TestS06_ControlCharactersBecomeVisibleEverywhere(t *testing.T) {
	for _, system := range systems {
		for name, want := range map[string]string{
			"a\nb": "a_b", "\x1b[31mred": "_[31mred", "bell\a": "bell_", "del\x7f": "del_", "c1\u009b2J": "c1_2J", "nbsp\u00a0": "nbsp\u00a0",
		} {
			if got := localized(t, system, file(name, 1))[name]; got != want {
				t.Errorf("%q: got %q, want %q", name, got, want)
			}
		}
	}
}

func TestS08_NamesThatOnlySomeSystemsTellApart(t *testing.T) {
	all := []string{"Makefile", "makefile", "MAKEFILE", "é.txt", "e\u0301.txt", "Straße", "STRASSE", "strasse", "dir/x", "DIR/x", "Dir/X"}
	for _, c := range []struct {
		name   string
		traits manifest.Traits
		want   map[string]string // those that change
	}{
		{"Linux", linux, nil},
		{"Windows", windows, map[string]string{
			"Makefile": "Makefile (2)", "makefile": "makefile (3)",
			"STRASSE": "", "Straße": "Straße (2)", "strasse": "strasse (3)",
			"Dir": "Dir (2)", "Dir/X": "Dir (2)/X", "dir": "dir (3)", "dir/x": "dir (3)/x",
		}},
		{"macOS", mac, map[string]string{
			"Makefile": "Makefile (2)", "makefile": "makefile (3)",
			"é.txt":  "é (2).txt",
			"Straße": "Straße (2)", "strasse": "strasse (3)",
			"Dir": "Dir (2)", "Dir/X": "Dir (2)/X", "dir": "dir (3)", "dir/x": "dir (3)/x",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for from, to := range localized(t, c.traits, tree(all...)...) {
				want := c.want[from]
				if want == "" {
					want = from
				}
				if to != want {
					t.Errorf("%q: got %q, want %q", from, to, want)
				}
			}
		})
	}
}

func TestS08_NumbersAvoidEveryName(t *testing.T) {
	for _, c := range []struct {
		traits manifest.Traits
		names  []string
		want   []string // in the byte order of names
	}{
		{windows, []string{"A", "a", "a (2)"}, []string{"A", "a (3)", "a (2)"}},
		{windows, []string{"A", "A (2)", "a", "a (2)"}, []string{"A", "A (2)", "a (3)", "a (2) (2)"}},
		{windows, []string{"CON", "CON_", "con"}, []string{"CON_ (2)", "CON_", "con_ (3)"}},
		{windows, []string{"a*b", "a:b", "a_b", "a|b"}, []string{"a_b (2)", "a_b (3)", "a_b", "a_b (4)"}},
		{linux, []string{"a\nb", "a\rb", "a_b"}, []string{"a_b (2)", "a_b (3)", "a_b"}},
		{windows, []string{"X.tar.gz", "x.tar.gz"}, []string{"X.tar.gz", "x (2).tar.gz"}},
		{windows, []string{".A", ".a"}, []string{".A", ".a (2)"}},
		{windows, []string{"I", "i", "ı", "İ"}, []string{"I", "i (2)", "İ (3)", "ı (4)"}},
		{windows, []string{"K", "k", "\u212a"}, []string{"K", "k (2)", "\u212a (3)"}},
	} {
		slices.Sort(c.names)
		var all []manifest.Entry
		for _, n := range c.names {
			all = append(all, file(n, 1))
		}
		got := localized(t, c.traits, all...)
		for i, n := range c.names {
			if got[n] != c.want[i] {
				t.Errorf("%q: %q became %q, want %q", c.names, n, got[n], c.want[i])
			}
		}
	}
}

func TestS10_LongNamesAreShortened(t *testing.T) {
	long := func(unit string, n int, ext string) string { return strings.Repeat(unit, n-len(ext)) + ext }
	for _, c := range []struct{ name, want string }{
		{long("x", 255, ".jpeg"), long("x", 255, ".jpeg")},
		{strings.Repeat("語", 200) + ".txt", strings.Repeat("語", 83) + ".txt"}, // 604 bytes, as Windows may send
		{strings.Repeat("語", 200), strings.Repeat("語", 85)},
		{"x." + strings.Repeat("é", 250), "x." + strings.Repeat("é", 126)},
	} {
		if got := localized(t, linux, file(c.name, 1))[c.name]; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if got := localized(t, windows, file(c.name, 1))[c.name]; got != c.name {
			t.Errorf("on Windows: got %q", got)
		}
	}
	// Those that become equal get numbers that fit.
	a, b := strings.Repeat("語", 200)+"1.txt", strings.Repeat("語", 200)+"2.txt"
	got := localized(t, linux, file(a, 1), file(b, 1))
	if got[a] == got[b] || !strings.HasSuffix(got[b], "語 (2).txt") {
		t.Errorf("got %q", got)
	}
	_, err := tryBuild([]manifest.Entry{file(strings.Repeat("x", 256), 1)})
	wantInvalid(t, err, "more than 255")
	_, err = tryBuild([]manifest.Entry{file(strings.Repeat("😀", 128), 1)})
	wantInvalid(t, err, "more than 255")
}

// TestS11_HonestNamesArriveUnchanged is the corpus of names that too strict
// programs refuse.
func TestS11_HonestNamesArriveUnchanged(t *testing.T) {
	everywhere := []string{
		"doc..pdf", "..rc", "..", ".bashrc", ".git", "...and more.txt", "a..b..c", "~", "~user", "-rf", "--help",
		"Ảnh cưới ở Đà Lạt.jpg", "写真 2026.png", "ファイル.txt", "한국어.txt", "תמונה.jpg", "صورة می\u200cخواهم.jpg", "😀👨‍👩‍👧.png", "Привет.doc",
		"a  b", " lead", "100%.txt", "$HOME", "$(rm -rf)", "`x`", "a;b&c'd", "[draft].txt", "{x}", "#1", "@home", "a=b,c+d!",
		"conman.txt", "auxiliary", "null", "com.example.app", "x.", "C", "ab:c",
		strings.Repeat("x", 255), strings.Repeat("é", 127), "nbsp\u00a0", "zero\u200bwidth", "\ufeffbom",
	}
	for _, name := range everywhere {
		if name == ".." || name == "..." {
			continue
		}
		if got := localized(t, linux, file(name, 1))[name]; got != name {
			t.Errorf("%q became %q on Linux", name, got)
		}
		if name == "x." || name == "...and more.txt" || strings.Contains(name, ":") {
			continue
		}
		for _, system := range []manifest.Traits{windows, mac} {
			if got := localized(t, system, file(name, 1))[name]; got != name {
				t.Errorf("%q became %q for %+v", name, got, system)
			}
		}
	}
}

// TestManyNamesThatAreOne shows that a hostile manifest cannot make Localize
// slow: each of its names is looked at a few times, not as often as there are
// others like it.
func TestManyNamesThatAreOne(t *testing.T) {
	const letters = 13
	var all []manifest.Entry
	for bits := range 1 << letters {
		name := []byte(strings.Repeat("a", letters))
		for i := range name {
			if bits>>i&1 != 0 {
				name[i] = 'A'
			}
		}
		all = append(all, file(string(name), 1))
	}
	m := build(t, all...)
	plan := manifest.Localize(m, windows)
	if plan.RenamedCount() != len(all)-1 || plan.Name(m.Len()-1) != strings.Repeat("a", letters)+" ("+strconv.Itoa(len(all))+")" {
		t.Errorf("%d renamed, the last %q", plan.RenamedCount(), plan.Name(m.Len()-1))
	}
	checkPlan(t, m, windows)
}

func FuzzLocalize(f *testing.F) {
	f.Add("CON\ncon \na", "b:c", uint8(7))
	f.Add("a (2)\nA\na", "Dir", uint8(1))
	f.Add("é\ne\u0301\nİ", "ß", uint8(6))
	f.Fuzz(func(t *testing.T, names, in string, bits uint8) {
		traits := manifest.Traits{Windows: bits&1 != 0, FoldsCase: bits&2 != 0, FoldsForms: bits&4 != 0}
		var b manifest.Builder
		prefix := ""
		if b.Add(folder(in)) == nil {
			prefix = in + "/"
		}
		for name := range strings.SplitSeq(names, "\n") {
			_ = b.Add(file(name, 1))
			_ = b.Add(file(prefix+strings.ReplaceAll(name, "/", "\n"), 1))
		}
		m, err := b.Build()
		if err != nil {
			return // the same name twice
		}
		checkPlan(t, m, traits)
	})
}

func ExampleLocalize() {
	var b manifest.Builder
	for _, p := range []string{"Makefile", "makefile", "aux.c", "what?"} {
		if err := b.Add(manifest.Entry{Path: p}); err != nil {
			panic(err)
		}
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	plan := manifest.Localize(m, manifest.Traits{Windows: true, FoldsCase: true})
	for _, r := range plan.Renamed() {
		fmt.Println(r.From, "->", r.To)
	}
	// Output:
	// aux.c -> aux_.c
	// makefile -> makefile (2)
	// what? -> what_
}
