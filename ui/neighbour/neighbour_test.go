package neighbour_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/uitest"
)

func somebody(key, name string) neighbour.Value {
	return neighbour.Value{
		Key: key, Name: name, Picture: uitest.Dish("2A55B8"), Kind: theme.ComputerIcon(),
		Trust: "Not verified", TrustIcon: theme.QuestionIcon(), Hint: "Drop files here", Label: name + ", laptop, not verified",
	}
}

// everyState is one card for each.
func everyState() []neighbour.Value {
	with := func(name string, change func(*neighbour.Value)) neighbour.Value {
		v := somebody(name, name)
		change(&v)
		return v
	}
	return []neighbour.Value{
		with("Bình's ThinkPad", func(v *neighbour.Value) {
			v.Trust, v.TrustIcon, v.TrustColor = "Đã xác minh", theme.ConfirmIcon(), theme.ColorNameSuccess
		}),
		with("Anna", func(v *neighbour.Value) {
			v.State, v.StateColor, v.Ring, v.Part = "Receiving · 43 %", theme.ColorNamePrimary, true, 0.43
		}),
		with("Minh Khai", func(v *neighbour.Value) {
			v.Trust, v.TrustIcon, v.TrustColor, v.Refuses = "Other device", theme.ErrorIcon(), theme.ColorNameError, true
		}),
		with("Ticked", func(v *neighbour.Value) { v.Ticked = true }),
		with("Lit", func(v *neighbour.Value) { v.Lit, v.State = true, "Drop files here" }),
		with("Wants", func(v *neighbour.Value) { v.Wants, v.State = true, "Muốn gửi tệp cho bạn" }),
		with("Left", func(v *neighbour.Value) { v.Left, v.State = true, "Just left" }),
		with("Nguyễn Thị Minh Khai's very long MacBook Pro 16-inch", func(*neighbour.Value) {}),
		with("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", func(*neighbour.Value) {}),
		with("Laptop", func(v *neighbour.Value) { v.Tag = "4F2A" }),
		with("Nguyễn Thị Minh Khai's very long MacBook", func(v *neighbour.Value) { v.Tag = "4F2A" }),
		with("佐藤の MacBook", func(v *neighbour.Value) { v.Spoken = "rice ball on a round black plate" }),
		with("Just begun", func(v *neighbour.Value) { v.Ring, v.State = true, "Sending · 0 %" }),
		with("Waiting", func(v *neighbour.Value) { v.State = "Waiting for an answer of theirs" }),
	}
}

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "grid", 540, func() []uitest.State {
		g := neighbour.NewGrid(neighbour.Options{})
		g.Set(everyState(), "14 nearby")
		g.FocusGained()
		high := container.NewGridWrap(fyne.NewSize(500, 1000*look.Scale()), g)
		return []uitest.State{{Name: "everybody; the keyboard on the first", Object: high}}
	})
}

func TestFewAreLarge(t *testing.T) {
	uitest.Sheet(t, "large", 800, func() []uitest.State {
		g := neighbour.NewGrid(neighbour.Options{})
		g.Set(everyState()[:6], "6 nearby")
		one := neighbour.NewGrid(neighbour.Options{})
		one.Set(everyState()[:1], "1 nearby")
		return []uitest.State{
			{Name: "six", Object: container.NewGridWrap(fyne.NewSize(760, 470*look.Scale()), g)},
			{Name: "one", Object: container.NewGridWrap(fyne.NewSize(760, 240*look.Scale()), one)},
		}
	})
}

// open shows a grid of so many in a window, with room above and at the left of it.
func open(t *testing.T, o neighbour.Options, names ...string) *neighbour.Grid {
	t.Helper()
	uitest.App(t)
	g := neighbour.NewGrid(o)
	var cards []neighbour.Value
	for _, n := range names {
		cards = append(cards, somebody("key of "+n, n))
	}
	g.Set(cards, "")
	w := uitest.Window(t, container.NewWithoutLayout(g), 640, 600)
	g.Move(fyne.NewPos(100, 50))
	g.Resize(fyne.NewSize(480, 300))
	w.Canvas().Focus(g)
	return g
}

