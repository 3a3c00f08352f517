package sharing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"potluck/sharing/manifest"
)

// fetchManifest gets the names and sizes from the sharer, however long that
// takes. It returns nil and no error if the offer is over before.
func (in *incoming) fetchManifest(ctx context.Context) (*manifest.Manifest, error) {
	for !in.isFinal() {
		m, err := in.tryManifest(ctx)
		var invalid *manifest.InvalidError
		switch {
		case err == nil:
			return m, nil
		case errors.Is(err, errNotOffered):
			in.withdrawn()
			return nil, nil
		case errors.As(err, &invalid):
			return nil, &sentenceError{"the offer was refused: " + invalid.Error(), err}
		}
		in.d.log.Debug("a manifest was not fetched", "share", in.id.Short(), "err", err)
		if err := in.wait(ctx, 500*time.Millisecond); err != nil {
			return nil, err
		}
		in.endIfAbandoned()
	}
	return nil, nil
}

var errNotYet = errors.New("lists of files of other offers come first")

// errNotOffered is what the sharer says of a share that is over for this device. An
// offer that crossed the end of it on its way comes too late.
var errNotOffered = errors.New("it is not offered any more")

// withdrawn ends an offer of which the sharer knows nothing.
func (in *incoming) withdrawn() {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	in.finishLocked(Withdrawn, errNotOffered.Error())
	in.told = true
}

// beginFetch reports whether the manifest may be fetched now, so that its
// sharer cannot fill our memory with others: one of a device at a time, and
// none while those that wait for an answer are too large already.
func (in *incoming) beginFetch(cancel context.CancelFunc) bool {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	var held, heldOfPeer int64
	for _, other := range d.incoming {
		if other.accepted || other.manifest == nil && other.fetching == nil {
			continue
		}
		held += other.weight
		if other.from == in.from {
			heldOfPeer += other.weight
			if other.fetching != nil {
				return false
			}
		}
	}
	if in.state.Final() || held >= maxNames || heldOfPeer >= maxNamesOfPeer {
		return false
	}
	in.fetching = cancel
	return true
}

// endFetch lets the next one of the same device begin.
func (in *incoming) endFetch() {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	in.fetching = nil
	for _, other := range in.d.incoming {
		if other != in && other.from == in.from && other.state == Offering {
			other.poke()
		}
	}
}

func (in *incoming) tryManifest(ctx context.Context) (*manifest.Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if !in.beginFetch(cancel) {
		return nil, errNotYet
	}
	defer in.endFetch()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://device/v1/shares/"+in.id.String()+"/manifest", nil)
	if err != nil {
		return nil, err
	}
	resp, err := in.d.hub.Do(ctx, in.from, req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, errNotOffered
	default:
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	m, err := manifest.Decode(resp.Body)
	if err != nil {
		return nil, err
	}
	if h := m.Hash(); !slices.Equal(h[:], in.offer.Manifest) || m.StreamLength() != in.offer.Length {
		return nil, &manifest.InvalidError{Entry: -1, Reason: "it is not the list of files that was offered"}
	}
	return m, nil
}
