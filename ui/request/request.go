// Package request is the card of an offer that waits for an answer: who, what, how
// much, where it will go, and the buttons.
//
// It is safe to have it appear under the pointer: for a moment after it has
// appeared, moved, or become that of another offer, clicks and keys on it do
// nothing, see package calm. It never takes the focus.
//
// A card is as high as it needs to be, and scrolls with what it lies in: there is
// one scroll, and the wheel works everywhere. Its buttons stay in sight all the same:
// while its lower end is out of sight, they stand at the lower end of what is seen
// (see [Card.See]), and above them a line says what is still to be read.
package request

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/banner"
	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/press"
)

// Notes is how many banners a card has room for.
const Notes = 3

// A Value is what a [Card] shows. An empty text hides what would show it.
type Value struct {
	Key string // which offer; never shown

	Picture    fyne.Resource
	Name       string
	Trust      string
	TrustIcon  fyne.Resource
	TrustColor fyne.ThemeColorName
	Line       string // "wants to send you"

	Icon    fyne.Resource
	Title   string // without the ending
	Ext     string // the true ending
	Program bool   // Ext is that of a program
	Amount  string // "1,204 files in 1 folder"
	Size    string
	Look    string // "Look inside"; empty when there is nothing to

	Notes [Notes]banner.Value

	SaveTo  string // "Save to"
	Folder  string
	Change  string // the button
	Free    string
	FreeBad bool // too little is free

	Accept    string
	AcceptOff bool
	Decline   string
	Later     string
	More      string // name of the button for what else can be done
	Waiting   string // how many more of the same person wait

	Label string // one sentence for who cannot see it
}

// Actions are what the buttons do. A nil one is not called.
type Actions struct {
	Look, Change, Accept, Decline, Later func()

	More func(at fyne.Position) // at is absolute, below the button
	Note func(i int)            // the button of a note
}

// A Card is one request. Its methods are for the main goroutine.
type Card struct {
	widget.BaseWidget
	value   Value
	actions Actions
	guard   calm.Guard

	name, trust, saveTo, folder *elide.Text
	free                        *elide.Text
	line, waiting               *elide.Paragraph
	picture, shield             *look.Picture
	what                        *what
	notes                       [Notes]*banner.Banner
	change                      *press.Button
	accept, decline, later      *press.Button
	more                        *press.Button

	body, pinned *fyne.Container
	head         *fyne.Container // who
	where        *fyne.Container // the folder, and what is free there
	below        *below
	screen       *screen
	sight        float32           // how much of the height is in sight from the top; 0 for all
	scroll       *container.Scroll // that it was last looked at in; nil for none
	met          string            // the key of the offer of which it was seen who it is from
}

var _ flow.Tall = (*Card)(nil)

// New returns a card.
func New(a Actions) *Card {
	c := &Card{actions: a}
	c.build()
	c.ExtendBaseWidget(c)
	c.assign(Value{})
	return c
}

