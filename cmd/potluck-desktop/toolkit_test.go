package main

import (
	"bytes"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
)

// The first start of somebody new to the computer says nothing, and what is wrong is
// said as before.
func TestFirstStartIsSilent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the folder of caches is there from the first day")
	}
	home, err := os.MkdirTemp("", "new")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) }) // the toolkit may still be writing there
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	var said bytes.Buffer
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	calmToolkit(&said)
	fyneapp.NewWithID(appID)
	fyne.LogError("failed to watch theme settings", errors.New("no bus"))
	fyne.LogError("Preferences load error:", io.EOF)
	if said.Len() > 0 {
		t.Errorf("it says %q", said.String())
	}
	if _, err := os.Stat(filepath.Join(home, ".cache", "fyne", appID)); err != nil {
		t.Error(err)
	}
	fyne.LogError("no screen", errors.New("why"))
	if lines := bytes.Count(said.Bytes(), []byte("\n")); lines != 3 {
		t.Errorf("of something that is wrong it says %q", said.String())
	}
}
