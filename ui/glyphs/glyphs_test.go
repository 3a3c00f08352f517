package glyphs

import "testing"

func TestDraw(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	f, err := Installed()
	if err != nil {
		t.Skip("no fonts are installed: ", err)
	}
	if f.Draw("a\U0010FFFE") {
		t.Error("a character that no font can have is said to be drawn")
	}
	if !f.Draw("") {
		t.Error("nothing cannot be drawn")
	}
}
