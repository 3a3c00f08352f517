package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/calm"
	"potluck/ui/press"
	"potluck/ui/view"
)

// usual is the size the window opens with.
var usual = fyne.NewSize(900, 600)

func english() *prefs { return settingsOf("light", "en", "100") }

// tap presses the visible button of that text.
func tap(t *testing.T, s *scene, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.window.Content()) {
		if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == text {
			test.Tap(b)
			s.draw()
			return
		}
	}
	t.Fatalf("no button %q", text)
}

// cardPlace returns where on the canvas somebody's card is.
func cardPlace(t *testing.T, s *scene, id identity.ID) fyne.Position {
	t.Helper()
	grid := s.screen.pages[view.Nearby].(*nearbyPage).grid
	for y := float32(0); y < s.window.Canvas().Size().Height; y += 20 {
		for x := float32(0); x < s.window.Canvas().Size().Width; x += 20 {
			if key, ok := grid.CardAt(fyne.NewPos(x, y)); ok && idOf(key) == id {
				return fyne.NewPos(x, y)
			}
		}
	}
	t.Fatal("no card of", id.Short())
	return fyne.Position{}
}

func drop(s *scene, at fyne.Position, paths ...string) {
	var uris []fyne.URI
	for _, p := range paths {
		uris = append(uris, storage.NewFileURI(p))
	}
	s.dropped(at, uris)
}

// What is dropped on a card is offered to that one after two seconds, wherever the
// pointer was before, and to nobody if it is taken back.
func TestDropOnACard(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	drop(s, cardPlace(t, s, room), "/home/lan/a.pdf")
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("it was not held back: %s", told)
	}
	s.pass(1900 * time.Millisecond)
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("it was held back too short: %s", told)
	}
	s.pass(200 * time.Millisecond)
	if told := s.engine.took(s.Window); told != "send a.pdf to cc" {
		t.Errorf("the engine is told %q", told)
	}

	for name, undo := range map[string]func(){
		"the button": func() { s.pass(calm.Time); tap(t, s, "Undo") },
		"Esc":        func() { s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
		"Ctrl+Z":     func() { s.shortcut(t, &fyne.ShortcutUndo{}) },
	} {
		drop(s, cardPlace(t, s, binh), "/home/lan/a.pdf")
		undo()
		s.pass(time.Minute)
		if told := s.engine.took(s.Window); told != "" {
			t.Errorf("%s does not take it back: %s", name, told)
		}
	}
}

// shortcut presses a key of the main menu.
func (s *scene) shortcut(t *testing.T, key fyne.Shortcut) {
	t.Helper()
	for _, menu := range s.window.MainMenu().Items {
		for _, item := range menu.Items {
			if item.Shortcut != nil && item.Shortcut.ShortcutName() == key.ShortcutName() {
				item.Action()
				s.draw()
				return
			}
		}
	}
	t.Fatalf("no menu item has the key %s", key.ShortcutName())
}

// A drop anywhere else, and one of which nobody knows where it fell, is asked
// about.
func TestDropElsewhere(t *testing.T) {
	for name, at := range map[string]fyne.Position{
		"the rail": fyne.NewPos(20, 300), "the panel": fyne.NewPos(800, 500), "nowhere": {},
	} {
		s := stage(t, quiet(), english(), usual)
		drop(s, at, "/home/lan/a.pdf")
		s.pass(time.Minute)
		if told := s.engine.took(s.Window); told != "" || !s.local.Choosing {
			t.Errorf("%s: the engine is told %q", name, told)
		}
	}
	s := stage(t, quiet(), english(), usual)
	at := cardPlace(t, s, room)
	s.do(func(l *view.Local) { l.Go(view.Settings) })
	drop(s, at, "/home/lan/a.pdf") // the card is not in sight
	s.pass(time.Minute)
	if told := s.engine.took(s.Window); told != "" || s.shown.Page != view.Nearby || s.shown.Nearby.Title != "Who is it for?" {
		t.Errorf("the engine is told %q, and the page is %d", told, s.shown.Page)
	}
	s.tapCard(anna)
	s.tapCard(binh)
	s.draw()
	tap(t, s, "Send to 2 people")
	if told := s.engine.took(s.Window); told != "send a.pdf to aa,bb" {
		t.Errorf("the engine is told %q", told)
	}
}

