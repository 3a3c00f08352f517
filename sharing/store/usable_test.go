package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"potluck/sharing/store"
)

func TestUsable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for folder, why := range map[string]string{
		dir:                              "",
		filepath.Join(dir, "new"):        "",
		filepath.Join(dir, "new", "sub"): "there is no such folder, nor the one above it",
		file:                             "it is not a folder",
		filepath.Join(file, "sub"):       "it is not a folder",
	} {
		err := store.Usable(folder)
		var at *store.FolderError
		switch {
		case why == "" && err != nil:
			t.Errorf("%s: %v", folder, err)
		case why != "" && (!errors.As(err, &at) || at.Why != why || at.Folder != folder):
			t.Errorf("%s: %v, want %s", folder, err, why)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Where nothing may be made, that is found out by trying: permissions alone do not
// tell.
func TestUsableIsTried(t *testing.T) {
	const sealed = "/proc/self" // where there is one, nobody can make anything in it
	if _, err := os.Stat(sealed); err != nil {
		t.Skip("no folder here in which nothing can be made")
	}
	if err := store.Usable(sealed); err == nil {
		t.Error("files can be received into " + sealed)
	}
}
