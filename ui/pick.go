package ui

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/history"
	"potluck/ui/list"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A pickPage is the window's own way to choose files or a folder. It is a page like
// any other: nothing is blocked, and Esc leads back.
type pickPage struct {
	w      *Window
	root   *fyne.Container
	title  *elide.Text
	up     *press.Button
	create *press.Button // shows what follows
	path   *field.Entry
	name   *field.Entry // of a new folder
	make   *press.Button
	unmade *elide.Paragraph
	naming *fyne.Container
	list   *list.List
	rows   []view.PickEntry
	empty  *elide.Paragraph
	cancel *press.Button
	choose *press.Button
	at     string // the folder that is shown
	to     *fyne.Container
	end    *fyne.Container
}

func newPickPage(w *Window) *pickPage {
	p := &pickPage{w: w}
	p.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.up = press.New(press.Value{Kind: press.Quiet}, p.goUp)
	p.create = press.New(press.Value{Kind: press.Quiet}, p.beginNaming)
	p.name = field.NewEntry()
	p.name.OnSubmitted = func(string) { p.makeFolder() }
	p.make = press.New(press.Value{}, p.makeFolder)
	p.unmade = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNameError})
	p.naming = flow.NewColumn(look.Gap4, flow.NewRow(look.Gap8, 0, p.name, p.make), p.unmade)
	p.path = field.NewEntry()
	p.path.OnSubmitted = func(path string) { w.list(path) }
	p.list = history.New(history.Options{
		Count: func() int { return len(p.rows) },
		Key:   func(i int) string { return filepath.Join(w.shown.Pick.Path, p.rows[i].Name) },
		Value: func(i int) history.Value { return p.row(i) },
		OnOpen: func(i int) {
			if i < len(p.rows) {
				p.take(i)
			}
		},
		OnKey: func(i int, key *fyne.KeyEvent) bool {
			switch {
			case key.Name == fyne.KeyBackspace || key.Name == fyne.KeyLeft:
				p.goUp()
			case key.Name == fyne.KeyRight && i >= 0 && i < len(p.rows):
				p.take(i)
			default:
				return false
			}
			return true
		},
		Label: func() string { return p.path.Text },
	})
	p.empty = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	p.cancel = press.New(press.Value{}, func() { w.do(func(l *view.Local) { l.Picked() }) })
	p.choose = press.New(press.Value{Kind: press.Primary}, w.pickNow)
	p.to = newContainer(whereLayout{}, p.path, flow.NewRow(look.Gap8, 9, p.up, p.create))
	p.end = flow.NewRow(look.Gap8, 9, p.cancel, p.choose)
	p.root = pinned(3, p.title, p.to, p.naming, newContainer(fill{}, p.list, flow.NewInset(look.Gap8, look.Gap8, look.Gap8, look.Gap8, p.empty)), left(p.end))
	return p
}

func (p *pickPage) object() fyne.CanvasObject { return p.root }

// entered gives the keyboard to the list, also of a folder with nothing in it: from
// there it leads up.
func (p *pickPage) entered() { p.w.window.Canvas().Focus(p.list) }

func (p *pickPage) row(i int) history.Value {
	e := p.rows[i]
	v := history.Value{Icon: icons().file, Title: e.Name, Label: e.Label}
	switch {
	case e.Folder:
		v.Icon, v.IconColor = icons().folder, theme.ColorNamePrimary
	case e.Ticked:
		v.Icon, v.IconColor = theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary
	}
	return v
}

func (p *pickPage) show(v view.View) {
	k := v.Pick
	p.title.SetText(k.Title)
	p.path.Label = k.Title
	set(p.up, k.Up, press.Quiet)
	set(p.create, k.New, press.Quiet)
	visible(p.create, k.New != "")
	p.name.SetPlaceHolder(k.Prompt)
	p.name.Label = k.Prompt
	set(p.make, k.Make, press.Normal)
	p.unmade.SetText(k.Unmade)
	visible(p.unmade, k.Unmade != "")
	visible(p.naming, k.Naming)
	set(p.cancel, k.Cancel, press.Normal)
	p.choose.Set(press.Value{Text: k.Choose, Kind: press.Primary, Disabled: !k.Can})
	p.empty.SetText(k.Empty)
	visible(p.empty, k.Empty != "")
	p.rows = k.Entries
	p.list.Update()
	if k.Path != p.at {
		p.at = k.Path
		p.path.SetText(k.Path)
		p.list.SetCursor(0)
	}
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.to)
	flow.Relayout(p.naming)
	flow.Relayout(p.end)
}