// A drop is for whom it was let go over, also when the list is scrolled, and for
// nobody beside, between and below the cards.
func TestCardAt(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	g := open(t, neighbour.Options{}, names...)
	at := func(x, y float32) string {
		key, ok := g.CardAt(fyne.NewPos(x, y))
		if !ok {
			return "nobody"
		}
		return key
	}
	for _, c := range []struct {
		what string
		x, y float32
		want string
	}{
		{"the first card", 120, 70, "key of a"},
		{"the second", 300, 70, "key of b"},
		{"the second row", 120, 280, "key of d"},
		{"left of the grid", 90, 70, "nobody"},
		{"above the grid", 120, 40, "nobody"},
		{"below the grid", 120, 352, "nobody"},
		{"beside the last column", 575, 70, "nobody"},
		{"between two columns", 257, 70, "nobody"},
	} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	uitest.Key(g, fyne.KeyEnd)
	if got := at(500, 330); got != "key of l" {
		t.Errorf("at the lower right, scrolled to the end: %s", got)
	}
	g.Hide()
	if got := at(120, 70); got != "nobody" {
		t.Errorf("in a hidden grid: %s", got)
	}
}

func TestKeys(t *testing.T) {
	var did []string
	note := func(what string) func(string) { return func(key string) { did = append(did, what+" "+key) } }
	cleared := false
	var g *neighbour.Grid
	g = open(t, neighbour.Options{
		OnTick: note("tick"), OnSend: note("send"), OnMenu: func(key string, at fyne.Position) {
			if got, ok := g.CardAt(at); !ok || got != key {
				t.Errorf("the menu of %s opens at that of %s", key, got)
			}
			note("menu")(key)
		},
		OnAll: func() { note("all")("") }, OnClear: func() bool { cleared = true; return true },
	}, "anna", "bob", "carl", "dora", "emil", "Anton")
	for _, k := range []fyne.KeyName{
		fyne.KeySpace, fyne.KeyRight, fyne.KeyReturn, fyne.KeyDown, desktop.KeyMenu, fyne.KeyHome, fyne.KeySpace, fyne.KeyLeft, fyne.KeySpace,
		fyne.KeyEnd, fyne.KeyEnter, fyne.KeyEscape,
	} {
		uitest.Key(g, k)
	}
	g.TypedRune('a')
	g.TypedRune('A')
	uitest.Key(g, fyne.KeySpace)
	g.TypedShortcut(&fyne.ShortcutSelectAll{})
	want := []string{
		"tick key of anna", "send key of bob", "menu key of emil", "tick key of anna", "tick key of anna", "send key of Anton", "tick key of Anton", "all ",
	}
	if len(did) != len(want) || !cleared {
		t.Fatalf("%q, want %q; cleared %v", did, want, cleared)
	}
	for i := range want {
		if did[i] != want[i] {
			t.Errorf("%d: %q, want %q", i, did[i], want[i])
		}
	}
}

// The keyboard stays on the neighbour it was on when others come and go.
func TestCursorFollowsNeighbour(t *testing.T) {
	sent := ""
	g := open(t, neighbour.Options{OnSend: func(key string) { sent = key }}, "b", "c")
	uitest.Key(g, fyne.KeyRight)
	g.Set([]neighbour.Value{somebody("key of a", "a"), somebody("key of b", "b"), somebody("key of c", "c")}, "")
	uitest.Key(g, fyne.KeyReturn)
	if sent != "key of c" {
		t.Errorf("sends to %q", sent)
	}
}

// The light of a drag that has left goes out soon, and that of a pointer which has
// left the window, or rests, a little later; it comes back with the next movement.
func TestLightGoesOut(t *testing.T) {
	now := time.Unix(0, 0)
	lights := 0
	g := open(t, neighbour.Options{Now: func() time.Time { return now }, OnLight: func() { lights++ }}, "a")
	c := cardOf(t, g)
	if !g.DimAt(true).IsZero() {
		t.Error("something is to go out, and nothing is lit")
	}
	c.MouseIn(&desktop.MouseEvent{})
	now = now.Add(3 * time.Second)
	if g.Dim(now, true) || !g.Hovering() {
		t.Fatal("the light went out under the pointer")
	}
	c.MouseMoved(&desktop.MouseEvent{})
	if g.Dim(now.Add(time.Second), false) || !g.Hovering() {
		t.Fatal("the light went out while files hang over the card")
	}
	if at := g.DimAt(false); !g.Dim(at, false) || g.Hovering() {
		t.Error("the light stays after the drag has left")
	}
	c.MouseMoved(&desktop.MouseEvent{})
	if !g.Hovering() || lights != 2 {
		t.Errorf("moving the pointer does not bring the light back, or is not told: %d", lights)
	}
	if at := g.DimAt(true); at.Before(now.Add(time.Second)) || !g.Dim(at, true) || g.Hovering() {
		t.Error("the light stays after the pointer has left the window")
	}
}

