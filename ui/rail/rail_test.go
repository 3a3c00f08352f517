package rail_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/rail"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "rail", 400, func() []uitest.State {
		item := func(v rail.Value) *rail.Item { return rail.New(v, func() {}) }
		hovered, focused := item(rail.Value{Text: "Hover", Icon: theme.HistoryIcon()}), item(rail.Value{Text: "Focus", Icon: theme.HistoryIcon()})
		hovered.MouseIn(&desktop.MouseEvent{})
		focused.FocusGained()
		return []uitest.State{{Name: "current, badge, hovered, focused, long badge", Object: container.NewHBox(
			item(rail.Value{Text: "Quanh đây", Icon: theme.AccountIcon(), Current: true}),
			item(rail.Value{Text: "Truyền tệp", Icon: theme.HistoryIcon(), Badge: "2"}),
			hovered, focused, item(rail.Value{Text: "Many", Icon: theme.SettingsIcon(), Badge: "99+"}),
		)}}
	})
}

func TestKeys(t *testing.T) {
	uitest.App(t)
	n := 0
	i := rail.New(rail.Value{Text: "Transfers", Label: "Transfers, 2 running"}, func() { n++ })
	uitest.Window(t, i, 72, 72)
	test.Tap(i)
	uitest.Key(i, fyne.KeySpace)
	uitest.Key(i, fyne.KeyReturn)
	uitest.Key(i, fyne.KeyEscape)
	if n != 3 {
		t.Errorf("chosen %d times, want 3", n)
	}
	if got := i.AccessibilityLabel(); got != "Transfers, 2 running" {
		t.Errorf("label %q", got)
	}
}