// What scrolled out of sight cannot be hit.
func TestDropBesideTheScroll(t *testing.T) {
	s := stage(t, quiet(), english(), fyne.NewSize(640, 480))
	for range 3 {
		s.draw()
	}
	drop(s, fyne.NewPos(300, 470), "/home/lan/a.pdf") // on the hint, below which cards go on
	s.pass(time.Minute)
	if told := s.engine.took(s.Window); told != "" || !s.local.Choosing {
		t.Errorf("the engine is told %q", told)
	}
}

func TestRequestIsSafe(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.pass(time.Minute)
	s.engine.snapshot.Offers = []sharing.Offer{photos()}
	s.draw()
	if f := s.window.Canvas().Focused(); f != nil {
		t.Errorf("the request takes the keyboard: %T", f)
	}
	tap(t, s, "Accept") // it has just appeared under the pointer
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("accepted at once: %s", told)
	}
	s.pass(700 * time.Millisecond)
	s.acceptFront() // nothing has the keyboard
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("accepted without the keyboard in it: %s", told)
	}
	s.shortcut(t, command(fyne.KeyJ, 0))
	if s.focusedRequest() == nil {
		t.Fatal("Ctrl+J does not reach the request")
	}
	s.pass(time.Second)
	s.shortcut(t, command(fyne.KeyReturn, 0))
	if told := s.engine.took(s.Window); told != `accept 0ffe into "", 0 of 0` {
		t.Errorf("the engine is told %q", told)
	}
	s.shortcut(t, command(fyne.KeyD, 0))
	if told := s.engine.took(s.Window); told != "decline 0ffe" {
		t.Errorf("the engine is told %q", told)
	}
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.draw()
	if len(s.shown.Now.Requests) != 0 || len(s.shown.Now.Folded) != 1 {
		t.Errorf("Esc leaves %+v", s.shown.Now)
	}
}

// A part is taken, into another folder.
func TestLookInside(t *testing.T) {
	e := busy()
	e.contents = album()
	s := stage(t, e, english(), usual)
	s.desk.folder = "/media/usb"
	s.pass(time.Second)
	s.lookInto(e.snapshot.Offers[0].Share)
	s.draw()
	s.engine.took(s.Window)
	p := s.screen.pages[view.Inside].(*insidePage)
	if p.tree.Cursor() != 0 || s.local.Tree.Len() != 5 {
		t.Fatalf("%d rows", s.local.Tree.Len())
	}
	p.tree.SetCursor(4)
	p.tree.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	tap(t, s, "Change…")
	s.draw()
	if p.into.Full() != "/media/usb" {
		t.Errorf("goes to %q", p.into.Full())
	}
	tap(t, s, "Accept 4 files")
	if told := s.engine.took(s.Window); told != `accept 0ffe into "/media/usb", 7 of 8` {
		t.Errorf("the engine is told %q", told)
	}
	p.find.SetText("img_20")
	s.draw()
	if s.local.Tree.Len() != 2 {
		t.Errorf("the search finds %d", s.local.Tree.Len())
	}
	if !inSight(s, "…/Ngày 1") && !inSight(s, "Ảnh Đà Lạt 2026/Ngày 1") {
		t.Errorf("what was found does not say where it lies: %s", reading(s))
	}
	p.find.SetText("no such name")
	s.draw()
	if p.tree.Visible() || !strings.Contains(s.shown.Inside.Loading, "Nothing found") {
		t.Errorf("where nothing is found it says %q", s.shown.Inside.Loading)
	}
	p.find.SetText("")
	s.draw()
	if !p.tree.Visible() || s.shown.Inside.Loading != "" {
		t.Errorf("when all is shown again it says %q", s.shown.Inside.Loading)
	}
	s.engine.snapshot.Offers = nil // withdrawn
	s.draw()
	if s.shown.Page != view.Nearby {
		t.Errorf("what was withdrawn is still shown on page %d", s.shown.Page)
	}
}

