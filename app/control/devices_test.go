package control_test

import (
	"errors"
	"slices"
	"testing"

	"potluck/app/control"
	"potluck/app/control/controltest"
	"potluck/sharing"
	"potluck/sharing/identity"
)

func TestKnown(t *testing.T) {
	s := serve(t)
	s.Engine.Know("anna", "ben", "twin")
	s.Engine.Meet("carl") // here, and known as every neighbour is
	s.Engine.Know("carl")
	s.Engine.Knows(controltest.ID("ben"), func(k *sharing.KnownDevice) { k.Alias = "Brother" })
	other := controltest.ID("other")
	s.Engine.Change(func(s *sharing.Snapshot) {
		s.Known = append(s.Known, sharing.KnownDevice{ID: other, Name: "TWIN"})
	})
	for who, want := range map[string]identity.ID{
		"anna": controltest.ID("anna"), " ANNA ": controltest.ID("anna"), "brother": controltest.ID("ben"),
		"carl": controltest.ID("carl"), controltest.ID("anna").Short(): controltest.ID("anna"), other.String(): other,
	} {
		if k, err := s.Client.Known(t.Context(), who); err != nil || k.ID != want {
			t.Errorf("%q: %+v, %v", who, k, err)
		}
	}
	for who, want := range map[string]control.Code{
		"dora": control.NotFound, controltest.ID("dora").String(): control.NotFound, "twin": control.Ambiguous,
		"self": control.Self, controltest.ID("self").String(): control.Self, " ": control.Invalid,
	} {
		if k, err := s.Client.Known(t.Context(), who); control.CodeOf(err) != want {
			t.Errorf("%q: %+v, %v", who, k, err)
		}
	}
}

func TestDevices(t *testing.T) {
	s := serve(t)
	ctx, anna := t.Context(), controltest.ID("anna")
	s.Engine.Meet("anna")
	s.Engine.Know("anna")
	s.Engine.Knows(anna, func(k *sharing.KnownDevice) { k.Paired = true })
	c := s.Client
	for name, do := range map[string]struct {
		do      func(identity.ID) error
		command string
	}{
		"pair":       {func(id identity.ID) error { return c.Pair(ctx, id) }, "pair"},
		"yes":        {func(id identity.ID) error { return c.AnswerPairing(ctx, id, true) }, "answer"},
		"unpair":     {func(id identity.ID) error { return c.Unpair(ctx, id) }, "unpair"},
		"alias":      {func(id identity.ID) error { return c.SetAlias(ctx, id, "Sister") }, "alias"},
		"trusted":    {func(id identity.ID) error { return c.SetTrusted(ctx, id, true) }, "trusted"},
		"block":      {func(id identity.ID) error { return c.Block(ctx, id) }, ""},
		"unblock":    {func(id identity.ID) error { return c.Unblock(ctx, id) }, ""},
		"clear away": {func(id identity.ID) error { return c.CancelPairing(ctx, id) }, "cancelPairing"},
	} {
		s.Engine.Pairing(sharing.Pairing{Peer: anna, State: sharing.PairingComparing})
		if err := do.do(anna); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := do.do(controltest.ID("self")); control.CodeOf(err) != control.Self {
			t.Errorf("%s of the device itself: %v", name, err)
		}
		if do.command == "" {
			continue // that cannot fail
		}
		for failure, want := range map[error]control.Code{
			sharing.ErrNotFound: control.NotFound, sharing.ErrState: control.State, errors.New("no"): control.Failed,
		} {
			s.Engine.Fail(do.command, failure)
			if err := do.do(anna); control.CodeOf(err) != want {
				t.Errorf("%s: %v became %v", name, failure, err)
			}
		}
		s.Engine.Fail(do.command, nil)
	}
	for _, want := range []string{
		"pair " + anna.Short(), "answer " + anna.Short() + " true", "unpair " + anna.Short(), "alias " + anna.Short(),
		"trusted " + anna.Short(), "block " + anna.Short(), "unblock " + anna.Short(), "cancelPairing " + anna.Short(),
	} {
		if !slices.Contains(s.Engine.Commands(), want) {
			t.Errorf("%q was not commanded: %q", want, s.Engine.Commands())
		}
	}
	k, err := c.Known(ctx, "sister")
	if err != nil || k.Alias != "Sister" {
		t.Errorf("known as %+v, %v", k, err)
	}
}

func TestPairingTravels(t *testing.T) {
	s := serve(t)
	p := sharing.Pairing{Peer: controltest.ID("anna"), Name: "anna", State: sharing.PairingComparing, Ours: true}
	for i := range p.Dishes {
		p.Dishes[i] = identity.DishFromIndex(100*i + 7)
	}
	s.Engine.Pairing(p)
	got, err := s.Client.Snapshot(t.Context())
	if err != nil || len(got.Pairings) != 1 || got.Pairings[0] != p {
		t.Errorf("got %+v, %v", got.Pairings, err)
	}
	if got := p.Numbers(); got != "7-107-207-307" {
		t.Errorf("numbers %s", got)
	}
}
