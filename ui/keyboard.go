package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/ui/field"
	"potluck/ui/focus"
	"potluck/ui/request"
	"potluck/ui/view"
)

// typedKey hears of the keys that nothing else has a use for.
func (w *Window) typedKey(key *fyne.KeyEvent) {
	w.screen.tips.Clear()
	if menuKey(key.Name) && w.openMenu() {
		return
	}
	if key.Name != fyne.KeyEscape {
		w.screen.turn(key.Name)
		return
	}
	if card := w.focusedRequest(); card != nil {
		for i, r := range w.shown.Now.Requests {
			if i < len(w.screen.now.cards) && w.screen.now.cards[i] == card {
				w.do(func(l *view.Local) { l.PutOff(r.Share) })
				return
			}
		}
	}
	if w.clearSearch() {
		return
	}
	if w.shown.Page == view.Verify {
		w.screen.pages[view.Verify].(*verifyPage).leave()
		return
	}
	if !w.local.Leave(w.o.Now(), w.words) {
		w.window.Canvas().Unfocus()
	}
	w.render()
}

// clearSearch empties the search that is being typed into, and reports whether there was
// something to empty.
func (w *Window) clearSearch() bool {
	for _, find := range []*field.Entry{w.screen.pages[view.Inside].(*insidePage).find, w.screen.pages[view.Transfers].(*transfersPage).find} {
		if find.Text != "" && w.window.Canvas().Focused() == fyne.Focusable(find) {
			find.SetText("")
			return true
		}
	}
	return false
}

// focusedRequest returns the request that has the keyboard, if one has.
func (w *Window) focusedRequest() *request.Card {
	for _, c := range w.screen.now.cards {
		if c.Visible() && focus.Inside(c) {
			return c
		}
	}
	return nil
}

// frontRequest returns the request that has the keyboard, or had it before the menus were
// opened. Where there is none, it gives the keyboard to the first.
func (w *Window) frontRequest() *request.Card {
	if _, o, ok := w.screen.now.requests.front(); ok && focus.Seen(w.screen.root, o) {
		return o.(*request.Card)
	}
	w.firstRequest()
	return nil
}

// firstRequest gives the keyboard to the first request.
func (w *Window) firstRequest() {
	if len(w.shown.Now.Requests) == 0 && len(w.local.Later) > 0 {
		w.local.Later = nil
	}
	if !w.screen.wide && w.shown.Page != view.Nearby {
		w.local.Go(view.Nearby)
	}
	w.render()
	if len(w.shown.Now.Requests) > 0 && len(w.screen.now.cards) > 0 {
		w.window.Canvas().Focus(w.screen.now.cards[0].First())
		w.screen.now.cards[0].ShowHead()
	}
}

// acceptFront accepts the request that has the keyboard, or is looked into. It is
// as guarded as a click.
func (w *Window) acceptFront() {
	switch w.shown.Page {
	case view.Inside:
		w.screen.pages[view.Inside].(*insidePage).acceptNow()
		return
	case view.Write: // where Enter begins a line
		w.screen.pages[view.Write].(*writePage).sendNow()
		return
	}
	if c := w.frontRequest(); c != nil {
		c.AcceptNow()
	}
}

// declineFront declines the request that has the keyboard, or is looked into.
func (w *Window) declineFront() {
	if w.shown.Page == view.Inside {
		w.decline(w.shown.Inside.Request.Share)
		return
	}
	if c := w.frontRequest(); c != nil {
		c.DeclineNow()
	}
}

// find begins to search where the page has a search, and in the history where it
// has none.
func (w *Window) find() {
	if w.shown.Page == view.Inside {
		w.window.Canvas().Focus(w.screen.pages[view.Inside].(*insidePage).find)
		return
	}
	w.do(func(l *view.Local) { l.Go(view.Transfers) })
	if p := w.screen.pages[view.Transfers].(*transfersPage); p.find.Visible() {
		w.window.Canvas().Focus(p.find)
	}
}

// holdAll pauses all transfers, or lets them go on if none runs.
func (w *Window) holdAll() {
	running := false
	for _, t := range w.snapshot.Transfers {
		running = running || t.State == sharing.Running
	}
	w.act(func(ctx context.Context, s Source) error {
		if running {
			return s.PauseAll(ctx)
		}
		return s.ResumeAll(ctx)
	})
}
