package transfer_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/flow"
	"potluck/ui/press"
	"potluck/ui/transfer"
	"potluck/ui/uitest"
)

func running() transfer.Value {
	return transfer.Value{
		Key: "1", Icon: theme.DownloadIcon(), Title: "Receiving from Anna", What: "Video Tết 2026.mp4", HasBar: true, Part: 0.43, BarLabel: "43 percent",
		Numbers: "43 % · 1.5 of 3.4 GB · 84 MB/s · about 20 s left", Note: "Coming from 3 people · Slowest part just now: the Wi-Fi",
		Buttons: [transfer.Buttons]press.Value{
			{Name: "Pause", Icon: theme.MediaPauseIcon(), Kind: press.Quiet}, {Name: "Cancel", Icon: theme.CancelIcon(), Kind: press.Quiet},
		},
	}
}

func row(v transfer.Value) *transfer.Row {
	r := transfer.New(func(int) {}, nil, nil)
	r.Set(v)
	return r
}

func states() []uitest.State {
	lid := transfer.Value{
		Icon: theme.UploadIcon(), Title: "Đang gửi cho 4 người", What: "slides.pdf", HasBar: true, Part: 0.62, Numbers: "62 % · 84 MB/s · còn khoảng 20 giây",
		Lid: "Giờ bạn có thể gập máy. Những người khác gộp lại đã có đủ và sẽ tự chuyền cho nhau.", Buttons: running().Buttons,
	}
	return []uitest.State{
		{Name: "running", Object: row(running())},
		{Name: "waiting", Object: row(transfer.Value{
			Icon: theme.UploadIcon(), Title: "Waiting for Anna to answer", What: "slides.pdf · 48 MB", Buttons: [3]press.Value{{Text: "Withdraw"}},
		})},
		{Name: "paused", Object: row(transfer.Value{
			Icon: theme.MediaPauseIcon(), IconColor: theme.ColorNamePlaceHolder, Title: "Paused", What: "Video Tết 2026.mp4", HasBar: true, Part: 0.43,
			Numbers: "43 % · 1.5 of 3.4 GB", Buttons: [3]press.Value{{Text: "Resume"}, {Name: "Cancel", Icon: theme.CancelIcon(), Kind: press.Quiet}},
		})},
		{Name: "lid", Object: row(lid)},
		{Name: "done", Object: row(transfer.Value{
			Icon: theme.ConfirmIcon(), IconColor: theme.ColorNameSuccess, Title: "Received", What: "Ảnh Đà Lạt 2026 · 1,204 files · 3.4 GB · 2 min",
			Buttons: [3]press.Value{{Text: "Mở thư mục chứa tệp"}, {Text: "Open"}},
		})},
		{Name: "failed", Object: row(transfer.Value{
			Icon: theme.ErrorIcon(), IconColor: theme.ColorNameError, Title: "Failed", What: "a very long name of something that somebody sends.mp4",
			Note: "The disk is full: 1.1 GB free, 3.4 GB needed.", NoteColor: theme.ColorNameError, NoteIcon: theme.WarningIcon(),
			Buttons: [3]press.Value{{Text: "Choose another folder"}, {Text: "Try again", Kind: press.Quiet}},
		})},
	}
}

func TestEveryState(t *testing.T) { uitest.Sheet(t, "transfer", 330, states) }

func TestWide(t *testing.T) { uitest.Sheet(t, "wide", 640, states) }

func TestButtons(t *testing.T) {
	uitest.App(t)
	var pressed []int
	opened := 0
	r := transfer.New(func(i int) { pressed = append(pressed, i) }, func() { opened++ }, nil)
	r.Set(running())
	uitest.Window(t, r, 300, 200)
	press1 := func(v transfer.Value) {
		r.Set(v)
		for _, o := range uitest.Below(r) {
			if b, ok := o.(*press.Button); ok {
				test.Tap(b)
			}
		}
	}
	press1(running())
	v := running()
	v.Buttons = [3]press.Value{2: {Text: "Withdraw"}}
	press1(v)
	test.Tap(r)
	if want := []int{0, 1, 2}; !slices.Equal(pressed, want) || opened != 1 {
		t.Errorf("pressed %v, want %v; opened %d times", pressed, want, opened)
	}
}

// Progress does not lay out what lies around the row; a note does.
func TestSetTellsOfHeight(t *testing.T) {
	uitest.App(t)
	r := row(running())
	uitest.Window(t, flow.NewColumn(0, r), 300, 400)
	v := running()
	v.Part, v.Numbers = 0.44, "44 % · 1.5 of 3.4 GB · 84 MB/s · about 18 s left"
	if r.Set(v) {
		t.Error("progress made it higher")
	}
	v.Note = ""
	if !r.Set(v) {
		t.Error("a note that went did not make it lower")
	}
	if r.Set(v) {
		t.Error("the same again is something else")
	}
}

func BenchmarkProgress(b *testing.B) {
	uitest.App(b)
	r := row(running())
	r.Resize(fyne.NewSize(290, 140))
	v := running()
	for i := 0; b.Loop(); i++ {
		v.Part = float32(i%100) / 100
		r.Set(v)
	}
}

// A click with the other button asks for the menu, and does nothing else.
func TestMenu(t *testing.T) {
	uitest.App(t)
	var at []fyne.Position
	r := transfer.New(func(int) { t.Error("a button was pressed") }, func() { t.Error("it was opened") }, func(p fyne.Position) { at = append(at, p) })
	r.Set(running())
	uitest.Window(t, r, 300, 200)
	test.TapSecondaryAt(r, fyne.NewPos(5, 7))
	if len(at) != 1 {
		t.Errorf("the menu was asked for %d times", len(at))
	}
	alone := transfer.New(func(int) {}, nil, nil)
	test.TapSecondary(alone)
}
