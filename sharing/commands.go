package sharing

import (
	"context"
	"fmt"
	"strings"

	"potluck/sharing/identity"
)

// AcceptOptions say how an offer is accepted.
type AcceptOptions struct {
	Into string   // the folder it goes to; empty means the download folder
	Only []string // patterns of what is wanted, as manifest.Select reads them; none means all
	Want []bool   // for each entry of [Device.Contents] whether it is wanted; nil means that Only counts
}

// Accept takes the offer that ref names by its share ID or the beginning of it.
// When it returns nil, the place is checked, the choice is written down, and the
// transfer goes on by itself, also after a restart. Errors: [ErrNotFound],
// [ErrState], and sentences about the folder or the disk, after which the offer
// is as before.
func (d *Device) Accept(ctx context.Context, ref string, o AcceptOptions) (ShareID, error) {
	in, err := d.findIncoming(ref, func(in *incoming) bool { return in.state == Waiting })
	if err != nil {
		return ShareID{}, err
	}
	if err := in.accept(o); err != nil {
		return ShareID{}, err
	}
	return in.id, nil
}

// Decline refuses the offer that ref names. That lasts: the same share is not
// asked about again. Whoever is declined again and again has to wait before the
// next offer is shown.
func (d *Device) Decline(ctx context.Context, ref string) (ShareID, error) {
	in, err := d.findIncoming(ref, func(in *incoming) bool { return in.state == Waiting })
	if err != nil {
		return ShareID{}, err
	}
	d.mu.Lock()
	busy := in.answering || in.accepted
	d.mu.Unlock()
	if busy {
		return ShareID{}, stateError("this offer has been answered already")
	}
	d.decline(in.id)
	in.end(Declined, "")
	return in.id, nil
}

// Pause stops the transfer that ref names until [Device.Resume], also across
// restarts.
func (d *Device) Pause(ctx context.Context, ref string) (ShareID, error) {
	return d.setPaused(ref, true)
}

// Resume lets a transfer that was paused here go on, and a stuck one try again at
// once. One that the other person has paused stays so: see [Peer].
func (d *Device) Resume(ctx context.Context, ref string) (ShareID, error) {
	return d.setPaused(ref, false)
}

// PauseAll stops all transfers, as [Device.Pause] does with one.
func (d *Device) PauseAll(ctx context.Context) error { return d.setAllPaused(ctx, true) }

// ResumeAll lets all transfers that were paused here go on, one by one or together.
func (d *Device) ResumeAll(ctx context.Context) error { return d.setAllPaused(ctx, false) }

func (d *Device) setAllPaused(ctx context.Context, paused bool) error {
	var outs []*outgoing
	var ins []*incoming
	d.mu.Lock()
	for _, o := range d.outgoing {
		if o.ended.IsZero() && o.paused != paused {
			outs = append(outs, o)
		}
	}
	for _, in := range d.incoming {
		if in.accepted && !in.state.Final() && in.paused != paused {
			ins = append(ins, in)
		}
	}
	d.mu.Unlock()
	for _, o := range outs {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.pause(o, nil, paused)
	}
	for _, in := range ins {
		if err := ctx.Err(); err != nil {
			return err
		}
		d.pause(nil, in, paused)
	}
	return nil
}

func (d *Device) setPaused(ref string, paused bool) (ShareID, error) {
	o, in, err := d.findRunning(ref)
	if err != nil {
		return ShareID{}, err
	}
	return d.pause(o, in, paused), nil
}

// pause stops a share, or lets it go on, and writes that down.
func (d *Device) pause(o *outgoing, in *incoming, paused bool) ShareID {
	if o != nil {
		d.mu.Lock()
		o.paused = paused
		for _, t := range o.takers {
			if !t.state.Final() {
				t.version++
				d.kickLocked(t.id)
			}
		}
		d.mu.Unlock()
		o.save()
		o.poke()
		d.notifier.changed()
		return o.id
	}
	d.mu.Lock()
	in.paused, in.retry = paused, !paused
	d.mu.Unlock()
	in.save()
	in.poke()
	d.notifier.changed()
	return in.id
}

