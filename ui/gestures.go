package ui

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

// tapCard ticks somebody. Where an offer of that one was put off, it is shown
// again instead.
func (w *Window) tapCard(id identity.ID) {
	for _, o := range w.snapshot.Offers {
		if o.From == id && contains(w.local.Later, o.Share) {
			w.do(func(l *view.Local) { l.Recall(o.Share) })
			return
		}
	}
	w.do(func(l *view.Local) { l.TickCard(id, w.snapshot, w.o.Now(), w.words) })
}

// enterCard sends the basket to the ticked ones, or has files chosen for
// somebody.
func (w *Window) enterCard(id identity.ID) {
	if !w.local.Choosing {
		w.chooseFiles(&id)
		return
	}
	if len(w.local.Ticked) == 0 && !w.local.TickCard(id, w.snapshot, w.o.Now(), w.words) {
		w.render()
		return
	}
	w.sendToTicked()
}

// sendToTicked sends the basket. The button is the confirmation.
func (w *Window) sendToTicked() {
	w.deliver(w.local.Send(w.snapshot, w.o.Now()))
	w.render()
}

// undo takes back what is held back, or does what a notice offers to.
func (w *Window) undo() {
	if n := w.local.Notice; len(w.local.Holds) == 0 && n.Do == view.UndoBlock {
		w.answer(n.Do, n.Ref)
		return
	}
	w.do(func(l *view.Local) { l.Undo(w.o.Now(), w.words) })
}

// chooseFiles has files chosen, for somebody or to choose for.
func (w *Window) chooseFiles(to *identity.ID) { w.choosePaths(to, false) }

func (w *Window) choosePaths(to *identity.ID, folder bool) {
	chosen := func(paths []string) {
		if len(paths) == 0 {
			return
		}
		at := view.Target{}
		if to != nil {
			at = view.Target{Known: true, Card: true, ID: *to}
		}
		w.local.Dropped(paths, at, w.snapshot, w.o.Now(), w.words)
	}
	title := w.words.L("Send files…")
	w.begin(func(ctx context.Context) error {
		var paths []string
		var err error
		if folder {
			var path string
			if path, err = w.o.Desktop.ChooseFolder(ctx, title, ""); path != "" {
				paths = []string{path}
			}
		} else {
			paths, err = w.o.Desktop.ChooseFiles(ctx, title)
		}
		if errors.Is(err, ErrNoChooser) {
			w.later(func() { w.pick(view.Picking{Folders: folder, Title: title}, chosen) })
			return nil
		}
		w.later(func() { chosen(paths) })
		return err
	})
}

// chooseFolder has a folder chosen for an offer, or for a transfer that cannot go
// on where it is. It begins with the one that counts now.
func (w *Window) chooseFolder(at string, chosen func(folder string)) {
	title := w.words.L("Save to")
	w.begin(func(ctx context.Context) error {
		folder, err := w.o.Desktop.ChooseFolder(ctx, title, at)
		if errors.Is(err, ErrNoChooser) {
			w.later(func() {
				w.pick(view.Picking{Folders: true, Title: title, At: at}, func(paths []string) { chosen(paths[0]) })
			})
			return nil
		}
		if folder != "" {
			w.later(func() { chosen(folder) })
		}
		return err
	})
}

// dropped is what the toolkit calls for a drop.
func (w *Window) dropped(at fyne.Position, uris []fyne.URI) {
	var items []string
	for _, u := range uris {
		switch u.Scheme() {
		case "file":
			items = append(items, u.Path())
		case "http", "https":
			items = append(items, u.String())
		}
	}
	w.whenPlaced(func() {
		w.local.Dropped(items, w.target(at), w.snapshot, w.o.Now(), w.words)
		w.render()
	})
}

// target says what is at a place. It is known only where the system tells where
// things are dropped, and where nothing lies over the page.
func (w *Window) target(at fyne.Position) view.Target {
	canvas := w.window.Canvas()
	if positionUnknown(w.window, at) || canvas.Overlays().Top() != nil || w.shown.Page != view.Nearby || w.screen.now.inPage {
		return view.Target{}
	}
	p := w.screen.pages[view.Nearby].(*nearbyPage)
	if !p.grid.Visible() {
		return view.Target{Known: true}
	}
	key, hit := cardUnder(p.grid, at)
	return view.Target{Known: true, Card: hit, ID: idOf(key)}
}

// paste chooses for what is on the clipboard: files, or a text.
func (w *Window) paste() {
	text := w.o.App.Clipboard().Content()
	w.begin(func(ctx context.Context) error {
		paths := w.o.Desktop.CopiedFiles(ctx, text)
		w.later(func() {
			if len(paths) == 0 && text == "" {
				w.local.Notice = view.Notice{Tone: view.Warn, Text: w.words.L("Nothing to send."), Until: w.o.Now().Add(noticeTime)}
				return
			}
			b := view.Basket{Paths: paths}
			if len(paths) == 0 && len(text) > sharing.MaxText {
				w.local.Notice = view.Notice{Tone: view.Warn, Text: w.words.L("This text is too long for a message. Save it in a file, and send that."), Until: w.o.Now().Add(noticeTime)}
				return
			}
			if len(paths) == 0 {
				b.Text = text
			}
			w.local.Choose(b)
		})
		return nil
	})
}

// showWaiting shows what was put off, or what is moving.
func (w *Window) showWaiting() {
	w.do(func(l *view.Local) {
		if len(w.snapshot.Offers)+len(w.snapshot.Messages) > 0 {
			l.Later, l.Aside = nil, nil
			return
		}
		l.Go(view.Transfers)
	})
}

