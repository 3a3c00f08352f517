package control_test

import (
	"errors"
	"testing"
	"time"

	"potluck/app/control"
	"potluck/app/control/controltest"
	"potluck/sharing"
)

func TestFind(t *testing.T) {
	s := serve(t)
	s.Engine.Meet("anna", "Ben", "twin")
	s.Engine.Reachable("192.0.2.9:27420", "far")
	s.Engine.Reachable("fe80::1%eth0", "near")
	s.Engine.Reachable("192.0.2.1:27420", "self")
	s.Engine.Change(func(s *sharing.Snapshot) {
		other := controltest.Neighbour("another")
		other.Name = "Twin"
		s.Neighbours = append(s.Neighbours, other)
	})
	for who, want := range map[string]string{
		"anna": "anna", "ANNA": "anna", "ben": "Ben",
		controltest.ID("anna").String():     "anna",
		controltest.ID("anna").String()[:9]: "anna",
		"192.0.2.9:27420":                   "far",
		"fe80::1%eth0":                      "near",
	} {
		if n, err := s.Client.Find(t.Context(), who, 0); err != nil || n.ID != controltest.ID(want) {
			t.Errorf("find %s: %+v, %v", who, n, err)
		}
	}
	for who, want := range map[string]control.Code{
		"carl":                          control.Absent,
		controltest.ID("carl").String(): control.Absent,
		"192.0.2.10:1":                  control.Absent,
		"name:with:colons":              control.Absent,
		"twin":                          control.Ambiguous,
		"self":                          control.Self,
		controltest.ID("self").String(): control.Self,
		controltest.ID("self").Short():  control.Self,
		"192.0.2.1:27420":               control.Self,
		"":                              control.Invalid,
	} {
		_, err := s.Client.Find(t.Context(), who, 0)
		if control.CodeOf(err) != want {
			t.Errorf("find %q: %v (%s), want %s", who, err, control.CodeOf(err), want)
		}
		var e *control.Error
		if want == control.Ambiguous && (!errors.As(err, &e) || len(e.Candidates) != 2) {
			t.Errorf("find %q: the candidates are not there: %v", who, err)
		}
	}
}

func TestFindWaits(t *testing.T) {
	s := serve(t)
	for _, c := range []struct {
		who    string
		appear func()
	}{
		{"anna", func() { s.Engine.Meet("anna") }},
		{"192.0.2.9:27420", func() { s.Engine.Reachable("192.0.2.9:27420", "far") }},
	} {
		found := make(chan error)
		go func() {
			_, err := s.Client.Find(t.Context(), c.who, time.Hour)
			found <- err
		}()
		s.Engine.AwaitWatcher()
		c.appear()
		if err := <-found; err != nil {
			t.Errorf("%s: %v", c.who, err)
		}
	}
}

// Two devices have one name, and it is ours: the other one is meant.
func TestFindANameLikeOurs(t *testing.T) {
	s := serve(t)
	other := controltest.Neighbour("other")
	other.Name = "SELF"
	s.Engine.Change(func(s *sharing.Snapshot) { s.Neighbours = append(s.Neighbours, other) })
	if n, err := s.Client.Find(t.Context(), "self", 0); err != nil || n.ID != other.ID {
		t.Errorf("got %+v, %v", n, err)
	}
}
