package sharing

import (
	"context"
	"encoding/json"
	"strings"
)

// docLocked is what the sharer is told.
func (in *incoming) docLocked() takeDoc {
	doc := takeDoc{Version: in.version, Done: in.done, Coming: in.coming, Total: in.total, Error: in.outward(in.err), Slow: in.gauge.word}
	switch in.state {
	case Offering:
		doc.State = takeUnknown
	case Waiting:
		doc.State = takeSeen
	case Running:
		doc.State = takeRunning
	case Paused:
		doc.State = takePaused
	case Stuck:
		doc.State = takeStuck
	case Finishing:
		doc.State = takeFinishing
	case Delivered:
		doc.State, doc.Receipt = takeDelivered, in.receipt
	case Declined:
		doc.State = takeDeclined
	case Cancelled, Withdrawn:
		doc.State = takeCancelled
	case Failed:
		doc.State = takeFailed
	}
	return doc
}

// outward takes out of a sentence what others are not told: the names of this
// person's folders, and that somebody was blocked. d.mu is held.
func (in *incoming) outward(sentence string) string {
	if sentence == sharerBlocked {
		return noLongerShares
	}
	if in.choice != nil && in.choice.into != "" {
		sentence = strings.ReplaceAll(sentence, in.choice.into, "the folder there")
	}
	return strings.ReplaceAll(sentence, in.d.options.State, "the folder of Potluck there")
}

// letterLocked is what the sharer must know, that has acknowledged this version.
func (in *incoming) letterLocked(told int) letter {
	doc := in.docLocked()
	if told < in.fellowsSince {
		doc.Fellows = in.fellows
	}
	final := in.state.Final()
	return letter{
		share: in.id, version: in.version, path: "/v1/takes/" + in.id.String(), body: doc,
		heard: func(reply []byte) error {
			var offer offerDoc
			if err := json.Unmarshal(reply, &offer); err != nil {
				return err
			}
			if final {
				in.setTold()
				return nil
			}
			if err := offer.check(in.id, in.from); err != nil {
				return err
			}
			in.d.mu.Lock()
			in.agreed = in.agreed || doc.State == takeRunning
			in.hearOfferLocked(offer)
			in.d.mu.Unlock()
			in.poke()
			return nil
		},
		missing: func() {
			if !final && doc.State != takeUnknown {
				in.end(Failed, "the other device no longer shares this")
			}
			in.setTold()
		},
	}
}

func (in *incoming) setTold() {
	in.d.mu.Lock()
	if in.state.Final() {
		in.told = true
	}
	in.d.mu.Unlock()
	in.poke()
}

// awaitTold waits until the sharer knows the end, or ctx is done.
func (in *incoming) awaitTold(ctx context.Context) {
	for {
		in.d.mu.Lock()
		told := in.told
		in.d.kickLocked(in.from)
		in.d.mu.Unlock()
		if told || in.wait(ctx, forgetOffer) != nil {
			return
		}
		in.endIfAbandoned()
	}
}
