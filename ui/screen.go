package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/ui/calm"
	"potluck/ui/elide"
	"potluck/ui/flow"
	"potluck/ui/focus"
	"potluck/ui/look"
	"potluck/ui/neighbour"
	"potluck/ui/rail"
	"potluck/ui/tip"
	"potluck/ui/view"
)

// The widths at which the window is laid out in another way.
const (
	panelFrom = 860  // there is a panel, if two cards have room side by side besides
	wideFrom  = 1200 // it is wider
	panel     = 308
	widePanel = 340
)

// A page is one of those that the middle of the window can show.
type page interface {
	object() fyne.CanvasObject
	show(v view.View)
}

// A screen is everything in the window, made once for a language and a size of
// text. Its show only assigns.
type screen struct {
	w      *Window
	root   *fyne.Container
	rail   [3]*rail.Item
	pages  map[view.Page]page
	now    *nowPanel
	notice *notice
	tips   *tip.Layer
	moved  *calm.Watch
	at     view.Page
	wide   bool         // as it was laid out last
	roomy  bool         // there is room for a list and the details of one of its lines
	ground *look.Ground // of the page: what Fyne clears the window with is lighter than the theme's colour
	seam   *look.Ground

	railWas   float32
	size      fyne.Size                    // as it was laid out last
	noticeEnd float32                      // where the notice ends
	left      map[view.Page]fyne.Focusable // what had the keyboard when a page was left
	fresh     fyne.CanvasObject            // has the keyboard and may not be in sight; nil for none
}

// newScreen makes everything, in the order in which the keyboard walks through
// it.
func newScreen(w *Window) *screen {
	s := &screen{w: w, at: -1, moved: calm.NewWatch(w.o.Now), left: map[view.Page]fyne.Focusable{}}
	icons := [3]fyne.Resource{icons().nearby, icons().transfers, icons().settings}
	for i := range s.rail {
		s.rail[i] = rail.New(rail.Value{Icon: icons[i]}, func() { w.open(view.Page(i)) })
	}
	s.now, s.notice = newNowPanel(w), newNotice(w)
	s.tips = tip.NewLayer(tip.Options{Wrap: elide.Wrap, Now: w.o.Now, Changed: w.watch})
	s.pages = map[view.Page]page{
		view.Nearby: newNearbyPage(w), view.Transfers: newTransfersPage(w), view.Settings: newSettingsPage(w),
		view.Inside: newInsidePage(w), view.Verify: newVerifyPage(w), view.Details: newDetailsPage(w), view.Device: newDevicePage(w),
		view.Write: newWritePage(w), view.Address: newAddressPage(w), view.Pick: newPickPage(w), view.Mine: newMinePage(w),
		view.Keys: newKeysPage(w), view.About: newAboutPage(w),
	}
	railGround, panelGround := look.NewGround(theme.ColorNameHeaderBackground, "", 0), look.NewGround(theme.ColorNameHeaderBackground, "", 0)
	s.ground, s.seam = look.NewGround(theme.ColorNameBackground, "", 0), look.NewGround(theme.ColorNameSeparator, "", 0)
	objects := []fyne.CanvasObject{s.ground.Rectangle, railGround.Rectangle, panelGround.Rectangle, s.seam.Rectangle, s.rail[0], s.rail[1], s.rail[2]}
	for p := range view.About + 1 {
		objects = append(objects, s.pages[p].object())
		s.pages[p].object().Hide()
	}
	objects = append(objects, s.notice.root) // over the page
	s.root = newContainer(&frameLayout{screen: s, rail: railGround.Rectangle, panel: panelGround.Rectangle}, append(objects, s.now.root, s.tips)...)
	return s
}

// show assigns a view to what is in the window. Only the page that is seen is
// touched.
func (s *screen) show(v view.View) {
	had := s.focused()
	at, there := focus.PlaceOf(s.root, had)
	if !there {
		had = nil // it is in a menu
	}
	for i, item := range v.Rail {
		icon := [3]fyne.Resource{icons().nearby, icons().transfers, icons().settings}[i]
		s.rail[i].Set(rail.Value{Text: item.Text, Icon: icon, Badge: item.Badge, Current: item.Current, Label: item.Label})
	}
	if width := s.railWidth(); width != s.railWas {
		s.railWas = width
		s.root.Layout.Layout(s.root.Objects, s.root.Size())
	}
	changed := s.notice.show(v)
	if changed && s.notice.root.Visible() {
		s.tips.Clear() // it may lie over the button
	}
	s.now.show(v)
	s.pages[v.Page].show(v)
	if s.halved(v.Page) {
		s.pages[view.Transfers].show(v)
	}
	if s.at != v.Page {
		from := s.at
		stays := s.halved(from) && v.Page == view.Transfers || from == view.Transfers && s.halved(v.Page) // the list does
		s.leave(from, had)
		for at, p := range s.pages {
			if at != v.Page && !(at == view.Transfers && s.halved(v.Page)) {
				p.object().Hide()
			}
		}
		s.at = v.Page
		s.tips.Clear()
		s.pages[v.Page].object().Show()
		s.root.Refresh()
		if stays && focus.Inside(s.pages[view.Transfers].object()) {
			return // the keyboard goes on in the list
		}
		s.arrive(from, v.Page, had)
	} else if changed || s.takesPage() != s.now.inPage || s.noticeLow() {
		s.root.Layout.Layout(s.root.Objects, s.root.Size())
		s.root.Refresh()
	}
	s.settle(had, at)
}

// halved reports whether a page is the details of a transfer and stands beside the
// list of them.
func (s *screen) halved(p view.Page) bool { return s.roomy && p == view.Details }

