package bar_test

import (
	"testing"

	"fyne.io/fyne/v2/theme"

	"potluck/ui/bar"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "bar", 300, func() []uitest.State {
		return []uitest.State{
			{Name: "nothing", Object: bar.New(bar.Value{})},
			{Name: "one part in a thousand", Object: bar.New(bar.Value{Part: 0.001})},
			{Name: "43 %", Object: bar.New(bar.Value{Part: 0.43, Label: "43 percent"})},
			{Name: "all, and more than all", Object: bar.New(bar.Value{Part: 1.5, Color: theme.ColorNameSuccess})},
			{Name: "thin", Object: bar.New(bar.Value{Part: 0.5, Height: 3})},
		}
	})
}
