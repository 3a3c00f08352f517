package settings

import (
	"os"
	"strings"
	"testing"
)

func TestRates(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  Rate
		shown string
	}{
		{"0", 0, "0"},
		{"0 MB/s", 0, "0"},
		{"10 MB/s", 10_000_000, "10 MB/s"},
		{"10MB", 10_000_000, "10 MB/s"},
		{" 1.5 mb/s ", 1_500_000, "1.5 MB/s"},
		{"500 kB/s", 500_000, "500 kB/s"},
		{"1 GB/s", 1_000_000_000, "1 GB/s"},
		{"1 MiB/s", 1 << 20, "1048.576 kB/s"},
		{"1234567", 1_234_567, "1234.567 kB/s"},
		{"12345678901 B/s", 12_345_678_901, "12345678.901 kB/s"},
	} {
		got, err := ParseRate(c.text)
		if err != nil || got != c.want || got.String() != c.shown {
			t.Errorf("%q: %d %q, %v; want %d %q", c.text, got, got, err, c.want, c.shown)
		}
		if again, err := ParseRate(got.String()); err != nil || again != got {
			t.Errorf("%q is read as %d, %v", got, again, err)
		}
	}
	for _, text := range []string{
		"", "fast", "MB/s", "-1 MB/s", "1 kB/s", "9999", "2 TB/s", "1e3 MB/s", "1..5 MB", "10 MB/h", "10 Mbit/s",
		strings.Repeat("9", 400) + " GB/s", "NaN", "Inf", "0x10 MB/s", "1 0 MB/s", "１０ MB/s",
	} {
		if got, err := ParseRate(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestWindowSettingsAreKept(t *testing.T) {
	path := write(t, "{}")
	s := open(t, path)
	for _, c := range [][3]string{
		{"upLimit", "10 MB/s", "10 MB/s"},
		{"downlimit", "500kB/s", "500 kB/s"}, // in any case
		{"theme", "Dark", "dark"},
		{"textSize", "150 %", "150"},
		{"tray", "on", "yes"},
		{"notifications", "no", "no"},
		{"startAtLogin", "yes", "yes"},
	} {
		got, err := s.Set(c[0], c[1])
		if err != nil || got.Value != c[2] || !got.Changed {
			t.Errorf("%s: %+v, %v", c[0], got, err)
		}
	}
	want := s.Current()
	if want.UpLimit != 10_000_000 || want.DownLimit != 500_000 || want.Theme != ThemeDark || want.TextSize != 150 ||
		!want.Tray || want.Notifications || !want.StartAtLogin {
		t.Errorf("in use: %+v", want)
	}
	again := open(t, path)
	if got := again.Current(); got.UpLimit != want.UpLimit || got.DownLimit != want.DownLimit || got.Theme != want.Theme ||
		got.TextSize != want.TextSize || got.Tray != want.Tray || got.Notifications || !got.StartAtLogin {
		t.Errorf("read again: %+v, want %+v; notes %q", got, want, again.Notes())
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), `"upLimit": "10 MB/s"`) {
		t.Errorf("not what a person would write: %s", text)
	}
	for _, c := range [][2]string{
		{"theme", "pink"},
		{"textSize", "79"},
		{"textSize", "201"},
		{"textSize", "big"},
		{"textSize", ""},
		{"tray", "maybe"},
		{"tray", ""},
		{"notifications", "2"},
		{"upLimit", "fast"},
	} {
		if got, err := again.Set(c[0], c[1]); err == nil {
			t.Errorf("%s = %q was accepted as %q", c[0], c[1], got.Value)
		}
	}
}

func TestAnOverrideMayBeWrittenInAnyCase(t *testing.T) {
	s := open(t, write(t, "{}"))
	if err := s.Override("uplimit", "1 MB/s"); err != nil {
		t.Fatal(err)
	}
	if got := s.Current().UpLimit; got != 1_000_000 {
		t.Errorf("the limit is %v", got)
	}
}

func TestResetAll(t *testing.T) {
	path := write(t, `{"accept": "paired", "theme": "dark", "fromTheFuture": [1, 2]}`)
	s := open(t, path)
	if err := s.Override("textSize", "200"); err != nil {
		t.Fatal(err)
	}
	changed, stop := s.Watch()
	defer stop()
	if err := s.ResetAll(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-changed:
	default:
		t.Error("nobody was told")
	}
	for _, got := range s.List() {
		if got.Changed {
			t.Errorf("%s is still %q", got.Key, got.Value)
		}
	}
	for _, got := range open(t, path).List() {
		if got.Changed {
			t.Errorf("%s is %q when it is read again", got.Key, got.Value)
		}
	}
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "fromTheFuture") {
		t.Errorf("what a newer version wrote is lost: %s", text)
	}
}

func TestResetAllThatCannotBeWritten(t *testing.T) {
	path := write(t, `{"theme": "dark"}`)
	s := open(t, path)
	s.path = path + "/beneath a file"
	if err := s.ResetAll(); err == nil {
		t.Fatal("it was written")
	}
	if s.Current().Theme != ThemeDark {
		t.Error("it was reset all the same")
	}
}
