package request_test

import (
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/banner"
	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/press"
	"potluck/ui/request"
	"potluck/ui/uitest"
)

func folder() request.Value {
	return request.Value{
		Key: "1", Picture: uitest.Dish("2A55B8"), Name: "Bình's ThinkPad", Trust: "Verified", TrustIcon: theme.ConfirmIcon(), TrustColor: theme.ColorNameSuccess,
		Line: "wants to send you", Icon: theme.FolderIcon(), Title: "Ảnh Đà Lạt 2026", Amount: "1,204 files in 1 folder", Size: "3.4 GB", Look: "Look inside",
		SaveTo: "Save to", Folder: "Downloads/Potluck", Change: "Change…", Free: "212 GB free", Accept: "Accept", Decline: "Decline", More: "More",
		Label: "Bình's ThinkPad wants to send you Ảnh Đà Lạt 2026",
	}
}

func program() request.Value {
	return request.Value{
		Key: "2", Picture: uitest.Dish("B3321F"), Name: "Phòng họp 3", Trust: "Chưa xác minh", TrustIcon: theme.QuestionIcon(),
		Line: "muốn gửi cho bạn", Icon: theme.FileIcon(), Title: "invoice_2026-11-21_final.pdf", Ext: ".exe", Program: true, Size: "Chương trình · 4,2 MB",
		Notes: [request.Notes]banner.Value{
			{Tone: banner.Warn, Text: "Chưa xác minh: chưa ai kiểm tra đây đúng là máy của họ.", Button: "Cùng xác minh…"},
			{Tone: banner.Bad, Text: "Chương trình có thể gây hại cho máy. Chỉ nhận nếu chính bạn đã nhờ gửi."},
		},
		SaveTo: "Lưu vào", Folder: "/home/lan/Tải về/Potluck/Ảnh của gia đình", Change: "Đổi…", Free: "còn trống 212 GB",
		Accept: "Nhận", Decline: "Từ chối", More: "Thêm", Waiting: "Còn 2 lời mời đang chờ",
	}
}

// whole gives a card the height it asks for.
func whole(v request.Value, width float32) fyne.CanvasObject {
	c := request.New(request.Actions{})
	c.Set(v)
	return container.NewGridWrap(fyne.NewSize(width, c.HeightFor(width)), c)
}

// scrolled puts a card into a scroll.
func scrolled(c *request.Card) *container.Scroll {
	s := flow.NewScroll(c)
	s.OnScrolled = func(fyne.Position) { c.See(s, true) }
	return s
}

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "request", 330, func() []uitest.State {
		full := folder()
		full.Key, full.Free, full.FreeBad, full.AcceptOff, full.Later = "3", "Needs 3.4 GB, only 1.1 GB free here. Choose another folder.", true, true, "Later"
		full.Name = "Nguyễn Thị Minh Khai's very long MacBook Pro 16-inch"
		return []uitest.State{
			{Name: "a folder", Object: whole(folder(), 290)},
			{Name: "a program of a stranger", Object: whole(program(), 290)},
			{Name: "no room, a long name", Object: whole(full, 290)},
		}
	})
}

// warned returns the one line about programs that is shown, if one is.
func warned(o fyne.CanvasObject) string {
	if !o.Visible() {
		return ""
	}
	var below []fyne.CanvasObject
	switch o := o.(type) {
	case *elide.Text:
		if strings.Contains(o.Full(), "Chương trình có thể") {
			return o.Full()
		}
	case *fyne.Container:
		below = o.Objects
	case fyne.Widget:
		below = test.WidgetRenderer(o).Objects()
	}
	for _, child := range below {
		if text := warned(child); text != "" {
			return text
		}
	}
	return ""
}