func (c *Card) build() {
	caption := func(name fyne.ThemeColorName) elide.ParaValue {
		return elide.ParaValue{Size: theme.SizeNameCaptionText, Color: name}
	}
	c.name = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	c.trust = elide.New(elide.Value{Size: theme.SizeNameCaptionText, Mode: elide.End})
	c.line = elide.NewParagraph(elide.ParaValue{})
	c.picture, c.shield = look.NewPicture(nil), look.NewIcon(nil, "")
	c.what = newWhat(func() { c.do(c.actions.Look) })
	c.saveTo = elide.New(elide.Value{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder, Mode: elide.End})
	c.folder = elide.New(elide.Value{Mode: elide.Path})
	c.free = elide.New(elide.Value{Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder, Mode: elide.End})
	c.waiting = elide.NewParagraph(caption(theme.ColorNamePlaceHolder))
	c.change = press.New(press.Value{}, func() { c.do(c.actions.Change) })
	c.accept = press.New(press.Value{}, c.AcceptNow)
	c.decline = press.New(press.Value{}, func() { c.do(c.actions.Decline) })
	c.later = press.New(press.Value{}, func() { c.do(c.actions.Later) })
	c.more = press.New(press.Value{}, func() {
		c.do(func() {
			if c.actions.More != nil {
				c.actions.More(fyne.CurrentApp().Driver().AbsolutePositionForObject(c.more).AddXY(0, c.more.Size().Height))
			}
		})
	})

	small := func() float32 { return theme.Size(theme.SizeNameCaptionText) * 1.35 }
	c.head = flow.NewRow(look.Gap12, 1, flow.NewSquare(func() float32 { return 48 }, c.picture.Image),
		flow.NewColumn(0, c.name, flow.NewRow(look.Gap4, 1, flow.NewSquare(small, c.shield.Image), c.trust)))
	c.where = flow.NewRow(look.Gap4, 0, flow.NewColumn(0, flow.NewWrap(look.Gap8, own(c.saveTo), own(c.free)), c.folder), c.change)
	rows := []fyne.CanvasObject{c.head, c.line, c.what}
	for i := range c.notes {
		c.notes[i] = banner.New(banner.Value{}, func() {
			c.do(func() {
				if c.actions.Note != nil {
					c.actions.Note(i)
				}
			})
		})
		rows = append(rows, c.notes[i])
	}
	c.body = flow.NewColumn(look.Gap8, append(rows, c.where)...)
	c.below, c.screen = newBelow(c.readOn), newScreen()
	c.pinned = flow.NewColumn(look.Gap8, c.below, container.New(&buttons{c}, c.accept, c.decline, c.later, c.more), c.waiting)
}

// Set changes what is shown, and reports whether the card is higher or lower for
// it: what it lies in is to be laid out again then.
func (c *Card) Set(v Value) bool {
	if v == c.value {
		return false
	}
	if v.Key != c.value.Key {
		c.dark()
	}
	c.guard.Stand(v.Key)
	before := c.HeightFor(c.Size().Width)
	c.assign(v)
	c.Refresh()
	return before != c.HeightFor(c.Size().Width)
}

// dark puts out what was lit under the pointer: that has come to another request, and the
// toolkit does not say so.
func (c *Card) dark() {
	for _, b := range []*press.Button{c.change, c.accept, c.decline, c.later, c.more} {
		b.MouseOut()
	}
	c.what.MouseOut()
}

// Value returns what is shown.
func (c *Card) Value() Value { return c.value }

func (c *Card) assign(v Value) {
	c.value = v
	c.name.SetText(v.Name)
	color := v.TrustColor
	if color == "" {
		color = theme.ColorNamePlaceHolder
	}
	c.trust.Set(elide.Value{Text: v.Trust, Color: color, Size: theme.SizeNameCaptionText, Mode: elide.End})
	c.shield.Show(v.TrustIcon, color)
	c.picture.Show(v.Picture, "")
	c.line.SetText(v.Line)
	c.line.Hidden = v.Line == ""
	c.what.set(v)
	for i, n := range c.notes {
		n.Set(v.Notes[i])
	}
	c.saveTo.SetText(v.SaveTo)
	c.folder.SetText(v.Folder)
	c.change.Set(press.Value{Text: v.Change, Kind: press.Quiet})
	c.change.Hidden = v.Change == ""
	free := elide.Value{Text: v.Free, Size: theme.SizeNameCaptionText, Color: theme.ColorNamePlaceHolder, Mode: elide.End}
	if v.FreeBad {
		free.Color = theme.ColorNameError
	}
	c.free.Set(free)
	c.free.Hidden = v.Free == ""
	c.accept.Set(press.Value{Text: v.Accept, Kind: press.Primary, Disabled: v.AcceptOff})
	c.decline.Set(press.Value{Text: v.Decline})
	c.later.Set(press.Value{Text: v.Later, Kind: press.Quiet})
	c.later.Hidden = v.Later == ""
	c.more.Set(press.Value{Name: v.More, Icon: theme.MoreHorizontalIcon(), Kind: press.Quiet})
	c.more.Hidden = v.More == ""
	c.waiting.SetText(v.Waiting)
	c.waiting.Hidden = v.Waiting == ""
}

