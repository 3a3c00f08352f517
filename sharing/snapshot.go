package sharing

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pairing"
)

// A ShareID names a share: the SHA-256 of the sharer's ID, the share's salt and
// the hash of its manifest. It says nothing about what is shared.
type ShareID [32]byte

// String returns the ID as 64 hexadecimal digits.
func (s ShareID) String() string { return hex.EncodeToString(s[:]) }

// Short returns the first eight digits, enough for people to type.
func (s ShareID) Short() string { return hex.EncodeToString(s[:4]) }

// MarshalText returns the hexadecimal form.
func (s ShareID) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the hexadecimal form.
func (s *ShareID) UnmarshalText(b []byte) error { return decodeHex32(s[:], b) }

// A Snapshot is everything that can be seen of a [Device] at one moment. It
// shares nothing with the device: keep it, change it, hand it on.
type Snapshot struct {
	Self       Self          `json:"self"`
	Neighbours []Neighbour   `json:"neighbours"` // by name, then ID
	Known      []KnownDevice `json:"known"`      // met before, here or not; by name, then ID
	Pairings   []Pairing     `json:"pairings"`   // under way or just ended, by name, then ID
	Offers     []Offer       `json:"offers"`     // waiting for this person's answer, oldest first
	Transfers  []Transfer    `json:"transfers"`  // oldest first; those that ended are at the front
	Messages   []Message     `json:"messages"`   // received and not closed yet, oldest first
}

// Self is this device.
type Self struct {
	ID   identity.ID `json:"id"`
	Name string      `json:"name"`
	Addr string      `json:"addr"` // "host:port" it listens on; empty until it does

	Offline bool `json:"offline,omitempty"` // there is no network on which others could be found
}

// A Neighbour is a device with which there is a session now, so its key is
// proved. What it calls itself is not: Name is its owner's choice, cleaned for
// display.
type Neighbour struct {
	ID      identity.ID `json:"id"`
	Name    string      `json:"name"`
	Alias   string      `json:"alias,omitempty"` // what the person here calls it
	Kind    string      `json:"kind"`            // "laptop", "desktop", "server", "phone" or ""
	Addr    string      `json:"addr"`            // where it can be dialled, "host:port"
	Paired  bool        `json:"paired"`
	Trusted bool        `json:"trusted,omitempty"` // as in KnownDevice
	Twin    bool        `json:"twin,omitempty"`    // goes by the name or alias of a paired device, and is another one
	Since   time.Time   `json:"since"`             // when the session began

	// Lingers says that the device sees this one although the settings say otherwise,
	// until what goes on with it is over.
	Lingers bool `json:"lingers,omitempty"`
}

// A KnownDevice is one that there was a session with, or that was blocked, now or
// before.
type KnownDevice struct {
	ID       identity.ID `json:"id"`
	Name     string      `json:"name"`            // what it calls itself, cleaned
	Alias    string      `json:"alias,omitempty"` // what the person here calls it
	Kind     string      `json:"kind"`            // as in Neighbour
	Paired   bool        `json:"paired"`
	PairedAt time.Time   `json:"pairedAt,omitzero"`
	Trusted  bool        `json:"trusted"` // paired, and its offers are accepted without asking unless there are programs in them
	Blocked  bool        `json:"blocked"`
	Seen     time.Time   `json:"seen"`
	Here     bool        `json:"here"` // there is a session with it
}

// A PairingState is how far two people have come in comparing their screens.
type PairingState string

// The states. The last two are final.
const (
	PairingStarting  PairingState = "starting"  // the devices agree on what to show
	PairingComparing PairingState = "comparing" // this person is to compare
	PairingWaiting   PairingState = "waiting"   // this person said yes, the other has not yet
	PairingDone      PairingState = "done"      // both said yes: the devices are paired
	PairingFailed    PairingState = "failed"    // see Error
)

// Final reports whether nothing more will happen in state s.
func (s PairingState) Final() bool { return s == PairingDone || s == PairingFailed }

