package login

import (
	"bytes"
	"encoding/xml"
	"path/filepath"

	"github.com/adrg/xdg"
)

// entry is a launch agent.
func entry(p Program) (path string, text []byte) {
	var b bytes.Buffer
	b.WriteString(xml.Header + `<plist version="1.0"><dict><key>Label</key><string>` + p.ID + `</string><key>RunAtLoad</key><true/><key>ProgramArguments</key><array>`)
	for _, arg := range append([]string{p.Path}, p.Args...) {
		b.WriteString("<string>")
		_ = xml.EscapeText(&b, []byte(arg)) // a buffer takes everything
		b.WriteString("</string>")
	}
	b.WriteString("</array></dict></plist>\n")
	return filepath.Join(xdg.Home, "Library", "LaunchAgents", p.ID+".plist"), b.Bytes()
}
