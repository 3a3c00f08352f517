package identity

import (
	"io/fs"
	"os"
)

// makePrivate does nothing: the file inherits the access list of the profile
// folder, which is the user's own.
func makePrivate(*os.File, fs.FileInfo) error { return nil }

// syncFolder does nothing: Windows writes names with the file.
func syncFolder(string) error { return nil }
