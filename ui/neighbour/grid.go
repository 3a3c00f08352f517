// Package neighbour is who is around: a card for each, in a grid.
//
// A card is what files are dropped on. Which one a drop hits is computed from how
// the grid lies and is scrolled, [Grid.CardAt], and never taken from where the
// pointer was last seen: that may be the wrong person.
//
// A card lights up under the pointer, and under dragged files where the system
// tells of them. No event comes when a drag leaves, nor when the pointer leaves the
// window: a light that no movement keeps on goes out, see [Grid.Dim].
//
// The grid is one stop of the keyboard. Arrows, Home, End and letters move; Space
// ticks, Enter sends, the menu key opens what else can be done, Ctrl+A ticks all.
package neighbour

import (
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"

	"potluck/ui/focus"
	"potluck/ui/list"
	"potluck/ui/look"
)

// A card stays lit that long after the pointer was last heard of: while another
// window is in use, as in a drag, and while this one is. Moving it lights the card
// again.
const (
	lightFor = 1500 * time.Millisecond
	restFor  = 4 * time.Second
)

// Options are what [NewGrid] needs. A nil function is not called.
type Options struct {
	OnTick  func(key string)                   // by a click or Space
	OnSend  func(key string)                   // by Enter
	OnMenu  func(key string, at fyne.Position) // at is absolute
	OnAll   func()                             // Ctrl+A
	OnClear func() bool                        // Esc; whether there was something to clear
	OnLight func()                             // a card was lit by the pointer: DimAt has changed
	Now     func() time.Time                   // nil for time.Now
}

// A Grid is one card for each neighbour. Its methods are for the main goroutine.
type Grid struct {
	list.List
	o     Options
	cards []Value
	label string

	lit   string // the card that is lit from outside
	hover *Card
	heard time.Time // of the pointer over a card
}

// NewGrid returns a grid with nobody in it.
func NewGrid(o Options) *Grid {
	if o.Now == nil {
		o.Now = time.Now
	}
	g := &Grid{o: o}
	g.Init(g, list.Options{
		Count: func() int { return len(g.cards) },
		Make:  g.newCard,
		Show:  g.showCard,
		Key:   func(i int) string { return g.cards[i].Key },
		Cells: func(width float32) list.Cells { return layout(width, len(g.cards), leastWidth()) },
		OnTap: func(i int) { g.call(g.o.OnTick, i) },
		OnMenu: func(i int, at fyne.Position) {
			if g.o.OnMenu != nil {
				g.o.OnMenu(g.cards[i].Key, at)
			}
		},
		OnKey: g.key,
		Rune:  g.jump,
		Label: func() string { return g.label },
	})
	return g
}

// Set shows those cards. The keyboard stays on whom it was.
func (g *Grid) Set(cards []Value, label string) {
	g.cards, g.label = cards, label
	g.Update()
}

// Point moves the keyboard to a neighbour, if there is a card of that one.
func (g *Grid) Point(key string) {
	for i, c := range g.cards {
		if c.Key == key {
			g.SetCursor(i)
			return
		}
	}
}

// Pointed returns whom the keyboard is on, or was before it went to the menus.
func (g *Grid) Pointed() (key string, ok bool) {
	if i := g.Cursor(); focus.Last(g) && i >= 0 && i < len(g.cards) {
		return g.cards[i].Key, true
	}
	return "", false
}

// CardAt returns whose card is seen at a place on the canvas.
func (g *Grid) CardAt(absolute fyne.Position) (key string, ok bool) {
	if !g.Visible() {
		return "", false
	}
	i, ok := g.At(absolute)
	if !ok || i >= len(g.cards) {
		return "", false
	}
	return g.cards[i].Key, true
}

// Light lights the card of that neighbour, and no other; none for "".
func (g *Grid) Light(key string) {
	if key != g.lit {
		g.lit = key
		g.Update()
	}
}

// Dim puts out a light under the pointer when the pointer was not heard of for a
// while, and reports whether it did: a drag has left then, or the pointer has left
// the window, or it rests. Whoever draws frames calls it at the time DimAt says.
func (g *Grid) Dim(now time.Time, windowFocused bool) bool {
	at := g.DimAt(windowFocused)
	if at.IsZero() || now.Before(at) {
		return false
	}
	card := g.hover
	g.hover = nil
	card.hover(false)
	return true
}

