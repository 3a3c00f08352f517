package sharing

import (
	"maps"
	"slices"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// A Slowest says what a transfer waits for most just now, as far as that has been
// measured.
type Slowest string

// What can be slowest.
const (
	SlowestUnknown      Slowest = ""             // nothing has been measured that says so
	SlowestNetwork      Slowest = "network"      // the way between the devices
	SlowestThisDisk     Slowest = "thisDisk"     // reading or writing here
	SlowestTheirDisk    Slowest = "theirDisk"    // reading or writing there, as it says itself
	SlowestThisComputer Slowest = "thisComputer" // hashing and what else there is to compute here
	SlowestOtherSide    Slowest = "otherSide"    // what else the other device says of itself, such as a limit there
	SlowestLimit        Slowest = "limit"        // the limit that the person here has set
)

// A slowWord is what a device says of itself: what it waits for, so that the
// other one can tell its own part from that.
type slowWord string

const (
	slowUnknown  slowWord = ""
	slowDisk     slowWord = "disk"
	slowComputer slowWord = "computer"
	slowLimit    slowWord = "limit"
	slowNetwork  slowWord = "network" // only a sharer can tell: the network takes no more
	slowWaits    slowWord = "waits"   // nothing here is slow: a taker waits for bytes, a sharer to be asked for more
)

const (
	// gaugeEvery is how far apart two readings are that are compared.
	gaugeEvery = time.Second

	// gaugeFor is how long a verdict counts if nothing is heard any more.
	gaugeFor = 6 * gaugeEvery
)

// readings are for how much of the time something was going on.
type readings struct {
	disk    time.Duration // reading or writing files
	hashing time.Duration
	waiting time.Duration // a taker: for bytes to come
	writing time.Duration // a sharer: for the network to take bytes
	sending time.Duration // a sharer: for that, and encrypting
	crypto  time.Duration // a sharer: encrypting for all takers together; may be more than the time that passed
	held    time.Duration // for the limit set here
}

// follow reports whether r can have been read after before, from the same meters.
func (r readings) follow(before readings) bool {
	return r.disk >= before.disk && r.hashing >= before.hashing && r.waiting >= before.waiting &&
		r.writing >= before.writing && r.sending >= before.sending && r.crypto >= before.crypto && r.held >= before.held
}

// parts are readings as parts of the time that passed between two of them.
type parts struct{ disk, hashing, waiting, writing, sending, crypto, held float64 }

// A gauge finds out what a transfer with one device waits for. It is not safe for
// concurrent use.
type gauge struct {
	at     time.Time // of the last reading that was compared
	done   int64
	last   readings
	word   slowWord // what was found here
	found  time.Time
	doubt  bool     // the last comparison said nothing, and word is from before
	theirs slowWord // what the other device says of itself
	said   time.Time
}

// heard takes down what the other device says of itself. What this version does
// not know says nothing.
func (g *gauge) heard(now time.Time, word slowWord) {
	switch word {
	case slowDisk, slowComputer, slowLimit, slowNetwork, slowWaits:
	default:
		word = slowUnknown
	}
	g.theirs, g.said = word, now
}

// rest says that nothing is to move now: what was measured before does not count
// for what comes after.
func (g *gauge) rest() { *g = gauge{} }

// note takes a reading, and once in a while has it judged against the last one. A
// time in which nothing moved says nothing, unless a limit kept it from moving, and nor
// does one in which two things kept each other busy; but a single one of those does not
// undo what was found before.
func (g *gauge) note(now time.Time, done int64, r readings, judge func(parts) slowWord) {
	passed, moved := now.Sub(g.at), done > g.done
	early := passed < gaugeEvery || !moved && passed < 2*gaugeEvery
	if !g.at.IsZero() && early && done >= g.done {
		return
	}
	before, fresh := g.last, !g.at.IsZero() && passed < gaugeFor && r.follow(g.last)
	g.at, g.done, g.last, g.found = now, done, r, now
	if !fresh {
		g.word, g.doubt = slowUnknown, false
		return
	}
	part := func(now, before time.Duration) float64 { return float64(now-before) / float64(passed) }
	word := judge(parts{
		disk: part(r.disk, before.disk), hashing: part(r.hashing, before.hashing), waiting: part(r.waiting, before.waiting),
		writing: part(r.writing, before.writing), sending: part(r.sending, before.sending), crypto: part(r.crypto, before.crypto),
		held: part(r.held, before.held),
	})
	if !moved && word != slowLimit {
		g.word, g.doubt = slowUnknown, false
		return
	}
	if word == slowUnknown && g.word != slowUnknown && !g.doubt {
		g.doubt = true
		return
	}
	g.word, g.doubt = word, false
}

// slowest is the verdict at the time now.
func (g *gauge) slowest(now time.Time) Slowest {
	ours, theirs := g.word, g.theirs
	if now.Sub(g.found) > gaugeFor {
		return SlowestUnknown
	}
	if now.Sub(g.said) > gaugeFor {
		theirs = slowUnknown
	}
	switch ours {
	case slowLimit:
		return SlowestLimit
	case slowDisk:
		return SlowestThisDisk
	case slowComputer:
		return SlowestThisComputer
	}
	switch {
	case theirs == slowDisk:
		return SlowestTheirDisk
	case theirs == slowComputer, theirs == slowLimit:
		return SlowestOtherSide
	case theirs == slowNetwork, ours == slowNetwork:
		return SlowestNetwork
	case theirs == slowWaits && ours == slowWaits: // for each other: what is between them is slow
		return SlowestNetwork
	}
	return SlowestUnknown
}

// slowest is the verdict of the sharer at the time now. What a taker says is slow with itself
// is: a limit here only holds the bursts in which bytes leave when the buffers between
// the two have room again.
func (t *taker) slowest(now time.Time) Slowest {
	g := t.gauge
	switch g.theirs {
	case slowDisk, slowComputer, slowLimit:
		if g.word == slowLimit && now.Sub(g.said) <= gaugeFor {
			g.word = slowUnknown
		}
	}
	return g.slowest(now)
}

// judgeReceiving says what a taker waits for. If it is bytes most of the time, it is
// not the taker that is slow.
func judgeReceiving(p parts) slowWord {
	switch {
	case p.held >= 0.4:
		return slowLimit
	case p.disk >= 0.75:
		return slowDisk
	case p.waiting >= 0.6 && p.disk < 0.4:
		return slowWaits
	case p.waiting >= 0.3:
		return slowUnknown
	case p.disk >= 0.3 && p.disk > p.hashing:
		return slowDisk
	}
	return slowComputer
}

// judgeSending says what a sharer waits for. behind is whether the taker has all
// that is hashed so far, though that is not all. A slow network need not keep it from
// writing: all that a taker asks for ahead may fit into the buffers of the system.
func judgeSending(p parts, behind bool) slowWord {
	switch {
	case p.held >= 0.4:
		return slowLimit
	case p.disk >= 0.6:
		return slowDisk
	case p.writing >= 0.5:
		return slowNetwork
	case behind, p.sending >= 0.6:
		return slowComputer
	case p.disk+p.crypto < 0.4:
		return slowWaits
	}
	return slowUnknown
}

// judgeLocked returns how to judge what serving a taker waits for.
func (o *outgoing) judgeLocked(t *taker) func(parts) slowWord {
	hashed := int64(o.hashed) * hashlist.PieceLength(o.pieces.length)
	behind := hashed < o.pieces.length && t.done+4*hashlist.PieceLength(o.pieces.length) > hashed
	return func(p parts) slowWord { return judgeSending(p, behind) }
}

// readings are taken of what serving a taker has waited for so far.
func (o *outgoing) readings(id identity.ID, now time.Time) readings {
	o.d.mu.Lock()
	torrent := o.torrent
	takers := slices.Collect(maps.Keys(o.takers))
	o.d.mu.Unlock()
	if torrent == nil || o.source == nil {
		return readings{}
	}
	w := torrent.Waits(id, now)
	r := readings{disk: o.source.Reading(now), writing: w.Writing, sending: w.Sending, held: w.Held}
	for _, taker := range takers {
		w := torrent.Waits(taker, now)
		r.crypto += max(w.Sending-w.Writing, 0)
	}
	return r
}

// readings are taken of what the transfer has waited for so far.
func (t *transfer) readings(s swarm.Stats, now time.Time) readings {
	if t.torrent == nil {
		return readings{}
	}
	hashing, writing := t.item.Work(now)
	waiting, held := t.waits.add(t.torrent, s, now)
	return readings{disk: writing, hashing: hashing, waiting: waiting, held: held}
}

// waits adds up what a transfer waits for with all those that it is connected with,
// who may change: for bytes, it waits when everybody keeps it waiting, and when nobody
// is there.
type waits struct {
	at            time.Time
	before        map[identity.ID]swarm.Waits
	reading, held time.Duration
}

// add returns for how long the transfer has waited so far.
func (w *waits) add(torrent *swarm.Torrent, s swarm.Stats, now time.Time) (reading, held time.Duration) {
	latest := make(map[identity.ID]swarm.Waits)
	least, most, first := time.Duration(0), time.Duration(0), true
	for _, p := range s.Peers {
		if !p.Connected {
			continue
		}
		latest[p.ID] = torrent.Waits(p.ID, now)
		before, known := w.before[p.ID]
		if !known {
			continue
		}
		r := latest[p.ID].Reading - before.Reading
		if first || r < least {
			least = r
		}
		most, first = max(most, latest[p.ID].Held-before.Held), false
	}
	if first && !w.at.IsZero() {
		least = now.Sub(w.at)
	}
	w.at, w.before = now, latest
	w.reading += least
	w.held += most
	return w.reading, w.held
}
