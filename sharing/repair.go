package sharing

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/source"
	"potluck/sharing/store"
	"potluck/sharing/swarm"
)

const (
	// repairName is where the notes about a repair lie. What they tell of is cleared
	// away when the repair is over, or when the device starts.
	repairName = "repair"

	// awayFor is how long a repair waits for somebody who has the share, and stillFor
	// for one who is here to send something.
	awayFor  = 15 * time.Second
	stillFor = time.Minute
)

// Sentences for people about a repair that came to nothing.
var (
	errAway  = errors.New("nobody who has it is here just now; verify it again when the device that sent it is back")
	errStill = errors.New("nothing comes from the devices that have it; they may have it no longer, or not as it was sent")
)

// mend fetches what is damaged or missing, and puts it in its place. What keeps it
// from that is told in the result; its error is that of ctx.
func (c *checkup) mend(ctx context.Context) error {
	var err error
	for range 2 { // the first time it may turn out that more is damaged
		want, must, may := c.wanted()
		if !must && (!may || c.asked || !c.somebodyIsHere()) {
			break
		}
		if err = c.mendThese(ctx, want); err != nil {
			break
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		c.result.Error = err.Error()
	}
	return nil
}

// wanted returns which entries are to be fetched, whether any has to be put
// somewhere, and whether that would tell more of those that are in doubt.
func (c *checkup) wanted() (want []bool, must, may bool) {
	m := c.names
	want = make([]bool, m.Len())
	doubts := false
	for e, f := range c.found {
		switch {
		case c.mended[e]:
		case f == damaged, f == missing, f == changed && c.restore && !m.Dir(e):
			want[e], must = true, true
		case f == doubtful:
			doubts = true
		}
	}
	// What shares a piece with them is compared with that piece once it is here. It
	// comes if one of the files in it is wanted, for which a small one will do.
	small := hashlist.PieceLength(c.length)
	for piece := range c.good {
		if _, all := c.holds(piece); all || !doubts {
			continue
		}
		c.parts(piece, func(e int, _, _ int64) {
			want[e] = want[e] || m.Size(e) <= small && (c.found[e] == doubtful || c.found[e] == changed)
		})
	}
	return want, must, slices.Contains(want, true)
}

// somebodyIsHere reports whether there is a session with a device that may have the
// share.
func (c *checkup) somebodyIsHere() bool {
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	return len(c.d.holdersLocked(c.id)) > 0
}

// mendThese fetches some entries, and does with each what is to be done.
func (c *checkup) mendThese(ctx context.Context, want []bool) error {
	c.asked = true
	d := c.d
	k := d.barKept(c.id)
	defer d.unbarKept(k)
	item, err := store.Create(c.options(repairName, want))
	if err != nil {
		return err
	}
	for _, f := range c.failures {
		item.FailEntry(f.Entry)
	}
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() {
		if err := item.Run(ctx); err != nil {
			d.log.Warn("what was fetched again could not be synced", "share", c.id.Short(), "err", err)
		}
	})
	defer func() {
		cancel()
		work.Wait()
		if e := item.Discard(); e != nil {
			d.log.Warn("what was fetched again could not be cleared away", "share", c.id.Short(), "err", e)
		}
	}()
	lacking := c.fetch(ctx, item)
	if lacking == errAway || lacking == errStill {
		if !c.giveUp(item, want) {
			return lacking
		}
	} else if lacking != nil {
		return lacking
	}
	if err := item.Stage(ctx); err != nil {
		return err
	}
	c.compare(ctx, item, want)
	if err = c.place(ctx, item, want); err == nil {
		err = lacking
	}
	if e := c.received.save(c.source); e != nil {
		d.log.Warn("what is known of received files could not be kept", "share", c.id.Short(), "err", e)
	}
	return err
}

// giveUp leaves out what could not be had, and reports whether anything is left.
func (c *checkup) giveUp(item *store.Item, want []bool) (any bool) {
	size := hashlist.PieceLength(c.length)
	for e := range want {
		if !want[e] {
			continue
		}
		here := true
		if n := c.names.Size(e); n > 0 {
			from := c.names.Offset(e)
			for p := from / size; p <= (from+n-1)/size; p++ {
				here = here && item.Complete(int(p))
			}
		}
		if any = any || here; !here {
			item.FailEntry(e)
		}
	}
	return any
}

