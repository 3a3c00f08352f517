package sharing

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/source"
	"potluck/sharing/swarm"
)

// keptFor is how long the files of a share that is over are served to those who may
// have it.
const keptFor = 7 * 24 * time.Hour

// releaseAfter is how long files stay open of which nothing is read.
const releaseAfter = 5 * time.Second

// A kept is a share that is over, whose files this device still has: delivered to
// it, or sent by it. It serves pieces from these files to others who may have the
// share. At rest it is not in the swarm, and nothing of it is in memory but this.
type kept struct {
	d        *Device
	id       ShareID
	length   int64
	infoHash [20]byte
	until    time.Time
	open     func(context.Context) (*keptPieces, error)

	loading sync.Mutex // held by whoever loads it or lets it rest; taken before d.mu

	// guarded by d.mu
	torrent *swarm.Torrent
	pieces  *keptPieces // not nil with torrent
	used    time.Time   // when it was last found busy
	moved   int64       // bytes served until then
	barred  bool        // it must not be loaded: it is over, or being repaired
}

// newKept returns what of a share that is over is to be served, nil if nothing is:
// it is without content, or too long ago.
func (d *Device) newKept(id ShareID, length int64, ended time.Time, open func(context.Context) (*keptPieces, error)) *kept {
	until := ended.Add(keptFor)
	if length == 0 || !time.Now().Before(until) {
		return nil
	}
	spec := swarm.Spec{Length: length, PieceLength: hashlist.PieceLength(length), Salt: torrentSalt(id)}
	return &kept{d: d, id: id, length: length, infoHash: spec.InfoHash(), until: until, open: open}
}

// keep serves a share that is over from now on.
func (d *Device) keep(k *kept) {
	if k == nil {
		return
	}
	d.mu.Lock()
	if d.kept[k.infoHash] == nil {
		d.kept[k.infoHash] = k
	}
	d.mu.Unlock()
	d.wakeKeeper()
}

// keptLocked returns the share if it is kept.
func (d *Device) keptLocked(share ShareID) *kept {
	for _, k := range d.kept {
		if k.id == share {
			return k
		}
	}
	return nil
}

// unkeep serves a share no more: it was forgotten, withdrawn, or is too long ago. It
// waits for whoever reads just now.
func (d *Device) unkeep(share ShareID) {
	d.mu.Lock()
	k := d.keptLocked(share)
	if k != nil {
		delete(d.kept, k.infoHash)
	}
	d.mu.Unlock()
	if k != nil {
		k.bar()
	}
}

// bar takes the share out of the swarm, for good or until it is not barred any more.
func (k *kept) bar() {
	k.loading.Lock()
	defer k.loading.Unlock()
	k.d.mu.Lock()
	k.barred = true
	k.d.mu.Unlock()
	k.unload()
}

// unload takes the share out of the swarm, and closes its files. It is called with
// loading held.
func (k *kept) unload() {
	k.d.mu.Lock()
	torrent, pieces := k.torrent, k.pieces
	k.torrent, k.pieces = nil, nil
	k.d.mu.Unlock()
	if torrent != nil {
		torrent.Drop()
	}
	if pieces != nil {
		pieces.source.Close()
	}
}

// load puts the share into the swarm, if it is not there, and returns its torrent:
// somebody who may have it wants it. What of it is not as it was any more is not
// served.
func (k *kept) load(ctx context.Context) (*swarm.Torrent, error) {
	k.loading.Lock()
	defer k.loading.Unlock()
	k.d.mu.Lock()
	torrent, barred := k.torrent, k.barred
	k.used = time.Now()
	k.d.mu.Unlock()
	switch {
	case torrent != nil:
		return torrent, nil
	case barred:
		return nil, errNotHere
	}
	pieces, err := k.open(ctx)
	if err != nil {
		return nil, err
	}
	if torrent, err = k.d.swarm.Add(pieces.spec(k.id), identity.ID{}, pieces); err != nil {
		pieces.source.Close()
		return nil, err
	}
	pieces.lost(func(pieces []int) { k.lost(torrent, pieces) })
	k.d.mu.Lock()
	k.torrent, k.pieces, k.moved, k.used = torrent, pieces, 0, time.Now()
	k.d.mu.Unlock()
	k.d.wakeKeeper()
	return torrent, nil
}

// lost takes back pieces that were promised: BitTorrent has no message for that, so
// whoever is connected has to come again.
func (k *kept) lost(torrent *swarm.Torrent, pieces []int) {
	k.d.tasks.run(func(context.Context) {
		for _, piece := range pieces {
			torrent.Changed(piece)
		}
		for _, p := range torrent.Stats().Peers {
			if p.Connected {
				torrent.Disconnect(p.ID)
			}
		}
	})
}

// rest unloads the share if nobody has fetched anything of it for long, and reports
// whether it is loaded.
func (k *kept) rest(now time.Time) (loaded bool) {
	k.loading.Lock()
	defer k.loading.Unlock()
	k.d.mu.Lock()
	torrent, pieces := k.torrent, k.pieces
	k.d.mu.Unlock()
	if torrent == nil {
		return false
	}
	moved := torrent.Stats().Written
	k.d.mu.Lock()
	quiet := moved == k.moved
	if !quiet {
		k.moved, k.used = moved, now
	}
	idle := now.Sub(k.used) >= k.d.idleAfter
	k.d.mu.Unlock()
	switch {
	case idle:
		k.unload()
	case quiet: // whoever deletes a file wants its space back
		pieces.source.Release()
	}
	return !idle
}

// wakeKeeper makes tendKept look again.
func (d *Device) wakeKeeper() {
	select {
	case d.keeper <- struct{}{}:
	default:
	}
}