// DimAt returns when Dim is to be called next; zero while nothing is lit.
func (g *Grid) DimAt(windowFocused bool) time.Time {
	switch {
	case g.hover == nil:
		return time.Time{}
	case windowFocused:
		return g.heard.Add(restFor)
	}
	return g.heard.Add(lightFor)
}

// Hovering reports whether a card is lit under the pointer.
func (g *Grid) Hovering() bool { return g.hover != nil }

// Hovered returns whose card the mouse is over.
func (g *Grid) Hovered() (key string, ok bool) {
	if g.hover == nil || !g.Visible() {
		return "", false
	}
	return g.hover.value.Key, true
}

// TypedShortcut implements fyne.Shortcutable.
func (g *Grid) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all && g.o.OnAll != nil {
		g.o.OnAll()
		return
	}
	focus.HandOnShortcut(g, s)
}

func (g *Grid) newCard() fyne.CanvasObject {
	c := NewCard(Value{})
	c.onHover = func(in bool) {
		g.heard = g.o.Now()
		switch {
		case in:
			was := g.hover
			g.hover = c
			if was != c && g.o.OnLight != nil {
				g.o.OnLight()
			}
		case g.hover == c:
			g.hover = nil
		}
	}
	return c
}

func (g *Grid) showCard(i int, o fyne.CanvasObject, cursor bool) {
	c, v := o.(*Card), g.cards[i]
	v.Lit = v.Lit || v.Key == g.lit && v.Key != ""
	if large := c.Size().Height > height(true)-1; large != c.large {
		c.large = large
		c.Refresh()
	}
	c.Set(v, cursor)
}

func (g *Grid) call(f func(string), i int) {
	if f != nil && i >= 0 && i < len(g.cards) {
		f(g.cards[i].Key)
	}
}

func (g *Grid) key(i int, key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeySpace:
		g.call(g.o.OnTick, i)
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		g.call(g.o.OnSend, i)
		return true
	case fyne.KeyEscape:
		return g.o.OnClear != nil && g.o.OnClear()
	}
	return false
}

// jump moves to the next one whose name begins with the letter.
func (g *Grid) jump(r rune) {
	for n := range g.cards {
		i := (g.Cursor() + 1 + n) % len(g.cards)
		for _, first := range strings.TrimLeft(g.cards[i].Name, "\u2066\u2067\u2068") {
			if unicode.ToLower(first) == unicode.ToLower(r) {
				g.SetCursor(i)
				return
			}
			break
		}
	}
}

const (
	gap       = look.Gap12
	ringRoom  = 10  // around the cards, for the ring of the one with the keyboard
	widest    = 220 // of a card
	stretched = 280 // of one in a full row
	wideCard  = 176 // of a large one
	wideGrid  = 620 // from which a few are shown large
	fewCards  = 8
	mostWide  = 6 // columns
	scrollGap = look.ScrollGap
)

// isLarge reports whether so few are around that their cards are large where there
// is room.
func isLarge(n int) bool { return n <= fewCards }

// RoomFor is how wide a grid has to be for so many cards side by side.
func RoomFor(columns int) float32 {
	return ringRoom + scrollGap + float32(columns)*(leastWidth()+gap) - gap
}

// layout says how n cards lie in a grid of that width.
func layout(width float32, n int, least float32) list.Cells {
	room := width - ringRoom - scrollGap
	scale := look.Scale()
	large := isLarge(n) && room >= wideGrid*scale
	if large {
		least = max(least, wideCard*scale)
	}
	columns := min(max(int((room+gap)/(least+gap)), 1), mostWide)
	each := (room - gap*float32(columns-1)) / float32(columns)
	most := float32(widest)
	if n >= columns {
		most = stretched // rather than a gap at the right
	}
	each = min(each, most*scale)
	return list.Cells{
		Columns: columns, Width: each, Height: height(large && each >= wideCard*scale), Gap: gap, Left: ringRoom / 2, Top: ringRoom / 2,
	}
}

var (
	_ fyne.Focusable    = (*Grid)(nil)
	_ fyne.Shortcutable = (*Grid)(nil)
)
