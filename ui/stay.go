package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"potluck/ui/field"
	"potluck/ui/focus"
	"potluck/ui/view"
)

// The keyboard never stands on something that is not there. Where a page is turned,
// a thing goes away, or everything is made anew, these say what has it then.

// focused returns what of the screen has the keyboard, nil if nothing has, or a menu
// does.
func (s *screen) focused() fyne.CanvasObject {
	c := s.w.window.Canvas()
	if c.Overlays().Top() != nil {
		return nil
	}
	o, _ := c.Focused().(fyne.CanvasObject)
	return o
}

// focus gives the keyboard to a stop, if there is one.
func (s *screen) focus(stop fyne.Focusable) {
	if stop != nil {
		s.w.window.Canvas().Focus(stop)
	}
}

// leave notes what had the keyboard when a page gives way to another one.
func (s *screen) leave(page view.Page, had fyne.CanvasObject) {
	if p, ok := s.pages[page].(interface{ turnedFrom() }); ok {
		p.turnedFrom()
	}
	stop, ok := had.(fyne.Focusable)
	if !ok || page < 0 {
		return
	}
	s.left[page] = stop
}

// arrive gives the keyboard to a page that was turned to, if something had it
// before: to what had it when the page was left for one of those that lead back, or
// to what the page begins with.
func (s *screen) arrive(from, to view.Page, had fyne.CanvasObject) {
	page, back := s.pages[to], s.left[to]
	delete(s.left, to)
	beside := had != nil && focus.Seen(s.root, had) // on the rail, or in the panel
	c := s.w.window.Canvas()
	if !beside || to >= view.Inside {
		c.Unfocus()
	}
	if p, ok := page.(interface{ entered() }); ok {
		p.entered()
	}
	given := s.focused()
	switch returned := from >= view.Inside; {
	case had == nil || given != nil && given != had:
	case returned && back != nil && focus.Seen(s.root, back.(fyne.CanvasObject)):
		s.focus(back)
	case beside && to < view.Inside:
		if s.onRail(had) {
			s.focus(s.rail[to]) // the ring stands at the page that is shown
		}
	default:
		s.focus(s.begin(to))
	}
}

// onRail reports whether an object is an item of the rail.
func (s *screen) onRail(o fyne.CanvasObject) bool {
	for _, item := range s.rail {
		if o == fyne.CanvasObject(item) {
			return true
		}
	}
	return false
}

// open opens a page of the rail. Where messages stand in place of the cards, choosing the
// cards shows these.
func (w *Window) open(to view.Page) {
	cards := w.screen.now.inPage && to == view.Nearby && w.shown.Page == view.Nearby
	w.do(func(l *view.Local) {
		if cards {
			l.PutAside(w.snapshot)
		}
		l.Go(to)
	})
}

// turn turns to a page by a key. On the page already, the key leads into it.
func (w *Window) turn(to view.Page) {
	there := w.shown.Page == to
	w.open(to)
	if s := w.screen; there && !focus.Inside(s.pages[to].object()) {
		s.focus(s.begin(to))
	}
}

// turn scrolls by a key what the keyboard is in, or the page.
func (s *screen) turn(key fyne.KeyName) {
	var scroll *container.Scroll
	if had := s.focused(); had != nil {
		scroll = focus.ScrollAround(had)
	}
	if scroll == nil && s.now.inPage {
		scroll = s.now.scroll
	}
	if scroll == nil {
		scroll = focus.ScrollIn(s.pages[s.at].object())
	}
	if scroll != nil {
		focus.Turn(scroll, key)
	}
}

// begin returns the stop of the keyboard that a page begins with. Nobody is made to
// type unasked: an entry is none.
func (s *screen) begin(to view.Page) fyne.Focusable {
	if p, ok := s.pages[to].(interface{ home() fyne.Focusable }); ok {
		if stop := p.home(); stop != nil {
			return stop
		}
	}
	if int(to) < len(s.rail) {
		return s.rail[to]
	}
	return focus.First(s.pages[to].object())
}

// settle gives the keyboard to what is nearest when what had it has gone. at is
// where that was.
func (s *screen) settle(had fyne.CanvasObject, at focus.Place) {
	if had == nil || s.focused() != had || focus.Seen(s.root, had) {
		return
	}
	if _, asked := focus.PlaceOf(s.notice.question, had); asked {
		if before, ok := s.notice.before.(fyne.CanvasObject); ok && focus.Seen(s.root, before) {
			s.focus(s.notice.before)
			return
		}
		s.focus(s.begin(s.at)) // and not what stands beside the page
		return
	}
	if _, gaveWay := focus.PlaceOf(s.pages[s.at].object(), had); gaveWay && s.now.inPage {
		s.focus(s.rail[s.at]) // what waits for an answer never takes the keyboard
		return
	}
	stop := at.Nearest(s.root)
	if card := s.now.holding(stop); card != nil {
		stop = card.First()
	}
	s.focus(stop)
}

// takeOver brings what is being typed, and where the keyboard stands, from the
// screen that was before: there it was at that place, if it was in the screen.
func (s *screen) takeOver(old *screen, had focus.Place) {
	if old.at != s.at {
		return
	}
	focus.Together(old.pages[s.at].object(), s.pages[s.at].object(), func(was, is fyne.CanvasObject) {
		switch is := is.(type) {
		case *field.Entry:
			if was, ok := was.(*field.Entry); ok {
				if is.Text != was.Text {
					is.SetText(was.Text)
				}
				is.CursorRow, is.CursorColumn = was.CursorRow, was.CursorColumn
			}
		case cursored:
			if was, ok := was.(cursored); ok {
				is.SetCursor(was.Cursor())
			}
		}
	})
	if stop, ok := had.At(s.root).(fyne.Focusable); ok && focus.Seen(s.root, stop.(fyne.CanvasObject)) {
		s.focus(stop)
		s.fresh = stop.(fyne.CanvasObject)
		s.w.watch()
	}
}

// resized is told of a size before anything is laid out for it: what has the keyboard,
// and was in sight, is so again afterwards.
func (s *screen) resized(size fyne.Size) {
	if size == s.size {
		return
	}
	s.size = size
	if had := s.focused(); had != nil && focus.Seen(s.root, had) && focus.InSight(had) {
		s.fresh = had
		s.w.watch()
	}
}

// reveal brings into sight what was given the keyboard when it had just been made, or
// has it in a window that was resized: the toolkit knows where a thing is once it has
// been drawn.
func (s *screen) reveal() {
	if s.fresh == nil || fyne.CurrentApp().Driver().CanvasForObject(s.fresh) == nil {
		return
	}
	if s.focused() == s.fresh {
		focus.Reveal(s.fresh)
	}
	s.fresh = nil
}

// cursored is a list in which the keyboard stands somewhere.
type cursored interface {
	Cursor() int
	SetCursor(i int)
}
