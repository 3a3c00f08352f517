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

	nameChanged = "changed" // a new snapshot would differ
	nameLagged  = "lagged"  // the reader was too slow, and events are lost
)

// EncodeEvent returns e as one line of JSON without its end: the fields of the
// event, after a field "event" with its name.
func EncodeEvent(e sharing.Event) ([]byte, error) {
	var name string
	switch e.(type) {
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
	default:
		return nil, fmt.Errorf("control: an event of type %T has no name", e)
	}
	return NamedObject(name, e)
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