// A Pairing is two people making sure that their devices talk to each other, and
// to nobody in between.
type Pairing struct {
	Peer   identity.ID                   `json:"peer"`
	Name   string                        `json:"name"` // the alias where there is one
	State  PairingState                  `json:"state"`
	Dishes [pairing.Places]identity.Dish `json:"dishes"` // to be compared; valid from PairingComparing on
	Ours   bool                          `json:"ours"`   // it was begun here
	Until  time.Time                     `json:"until"`  // when it ends by itself; when it is over, when it is forgotten
	Error  string                        `json:"error,omitempty"`
}

// An Offer is a share that a neighbour offers to this device, unanswered.
type Offer struct {
	Share     ShareID     `json:"share"`
	From      identity.ID `json:"from"`
	FromName  string      `json:"fromName"` // the alias where there is one
	Paired    bool        `json:"paired"`
	Twin      bool        `json:"twin,omitempty"` // as in Neighbour
	Title     string      `json:"title"`          // the top-level names, cleaned for display and shortened
	Files     int         `json:"files"`
	Folders   int         `json:"folders"`
	Bytes     int64       `json:"bytes"`
	Renamed   int         `json:"renamed"` // entries that must arrive under another name here
	Into      string      `json:"into"`    // the download folder it would go to
	Free      int64       `json:"free"`    // bytes free there; -1 if unknown
	At        time.Time   `json:"at"`
	Programs  int         `json:"programs"` // files that can run something when opened
	Connected bool        `json:"connected"`
}

// Numbers returns the dishes as numbers, for somebody who has them as numbers on
// the other screen, and for programs: "7-123-0-959". It is empty before there are
// any.
func (p Pairing) Numbers() string {
	if p.State == PairingStarting || p.State == PairingFailed {
		return ""
	}
	numbers := make([]string, 0, len(p.Dishes))
	for _, dish := range p.Dishes {
		numbers = append(numbers, strconv.Itoa(dish.Index()))
	}
	return strings.Join(numbers, "-")
}

// A Direction says which way a transfer goes.
type Direction string

// The directions.
const (
	Sending   Direction = "sending"
	Receiving Direction = "receiving"
)

// A State is where a transfer is in its life, for one pair of devices.
type State string

// The states. The last five are final.
const (
	Preparing State = "preparing" // the folder is being walked
	Offering  State = "offering"  // not yet seen by the other device
	Waiting   State = "waiting"   // the other person has not answered
	Running   State = "running"
	Paused    State = "paused"    // by a person, here or there: see Peer
	Stuck     State = "stuck"     // something here must be mended first: see Error
	Finishing State = "finishing" // all bytes are here; they are being synced and named
	Delivered State = "delivered" // whole on the receiver's disk, and signed for
	Declined  State = "declined"
	Cancelled State = "cancelled" // by the receiver
	Withdrawn State = "withdrawn" // by the sharer
	Failed    State = "failed"
)

// Final reports whether nothing more will happen in state s.
func (s State) Final() bool {
	switch s {
	case Delivered, Declined, Cancelled, Withdrawn, Failed:
		return true
	}
	return false
}

