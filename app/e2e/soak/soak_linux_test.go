package soak

import (
	"flag"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

var (
	lasts = flag.Duration("lasts", 45*time.Second, "how long new rounds are begun")
	seed  = flag.Uint64("seed", 0, "the seed of all plans; 0 for one that nobody has chosen")
	first = flag.Int("round", 1, "the number of the first round")
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(lab.Main(m, lab.BuildLiar))
}

func TestSoak(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	s := gather(t)
	s.round(0, plan{sharer: 0, takers: []int{1, 2, 3, liar}, size: 1e6}) // what stays open is opened once
	s.settle()
	for round, end := *first, time.Now().Add(*lasts); time.Now().Before(end); round++ {
		p := planOf(*seed, round)
		t.Logf("SEED=%d ROUND=%d: %v", *seed, round, p)
		s.round(round, p)
		s.calm()
	}
}
