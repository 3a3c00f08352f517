package sharing

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is damaged is set aside, told once, and kept: also over the next start.
func TestDamagedStateIsTold(t *testing.T) {
	state := t.TempDir()
	first := start(t, "Anna", state, AcceptAsk)
	first.stop()
	party, state := state, first.options.State
	share := ShareID{1, 2, 3}
	dir := filepath.Join(state, "shares", share.String())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{filepath.Join(state, "known.json"), filepath.Join(state, "declined.json"), filepath.Join(dir, "record.json")} {
		if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	anna := start(t, "Anna", party, AcceptAsk)
	notes := strings.Join(anna.Notes(), "\n")
	for _, want := range []string{"verified or blocked", "declined", share.Short(), "known.json.damaged-1"} {
		if !strings.Contains(notes, want) {
			t.Errorf("nothing says %q:\n%s", want, notes)
		}
	}
	anna.stop()
	anna = start(t, "Anna", party, AcceptAsk)
	if notes := anna.Notes(); len(notes) > 0 {
		t.Errorf("told again: %q", notes)
	}
	for _, aside := range []string{filepath.Join(state, "known.json.damaged-1"), filepath.Join(dir+".damaged-1", "record.json")} {
		if text, err := os.ReadFile(aside); err != nil || string(text) != "x" {
			t.Errorf("%s: %q, %v", aside, text, err)
		}
	}
	anna.stop()
}
