package ui

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// noticeTime is how long a notice stays.
const noticeTime = 8 * time.Second

// answer does what the button of a notice or a question says.
func (w *Window) answer(do view.Do, ref string) {
	w.acted = w.o.Now()
	switch do {
	case view.UndoBlock:
		w.act(func(_ context.Context, s Source) error {
			s.Unblock(idOf(ref))
			return nil
		})
		w.local.Notice = view.Notice{}
	case view.BlockDevice:
		w.blockNow(idOf(ref), view.NameOf(idOf(ref), w.snapshot))
	case view.VerifyDevice:
		w.verify(idOf(ref))
	case view.UnpairDevice:
		w.act(func(ctx context.Context, s Source) error { return s.Unpair(ctx, idOf(ref)) })
	case view.ClearHistory:
		w.act(func(ctx context.Context, s Source) error { return s.ForgetAll(ctx) })
		w.local.Cleared = w.o.Now()
	case view.ResetSettings:
		if prefs := w.prefs; prefs != nil {
			w.begin(func(context.Context) error {
				err := prefs.ResetAll()
				if err == nil {
					w.later(func() { w.screen.pages[view.Settings].(*settingsPage).forget() })
				}
				return err
			})
		}
	case view.ShowKept, view.CloseNotice:
		if do == view.ShowKept {
			w.begin(func(ctx context.Context) error { return w.o.Desktop.Show(ctx, ref) })
		}
		if len(w.local.Damaged) > 0 {
			w.local.Damaged = w.local.Damaged[1:]
		}
	case view.GoOnHidden:
		w.goOn()
	case view.QuitPotluck:
		w.end()
	case view.OpenLink:
		w.begin(func(ctx context.Context) error { return w.o.Desktop.Browse(ctx, ref) })
	default:
		w.transferDo(do, ref)
	}
	w.render()
}

// press does what a button of a transfer says. What cannot be undone is asked
// about first.
func (w *Window) press(do view.Do, ref string) {
	w.acted = w.o.Now()
	if do == view.WithdrawFrom {
		if q, needed := view.AskWithdraw(ref, w.snapshot, w.words); needed {
			w.do(func(l *view.Local) { l.Question = q })
			return
		}
	}
	for _, t := range w.snapshot.Transfers {
		running := t.State != sharing.Waiting && t.State != sharing.Offering && t.State != sharing.Preparing
		if running && t.Share.String() == ref && (do == view.CancelTransfer || do == view.WithdrawTransfer) {
			w.do(func(l *view.Local) { l.Question = view.AskCancel(t, w.snapshot, w.words) })
			return
		}
	}
	w.transferDo(do, ref)
	w.render()
}

// transferDo has the engine do something with a transfer.
func (w *Window) transferDo(do view.Do, ref string) {
	command := func(f func(Source, context.Context, string) (sharing.ShareID, error)) {
		w.act(func(ctx context.Context, s Source) error {
			_, err := f(s, ctx, ref)
			return err
		})
	}
	switch do {
	case view.CancelParcel:
		if number, err := strconv.Atoi(ref); err == nil && w.packing[number] != nil {
			w.packing[number]()
		}
	case view.CheckFiles, view.RestoreFiles:
		w.checkFiles(ref, sharing.VerifyOptions{Restore: do == view.RestoreFiles})
	case view.ShowChecked:
		w.details(string(sharing.Receiving) + ref)
	case view.StopChecking:
		command(Source.Cancel)
	case view.PauseTransfer:
		command(Source.Pause)
	case view.ResumeTransfer:
		command(Source.Resume)
	case view.CancelTransfer, view.WithdrawTransfer:
		command(Source.Cancel)
	case view.WithdrawFrom:
		if share, who, ok := view.ReadTakerRef(ref); ok {
			w.act(func(ctx context.Context, s Source) error {
				_, err := s.Withdraw(ctx, share, who)
				return err
			})
		}
	case view.TryAgain:
		for _, t := range w.snapshot.Transfers {
			if t.Share.String() == ref && t.Direction == sharing.Sending && w.local.Again(t, w.snapshot, w.o.Now(), w.words) {
				return
			}
		}
		command(Source.Retry)
	case view.RemoveFromHistory:
		w.act(func(ctx context.Context, s Source) error { return s.Forget(ctx, ref) })
	case view.ShowInFolder:
		if t, ok := w.received(ref); ok && len(t.Paths) > 0 {
			w.begin(func(ctx context.Context) error { return w.o.Desktop.Show(ctx, filepath.Clean(t.Paths[0])) })
		}
	case view.OpenReceived:
		if t, ok := w.received(ref); ok && view.Openable(t) {
			w.begin(func(ctx context.Context) error { return w.o.Desktop.Open(ctx, filepath.Clean(t.Paths[0])) })
		}
	case view.ChooseFolder:
		for _, o := range w.snapshot.Offers {
			if o.Share.String() == ref {
				w.local.Notice = view.Notice{}
				w.saveInto(o.Share)
				return
			}
		}
		t, _ := w.received(ref)
		w.chooseFolder(t.Into, func(folder string) {
			w.act(func(ctx context.Context, s Source) error {
				if m, ok := s.(mover); ok {
					return m.MoveTo(ctx, ref, folder)
				}
				return nil
			})
		})
	}
}

// checkFiles has the engine check what was received, and mend it. What comes of it is an
// event.
func (w *Window) checkFiles(ref string, o sharing.VerifyOptions) {
	w.act(func(ctx context.Context, s Source) error {
		if _, err := s.Verify(ctx, ref, o); err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
}

// received returns what was received of a share.
func (w *Window) received(ref string) (sharing.Transfer, bool) {
	for _, t := range w.snapshot.Transfers {
		if t.Share.String() == ref && t.Direction == sharing.Receiving {
			return t, true
		}
	}
	return sharing.Transfer{}, false
}