func TestTransfersAreCommanded(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	ref := sharing.ShareID{0x12, 0x34}.String()
	for _, c := range []struct {
		do   func()
		told string
	}{
		{func() { s.press(view.PauseTransfer, ref) }, "pause 1234"},
		{func() { s.press(view.ResumeTransfer, ref) }, "resume 1234"},
		{func() { s.press(view.CancelTransfer, ref) }, ""}, // asked about first
		{func() { s.pass(calm.Time); tap(t, s, "Cancel transfer") }, "cancel 1234"},
		{func() { s.press(view.WithdrawTransfer, sharing.ShareID{0xD1}.String()) }, "cancel d100"}, // nobody has anything of it yet
		{s.holdAll, "pause all"},
		{func() { s.transferDo(view.RemoveFromHistory, ref) }, "forget 1234"},
		{func() { s.answer(view.ClearHistory, "") }, "forget all"},
		{func() { s.answer(view.UnpairDevice, anna.String()) }, "unpair aa"},
		{func() { s.block(anna, "Anna") }, ""}, // something is under way: it asks
		{func() { s.answer(view.BlockDevice, anna.String()) }, "block aa"},
		{func() { s.draw(); tap(t, s, "Undo") }, ""}, // it may have come up under the pointer
		{func() { s.pass(time.Second); tap(t, s, "Undo") }, "unblock aa"},
		{func() { s.verify(room) }, "pair cc"},
	} {
		c.do()
		if told := s.engine.took(s.Window); told != c.told {
			t.Errorf("the engine is told %q, want %q", told, c.told)
		}
	}
}

// The keyboard begins on what does no harm.
func TestVerify(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	screens()["verify"](s)
	s.draw()
	s.engine.took(s.Window)
	p := s.screen.pages[view.Verify].(*verifyPage)
	if s.window.Canvas().Focused() != fyne.Focusable(p.cancel) {
		t.Errorf("the keyboard begins on %T", s.window.Canvas().Focused())
	}
	tap(t, s, "They match") // it may have come up under the pointer
	if told := s.engine.took(s.Window); told != "" {
		t.Errorf("the engine is told %q at once", told)
	}
	s.pass(time.Second)
	tap(t, s, "They match")
	if told := s.engine.took(s.Window); told != "answer cc true" {
		t.Errorf("the engine is told %q", told)
	}
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if told := s.engine.took(s.Window); told != "give up pairing cc" || s.shown.Page != view.Nearby {
		t.Errorf("the engine is told %q, page %d", told, s.shown.Page)
	}
}

// The page is there from the click on, before the engine knows of anything, and
// goes when it cannot be.
func TestVerifyFromTheBeginning(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.verify(room)
	s.engine.took(s.Window)
	s.draw()
	if s.shown.Page != view.Verify || !s.shown.Verify.Asking || s.shown.Verify.Cancel == "" {
		t.Errorf("page %d: %+v", s.shown.Page, s.shown.Verify)
	}
	s.engine.snapshot.Pairings = []sharing.Pairing{{Peer: room, State: sharing.PairingComparing}}
	s.draw()
	if s.shown.Page != view.Verify || s.shown.Verify.Match == "" {
		t.Errorf("page %d: %+v", s.shown.Page, s.shown.Verify)
	}
	s.engine.snapshot.Pairings = nil
	s.draw()
	if s.shown.Page != view.Nearby {
		t.Errorf("it is over: page %d", s.shown.Page)
	}
}

func TestPaste(t *testing.T) {
	for content, want := range map[string]view.Basket{
		"/a/b\n/c":            {Paths: []string{"/a/b", "/c"}},
		"hello https://x.com": {Text: "hello https://x.com"},
		"":                    {},
	} {
		s := stage(t, quiet(), english(), usual)
		s.o.App.Clipboard().SetContent(content)
		s.shortcut(t, &fyne.ShortcutPaste{})
		got := s.local.Basket
		if strings.Join(got.Paths, ",") != strings.Join(want.Paths, ",") || got.Text != want.Text || s.local.Choosing != !want.Empty() {
			t.Errorf("%q: %+v", content, got)
		}
	}
}

func TestMessageIsWritten(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.write(anna)
	test.Type(s.screen.pages[view.Write].(*writePage).entry, "Xin chào")
	s.shortcut(t, command(fyne.KeyReturn, 0))
	if told := s.engine.took(s.Window); told != `say "Xin chào" to aa` || s.shown.Page != view.Nearby {
		t.Errorf("the engine is told %q, page %d", told, s.shown.Page)
	}
}

