package pairing

import (
	"crypto/rand"
	"errors"
	"testing"

	"potluck/sharing/identity"
)

func fresh() (b [Size]byte) {
	rand.Read(b[:])
	return b
}

// pair returns two honest sides of one try.
func pair() (leader, follower *Handshake) {
	a, b, secret, try := identity.ID(fresh()), identity.ID(fresh()), fresh(), NewTry()
	return New(Leader, Setting{try, a, b, secret}), New(Follower, Setting{try, b, a, secret})
}

// number is Number, for sides that may tell it.
func number(t *testing.T, h *Handshake) [Size]byte {
	t.Helper()
	n, err := h.Number()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// through lets two sides say all, each to the other, and returns what they show.
func through(t *testing.T, leader, follower *Handshake) (a, b [Places]int) {
	t.Helper()
	for range 2 { // to repeat changes nothing
		for _, err := range []error{
			follower.HearCommitment(leader.Commitment()),
			leader.HearCommitment(follower.Commitment()),
			follower.HearNumber(number(t, leader)),
			leader.HearNumber(number(t, follower)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	a, err := leader.Dishes()
	if err != nil {
		t.Fatal(err)
	}
	if b, err = follower.Dishes(); err != nil {
		t.Fatal(err)
	}
	return a, b
}

func TestBothShowTheSame(t *testing.T) {
	seen := make(map[[Places]int]bool)
	for range 100 {
		leader, follower := pair()
		a, b := through(t, leader, follower)
		if a != b {
			t.Fatalf("%v and %v", a, b)
		}
		for _, dish := range a {
			if dish < 0 || dish >= Kinds {
				t.Errorf("dish %d", dish)
			}
		}
		if seen[a] {
			t.Errorf("%v again", a)
		}
		seen[a] = true
	}
}

// What is shown depends on everything that makes this try what it is.
func TestDishesDependOnAll(t *testing.T) {
	setting := Setting{NewTry(), identity.ID{1}, identity.ID{2}, fresh()}
	base := &Handshake{s: setting, role: Leader, number: fresh(), revealed: true, their: fresh()}
	want, _ := base.Dishes()
	for name, change := range map[string]func(*Handshake){
		"try":             func(h *Handshake) { h.s.Try[0]++ },
		"leader":          func(h *Handshake) { h.s.Self[31]++ },
		"follower":        func(h *Handshake) { h.s.Peer[31]++ },
		"secret":          func(h *Handshake) { h.s.Secret[0]++ },
		"leader's number": func(h *Handshake) { h.number[31]++ },
		"other number":    func(h *Handshake) { h.their[31]++ },
		"roles":           func(h *Handshake) { h.role = Follower },
	} {
		other := *base
		change(&other)
		if got, err := other.Dishes(); err != nil || got == want {
			t.Errorf("%s changed nothing", name)
		}
	}
}

// Somebody in between who does all by the rules shows different dishes on the two
// screens: the two sessions have other keys, secrets and numbers.
func TestSomebodyInBetweenIsSeen(t *testing.T) {
	for range 50 {
		annas, toAnna := pair()
		toBen, bens := pair()
		a, _ := through(t, annas, toAnna)
		_, b := through(t, toBen, bens)
		if a == b {
			t.Fatal("both screens show the same")
		}
	}
}

// Whoever passes on what the others say breaks the handshake: a commitment is for
// one session and one side.
func TestPassingOnBreaks(t *testing.T) {
	try, a, b, m := NewTry(), identity.ID{1}, identity.ID{2}, identity.ID{3}
	secretA, secretB := fresh(), fresh()
	for name, bens := range map[string]Setting{
		"another secret":          {try, b, a, secretB},
		"another key":             {try, b, m, secretA},
		"another key and secret":  {try, b, m, secretB},
		"another try":             {NewTry(), b, a, secretA},
		"the other's ID for ours": {try, a, b, secretA},
	} {
		anna := New(Leader, Setting{try, a, b, secretA})
		ben := New(Follower, bens)
		if err := errors.Join(ben.HearCommitment(anna.Commitment()), anna.HearCommitment(ben.Commitment())); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := ben.HearNumber(number(t, anna)); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: the follower heard the number: %v", name, err)
		}
		if n, err := ben.Number(); !errors.Is(err, ErrBroken) || n != ([Size]byte{}) {
			t.Errorf("%s: the follower told its own: %v", name, err)
		}
		if _, err := ben.Dishes(); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: the follower shows something: %v", name, err)
		}
	}
}

// Nobody gets a number before being committed.
func TestNumberIsNotToldEarly(t *testing.T) {
	leader, follower := pair()
	for name, h := range map[string]*Handshake{"leader": leader, "follower": follower} {
		if n, err := h.Number(); !errors.Is(err, ErrEarly) || n != ([Size]byte{}) {
			t.Errorf("the %s told its number at once: %v", name, err)
		}
		if _, err := h.Dishes(); !errors.Is(err, ErrEarly) {
			t.Errorf("the %s shows something at once: %v", name, err)
		}
	}
	if err := follower.HearCommitment(leader.Commitment()); err != nil {
		t.Fatal(err)
	}
	if _, err := follower.Number(); !errors.Is(err, ErrEarly) {
		t.Errorf("the follower told its number before it knew the leader's: %v", err)
	}
	if err := leader.HearCommitment(follower.Commitment()); err != nil {
		t.Fatal(err)
	}
	if _, err := leader.Dishes(); !errors.Is(err, ErrEarly) {
		t.Errorf("the leader shows something before it knows the other number: %v", err)
	}
}

func TestRulesAreKept(t *testing.T) {
	for name, do := range map[string]func(leader, follower *Handshake) error{
		"a number before the commitment": func(leader, follower *Handshake) error {
			return leader.HearNumber(follower.number)
		},
		"a second commitment": func(leader, follower *Handshake) error {
			if err := leader.HearCommitment(follower.Commitment()); err != nil {
				return err
			}
			return leader.HearCommitment(fresh())
		},
		"a number that does not fit": func(leader, follower *Handshake) error {
			if err := leader.HearCommitment(follower.Commitment()); err != nil {
				return err
			}
			return leader.HearNumber(fresh())
		},
		"our own commitment sent back": func(leader, _ *Handshake) error {
			return leader.HearCommitment(leader.Commitment())
		},
		"our own number as the other's": func(leader, follower *Handshake) error {
			if err := leader.HearCommitment(follower.Commitment()); err != nil {
				return err
			}
			return leader.HearNumber(leader.number)
		},
		"a commitment to our own number": func(leader, follower *Handshake) error {
			// The other side does not know it before it is committed. If it
			// did, it would be another side all the same.
			if err := leader.HearCommitment(leader.commit(Leader, follower.number)); err != nil {
				return err
			}
			return leader.HearNumber(follower.number)
		},
		"another number after the first": func(leader, follower *Handshake) error {
			for _, err := range []error{
				leader.HearCommitment(follower.Commitment()), leader.HearNumber(follower.number),
			} {
				if err != nil {
					return err
				}
			}
			return leader.HearNumber(fresh())
		},
	} {
		leader, follower := pair()
		if err := do(leader, follower); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
		}
		// And there is no way back.
		if err := leader.HearCommitment(follower.Commitment()); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: it went on: %v", name, err)
		}
		if _, err := leader.Dishes(); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: it shows something: %v", name, err)
		}
		if _, err := leader.Number(); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: it tells its number: %v", name, err)
		}
	}
}

// A try of before is of no use in the next: the numbers are new.
func TestReplay(t *testing.T) {
	setting := Setting{NewTry(), identity.ID{1}, identity.ID{2}, fresh()}
	back := setting
	back.Self, back.Peer = setting.Peer, setting.Self
	first, follower := New(Leader, setting), New(Follower, back)
	through(t, first, follower)

	again := New(Follower, back)
	if err := again.HearCommitment(first.Commitment()); err != nil {
		t.Fatal(err)
	}
	if err := again.HearNumber(first.number); err != nil {
		t.Fatal(err)
	}
	old, _ := follower.Dishes()
	if now, err := again.Dishes(); err != nil || now == old {
		t.Errorf("the try of before shows the same again: %v", err)
	}
}
