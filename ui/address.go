package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// reachTime is how long an answer from a typed address is waited for.
const reachTime = 10 * time.Second

// An addressPage is where the address of a device is typed.
type addressPage struct {
	w               *Window
	root            *fyne.Container
	title, help     *elide.Paragraph
	entry           *field.Entry
	connect, cancel *press.Button
}

func newAddressPage(w *Window) *addressPage {
	p := &addressPage{w: w}
	p.title = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.entry = field.NewEntry()
	p.entry.OnSubmitted = func(string) { w.reach(p.entry.Text) }
	p.entry.OnChanged = func(string) {
		w.local.Unreached = "" // it is being mended
		w.render()
	}
	p.help = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	p.connect = press.New(press.Value{Kind: press.Primary}, func() { w.reach(p.entry.Text) })
	p.cancel = press.New(press.Value{}, func() { w.do(func(l *view.Local) { l.Page = l.Back }) })
	p.root = pinned(3, p.title, newContainer(line{480}, p.entry), p.help, newContainer(top{}, left(flow.NewRow(look.Gap8, 9, p.cancel, p.connect))))
	return p
}

func (p *addressPage) object() fyne.CanvasObject { return p.root }

// entered begins with what was typed last, so that it can be mended.
func (p *addressPage) entered() { p.w.window.Canvas().Focus(p.entry) }

func (p *addressPage) show(v view.View) {
	a := v.Address
	p.title.SetText(a.Title)
	p.entry.SetPlaceHolder(a.Prompt)
	p.entry.Label = a.Prompt
	color := theme.ColorNamePlaceHolder
	if a.Bad {
		color = theme.ColorNameError
	}
	p.help.Set(elide.ParaValue{Text: a.Help, Color: color})
	p.connect.Set(press.Value{Text: a.Connect, Kind: press.Primary, Disabled: p.entry.Text == "", Busy: a.Busy})
	set(p.cancel, a.Cancel, press.Normal)
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.root.Objects[3])
}

// enterAddress opens the page to type an address.
func (w *Window) enterAddress() {
	w.do(func(l *view.Local) {
		l.Unreached = ""
		l.Go(view.Address)
	})
}

// reach connects to an address. Who leaves the page gives it up.
func (w *Window) reach(typed string) {
	if w.local.Reaching != "" || w.source == nil {
		return
	}
	addr, ok := view.AddressOf(typed)
	if !ok {
		w.do(func(l *view.Local) { l.Unreached = view.NoAddress(w.words) })
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), reachTime)
	w.reaching = cancel
	w.do(func(l *view.Local) { l.Reaching, l.Unreached = addr, "" })
	w.act(func(working context.Context, s Source) error {
		defer cancel()
		defer context.AfterFunc(working, cancel)()
		id, err := s.Reach(ctx, addr)
		snapshot := s.Snapshot()
		w.later(func() {
			if w.local.Reaching != addr {
				return // given up
			}
			w.local.Reaching = ""
			if err != nil {
				w.local.Unreached = view.Sentence(err, w.words)
				return
			}
			w.snapshot = snapshot
			w.local.Notice = view.Reached(id, snapshot, w.o.Now(), w.words)
			w.local.Go(view.Nearby)
			w.render()
			w.grid().Point(id.String())
			w.window.Canvas().Focus(w.grid())
		})
		return nil
	})
}

// stopReaching gives up an address whose page was left.
func (w *Window) stopReaching() {
	if w.reaching != nil && w.local.Page != view.Address {
		w.reaching()
		w.reaching, w.local.Reaching = nil, ""
	}
}
