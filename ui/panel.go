package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/banner"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/request"
	"potluck/ui/transfer"
	"potluck/ui/view"
)

// A nowPanel is what is going on: at the right of a wide window, in place of the
// page in a narrow one.
type nowPanel struct {
	w        *Window
	root     *fyne.Container
	inPage   bool
	wasEmpty bool
	title    *elide.Text
	empty    *elide.Paragraph
	requests *rows[view.Request]
	cards    []*request.Card
	folded   *rows[view.Folded]
	messages *rows[view.Message]
	texts    []*longText // of them
	moving   *rows[view.Row]
	scroll   *container.Scroll
}

func newNowPanel(w *Window) *nowPanel {
	n := &nowPanel{w: w}
	n.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	n.empty = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder})
	n.requests = newRows(look.Gap8, n.newRequest)
	n.folded = newRows(look.Gap8, n.newFolded)
	n.messages = newRows(look.Gap8, n.newMessage)
	n.moving = newRows(look.Gap8, func() slot[view.Row] { return newRow(w) })
	n.scroll = flow.NewScroll(flow.NewInset(0, look.Gap12, 0, 0,
		flow.NewColumn(look.Gap8, n.requests.box, n.messages.box, n.folded.box, n.moving.box)))
	n.scroll.OnScrolled = func(fyne.Position) { n.look(true) }
	n.root = newContainer(&panelLayout{n}, n.title, n.empty, n.scroll)
	return n
}

func (n *nowPanel) show(v view.View) {
	now := v.Now
	n.title.SetText(now.Title)
	n.empty.SetText(now.Empty)
	visible(n.empty, now.Empty != "")
	changed := n.requests.show(now.Requests)
	changed = n.messages.show(now.Messages) || changed
	changed = n.folded.show(now.Folded) || changed
	changed = n.moving.show(now.Rows) || changed
	for _, o := range []fyne.CanvasObject{n.requests.box, n.messages.box, n.folded.box, n.moving.box} {
		visible(o, flow.HeightFor(o, 200) > 0)
	}
	if empty := now.Empty != ""; changed || empty != n.wasEmpty {
		n.wasEmpty = empty
		n.root.Layout.Layout(n.root.Objects, n.root.Size())
	}
	n.look(false) // as far as they can be looked at already
}

func (n *nowPanel) newRequest() slot[view.Request] {
	var now view.Request
	w := n.w
	card := request.New(request.Actions{
		Look:    func() { w.lookInto(now.Share) },
		Change:  func() { w.saveInto(now.Share) },
		Accept:  func() { w.acceptUsual(now.Share) },
		Decline: func() { w.decline(now.Share) },
		Later:   func() { w.do(func(l *view.Local) { l.PutOff(now.Share) }) },
		More:    func(at fyne.Position) { w.requestMenu(now, at) },
		Note: func(i int) {
			if i < len(now.Notes) && now.Notes[i].Button != "" { // verify together: programs are looked at inside
				w.verify(now.From)
			}
		},
	})
	n.cards = append(n.cards, card)
	return slot[view.Request]{card, func(v view.Request) bool {
		another := v.Share != now.Share && card.Visible() && focus.Inside(card)
		if v.Share != now.Share {
			focus.Forget(card)
		}
		now = v
		changed := card.Set(requestValue(v))
		if another {
			w.window.Canvas().Focus(card.First()) // what was under the fingers may be its No
		}
		return changed
	}}
}

// holding returns the request that a stop of the keyboard is in, nil if it is in none.
func (n *nowPanel) holding(stop fyne.Focusable) *request.Card {
	o, ok := stop.(fyne.CanvasObject)
	if !ok {
		return nil
	}
	for _, card := range n.cards {
		if _, in := focus.PlaceOf(card, o); in && card.Visible() {
			return card
		}
	}
	return nil
}

// look tells the requests what of them is in sight.
func (n *nowPanel) look(scrolled bool) {
	for _, card := range n.cards {
		if card.Visible() {
			card.See(n.scroll, scrolled)
		}
	}
}

