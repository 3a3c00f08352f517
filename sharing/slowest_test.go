package sharing

import (
	"testing"
	"time"

	"potluck/sharing/swarm"
)

func TestVerdictOfATaker(t *testing.T) {
	for name, c := range map[string]struct {
		parts
		want slowWord
	}{
		"waits for bytes":        {parts{waiting: 0.9, disk: 0.2, hashing: 0.1}, slowWaits},
		"waits and writes":       {parts{waiting: 0.7, disk: 0.5}, slowUnknown},
		"waits for its limit":    {parts{waiting: 0.1, held: 0.8}, slowLimit},
		"writes all the time":    {parts{waiting: 0.5, disk: 0.9}, slowDisk},
		"mostly writes":          {parts{waiting: 0.1, disk: 0.6, hashing: 0.3}, slowDisk},
		"mostly hashes":          {parts{waiting: 0.1, disk: 0.3, hashing: 0.6}, slowComputer},
		"is busy with the rest":  {parts{waiting: 0.05}, slowComputer},
		"has something of each":  {parts{waiting: 0.4, disk: 0.3, hashing: 0.3}, slowUnknown},
		"limit beats everything": {parts{waiting: 0, disk: 1, hashing: 1, held: 0.5}, slowLimit},
	} {
		if got := judgeReceiving(c.parts); got != c.want {
			t.Errorf("a taker that %s: %q, want %q", name, got, c.want)
		}
	}
}

