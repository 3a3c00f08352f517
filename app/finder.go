package app

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"potluck/app/settings"
	"potluck/discovery"
	"potluck/sharing"
)

// goneTime is how long there must be no interface in use before that is told: there
// is none for a moment when discovery begins, or a network takes another's place.
const goneTime = 2 * time.Second

// hintAgain is how often the device is told of everybody anew, so that it does
// not give up on those who are still heard of.
const hintAgain = 30 * time.Second

// A finder joins discovery and device: whom one hears of, the other may call.
type finder struct {
	device *sharing.Device
	store  *settings.Store
	log    *slog.Logger

	mu  sync.Mutex // guards now
	now *discovery.Discovery
}

// A quest is how to be found, and find.
type quest struct {
	on     []string // network interfaces
	silent bool
	port   int // that the device listens on
}

func (f *finder) quest() quest {
	s := f.store.Current()
	return quest{on: s.Interfaces, silent: s.SeenBy(time.Now()) != sharing.AudienceEveryone, port: int(f.device.Addr().Port())}
}

func (q quest) equal(other quest) bool {
	return q.silent == other.silent && q.port == other.port && slices.Equal(q.on, other.on)
}

// run looks for neighbours until ctx is done, and begins anew when the interfaces
// to look on have been changed, the port, or who finds this device. It is announced only
// where everybody may know of it: those who know it already call it where it was,
// and are called.
func (f *finder) run(ctx context.Context) error {
	changed, stop := f.store.Watch()
	defer stop()
	for ctx.Err() == nil {
		q := f.quest()
		d, err := discovery.New(discovery.Options{
			ID: f.device.Snapshot().Self.ID.String(), Port: q.port, Interfaces: q.on, Silent: q.silent, Log: f.log,
		})
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.now = d
		f.mu.Unlock()
		round, end := context.WithCancel(ctx)
		g, round := errgroup.WithContext(round)
		g.Go(func() error { return d.Run(round) })
		g.Go(func() error { f.hint(round, d); return nil })
		g.Go(func() error { f.forget(round, d); return nil })
		g.Go(func() error { f.tell(round, d); return nil })
		for round.Err() == nil && q.equal(f.quest()) {
			select {
			case <-round.Done():
			case <-changed:
			}
		}
		end()
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// await returns when an interface is in use, or after that long.
func (f *finder) await(ctx context.Context, atMost time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		f.mu.Lock()
		d := f.now
		f.mu.Unlock()
		if d != nil && len(d.Interfaces()) > 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// hint tells the device where others may be reached.
func (f *finder) hint(ctx context.Context, d *discovery.Discovery) {
	changed, stop := d.Watch()
	defer stop()
	again := time.NewTicker(hintAgain)
	defer again.Stop()
	moves := 0
	for {
		if m := d.Moves(); m != moves {
			moves = m
			f.device.Moved()
		}
		for _, n := range d.Neighbours() {
			f.device.Hint(n.ID, n.Addrs)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-again.C:
		}
	}
}

// tell tells the device whether there is a network.
func (f *finder) tell(ctx context.Context, d *discovery.Discovery) {
	changed, stop := d.Watch()
	defer stop()
	gone := time.NewTimer(goneTime)
	defer gone.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
			if len(d.Interfaces()) > 0 {
				gone.Stop()
				f.device.SetOffline(false)
			} else {
				gone.Reset(goneTime)
			}
		case <-gone.C:
			f.device.SetOffline(len(d.Interfaces()) == 0)
		}
	}
}

// forget tells discovery of those whose session has ended, so that it asks
// whether they are still there.
func (f *finder) forget(ctx context.Context, d *discovery.Discovery) {
	for ctx.Err() == nil {
		events, stop := f.device.Subscribe()
		f.forgetGone(ctx, d, events)
		stop()
	}
}

// forgetGone works until ctx is done or the events end, as they do for a
// subscriber that was too slow.
func (f *finder) forgetGone(ctx context.Context, d *discovery.Discovery, events <-chan sharing.Event) {
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-events:
			if !ok {
				return
			}
			if n, is := e.(sharing.NeighbourEvent); is && !n.Present {
				d.Forget(n.ID.String())
				d.Refresh()
			}
		}
	}
}
