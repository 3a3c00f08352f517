package elide_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/rivo/uniseg"

	"potluck/ui/elide"
	"potluck/ui/uitest"
)

// within fits what has that many characters at most.
func within(n int) func(string) bool {
	return func(s string) bool { return uniseg.GraphemeClusterCount(strings.Trim(s, "\u2068\u2069")) <= n }
}

func TestMiddle(t *testing.T) {
	for _, c := range []struct {
		in   string
		room int
		want string
	}{
		{"short.txt", 20, "short.txt"},
		{"a very long name of a file.jpeg", 15, "a very…ile.jpeg"},
		{"a very long name of a file.jpeg", 8, "a…e.jpeg"},
		{"a very long name of a file.jpeg", 4, "a…eg"},
		{"Nguyễn Thị Minh Khai", 11, "Nguyễn…Khai"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…👨‍👩‍👧‍👦"},
		{"\u2068a very long name\u2069", 7, "\u2068a v…ame\u2069"},
		{"anything", 0, "…"},
		{strings.Repeat("l", 60) + "…" + strings.Repeat("l", 60) + ".tar.gz", 15, "llll…lll.tar.gz"},
		{"an archive with a name.tar.gz", 12, "an…me.tar.gz"},
		{"Anna C4EF", 7, "An…C4EF"},
		{"\u2068line break.pdf\u2069, \u2068photo.jpg\u2069 +2", 40, "\u2068line break.pdf\u2069, \u2068photo.jpg\u2069 +2"},
		{"\u2068line break.pdf\u2069, \u2068photo.jpg\u2069 +2", 23, "\u2068line break.pdf\u2069, … +2"},
		{"\u2068line break.pdf\u2069, \u2068photo.jpg\u2069 +2", 16, "\u2068li…ak.pdf\u2069, … +2"},
		{"\u2068slides.pdf\u2069, \u2068Ảnh Đà Lạt 2026\u2069", 28, "\u2068slides.pdf\u2069, \u2068Ảnh Đà…ạt 2026\u2069"},
		{"\u2068slides.pdf\u2069, \u2068Ảnh Đà Lạt 2026\u2069", 22, "\u2068sl…es.pdf\u2069, \u2068Ản…t 2026\u2069"},
		{"\u2068slides.pdf\u2069, \u2068Ảnh Đà Lạt 2026\u2069", 16, "\u2068slides.pdf\u2069, …"},
	} {
		if got := elide.MiddleTo(c.in, within(c.room)); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.in, c.room, got, c.want)
		}
	}
}

// A sentence loses the numbers after it, then the middle of the name in it; what tells
// two of one name apart stays.
func TestSentence(t *testing.T) {
	const line = "Received from \u2068Anna Maria C4EF\u2069 · 21 MB"
	for room, want := range map[int]string{
		42: line, 31: "Received from \u2068Anna Maria C4EF\u2069", 28: "Received from \u2068Anna…ia C4EF\u2069", 15: "Receive…a C4EF\u2069",
	} {
		if got := elide.SentenceTo(line, func(s string) bool { return uniseg.GraphemeClusterCount(s) <= room }); got != want {
			t.Errorf("in %d: %q, want %q", room, got, want)
		}
	}
}

// A name that is too long leaves the words around it whole.
func TestWrapNamed(t *testing.T) {
	const line = "\u2068a very very very long name\u2069 sends you a message"
	got := elide.WrapNamed(line, 2, within(18))
	if all := strings.Join(got, " "); len(got) != 2 || !strings.HasSuffix(all, "sends you a message") || !strings.Contains(all, "…") {
		t.Errorf("%q", got)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct {
		in   string
		room int
		want string
	}{
		{"/home/lan/Downloads/Potluck", 40, "/home/lan/Downloads/Potluck"},
		{"/home/lan/Downloads/Potluck", 20, "…/Downloads/Potluck"},
		{"/home/lan/Downloads/Potluck", 10, "…/Potluck"},
		{"/home/lan/Downloads/Potluck", 5, "Po…ck"},
		{"/home/lan/", 6, "…/lan/"},
	} {
		if got := elide.PathTo(c.in, within(c.room)); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.in, c.room, got, c.want)
		}
	}
}

