package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"potluck/sharing"
	"potluck/ui/press"
	"potluck/ui/view"
)

// What goes to several can be withdrawn from one of them: at once from somebody who has
// not answered, and after a question from somebody who has begun.
func TestWithdrawFromOne(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	shared := spread()
	shared.Peers[1].State = sharing.Waiting
	show := func() {
		s.engine.snapshot.Transfers = []sharing.Transfer{shared}
		s.draw()
	}
	show()
	s.details(string(sharing.Sending) + shared.Share.String())
	s.pass(time.Minute)
	withdraw := func() (list []*press.Button) {
		for _, o := range test.LaidOutObjects(s.screen.pages[view.Details].(*detailsPage).people.box) {
			if b, ok := o.(*press.Button); ok && b.Visible() && b.Value().Text == "Withdraw" {
				list = append(list, b)
			}
		}
		return list
	}
	if n := len(withdraw()); n != 2 {
		t.Fatalf("%d can be withdrawn from, want 2: one has everything", n)
	}
	test.Tap(withdraw()[0])
	s.draw()
	if told, want := s.engine.took(s.Window), "withdraw 0500 from "+binh.String()[:2]; told != want || s.shown.Question.Text != "" {
		t.Errorf("told %q, want %q; asks %q", told, want, s.shown.Question.Text)
	}

	shared.Peers[1].State = sharing.Withdrawn
	show()
	if n := len(withdraw()); n != 1 {
		t.Fatalf("%d can be withdrawn from, want 1", n)
	}
	s.pass(time.Minute)
	test.Tap(withdraw()[0])
	s.draw()
	if told := s.engine.took(s.Window); told != "" || !strings.Contains(s.shown.Question.Text, "Phòng họp 3") {
		t.Fatalf("told %q; asks %q", told, s.shown.Question.Text)
	}
	s.pass(time.Minute)
	s.answer(s.shown.Question.Do, s.shown.Question.Ref)
	if told, want := s.engine.took(s.Window), "withdraw 0500 from "+room.String()[:2]; told != want {
		t.Errorf("told %q, want %q", told, want)
	}
}

// What goes to one alone is withdrawn as a whole.
func TestWithdrawFromTheOnlyOne(t *testing.T) {
	s := stage(t, quiet(), english(), usual)
	shared := spread()
	shared.Peers = shared.Peers[1:2]
	s.engine.snapshot.Transfers = []sharing.Transfer{shared}
	s.draw()
	s.details(string(sharing.Sending) + shared.Share.String())
	s.draw()
	for _, one := range s.shown.Details.People {
		if one.Button.Text != "" {
			t.Errorf("%s has the button %q", one.Name, one.Button.Text)
		}
	}
}