// In a low window the buttons stay in sight, and a line says what is still to be
// read: the worst of what is out of sight. Scrolled to the end, there is no line.
func TestLow(t *testing.T) {
	uitest.App(t)
	c := request.New(request.Actions{})
	c.Set(program())
	s := scrolled(c)
	w := uitest.Window(t, s, 300, 300)
	c.See(s, false)
	line := func() string { return warned(c) }
	inSight := func(text string) bool {
		b := button(t, c, text)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).Y
		return at >= 0 && at+b.Size().Height <= w.Canvas().Size().Height
	}
	if !inSight("Nhận") || !inSight("Từ chối") || line() == "" {
		t.Errorf("at the beginning: %v, %v, %q", inSight("Nhận"), inSight("Từ chối"), line())
	}
	before := button(t, c, "Nhận").Position()
	test.Scroll(w.Canvas(), fyne.NewPos(50, 100), 0, -20) // over the card: the wheel moves all of it
	if s.Offset.Y == 0 || button(t, c, "Nhận").Position() != before {
		t.Errorf("scrolled to %v", s.Offset)
	}
	if !inSight("Nhận") {
		t.Error("the button scrolled away")
	}
	test.Scroll(w.Canvas(), fyne.NewPos(50, 100), 0, -2000)
	if line() != "" || !inSight("Nhận") {
		t.Errorf("at the end: %q", line())
	}
	test.Scroll(w.Canvas(), fyne.NewPos(50, 100), 0, 2000)
	test.TapCanvas(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, c, "Nhận")).AddXY(20, -20))
	if s.Offset.Y == 0 {
		t.Errorf("the line %q does not lead to what it says: %v", line(), fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, c, "Nhận")))
	}
}

// What is below the buttons cannot be clicked through the gaps between them.
func TestNothingIsClickedThrough(t *testing.T) {
	uitest.App(t)
	var pressed []int
	c := request.New(request.Actions{Note: func(i int) { pressed = append(pressed, i) }})
	c.Set(program())
	s := scrolled(c)
	w := uitest.Window(t, s, 300, 260)
	c.See(s, false)
	accept := fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, c, "Nhận"))
	for y := accept.Y - 2; y < 260; y += 4 {
		for x := float32(0); x < 300; x += 8 {
			test.TapCanvas(w.Canvas(), fyne.NewPos(x, y))
		}
	}
	if len(pressed) > 0 {
		t.Errorf("notes were pressed below the buttons: %v", pressed)
	}
}

// A clock is moved by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) wait(d time.Duration) { c.at = c.at.Add(d) }

// open shows a card. The function it returns looks for what has moved.
func open(t *testing.T) (*request.Card, *clock, *[]string, fyne.Window, func()) {
	t.Helper()
	uitest.App(t)
	var did []string
	note := func(what string) func() { return func() { did = append(did, what) } }
	time := &clock{at: time.Unix(1000, 0)}
	c := request.New(request.Actions{
		Look: note("look"), Change: note("change"), Accept: note("accept"), Decline: note("decline"),
		More: func(fyne.Position) { note("more")() }, Note: func(i int) { note("note" + string(rune('0'+i)))() },
	})
	c.Set(folder())
	w := uitest.Window(t, container.NewWithoutLayout(c), 400, 500)
	c.Resize(fyne.NewSize(300, c.HeightFor(300)))
	watch := calm.NewWatch(time.now)
	look := func() { watch.Look(w.Content()) }
	look()
	return c, time, &did, w, look
}

func button(t *testing.T, c *request.Card, text string) *press.Button {
	t.Helper()
	for _, o := range uitest.Below(c) {
		if b, ok := o.(*press.Button); ok && b.AccessibilityLabel() == text {
			return b
		}
	}
	t.Fatalf("no button %q", text)
	return nil
}

// A card that has just come under the pointer is not pressed by it.
func TestIsSafeUnderThePointer(t *testing.T) {
	c, time, did, _, look := open(t)
	accept := button(t, c, "Accept")
	ignored := func(when string) {
		t.Helper()
		look()
		test.Tap(accept)
		uitest.Key(accept, fyne.KeyReturn)
		c.AcceptNow()
		if len(*did) > 0 {
			t.Errorf("%s: %v", when, *did)
			*did = nil
		}
	}
	heard := func(when string) {
		t.Helper()
		look()
		test.Tap(accept)
		if !slices.Equal(*did, []string{"accept"}) {
			t.Errorf("%s: %v, want one accept", when, *did)
		}
		*did = nil
	}
	time.wait(599e6)
	ignored("just after it appeared")
	time.wait(1e6)
	heard("a moment after it appeared")
	c.Move(fyne.NewPos(0, 40))
	ignored("just after it moved")
	time.wait(600e6)
	heard("a moment after it moved")
	c.Move(fyne.NewPos(0, 40))
	heard("when it was laid out in the same place")
	other := folder()
	other.Key = "another offer"
	c.Set(other)
	ignored("just after it became that of another offer")
	time.wait(600e6)
	c.Hide()
	look()
	c.Show()
	ignored("just after it was shown again")
	time.wait(600e6)
	c.Resize(c.Size().AddWidthHeight(0, 30))
	ignored("just after its buttons moved down")
	time.wait(600e6)
	other.AcceptOff = true
	c.Set(other)
	ignored("when there is no room")
}

