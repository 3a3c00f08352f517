package main

import (
	"strings"
	"testing"
	"time"

	"potluck/app/control/controltest"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// comparing is a pairing with a device of that name, of which there is something
// to be compared.
func comparing(name string) sharing.Pairing {
	p := sharing.Pairing{
		Peer: controltest.ID(name), Name: name, State: sharing.PairingComparing, Until: time.Unix(1_800_000_060, 0).UTC(),
	}
	for i, n := range []int{0, 1, 2, identity.Dishes - 1} {
		p.Dishes[i] = identity.DishFromIndex(n)
	}
	return p
}

// answeredWith waits until the pairing was answered, and reports how.
func answeredWith(t *testing.T, s *controltest.Stand) string {
	t.Helper()
	answer := ""
	eventually(t, func() bool {
		for _, c := range s.Commands() {
			if rest, ok := strings.CutPrefix(c, "answer "); ok {
				_, answer, _ = strings.Cut(rest, " ")
			}
		}
		return answer != ""
	})
	return answer
}

func TestPair(t *testing.T) {
	for name, c := range map[string]struct {
		typed  string
		args   []string
		yes    string // what the device is told
		theirs sharing.PairingState
		code   int
		says   []string
	}{
		"yes": {
			typed: "y\n", yes: "true", theirs: sharing.PairingDone, code: exitDone,
			says: []string{
				"1  phở on a round blue plate", "As numbers: 0-1-2-959", "Are these four the same on the other screen, in this order? [y/N]",
				"Now anna says yes", "anna is verified",
			},
		},
		"Yes":          {typed: "YES", yes: "true", theirs: sharing.PairingDone, code: exitDone},
		"no":           {typed: "n\n", yes: "false", code: exitDeclined, says: []string{"not verified: the dishes were not the same"}},
		"nothing":      {typed: "\n", yes: "false", code: exitDeclined},
		"no input":     {typed: "", yes: "false", code: exitDeclined},
		"anything":     {typed: strings.Repeat("yes ", 1000), yes: "false", code: exitDeclined},
		"their no":     {typed: "y\n", yes: "true", theirs: sharing.PairingFailed, code: exitFailed, says: []string{"not verified: they said no"}},
		"same":         {args: []string{"--same", "0-1-2-959"}, yes: "true", theirs: sharing.PairingDone, code: exitDone},
		"not the same": {args: []string{"--same", "0-1-2-958"}, yes: "false", code: exitDeclined},
		"json": {
			typed: "yes\n", args: []string{"--json"}, yes: "true", theirs: sharing.PairingDone, code: exitDone,
			says: []string{`{"event":"pairing","peer":"`, `"words":["phở on a round blue plate",`, `"numbers":"0-1-2-959"`, `{"event":"paired",`},
		},
		"json, the numbers": {typed: "0-1-2-959\n", args: []string{"--json"}, yes: "true", theirs: sharing.PairingDone, code: exitDone},
		"json, others":      {typed: "0-1-2-3\n", args: []string{"--json"}, yes: "false", code: exitDeclined, says: []string{`"state":"failed"`, `"error":"the dishes`}},
	} {
		t.Run(name, func(t *testing.T) {
			s := controltest.Serve(t, "self")
			s.Meet("anna")
			y := at(t, s.Folder)
			y.stdin = strings.NewReader(c.typed)
			ended := y.start(append([]string{"pair", "anna"}, c.args...)...)
			eventually(t, func() bool { return len(s.Engine.Snapshot().Pairings) == 1 })
			p := comparing("anna")
			s.Pairing(p)
			if got := answeredWith(t, s); got != c.yes {
				t.Errorf("answered %s, want %s", got, c.yes)
			}
			if c.theirs != "" {
				eventually(t, func() bool { return c.args != nil || strings.Contains(y.err.String(), "Now anna says yes") })
				p.State, p.Error = c.theirs, "they said no"
				s.Pairing(p)
			}
			f := <-ended
			f.want(t, c.code)
			f.says(t, c.says...)
			if strings.Contains(f.out+f.err, "[y/N]") == (c.args != nil) {
				t.Errorf("it asks when it should not, or does not: %s", f.err)
			}
		})
	}
}

// The other side has begun: nothing begins anew.
func TestPairJoins(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	s.Pairing(comparing("anna"))
	y := at(t, s.Folder)
	y.stdin = strings.NewReader("y\n")
	ended := y.start("pair", "anna")
	answeredWith(t, s)
	p := comparing("anna")
	p.State = sharing.PairingDone
	s.Pairing(p)
	(<-ended).want(t, exitDone)
}

func TestPairThatEnds(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitAbsent, "pair", "anna", "--wait", "10ms").says(t, "no device called anna")
	y.want(exitFailed, "pair", "self", "--wait", "10ms").says(t, "this device itself")
	s.Meet("anna")
	s.Fail("pair", sharing.ErrState)
	y.want(exitFailed, "pair", "anna").says(t, "not possible now")
	s.Fail("pair", nil)

	// Somebody cancels it elsewhere.
	ended := y.start("pair", "anna")
	eventually(t, func() bool { return len(s.Engine.Snapshot().Pairings) == 1 })
	if err := s.CancelPairing(t.Context(), controltest.ID("anna")); err != nil {
		t.Fatal(err)
	}
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "it was cancelled")

	// The person interrupts the command.
	var stop func()
	y.ctx, stop = withInterrupt(t)
	ended = y.start("pair", "anna")
	eventually(t, func() bool { return len(s.Engine.Snapshot().Pairings) == 1 })
	stop()
	(<-ended).want(t, exitFailed)
	if n := len(s.Engine.Snapshot().Pairings); n > 0 {
		t.Errorf("%d pairings are left", n)
	}
}