// takesPage reports whether what waits for an answer stands in place of the page.
func (s *screen) takesPage() bool {
	l, n := &s.w.local, s.w.shown.Now
	unread := slices.ContainsFunc(n.Messages, func(m view.Message) bool { return !slices.Contains(l.Aside, m.ID) })
	return !s.wide && s.at == view.Nearby && !l.Choosing && len(l.Holds) == 0 && (len(n.Requests) > 0 || unread)
}

// noticeLow reports whether the notice does not end where what scrolls on the page
// does: something has come up below that, or has gone.
func (s *screen) noticeLow() bool {
	root, _ := s.pages[s.at].object().(*fyne.Container)
	if root == nil || s.now.inPage || !s.notice.root.Visible() {
		return false
	}
	lower, yields := root.Layout.(yielding)
	return yields && lower.lowerEnd() != s.noticeEnd
}

// A frameLayout places the rail, the page and the panel.
type frameLayout struct {
	screen      *screen
	rail, panel fyne.CanvasObject // grounds
}

// MinSize implements fyne.Layout. The window can be as small as 640 by 480 and
// anything larger; what does not fit scrolls.
func (f *frameLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 320) }

// Layout implements fyne.Layout.
func (f *frameLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	s := f.screen
	s.resized(size)
	scale := max(1, look.Scale())
	railWidth := s.railWidth()
	place(f.rail, 0, 0, railWidth, size.Height)
	y := look.Gap8
	for i, item := range s.rail {
		h := item.MinSize().Height
		if i == len(s.rail)-1 {
			y = size.Height - h - look.Gap8
		}
		place(item, look.Gap4, y, railWidth-2*look.Gap4, h)
		y += h + look.Gap4
	}
	panelWidth := float32(panel)
	if size.Width >= wideFrom {
		panelWidth = widePanel
	}
	panelWidth *= min(scale, 1.25)
	wide := size.Width >= panelFrom && size.Width-railWidth-panelWidth >= neighbour.RoomFor(2)+2*look.PageInset
	s.wide, s.roomy = wide, wide && size.Width >= wideFrom*min(scale, 1.25)
	if l, roomy := &s.w.local, s.roomy; l.Wide != wide || l.Roomy != roomy {
		s.w.later(func() { l.Wide, l.Roomy = wide, roomy })
	}
	pageWidth := size.Width - railWidth
	if wide {
		pageWidth -= panelWidth
	}
	place(s.tips, 0, 0, size.Width, size.Height)
	s.now.inPage = s.takesPage()
	visible(f.panel, wide)
	visible(s.now.root, wide || s.now.inPage)
	place(s.ground.Rectangle, railWidth, 0, pageWidth, size.Height)
	height := f.pages(railWidth, pageWidth, size.Height)
	switch {
	case wide:
		place(f.panel, railWidth+pageWidth, 0, panelWidth, size.Height)
		place(s.now.root, railWidth+pageWidth, 0, panelWidth, size.Height)
	case s.now.inPage:
		place(s.now.root, railWidth, 0, pageWidth, height)
	}
	if page := s.pages[s.at]; page != nil {
		visible(page.object(), !s.now.inPage)
	}
}

// pages places the page, or the two that stand beside each other, and the notice.
// On the page of those nearby the notice stands below the cards, on others over the
// lower end of what scrolls: nothing moves under the pointer. It returns the height
// of the page.
func (f *frameLayout) pages(x, width, height float32) float32 {
	s := f.screen
	halved, left := s.halved(s.at), x
	if list := s.pages[view.Transfers].object(); halved != list.Visible() && s.at == view.Details {
		visible(list, halved)
	}
	if s.seam.Hidden = !halved; halved {
		width /= 2
		x += width
		place(s.seam.Rectangle, x, look.Gap12, 1, height-2*look.Gap12)
	}
	notice, h, page := s.notice.root, float32(0), height
	if notice.Visible() {
		h = flow.HeightFor(notice, width-2*look.PageInset)
	}
	end := height - look.Gap12
	for at, p := range s.pages {
		root, _ := p.object().(*fyne.Container)
		if root == nil || !root.Visible() {
			continue
		}
		x, under := x, float32(0)
		if halved && at == view.Transfers {
			x = left
		} else if h > 0 {
			under = h + look.Gap8
		}
		lower, yields := root.Layout.(yielding)
		switch {
		case yields:
			changed := lower.yield(under)
			place(root, x, 0, width, height)
			if changed {
				root.Layout.Layout(root.Objects, root.Size())
			}
			if at == s.at {
				end = lower.lowerEnd()
			}
		case h > 0:
			page = height - look.Gap12 - h
			end = page + h
			fallthrough
		default:
			place(root, x, 0, width, page)
		}
	}
	if s.now.inPage && h > 0 { // what waits for an answer stands in place of the page
		end = height - look.Gap12
		page = end - h
	}
	s.noticeEnd = end
	if h > 0 {
		place(notice, x+look.PageInset, max(end-h, look.Gap12), width-2*look.PageInset, h)
	}
	return page
}

// railWidth is that of the rail: enough for its words.
func (s *screen) railWidth() float32 {
	width := rail.Width * max(1, look.Scale())
	for _, item := range s.w.shown.Rail {
		text := fyne.MeasureText(item.Text, theme.Size(theme.SizeNameCaptionText), fyne.TextStyle{Bold: true})
		width = max(width, text.Width+2*look.Gap12)
	}
	return width
}

// place moves and resizes an object, if that changes anything.
func place(o fyne.CanvasObject, x, y, width, height float32) {
	if at := fyne.NewPos(x, y); o.Position() != at {
		o.Move(at)
	}
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
}

// visible shows or hides an object, if that changes anything.
func visible(o fyne.CanvasObject, on bool) {
	switch {
	case on && !o.Visible():
		o.Show()
	case !on && o.Visible():
		o.Hide()
	}
}
