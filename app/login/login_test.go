//go:build !windows && !darwin

package login

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"
)

func TestSet(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	p := Program{ID: "net.potluck.Test", Name: "Potluck", Path: `/opt/my "apps"/pot$luck 100%`, Args: []string{"--hidden"}}
	if err := Set(p, false); err != nil {
		t.Fatal("taking away what is not there:", err)
	}
	if err := Set(p, true); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(xdg.ConfigHome, "autostart", "net.potluck.Test.desktop")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := `Exec="/opt/my \\"apps\\"/pot\\$luck 100%%" --hidden` + "\n"; !strings.Contains(string(text), want) {
		t.Errorf("the entry is\n%s", text)
	}
	if err := Set(p, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Error("the entry is still there:", err)
	}
}
