package sharing

import (
	"context"
	"io/fs"
	"os"
	"slices"

	"potluck/sharing/identity"
)

// Forget takes a transfer that has ended out of the history. Files stay where
// they are. What the other device has yet to be told, such as the receipt, it is
// told all the same, when it is here again. Errors: [ErrNotFound], and [ErrState]
// for a transfer that has not ended.
func (d *Device) Forget(ctx context.Context, ref string) error {
	o, in, err := d.findShare(ref)
	if err != nil {
		return err
	}
	d.mu.Lock()
	ended := o != nil && o.overLocked() || in != nil && in.overLocked()
	d.mu.Unlock()
	if !ended {
		return stateError("this transfer has not ended; cancel it first")
	}
	d.hide(o, in)
	d.notifier.changed()
	return nil
}

// ForgetAll takes all transfers that have ended out of the history, as
// [Device.Forget] does with one.
func (d *Device) ForgetAll(ctx context.Context) error {
	var outs []*outgoing
	var ins []*incoming
	d.mu.Lock()
	for _, o := range d.outgoing {
		if o.overLocked() && !o.hidden {
			outs = append(outs, o)
		}
	}
	for _, in := range d.incoming {
		if in.overLocked() && !in.hidden {
			ins = append(ins, in)
		}
	}
	d.mu.Unlock()
	defer d.notifier.changed()
	for _, o := range outs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.hide(o, nil)
	}
	for _, in := range ins {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.hide(nil, in)
	}
	return nil
}

// overLocked reports whether the share has ended for all its takers, as far as
// people are concerned.
func (o *outgoing) overLocked() bool {
	for _, t := range o.takers {
		if !t.state.Final() {
			return false
		}
	}
	return len(o.takers) > 0
}

// overLocked reports whether the share is one of the past, and was a transfer.
func (in *incoming) overLocked() bool {
	return in.state.Final() && (in.accepted || in.state == Failed)
}

// hide takes a share that is over out of sight, and forgets it as soon as nobody
// needs to be told of its end any more.
func (d *Device) hide(o *outgoing, in *incoming) {
	if o != nil {
		d.unkeep(o.id)
	} else {
		d.endCheckup(in.id)
		d.unkeep(in.id)
	}
	if o != nil {
		d.mu.Lock()
		if now := d.outgoing[o.id]; now != nil {
			o = now // it may have become a memory meanwhile
		}
		o.hidden = true
		settled := !o.ended.IsZero() && o.source == nil
		d.mu.Unlock()
		if settled {
			d.drop(o, nil)
			return
		}
		o.save() // and dropped by run
		return
	}
	d.mu.Lock()
	if now := d.incoming[in.id]; now != nil {
		in = now
	}
	in.hidden = true
	settled := in.settled
	d.mu.Unlock()
	if settled {
		d.drop(nil, in)
		return
	}
	in.save()
	in.poke()
}

// drop forgets a share whose work is done, unless something of it is still to be
// cleared away.
func (d *Device) drop(o *outgoing, in *incoming) {
	if o != nil {
		d.unkeep(o.id)
		d.mu.Lock()
		delete(d.outgoing, o.id)
		d.dropped[o.id] = true
		d.mu.Unlock()
		d.records.remove(o.id)
		return
	}
	d.endCheckup(in.id)
	d.unkeep(in.id)
	clean := in.clearLeftovers() && d.clearRepair(in)
	if in.accepted && in.state != Delivered {
		d.clearAway(in)
		_, err := os.Lstat(d.records.file(in.id, "manifest"))
		clean = clean && err != nil
	}
	if !clean {
		in.save() // hidden: the next start tries again
		return
	}
	d.mu.Lock()
	delete(d.incoming, in.id)
	d.dropped[in.id] = true
	d.mu.Unlock()
	d.records.remove(in.id)
}

// wasDropped reports whether a share was forgotten, and has not come anew since.
func (d *Device) wasDropped(id ShareID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dropped[id]
}

// trim drops the oldest transfers that are over, if there are more than are
// remembered.
func (d *Device) trim() {
	var outs []*outgoing
	var ins []*incoming
	d.mu.Lock()
	for _, o := range d.outgoing {
		if !o.ended.IsZero() && o.source == nil {
			outs = append(outs, o)
		}
	}
	for _, in := range d.incoming {
		if in.settled && in.accepted {
			ins = append(ins, in)
		}
	}
	d.mu.Unlock()
	excess := len(outs) + len(ins) - maxPast
	if excess <= 0 {
		return
	}
	slices.SortFunc(outs, func(a, b *outgoing) int { return a.ended.Compare(b.ended) })
	slices.SortFunc(ins, func(a, b *incoming) int { return a.ended.Compare(b.ended) })
	for ; excess > 0; excess-- {
		if len(ins) == 0 || len(outs) > 0 && outs[0].ended.Before(ins[0].ended) {
			d.drop(outs[0], nil)
			outs = outs[1:]
		} else {
			d.drop(nil, ins[0])
			ins = ins[1:]
		}
	}
}

// Retry begins again what came to nothing. What this device sends is offered once
// more, as it is on the disk now, to those who do not have all of it; that is a
// new share, whose ID is returned. A transfer to this device that is stuck tries
// again at once. Errors: [ErrNotFound], [ErrState] with a sentence why there is
// nothing to try, and those of [Device.Send].
func (d *Device) Retry(ctx context.Context, ref string) (ShareID, error) {
	o, in, err := d.findShare(ref)
	if err != nil {
		return ShareID{}, err
	}
	if in != nil {
		return in.id, in.tryAgain()
	}
	to, paths, err := o.lacking()
	if err != nil {
		return o.id, err
	}
	for _, path := range paths {
		if _, err := os.Lstat(path); os.IsNotExist(err) {
			return o.id, &sentenceError{"what was shared is not there any more; send it from where it is now", fs.ErrNotExist}
		}
	}
	return d.Send(ctx, paths, to)
}

// lacking returns who has not got all of a share, of those for whom it is over and who
// are not blocked, and what was shared.
func (o *outgoing) lacking() (to []identity.ID, paths []string, err error) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	going, blocked := false, false
	for id, t := range o.takers {
		switch {
		case !t.state.Final():
			going = true
		case o.d.blockedLocked(id):
			blocked = blocked || t.state != Delivered
		case t.state != Delivered, len(o.failures) > 0:
			to = append(to, id)
		}
	}
	slices.SortFunc(to, identity.ID.Compare)
	switch {
	case len(to) == 0 && going:
		return nil, nil, stateError("this transfer is still going on")
	case len(to) == 0 && blocked:
		return nil, nil, stateError("this device is blocked; unblock it first")
	case len(to) == 0:
		return nil, nil, stateError("everybody has all of this already")
	case len(o.rec.Paths) == 0:
		return nil, nil, stateError("it is no longer known what was shared here; send it again")
	}
	return to, slices.Clone(o.rec.Paths), nil
}

// tryAgain makes a stuck transfer look at once whether it can go on.
func (in *incoming) tryAgain() error {
	d := in.d
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case in.state == Stuck:
		in.retry = true
		in.poke()
		return nil
	case in.state == Delivered:
		return stateError("all of this is here already")
	case in.state.Final():
		return stateError("this has ended; ask %s to send it again", d.nameLocked(in.from, in.fromName))
	case !in.accepted:
		return stateError("this offer waits for an answer")
	}
	return stateError("this transfer is not stuck")
}