// Guard implements calm.Guarded.
func (c *Card) Guard() *calm.Guard { return &c.guard }

// AcceptNow does what the button does, when it is listened to and enabled. While it was
// never in sight who the offer is from, that is shown instead.
func (c *Card) AcceptNow() {
	switch {
	case c.value.AcceptOff:
	case c.scroll != nil && c.met != c.value.Key:
		c.ShowHead()
	default:
		c.do(c.actions.Accept)
	}
}

// ShowHead scrolls to who the offer is from.
func (c *Card) ShowHead() {
	if c.scroll == nil {
		return
	}
	before := c.scroll.Offset
	if top, there := topIn(c.scroll.Content, c); there {
		c.scroll.ScrollToOffset(fyne.NewPos(before.X, top))
	}
	if c.scroll.Offset != before {
		c.guard.Moved()
	}
}

// DeclineNow does what the button does, when it is listened to.
func (c *Card) DeclineNow() { c.do(c.actions.Decline) }

func (c *Card) do(f func()) { c.guard.Do(f) }

// TappedSecondary implements fyne.SecondaryTappable.
func (c *Card) TappedSecondary(e *fyne.PointEvent) {
	if c.actions.More != nil && c.value.More != "" {
		c.do(func() { c.actions.More(e.AbsolutePosition) })
	}
}

// HasFocus reports whether the keyboard is on one of its buttons.
func (c *Card) HasFocus() bool { return focus.Inside(c) }

// First returns what the keyboard is to go to when the person asks for the card, or
// comes to it unasked: something that answers nothing.
func (c *Card) First() fyne.Focusable {
	switch {
	case c.value.Look != "":
		return c.what
	case !c.change.Hidden:
		return c.change
	case !c.later.Hidden:
		return c.later
	case !c.more.Hidden:
		return c.more
	}
	return c.decline
}

// See tells the card that it lies in a scroll, which shows another part of it than
// before: because it was scrolled, or because something has another size. Whoever
// places the card calls it.
func (c *Card) See(s *container.Scroll, scrolled bool) {
	top, _ := topIn(s.Content, c)
	c.scroll = s
	if who := top + pad + c.head.Position().Y; who >= s.Offset.Y-1 && who+c.head.Size().Height <= s.Offset.Y+s.Size().Height {
		c.met = c.value.Key
	}
	sight := s.Offset.Y + s.Size().Height - top
	if sight >= c.Size().Height-1 {
		sight = 0
	}
	if sight == c.sight {
		return
	}
	before := c.pinned.Position().Y
	c.sight = sight
	c.arrange(c.Size())
	if !scrolled && c.pinned.Position().Y != before {
		c.guard.Moved()
	}
}

// topIn returns how far below the upper end of what is scrolled an object lies in it.
// The driver could tell only while all of that is shown.
func topIn(root, o fyne.CanvasObject) (y float32, there bool) {
	if root == o {
		return 0, true
	}
	if box, ok := root.(*fyne.Container); ok {
		for _, child := range box.Objects {
			if y, there := topIn(child, o); there {
				return child.Position().Y + y, true
			}
		}
	}
	return 0, false
}

// readOn scrolls to what is out of sight below.
func (c *Card) readOn() { focus.Reveal(c.where) }

// Held implements focus.Holder.
func (c *Card) Held() []fyne.CanvasObject { return []fyne.CanvasObject{c.body, c.pinned} }

// Covering implements focus.Cover: the buttons stand over what scrolls.
func (c *Card) Covering() fyne.CanvasObject { return c.pinned }

// AccessibilityLabel implements fyne.Accessible.
func (c *Card) AccessibilityLabel() string { return c.value.Label }

// AccessibilityRole implements fyne.Accessible.
func (c *Card) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
