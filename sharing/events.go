package sharing

import "potluck/sharing/identity"

// An Event is a fact that must not be missed. It is one of the types below. The
// names of devices in them are what the person here calls them, where there is
// such a name.
type Event interface{ event() }

// OfferedEvent says that a neighbour offers something and this person is to decide.
// Neighbours whose offers come to nothing again and again have to wait before the
// next one is shown.
type OfferedEvent struct {
	Offer

	// More says that another offer of the same neighbour waits already: the person
	// has been called, and need not be called again.
	More bool `json:"more,omitempty"`
}

// OfferGoneEvent says that an offer is no longer there to be answered, because it was
// answered, withdrawn, or its device was blocked.
type OfferGoneEvent struct {
	Share     ShareID     `json:"share"`
	From      identity.ID `json:"from"`
	Reason    string      `json:"reason"`
	Withdrawn bool        `json:"withdrawn,omitempty"` // by the one who made it
}

// AnsweredEvent says that a taker has said yes or no to a share of this device.
type AnsweredEvent struct {
	Share    ShareID     `json:"share"`
	Peer     identity.ID `json:"peer"`
	PeerName string      `json:"peerName"`
	Accepted bool        `json:"accepted"`
}

// DeliveredEvent says that a share is whole on the receiver's disk, under its final
// names, and signed for.
type DeliveredEvent struct {
	Share     ShareID     `json:"share"`
	Direction Direction   `json:"direction"`
	From      identity.ID `json:"from"`
	To        identity.ID `json:"to"`
	PeerName  string      `json:"peerName"`
	Path      string      `json:"path"`  // receiving: the final place of the first top-level item
	Paths     []string    `json:"paths"` // receiving: of all of them
	Files     int         `json:"files"`
	Bytes     int64       `json:"bytes"`
	Seconds   float64     `json:"seconds"` // from yes to delivered
	Renamed   []Note      `json:"renamed,omitempty"`
	Failures  []Note      `json:"failures,omitempty"`
}

// FailedEvent says that a transfer has ended without being delivered, or needs somebody
// to mend something first (then Final is false and it is stuck).
type FailedEvent struct {
	Share     ShareID     `json:"share"`
	Direction Direction   `json:"direction"`
	Peer      identity.ID `json:"peer"`
	PeerName  string      `json:"peerName"`
	State     State       `json:"state"`
	Error     string      `json:"error"` // a plain sentence: what, and what to do
	Final     bool        `json:"final"`
}

// SpreadEvent says that the takers of a share of this device have everything between
// them: they finish without it, and it may be closed. It holds until a StayEvent.
type SpreadEvent struct {
	Share      ShareID `json:"share"`
	Title      string  `json:"title"`
	Unfinished int     `json:"unfinished"` // takers that go on by themselves
	Unanswered int     `json:"unanswered"` // devices it is offered to that have not answered, and need this one
}

// StayEvent takes a SpreadEvent back: somebody has left who had what others still need,
// they have lost sight of each other, or somebody has just said yes who has yet to find them.
type StayEvent struct {
	Share      ShareID `json:"share"`
	Title      string  `json:"title"`
	Unfinished int     `json:"unfinished"` // takers that need this device
}

// BadHolderEvent says that a device that passed on pieces of a share sent wrong ones,
// and is left out from now on. What it sent was thrown away.
type BadHolderEvent struct {
	Share    ShareID     `json:"share"`
	Peer     identity.ID `json:"peer"`
	PeerName string      `json:"peerName"`
}

// VerifiedEvent says that what was received was checked again, and what came of it.
type VerifiedEvent struct {
	Verified
}

// MessageEvent says that a short text has come.
type MessageEvent struct {
	Message
}

// NeighbourEvent says that a session with a device began or ended.
type NeighbourEvent struct {
	ID      identity.ID `json:"id"`
	Name    string      `json:"name"`
	Present bool        `json:"present"`
}

// PairingEvent says that there are dishes to be compared, or that a pairing has
// failed.
type PairingEvent struct {
	Pairing
}

// PairedEvent says that both persons said yes: from now on the device is known.
type PairedEvent struct {
	Peer identity.ID `json:"peer"`
	Name string      `json:"name"`
}

func (SpreadEvent) event()    {}
func (StayEvent) event()      {}
func (BadHolderEvent) event() {}
func (PairingEvent) event()   {}
func (PairedEvent) event()    {}
func (OfferedEvent) event()   {}
func (OfferGoneEvent) event() {}
func (AnsweredEvent) event()  {}
func (DeliveredEvent) event() {}
func (FailedEvent) event()    {}
func (NeighbourEvent) event() {}
func (MessageEvent) event()   {}
func (VerifiedEvent) event()  {}