func TestStanding(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitDone, "neighbours", "--all").says(t, "No other device is known")
	s.Know("anna", "ben", "carl", "dora"+hostile)
	s.Knows(controltest.ID("anna"), func(k *sharing.KnownDevice) { k.Paired, k.Here = true, true })
	s.Knows(controltest.ID("ben"), func(k *sharing.KnownDevice) { k.Paired, k.Trusted, k.Alias = true, true, "Brother" })
	s.Knows(controltest.ID("carl"), func(k *sharing.KnownDevice) { k.Blocked = true })
	f := y.want(exitDone, "neighbours", "--all")
	f.says(t, "verified", "here now", "Brother", "accepted without asking", "blocked", "not verified", "2027-01-15")
	if strings.ContainsAny(f.out, "\x1b\x07\u202e") {
		t.Errorf("something foreign reached the terminal: %q", f.out)
	}
	if o := y.want(exitDone, "neighbours", "--all", "--json").objects(t); len(o) != 4 || o[1]["alias"] != "Brother" || o[1]["trusted"] != true {
		t.Errorf("objects %v", o)
	}

	y.want(exitDone, "unpair", "brother").says(t, "Brother ("+controltest.ID("ben").Short()+") is no longer verified")
	y.want(exitDone, "block", "anna", "--json").says(t, `"name":"anna","result":"blocked"`)
	y.want(exitDone, "unblock", controltest.ID("carl").String()).says(t, "carl", "no longer blocked")
	for _, k := range s.Engine.Snapshot().Known {
		switch k.Name {
		case "anna":
			if !k.Blocked {
				t.Error("anna is not blocked")
			}
		case "ben", "carl":
			if k.Paired || k.Blocked {
				t.Errorf("%+v", k)
			}
		}
	}
	y.want(exitFailed, "unpair", "emil").says(t, "no device called emil is known", "neighbours --all")
	y.want(exitFailed, "block", "self").says(t, "this device itself")
	y.want(exitFailed, "block", controltest.ID("self").String()).says(t, "this device itself")
	y.want(exitFailed, "block", controltest.ID("emil").String()).says(t, "no device called")
	s.Fail("unpair", sharing.ErrNotFound)
	y.want(exitFailed, "unpair", "anna").says(t, "anna is not verified")
}

func TestOtherDevice(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	o := offer("Photos")
	o.Twin = true
	s.Change(func(s *sharing.Snapshot) {
		s.Neighbours[0].Twin = true
		s.Offers = []sharing.Offer{o}
	})
	y := at(t, s.Folder)
	y.want(exitDone, "neighbours").says(t, "other device")
	y.want(exitDone, "offers").says(t, "other device", "not the device you verified")
	if got := (sharing.Pairing{State: sharing.PairingStarting}).Numbers(); got != "" {
		t.Errorf("there is something to compare at the beginning: %s", got)
	}
}
