package hashlist

import (
	"errors"
	"testing"

	"potluck/sharing/identity"
)

// TestAmendmentsAreBounded begins near the bound: a signature for each
// amendment up to there would take minutes.
func TestAmendmentsAreBounded(t *testing.T) {
	anna, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	sharer, taker := New(Hash{}, 1, anna.Public()), New(Hash{}, 1, anna.Public())
	for _, l := range []*List{sharer, taker} {
		l.amendments = make([]Amendment, spareAmendments+1)
	}
	last, err := sharer.Amend(anna, 0, Hash{1})
	if err != nil {
		t.Fatal(err)
	}
	if err := taker.AddAmendment(last); err != nil {
		t.Fatal(err)
	}
	if _, err := sharer.Amend(anna, 0, Hash{2}); !errors.Is(err, ErrTooMany) {
		t.Errorf("got %v", err)
	}
	beyond := Amendment{Seq: last.Seq + 1, Hash: Hash{2}}
	beyond.Sig = anna.Sign(amendmentPurpose, beyond.message(Hash{}))
	if err := taker.AddAmendment(beyond); !errors.Is(err, ErrTooMany) {
		t.Errorf("got %v", err)
	}
	if got := sharer.Amendments(0); len(got) != maxAmended {
		t.Errorf("%d at once", len(got))
	}
}

// TestSignaturesAreForOneThing shows that a run is signed for another purpose
// than an amendment.
func TestSignaturesAreForOneThing(t *testing.T) {
	anna, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	l := New(Hash{}, 1, anna.Public())
	r := Run{Hashes: []Hash{{1}}}
	r.Sig = anna.Sign(amendmentPurpose, r.message(Hash{}))
	a := Amendment{Seq: 1, Hash: Hash{1}}
	a.Sig = anna.Sign(runPurpose, a.message(Hash{}))
	if err := l.Add(r); !errors.Is(err, ErrForged) {
		t.Errorf("run: %v", err)
	}
	if err := l.AddAmendment(a); !errors.Is(err, ErrForged) {
		t.Errorf("amendment: %v", err)
	}
}
