package view

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"potluck/sharing/manifest"
)

// A Picking is the window's own way to choose files or a folder, where the system
// has none. A value is never changed, only replaced.
type Picking struct {
	Folders bool // one folder, and not files
	Title   string
	From    Page // that it leads back to
	At      string
	Entries []Entry // of that folder; folders first
	Ticked  []string
	Wait    bool   // the folder is being read
	Problem string // why it could not be
	Naming  bool   // a new folder is given a name
	Unmade  string // why there is no folder of the last name, in a sentence
}

// An Entry is something in a folder.
type Entry struct {
	Name   string
	Folder bool
}

// A PickPage shows a folder to choose from.
type PickPage struct {
	There   bool
	Title   string
	Path    string
	Up      string
	New     string // makes a folder; empty where files are chosen
	Naming  bool
	Prompt  string // for its name
	Make    string
	Unmade  string
	Empty   string
	Entries []PickEntry
	Choose  string
	Can     bool
	Cancel  string
}

// A PickEntry is a line of it.
type PickEntry struct {
	Name   string
	Folder bool
	Ticked bool
	Label  string
}

// Listed is the picking with what is in a folder.
func (p Picking) Listed(folder string, entries []Entry) *Picking {
	p.At, p.Wait, p.Problem, p.Entries, p.Naming, p.Unmade = folder, false, "", nil, false, ""
	for _, e := range entries {
		if e.Folder || !p.Folders {
			p.Entries = append(p.Entries, e)
		}
	}
	slices.SortFunc(p.Entries, func(a, b Entry) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name))
	})
	return &p
}

// Refused is the picking when a folder could not be read.
func (p Picking) Refused(why string) *Picking {
	p.Wait, p.Problem = false, why
	return &p
}

// Name is the picking while a new folder is given a name, or not any more.
func (p Picking) Name(on bool) *Picking {
	p.Naming, p.Unmade = on, ""
	return &p
}

// NotMade is the picking when there is no folder of the name that was typed.
func (p Picking) NotMade(why string) *Picking {
	p.Unmade = why
	return &p
}

// NewFolder returns the name of a folder that is to be made, as it was typed. It is
// one that every system can have and every list shows; anything else is refused, in a
// sentence: above all what leads elsewhere.
func NewFolder(typed string, w Words) (name, why string) {
	name = strings.TrimSpace(typed)
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") || clean(name) != name || !portable(name) {
		return "", w.L("A folder cannot be called that. Use letters, digits, spaces and dashes.")
	}
	return name, ""
}

// portable reports whether a name can be that of a folder on every system.
func portable(name string) bool {
	var b manifest.Builder
	if b.Add(manifest.Entry{Path: name, Dir: true}) != nil {
		return false
	}
	m, err := b.Build()
	return err == nil && manifest.Localize(m, manifest.Traits{Windows: true, FoldsCase: true, FoldsForms: true}).RenamedCount() == 0
}

// Toggle ticks a file, or takes the tick away.
func (p Picking) Toggle(i int) *Picking {
	path := filepath.Join(p.At, p.Entries[i].Name)
	if at := slices.Index(p.Ticked, path); at >= 0 {
		p.Ticked = slices.Concat(p.Ticked[:at], p.Ticked[at+1:])
	} else {
		p.Ticked = append(slices.Clone(p.Ticked), path)
	}
	return &p
}

// TickAll ticks all files of the folder that is shown, beside those of others.
func (p Picking) TickAll() *Picking {
	p.Ticked = slices.Clone(p.Ticked)
	for _, e := range p.Entries {
		if path := filepath.Join(p.At, e.Name); !e.Folder && !p.Folders && !slices.Contains(p.Ticked, path) {
			p.Ticked = append(p.Ticked, path)
		}
	}
	return &p
}

// Chosen returns what is chosen now: the folder that is shown, or the ticked files,
// those of other folders included.
func (p Picking) Chosen() []string {
	switch {
	case !p.Folders:
		return p.Ticked
	case p.Wait || p.Problem != "" || p.At == "":
		return nil
	}
	return []string{p.At}
}

// Pick begins to choose. What was on the page comes back afterwards.
func (l *Local) Pick(p Picking) {
	if l.Page != Pick {
		p.From = l.Page
	} else if l.Picking != nil {
		p.From = l.Picking.From
	}
	p.Wait = true
	l.Picking, l.Page, l.Question = &p, Pick, Question{}
}

// Picked ends choosing.
func (l *Local) Picked() {
	if l.Picking != nil && l.Page == Pick {
		l.Page = l.Picking.From
	}
	l.Picking = nil
}

func pickPage(l Local, w Words) PickPage {
	p := l.Picking
	if l.Page != Pick || p == nil {
		return PickPage{}
	}
	page := PickPage{There: true, Title: p.Title, Path: p.At, Up: w.L("Folder above"), Cancel: w.L("Cancel"), Can: len(p.Chosen()) > 0}
	page.Choose, page.New = w.L("Choose this folder"), w.L("New folder…")
	page.Naming, page.Prompt, page.Make, page.Unmade = p.Naming && p.Folders, w.L("Name of the new folder"), w.L("Create"), p.Unmade
	if !p.Folders {
		page.New = ""
		page.Choose = w.L("Choose files")
		if n := len(p.Ticked); n > 0 {
			page.Choose = w.N("Choose {{.N}} files", n)
		}
	}
	switch {
	case p.Wait:
		page.Empty = w.L("Looking inside…")
	case p.Problem != "":
		page.Empty = p.Problem
	case len(p.Entries) == 0 && p.Folders:
		page.Empty = w.L("There are no folders in this one.")
	case len(p.Entries) == 0:
		page.Empty = w.L("This folder is empty.")
	}
	if page.Empty != "" {
		return page
	}
	for _, e := range p.Entries {
		one := PickEntry{Name: clean(e.Name), Folder: e.Folder, Ticked: !e.Folder && slices.Contains(p.Ticked, filepath.Join(p.At, e.Name))}
		one.Label = one.Name
		switch {
		case one.Folder:
			one.Label += ", " + w.L("Folder")
		case one.Ticked:
			one.Label += ", " + w.L("ticked")
		}
		page.Entries = append(page.Entries, one)
	}
	return page
}
