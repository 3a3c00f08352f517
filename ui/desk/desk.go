// Package desk is the desktop around the window: its way to choose files, its
// file manager, its clipboard, its browser.
//
// What it does is done by the system's own means, one file for each system. A
// file that was received is never opened, only the folder that holds it: what
// opening runs is not for Potluck to decide. A link is opened only if it begins
// with http or https.
package desk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"potluck/ui"
)

// A Desk implements [ui.Desktop].
type Desk struct {
	open func(*url.URL) error
}

var _ ui.Desktop = (*Desk)(nil)

// New returns the desktop. Links are opened by open.
func New(open func(*url.URL) error) *Desk { return &Desk{open} }

// ChooseFiles implements [ui.Desktop].
func (d *Desk) ChooseFiles(ctx context.Context, title string) ([]string, error) {
	return wait(ctx, func() ([]string, error) { return choose(ctx, title, false) })
}

// ChooseFolder implements [ui.Desktop].
func (d *Desk) ChooseFolder(ctx context.Context, title string) (string, error) {
	paths, err := wait(ctx, func() ([]string, error) { return choose(ctx, title, true) })
	if err != nil || len(paths) == 0 {
		return "", err
	}
	return paths[0], nil
}

// wait ends with ctx, although a dialog of the system may stay open: it belongs to
// another process, or goes with this one.
func wait(ctx context.Context, f func() ([]string, error)) ([]string, error) {
	type result struct {
		paths []string
		err   error
	}
	done := make(chan result, 1)
	go func() {
		paths, err := f()
		done <- result{paths, err}
	}()
	select {
	case r := <-done:
		return r.paths, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// CopiedFiles implements [ui.Desktop].
func (d *Desk) CopiedFiles(ctx context.Context, clipboard string) []string {
	if paths := pasted(clipboard); len(paths) > 0 {
		return paths
	}
	return copied(ctx)
}

// maxPasted bounds how many lines are tried as paths.
const maxPasted = 1000

// pasted returns the files that a text names, one a line. If one of them is not
// there, the text is only a text.
func pasted(text string) []string {
	var paths []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		if path, ok := PathOf(line); ok {
			line = path
		}
		if !filepath.IsAbs(line) || len(paths) == maxPasted {
			return nil
		}
		if _, err := os.Lstat(line); err != nil {
			return nil
		}
		paths = append(paths, line)
	}
	return paths
}

// PathOf returns the path that a file: address names, as the desktop hands them to
// programs. It reports whether it is one.
func PathOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	return fromURL(u), true
}

// fromURL returns the path that a file: address names.
func fromURL(u *url.URL) string {
	path := filepath.FromSlash(u.Path)
	if len(path) > 2 && path[0] == filepath.Separator && path[2] == ':' {
		path = path[1:] // \C:\Users
	}
	return path
}

// Show implements [ui.Desktop].
func (d *Desk) Show(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err != nil {
		if _, err := os.Lstat(filepath.Dir(path)); err != nil {
			return fmt.Errorf("%s is not there any more", filepath.Base(filepath.Dir(path)))
		}
	}
	return show(ctx, path)
}

// Browse implements [ui.Desktop].
func (d *Desk) Browse(_ context.Context, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("this is not a link that a browser can open")
	}
	return d.open(u)
}

// run starts a program and returns what it prints.
func run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return string(out), err
}
