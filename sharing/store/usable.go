package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Usable returns nil if files can be received into a folder: it is there and may
// be written into, or it can be made. Nothing is left behind by trying. The error
// is a [*FolderError], or says that the disk is full.
func Usable(folder string) error {
	at := folder
	info, err := os.Stat(folder)
	if errors.Is(err, fs.ErrNotExist) {
		at = filepath.Dir(folder)
		info, err = os.Stat(at)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &FolderError{Folder: folder, Why: "there is no such folder, nor the one above it", Err: err}
	case errors.Is(err, syscall.ENOTDIR), err == nil && !info.IsDir():
		return &FolderError{Folder: folder, Why: "it is not a folder", Err: err}
	case err != nil:
		return folderError(folder, err)
	}
	made, err := os.MkdirTemp(at, ".potluck-*")
	if err != nil {
		return folderError(folder, err)
	}
	return folderError(folder, os.Remove(made))
}
