package request

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/flow"
	"potluck/ui/look"
)

const (
	pad       = 14
	leastWide = 260
	leastBody = 90 // of what is above the buttons, when it scrolls
)

// HeightFor implements flow.Tall: the height at which nothing scrolls.
func (c *Card) HeightFor(width float32) float32 {
	inner := width - 2*pad
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
	return append([]fyne.CanvasObject{r.ground.Rectangle}, r.card.Held()...)
}

func (r *renderer) MinSize() fyne.Size {
	c := r.card
	width := max(c.Size().Width, leastWide)
	return fyne.NewSize(leastWide, min(flow.HeightFor(c.pinned, width-2*pad)+2*pad+look.Gap12+leastBody*look.Scale(), c.HeightFor(width)))
}

func (r *renderer) Layout(size fyne.Size) {
	c, inner := r.card, size.Width-2*pad
	r.ground.Resize(size)
	low := flow.HeightFor(c.pinned, inner)
	c.pinned.Move(fyne.NewPos(pad, size.Height-pad-low))
	c.pinned.Resize(fyne.NewSize(inner, low))
	room := size.Height - 2*pad - look.Gap12 - low
	if high := flow.HeightFor(c.body, inner); high <= room+1 {
		// Not in a scroll, which would keep the wheel from what the card lies in.
		c.scrolls = false
		c.body.Move(fyne.NewPos(pad, pad))
		c.body.Resize(fyne.NewSize(inner, high))
	} else {
		c.scrolls = true
		c.scroll.Move(fyne.NewPos(pad-ringRoom, pad-ringRoom))
		c.scroll.Resize(fyne.NewSize(ringRoom+inner+look.ScrollGap, room+2*ringRoom))
		c.scroll.Refresh()
	}
	flow.Relayout(c.body)
	flow.Relayout(c.pinned)
}

func (r *renderer) Refresh() {
	r.ground.Restyle()
	r.Layout(r.card.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// ringRoom is what the scroll leaves around the body for the rings of what is in
// it.
const ringRoom = 5

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
