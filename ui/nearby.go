package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/sharing/identity"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/hold"
	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A nearbyPage is who is around: the home of the window.
type nearbyPage struct {
	w      *Window
	root   *fyne.Container
	header *header
	title  *elide.Text
	note   *fyne.Container // that this device hides, and the way to change it
	said   *elide.Paragraph
	change *press.Button
	grid   *neighbour.Grid
	empty  *fyne.Container
	why    [2]*elide.Paragraph
	unhide *press.Button
	enter  *press.Button
	mine   *press.Button
	ways   *fyne.Container // holds these two
	strip  *press.Button
	hint   *elide.Text
	hold   *hold.Bar
	bar    *fyne.Container
	what   *elide.Text
	cancel *press.Button
	send   *press.Button
	now    view.NearbyPage
	aimed  bool // the keyboard was given to the cards, to choose somebody
}

func newNearbyPage(w *Window) *nearbyPage {
	p := &nearbyPage{w: w, header: newHeader(w)}
	p.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.grid = neighbour.NewGrid(neighbour.Options{
		OnTick: func(key string) { w.tapCard(idOf(key)) },
		OnSend: func(key string) { w.enterCard(idOf(key)) },
		OnMenu: func(key string, at fyne.Position) { w.cardMenu(idOf(key), at) },
		OnAll:  func() { w.do(func(l *view.Local) { l.SelectAll(w.snapshot) }) },
		OnClear: func() bool {
			left := w.local.Leave(w.o.Now(), w.words)
			w.render()
			return left
		},
		OnLight: w.watch,
		Now:     w.o.Now,
	})
	p.said = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText})
	p.change = press.New(press.Value{Kind: press.Quiet}, func() { w.visibleMenuAt(p.change) })
	p.note = flow.NewRow(look.Gap8, 0, p.said, p.change)
	p.why[0] = elide.NewParagraph(elide.ParaValue{Size: theme.SizeNameHeadingText, Bold: true, Align: fyne.TextAlignCenter})
	p.why[1] = elide.NewParagraph(elide.ParaValue{Color: theme.ColorNamePlaceHolder, Align: fyne.TextAlignCenter})
	p.unhide = press.New(press.Value{}, func() { w.visibleMenuAt(p.unhide) })
	p.enter = press.New(press.Value{}, w.enterAddress)
	p.mine = press.New(press.Value{}, w.showMine)
	p.ways = newContainer(amid{}, p.unhide, p.enter, p.mine)
	p.empty = newContainer(centred{}, flow.NewColumn(look.Gap8, p.why[0], p.why[1], p.ways))
	p.strip = press.New(press.Value{Kind: press.Quiet}, w.showWaiting)
	p.hint = elide.New(elide.Value{Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText})
	p.hold = hold.New(w.undo)
	p.what = elide.New(elide.Value{Bold: true, Mode: elide.Named})
	p.cancel = press.New(press.Value{}, func() { w.do((*view.Local).Cancel) })
	p.send = press.New(press.Value{Kind: press.Primary}, w.sendToTicked)
	p.bar = newContainer(&barLayout{p}, p.what, p.cancel, p.send)
	middle := newContainer(fill{}, p.grid, p.empty)
	p.root = pinned(3, p.header.root, p.title, p.note, middle, p.strip, p.hint, p.hold, p.bar)
	p.root.Layout = &nearbyLayout{p.root.Layout.(*pinnedLayout), p}
	return p
}

func (p *nearbyPage) object() fyne.CanvasObject { return p.root }

func (p *nearbyPage) show(v view.View) {
	n := v.Nearby
	p.header.show(v.Me, n)
	p.title.SetText(n.Title)
	visible(p.title, n.Title != "")
	cards := make([]neighbour.Value, 0, len(n.Cards))
	for _, c := range n.Cards {
		card := cardValue(c, p.w.words)
		if !p.w.draws(c.Name) {
			card.Spoken = view.DishWords(p.w.words, identity.DishOf(c.ID))
		}
		cards = append(cards, card)
	}
	p.grid.Set(cards, n.Title)
	visible(p.grid, len(cards) > 0)
	visible(p.empty, len(cards) == 0)
	p.said.SetText(n.Note)
	set(p.change, n.Change, press.Quiet)
	set(p.unhide, n.Change, press.Normal)
	set(p.enter, n.Enter, press.Normal)
	set(p.mine, n.Mine, press.Normal)
	visible(p.unhide, n.Change != "")
	visible(p.mine, n.Mine != "")
	visible(p.ways, n.Enter != "")
	changed := p.why[0].SetText(n.Empty)
	if p.why[1].SetText(n.Why) || changed {
		flow.Relayout(p.empty)
		p.empty.Refresh()
	}
	p.strip.Set(press.Value{Text: n.Strip, Kind: press.Quiet, Numbers: true})
	p.hint.SetText(n.Hint)
	visible(p.hold, n.Hold.Text != "")
	if n.Hold.Text != "" {
		p.hold.Set(hold.Value{
			Picture: picture(n.Hold.To, smallDish), Text: n.Hold.Text, Note: n.Hold.Note, Undo: n.Hold.Undo, Part: float32(n.Hold.Part),
		})
	}
	visible(p.bar, n.Bar.Send != "")
	if n.Bar.Send != "" {
		p.what.SetText(n.Bar.Text)
		set(p.cancel, n.Bar.Cancel, press.Normal)
		p.send.Set(press.Value{Text: n.Bar.Send, Kind: press.Primary, Disabled: !n.Bar.CanSend})
	}
	p.now = n
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	if p.bar.Visible() {
		p.bar.Layout.Layout(p.bar.Objects, p.bar.Size())
	}
	p.aim(v)
}

