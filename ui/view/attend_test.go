package view_test

import (
	"errors"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// What went wrong is told for as long as it takes to read it, where it was seen, and
// not while nobody can see it.
func TestProblemsAreSeenAndGo(t *testing.T) {
	var s sharing.Snapshot
	at, l := now, view.Local{}
	told := func(seen bool) string {
		l.Attend(s, seen, at)
		return view.Of(s, l, view.Choices{}, &view.Memory{}, at, in(t, "en")).Notice.Text
	}
	pass := func(d time.Duration) { at = at.Add(d) }

	l.Tell(view.Problem("a", at), at)
	for range 10 {
		if told(false) != "a" {
			t.Fatal("what nobody could see is gone")
		}
		pass(10 * time.Second)
	}
	if told(true) != "a" {
		t.Fatal("it is not told")
	}
	pass(15 * time.Second)
	if told(false) != "a" {
		t.Error("it is gone too soon")
	}
	pass(2 * time.Second)
	if told(false) != "" {
		t.Error("it stays")
	}

	// On another page it goes, once it can have been read.
	l.Tell(view.Problem("b", at), at)
	told(true)
	l.Go(view.Settings)
	pass(time.Second)
	if told(true) != "b" {
		t.Error("it went with the page before anybody could read it")
	}
	pass(4 * time.Second)
	if told(true) != "" {
		t.Error("it is on another page, too")
	}
	l.Tell(view.Problem("c", at), at)
	told(true)
	pass(5 * time.Second)
	if l.Go(view.Nearby); told(true) != "" {
		t.Error("what was read is on another page, too")
	}

	// What comes while another one cannot have been read waits for that.
	l.Tell(view.Problem("d", at), at)
	told(true)
	l.Tell(view.Notice{Text: "e", Until: at.Add(8 * time.Second)}, at)
	l.Tell(view.Problem("f", at), at)
	for _, want := range []string{"d", "e", "f", ""} {
		if got := told(true); got != want {
			t.Errorf("tells %q, and not %q", got, want)
		}
		pass(16 * time.Second)
	}
	l.Tell(view.Problem("g", at), at)
	told(true)
	pass(5 * time.Second)
	l.Tell(view.Problem("h", at), at)
	if told(true) != "h" {
		t.Error("what was read stands before what is new")
	}
}

// A problem is gone when what it was about is done once more, or is no more.
func TestProblemsAreDealtWith(t *testing.T) {
	w := in(t, "en")
	s := around()
	l := view.Local{}
	for name, do := range map[string]func(){
		"choosing": func() { l.Choose(view.Basket{Paths: []string{"/x"}}) },
		"sending": func() {
			l.Basket, l.Ticked = view.Basket{Paths: []string{"/x"}}, nil
			l.Tick(binh)
			l.Send(s, now)
		},
		"dropping": func() {
			l.Dropped([]string{"/x"}, view.Target{Known: true, Card: true, ID: binh}, s, now, w)
		},
	} {
		l.Tell(view.Problem("a", now), now)
		l.Attend(s, true, now)
		if do(); l.Notice.Text != "" {
			t.Errorf("after %s it says %q", name, l.Notice.Text)
		}
		l = view.Local{}
	}
	share := sharing.ShareID{7}
	s.Transfers = []sharing.Transfer{{Share: share, Direction: sharing.Receiving, State: sharing.Stuck}}
	l.Tell(view.ProblemWith(share.String(), errors.New("the disk of /x is full: make room and try again"), now, w), now)
	for range 3 {
		l.Attend(s, true, now.Add(time.Hour))
	}
	if l.Notice.Do != view.ChooseFolder {
		t.Error("it is gone though it waits for an answer")
	}
	s.Transfers[0].State = sharing.Running
	if l.Attend(s, true, now); l.Notice.Text != "" {
		t.Error("it is said though it goes on")
	}
	l.Tell(view.ProblemWith(share.String(), errors.New("the disk of /x is full: make room and try again"), now, w), now)
	s.Offers, s.Transfers = []sharing.Offer{{Share: share}}, nil
	if l.Attend(s, true, now); l.Notice.Do != view.ChooseFolder {
		t.Error("it is gone though the offer waits for an answer")
	}
	s.Offers, s.Transfers = nil, []sharing.Transfer{{Share: share, Direction: sharing.Receiving, State: sharing.Running}}
	if l.Attend(s, true, now); l.Notice.Text != "" {
		t.Error("it is said though the offer was accepted")
	}
}