// A Transfer is one share on its way from or to this device.
//
// To several takers, its State is the first of these that one of them is in:
// running, finishing, stuck, paused, waiting, offering; when all have ended,
// delivered, failed, cancelled, withdrawn, declined. So delivered says that
// nothing more will happen and somebody has it; who does, Peers tells.
type Transfer struct {
	Share     ShareID   `json:"share"`
	Direction Direction `json:"direction"`
	Title     string    `json:"title"` // like the numbers, of what was accepted (receiving) or offered (sending)
	Files     int       `json:"files"`
	Folders   int       `json:"folders"`
	Bytes     int64     `json:"bytes"`             // of what was accepted (receiving) or offered (sending)
	State     State     `json:"state"`             // of all takers together, see above
	Slowest   Slowest   `json:"slowest,omitempty"` // what it waits for just now; sending: for the running taker that is furthest behind
	Away      bool      `json:"away,omitempty"`    // receiving: it runs, but waits: nobody is here who has what is missing
	Error     string    `json:"error,omitempty"`   // of the first taker in this state that has one
	Hashed    int64     `json:"hashed"`            // bytes of the stream whose hashes are known
	Peers     []Peer    `json:"peers"`             // receiving: the sharer; sending: every taker
	Into      string    `json:"into,omitempty"`    // receiving: the folder it goes to
	Paths     []string  `json:"paths"`             // receiving: final places of the top-level items; sending: what was shared
	LeftOut   []Note    `json:"leftOut,omitempty"`
	Renamed   []Note    `json:"renamed,omitempty"`  // receiving: under another name than offered; sending: than on disk
	Failures  []Note    `json:"failures,omitempty"` // entries that could not be had; the rest goes on
	Free      bool      `json:"free,omitempty"`     // sending: the takers have everything between them, so that this device may be closed

	// Verify is how far [Device.Verify] is with it; nil while that is not at it.
	Verify *Verifying `json:"verify,omitempty"`

	// Checked is what [Device.Verify] left behind when it last looked; nil if it never
	// did. It outlives the device.
	Checked *Checked `json:"checked,omitempty"`

	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
}

// Verifying is how far the checking of a transfer that has ended is.
type Verifying struct {
	Repairing bool  `json:"repairing"` // what is wrong was found, and is fetched again
	Away      bool  `json:"away"`      // it waits: nobody is here who has it
	Done      int64 `json:"done"`      // bytes read, or here again
	Total     int64 `json:"total"`     // bytes to be
}

// Checked is what is not as it was sent, of a transfer that was checked: how many
// entries, once what could be mended had been.
type Checked struct {
	At        time.Time `json:"at"`
	Damaged   int       `json:"damaged"`   // as in Verified, like the others
	Missing   int       `json:"missing"`   // no longer there
	Changed   int       `json:"changed"`   // by somebody, since they came; their originals are not beside them
	Unchecked int       `json:"unchecked"` // could not be checked
}

// OK reports whether all was as it was sent, if need be beside what was changed.
func (c Checked) OK() bool { return c.Damaged+c.Missing+c.Changed+c.Unchecked == 0 }

// A Peer is the other device of a transfer.
type Peer struct {
	ID          identity.ID   `json:"id"`
	Name        string        `json:"name"` // the alias where there is one
	State       State         `json:"state"`
	PausedHere  bool          `json:"pausedHere,omitempty"`  // by a person here, whatever the other one does
	PausedThere bool          `json:"pausedThere,omitempty"` // by the person there, as far as it is known
	Connected   bool          `json:"connected"`
	Done        int64         `json:"done"`             // bytes the receiver has, checked
	Coming      int64         `json:"coming,omitempty"` // bytes it has besides, of pieces that are still on their way
	Total       int64         `json:"total"`            // bytes it accepted
	Rate        int64         `json:"rate"`             // bytes a second, over the last seconds
	Left        time.Duration `json:"left"`             // estimate, nanoseconds; -1 if unknown
	Error       string        `json:"error,omitempty"`
	Told        bool          `json:"told"` // it knows that this is over: it has acknowledged the end, or named it
	Receipt     *Receipt      `json:"receipt,omitempty"`
	Sources     []Source      `json:"sources,omitempty"` // receiving: whom its pieces come from here; sending: there; those that gave most first
}

// A Source is a device that pieces of a share come from.
type Source struct {
	ID        identity.ID `json:"id"`
	Name      string      `json:"name"` // the alias where there is one; empty if it was never met here
	Bytes     int64       `json:"bytes"`
	Connected bool        `json:"connected"`         // pieces come from it, or can: it has some that are missing
	Refused   bool        `json:"refused,omitempty"` // for the wrong pieces it sent
}

// A Note is a remark on one path, both already cleaned for display.
type Note struct {
	Path string `json:"path"`
	Text string `json:"text"`
}
