package ui

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/elide"
	"potluck/ui/field"
	"potluck/ui/flow"
	"potluck/ui/look"
	"potluck/ui/press"
	"potluck/ui/view"
)

// A settingsPage is everything that can be chosen, each with what it does.
type settingsPage struct {
	w      *Window
	root   *fyne.Container
	title  *elide.Text
	box    *fyne.Container
	scroll *container.Scroll
	shape  []string // what the rows were made for
	rows   []*settingRow
}

func newSettingsPage(w *Window) *settingsPage {
	p := &settingsPage{w: w}
	p.title = elide.New(elide.Value{Size: theme.SizeNameSubHeadingText, Bold: true})
	p.box = flow.NewColumn(look.Gap12)
	p.scroll = flow.NewScroll(flow.NewInset(look.Gap4, look.Gap16, look.Gap4, look.Gap4, p.box))
	p.root = pinned(1, p.title, newContainer(column{640}, p.scroll))
	return p
}

func (p *settingsPage) object() fyne.CanvasObject { return p.root }

func (p *settingsPage) show(v view.View) {
	w := p.w
	page := view.SettingsOf(w.snapshot, w.choices, w.local.Home, w.words)
	p.title.SetText(page.Title)
	var shape []string
	for _, r := range page.Rows {
		shape = append(shape, r.Heading+"|"+r.Key+"|"+r.Ref+"|"+r.Name+"|"+strconv.Itoa(int(r.Control)))
	}
	if !equal(shape, p.shape) {
		p.shape, p.rows = shape, nil
		var objects []fyne.CanvasObject
		for _, r := range page.Rows {
			if r.Heading != "" {
				objects = append(objects, elide.New(elide.Value{Text: r.Heading, Bold: true, Color: theme.ColorNamePrimary}))
			}
			row := newSettingRow(w, r)
			p.rows = append(p.rows, row)
			objects = append(objects, row.root)
		}
		p.box.Objects = objects
		p.box.Refresh()
	}
	for i, r := range page.Rows {
		p.rows[i].show(r)
	}
	p.root.Layout.Layout(p.root.Objects, p.root.Size())
	flow.Relayout(p.scroll)
}

// scrolled is how much of the page is above what is seen, from 0 to 1.
func (p *settingsPage) scrolled() float32 {
	height := p.scroll.Content.Size().Height
	if height <= 0 {
		return 0
	}
	return p.scroll.Offset.Y / height
}

// scrollTo scrolls so that as much of the page is above what is seen.
func (p *settingsPage) scrollTo(part float32) {
	if part > 0 {
		p.scroll.ScrollToOffset(fyne.NewPos(0, part*p.scroll.Content.Size().Height))
	}
}

// forget lets go of what was typed and does not count, and of why that was refused.
func (p *settingsPage) forget() {
	for _, r := range p.rows {
		if r.forget != nil {
			r.forget()
			p.w.local.Mended(r.now.Key)
		}
	}
}

