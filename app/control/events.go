package control

import (
	"bytes"
	"encoding/json"
	"fmt"

	"potluck/sharing"
)

// The names under which events travel, and under which `potluck serve --json`
// prints them.
const (
	nameOffered   = "offered"
	nameOfferGone = "offerGone"
	nameAnswered  = "answered"
	nameDelivered = "delivered"
	nameFailed    = "failed"
	nameNeighbour = "neighbour"
	namePairing   = "pairing"
	namePaired    = "paired"
	nameMessage   = "message"
	nameSpread    = "spread"
	nameStay      = "stay"
	nameBadHolder = "badHolder"
	nameVerified  = "verified"

	nameChanged = "changed" // a new snapshot would differ
	nameLagged  = "lagged"  // the reader was too slow, and events are lost
)

// EncodeEvent returns e as one line of JSON without its end: the fields of the
// event, after a field "event" with its name.
func EncodeEvent(e sharing.Event) ([]byte, error) {
	var name string
	switch e := e.(type) {
	case sharing.OfferedEvent:
		name = nameOffered
	case sharing.OfferGoneEvent:
		name = nameOfferGone
	case sharing.AnsweredEvent:
		name = nameAnswered
	case sharing.DeliveredEvent:
		name = nameDelivered
	case sharing.FailedEvent:
		name = nameFailed
	case sharing.NeighbourEvent:
		name = nameNeighbour
	case sharing.PairingEvent:
		return NamedObject(namePairing, pairingLine{e, WordsOf(e.Pairing), e.Pairing.Numbers()})
	case sharing.PairedEvent:
		name = namePaired
	case sharing.MessageEvent:
		name = nameMessage
	case sharing.SpreadEvent:
		name = nameSpread
	case sharing.StayEvent:
		name = nameStay
	case sharing.BadHolderEvent:
		name = nameBadHolder
	case sharing.VerifiedEvent:
		name = nameVerified
	default:
		return nil, fmt.Errorf("control: an event of type %T has no name", e)
	}
	return NamedObject(name, e)
}

// A pairingLine is a PairingEvent for those who read lines.
type pairingLine struct {
	sharing.PairingEvent
	Words   []string `json:"words,omitempty"`
	Numbers string   `json:"numbers,omitempty"`
}

// WordsOf returns the dishes of a pairing in English, and nothing before there are
// any.
func WordsOf(p sharing.Pairing) []string {
	if p.State == sharing.PairingStarting || p.State == sharing.PairingFailed {
		return nil
	}
	words := make([]string, 0, len(p.Dishes))
	for _, dish := range p.Dishes {
		words = append(words, dish.String())
	}
	return words
}

// NamedObject returns the JSON object of v with a first field "event".
func NamedObject(event string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(text, []byte("{"))
	if !ok {
		return nil, fmt.Errorf("control: %T is not an object", v)
	}
	comma := ","
	if bytes.Equal(rest, []byte("}")) {
		comma = ""
	}
	return append(fmt.Appendf(nil, `{"event":%q%s`, event, comma), rest...), nil
}

// An Update is one line of the stream of events: either an event, or the news
// that something has changed.
type Update struct {
	Event sharing.Event // nil if only the snapshot has changed
}

// errLagged ends the stream of a reader that was too slow.
var errLagged = &Error{Code: Failed, Message: "too many things happened at once, and some were missed"}

// decodeUpdate reads a line of the stream. Names that this version does not know
// count as a change.
func decodeUpdate(line []byte) (Update, error) {
	var head struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return Update{}, err
	}
	switch head.Event {
	case nameOffered:
		return decodeAs[sharing.OfferedEvent](line)
	case nameOfferGone:
		return decodeAs[sharing.OfferGoneEvent](line)
	case nameAnswered:
		return decodeAs[sharing.AnsweredEvent](line)
	case nameDelivered:
		return decodeAs[sharing.DeliveredEvent](line)
	case nameFailed:
		return decodeAs[sharing.FailedEvent](line)
	case nameNeighbour:
		return decodeAs[sharing.NeighbourEvent](line)
	case namePairing:
		return decodeAs[sharing.PairingEvent](line)
	case namePaired:
		return decodeAs[sharing.PairedEvent](line)
	case nameMessage:
		return decodeAs[sharing.MessageEvent](line)
	case nameSpread:
		return decodeAs[sharing.SpreadEvent](line)
	case nameStay:
		return decodeAs[sharing.StayEvent](line)
	case nameBadHolder:
		return decodeAs[sharing.BadHolderEvent](line)
	case nameVerified:
		return decodeAs[sharing.VerifiedEvent](line)
	case nameLagged:
		return Update{}, errLagged
	}
	return Update{}, nil
}

func decodeAs[E sharing.Event](line []byte) (Update, error) {
	var e E
	if err := json.Unmarshal(line, &e); err != nil {
		return Update{}, err
	}
	return Update{Event: e}, nil
}