// A link is opened only after a question that names the host.
func TestLinkIsAskedAbout(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	screens()["message"](s)
	s.draw()
	s.pass(calm.Time)
	tap(t, s, "Open link…")
	if len(s.desk.told) != 0 || !strings.Contains(s.shown.Question.Text, "example.com") {
		t.Fatalf("asks %q", s.shown.Question.Text)
	}
	s.pass(calm.Time)
	tap(t, s, "Open")
	if told := <-s.desk.told; told != "browse https://example.com/da-lat" {
		t.Errorf("%s", told)
	}
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.engine.err = errors.New("cannot receive into /x: the disk is read-only")
	s.accept(photo, nil)
	s.draw()
	if n := s.shown.Notice; n.Text != "Cannot receive into \u2068/x\u2069: the disk is read-only." || n.Button != "Choose another folder" {
		t.Errorf("says %+v", n)
	}
	s.desk.folder = "/y"
	s.pass(time.Second)
	tap(t, s, "Choose another folder")
	if s.local.Into[photo] != "/y" || s.shown.Notice.Text != "" {
		t.Errorf("goes to %q, and says %q", s.local.Into[photo], s.shown.Notice.Text)
	}
}

// Language, theme and size of text change while the window is open, and what was
// going on goes on.
func TestSettingsCountAtOnce(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.local.Choose(view.Basket{Paths: []string{"/a.pdf"}})
	s.local.Tick(anna)
	s.prefs.values["language"], s.prefs.values["theme"], s.prefs.values["textSize"] = "vi", "dark", "150"
	s.choose(s.prefs.Values())
	s.draw()
	if got := s.shown.Nearby.Title; got != "Gửi cho ai?" {
		t.Errorf("the title is %q", got)
	}
	if got := s.window.MainMenu().Items[4].Label; got != "Trợ giúp" {
		t.Errorf("the menu is %q", got)
	}
	tap(t, s, "Gửi cho \u2068Anna AA00\u2069") // there is another Anna
	if told := s.engine.took(s.Window); told != "send a.pdf to aa" {
		t.Errorf("the engine is told %q", told)
	}
}

// Every key of the menus is listed on the page of keys, and every entry there is
// on a menu.
func TestKeysAreListed(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	listed := map[string]bool{}
	for _, k := range view.KeyLines(s.words) {
		listed[strings.ReplaceAll(k.Keys, "Enter", "Return")] = true
	}
	for _, menu := range s.window.MainMenu().Items {
		for _, item := range menu.Items {
			var keys string
			switch c := item.Shortcut.(type) {
			case nil:
				continue
			case *desktop.CustomShortcut:
				keys = "Ctrl+"
				if c.Modifier&fyne.KeyModifierShift != 0 {
					keys += "Shift+"
				}
				keys += string(c.KeyName)
			case *fyne.ShortcutPaste:
				keys = "Ctrl+V"
			case *fyne.ShortcutUndo:
				keys = "Ctrl+Z"
			case *fyne.ShortcutSelectAll:
				keys = "Ctrl+A"
			}
			if !listed[keys] && keys != "Ctrl+3" {
				t.Errorf("%s (%s) is not listed", keys, item.Label)
			}
		}
	}
}

// When nothing has changed, nothing is drawn again.
func TestIdleDrawsNothing(t *testing.T) {
	for name, e := range map[string]*engine{"quiet": quiet(), "busy": busy()} {
		s := stage(t, e, english(), usual)
		for range 3 {
			s.draw()
		}
		c := count(t)
		for range 5 {
			s.draw()
		}
		if c.n != 0 {
			t.Errorf("%s: %d repaints were asked for without a change", name, c.n)
		}
		s.tapCard(anna)
		if c.n == 0 {
			t.Errorf("%s: a tick asks for no repaint: nothing is counted", name)
		}
	}
}

// Every icon that was drawn for the window is there.
func TestDrawings(t *testing.T) {
	for _, name := range []string{"laptop", "desktop", "server", "phone", "shield-check", "tray", "tray-waiting"} {
		if drawings[name] == nil {
			t.Errorf("no icon %q", name)
		}
	}
}
