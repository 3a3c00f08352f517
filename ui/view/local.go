package view

import (
	"path/filepath"
	"slices"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

const (
	// holdTime is how long something dropped on a card can be taken back before
	// anything leaves this device.
	holdTime = 2 * time.Second

	// noticeTime is how long a notice that needs no answer stays.
	noticeTime = 8 * time.Second

	// undoTime is how long a block can be undone in one click.
	undoTime = 10 * time.Second
)

// A Basket is what is to be sent.
type Basket struct {
	Paths []string
	Text  string // a message; never together with paths
}

// Empty reports whether there is nothing to be sent.
func (b Basket) Empty() bool { return len(b.Paths) == 0 && b.Text == "" }

// with is the basket with more paths. What lies in it already is given once, whatever
// way to it was written.
func (b Basket) with(more []string) Basket {
	all := Basket{Text: b.Text}
	for _, path := range slices.Concat(b.Paths, more) {
		same := func(other string) bool { return filepath.Clean(other) == filepath.Clean(path) }
		if !slices.ContainsFunc(all.Paths, same) {
			all.Paths = append(all.Paths, path)
		}
	}
	return all
}

// A Weight is how much some paths come to. It is found out while the person looks
// for whom they are for.
type Weight struct {
	Paths []string
	Known bool
	sharing.Amount
}

// Heavy returns the paths whose weight is shown: those held back last, else those
// that somebody is being chosen for.
func (l *Local) Heavy() []string {
	if n := len(l.Holds); n > 0 {
		return l.Holds[n-1].Paths
	}
	return l.Basket.Paths
}

// A Hold is what will be offered unless it is taken back in time.
type Hold struct {
	Basket
	To    []identity.ID
	Names []string
	Until time.Time
	Again string // the share that is offered once more; "" for one that was not yet
}

// Local is what the window knows and the engine does not. Its methods return
// what has to be told to the engine. A Local may be copied: no method changes what
// another copy sees.
type Local struct {
	Starting bool
	Broken   string // why there is no engine, in a sentence
	Began    time.Time
	Page     Page
	Back     Page // where a page that is closed leads to
	Wide     bool // there is room for the panel
	Roomy    bool // the details of a transfer stand beside the list
	Aiming   bool // the pointer, or what is dragged, is over a card: none may move

	Basket   Basket
	Weight   Weight // of what is to be sent
	Choosing bool   // the basket waits for somebody to be chosen
	Ticked   []identity.ID
	Holds    []Hold // the latest last
	Notice   Notice // set by Tell, or in place of what is there
	Question Question
	Damaged  []string // what of Potluck's own was found so, to be told one by one

	Later     []sharing.ShareID // offers put off
	Aside     []string          // messages that do not stand in place of the cards where there is room for one of both
	Accepting []sharing.ShareID // offers that were said yes to, and the engine is at it
	Preparing []Parcel          // is gone through, before it can be offered
	Checked   *sharing.Verified // what the last check of something received found
	Into      map[sharing.ShareID]string
	Room      Room   // in these folders
	Look      string // offer that is looked into
	Tree      *Tree  // of that offer; nil until it is here
	Shown     string // transfer whose details are shown
	Picks     map[sharing.ShareID]Picks
	Search    string // in the history
	Sought    string // what is searched for inside an offer, once what was found is shown
	Picking   *Picking
	Link      string // that leads others to this device; "" until it is known
	With      identity.ID
	Reaching  string    // address that is being connected to
	Unreached string    // why that came to nothing, in a sentence
	Asking    bool      // that device is asked to verify, and its answer is not here yet
	Cleared   time.Time // transfers that ended before are not shown as news
	Home      string    // the person's home folder, to shorten paths

	untold []Notice // that wait for the one shown to be read
}

// Go turns to a page.
func (l *Local) Go(p Page) {
	if l.Page < Inside {
		l.Back = l.Page
	}
	l.Page = p
	l.Question = Question{}
}

// Leave closes what is in front: a question, a choice, a page. It is what Esc
// does. It reports whether there was something to close.
func (l *Local) Leave(now time.Time, w Words) bool {
	switch {
	case l.Question.Text != "":
		l.Question = Question{}
	case len(l.Holds) > 0:
		l.Undo(now, w)
	case l.Page == Pick && l.Picking != nil && l.Picking.Naming:
		l.Picking = l.Picking.Name(false)
	case l.Page == Pick:
		l.Picked()
	case l.Page >= Inside:
		l.Page = l.Back
	case l.Choosing:
		l.Cancel()
	case len(l.Ticked) > 0:
		l.Ticked = nil
	case l.Notice.at(now).Text != "":
		l.Notice = Notice{}
	case len(l.Damaged) > 0:
		l.Damaged = l.Damaged[1:]
	default:
		return false
	}
	return true
}

// Tick ticks somebody, or takes the tick away.
func (l *Local) Tick(id identity.ID) {
	if i := slices.Index(l.Ticked, id); i >= 0 {
		l.Ticked = slices.Concat(l.Ticked[:i], l.Ticked[i+1:])
		return
	}
	l.Ticked = append(slices.Clone(l.Ticked), id)
}

// TickCard ticks the person of a card, or takes the tick away. Nothing is sent to an
// other device, as after a drop on it: it is said why, and it cannot be ticked. It
// reports whether something can be sent to that person.
func (l *Local) TickCard(id identity.ID, s sharing.Snapshot, now time.Time, w Words) bool {
	if n, _ := neighbourOf(s, id); n.Twin {
		l.Notice = Notice{
			Tone: Bad, Until: now.Add(noticeTime), Button: w.L("Verify together…"), Do: VerifyDevice, Ref: id.String(),
			Text: twinText(w),
		}
		return false
	}
	l.Tick(id)
	return true
}

// SelectAll ticks all that is in front: everybody to whom something can be sent, or
// the files of a folder; on other pages nothing.
func (l *Local) SelectAll(s sharing.Snapshot) {
	switch {
	case l.Page == Pick && l.Picking != nil:
		l.Picking = l.Picking.TickAll()
	case l.Page == Nearby:
		l.tickAll(s)
	}
}

func (l *Local) tickAll(s sharing.Snapshot) {
	l.Ticked = nil
	for _, n := range s.Neighbours {
		if !n.Twin {
			l.Ticked = append(l.Ticked, n.ID)
		}
	}
}

// Choose asks whom something is for, beside what there is already.
func (l *Local) Choose(b Basket) {
	switch {
	case b.Empty():
		return
	case b.Text != "":
		l.Basket = b
	default:
		l.Basket = l.Basket.with(b.Paths)
	}
	l.dealtWith()
	l.Choosing = true
	l.Go(Nearby)
}

// Cancel gives up the choice.
func (l *Local) Cancel() {
	l.Basket, l.Choosing, l.Ticked = Basket{}, false, nil
}

// Send sends the basket to the ticked ones: the button is the confirmation, and
// nothing is held back. It returns what to send, to nobody if nothing can be sent.
func (l *Local) Send(s sharing.Snapshot, now time.Time) Hold {
	h := Hold{Basket: l.Basket, To: l.here(s), Until: now}
	if len(h.To) == 0 || h.Empty() {
		return Hold{}
	}
	l.Cancel()
	l.dealtWith()
	return h
}

// here returns the ticked ones who are here and to whom something can be sent.
func (l *Local) here(s sharing.Snapshot) []identity.ID {
	var list []identity.ID
	for _, id := range l.Ticked {
		if n, ok := neighbourOf(s, id); ok && !n.Twin {
			list = append(list, id)
		}
	}
	return list
}

// Return lets the person go on with what could not be sent because of one path: with
// the others, for the same people. What is being chosen by now stays as it is.
func (l *Local) Return(h Hold, without string) {
	rest := slices.DeleteFunc(slices.Clone(h.Paths), func(path string) bool { return filepath.Clean(path) == without })
	if l.Choosing || len(rest) == 0 || len(rest) == len(h.Paths) {
		return
	}
	l.Choose(Basket{Paths: rest})
	l.Ticked = slices.Clone(h.To)
}

// hold keeps something back for the moment in which it can be undone.
func (l *Local) hold(b Basket, to []identity.ID, s sharing.Snapshot, now time.Time, w Words) {
	h := Hold{Basket: b, To: to, Until: now.Add(holdTime)}
	shared := namesakesIn(s)
	for _, id := range to {
		n, _ := neighbourOf(s, id)
		h.Names = append(h.Names, shared.tell(id, name(called(n), w)))
	}
	l.Holds = append(slices.Clone(l.Holds), h)
	l.dealtWith()
	l.Ticked = nil
	l.Go(Nearby)
}

// Due returns what need not be held back any longer.
func (l *Local) Due(now time.Time) []Hold {
	var due []Hold
	for len(l.Holds) > 0 && !l.Holds[0].Until.After(now) {
		due = append(due, l.Holds[0])
		l.Holds = l.Holds[1:]
	}
	return due
}

// Undo takes back what is held back. It reports whether there was something.
func (l *Local) Undo(now time.Time, w Words) bool {
	n := len(l.Holds)
	if n == 0 {
		return false
	}
	h := l.Holds[n-1]
	l.Holds = l.Holds[:n-1]
	text := w.N("Taken back. {{.N}} people saw nothing.", len(h.Names))
	if len(h.Names) == 1 {
		text = w.L("Taken back. {{.Name}} saw nothing.", "Name", isolate+h.Names[0]+endIsolate)
	}
	l.Notice = Notice{Tone: Active, Text: text, Until: now.Add(noticeTime)}
	return true
}

// A Parcel is something that is gone through before it can be offered.
type Parcel struct {
	Number int // tells it from others
	Hold
}

// Pack notes that something is being gone through.
func (l *Local) Pack(p Parcel) { l.Preparing = append(slices.Clone(l.Preparing), p) }

// Packed notes that it is not any more.
func (l *Local) Packed(number int) {
	l.Preparing = slices.DeleteFunc(slices.Clone(l.Preparing), func(p Parcel) bool { return p.Number == number })
}

// Accept notes that an offer was said yes to. It reports false if it was before.
func (l *Local) Accept(id sharing.ShareID) bool {
	if slices.Contains(l.Accepting, id) {
		return false
	}
	l.Accepting = append(slices.Clone(l.Accepting), id)
	return true
}

// Accepted notes that the engine has taken that in, or refused it.
func (l *Local) Accepted(id sharing.ShareID) {
	l.Accepting = slices.DeleteFunc(slices.Clone(l.Accepting), func(other sharing.ShareID) bool { return other == id })
}

// Room is what is known of how many bytes are free in folders; below 0 where that cannot be
// told.
type Room map[string]int64

// RoomAge is how old what is known of the room in a folder may be, while an offer waits that
// is to go there.
const RoomAge = 3 * time.Second

// in returns what is free in a folder; below 0 while that is not known. Then it is checked
// before yes.
func (r Room) in(folder string) int64 {
	if free, known := r[folder]; known {
		return free
	}
	return -1
}

// PutOff keeps an offer for later.
func (l *Local) PutOff(id sharing.ShareID) {
	if !slices.Contains(l.Later, id) {
		l.Later = append(slices.Clone(l.Later), id)
	}
}

// PutAside has the cards be seen in place of the messages that there are.
func (l *Local) PutAside(s sharing.Snapshot) {
	l.Aside = nil
	for _, m := range s.Messages {
		l.Aside = append(l.Aside, m.ID)
	}
}

// Recall shows an offer that was put off again.
func (l *Local) Recall(id sharing.ShareID) {
	l.Later = slices.DeleteFunc(slices.Clone(l.Later), func(other sharing.ShareID) bool { return other == id })
}

// called returns what a neighbour is called here.
func called(n sharing.Neighbour) string {
	if n.Alias != "" {
		return n.Alias
	}
	return n.Name
}

func neighbourOf(s sharing.Snapshot, id identity.ID) (sharing.Neighbour, bool) {
	i := slices.IndexFunc(s.Neighbours, func(n sharing.Neighbour) bool { return n.ID == id })
	if i < 0 {
		return sharing.Neighbour{}, false
	}
	return s.Neighbours[i], true
}

func knownOf(s sharing.Snapshot, id identity.ID) (sharing.KnownDevice, bool) {
	i := slices.IndexFunc(s.Known, func(k sharing.KnownDevice) bool { return k.ID == id })
	if i < 0 {
		return sharing.KnownDevice{}, false
	}
	return s.Known[i], true
}
