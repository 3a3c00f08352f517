//go:build !windows && !darwin

package login

import (
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

// entry is a desktop file in the autostart folder.
func entry(p Program) (path string, text []byte) {
	return filepath.Join(xdg.ConfigHome, "autostart", p.ID+".desktop"), []byte("[Desktop Entry]\nType=Application\nName=" + p.Name +
		"\nExec=" + strings.Join(append([]string{quoted(p.Path)}, p.Args...), " ") + "\nTerminal=false\nX-GNOME-Autostart-enabled=true\n")
}

// quoted writes a path as desktop files have it.
func quoted(path string) string {
	return `"` + strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`, "`", "\\\\`", "$", `\\$`, "%", "%%").Replace(path) + `"`
}
