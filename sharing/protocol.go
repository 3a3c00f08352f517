package sharing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
)

// What devices tell each other over a session. Both documents hold the whole
// state of one side for one share; they are sent with PUT, again and again until
// the other side has acknowledged that version, so that losing one, or sending
// one twice, changes nothing. docs/protocol.md is the description for others.

// Limits on what a neighbour may make this device hold.
const (
	maxOffer  = 16 << 10 // bytes of an offer
	maxTake   = 8 << 20  // bytes of a take: the receipt of a part may name half a million entries
	maxReply  = 8 << 20  // bytes of the answer to a request
	maxStream = 1 << 44  // bytes of a share: more would be more pieces than a torrent may have

	maxOffersOfPeer    = 16        // offers of one device waiting for an answer
	maxOffers          = 256       // of all devices
	maxNamesOfPeer     = 64 << 20  // bytes of their lists of files, of one device, before the last one
	maxNames           = 256 << 20 // of all devices
	maxTransfersOfPeer = 64        // accepted shares of one device: the next is heard when one has ended
	maxRefused         = 32        // offers that failed before they were accepted, to be seen

	// lastVersion is that of a take document of a share that is not remembered
	// otherwise: newer than all that was said of it before.
	lastVersion = 1 << 30

	maxTitles   = 3    // top-level names that an offer shows
	maxFailures = 1000 // failed entries told by name
	maxReason   = 40   // bytes of why an entry failed
	maxSentence = 500  // bytes of an error told by a neighbour
)

// An offerDoc is the sharer's side of a share, as told to one taker:
// PUT /v1/offers/{share}.
type offerDoc struct {
	Version  int       `json:"version"` // grows with every change
	Salt     []byte    `json:"salt"`
	Manifest []byte    `json:"manifest"` // its SHA-256
	Length   int64     `json:"length"`   // of the stream
	State    offerWord `json:"state"`
	Paused   bool      `json:"paused,omitempty"`
	Reason   string    `json:"reason,omitempty"` // a sentence, when withdrawn or failed
	Slow     slowWord  `json:"slow,omitempty"`   // what the sharer waits for; means nothing in a record
}

// offerWord is what the sharer says of the share.
type offerWord string

const (
	offerOpen      offerWord = "open"
	offerWithdrawn offerWord = "withdrawn"
	offerFailed    offerWord = "failed"
)

// A takeDoc is the taker's side of a share, as told to its sharer:
// PUT /v1/takes/{share}.
type takeDoc struct {
	Version int      `json:"version"`
	State   takeWord `json:"state"`
	Done    int64    `json:"done"`
	Coming  int64    `json:"coming,omitempty"`
	Total   int64    `json:"total"`
	Error   string   `json:"error,omitempty"` // a sentence, when stuck, declined or failed
	Slow    slowWord `json:"slow,omitempty"`  // what the taker waits for
	Receipt *Receipt `json:"receipt,omitempty"`

	// Fellows are those that the pieces come from; none if nothing of it is new.
	Fellows []fellowDoc `json:"fellows,omitempty"`
}

// takeWord is what the taker says of the share.
type takeWord string

const (
	takeUnknown   takeWord = ""          // never heard of it
	takeSeen      takeWord = "seen"      // the person has not answered
	takeRunning   takeWord = "running"   // accepted, and on its way
	takePaused    takeWord = "paused"    // accepted, stopped by the person
	takeStuck     takeWord = "stuck"     // accepted, something must be mended there
	takeFinishing takeWord = "finishing" // all bytes are there
	takeDelivered takeWord = "delivered" // with a receipt
	takeDeclined  takeWord = "declined"
	takeCancelled takeWord = "cancelled"
	takeFailed    takeWord = "failed"
)

// state is the sharer's word for what the taker says.
func (w takeWord) state() (State, bool) {
	switch w {
	case takeUnknown:
		return Offering, true
	case takeSeen:
		return Waiting, true
	case takeRunning:
		return Running, true
	case takePaused:
		return Paused, true
	case takeStuck:
		return Stuck, true
	case takeFinishing:
		return Finishing, true
	case takeDelivered:
		return Delivered, true
	case takeDeclined:
		return Declined, true
	case takeCancelled:
		return Cancelled, true
	case takeFailed:
		return Failed, true
	}
	return "", false
}

// A hashesDoc answers GET /v1/shares/{share}/hashes?from=N&amended=K&failed=F&checked=B:
// what the sharer has found out since, at once or after a while.
type hashesDoc struct {
	Runs       []hashlist.Run       `json:"runs,omitempty"`
	Amendments []hashlist.Amendment `json:"amendments,omitempty"`
	Failures   []failureDoc         `json:"failures,omitempty"` // from number F on
	Checked    bool                 `json:"checked,omitempty"`  // the files without content were looked at since the yes, and all failures among them told
}

// A failureDoc says that an entry cannot be had any more.
type failureDoc struct {
	Entry int    `json:"entry"`
	Why   string `json:"why"`
}

// A doubtDoc answers POST /v1/shares/{share}/doubt?piece=N.
type doubtDoc struct {
	Changed bool `json:"changed"`          // the files have: new hashes or failures follow
	Lapsed  bool `json:"lapsed,omitempty"` // but not now: it is to be had from others
}

// shareID computes the ID that ties an offer to its sharer, salt and manifest.
func shareID(sharer identity.ID, salt, manifestHash [32]byte) ShareID {
	h := sha256.New()
	h.Write([]byte("potluck share 1\x00"))
	h.Write(sharer[:])
	h.Write(salt[:])
	h.Write(manifestHash[:])
	return ShareID(h.Sum(nil))
}

// torrentSalt is what makes a share's torrent its own: whoever knows the salt,
// the length and even the files of a share cannot make another one whose torrent
// goes by the same name, for the share ID holds its sharer.
func torrentSalt(share ShareID) [32]byte {
	h := sha256.New()
	h.Write([]byte("potluck torrent 1\x00"))
	h.Write(share[:])
	return [32]byte(h.Sum(nil))
}

// check returns an error if the document cannot be an honest offer of share by
// peer.
func (o *offerDoc) check(share ShareID, peer identity.ID) error {
	switch {
	case len(o.Salt) != 32 || len(o.Manifest) != 32:
		return errors.New("the offer's salt or manifest hash has the wrong length")
	case o.Length < 0 || o.Length > maxStream:
		return fmt.Errorf("the offer's length %d is impossible", o.Length)
	case shareID(peer, [32]byte(o.Salt), [32]byte(o.Manifest)) != share:
		return errors.New("the offer does not belong to its share ID")
	}
	switch o.State {
	case offerOpen, offerWithdrawn, offerFailed:
		return nil
	}
	return fmt.Errorf("the offer's state %q is unknown", o.State)
}

// check returns an error if the document cannot be a taker's honest state.
func (t *takeDoc) check() error {
	if _, ok := t.State.state(); !ok {
		return fmt.Errorf("the state %q is unknown", t.State)
	}
	if t.Done < 0 || t.Coming < 0 || t.Done > t.Total || t.Coming > t.Total-t.Done || t.Total >= 1<<53 {
		return fmt.Errorf("a progress of %d and %d of %d bytes is impossible", t.Done, t.Coming, t.Total)
	}
	return checkFellows(t.Fellows)
}

// decodeHex32 reads 64 hexadecimal digits into dst.
func decodeHex32(dst, text []byte) error {
	if len(text) != 64 {
		return fmt.Errorf("%d characters instead of 64 hexadecimal digits", len(text))
	}
	_, err := hex.Decode(dst, text)
	return err
}
