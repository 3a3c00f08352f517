package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A top is one of the items that were given.
type top struct {
	path  string // where it is, all links resolved
	dir   bool
	asked string // the last name of the given path
	name  string // what it is called in the manifest
}

// folder returns the folder to be opened to reach the item.
func (t *top) folder() string {
	if t.dir {
		return t.path
	}
	return filepath.Dir(t.path)
}

// A PathError says why a path that was given to [Scan] cannot be shared.
type PathError struct {
	Path string // absolute
	Err  error
}

// Error returns a sentence for people.
func (e *PathError) Error() string {
	why := e.Err.Error()
	var at *fs.PathError
	switch {
	case errors.Is(e.Err, fs.ErrNotExist):
		why = "there is no such file or folder"
	case errors.Is(e.Err, fs.ErrPermission):
		why = Forbidden.String()
	case errors.As(e.Err, &at):
		why = at.Err.Error()
	}
	return fmt.Sprintf("%q cannot be shared: %s", e.Path, why)
}

func (e *PathError) Unwrap() error { return e.Err }

// errOdd is what a person named that is neither a file nor a folder.
var errOdd = errors.New("it is neither a file nor a folder")

// topsOf finds out what the given absolute paths are, and names them. Those that
// lie within others are dropped.
func topsOf(paths []string) ([]top, error) {
	var tops []top
	for _, given := range paths {
		t, err := topOf(given)
		if err != nil {
			return nil, &PathError{given, err}
		}
		tops = append(tops, t)
	}
	tops = uncovered(tops)

	taken := make(map[string]bool, len(tops))
	for i := range tops {
		stem, ext := driveless(escape(tops[i].asked)), ""
		if !tops[i].dir {
			stem, ext = splitExt(stem)
		}
		tops[i].name = unique(stem, ext, taken)
		taken[tops[i].name] = true
	}
	return tops, nil
}

func topOf(given string) (top, error) {
	path, err := filepath.EvalSymlinks(given)
	if err != nil {
		if _, e := os.Stat(given); e != nil {
			err = e // says it better
		}
		return top{}, err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return top{}, err
	}
	t := top{path: path, dir: info.IsDir(), asked: topName(given)}
	if !t.dir && !info.Mode().IsRegular() {
		return top{}, errOdd
	}
	return t, readable(&t)
}

// readable returns an error if the item cannot be opened.
func readable(t *top) error {
	d, err := openFolder(t.folder())
	if err != nil || t.dir {
		if err == nil {
			d.close()
		}
		return err
	}
	defer d.close()
	f, err := d.open(filepath.Base(t.path))
	if err == nil {
		f.close()
	}
	return err
}

// topName returns what a given absolute path is called. A whole disk has no name.
func topName(path string) string {
	name := filepath.Base(path)
	if name != string(filepath.Separator) && name != filepath.VolumeName(path) {
		return name
	}
	if drive := strings.Trim(filepath.VolumeName(path), `:\/?.`); drive != "" {
		return drive
	}
	return "disk"
}

// driveless changes a name that no manifest may begin with, for it reads like a
// drive or a network path on Windows; on other systems files may be called so.
func driveless(name string) string {
	switch {
	case strings.HasPrefix(name, `\\`), strings.HasPrefix(name, `\??\`):
		return "%5C" + name[1:]
	case len(name) == 2 && name[1] == ':', len(name) > 2 && name[1:3] == `:\`:
		return name[:1] + "%3A" + name[2:]
	}
	return name
}

// uncovered drops the items that are in another one or there twice.
func uncovered(tops []top) []top {
	folders := make(map[string]bool)
	for i := range tops {
		if tops[i].dir {
			folders[tops[i].path] = true
		}
	}
	kept := make([]top, 0, len(tops))
	seen := make(map[string]bool, len(tops))
	for _, t := range tops {
		if !seen[t.path] && !insideAny(t.path, folders) {
			kept = append(kept, t)
		}
		seen[t.path] = true
	}
	return kept
}

// insideAny reports whether path lies somewhere below one of the folders.
func insideAny(path string, folders map[string]bool) bool {
	for {
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		if folders[parent] {
			return true
		}
		path = parent
	}
}