// barKept lets nobody fetch a share that is kept, and returns it.
func (d *Device) barKept(share ShareID) *kept {
	d.mu.Lock()
	k := d.keptLocked(share)
	d.mu.Unlock()
	if k != nil {
		k.bar()
	}
	return k
}

// unbarKept undoes barKept, unless the share is not kept any more.
func (d *Device) unbarKept(k *kept) {
	if k == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kept[k.infoHash] == k {
		k.barred = false
	}
}

// serveAnew lets others have again what was found right and was not served any more,
// since it was wrong when it was read last.
func (c *checkup) serveAnew() {
	c.d.mu.Lock()
	var pieces *keptPieces
	if k := c.d.keptLocked(c.id); k != nil {
		pieces = k.pieces
	}
	c.d.mu.Unlock()
	if pieces != nil && pieces.lacksAny(c.good) {
		c.d.unbarKept(c.d.barKept(c.id)) // it is looked through when somebody asks for it again
	}
}

// goodPieces are what of a share was found right.
type goodPieces struct{ c *checkup }

func (g goodPieces) Complete(piece int) bool { return g.c.good[piece] }

func (g goodPieces) ReadAt(piece int, b []byte, off int64) (int, error) {
	return g.c.source.ReadAt(b, int64(piece)*hashlist.PieceLength(g.c.length)+off)
}

// fetch brings together the pieces of what is wanted: from here as far as they are
// right, the others from whoever has them.
func (c *checkup) fetch(ctx context.Context, item *store.Item) error {
	total, pieces := item.Total()
	if pieces == 0 {
		return nil
	}
	if err := item.Adopt(ctx, goodPieces{c}, func() bool { return true }); err != nil {
		return err
	}
	var list []int
	for piece := range c.hashes.Len() {
		if item.Missing(piece) {
			list = append(list, piece)
		}
	}
	if len(list) == 0 {
		return nil
	}
	here, _ := item.Have()
	c.show(func(v *Verifying) { *v = Verifying{Repairing: true, Total: total - here} })
	arrived := make(chan struct{}, 1)
	spec := swarm.Spec{Length: c.length, PieceLength: hashlist.PieceLength(c.length), Salt: torrentSalt(c.id)}
	torrent, err := c.d.swarm.Add(spec, identity.ID{}, &arrivals{item, arrived})
	if err != nil {
		return err
	}
	defer torrent.Drop()
	torrent.Want(list...)
	return c.await(ctx, item, torrent, here, arrived)
}

// await waits until all that is wanted is here, of which so many bytes were before.
func (c *checkup) await(ctx context.Context, item *store.Item, torrent *swarm.Torrent, had int64, arrived <-chan struct{}) error {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	var before int64 = -1
	away := false // as it was told last
	still := time.Now()
	for {
		have, pieces := item.Have()
		if _, total := item.Total(); pieces == total {
			return nil
		}
		if err := item.Err(); err != nil {
			return err
		}
		here := c.callHolders(torrent)
		now := time.Now()
		if have != before {
			before, still = have, now
			c.show(func(v *Verifying) { v.Done = have - had })
		}
		if gone := !here || now.Sub(still) > c.d.stallAfter && !c.offered(item, torrent); gone != away {
			away = gone
			c.show(func(v *Verifying) { v.Away = away })
		}
		switch quiet := now.Sub(still); {
		case !here && quiet > c.awayFor:
			return errAway
		case quiet > c.stillFor:
			return errStill
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-item.Failed():
		case <-arrived:
		case <-tick.C:
		}
	}
}

// callHolders names to the swarm those who may have what is wanted, and reports
// whether one of them is here.
func (c *checkup) callHolders(torrent *swarm.Torrent) (here bool) {
	c.d.mu.Lock()
	holders := c.d.holdersLocked(c.id)
	c.d.mu.Unlock()
	torrent.SetHolders(holders)
	return len(holders) > 0
}

// offered reports whether somebody who is connected has something that is missing.
func (c *checkup) offered(item *store.Item, torrent *swarm.Torrent) bool {
	return slices.ContainsFunc(torrent.Stats().Peers, func(p swarm.PeerStats) bool {
		return p.Connected && torrent.Has(p.ID, item.Missing)
	})
}

