package press_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "press", 620, func() []uitest.State {
		var states []uitest.State
		for _, k := range []struct {
			name string
			kind press.Kind
		}{{"primary", press.Primary}, {"normal", press.Normal}, {"quiet", press.Quiet}} {
			base := press.Value{Text: "Gửi tệp…", Icon: theme.MailSendIcon(), Kind: k.kind}
			with := func(change func(*press.Value)) *press.Button {
				v := base
				change(&v)
				return press.New(v, func() {})
			}
			rest := with(func(*press.Value) {})
			hovered, pressed, focused := with(func(*press.Value) {}), with(func(*press.Value) {}), with(func(*press.Value) {})
			hovered.MouseIn(&desktop.MouseEvent{})
			pressed.MouseIn(&desktop.MouseEvent{})
			pressed.MouseDown(&desktop.MouseEvent{})
			focused.FocusGained()
			states = append(states, uitest.State{Name: k.name + ": rest, hovered, pressed, focused", Object: flow.NewWrap(12, rest, hovered, pressed, focused)})
			icon := press.New(press.Value{Name: "Pause", Icon: theme.MediaPauseIcon(), Kind: k.kind}, func() {})
			iconFocused := press.New(press.Value{Name: "Pause", Icon: theme.MediaPauseIcon(), Kind: k.kind}, func() {})
			iconFocused.FocusGained()
			states = append(states, uitest.State{Name: k.name + ": disabled, busy, words alone, icon, icon focused", Object: flow.NewWrap(
				12, with(func(v *press.Value) { v.Disabled = true }), with(func(v *press.Value) { v.Busy = true }),
				with(func(v *press.Value) { v.Icon, v.Text = nil, "Từ chối" }), icon, iconFocused)})
		}
		long := press.New(press.Value{Text: "Gửi cho Nguyễn Thị Minh Khai's very long MacBook Pro", Kind: press.Primary}, func() {})
		return append(states, uitest.State{Name: "too long", Object: container.NewGridWrap(fyne.NewSize(200, 34*look.Scale()), long)})
	})
}

func TestPresses(t *testing.T) {
	uitest.App(t)
	n := 0
	b := press.New(press.Value{Text: "Send"}, func() { n++ })
	w := uitest.Window(t, b, 200, 40)
	var handed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { handed = append(handed, k.Name) })

	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 20))
	if w.Canvas().Focused() != nil {
		t.Error("a click took the focus")
	}
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape, fyne.KeyX} {
		uitest.Key(b, k)
	}
	if n != 4 {
		t.Errorf("pressed %d times, want 4: a click, Space and both Enter keys", n)
	}
	if w.Canvas().Focused() != fyne.Focusable(b) {
		t.Error("the button lost the focus when it was pressed")
	}
	if want := []fyne.KeyName{fyne.KeyEscape, fyne.KeyX}; !slices.Equal(handed, want) {
		t.Errorf("handed on %v, want %v", handed, want)
	}
	for _, v := range []press.Value{{Text: "Send", Disabled: true}, {Text: "Send", Busy: true}} {
		b.Set(v)
		test.Tap(b)
		uitest.Key(b, fyne.KeyReturn)
	}
	if n != 4 {
		t.Error("a disabled or busy button was pressed")
	}
}

// The keyboard passes by what is disabled.
func TestDisabledIsNoStop(t *testing.T) {
	uitest.App(t)
	first, second := press.New(press.Value{Text: "a", Disabled: true}, nil), press.New(press.Value{Text: "b"}, nil)
	w := uitest.Window(t, container.NewHBox(first, second), 200, 40)
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != fyne.Focusable(second) {
		t.Error("the focus is not on the second button")
	}
}

func TestName(t *testing.T) {
	for want, v := range map[string]press.Value{"Pause": {Name: "Pause", Icon: theme.MediaPauseIcon()}, "Send": {Text: "Send"}, "Send to Anna": {Text: "Send", Name: "Send to Anna"}} {
		if got := press.New(v, nil).AccessibilityLabel(); got != want {
			t.Errorf("%+v is called %q", v, got)
		}
	}
}