// decline says no to an offer.
func (w *Window) decline(id sharing.ShareID) {
	w.act(func(ctx context.Context, s Source) error {
		_, err := s.Decline(ctx, id.String())
		return err
	})
}

// accept says yes to an offer, or to what is ticked of it.
func (w *Window) accept(id sharing.ShareID, want []bool) {
	o := sharing.AcceptOptions{Into: w.local.Into[id], Want: want}
	w.accepting(id, func(ctx context.Context, s Source) error {
		_, err := s.Accept(ctx, id.String(), o)
		return err
	})
}

// accepting has the engine accept an offer, and shows that it is at it.
func (w *Window) accepting(id sharing.ShareID, do func(context.Context, Source) error) {
	if w.source == nil || !w.local.Accept(id) {
		return
	}
	w.actOn(id.String(), func(ctx context.Context, s Source) error {
		err := do(ctx, s)
		snapshot := s.Snapshot()
		w.later(func() {
			w.local.Accepted(id)
			w.snapshot = snapshot
		})
		return err
	})
	w.render()
}

// acceptUsual accepts what was ticked of an offer, or, if nobody has ticked anything, all of
// it, or all but the programs of somebody not verified.
func (w *Window) acceptUsual(id sharing.ShareID) {
	if picks, picked := w.local.Picks[id]; picked {
		w.accept(id, picks.Want())
		return
	}
	i := slices.IndexFunc(w.snapshot.Offers, func(o sharing.Offer) bool { return o.Share == id })
	if i < 0 || !view.Spared(w.snapshot.Offers[i]) {
		w.accept(id, nil)
		return
	}
	o := sharing.AcceptOptions{Into: w.local.Into[id]}
	w.accepting(id, func(ctx context.Context, s Source) error {
		m, err := s.Contents(ctx, id.String())
		if err != nil {
			return err
		}
		o.Want = view.NewTree(m, nil, true).Want()
		_, err = s.Accept(ctx, id.String(), o)
		return err
	})
}

// saveInto chooses another folder for an offer.
func (w *Window) saveInto(id sharing.ShareID) {
	w.chooseFolder(w.intoOf(id), func(folder string) {
		into := map[sharing.ShareID]string{id: folder}
		for other, f := range w.local.Into {
			if other != id {
				into[other] = f
			}
		}
		w.local.Into = into
	})
}

// intoOf returns the folder that an offer would go to.
func (w *Window) intoOf(id sharing.ShareID) string {
	if into := w.local.Into[id]; into != "" {
		return into
	}
	for _, o := range w.snapshot.Offers {
		if o.Share == id {
			return o.Into
		}
	}
	return ""
}

// lookInto opens the page that shows what is in an offer. The list is fetched and
// prepared where nobody waits for it.
func (w *Window) lookInto(share sharing.ShareID) {
	at := slices.IndexFunc(w.snapshot.Offers, func(o sharing.Offer) bool { return o.Share == share })
	if at < 0 {
		return
	}
	ref, spare := share.String(), view.Spared(w.snapshot.Offers[at])
	var before *view.Picks
	if picks, picked := w.local.Picks[share]; picked {
		before = &picks
	}
	w.do(func(l *view.Local) {
		l.Look, l.Tree = ref, nil
		l.Go(view.Inside)
	})
	w.act(func(ctx context.Context, s Source) error {
		m, err := s.Contents(ctx, ref)
		if err != nil {
			return err
		}
		t := view.NewTree(m, before, spare)
		w.later(func() {
			if w.local.Look == ref {
				w.local.Tree = t
			}
		})
		return nil
	})
}

// verify begins to verify somebody, or goes on where it was begun.
func (w *Window) verify(id identity.ID) {
	begun := slices.ContainsFunc(w.snapshot.Pairings, func(p sharing.Pairing) bool { return p.Peer == id && !p.State.Final() })
	w.do(func(l *view.Local) {
		l.With, l.Asking = id, !begun
		l.Go(view.Verify)
	})
	if begun {
		return
	}
	w.act(func(ctx context.Context, s Source) error {
		err := s.Pair(ctx, id)
		if err != nil {
			w.later(func() { w.local.Asking = false })
		}
		return err
	})
}

// write opens the page to write a short text to somebody.
func (w *Window) write(id identity.ID) {
	w.do(func(l *view.Local) {
		l.With = id
		l.Go(view.Write)
	})
}

// block blocks somebody, which can be undone for a moment.
func (w *Window) block(id identity.ID, name string) {
	if underWay(w.snapshot, id) {
		w.do(func(l *view.Local) { l.Question = view.AskBlock(name, id.String(), w.words) })
		return
	}
	w.blockNow(id, name)
}

// underWay reports whether something travels between this device and another one.
func underWay(s sharing.Snapshot, id identity.ID) bool {
	return slices.ContainsFunc(s.Transfers, func(t sharing.Transfer) bool {
		return slices.ContainsFunc(t.Peers, func(p sharing.Peer) bool { return p.ID == id && !p.State.Final() })
	})
}

// blockNow blocks a device. That can be undone at once.
func (w *Window) blockNow(id identity.ID, name string) {
	w.act(func(_ context.Context, s Source) error {
		s.Block(id)
		return nil
	})
	w.do(func(l *view.Local) { l.Notice = view.Blocked(name, id.String(), w.o.Now(), w.words) })
}

func contains(list []sharing.ShareID, id sharing.ShareID) bool {
	for _, other := range list {
		if other == id {
			return true
		}
	}
	return false
}
