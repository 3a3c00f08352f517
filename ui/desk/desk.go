// Package desk is the desktop around the window: its way to choose files, its
// file manager, its clipboard, its browser.
//
// What it does is done by the system's own means, one file for each system. A
// program is never opened, only the folder that holds it: what that runs is not for
// Potluck to decide. A link is opened only if it begins with http or https. What goes
// wrong is said in sentences that package view knows.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"potluck/sharing/manifest"
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
	return wait(ctx, func() ([]string, error) { return choose(ctx, question{title: title}) })
}

// ChooseFolder implements [ui.Desktop].
func (d *Desk) ChooseFolder(ctx context.Context, title, at string) (string, error) {
	for at != "" && !isFolder(at) && at != filepath.Dir(at) {
		at = filepath.Dir(at)
	}
	paths, err := wait(ctx, func() ([]string, error) { return choose(ctx, question{title: title, folder: true, at: at}) })
	if err != nil || len(paths) == 0 {
		return "", err
	}
	return paths[0], nil
}

// A question is what the system's chooser is to ask.
type question struct {
	title  string
	folder bool   // one folder, and not files
	at     string // where to begin; "" for anywhere
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
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
	if rest, ok := strings.CutPrefix(text, "x-special/nautilus-clipboard\n"); ok { // older GNOME
		_, text, _ = strings.Cut(rest, "\n") // after "copy" or "cut"
	}
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

var errGone = errors.New("what was received is not there any more; it may have been moved or renamed")

// Show implements [ui.Desktop].
func (d *Desk) Show(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err != nil {
		if _, err := os.Lstat(filepath.Dir(path)); err != nil {
			return errGone
		}
	}
	if err := show(ctx, path); err != nil {
		return fmt.Errorf("this desktop has no program that shows folders; look into %s yourself", filepath.Dir(path))
	}
	return nil
}

// Open implements [ui.Desktop]. What has become a link since it arrived is not what
// arrived.
func (d *Desk) Open(ctx context.Context, path string) error {
	info, err := os.Lstat(path)
	switch _, program := manifest.Kind(filepath.Base(path)); {
	case err != nil, !info.IsDir() && !info.Mode().IsRegular(), !filepath.IsAbs(path):
		return errGone
	case program:
		return errors.New("this is a program, or can start one; it is not opened from here")
	}
	if err := open(ctx, path); err != nil {
		return fmt.Errorf("this desktop has no program that opens this file; it is in %s", filepath.Dir(path))
	}
	return nil
}

// Browse implements [ui.Desktop].
func (d *Desk) Browse(_ context.Context, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("this is not a link that a browser can open")
	}
	if err := d.open(u); err != nil {
		return fmt.Errorf("this desktop has no program that opens links; the link is %s", u)
	}
	return nil
}

// listed bounds how much of a folder is shown.
const listed = 10_000

// List implements [ui.Desktop].
func (d *Desk) List(_ context.Context, folder string) (ui.Listing, error) {
	if folder == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ui.Listing{}, err
		}
		folder = home
	}
	f, err := os.Open(folder)
	if err != nil {
		return ui.Listing{}, err
	}
	defer f.Close()
	entries, err := f.ReadDir(listed)
	if err != nil && !errors.Is(err, io.EOF) {
		return ui.Listing{}, err
	}
	l := ui.Listing{Folder: folder}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		dir := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			dir = isFolder(filepath.Join(folder, e.Name()))
		}
		l.Entries = append(l.Entries, ui.Listed{Name: e.Name(), Folder: dir})
	}
	return l, nil
}

// MakeFolder implements [ui.Desktop].
func (d *Desk) MakeFolder(_ context.Context, in, name string) (string, error) {
	if !filepath.IsLocal(name) || name != filepath.Base(name) {
		return "", fmt.Errorf("%q leads out of the folder: %w", name, os.ErrInvalid)
	}
	path := filepath.Join(in, name)
	return path, os.Mkdir(path, 0o777)
}

// run starts a program and returns what it prints.
func run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return string(out), err
}
