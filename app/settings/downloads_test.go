package settings

import (
	"path/filepath"
	"testing"

	"github.com/adrg/xdg"
)

// Only the folder that nobody chose may be made with all that is above it.
func TestDownloadsHome(t *testing.T) {
	s := Defaults()
	if got := s.DownloadsHome(); got != xdg.Home || got == "" {
		t.Errorf("by default it is %q", got)
	}
	s.Downloads = filepath.Join(xdg.Home, "disk", "films")
	if got := s.DownloadsHome(); got != "" {
		t.Errorf("for a chosen folder it is %q", got)
	}
}