func TestActions(t *testing.T) {
	c, time, did, w, look := open(t)
	v := folder()
	v.Notes[1] = banner.Value{Text: "note", Button: "Verify"}
	c.Set(v)
	c.Resize(fyne.NewSize(300, c.HeightFor(300)))
	look()
	time.wait(1e9)
	for _, name := range []string{"Change…", "Accept", "Decline", "More", "Verify"} {
		test.Tap(button(t, c, name))
	}
	w.Canvas().Focus(c.First())
	if !c.HasFocus() {
		t.Error("the card does not know that it has the focus")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if want := []string{"change", "accept", "decline", "more", "note1", "look"}; !slices.Equal(*did, want) {
		t.Errorf("%v, want %v", *did, want)
	}
	w.Canvas().Unfocus()
	if c.HasFocus() {
		t.Error("the card thinks that it has the focus")
	}
}

// The keyboard reaches everything, also what is scrolled out of sight.
func TestFocusOrder(t *testing.T) {
	uitest.App(t)
	c := request.New(request.Actions{})
	c.Set(program())
	s := scrolled(c)
	w := uitest.Window(t, s, 300, 300)
	c.See(s, false)
	var names []string
	for range 5 {
		w.Canvas().FocusNext()
		o := w.Canvas().Focused()
		names = append(names, o.(fyne.Accessible).AccessibilityLabel())
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o.(fyne.CanvasObject))
		limit := float32(300)
		if accept := fyne.CurrentApp().Driver().AbsolutePositionForObject(button(t, c, "Nhận")); at.Y < accept.Y {
			limit = accept.Y // the buttons stand over what is further down
		}
		if at.Y < 0 || at.Y+o.(fyne.CanvasObject).Size().Height > limit {
			t.Errorf("%s has the focus out of sight, at %v", names[len(names)-1], at.Y)
		}
	}
	if want := []string{"Cùng xác minh…", "Đổi…", "Nhận", "Từ chối", "Thêm"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

func TestSetTellsOfHeight(t *testing.T) {
	c, _, _, _, _ := open(t)
	v := folder()
	v.Free = "211 GB free"
	if c.Set(v) {
		t.Error("another number made it higher")
	}
	v.Notes[0] = banner.Value{Text: "a note"}
	if !c.Set(v) {
		t.Error("a note did not make it higher")
	}
	if got, want := flow.HeightFor(c, 300), c.HeightFor(300); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

// Where it was never in sight who an offer is from, yes shows that instead; the next yes
// counts.
func TestYesShowsWhoItIsFromFirst(t *testing.T) {
	uitest.App(t)
	accepted := 0
	c := request.New(request.Actions{Accept: func() { accepted++ }})
	above := canvas.NewRectangle(color.Black)
	above.SetMinSize(fyne.NewSize(10, 60))
	below := canvas.NewRectangle(color.Black)
	below.SetMinSize(fyne.NewSize(10, 900))
	column := flow.NewColumn(0, above, c, below)
	scroll := flow.NewScroll(column)
	w := uitest.Window(t, scroll, 320, 380)
	w.Resize(fyne.NewSize(320, 380))
	c.Set(request.Value{Key: "1", Name: "Anna", Title: "a", Accept: "Nhận", Decline: "Từ chối", SaveTo: "x", Folder: "y"})
	flow.Relayout(scroll)
	scroll.ScrollToOffset(fyne.NewPos(0, 160))
	c.See(scroll, true)
	c.Guard().Settled()
	c.AcceptNow()
	if accepted != 0 || scroll.Offset.Y != 60 {
		t.Fatalf("accepted %d times, scrolled to %v", accepted, scroll.Offset.Y)
	}
	c.See(scroll, true)
	scroll.ScrollToOffset(fyne.NewPos(0, 160)) // it was seen: what is wanted now is the rest
	c.See(scroll, true)
	c.Guard().Settled()
	c.AcceptNow()
	if accepted != 1 {
		t.Errorf("accepted %d times", accepted)
	}
}