// Cancel ends the transfer that ref names: a share of this device is withdrawn
// from everybody who does not have it yet; what was received of another's is
// removed. When it returns nil, that is written down, and lasts across restarts. Of a
// transfer that has ended it ends [Device.Verify].
func (d *Device) Cancel(ctx context.Context, ref string) (ShareID, error) {
	if share, found := d.cancelCheckup(ref); found {
		return share, nil
	}
	o, in, err := d.findRunning(ref)
	if err != nil {
		return ShareID{}, err
	}
	if in != nil {
		in.end(Cancelled, "it was cancelled")
		in.save()
		return in.id, nil
	}
	d.mu.Lock()
	var takers []identity.ID
	for id := range o.takers {
		takers = append(takers, id)
	}
	d.mu.Unlock()
	for _, id := range takers {
		o.endTaker(id, Withdrawn, "it was withdrawn")
	}
	o.save()
	return o.id, nil
}

// Withdraw ends the transfer that ref names for one of those whom it was offered to,
// and who does not have it yet: for the others it goes on. When it returns nil, that is
// written down, and lasts across restarts. Errors: [ErrNotFound], also where it was
// not offered to that device, and [ErrState].
func (d *Device) Withdraw(ctx context.Context, ref string, id identity.ID) (ShareID, error) {
	o, in, err := d.findRunning(ref)
	switch {
	case err != nil:
		return ShareID{}, err
	case in != nil:
		return ShareID{}, stateError("share %s is received here, and not sent", in.id.Short())
	}
	d.mu.Lock()
	t := o.takers[id]
	d.mu.Unlock()
	if t == nil {
		return ShareID{}, fmt.Errorf("share %s was not offered to %s: %w", o.id.Short(), id.Short(), ErrNotFound)
	}
	if !o.endTaker(id, Withdrawn, "it was withdrawn") {
		return ShareID{}, stateError("this transfer is over")
	}
	o.save()
	return o.id, nil
}

// findIncoming returns the one incoming share that ref names and want is true
// for. An offer whose list of files is not here yet is not found.
func (d *Device) findIncoming(ref string, want func(*incoming) bool) (*incoming, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found, other *incoming
	for id, in := range d.incoming {
		switch {
		case !refers(ref, id) || in.hidden || in.state == Offering:
		case !want(in):
			other = in
		case found != nil:
			return nil, stateError("several begin with %q; use more digits", ref)
		default:
			found = in
		}
	}
	if found == nil && other != nil {
		return nil, stateError("share %s is %s", other.id.Short(), other.state)
	}
	if found == nil {
		for id, o := range d.outgoing {
			if refers(ref, id) && !o.hidden {
				return nil, stateError("share %s was sent from here, and not received", id.Short())
			}
		}
		return nil, fmt.Errorf("nothing is called %q here: %w", ref, ErrNotFound)
	}
	return found, nil
}

// findRunning returns the one share on its way that ref names, in either
// direction.
func (d *Device) findRunning(ref string) (*outgoing, *incoming, error) {
	d.mu.Lock()
	var o *outgoing
	n := 0
	over := false
	for id, out := range d.outgoing {
		if refers(ref, id) && !out.hidden {
			if out.ended.IsZero() {
				o, n = out, n+1
			} else {
				over = true
			}
		}
	}
	d.mu.Unlock()
	in, err := d.findIncoming(ref, func(in *incoming) bool { return in.accepted && !in.state.Final() })
	switch {
	case n > 1 || n == 1 && in != nil:
		return nil, nil, stateError("several begin with %q; use more digits", ref)
	case n == 1:
		return o, nil, nil
	case in == nil && over:
		return nil, nil, stateError("this transfer is over")
	}
	return nil, in, err
}

func refers(ref string, id ShareID) bool {
	return len(ref) >= 4 && strings.HasPrefix(id.String(), strings.ToLower(ref))
}
