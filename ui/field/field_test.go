package field_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "field", 340, func() []uitest.State {
		entry := func() *field.Entry {
			e := field.NewEntry()
			e.SetText("Lan's laptop")
			return e
		}
		choice := func() *field.Select {
			s := field.NewSelect([]string{"Theo hệ thống", "Sáng", "Tối"}, nil)
			s.Set("Sáng")
			return s
		}
		check := func(on bool) *field.Check {
			c := field.NewCheck("Tự chạy ẩn khi đăng nhập", nil)
			c.Set(on)
			return c
		}
		slider := func() *field.Slider {
			s := field.NewSlider(80, 200)
			s.Value = 120
			return s
		}
		focused := func(o interface {
			fyne.CanvasObject
			fyne.Focusable
		},
		) fyne.CanvasObject {
			_ = test.WidgetRenderer(o.(fyne.Widget))
			o.FocusGained()
			return o
		}
		return []uitest.State{
			{Name: "rest", Object: flow.NewColumn(8, check(false), entry(), choice(), slider())},
			{Name: "focused", Object: flow.NewColumn(12, focused(check(true)), focused(choice()), focused(slider()))},
		}
	})
}

func TestKeys(t *testing.T) {
	uitest.App(t)
	var got []any
	c := field.NewCheck("check", func(on bool) { got = append(got, on) })
	s := field.NewSelect([]string{"a", "b"}, func(v string) { got = append(got, v) })
	s.Label = "which"
	e, sl := field.NewEntry(), field.NewSlider(0, 10)
	w := uitest.Window(t, container.NewVBox(c, s, e, sl), 300, 300)
	var handed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { handed = append(handed, k.Name) })

	c.Set(true)
	s.Set("b")
	if len(got) > 0 {
		t.Errorf("what was assigned is told of as changed: %v", got)
	}
	uitest.Key(c, fyne.KeySpace)
	c.TypedRune(' ') // Fyne sends both
	uitest.Key(c, fyne.KeyReturn)
	uitest.Key(s, fyne.KeyLeft)
	if want := []any{false, true, "a"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if label := s.AccessibilityLabel(); label != "which: a" {
		t.Errorf("label %q", label)
	}
	uitest.Key(s, fyne.KeyReturn)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("Enter does not open the choice")
	}
	uitest.Key(sl, fyne.KeyEnd)
	uitest.Key(sl, fyne.KeyLeft)
	if sl.Value != 9 {
		t.Errorf("the slider is at %v", sl.Value)
	}
	w.Canvas().Focus(e)
	test.Type(e, "hello")
	if e.Text != "hello" {
		t.Errorf("the entry has %q", e.Text)
	}
	for _, o := range []fyne.Focusable{c, s, e, sl} {
		uitest.Key(o, fyne.KeyEscape)
	}
	if want := []fyne.KeyName{fyne.KeyEscape, fyne.KeyEscape, fyne.KeyEscape, fyne.KeyEscape}; !slices.Equal(handed, want) {
		t.Errorf("handed on %v, want Esc of all four", handed)
	}
}

// What gets the focus is brought into sight.
func TestReveal(t *testing.T) {
	uitest.App(t)
	column := flow.NewColumn(look.Gap8)
	var last *field.Check
	for range 30 {
		last = field.NewCheck("check", nil)
		column.Add(last)
	}
	scroll := flow.NewScroll(column)
	w := uitest.Window(t, scroll, 200, 150)
	w.Canvas().Focus(last)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(last)
	if at.Y < 0 || at.Y+last.Size().Height > 150 {
		t.Errorf("the focused check box is at %v, out of sight", at.Y)
	}
	w.Canvas().Focus(column.Objects[0].(*field.Check))
	if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(column.Objects[0]); at.Y < 0 {
		t.Errorf("the first is at %v", at.Y)
	}
}

func TestWordsBesideABox(t *testing.T) {
	uitest.App(t)
	var got []bool
	c := field.NewCheck("", func(on bool) { got = append(got, on) })
	w := field.NewWords(c)
	test.Tap(w)
	test.Tap(w)
	c.Disable()
	test.Tap(w)
	if !slices.Equal(got, []bool{true, false}) {
		t.Errorf("the box told of %v", got)
	}
}

// The wheel turns the page also where an entry is under the pointer: one line has nothing
// to scroll, and a long text is turned as far as it goes first.
func TestWheelOverAnEntry(t *testing.T) {
	for _, long := range []bool{false, true} {
		uitest.App(t)
		e := field.NewEntry()
		e.MultiLine = long
		if long {
			e.Wrapping = fyne.TextWrapWord
		}
		e.SetText(strings.Repeat("a few words that go on\n", 9))
		column := flow.NewColumn(look.Gap8, e)
		for range 30 {
			column.Add(field.NewCheck("check", nil))
		}
		scroll := flow.NewScroll(column)
		w := uitest.Window(t, scroll, 200, 150)
		over := fyne.NewPos(60, 20)
		notch := func(dy float32) { test.Scroll(w.Canvas(), over, 0, dy) }
		if notch(-10); (scroll.Offset.Y > 0) == long {
			t.Errorf("long: %v, after a notch the page is at %v", long, scroll.Offset.Y)
		}
		for range 60 {
			notch(-10)
		}
		if scroll.Offset.Y == 0 {
			t.Errorf("long: %v, the page stands still", long)
		}
		scroll.ScrollToTop()
		scroll.ScrollToOffset(fyne.NewPos(0, 20))
		over = fyne.NewPos(60, 5)
		for range 60 {
			notch(10)
		}
		if scroll.Offset.Y > 0 {
			t.Errorf("long: %v, the page does not come back: %v", long, scroll.Offset.Y)
		}
	}
}

// A slider that was dragged has the keyboard, like one that was clicked.
func TestDraggedSliderHasTheKeyboard(t *testing.T) {
	uitest.App(t)
	s := field.NewSlider(80, 200)
	ended := 0.0
	s.OnChangeEnded = func(v float64) { ended = v }
	w := uitest.Window(t, s, 300, 60)
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(150, 10)}})
	s.DragEnd()
	if w.Canvas().Focused() != fyne.Focusable(s) || ended <= 80 {
		t.Errorf("the keyboard is on %T, and it ended at %v", w.Canvas().Focused(), ended)
	}
}
