package neighbour

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"potluck/ui/elide"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/tip"
)

// A Value is what a [Card] shows.
type Value struct {
	Key     string // who it is; never shown
	Name    string
	Tag     string // after the name, where two have the same
	Picture fyne.Resource
	Spoken  string // the picture in words, in place of the second line of the name; for names no font can draw
	Kind    fyne.Resource

	Trust      string
	TrustIcon  fyne.Resource
	TrustColor fyne.ThemeColorName

	State      string              // what is going on, if anything; two lines at most
	StateColor fyne.ThemeColorName // empty for that of captions
	Hint       string              // where nothing is going on, while the pointer is over the card; empty for none
	Ring       bool                // draw Part around the picture
	Part       float32             // 0 to 1

	Ticked  bool
	Lit     bool // files hang over it, or were dropped on it
	Wants   bool // it waits for an answer of this person
	Left    bool // it has just gone
	Refuses bool // nothing is sent to it: it does not light up

	Label string // one sentence for who cannot see it
}

// A Card is one neighbour.
type Card struct {
	widget.BaseWidget
	value           Value
	hovered, cursor bool
	large           bool
	cut             bool // not all of the name is seen
	onHover         func(in bool)
}

var (
	_ desktop.Hoverable = (*Card)(nil)
	_ fyne.Accessible   = (*Card)(nil)
)

// NewCard returns a card of somebody.
func NewCard(v Value) *Card {
	c := &Card{value: v}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes what is shown, and whether the keyboard stands here.
func (c *Card) Set(v Value, cursor bool) {
	if v != c.value || cursor != c.cursor {
		came, used := cursor && !c.cursor, v.Ticked != c.value.Ticked
		if v.Key != c.value.Key {
			c.hovered, used = false, true
		}
		c.value, c.cursor = v, cursor
		c.Refresh()
		switch {
		case came:
			c.point()
		case used || !cursor && !c.hovered:
			tip.Leave(c)
		}
	}
}

// Spare implements list.Spared.
func (c *Card) Spare() {
	c.cursor, c.hovered = false, false
	tip.Leave(c)
}

// point tells the whole name beside the card where not all of it is seen.
func (c *Card) point() {
	text := ""
	if c.cut {
		text = strings.TrimSpace(c.value.Name + " " + c.value.Tag)
	}
	tip.Point(c, text)
}

// Value returns what is shown.
func (c *Card) Value() Value { return c.value }

// MouseIn implements desktop.Hoverable. It is called under dragged files too, where
// the system tells of them.
func (c *Card) MouseIn(*desktop.MouseEvent) { c.hover(true) }

// MouseMoved implements desktop.Hoverable.
func (c *Card) MouseMoved(*desktop.MouseEvent) {
	if c.onHover != nil {
		c.onHover(true)
	}
	c.hover(true)
}

// MouseOut implements desktop.Hoverable.
func (c *Card) MouseOut() { c.hover(false) }

func (c *Card) hover(in bool) {
	if in == c.hovered {
		return
	}
	c.hovered = in
	if c.onHover != nil {
		c.onHover(in)
	}
	c.Refresh()
	if in {
		c.point()
	} else {
		tip.Leave(c)
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (c *Card) AccessibilityLabel() string {
	if c.value.Label != "" {
		return c.value.Label
	}
	return c.value.Name
}

// AccessibilityRole implements fyne.Accessible.
func (c *Card) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	radius := theme.Size(theme.SizeNameCardRadius)
	name := func() *look.Text {
		t := look.NewText("", theme.ColorNameForeground, theme.SizeNameText, true)
		t.Alignment = fyne.TextAlignCenter
		return t
	}
	r := &renderer{
		card: c, ground: look.NewGround("", "", radius), ring: focus.NewRing(radius), picture: look.NewPicture(nil),
		track: canvas.NewArc(0, wholeRing, rimCutout, nil), rim: canvas.NewArc(0, 1, rimCutout, nil),
		tick: look.NewGround(theme.ColorNamePrimary, look.Card, 0), check: look.NewIcon(theme.ConfirmIcon(), theme.ColorNameForegroundOnPrimary),
		first: name(), second: name(), kind: look.NewIcon(nil, ""), shield: look.NewIcon(nil, ""),
		trust: look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false),
	}
	for i := range r.state {
		r.state[i] = look.NewText("", theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false)
		r.state[i].Alignment = fyne.TextAlignCenter
	}
	r.tick.Thick = 2
	r.style()
	return r
}

const (
	dishSide  = 60
	dishLarge = 88
	rimRoom   = 7 // around the dish, for the rim that fills
	rimCutout = 0.88
	wholeRing = 359.9 // a full turn draws nothing
	pad       = 10
	over      = 12 // above the rim
	under     = 2  // the rim and the name
	between   = 2  // trust and what is going on
	tickSide  = 22
	leftFade  = 0.6
)

type renderer struct {
	card                 *Card
	ground, ring, tick   *look.Ground
	picture              *look.Picture
	track, rim           *canvas.Arc
	check, kind, shield  *look.Picture
	first, second, trust *look.Text
	state                [2]*look.Text
}

func (r *renderer) Destroy() {}

func (r *renderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		r.ring.Rectangle, r.ground.Rectangle, r.picture.Image, r.track, r.rim, r.first.Text, r.second.Text,
		r.kind.Image, r.shield.Image, r.trust.Text, r.state[0].Text, r.state[1].Text, r.tick.Rectangle, r.check.Image,
	}
}

