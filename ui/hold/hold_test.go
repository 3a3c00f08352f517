package hold_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"potluck/ui/hold"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "hold", 480, func() []uitest.State {
		with := func(v hold.Value) *hold.Bar {
			b := hold.New(func() {})
			b.Set(v)
			return b
		}
		return []uitest.State{
			{Name: "at the beginning", Object: with(hold.Value{Picture: uitest.Dish("2A55B8"), Text: "Offering to Bình", Note: "Ảnh Đà Lạt, slides.pdf", Undo: "Undo", Part: 1})},
			{Name: "near the end, long", Object: with(hold.Value{
				Picture: uitest.Dish("B3321F"), Text: "Đang mời Nguyễn Thị Minh Khai's very long MacBook Pro 16-inch nhận",
				Note: "a file with a name that goes on and on.jpeg", Undo: "Hoàn tác", Part: 0.2,
			})},
		}
	})
}

func TestUndo(t *testing.T) {
	uitest.App(t)
	n := 0
	b := hold.New(func() { n++ })
	b.Set(hold.Value{Text: "Offering to Bình", Undo: "Undo", Part: 1})
	uitest.Window(t, b, 400, 60)
	test.Tap(b.Undo())
	if n != 1 {
		t.Errorf("undone %d times", n)
	}
}