// turnedFrom lets go of what was refused, when another page is turned to: that page is not
// to say when it is seen again that it counts.
func (p *settingsPage) turnedFrom() {
	for _, r := range p.rows {
		if r.refused && r.forget != nil {
			r.refused = false
			r.forget()
		}
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// A settingRow is one setting.
type settingRow struct {
	w      *Window
	now    view.SettingRow
	root   *fyne.Container
	show   func(view.SettingRow)
	forget func() // what was typed; nil where nothing is

	refused bool // what was typed
}

func newSettingRow(w *Window, r view.SettingRow) *settingRow {
	s := &settingRow{w: w, now: r}
	name := elide.NewParagraph(elide.ParaValue{Text: r.Name})
	help := elide.NewParagraph(elide.ParaValue{Text: r.Help, Color: theme.ColorNamePlaceHolder, Size: theme.SizeNameCaptionText})
	control := s.control(r)
	head := newContainer(settingLayout{}, name, control)
	if control == nil {
		head = flow.NewColumn(0, name)
	}
	assign := s.show
	s.show = func(v view.SettingRow) {
		s.now = v
		help.SetText(v.Help)
		if assign != nil {
			assign(v)
		}
	}
	s.root = flow.NewColumn(look.Gap4, head, help)
	return s
}

// set changes the setting, on a goroutine of its own. What is refused is said, and
// the control shows again what counts.
func (s *settingRow) set(value string) {
	w, key := s.w, s.now.Key
	prefs := w.prefs
	if key == "visible" && value != s.now.Value {
		w.setVisible(sharing.Audience(value))
		return
	}
	if prefs == nil {
		return
	}
	if value == w.choices.Values[key] {
		w.do(func(l *view.Local) { l.Mended(key) })
		return
	}
	w.begin(func(ctx context.Context) error {
		err := prefs.Set(key, value)
		if err != nil && ctx.Err() == nil {
			w.o.Log.Warn("the window was refused something", "err", err)
		}
		w.later(func() {
			if s.refused = err != nil; !s.refused {
				w.local.Mended(key)
				return
			}
			n := view.Problem(view.Sentence(err, w.words), w.o.Now())
			n.About = key
			w.local.Tell(n, w.o.Now())
			s.show(s.now)
		})
		return nil
	})
}

// control makes what the setting is changed with.
func (s *settingRow) control(r view.SettingRow) fyne.CanvasObject {
	w := s.w
	switch r.Control {
	case view.TypeText:
		return s.entry(r)
	case view.PickFolder:
		path := elide.New(elide.Value{Mode: elide.Path, Align: fyne.TextAlignTrailing})
		change := press.New(press.Value{Text: w.words.L("Change…")}, func() { w.chooseFolder(w.choices.Values[r.Key], s.set) })
		s.show = func(v view.SettingRow) { path.SetText(v.Value) }
		return flow.NewRow(look.Gap8, 0, path, change)
	case view.PickOne:
		return s.choice(r)
	case view.Switch:
		c := field.NewCheck("", func(on bool) {
			s.set(map[bool]string{true: "yes", false: "no"}[on])
		})
		c.Label = r.Name
		s.show = func(v view.SettingRow) { c.Set(v.On) }
		return c
	case view.Slide:
		slider := field.NewSlider(r.Min, r.Max)
		slider.Step, slider.Label = r.Step, r.Name
		number := elide.New(elide.Value{Align: fyne.TextAlignTrailing})
		slider.OnChanged = func(v float64) { number.SetText(strconv.Itoa(int(v)) + "\u00A0%") }
		slider.OnChangeEnded = func(v float64) { s.set(strconv.Itoa(int(v))) }
		s.show = func(v view.SettingRow) {
			n, err := strconv.ParseFloat(v.Value, 64)
			if err != nil {
				n = 100
			}
			slider.Value = n
			slider.Refresh()
			number.SetText(strconv.Itoa(int(n)) + "\u00A0%")
		}
		return flow.NewRow(look.Gap8, 0, slider, newContainer(factWidth{}, number))
	case view.Press:
		return press.New(press.Value{Text: r.Value}, func() {
			w.do(func(l *view.Local) { l.Question = view.AskReset(w.words) })
		})
	case view.OpenMine:
		return press.New(press.Value{Text: r.Value}, w.showMine)
	case view.OpenDevice:
		return press.New(press.Value{Text: r.Value}, func() { w.openDevice(idOf(s.now.Ref)) })
	}
	if r.Dish {
		dish := look.NewPicture(nil)
		name := elide.NewParagraph(elide.ParaValue{})
		s.show = func(view.SettingRow) {
			dish.Show(picture(w.snapshot.Self.ID, smallDish), "")
			name.SetText(view.DishWords(w.words, identity.DishOf(w.snapshot.Self.ID)))
		}
		return flow.NewRow(look.Gap8, 1, square(dish.Image, smallDish), name)
	}
	return nil
}

// entry lets a text be typed. Enter takes it over, or the button that shows up as
// soon as it is another one.
func (s *settingRow) entry(r view.SettingRow) fyne.CanvasObject {
	e := field.NewEntry()
	e.Label = r.Name
	e.OnSubmitted = s.set
	save := press.New(press.Value{Text: s.w.words.L("Save"), Kind: press.Primary}, func() { s.set(e.Text) })
	save.Hide()
	box := flow.NewRow(look.Gap8, 0, e, save)
	e.OnChanged = func(text string) {
		visible(save, text != s.now.Value)
		flow.Relayout(box)
	}
	shown := "\x00" // what the entry was filled with; never a value
	s.show = func(v view.SettingRow) {
		if v.Value != shown {
			shown = v.Value
			e.SetText(v.Value)
		}
		visible(save, e.Text != v.Value)
		flow.Relayout(box)
	}
	s.forget = func() {
		shown = "\x00"
		s.show(s.now)
	}
	return box
}

// choice lets one of several values be chosen.
func (s *settingRow) choice(r view.SettingRow) fyne.CanvasObject {
	var texts []string
	for _, o := range r.Options {
		texts = append(texts, o.Text)
	}
	c := field.NewSelect(texts, func(text string) {
		for _, o := range s.now.Options {
			if o.Text == text {
				s.set(o.Value)
				return
			}
		}
	})
	c.Label = r.Name
	s.show = func(v view.SettingRow) {
		for _, o := range v.Options {
			if o.Value == v.Value {
				c.Set(o.Text)
			}
		}
	}
	return c
}

// openDevice opens the page about a device.
func (w *Window) openDevice(id [32]byte) {
	w.do(func(l *view.Local) {
		l.With = id
		l.Go(view.Device)
	})
}

// nameDevice opens the page about a device, to give it another name.
func (w *Window) nameDevice(id [32]byte) {
	w.openDevice(id)
	w.window.Canvas().Focus(w.screen.pages[view.Device].(*devicePage).alias)
}

// A settingLayout puts the control beside the name, or below it where there is
// little room.
type settingLayout struct{}

var _ flow.TallLayout = settingLayout{}

func (settingLayout) narrow(width float32) bool { return width < 400*look.Scale() }

// sides are how much of the width the name and the control get beside each other.
func (settingLayout) sides(width float32) (name, control float32) { return width * 0.4, width * 0.58 }

// MinSize implements fyne.Layout.
func (s settingLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, s.HeightFor(objects, 560))
}

// HeightFor implements flow.TallLayout.
func (s settingLayout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	if s.narrow(width) {
		return flow.HeightFor(objects[0], width) + look.Gap8 + flow.HeightFor(objects[1], width)
	}
	name, control := s.sides(width)
	return max(flow.HeightFor(objects[0], name), flow.HeightFor(objects[1], control))
}

// Layout implements fyne.Layout.
func (s settingLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if s.narrow(size.Width) {
		h := flow.HeightFor(objects[0], size.Width)
		place(objects[0], 0, 0, size.Width, h)
		place(objects[1], 0, h+look.Gap8, size.Width, flow.HeightFor(objects[1], size.Width))
		return
	}
	name, control := s.sides(size.Width)
	h0, h1 := flow.HeightFor(objects[0], name), flow.HeightFor(objects[1], control)
	place(objects[0], 0, (size.Height-h0)/2, name, h0)
	place(objects[1], size.Width-control, (size.Height-h1)/2, control, h1)
}