// tendKept lets the shares that are kept rest, and ends those whose time is over,
// until ctx is done. When nothing is loaded it wakes once an hour.
func (d *Device) tendKept(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.keeper:
		case <-timer.C:
		}
		now := time.Now()
		next := time.Hour
		d.mu.Lock()
		list := make([]*kept, 0, len(d.kept))
		for _, k := range d.kept {
			list = append(list, k)
		}
		d.mu.Unlock()
		for _, k := range list {
			if !now.Before(k.until) {
				d.forgetSource(k.id)
				d.unkeep(k.id)
			} else if k.rest(now) {
				next = min(max(d.idleAfter/4, time.Millisecond), releaseAfter)
			}
		}
		timer.Reset(next)
	}
}

// unkeepAll ends the serving of all shares, when the device stops.
func (d *Device) unkeepAll() {
	d.mu.Lock()
	list := d.kept
	d.kept = make(map[[20]byte]*kept)
	d.mu.Unlock()
	for _, k := range list {
		k.bar()
	}
}

// mayHoldLocked reports whether a device may have a share that is over: of one that
// was delivered here, everybody in the roster and the sharer; of one that was sent,
// those who have it whole.
func (d *Device) mayHoldLocked(peer identity.ID, share ShareID) bool {
	if in := d.incoming[share]; in != nil {
		return in.state == Delivered && in.circle.hasLocked(peer)
	}
	if o := d.outgoing[share]; o != nil {
		t := o.takers[peer]
		return t != nil && t.state == Delivered && !d.blockedLocked(peer)
	}
	return false
}

// holdersLocked returns the devices that may have pieces of a share that was
// delivered to this one, and are here; the others are looked for.
func (d *Device) holdersLocked(share ShareID) []identity.ID {
	in := d.incoming[share]
	if in == nil {
		return nil
	}
	now := time.Now()
	for _, id := range append(slices.Clone(in.circle.roster.takers()), in.from) {
		if id != d.identity.ID() && d.links[id] == nil {
			d.hintKnownLocked(id, now)
		}
	}
	return ring(d.identity.ID(), in.circle.hereLocked())
}

// heirsLocked returns those whom a share went to as well that was delivered here and is
// kept. Some may still need it, and not know where this device is by now.
func (d *Device) heirsLocked() map[identity.ID]bool {
	heirs := make(map[identity.ID]bool)
	for _, k := range d.kept {
		if in := d.incoming[k.id]; in != nil && in.state == Delivered {
			for _, id := range in.circle.roster.takers() {
				heirs[id] = true
			}
		}
	}
	delete(heirs, d.identity.ID())
	return heirs
}

// wake makes a share ready that somebody who may have it has named on the wire.
func (d *Device) wake(infoHash [20]byte) {
	d.mu.Lock()
	k := d.kept[infoHash]
	var o *outgoing
	for _, out := range d.outgoing {
		if out.infoHash == infoHash && out.source != nil && !out.paused {
			o = out
		}
	}
	d.mu.Unlock()
	var err error
	switch {
	case k != nil:
		_, err = k.load(d.tasks.context())
	case o != nil:
		err = o.load()
	}
	if err != nil {
		d.log.Info("a share could not be made ready", "err", err)
	}
}

// keepReceived serves what was delivered to this device.
func (d *Device) keepReceived(in *incoming) {
	d.mu.Lock()
	v, ended := in.deliveryLocked(), in.ended
	delivered := in.state == Delivered && !in.hidden
	d.mu.Unlock()
	if !delivered {
		return
	}
	d.keep(d.newKept(v.id, v.length, ended, func(ctx context.Context) (*keptPieces, error) {
		r, err := v.open()
		if err != nil {
			return nil, err
		}
		src, err := r.source(ctx)
		if err != nil {
			return nil, err
		}
		return newKeptPieces(ctx, src, r.hashes, r.where.Has, r.lacks())
	}))
}

// keepSent serves what this device has sent to those who have it, for the files may
// be damaged there.
func (d *Device) keepSent(o *outgoing) {
	d.mu.Lock()
	sent, ended, failures, id, length := !o.hidden && o.deliveredLocked(), o.ended, o.failures, o.id, o.pieces.length
	d.mu.Unlock()
	k := d.newKept(id, length, ended, func(ctx context.Context) (*keptPieces, error) {
		f, err := os.Open(d.records.file(id, "source"))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		src, err := source.Load(ctx, f)
		if err != nil {
			return nil, err
		}
		hashes := d.loadHashes(id, src.Manifest().StreamLength(), d.identity.Public())
		if src.Manifest().StreamLength() != length || hashes.Known() < hashes.Len() {
			src.Close()
			return nil, errors.New("the hashes of what was sent are not kept")
		}
		for _, fail := range failures {
			if fail.Entry >= 0 && fail.Entry < src.Manifest().Len() {
				src.Fail(fail.Entry, source.Reason(fail.Why))
			}
		}
		return newKeptPieces(ctx, src, hashes, nil, nil)
	})
	if k == nil || !sent {
		d.forgetSource(id)
		return
	}
	if _, err := os.Stat(d.records.file(id, "source")); err != nil {
		return // its time was over before
	}
	d.keep(k)
}

// deliveredLocked reports whether somebody has received all of the share.
func (o *outgoing) deliveredLocked() bool {
	for _, t := range o.takers {
		if t.state == Delivered {
			return true
		}
	}
	return false
}

// forgetSource removes what is needed to read the files of a share of this device
// that is over.
func (d *Device) forgetSource(share ShareID) {
	d.mu.Lock()
	o := d.outgoing[share]
	d.mu.Unlock()
	if o == nil {
		return
	}
	for _, name := range []string{"source", "hashes"} {
		os.Remove(d.records.file(share, name))
	}
}
