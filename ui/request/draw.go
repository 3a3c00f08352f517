package request

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/look"
)

const (
	pad       = 14
	leastWide = 260
)

// HeightFor implements flow.Tall.
func (c *Card) HeightFor(width float32) float32 {
	inner, hidden := width-2*pad, c.below.Hidden
	c.below.Hidden = true // where nothing is out of sight, there is no such line
	defer func() { c.below.Hidden = hidden }()
	return flow.HeightFor(c.body, inner) + look.Gap12 + flow.HeightFor(c.pinned, inner) + 2*pad
}

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	return &renderer{card: c, ground: look.NewGround(look.Card, theme.ColorNamePrimary, theme.Size(theme.SizeNameCardRadius))}
}

type renderer struct {
	card   *Card
	ground *look.Ground
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground.Rectangle, r.card.body, r.card.screen, r.card.pinned}
}

func (r *renderer) MinSize() fyne.Size {
	return fyne.NewSize(leastWide, r.card.HeightFor(max(r.card.Size().Width, leastWide)))
}

func (r *renderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.card.arrange(size)
}

func (r *renderer) Refresh() {
	r.ground.Restyle()
	r.Layout(r.card.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// arrange places what is in the card. The buttons stand at its lower end, or at the
// lower end of what is seen of it, but never over who it is from and what it is: yes is
// not to be had without these.
func (c *Card) arrange(size fyne.Size) {
	inner := size.Width - 2*pad
	high := flow.HeightFor(c.body, inner)
	c.body.Move(fyne.NewPos(pad, pad))
	c.body.Resize(fyne.NewSize(inner, high))
	flow.Relayout(c.body)
	c.below.Hidden = true
	low := flow.HeightFor(c.pinned, inner)
	end := size.Height
	if c.sight > 0 && c.sight < size.Height {
		end = c.sight
		if rest := c.hidden(end - 2*pad - low); rest.text != "" {
			c.below.Hidden = false
			low = flow.HeightFor(c.pinned, inner)
			c.below.set(c.hidden(end - 2*pad - low)) // the line itself may hide more
		}
	}
	y := max(end-pad-low, pad+c.what.Position().Y+c.what.Size().Height+look.Gap8)
	c.screen.Hidden = y+low+pad >= size.Height
	c.screen.Move(fyne.NewPos(1, y-pad/2))
	c.screen.Resize(fyne.NewSize(size.Width-2, low+3*pad/2))
	c.pinned.Move(fyne.NewPos(pad, y))
	c.pinned.Resize(fyne.NewSize(inner, low))
	flow.Relayout(c.pinned)
}

// hidden returns what of the body is most worth reading that does not end above y:
// a warning, of those alike rather one of which nothing is seen, or else the folder and
// what is free there.
func (c *Card) hidden(y float32) rest {
	ends := func(o fyne.CanvasObject) float32 { return pad + o.Position().Y + o.Size().Height }
	worst, begun := rest{}, false
	for i, n := range c.notes {
		v, seen := c.value.Notes[i], pad+n.Position().Y < y
		if v.Text == "" || ends(n) <= y {
			continue
		}
		if worst.text == "" || v.Tone > worst.tone || v.Tone == worst.tone && begun && !seen {
			worst, begun = rest{text: v.Text, tone: v.Tone, warns: true}, seen
		}
	}
	if worst.text == "" && ends(c.where) > y+1 {
		worst.text = c.value.Folder
		if c.value.Free != "" {
			worst.text += " · " + c.value.Free
		}
	}
	return worst
}

// own gives a line the width it needs.
func own(t *elide.Text) *fyne.Container { return container.New(ownWidth{t}, t) }

type ownWidth struct{ text *elide.Text }

// MinSize implements fyne.Layout.
func (o ownWidth) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o.text.Width()+1, o.text.MinSize().Height)
}

// Layout implements fyne.Layout.
func (o ownWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// buttons lays out the buttons: Accept gets what room the others leave; when that
// is too little for its text, it has a line of its own.
type buttons struct{ card *Card }

func (b *buttons) others() []fyne.CanvasObject {
	var list []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{b.card.decline, b.card.later, b.card.more} {
		if o.Visible() {
			list = append(list, o)
		}
	}
	return list
}

// fits reports whether all fit side by side.
func (b *buttons) fits(width float32) bool {
	need := b.card.accept.MinSize().Width
	for _, o := range b.others() {
		need += look.Gap8 + o.MinSize().Width
	}
	return need <= width
}

func (b *buttons) MinSize([]fyne.CanvasObject) fyne.Size {
	width := b.card.Size().Width - 2*pad
	h := b.card.decline.MinSize().Height
	if width > 0 && !b.fits(width) {
		h = 2*h + look.Gap8
	}
	return fyne.NewSize(leastWide-2*pad, h)
}

func (b *buttons) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	h := b.card.decline.MinSize().Height
	others := b.others()
	if !b.fits(size.Width) {
		b.card.accept.Move(fyne.NewPos(0, 0))
		b.card.accept.Resize(fyne.NewSize(size.Width, h))
		b.row(others, 0, h+look.Gap8, size.Width, h)
		return
	}
	b.row(append([]fyne.CanvasObject{b.card.accept}, others...), 0, 0, size.Width, h)
}

// row puts objects side by side; Accept and Decline share the room that is left.
func (b *buttons) row(objects []fyne.CanvasObject, x, y, width, h float32) {
	least := float32(0)
	grow := float32(0)
	for _, o := range objects {
		least += o.MinSize().Width + look.Gap8
		if o == b.card.accept || o == b.card.decline {
			grow++
		}
	}
	extra := max(width-least+look.Gap8, 0)
	for _, o := range objects {
		w := o.MinSize().Width
		if o == b.card.accept || o == b.card.decline {
			w += extra / grow
		}
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		x += w + look.Gap8
	}
}
