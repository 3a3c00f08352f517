package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/look"
	"potluck/ui/view"
)

// somebody's folders, where the system has no chooser.
func folders(s *scene) {
	s.desk.none = true
	s.desk.tree = map[string][]Listed{
		"/home/lan":                   {{"b.pdf", false}, {"Downloads", true}, {"a.pdf", false}},
		"/home/lan/Downloads":         {{"Potluck", true}, {"Other", true}},
		"/home/lan/Downloads/Potluck": {},
		"/home/lan/Downloads/Other":   {},
	}
}

func (s *scene) pickPage() *pickPage { return s.screen.pages[view.Pick].(*pickPage) }

// key presses a key on the list, and lets what it began end.
func (s *scene) key(name fyne.KeyName) {
	s.pickPage().list.TypedKey(&fyne.KeyEvent{Name: name})
	for range 3 {
		s.draw()
	}
}

// Where the system has no chooser, a folder is chosen by the keyboard alone,
// beginning with the one that counts; nothing is blocked meanwhile.
func TestFolderIsPicked(t *testing.T) {
	e := busy()
	e.contents = album()
	s := stage(t, e, english(), usual)
	folders(s)
	s.lookInto(s.engine.snapshot.Offers[0].Share)
	s.draw()
	s.saveInto(photo)
	for range 3 {
		s.draw()
	}
	if s.shown.Page != view.Pick || s.shown.Pick.Path != "/home/lan/Downloads/Potluck" || s.window.Canvas().Overlays().Top() != nil {
		t.Fatalf("page %d, %q", s.shown.Page, s.shown.Pick.Path)
	}
	if s.window.Canvas().Focused() != fyne.Focusable(s.pickPage().list) {
		t.Errorf("the keyboard is on %T", s.window.Canvas().Focused())
	}
	s.key(fyne.KeyBackspace)
	if s.shown.Pick.Path != "/home/lan/Downloads" || s.shown.Pick.Entries[0].Name != "Other" {
		t.Fatalf("above is %q: %v", s.shown.Pick.Path, s.shown.Pick.Entries)
	}
	s.key(fyne.KeyReturn)
	tap(t, s, "Choose this folder")
	if s.local.Into[photo] != "/home/lan/Downloads/Other" || s.shown.Page != view.Inside {
		t.Errorf("goes to %q, page %d", s.local.Into[photo], s.shown.Page)
	}
	s.saveInto(photo)
	s.draw()
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.shown.Page != view.Inside || s.local.Into[photo] != "/home/lan/Downloads/Other" {
		t.Errorf("Esc leads to page %d, and into %q", s.shown.Page, s.local.Into[photo])
	}
}

// A folder is made on the way, by the keyboard alone. Names that lead elsewhere or
// would not be seen are refused.
func TestFolderIsMade(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	folders(s)
	s.saveInto(photo)
	for range 3 {
		s.draw()
	}
	p := s.pickPage()
	p.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.keyboard(t) != fyne.Focusable(p.name) {
		t.Fatalf("the keyboard is on %T", s.keyboard(t))
	}
	const not = "A folder cannot be called that. Use letters, digits, spaces and dashes."
	for _, name := range []string{"", "  ", ".", "..", "../x", "a/b", `a\b`, "/etc", ".hidden", "a\x00", "a\u202egpj", "con", "a:b", strings.Repeat("n", 300)} {
		p.name.SetText(name)
		p.name.OnSubmitted(name)
		s.draw()
		if s.shown.Pick.Unmade != not || len(s.desk.tree) != 4 {
			t.Errorf("%q: %q, %v", name, s.shown.Pick.Unmade, s.desk.tree)
		}
	}
	s.list("/home/lan/Downloads")
	s.draw()
	p.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.name.SetText("Other")
	p.name.OnSubmitted("Other")
	s.draw()
	if got := s.shown.Pick.Unmade; got != "There is something of this name already." {
		t.Errorf("it says %q", got)
	}
	p.name.SetText(" Ảnh Đà Lạt ")
	p.name.OnSubmitted(p.name.Text)
	for range 3 {
		s.draw()
	}
	if s.shown.Pick.Path != "/home/lan/Downloads/Ảnh Đà Lạt" || s.shown.Pick.Naming || s.keyboard(t) != fyne.Focusable(p.list) {
		t.Errorf("shows %q, the keyboard is on %T", s.shown.Pick.Path, s.keyboard(t))
	}
	p.create.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.shown.Page != view.Pick || s.shown.Pick.Naming {
		t.Error("Esc leaves more than the name")
	}
	tap(t, s, "Choose this folder")
	if s.local.Into[photo] != "/home/lan/Downloads/Ảnh Đà Lạt" {
		t.Errorf("goes to %q", s.local.Into[photo])
	}
}

// A folder that is still to be made is chosen from the one above it; and the keyboard is
// seen where there is nothing to stand on.
func TestChooserBeginsAboveWhatIsNotThere(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	folders(s)
	delete(s.desk.tree, "/home/lan/Downloads/Potluck")
	s.desk.tree["/home/lan/Downloads"] = nil
	s.saveInto(photo)
	for range 3 {
		s.draw()
	}
	if s.shown.Pick.Path != "/home/lan/Downloads" || !s.shown.Pick.Can {
		t.Errorf("begins with %+v", s.shown.Pick)
	}
	ring := func() (seen bool) {
		for _, o := range test.WidgetRenderer(s.pickPage().list).Objects() {
			if r, ok := o.(*canvas.Rectangle); ok {
				seen = seen || r.Visible() && r.StrokeColor == look.Color(look.FocusRing) && r.Size() == s.pickPage().list.Size()
			}
		}
		return seen
	}
	if !ring() {
		t.Error("nothing shows that the empty list has the keyboard")
	}
	s.window.Canvas().FocusNext()
	if ring() {
		t.Error("the ring stays")
	}
}