// requestValue is a request as its widget shows it.
func requestValue(r view.Request) request.Value {
	v := request.Value{
		Key: r.Share.String(), Picture: picture(r.From, smallDish), Name: r.Name, Trust: r.TrustText, Line: r.Line,
		Icon: icons().file, Title: r.Title, Ext: r.Ext, Program: r.Program, Amount: r.Amount, Size: r.Size, Look: r.Look,
		SaveTo: r.SaveTo, Folder: r.Into, Change: r.Change, Free: r.Free, FreeBad: r.FreeBad,
		Accept: r.Accept, AcceptOff: !r.CanAccept, Decline: r.Decline, Later: r.Later, More: r.More, Waiting: r.Waiting, Label: r.Label,
	}
	if r.Folder {
		v.Icon = icons().folder
	}
	v.TrustIcon, v.TrustColor = trustIcon(r.Trust)
	for i, note := range r.Notes {
		v.Notes[i] = banner.Value{Tone: bannerTone(note.Tone), Text: note.Text, Button: note.Button}
	}
	return v
}

func (n *nowPanel) newFolded() slot[view.Folded] {
	var now view.Folded
	b := banner.New(banner.Value{}, func() { n.w.do(func(l *view.Local) { l.Recall(now.Share) }) })
	return slot[view.Folded]{b, func(v view.Folded) bool {
		now = v
		return b.Set(banner.Value{Tone: banner.Info, Text: v.Text, Button: v.Look})
	}}
}

// newRow shows a transfer.
func newRow(w *Window) slot[view.Row] {
	var now view.Row
	row := transfer.New(func(i int) { w.press(now.Buttons[i].Do, now.Ref) }, func() { w.details(now.Key) },
		func(at fyne.Position) { w.rowMenu(now, at) })
	return slot[view.Row]{row, func(v view.Row) bool {
		if v.Key != now.Key {
			focus.Forget(row)
		}
		now = v
		return row.Set(rowValue(v))
	}}
}

// rowValue is a transfer as its widget shows it.
func rowValue(r view.Row) transfer.Value {
	v := transfer.Value{
		Key: r.Key, Icon: iconOf(r.Icon), IconColor: toneColor(r.Tone), Title: r.Title, What: r.What, HasBar: r.Part >= 0, Part: float32(max(0, r.Part)),
		Numbers: r.Numbers, Note: r.Note, Lid: r.Lid, Label: r.Label,
	}
	if r.NoteBad {
		v.NoteColor, v.NoteIcon = theme.ColorNameError, theme.ErrorIcon()
	}
	for i, b := range r.Buttons {
		v.Buttons[i] = buttonValue(b)
	}
	return v
}

func buttonValue(b view.Button) press.Value {
	if b.Text == "" {
		return press.Value{}
	}
	v := press.Value{Text: b.Text, Name: b.Text, Icon: iconOf(b.Icon)}
	if v.Icon != nil {
		v.Text = ""
	}
	if b.Primary {
		v.Kind = press.Primary
	}
	return v
}

// A panelLayout puts the title above what scrolls. In place of the page there is
// no title: the room is for what waits.
type panelLayout struct{ n *nowPanel }

// MinSize implements fyne.Layout.
func (*panelLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 160) }

// Layout implements fyne.Layout.
func (p *panelLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	n := p.n
	side := look.Gap12
	if n.inPage {
		side = look.PageInset
	}
	width := size.Width - side - look.Gap4
	y := look.Gap12
	visible(n.title, !n.inPage)
	if !n.inPage {
		h := n.title.MinSize().Height
		place(n.title, side, y, width, h)
		y += h + look.Gap8
	}
	if n.empty.Visible() {
		h := n.empty.HeightFor(width - look.ScrollGap)
		place(n.empty, side, y, width-look.ScrollGap, h)
		y += h + look.Gap8
	}
	room := max(0, size.Height-y)
	for _, text := range n.texts {
		text.fit(width - look.ScrollGap - 2*look.Gap12)
	}
	place(n.scroll, side, y, width, room)
	flow.Relayout(n.scroll)
	n.look(false)
}