// The pointer takes away nothing of what is going on, and says what can be done
// where nothing is.
func TestPointerHidesNothing(t *testing.T) {
	for _, c := range []struct{ state, want string }{{"", "Drop files here"}, {"Sending · 40 %", "Sending · 40 %"}} {
		g := open(t, neighbour.Options{}, "a")
		v := somebody("key of a", "a")
		v.State = c.state
		g.Set([]neighbour.Value{v}, "")
		card := cardOf(t, g)
		card.MouseIn(&desktop.MouseEvent{})
		if got := words(card); !slices.Contains(got, c.want) || c.state != "" && slices.Contains(got, "Drop files here") {
			t.Errorf("%q: under the pointer the card says %q", c.state, got)
		}
	}
}

// words are the texts seen on a card.
func words(c *neighbour.Card) []string {
	var list []string
	for _, o := range test.WidgetRenderer(c).Objects() {
		if text, ok := o.(*canvas.Text); ok && text.Visible() && text.Text != "" {
			list = append(list, text.Text)
		}
	}
	return list
}

// What is going on is seen whole: in two lines beside a name of two, and beside a
// rim that fills.
func TestStateIsWhole(t *testing.T) {
	for _, ring := range []bool{false, true} {
		for _, name := range []string{"Anna", "Nguyễn Thị Minh Khai's very long MacBook"} {
			uitest.App(t)
			v := somebody("k", name)
			v.State, v.Ring = "Wants to send you a good many files", ring
			c := neighbour.NewCard(v)
			c.Resize(c.MinSize())
			var got []string
			for _, o := range test.WidgetRenderer(c).Objects() {
				text, ok := o.(*canvas.Text)
				if !ok || !text.Visible() || text.Text == "" {
					continue
				}
				got = append(got, text.Text)
				if end := text.Position().Y + text.Size().Height; end > c.Size().Height-4 {
					t.Errorf("%s, ring %v: %q ends at %.0f of %.0f", name, ring, text.Text, end, c.Size().Height)
				}
			}
			if all := strings.Join(got, " "); !strings.Contains(all, v.State) {
				t.Errorf("%s, ring %v: the card says %q", name, ring, got)
			}
		}
	}
}

// The name and what stands beside it keep their place, whatever goes on.
func TestNothingMovesOnACard(t *testing.T) {
	uitest.App(t)
	for _, name := range []string{"Anna", "Nguyễn Thị Minh Khai's very long MacBook"} {
		places := map[string][]fyne.Position{}
		for _, state := range []string{"", "Sending", "Wants to send you a good many files"} {
			for _, ring := range []bool{false, true} {
				v := somebody("k", name)
				v.State, v.Ring = state, ring
				c := neighbour.NewCard(v)
				c.Resize(c.MinSize())
				for _, o := range test.WidgetRenderer(c).Objects() {
					text, ok := o.(*canvas.Text)
					if ok && text.Visible() && (text.Text == v.Trust || text.TextStyle.Bold && text.Text != "") && !slices.Contains(places[text.Text], text.Position()) {
						places[text.Text] = append(places[text.Text], text.Position())
					}
				}
			}
		}
		for text, at := range places {
			if len(at) != 1 {
				t.Errorf("%s: %q stands at %v", name, text, at)
			}
		}
		if len(places) < 2 {
			t.Errorf("%s: only %v is seen", name, places)
		}
	}
}

func cardOf(t *testing.T, g *neighbour.Grid) *neighbour.Card {
	t.Helper()
	for _, o := range uitest.Below(g) {
		if c, ok := o.(*neighbour.Card); ok {
			return c
		}
	}
	t.Fatal("no card")
	return nil
}

func BenchmarkScroll500(b *testing.B) {
	uitest.App(b)
	g := neighbour.NewGrid(neighbour.Options{})
	var cards []neighbour.Value
	for i := range 500 {
		cards = append(cards, somebody(string(rune(i)), "Somebody"))
	}
	g.Set(cards, "")
	g.Resize(fyne.NewSize(560, 500))
	for i := 0; b.Loop(); i++ {
		g.SetCursor(i * 7 % 500)
	}
}

// However wide the grid is, everything on a card is on it: a large dish only where the
// card is high enough.
func TestCardsHoldWhatIsOnThem(t *testing.T) {
	g := open(t, neighbour.Options{}, "a", "b", "c")
	cards := everyState()[:6]
	g.Set(cards, "")
	for width := float32(320); width < 900; width += 10 {
		g.Resize(fyne.NewSize(width, 900))
		for _, o := range test.LaidOutObjects(g) {
			c, ok := o.(*neighbour.Card)
			if !ok {
				continue
			}
			for _, part := range test.WidgetRenderer(c).Objects() {
				text, ok := part.(*canvas.Text)
				if ok && text.Visible() && text.Text != "" && text.Position().Y+text.MinSize().Height > c.Size().Height {
					t.Fatalf("%v wide: %q of %q is below the card", width, text.Text, c.Value().Name)
				}
			}
		}
	}
}