// Numbers lose whole parts, and the last never.
func TestParts(t *testing.T) {
	const line = "43 % · 1.5 of 3.4 GB · 84 MB/s · about 20 s left"
	for room, want := range map[int]string{
		60: line, 44: "1.5 of 3.4 GB · 84 MB/s · about 20 s left", 30: "84 MB/s · about 20 s left", 16: "about 20 s left", 3: "about 20 s left",
	} {
		if got := elide.PartsTo(line, within(room)); got != want {
			t.Errorf("in %d: %q, want %q", room, got, want)
		}
	}
}

// A name beside numbers is elided, and they are whole or not there.
func TestNamed(t *testing.T) {
	const line = "Ảnh Đà Lạt 2026 · 1,204 files · 3.4 GB"
	for room, want := range map[int]string{
		50: line, 36: "Ảnh Đ…ạt 2026 · 1,204 files · 3.4 GB",
		24: "Ảnh Đà Lạt 2026 · 3.4 GB", 12: "Ảnh Đ…t 2026", 5: "…2026",
	} {
		if got := elide.NamedTo(line, within(room)); got != want {
			t.Errorf("in %d: %q, want %q", room, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		room int
		most int
		want []string
	}{
		{"one", 10, 0, []string{"one"}},
		{"one two three", 8, 0, []string{"one two", "three"}},
		{"one two three four", 8, 2, []string{"one two", "three…"}},
		{"abcdefghij", 4, 0, []string{"abcd", "efgh", "ij"}},
		{"one\n\ntwo", 10, 0, []string{"one", "", "two"}},
		{"one\ntwo", 10, 1, []string{"one…"}},
		{"abc", 0, 0, []string{"a", "b", "c"}},
		{"", -1, 0, []string{""}},
	} {
		if got := elide.Wrap(c.in, c.most, within(c.room)); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d: %q, want %q", c.in, c.room, got, c.want)
		}
	}
}

// Whatever a name is made of, what is shown of it fits and is whole.
func FuzzFit(f *testing.F) {
	f.Add("photo.jpg", 5)
	f.Add("👨‍👩‍👧‍👦e\u0301\u202e", 2)
	f.Add("\u2068\u2069", 1)
	f.Add("", -1)
	f.Add("a\n\nb", 0)
	f.Fuzz(func(t *testing.T, s string, room int) {
		room = min(max(room, 0), 100)
		for _, mode := range []elide.Mode{elide.Middle, elide.End, elide.Path} {
			got := elide.Fit(s, mode, within(room))
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("%q cut to %q", s, got)
			}
			if !within(room)(got) && got != "…" && got != "\u2068…\u2069" {
				t.Errorf("%q in %d: %q", s, room, got)
			}
		}
		joined := strings.ReplaceAll(strings.Join(elide.Wrap(s, 0, within(room)), ""), " ", "")
		if want := strings.NewReplacer(" ", "", "\n", "").Replace(s); utf8.ValidString(s) && joined != want {
			t.Errorf("%q wrapped to %q", s, joined)
		}
	})
}

func TestPictures(t *testing.T) {
	uitest.Sheet(t, "elide", 320, func() []uitest.State {
		narrow := func(o fyne.CanvasObject) fyne.CanvasObject { return container.NewGridWrap(fyne.NewSize(180, 24), o) }
		return []uitest.State{
			{Name: "middle", Object: narrow(elide.New(elide.Value{Text: "Ảnh Đà Lạt của gia đình 2026.jpeg", Bold: true}))},
			{Name: "path", Object: narrow(elide.New(elide.Value{Text: "/home/lan/Tải về/Potluck/Ễ ậ", Mode: elide.Path}))},
			{Name: "parts", Object: narrow(elide.New(elide.Value{Text: "43 % · 1.5 of 3.4 GB · 84 MB/s · about 20 s left", Mode: elide.Parts}))},
			{Name: "paragraph", Object: elide.NewParagraph(elide.ParaValue{Text: "Chưa xác minh: chưa ai kiểm tra đây đúng là máy của họ. ỄẬẪ một dòng nữa."})},
			{Name: "two lines at most", Object: elide.NewParagraph(elide.ParaValue{
				Text: "Whoever opens Potluck on this network shows up here by itself, and more that does not fit.", MaxLines: 2,
				Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder,
			})},
		}
	})
}

func TestKeepsTheWholeText(t *testing.T) {
	const name = "a name that is longer than its place"
	e := elide.New(elide.Value{Text: name})
	uitest.Sheet(t, "whole", 120, func() []uitest.State { return []uitest.State{{Name: "", Object: e}} })
	if !e.Elided() || e.Full() != name || e.AccessibilityLabel() != name {
		t.Errorf("elided %v, full %q", e.Elided(), e.Full())
	}
}