func (r *renderer) MinSize() fyne.Size {
	return fyne.NewSize(leastWidth(), height(r.card.large))
}

// leastWidth is how narrow a card gets.
func leastWidth() float32 { return 9.7 * theme.Size(theme.SizeNameText) }

// height is how high every card is.
func height(large bool) float32 {
	return over + dish(large) + 2*rimRoom + under + 2*look.Line(theme.SizeNameText) + 3*look.Line(theme.SizeNameCaptionText) + between + pad
}

func dish(large bool) float32 {
	if large {
		return dishLarge
	}
	return dishSide
}

func (r *renderer) Layout(size fyne.Size) {
	v, side := r.card.value, dish(r.card.large)
	r.ground.Resize(size)
	focus.Around(r.ring, size)
	r.picture.Put((size.Width-side)/2, over+rimRoom, side)
	rim := side + 2*rimRoom
	for _, a := range []*canvas.Arc{r.track, r.rim} {
		a.Resize(fyne.NewSquareSize(rim))
		a.Move(fyne.NewPos((size.Width-rim)/2, over))
	}
	r.rim.EndAngle = max(wholeRing*min(max(v.Part, 0), 1), 2)

	r.layoutWords(over+rim, size)

	mark := max(tickSide, theme.Size(theme.SizeNameText)*1.5)
	r.tick.CornerRadius = mark / 2
	r.tick.Move(fyne.NewPos(size.Width-mark-8, 8))
	r.tick.Resize(fyne.NewSquareSize(mark))
	r.check.Put(size.Width-mark-8+mark*0.18, 8+mark*0.18, mark*0.64)
}

// layoutWords places all that is below the dish and its rim, which end at y: the
// name, how far it is trusted, and what is going on. There is room for a name and a
// state of two lines each, and each has its place: nothing moves when what is going on
// takes one line more.
func (r *renderer) layoutWords(y float32, size fyne.Size) {
	inner := size.Width - 2*pad
	names, states := r.nameLines(inner), r.stateLines(inner)
	line, caption := look.Line(theme.SizeNameText), look.Line(theme.SizeNameCaptionText)
	r.card.cut = squeeze(names...) != squeeze(r.card.value.Name, r.card.value.Tag, r.card.value.Spoken)
	y += under
	top := y
	if len(names) == 1 {
		top += line / 2 // so that names of one line and of two have one middle
	}
	for i, t := range []*look.Text{r.first, r.second} {
		if t.Hidden = i >= len(names); t.Hidden {
			t.Text.Text = ""
			continue
		}
		t.Text.Text = names[i]
		t.Put(0, top, size.Width, line)
		top += line
	}
	y = r.layoutTrust(y+2*line, size.Width, inner)
	for i, t := range r.state {
		if t.Hidden = i >= len(states); !t.Hidden {
			t.Text.Text = states[i]
			t.Put(0, y, size.Width, caption)
			y += caption
		}
	}
}

// nameLines divides the name into lines.
func (r *renderer) nameLines(inner float32) []string {
	v := r.card.value
	fits := func(s string) bool { return r.first.Measure(s).Width <= inner }
	tag := ""
	if v.Tag != "" {
		tag = " " + v.Tag
	}
	alone := func() string { return elide.MiddleTo(v.Name, func(s string) bool { return fits(s + tag) }) + tag }
	if v.Spoken != "" {
		return []string{alone(), elide.EndTo(v.Spoken, func(s string) bool { return r.second.Measure(s).Width <= inner })}
	}
	first, second := twoLines(v.Name, tag, fits)
	if second == "" {
		return []string{first}
	}
	return []string{first, second}
}

// squeeze joins texts without their spaces: where a line ends, one is missing.
func squeeze(texts ...string) string { return strings.ReplaceAll(strings.Join(texts, ""), " ", "") }

// stateLines divides what is going on into lines.
func (r *renderer) stateLines(inner float32) []string {
	text := r.stateText()
	if text == "" {
		return nil
	}
	return elide.Wrap(text, 2, func(s string) bool { return r.state[0].Measure(s).Width <= inner+4 })
}