// lowPage is how high the page is at most where the cards need all the room.
const lowPage = 520

// fit shows what there is room for in a page of that height.
func (p *nearbyPage) fit(height float32) {
	n := p.now
	low := height <= lowPage*max(1, look.Scale())
	visible(p.note, n.Note != "" && !(low && n.Bar.Send+n.Hold.Text != ""))
	visible(p.strip, n.Strip != "" && !(low && n.Bar.Send+n.Hold.Text != ""))
	visible(p.hint, n.Hint != "" && n.Hold.Text == "" && height > lowPage)
}

// A nearbyLayout lays out the page with what there is room for.
type nearbyLayout struct {
	*pinnedLayout
	p *nearbyPage
}

// Layout implements fyne.Layout.
func (l *nearbyLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.p.fit(size.Height)
	l.pinnedLayout.Layout(objects, size)
}

// entered gives the keyboard to the cards while somebody is to be chosen.
func (p *nearbyPage) entered() {
	p.aimed = false
	p.aim(p.w.shown)
}

// home is where the keyboard begins: the cards.
func (p *nearbyPage) home() fyne.Focusable {
	if !p.grid.Visible() {
		return nil
	}
	return p.grid
}

// aim gives the keyboard to the cards when somebody is to be chosen, as soon as
// there are some: arrows, Space, Enter and Esc work at once. It is done once, and
// not while something else has come to have the keyboard.
func (p *nearbyPage) aim(v view.View) {
	choosing := v.Page == view.Nearby && v.Nearby.Bar.Send != ""
	if !choosing || p.aimed || !p.grid.Visible() || !p.root.Visible() {
		p.aimed = p.aimed && choosing
		return
	}
	p.aimed = true
	p.w.window.Canvas().Focus(p.grid)
}

// cardValue is a card as its widget shows it.
func cardValue(c view.Card, w view.Words) neighbour.Value {
	v := neighbour.Value{
		Key: c.ID.String(), Name: c.Name, Tag: c.Tag, Picture: picture(c.ID, cardDish), Kind: kindIcon(c.Kind), Trust: c.TrustText,
		State: c.State, StateColor: toneColor(c.StateTone), Hint: c.Hint, Ring: c.Part >= 0, Part: float32(max(0, c.Part)),
		Ticked: c.Ticked, Lit: c.Holding, Wants: c.Wants, Left: c.Left, Refuses: c.Trust == view.OtherDevice,
		Label: c.Label + ", " + view.DishWords(w, identity.DishOf(c.ID)),
	}
	v.TrustIcon, v.TrustColor = trustIcon(c.Trust)
	return v
}

// A header says who this device is, and sends files.
type header struct {
	root    *fyne.Container
	dish    *look.Picture
	name    *elide.Text
	visible *press.Button
	send    *press.Button
	sign    *press.Button // in place of send, where there is no room for its words
}

func newHeader(w *Window) *header {
	h := &header{dish: look.NewPicture(nil)}
	h.name = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	h.visible = press.New(press.Value{Kind: press.Quiet}, func() { w.visibleMenuAt(h.visible) })
	h.send = press.New(press.Value{Icon: icons().send, Kind: press.Primary}, func() { w.chooseFiles(nil) })
	h.sign = press.New(press.Value{Icon: icons().send, Kind: press.Primary}, func() { w.chooseFiles(nil) })
	h.root = newContainer(&headerLayout{h}, square(h.dish.Image, smallDish), flow.NewColumn(0, h.name, newContainer(outdent{}, h.visible)), h.send, h.sign)
	return h
}

func (h *header) show(me view.Me, n view.NearbyPage) {
	h.dish.Show(picture(me.ID, smallDish), "")
	h.name.SetText(me.Name)
	set(h.visible, me.Visible, press.Quiet)
	h.send.Set(press.Value{Text: n.Send, Icon: icons().send, Kind: press.Primary, Disabled: n.Broken})
	h.sign.Set(press.Value{Name: n.Send, Icon: icons().send, Kind: press.Primary, Disabled: n.Broken})
	h.root.Layout.Layout(h.root.Objects, h.root.Size())
}

// set changes the text of a button.
func set(b *press.Button, text string, kind press.Kind) { b.Set(press.Value{Text: text, Kind: kind}) }
