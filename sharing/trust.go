package sharing

import (
	"context"
	"errors"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// maxAlias bounds what a person calls a device, in bytes.
const maxAlias = 64

// Unpair forgets that a device was paired, and that its offers were accepted
// without asking. If only paired devices are to see this one, its session ends. The
// error is [ErrNotFound] for a device that is not paired.
func (d *Device) Unpair(ctx context.Context, id identity.ID) error {
	err := d.changeKnown(id, func(k *knownDevice) error {
		if !k.Paired {
			return ErrNotFound
		}
		k.Paired, k.PairedAt, k.Trusted = false, time.Time{}, false
		return nil
	})
	if !errors.Is(err, ErrNotFound) && !d.admits(id) {
		d.hub.Drop(id, "this device is not to be seen by it")
	}
	return err
}

// SetAlias gives a device a name that counts here alone; empty takes it away. It
// is shown wherever the device would be called by its own name.
func (d *Device) SetAlias(ctx context.Context, id identity.ID, alias string) error {
	if alias != "" {
		alias = manifest.DisplayName(alias, maxAlias)
	}
	return d.changeKnown(id, func(k *knownDevice) error {
		k.Alias = alias
		return nil
	})
}

// SetTrusted lets the offers of a paired device be accepted without asking, or
// not any more. Offers with programs in them are asked for all the same. The
// error is [ErrState] for a device that is not paired, or is blocked.
func (d *Device) SetTrusted(ctx context.Context, id identity.ID, on bool) error {
	return d.changeKnown(id, func(k *knownDevice) error {
		switch {
		case on && !k.Paired:
			return stateError("only the offers of verified devices can be accepted without asking")
		case on && k.Blocked:
			return stateError("this device is blocked")
		}
		k.Trusted = on
		return nil
	})
}

// changeKnown changes what the person says of a known device, and writes it down.
func (d *Device) changeKnown(id identity.ID, change func(*knownDevice) error) error {
	d.mu.Lock()
	k := d.known[id]
	if k == nil {
		d.mu.Unlock()
		return ErrNotFound
	}
	err := change(k)
	d.mu.Unlock()
	if err != nil {
		return err
	}
	d.notifier.changed()
	return d.saveKnown()
}

// Block closes everything with a device and refuses it from now on. Its offers
// disappear, transfers and pairings with it end, and its offers are no longer
// accepted without asking, should it be unblocked. It hears that the transfers are
// over, and not why.
func (d *Device) Block(id identity.ID) {
	d.mu.Lock()
	k := d.known[id]
	if k == nil {
		k = &knownDevice{Seen: time.Now()}
		if l := d.links[id]; l != nil {
			k.Name = l.peer.Hello.Name
		}
		d.known[id] = k
	}
	k.Blocked, k.Trusted = true, false
	p := d.pacts[id]
	var fact Event
	if p != nil {
		fact = p.failLocked("the device was blocked", endCancelled)
		delete(d.pacts, id)
	}
	var outs []*outgoing
	var ins []*incoming
	for _, o := range d.outgoing {
		if t := o.takers[id]; t != nil && o.ended.IsZero() {
			outs = append(outs, o)
		}
	}
	struck := d.strikeLocked(id)
	for _, in := range d.incoming {
		if in.from == id && !in.state.Final() {
			ins = append(ins, in)
		}
	}
	d.mu.Unlock()
	if p != nil {
		p.announce(fact)
	}
	for _, o := range outs {
		o.endTaker(id, Withdrawn, takerBlocked)
		o.poke() // for the roster, if it has everything
	}
	d.tellStruck(struck)
	for _, in := range ins {
		in.end(Cancelled, sharerBlocked)
	}
	_ = d.saveKnown() // which tells the log
	d.swarm.Disconnect(id)
	d.partFrom(id)
	d.notifier.changed()
}

// Unblock lets a device talk to this one again.
func (d *Device) Unblock(id identity.ID) {
	d.mu.Lock()
	if k := d.known[id]; k != nil {
		k.Blocked = false
	}
	d.mu.Unlock()
	_ = d.saveKnown() // which tells the log
	d.notifier.changed()
}