// beginNaming asks for the name of a new folder, or leaves that again.
func (p *pickPage) beginNaming() {
	k := p.w.local.Picking
	if k == nil {
		return
	}
	p.name.SetText("")
	p.w.do(func(l *view.Local) { l.Picking = k.Name(!k.Naming) })
	if p.naming.Visible() {
		p.w.window.Canvas().Focus(p.name)
	}
}

// makeFolder makes the folder and shows what is in it: nothing yet, so that it can be
// chosen at once.
func (p *pickPage) makeFolder() {
	w, k := p.w, p.w.local.Picking
	if k == nil || k.At == "" {
		return
	}
	name, why := view.NewFolder(p.name.Text, w.words)
	if why != "" {
		w.do(func(l *view.Local) { l.Picking = k.NotMade(why) })
		return
	}
	w.begin(func(ctx context.Context) error {
		path, err := w.o.Desktop.MakeFolder(ctx, k.At, name)
		if err == nil {
			w.later(func() { w.list(path) })
			return nil
		}
		why := view.Sentence(err, w.words)
		if errors.Is(err, fs.ErrExist) {
			why = w.words.L("There is something of this name already.")
		}
		w.later(func() {
			if now := w.local.Picking; now != nil {
				w.local.Picking = now.NotMade(why)
			}
		})
		return nil
	})
}

// take enters a folder, or ticks a file.
func (p *pickPage) take(i int) {
	w := p.w
	k := w.local.Picking
	switch {
	case k == nil || i >= len(k.Entries):
	case k.Entries[i].Folder:
		w.list(filepath.Join(k.At, k.Entries[i].Name))
	default:
		w.do(func(l *view.Local) { l.Picking = k.Toggle(i) })
	}
}

func (p *pickPage) goUp() {
	if k := p.w.local.Picking; k != nil && k.At != "" {
		p.w.list(filepath.Dir(k.At))
	}
}

// pick has files or a folder chosen on a page of the window.
func (w *Window) pick(k view.Picking, chosen func(paths []string)) {
	w.chosen = chosen
	w.do(func(l *view.Local) { l.Pick(k) })
	w.listFrom(k.At, k.At != "")
}

// pickNow takes what is chosen.
func (w *Window) pickNow() {
	k, chosen := w.local.Picking, w.chosen
	if k == nil || chosen == nil || len(k.Chosen()) == 0 {
		return
	}
	w.local.Picked()
	chosen(k.Chosen())
	w.render()
}

// list shows a folder in the page to choose from.
func (w *Window) list(folder string) { w.listFrom(folder, false) }

// listFrom is list, or if a folder is still to be made, of the first above it that is
// there.
func (w *Window) listFrom(folder string, above bool) {
	w.listing++
	number := w.listing
	w.begin(func(ctx context.Context) error {
		l, err := w.o.Desktop.List(ctx, folder)
		for at := folder; above && errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at); {
			at = filepath.Dir(at)
			l, err = w.o.Desktop.List(ctx, at)
		}
		w.later(func() {
			k := w.local.Picking
			if k == nil || number != w.listing {
				return // another folder was asked for since
			}
			if err != nil {
				w.local.Picking = k.Refused(view.Sentence(err, w.words))
				return
			}
			var entries []view.Entry
			for _, e := range l.Entries {
				entries = append(entries, view.Entry(e))
			}
			w.local.Picking = k.Listed(l.Folder, entries)
		})
		return nil
	})
}

// A whereLayout puts the buttons beside the path, or below it where too little of that
// would be seen.
type whereLayout struct{}

var _ flow.TallLayout = whereLayout{}

func (whereLayout) apart(objects []fyne.CanvasObject, width float32) bool {
	return width-look.Gap8-objects[1].MinSize().Width < 180*look.Scale()
}

// MinSize implements fyne.Layout.
func (whereLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, objects[0].MinSize().Height)
}

// HeightFor implements flow.TallLayout.
func (l whereLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	path, buttons := objects[0].MinSize().Height, objects[1].MinSize().Height
	if l.apart(objects, width) {
		return path + look.Gap4 + buttons
	}
	return max(path, buttons)
}

// Layout implements fyne.Layout.
func (l whereLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	path, buttons := objects[0].MinSize().Height, objects[1].MinSize()
	if l.apart(objects, size.Width) {
		place(objects[0], 0, 0, size.Width, path)
		place(objects[1], -look.Gap8, path+look.Gap4, min(buttons.Width, size.Width+look.Gap8), buttons.Height)
		return
	}
	place(objects[0], 0, (size.Height-path)/2, size.Width-look.Gap8-buttons.Width, path)
	place(objects[1], size.Width-buttons.Width, (size.Height-buttons.Height)/2, buttons.Width, buttons.Height)
}
