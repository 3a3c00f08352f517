package soak

import (
	"slices"
	"testing"
)

// A seed that was found must lead to the same again, on every machine.
func TestPlanIsMadeFromTheSeedAlone(t *testing.T) {
	for seed := range uint64(50) {
		if once, again := planOf(seed, 3).String(), planOf(seed, 3).String(); once != again {
			t.Fatalf("seed %d has two plans: %s; %s", seed, once, again)
		}
	}
	if planOf(1, 1).String() == planOf(2, 1).String() || planOf(1, 1).String() == planOf(1, 2).String() {
		t.Error("other seeds and other rounds have the same plan")
	}
	const want = "anna to mallory, ben, 1 files of 20103489 bytes: 52ms lose mallory; 198ms join cleo; 1.071s cut cleo; " +
		"3.668s join dora; 4.828s find mallory; 5.472s mend cleo"
	if got := planOf(7, 1).String(); got != want {
		t.Errorf("the plan of seed 7 is now %q, not %q: seeds that were found before mean nothing any more", got, want)
	}
}

func TestPlansMakeSense(t *testing.T) {
	seen := make(map[deed]int)
	lies := 0
	for seed := range uint64(500) {
		p := planOf(seed, 1)
		if p.sharer == liar || slices.Contains(p.takers, p.sharer) || len(p.takers) < 2 || p.size < 1 {
			t.Fatalf("seed %d: %v", seed, p)
		}
		if slices.Contains(p.takers, liar) {
			lies++
		}
		for _, who := range p.joined() {
			if slices.Contains(p.takers, who) || who == p.sharer {
				t.Fatalf("seed %d: %s joins what it takes already: %v", seed, names[who], p)
			}
		}
		for _, who := range p.left() {
			if !slices.Contains(p.takers, who) {
				t.Fatalf("seed %d: %s leaves what it does not take: %v", seed, names[who], p)
			}
		}
		for i, s := range p.steps {
			seen[s.do]++
			if i > 0 && s.at < p.steps[i-1].at {
				t.Fatalf("seed %d: not in order: %v", seed, p)
			}
			ends, lasts := undo[s.do]
			if lasts && !slices.ContainsFunc(p.steps[i:], func(l step) bool { return l.do == ends && l.who == s.who }) {
				t.Fatalf("seed %d: %v is never undone: %v", seed, s, p)
			}
		}
	}
	for _, d := range []deed{kill, quit, freeze, cut, lose, move, fill, pause, leave, join} {
		if seen[d] < 50 {
			t.Errorf("of 500 plans only %d have %q", seen[d], d)
		}
	}
	if lies < 100 {
		t.Errorf("the liar takes part in only %d of 500", lies)
	}
}
