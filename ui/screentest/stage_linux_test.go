package screentest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/screentest"
	"potluck/ui/uitest"
)

// TestMain lets the test binary be a program with a window: the tests start it
// again so.
func TestMain(m *testing.M) {
	if os.Getenv("POTLUCK_STAGE") == "1" {
		stage()
		return
	}
	os.Exit(m.Run())
}

// stage shows a grid of four, and says what happens to it.
func stage() {
	a := app.New()
	a.Settings().SetTheme(look.New(look.Options{Variant: look.Light}))
	w := a.NewWindow("Stage")
	w.SetPadded(false)
	focused := false
	a.Lifecycle().SetOnEnteredForeground(func() { focused = true })
	a.Lifecycle().SetOnExitedForeground(func() { focused = false })
	g := neighbour.NewGrid(neighbour.Options{
		OnTick: func(key string) { fmt.Println("tick", key) },
		OnSend: func(key string) { fmt.Println("send", key) },
	})
	var cards []neighbour.Value
	for _, name := range []string{"anna", "ben", "chi", "dan"} {
		cards = append(cards, neighbour.Value{
			Key: name, Name: name, Picture: uitest.Dish("2A55B8"), Kind: theme.ComputerIcon(), Trust: "Not verified", TrustIcon: theme.QuestionIcon(), Hint: "Drop files here",
		})
	}
	g.Set(cards, "4 nearby")
	w.SetContent(container.NewBorder(container.NewGridWrap(fyne.NewSize(1, 60)), nil, nil, nil, g))
	w.Resize(fyne.NewSize(560, 500))
	w.SetOnDropped(func(at fyne.Position, files []fyne.URI) {
		key, ok := g.CardAt(at)
		fmt.Println("drop", key, ok, files[0].Path())
	})
	go func() { // what the follower of the window does
		for range time.Tick(100 * time.Millisecond) {
			fyne.Do(func() { g.Dim(time.Now(), focused) })
		}
	}()
	w.Show()
	w.Canvas().Focus(g)
	a.Run()
}

// A run is the stage, running.
type run struct {
	*screentest.Screen
	window *screentest.Window
	said   chan string
}

func start(t *testing.T) *run {
	t.Helper()
	s := screentest.New(t, 900, 700)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append([]string{"POTLUCK_STAGE=1", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LANG=en.UTF-8"}, s.Env()...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &run{Screen: s, said: make(chan string, 100)}
	go func() {
		defer close(r.said)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			r.said <- lines.Text()
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range r.said {
		}
		_ = cmd.Wait() // it was killed
		if said := complaints.String(); t.Failed() || strings.Contains(said, "Error in Fyne call thread") {
			t.Error(said)
		}
	})
	r.window = s.WaitForWindow(t, "Stage")
	s.Wait(t, "the cards to be drawn", func() bool { return near(s.Color(t, r.ground(0)), 0xFFFFFF) })
	return r
}

// card returns the middle of a card; ground a place on it where nothing is drawn.
// Three are in a row.
func (r *run) card(i int) image.Point { return r.ground(i).Add(image.Pt(60, 80)) }

func (r *run) ground(i int) image.Point { return r.window.At(20+i%3*180+5, 60+20+i/3*190) }

// expect waits for what the stage says next.
func (r *run) expect(t *testing.T, want string) {
	t.Helper()
	select {
	case got := <-r.said:
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("nothing happens, want %q", want)
	}
}

// lit waits until a card has the ground of a lit one, or has it no more.
func (r *run) lit(t *testing.T, i int, want bool) {
	t.Helper()
	what := map[bool]string{true: "a lit card", false: "a card that is not lit"}[want]
	r.Wait(t, what, func() bool { return near(r.Color(t, r.ground(i)), 0xE0F0EE) == want })
}

func near(c color.NRGBA, want uint32) bool {
	off := func(got uint8, shift uint) bool { d := int(got) - int(want>>shift&0xFF); return d > 2 || d < -2 }
	return !off(c.R, 16) && !off(c.G, 8) && !off(c.B, 0)
}

func TestDropOnCard(t *testing.T) {
	r := start(t)
	file := filepath.Join(t.TempDir(), "a file.txt")
	r.Move(t, r.card(0)) // the mouse was last seen over somebody else
	r.lit(t, 0, true)
	d := r.Drag(t, file)
	d.Over(t, r.card(1))
	r.lit(t, 1, true)
	r.lit(t, 0, false)
	r.Save(t, "hover")
	if !d.Drop(t) {
		t.Fatal("the window takes no files")
	}
	r.expect(t, "drop ben true "+file)
	r.Save(t, "dropped")
}

func TestDropBeside(t *testing.T) {
	r := start(t)
	d := r.Drag(t, "/tmp/x")
	d.Over(t, r.card(2))
	d.Over(t, r.window.At(300, 20))
	d.Drop(t)
	r.expect(t, "drop  false /tmp/x")
}

// The light of a drag that has left goes out by itself.
func TestDragLeaves(t *testing.T) {
	r := start(t)
	r.Unfocus(t)
	d := r.Drag(t, "/tmp/x")
	d.Over(t, r.card(2))
	r.lit(t, 2, true)
	d.Cancel(t)
	r.lit(t, 2, false)
}

// So it does while the window is the one in use, of which no event tells that it
// ends.
func TestDragLeavesTheWindowInUse(t *testing.T) {
	r := start(t)
	r.window.Focus(t)
	d := r.Drag(t, "/tmp/x")
	d.Over(t, r.card(1))
	r.lit(t, 1, true)
	d.Cancel(t)
	r.lit(t, 1, false)
}

// The light under a pointer that has left the window goes out too.
func TestPointerLeaves(t *testing.T) {
	r := start(t)
	r.window.Focus(t)
	r.Move(t, r.card(0))
	r.lit(t, 0, true)
	r.Move(t, image.Pt(880, 680))
	r.lit(t, 0, false)
	r.Move(t, r.card(0).Add(image.Pt(3, 3))) // the system tells of no movement that leads to where the pointer was
	r.lit(t, 0, true)
}

// Cards are found on the screen by what they look like.
func TestFind(t *testing.T) {
	r := start(t)
	r.Move(t, image.Pt(880, 680))
	cards := r.Find(t, look.New(look.Options{Variant: look.Light}).Color(look.Card, theme.VariantLight), image.Pt(100, 100))
	if len(cards) != 4 {
		t.Fatalf("found %v, want four", cards)
	}
	for i, c := range cards {
		if !r.card(i).In(c) {
			t.Errorf("the card of number %d is at %v, without %v in it", i, c, r.card(i))
		}
	}
}

func TestMouseAndKeys(t *testing.T) {
	r := start(t)
	r.window.Focus(t)
	r.Click(t, r.card(2))
	r.expect(t, "tick chi")
	r.Key(t, "Left")
	r.Key(t, "space")
	r.expect(t, "tick ben")
	r.Key(t, "End")
	r.Key(t, "Return")
	r.expect(t, "send dan")
	r.Key(t, "shift+a")
	r.Key(t, "Return")
	r.expect(t, "send anna")
	r.Save(t, "keys")
}

// Words are found by what they look like, whatever their size and colour.
func TestText(t *testing.T) {
	r := start(t)
	for text, want := range map[string]int{"Not verified": 4, "chi": 1, "Drop files here": 0, "Nobody": 0} {
		if found := r.Text(t, text); len(found) != want {
			t.Errorf("%q is seen at %v, want %d", text, found, want)
		}
	}
	r.ClickText(t, "chi")
	r.expect(t, "tick chi")
}
