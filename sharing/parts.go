package sharing

import (
	"slices"

	"potluck/sharing/hashlist"
	"potluck/sharing/store"
)

// maxParts is how many parts [Device.Parts] tells of at most.
const maxParts = 256

// Parts tells of a transfer which parts of it are here: up to 256 runs of the
// stream, in order, each with how much of it is here and checked, from 0 to 255.
// Of what is received only those pieces count that hold something wanted; what
// this device sends is here as far as it is hashed. A transfer without content
// has no parts. Errors: [ErrNotFound], and [ErrState] for an offer, and for what
// ended before all was here.
//
// It is cheap enough to be asked a few times a second.
func (d *Device) Parts(ref string) ([]uint8, error) {
	o, in, err := d.findShare(ref)
	if err != nil {
		return nil, err
	}
	if o != nil {
		return o.parts(), nil
	}
	d.mu.Lock()
	c, m, state, length := in.choice, in.manifest, in.state, in.offer.Length
	var item *store.Item
	if c != nil {
		item = c.item
	}
	d.mu.Unlock()
	switch {
	case state == Delivered:
		return full(pieceCount(length)), nil
	case m == nil || c == nil || state.Final():
		return nil, stateError("nothing of this is here")
	case item == nil: // its folder is not connected
		return make([]uint8, min(pieceCount(length), maxParts)), nil
	}
	return item.Parts(maxParts), nil
}

func (o *outgoing) parts() []uint8 {
	n := pieceCount(o.rec.Bytes)
	o.d.mu.Lock()
	known := o.hashed
	over := !o.ended.IsZero()
	o.d.mu.Unlock()
	parts := full(n)
	if over {
		return parts
	}
	for i := range parts {
		from, to := i*n/len(parts), (i+1)*n/len(parts)
		parts[i] = uint8(255 * min(max(known-from, 0), to-from) / (to - from))
	}
	return parts
}

func pieceCount(length int64) int {
	size := hashlist.PieceLength(length)
	return int((length + size - 1) / size)
}

func full(pieces int) []uint8 { return slices.Repeat([]uint8{255}, min(pieces, maxParts)) }
