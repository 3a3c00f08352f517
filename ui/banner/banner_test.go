package banner_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"potluck/ui/banner"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "banner", 330, func() []uitest.State {
		return []uitest.State{
			{Name: "info", Object: banner.New(banner.Value{Text: "Anna paused it"}, nil)},
			{Name: "ok", Object: banner.New(banner.Value{Tone: banner.OK, Text: "Verified. From now on you know this device."}, nil)},
			{Name: "warn, with a button", Object: banner.New(banner.Value{
				Tone: banner.Warn, Text: "Chưa xác minh: chưa ai kiểm tra đây đúng là máy của họ.", Button: "Cùng xác minh…",
			}, nil)},
			{Name: "bad", Object: banner.New(banner.Value{
				Tone: banner.Bad, Text: "Chương trình có thể gây hại cho máy. Chỉ nhận nếu chính bạn đã nhờ gửi.",
			}, nil)},
		}
	})
}

func TestHeightAndButton(t *testing.T) {
	uitest.App(t)
	pressed := 0
	b := banner.New(banner.Value{}, func() { pressed++ })
	uitest.Window(t, b, 300, 200)
	if b.Visible() {
		t.Error("a banner without a text is seen")
	}
	if !b.Set(banner.Value{Text: "one line"}) || !b.Visible() {
		t.Error("a text does not show")
	}
	low := b.HeightFor(300)
	b.Set(banner.Value{Text: "one line", Button: "Do"})
	if high := b.HeightFor(300); high <= low {
		t.Errorf("with a button it is %v high, and %v without", high, low)
	}
	if narrow := b.HeightFor(80); narrow <= b.HeightFor(300) {
		t.Errorf("when narrow it is only %v high", narrow)
	}
	for _, o := range b.Held() {
		test.Tap(o.(fyne.Tappable))
	}
	if pressed != 1 {
		t.Errorf("pressed %d times", pressed)
	}
}