// A path can be typed, and one that is not there is said to be so.
func TestPathIsTyped(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	folders(s)
	s.saveInto(photo)
	s.draw()
	for path, empty := range map[string]string{"/nowhere": "This is not there any more.", "/home/lan/Downloads": ""} {
		s.pickPage().path.SetText(path)
		s.pickPage().path.OnSubmitted(path)
		s.draw()
		s.draw()
		if s.shown.Pick.Empty != empty || s.shown.Pick.Can != (empty == "") {
			t.Errorf("%s: %+v", path, s.shown.Pick)
		}
	}
}

// Several files are ticked and sent.
func TestFilesArePicked(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	folders(s)
	s.chooseFiles(&binh)
	for range 3 {
		s.draw()
	}
	if s.shown.Pick.Path != "/home/lan" || s.shown.Pick.Can {
		t.Fatalf("%+v", s.shown.Pick)
	}
	for range 2 { // below the folder
		s.key(fyne.KeyDown)
		s.key(fyne.KeySpace)
	}
	tap(t, s, "Choose 2 files")
	s.pass(3e9)
	if told := s.engine.took(s.Window); told != "send a.pdf+b.pdf to bb" {
		t.Errorf("the engine is told %q", told)
	}
}

// The system's own chooser begins with the folder that counts, too.
func TestChooserBeginsWhereItIs(t *testing.T) {
	s := stage(t, busy(), english(), usual)
	s.desk.folder = "/y"
	s.saveInto(photo)
	s.draw()
	if s.desk.at != "/home/lan/Downloads/Potluck" {
		t.Errorf("begins at %q", s.desk.at)
	}
}

// What was received is opened with a click, and only what can be.
func TestOpenWhatWasReceived(t *testing.T) {
	e := quiet()
	e.snapshot.Transfers = pauses()[3:]
	program := e.snapshot.Transfers[0]
	program.Share, program.Paths = sharing.ShareID{9}, []string{"/home/lan/Downloads/Potluck/setup.exe"}
	e.snapshot.Transfers = append(e.snapshot.Transfers, program)
	s := stage(t, e, english(), usual)
	tap(t, s, "Open")
	if told := <-s.desk.told; told != "open /home/lan/Downloads/Potluck/thư.pdf" {
		t.Error(told)
	}
	s.transferDo(view.OpenReceived, program.Share.String())
	s.acts.Wait()
	if len(s.desk.told) > 0 {
		t.Error(<-s.desk.told)
	}
}

// What is found damaged stays until somebody has seen it, one after another.
func TestDamageIsTold(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.Tell([]string{
		"The list of known devices was damaged. Nobody is verified … The damaged list is kept as /home/lan/state/known.json.damaged-1.",
		`the setting "theme" is not used: no`,
	})
	s.draw()
	s.pass(1e9)
	tap(t, s, "Show it")
	if told := <-s.desk.told; told != "show /home/lan/state/known.json.damaged-1" {
		t.Error(told)
	}
	if s.shown.Notice.Text != "One of the settings could not be read; its usual value is in use." {
		t.Errorf("says %q", s.shown.Notice.Text)
	}
	s.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.shown.Notice.Text != "" {
		t.Errorf("still says %q", s.shown.Notice.Text)
	}
}

// Tab leads out of a message that is being written.
func TestTabLeavesAMessage(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.write(anna)
	p := s.screen.pages[view.Write].(*writePage)
	if p.entry.AcceptsTab() {
		t.Error("the entry keeps Tab")
	}
	test.Type(p.entry, "hello")
	s.draw()
	s.window.Canvas().Focus(p.entry)
	s.window.Canvas().FocusNext()
	if s.window.Canvas().Focused() != fyne.Focusable(p.cancel) {
		t.Errorf("Tab leads to %T", s.window.Canvas().Focused())
	}
}

// The code and the text below it lead to this device.
func TestMyCode(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	s.showMine()
	s.draw()
	s.draw()
	want := "potluck:" + s.engine.snapshot.Self.ID.String() + "?at=192.168.1.5:27420"
	p := s.screen.pages[view.Mine].(*minePage)
	if s.shown.Mine.Link != want || p.code.Image == nil {
		t.Errorf("shows %q", s.shown.Mine.Link)
	}
	tap(t, s, "Copy")
	if got := s.o.App.Clipboard().Content(); got != want {
		t.Errorf("copies %q", got)
	}
}

// A long message is shown in part, and there is no scroll in the scroll.
func TestLongMessage(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	screens()["message"](s)
	for range 20 {
		s.engine.snapshot.Messages[0].Text += "\nmore"
	}
	s.draw()
	s.draw()
	text := s.screen.now.texts[0]
	cut := text.text.HeightFor(250)
	tap(t, s, "Show all")
	if all := text.text.HeightFor(250); all <= cut {
		t.Errorf("all of it is %v high, a part %v", all, cut)
	}
}
