package spread_test

import (
	"slices"
	"testing"
	"time"

	"potluck/sharing/spread"
)

var start = time.Unix(1_000_000, 0)

func plan(pieces int) *spread.Plan[string] {
	p := spread.New[string](pieces, 16<<20) // large ones, so that windows are small
	for i := range pieces {
		p.Here(i)
	}
	return p
}

func TestOneTakerIsToldInOrderAndNotFarAhead(t *testing.T) {
	p := spread.New[string](100, 256<<10)
	for i := range 100 {
		p.Here(i)
	}
	p.Join("a", spread.Whole)
	told := p.Next("a", start)
	if len(told) != 6 || told[0] != 0 || !slices.IsSorted(told) {
		t.Errorf("told of %v", told)
	}
	if got := p.Next("a", start); got != nil {
		t.Errorf("told of %v before anything has arrived", got)
	}
	p.Have("a", 3, start)
	if got := p.Next("a", start); !slices.Equal(got, []int{len(told)}) {
		t.Errorf("told of %v when one has arrived", got)
	}
}

func TestEachPieceGoesToOneTakerFirst(t *testing.T) {
	p := plan(100)
	p.Join("a", spread.Whole)
	p.Join("b", spread.Whole)
	a, b := p.Next("a", start), p.Next("b", start)
	if !slices.Equal(a, []int{0, 1}) || !slices.Equal(b, []int{2, 3}) {
		t.Errorf("told a of %v and b of %v", a, b)
	}
	p.Have("a", 1, start)
	if got := p.Next("a", start); !slices.Equal(got, []int{4}) {
		t.Errorf("told a of %v next", got)
	}
}

func TestWhatIsHashedLaterIsToldLater(t *testing.T) {
	p := spread.New[string](4, 16<<20)
	p.Join("a", spread.Whole)
	p.Join("b", spread.Whole)
	p.Here(0)
	if got := p.Next("a", start); !slices.Equal(got, []int{0}) {
		t.Fatalf("told a of %v", got)
	}
	p.Here(1, 2)
	if got := p.Next("b", start); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("told b of %v", got)
	}
}

func TestAPieceThatIsLateGoesToAnother(t *testing.T) {
	p := plan(2)
	p.Join("a", spread.Whole)
	p.Next("a", start) // both
	p.Join("b", spread.Whole)
	if got := p.Next("b", start); len(got) != 2 {
		t.Fatalf("the rarest are told all the same, not %v", got)
	}
	p = plan(100)
	p.Join("a", spread.Whole)
	p.Join("b", spread.Whole)
	p.Next("a", start) // 0, 1
	p.Next("b", start) // 2, 3
	p.Have("b", 2, start)
	p.Have("b", 3, start)
	soon := start.Add(3 * time.Second)
	if got := p.Next("a", soon); !slices.Equal(got, []int{4, 5}) {
		t.Errorf("a, late, is told of %v", got)
	}
	got := p.Next("b", soon)
	slices.Sort(got)
	if !slices.Equal(got, []int{0, 1}) {
		t.Errorf("b is told of %v instead of what a is late with", got)
	}
}

func TestALeaverGivesBackItsClaims(t *testing.T) {
	p := plan(100)
	p.Join("a", spread.Whole)
	p.Join("b", spread.Whole)
	p.Next("a", start)
	p.Have("a", 0, start)
	p.Leave("a")
	p.Join("c", spread.Whole)
	if got := p.Next("c", start); !slices.Equal(got, []int{1, 0}) && !slices.Equal(got, []int{0, 1}) {
		t.Errorf("told c of %v instead of what left", got)
	}
}

func TestWhoWantsAPartIsToldEverything(t *testing.T) {
	p := plan(50)
	p.Join("a", spread.Part)
	p.Join("b", spread.Whole)
	if got := p.Next("a", start); len(got) != 50 {
		t.Errorf("told of %d pieces", len(got))
	}
}

func TestFree(t *testing.T) {
	p := plan(2)
	for _, k := range []string{"a", "b", "c"} {
		p.Join(k, spread.Whole)
	}
	p.Have("a", 0, start)
	p.Have("b", 1, start)
	fellow := func(key string, done bool, with ...int) spread.Fellow[string] {
		return spread.Fellow[string]{Key: key, Done: done, With: with}
	}
	for _, c := range []struct {
		name    string
		fellows []spread.Fellow[string]
		free    bool
	}{
		{"connected", []spread.Fellow[string]{fellow("a", false, 1), fellow("b", false), fellow("c", false, 1)}, true},
		{"one apart", []spread.Fellow[string]{fellow("a", false, 1), fellow("b", false), fellow("c", false)}, false},
		{"one apart and done", []spread.Fellow[string]{fellow("a", false, 1), fellow("b", false), fellow("c", true)}, true},
		{"one that has all", []spread.Fellow[string]{fellow("a", false, 1), {Done: true, All: true}}, true},
		{"one that has all and is apart", []spread.Fellow[string]{fellow("a", false), {Done: true, All: true}}, false},
		{"not connected", []spread.Fellow[string]{fellow("a", false), fellow("b", false)}, false},
		{"one of no connection here", []spread.Fellow[string]{fellow("a", false, 1), fellow("b", false), fellow("", false, 0)}, true},
		{"impossible neighbours", []spread.Fellow[string]{fellow("a", false, -1, 7), fellow("b", false, 2)}, false},
	} {
		if got := p.Free(c.fellows); got != c.free {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