// layoutTrust places the kind of device and how far it is trusted side by side in
// the middle, and returns where they end. Where there is no room for both they move
// together, nearly to the edge, and at last the kind gives way.
func (r *renderer) layoutTrust(y, width, inner float32) float32 {
	line := look.Line(theme.SizeNameCaptionText)
	side := theme.Size(theme.SizeNameCaptionText) * 1.35
	v := r.card.value
	kind, words := side+look.Gap8, r.trust.Measure(v.Trust).Width
	if words > inner-kind-side-look.Gap4 {
		kind, inner = side+look.Gap4, max(inner, width-look.Gap8)
	}
	if v.Kind == nil || words > inner-kind-side-look.Gap4 {
		kind = 0 // the words matter more
	}
	r.kind.Hidden = kind == 0
	room := inner - kind - side - look.Gap4
	shown := elide.EndTo(v.Trust, func(s string) bool { return r.trust.Measure(s).Width <= room })
	r.trust.Text.Text = shown
	text := r.trust.Measure(shown).Width
	x := (width - (kind + side + look.Gap4 + text)) / 2
	r.kind.Put(x, y+(line-side)/2, side)
	x += kind
	r.shield.Put(x, y+(line-side)/2, side)
	x += side + look.Gap4
	r.trust.Put(x, y, text, line)
	return y + line + between
}

// hint says whether what can be done here is said: it never takes the place of what
// is going on.
func (r *renderer) hint() bool {
	return r.card.hovered && r.card.value.Hint != "" && r.card.value.State == ""
}

func (r *renderer) stateText() string {
	if r.hint() {
		return r.card.value.Hint
	}
	return r.card.value.State
}

func (r *renderer) style() {
	c, v := r.card, r.card.value
	r.ground.Fill, r.ground.Edge, r.ground.Thick = look.Card, look.TargetBorder, 1
	lit := (c.hovered || v.Lit) && !v.Refuses
	switch {
	case lit || v.Ticked:
		r.ground.Fill, r.ground.Edge, r.ground.Thick = look.Info, theme.ColorNamePrimary, 2
	case v.Wants:
		r.ground.Edge, r.ground.Thick = theme.ColorNamePrimary, 2
	}
	r.ground.Restyle()
	r.tick.Restyle()
	r.tick.Hidden, r.check.Hidden = !v.Ticked, !v.Ticked
	focus.Show(r.ring, c.cursor)

	r.picture.Show(v.Picture, "")
	r.picture.Translucency = 0
	if v.Left {
		r.picture.Translucency = 1 - leftFade
	}
	r.track.FillColor, r.rim.FillColor = look.Color(look.Track), look.Color(theme.ColorNamePrimary)
	r.track.Hidden, r.rim.Hidden = !v.Ring, !v.Ring || v.Part <= 0

	r.second.Name, r.second.Size, r.second.TextStyle.Bold = theme.ColorNameForeground, theme.SizeNameText, true
	if v.Spoken != "" {
		r.second.Name, r.second.Size, r.second.TextStyle.Bold = theme.ColorNamePlaceHolder, theme.SizeNameCaptionText, false
	}
	r.trust.Name = v.TrustColor
	if r.trust.Name == "" {
		r.trust.Name = theme.ColorNamePlaceHolder
	}
	for _, t := range r.state {
		t.Name, t.TextStyle.Bold = v.StateColor, r.hint()
		switch {
		case r.hint():
			t.Name = theme.ColorNamePrimary
		case t.Name == "":
			t.Name = theme.ColorNamePlaceHolder
		}
	}
	for _, t := range []*look.Text{r.first, r.second, r.trust, r.state[0], r.state[1]} {
		t.Restyle()
	}
	r.kind.Show(v.Kind, theme.ColorNamePlaceHolder)
	r.shield.Show(v.TrustIcon, r.trust.Name)
}

func (r *renderer) Refresh() {
	r.style()
	r.Layout(r.card.Size())
	for _, p := range []*look.Picture{r.picture, r.kind, r.shield, r.check} {
		p.Refresh()
	}
	r.first.Refresh()
}

// twoLines divides a name at a space, or elides it in the middle. The tag stands
// at the end, whole.
func twoLines(name, tag string, fits func(string) bool) (first, second string) {
	lines := elide.Wrap(name+tag, 0, fits)
	if len(lines) <= 1 {
		return name + tag, ""
	}
	first = lines[0]
	rest := ""
	if len(first) < len(name) {
		rest = name[len(first):]
	}
	for rest != "" && rest[0] == ' ' {
		rest = rest[1:]
	}
	if rest == "" { // the tag alone is left
		return name, tag
	}
	return first, elide.MiddleTo(rest, func(s string) bool { return fits(s + tag) }) + tag
}
