package controltest

import (
	"context"
	"strconv"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// Know lets devices be known, as [Engine.Meet] would, without their being here.
func (e *Engine) Know(names ...string) {
	e.Change(func(s *sharing.Snapshot) {
		for _, name := range names {
			s.Known = append(s.Known, sharing.KnownDevice{ID: ID(name), Name: name, Kind: "laptop", Seen: time.Unix(1_800_000_000, 0).UTC()})
		}
	})
}

// Knows changes what is known of a device.
func (e *Engine) Knows(id identity.ID, f func(*sharing.KnownDevice)) {
	e.Change(func(s *sharing.Snapshot) {
		for i := range s.Known {
			if s.Known[i].ID == id {
				f(&s.Known[i])
			}
		}
	})
}

// Pairing shows a pairing, in place of the one there is with its device.
func (e *Engine) Pairing(p sharing.Pairing) {
	e.Change(func(s *sharing.Snapshot) {
		for i := range s.Pairings {
			if s.Pairings[i].Peer == p.Peer {
				s.Pairings[i] = p
				return
			}
		}
		s.Pairings = append(s.Pairings, p)
	})
}

// Pair notes the command, and begins a pairing unless one is under way.
func (e *Engine) Pair(_ context.Context, id identity.ID) error {
	if err := e.note("pair", id.Short()); err != nil {
		return err
	}
	for _, p := range e.Snapshot().Pairings {
		if p.Peer == id && !p.State.Final() {
			return nil
		}
	}
	e.Pairing(sharing.Pairing{Peer: id, Name: e.name(id), State: sharing.PairingStarting, Ours: true})
	return nil
}

// AnswerPairing notes the command: after a yes the pairing waits for the other
// person, after a no it has failed.
func (e *Engine) AnswerPairing(_ context.Context, id identity.ID, same bool) error {
	if err := e.note("answer", id.Short()+" "+strconv.FormatBool(same)); err != nil {
		return err
	}
	for _, p := range e.Snapshot().Pairings {
		if p.Peer != id {
			continue
		}
		p.State = sharing.PairingWaiting
		if !same {
			p.State, p.Error = sharing.PairingFailed, "the dishes were not the same"
		}
		e.Pairing(p)
		return nil
	}
	return sharing.ErrNotFound
}

// CancelPairing notes the command, and takes the pairing away.
func (e *Engine) CancelPairing(_ context.Context, id identity.ID) error {
	if err := e.note("cancelPairing", id.Short()); err != nil {
		return err
	}
	found := false
	e.Change(func(s *sharing.Snapshot) {
		kept := s.Pairings[:0:0]
		for _, p := range s.Pairings {
			if p.Peer == id {
				found = true
			} else {
				kept = append(kept, p)
			}
		}
		s.Pairings = kept
	})
	if !found {
		return sharing.ErrNotFound
	}
	return nil
}

// Unpair notes the command, and forgets that the device was paired.
func (e *Engine) Unpair(_ context.Context, id identity.ID) error {
	return e.said("unpair", id, func(k *sharing.KnownDevice) { k.Paired, k.Trusted = false, false })
}

// SetAlias notes the command, and names the device.
func (e *Engine) SetAlias(_ context.Context, id identity.ID, alias string) error {
	return e.said("alias", id, func(k *sharing.KnownDevice) { k.Alias = alias })
}

// SetTrusted notes the command, and trusts the device or not.
func (e *Engine) SetTrusted(_ context.Context, id identity.ID, on bool) error {
	return e.said("trusted", id, func(k *sharing.KnownDevice) { k.Trusted = on })
}

// Block notes the command, and blocks the device.
func (e *Engine) Block(id identity.ID) {
	_ = e.said("block", id, func(k *sharing.KnownDevice) { k.Blocked = true })
}

// Unblock notes the command, and unblocks the device.
func (e *Engine) Unblock(id identity.ID) {
	_ = e.said("unblock", id, func(k *sharing.KnownDevice) { k.Blocked = false })
}

// said notes what the person says of a known device.
func (e *Engine) said(command string, id identity.ID, change func(*sharing.KnownDevice)) error {
	if err := e.note(command, id.Short()); err != nil {
		return err
	}
	err := sharing.ErrNotFound
	e.Knows(id, func(k *sharing.KnownDevice) {
		change(k)
		err = nil
	})
	return err
}

func (e *Engine) name(id identity.ID) string {
	for _, n := range e.Snapshot().Neighbours {
		if n.ID == id {
			return n.Name
		}
	}
	return id.Short()
}