// compare looks at what could not be checked alone, now that whole pieces are here.
func (c *checkup) compare(ctx context.Context, item *store.Item, want []bool) {
	size := hashlist.PieceLength(c.length)
	sure := make([]bool, len(c.found)) // nothing is left in doubt
	for e := range sure {
		sure[e] = c.found[e] == doubtful
	}
	a, b := make([]byte, 256<<10), make([]byte, 256<<10)
	for piece := range c.good {
		if _, all := c.holds(piece); all {
			continue
		}
		c.parts(piece, func(e int, from, to int64) {
			if c.found[e] != doubtful {
				return
			}
			if !item.Complete(piece) || want[e] && !item.Covered(e) {
				sure[e] = false
				return
			}
			for from < to && ctx.Err() == nil {
				n := min(int64(len(a)), to-from)
				_, errA := c.source.ReadAt(a[:n], from)
				_, errB := item.ReadAt(piece, b[:n], from-int64(piece)*size)
				if errA != nil || errB != nil {
					sure[e] = false
					return
				}
				if !slices.Equal(a[:n], b[:n]) {
					c.found[e] = damaged
					return
				}
				from += n
			}
		})
	}
	for e := range sure {
		if sure[e] && c.found[e] == doubtful && ctx.Err() == nil {
			c.found[e] = whole
		}
	}
}

// place puts what was fetched where it belongs.
func (c *checkup) place(ctx context.Context, item *store.Item, want []bool) (err error) {
	m, err := item.Mender(ctx, c.source.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	for e := range want {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !want[e] || !item.Covered(e) {
			continue
		}
		if err := c.placeOne(ctx, m, e); err != nil {
			return err
		}
	}
	return nil
}

func (c *checkup) placeOne(ctx context.Context, m *store.Mender, e int) error {
	name, got := c.source.Name(e), store.Whole
	var err error
	switch c.found[e] {
	case damaged:
		got, err = m.Replace(e, c.names.Size(e), c.source.Time(e))
	case missing:
		got, name, err = m.Place(e, false)
	case changed:
		if !c.restore || c.names.Dir(e) {
			return nil
		}
		got, name, err = m.Place(e, true)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	c.mended[e] = true
	if c.names.Dir(e) {
		c.result.Repaired.add(c.pathOf(e))
		return nil
	}
	switch got {
	case store.Whole: // another file in its piece is the damaged one
		c.found[e] = whole
	case store.Changed: // somebody was quicker
		c.found[e] = changed
		return nil
	}
	if got == store.Beside {
		c.before[e] = c.pathOf(e)
	}
	var failed *source.EntryError
	if err := c.source.Moved(ctx, e, name); err != nil && !errors.As(err, &failed) {
		return err
	}
	switch got {
	case store.Beside:
		c.result.Beside.add(c.pathOf(e))
	case store.Replaced, store.Placed:
		c.result.Repaired.add(c.pathOf(e))
	}
	return nil
}

// clearRepair removes what a repair has left that was interrupted, and reports
// whether nothing is left.
func (d *Device) clearRepair(in *incoming) bool {
	if _, err := os.Lstat(d.records.file(in.id, repairName)); errors.Is(err, fs.ErrNotExist) {
		return true
	}
	d.mu.Lock()
	v := in.deliveryLocked()
	d.mu.Unlock()
	r := &received{delivery: v, hashes: hashlist.New(v.id, v.length, v.key)}
	m, err := d.loadManifest(v.id)
	if err != nil {
		return true // then nobody can tell what is ours
	}
	r.names = m
	return d.clearRepairOf(r)
}

func (d *Device) clearRepairOf(r *received) bool {
	item, err := store.Open(r.options(repairName, nil))
	if errors.Is(err, store.ErrNothing) {
		return true
	}
	if err == nil {
		err = item.Discard()
	}
	if mayGoLater(err) {
		d.log.Warn("what is left of a repair cannot be cleared away yet", "share", r.id.Short(), "err", err)
		return false
	}
	os.RemoveAll(d.records.file(r.id, repairName))
	return true
}
