package history_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/history"
	"potluck/ui/look"
	"potluck/ui/uitest"
)

func line(i int) history.Value {
	v := history.Value{
		Icon: theme.ConfirmIcon(), IconColor: theme.ColorNameSuccess,
		Title: fmt.Sprintf("Ảnh Đà Lạt %d của cả gia đình, bạn bè và những người khác.jpeg", i), Note: "Đã nhận đủ từ \u2068Anna có một cái tên thật là dài dòng\u2069", Size: "3,4 GB", When: "hôm nay 14:05",
	}
	if i%3 == 1 {
		v.Icon, v.IconColor, v.Note = theme.ErrorIcon(), theme.ColorNameError, "Failed: the disk is full"
	}
	return v
}

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "history", 460, func() []uitest.State {
		l := history.New(history.Options{Count: func() int { return 4 }, Value: line})
		l.SetCursor(1)
		l.FocusGained()
		return []uitest.State{{Name: "the keyboard on the second", Object: container.NewGridWrap(fyne.NewSize(420, 200*look.Scale()), l)}}
	})
}

func TestKeys(t *testing.T) {
	uitest.App(t)
	const count = 10_000
	var did []string
	l := history.New(history.Options{
		Count: func() int { return count }, Value: line, OnOpen: func(i int) { did = append(did, fmt.Sprint("open ", i)) },
		OnMenu: func(i int, at fyne.Position) {
			did = append(did, fmt.Sprint("menu ", i))
			if at.Y < 0 || at.Y > 300 {
				t.Errorf("the menu opens out of sight, at %v", at)
			}
		},
		OnKey: func(i int, k *fyne.KeyEvent) bool {
			if k.Name != fyne.KeyDelete {
				return false
			}
			did = append(did, fmt.Sprint("delete ", i))
			return true
		},
	})
	w := uitest.Window(t, l, 400, 300)
	w.Canvas().Focus(l)
	for _, k := range []fyne.KeyName{
		fyne.KeyReturn, fyne.KeyEnd, fyne.KeySpace, fyne.KeyUp, desktop.KeyMenu, fyne.KeyPageUp, fyne.KeyEnter, fyne.KeyHome, fyne.KeyUp, fyne.KeyDelete, fyne.KeyF10,
	} {
		uitest.Key(l, k)
	}
	l.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	uitest.Key(l, fyne.KeyF10)
	if want := []string{"open 0", "open 9999", "menu 9998", "open 9992", "delete 0", "menu 0"}; !slices.Equal(did, want) {
		t.Errorf("%q, want %q", did, want)
	}
	did = nil
	test.TapCanvas(w.Canvas(), fyne.NewPos(50, 5+43+20))
	if want := []string{"open 1"}; !slices.Equal(did, want) || l.Cursor() != 1 {
		t.Errorf("a click did %q, want %q; the keyboard is on %d", did, want, l.Cursor())
	}
}

// Only what is in sight exists.
func TestFewRowsExist(t *testing.T) {
	uitest.App(t)
	asked := 0
	l := history.New(history.Options{Count: func() int { return 1_000_000 }, Value: func(i int) history.Value { asked++; return line(i) }})
	uitest.Window(t, l, 400, 300)
	asked = 0
	uitest.Key(l, fyne.KeyEnd)
	if asked > 30 {
		t.Errorf("%d lines were asked for to show a screenful", asked)
	}
}

func BenchmarkScroll10000(b *testing.B) {
	uitest.App(b)
	l := history.New(history.Options{Count: func() int { return 10_000 }, Value: line})
	l.Resize(fyne.NewSize(560, 500))
	for i := 0; b.Loop(); i++ {
		l.SetCursor(i * 3 % 10_000)
	}
}