func TestVerdictOfASharer(t *testing.T) {
	for name, c := range map[string]struct {
		parts
		behind bool
		want   slowWord
	}{
		"cannot write to the network": {parts{writing: 0.8, sending: 0.9, disk: 0.1}, false, slowNetwork},
		"waits for its limit":         {parts{held: 0.9}, false, slowLimit},
		"reads":                       {parts{disk: 0.8, writing: 0.1}, false, slowDisk},
		"encrypts":                    {parts{sending: 0.8, writing: 0.2}, false, slowComputer},
		"has still to hash":           {parts{sending: 0.2, writing: 0.1}, true, slowComputer},
		"has to read to hash":         {parts{disk: 0.9}, true, slowDisk},
		"is not asked":                {parts{sending: 0.2, writing: 0.1, crypto: 0.1}, false, slowWaits},
		"writes now and then":         {parts{sending: 0.4, writing: 0.4, disk: 0.1}, false, slowWaits},
		"has hashed enough":           {parts{sending: 0.1, writing: 0.1, disk: 0.3}, false, slowWaits},
		"reads half of the time":      {parts{sending: 0.1, writing: 0.1, disk: 0.5}, false, slowUnknown},
		"encrypts for many":           {parts{sending: 0.2, writing: 0.1, crypto: 0.9}, false, slowUnknown},
	} {
		if got := judgeSending(c.parts, c.behind); got != c.want {
			t.Errorf("a sharer that %s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSlowestOfBothSides(t *testing.T) {
	for _, c := range []struct {
		ours, theirs slowWord
		want         Slowest
	}{
		{slowUnknown, slowUnknown, SlowestUnknown},
		{slowUnknown, slowNetwork, SlowestNetwork},
		{slowNetwork, slowUnknown, SlowestNetwork},
		{slowWaits, slowWaits, SlowestNetwork},
		{slowWaits, slowNetwork, SlowestNetwork},
		{slowWaits, slowUnknown, SlowestUnknown},
		{slowUnknown, slowWaits, SlowestUnknown},
		{slowWaits, slowLimit, SlowestOtherSide},
		{slowLimit, slowWaits, SlowestLimit},
		{slowNetwork, slowDisk, SlowestTheirDisk},
		{slowUnknown, slowDisk, SlowestTheirDisk},
		{slowUnknown, slowComputer, SlowestOtherSide},
		{slowNetwork, slowLimit, SlowestOtherSide},
		{slowLimit, slowDisk, SlowestLimit},
		{slowDisk, slowNetwork, SlowestThisDisk},
		{slowComputer, slowUnknown, SlowestThisComputer},
		{slowUnknown, "made up", SlowestUnknown},
	} {
		now := time.Unix(1000, 0)
		g := gauge{word: c.ours, found: now}
		g.heard(now, c.theirs)
		if got := g.slowest(now.Add(time.Second)); got != c.want {
			t.Errorf("here %q, there %q: %q, want %q", c.ours, c.theirs, got, c.want)
		}
		if got := g.slowest(now.Add(time.Hour)); got != SlowestUnknown {
			t.Errorf("here %q, there %q: still %q an hour later", c.ours, c.theirs, got)
		}
	}
}

// A sharer's own limit is not what is slow if the taker is.
func TestSlowestForTheSharer(t *testing.T) {
	now := time.Unix(1000, 0)
	for theirs, want := range map[slowWord]Slowest{
		slowWaits: SlowestLimit, slowUnknown: SlowestLimit, slowLimit: SlowestOtherSide, slowComputer: SlowestOtherSide, slowDisk: SlowestTheirDisk,
	} {
		k := taker{gauge: gauge{word: slowLimit, found: now}}
		k.gauge.heard(now, theirs)
		if got := k.slowest(now.Add(time.Second)); got != want {
			t.Errorf("there %q: %q, want %q", theirs, got, want)
		}
		k.gauge.found = now.Add(time.Hour)
		if got := k.slowest(now.Add(time.Hour)); got != SlowestLimit {
			t.Errorf("there %q an hour ago: %q", theirs, got)
		}
	}
}

func TestAGaugeComparesReadings(t *testing.T) {
	var g gauge
	at := func(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }
	judge := func(p parts) slowWord {
		if p.disk > 0.49 && p.disk < 0.51 {
			return slowDisk
		}
		return slowComputer
	}
	disk := func(ms int) readings { return readings{disk: time.Duration(ms) * time.Millisecond} }
	steps := []struct {
		ms   int
		done int64
		readings
		want slowWord
	}{
		{0, 0, disk(0), slowUnknown},
		{300, 10, disk(300), slowUnknown},      // too early
		{2000, 100, disk(1000), slowDisk},      // half of the time
		{2300, 120, disk(1000), slowDisk},      // too early for another
		{4000, 120, disk(1000), slowComputer},  // it had moved by 20 since
		{6000, 120, disk(2000), slowUnknown},   // nothing moved
		{8000, 200, disk(3000), slowDisk},      // it goes on
		{10000, 300, disk(10), slowUnknown},    // another meter
		{12000, 400, disk(1010), slowDisk},     //
		{60000, 500, disk(25010), slowUnknown}, // too long ago to be compared
		{60100, 0, disk(0), slowUnknown},       // begun anew
	}
	for _, s := range steps {
		g.note(at(s.ms), s.done, s.readings, judge)
		if g.word != s.want {
			t.Errorf("at %d ms: %q, want %q", s.ms, g.word, s.want)
		}
	}
}

// One time in which two things kept each other busy does not undo a verdict, and a
// pause does.
func TestAGaugeIsSteady(t *testing.T) {
	var g gauge
	now, done, word := time.Unix(1000, 0), int64(0), slowWaits
	after := func(said slowWord) slowWord {
		now, done, word = now.Add(time.Second), done+10, said
		g.note(now, done, readings{}, func(parts) slowWord { return word })
		return g.word
	}
	after(slowWaits)
	for i, c := range []struct{ said, want slowWord }{
		{slowWaits, slowWaits},
		{slowUnknown, slowWaits},
		{slowWaits, slowWaits},
		{slowUnknown, slowWaits},
		{slowUnknown, slowUnknown},
		{slowWaits, slowWaits},
		{slowDisk, slowDisk},
	} {
		if got := after(c.said); got != c.want {
			t.Errorf("step %d: %q, want %q", i, got, c.want)
		}
	}
	g.heard(now, slowWaits)
	g.rest()
	if got := g.slowest(now); got != SlowestUnknown {
		t.Errorf("%q in a pause", got)
	}
	if got := after(slowDisk); got != slowUnknown {
		t.Errorf("%q right after a pause", got)
	}
}

// With a low limit nothing may move for seconds: it is the limit all the same.
func TestALimitThatLetsNothingPass(t *testing.T) {
	var g gauge
	now := time.Unix(1000, 0)
	g.note(now, 100, readings{}, judgeReceiving)
	for i := 1; i < 5; i++ {
		now = now.Add(2 * time.Second)
		g.note(now, 100, readings{held: time.Duration(i) * 1900 * time.Millisecond}, judgeReceiving)
		if g.word != slowLimit {
			t.Errorf("after %d s: %q", 2*i, g.word)
		}
	}
}

// While nobody is there to give anything, a taker waits, and does not compute.
func TestATakerWithoutAnybodyWaits(t *testing.T) {
	var w waits
	now := time.Unix(1000, 0)
	w.add(nil, swarm.Stats{}, now)
	if reading, held := w.add(nil, swarm.Stats{}, now.Add(3*time.Second)); reading != 3*time.Second || held != 0 {
		t.Errorf("it waited %v, and %v for a limit", reading, held)
	}
}

// What limits a transfer is known on both sides.
func TestALimitIsTheSlowestPart(t *testing.T) {
	for _, side := range []string{"taker", "sharer"} {
		t.Run(side, func(t *testing.T) {
			ben, anna := pair(t, AcceptEveryone)
			at, other := anna, ben
			if side == "taker" {
				anna.limit(0, 1<<20)
			} else {
				at, other = ben, anna
				ben.limit(1<<20, 0)
			}
			send(t, ben, anna, tree(t, t.TempDir(), 60<<20))
			at.until("knowing of its limit", func(s Snapshot) bool {
				return len(s.Transfers) == 1 && s.Transfers[0].Slowest == SlowestLimit
			})
			other.until("hearing of it", func(s Snapshot) bool {
				return len(s.Transfers) == 1 && s.Transfers[0].Slowest == SlowestOtherSide
			})
			at.limit(0, 0)
			next[DeliveredEvent](anna, nil)
			next[DeliveredEvent](ben, nil)
		})
	}
}
