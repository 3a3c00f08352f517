// Package controltest has an [Engine] that does nothing but what a test tells
// it to, in place of a device.
package controltest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// ID returns an ID that is always the same for a name.
func ID(name string) identity.ID { return identity.ID(sha256.Sum256([]byte("device " + name))) }

// Share returns the ID of a share that is always the same for a title.
func Share(title string) sharing.ShareID { return sha256.Sum256([]byte("share " + title)) }

// Neighbour returns a neighbour of that name, with that [ID].
func Neighbour(name string) sharing.Neighbour {
	return sharing.Neighbour{ID: ID(name), Name: name, Kind: "laptop", Addr: "192.0.2.7:27420", Since: time.Unix(1_800_000_000, 0).UTC()}
}

// An Engine is a fake device. Its methods are safe to call from any goroutine.
type Engine struct {
	mu       sync.Mutex // guards the rest
	snapshot sharing.Snapshot
	watchers map[chan struct{}]struct{}
	watched  *sync.Cond // a watcher has come
	readers  map[chan sharing.Event]struct{}
	commands []string
	looks    int // how often the snapshot was taken
	reach    map[string]identity.ID
	fail     map[string]error
	accepted sharing.AcceptOptions
	verified sharing.Verified
	contents *manifest.Manifest
}

var _ control.Engine = (*Engine)(nil)

// New returns a device of that name, alone in the world.
func New(name string) *Engine {
	e := &Engine{
		snapshot: sharing.Snapshot{Self: sharing.Self{ID: ID(name), Name: name, Addr: "192.0.2.1:27420"}},
		watchers: make(map[chan struct{}]struct{}),
		readers:  make(map[chan sharing.Event]struct{}),
		reach:    make(map[string]identity.ID),
		fail:     make(map[string]error),
		verified: sharing.Verified{OK: true},
	}
	e.watched = sync.NewCond(&e.mu)
	return e
}

// Change lets f change what can be seen, and signals it.
func (e *Engine) Change(f func(*sharing.Snapshot)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(&e.snapshot)
	e.signalLocked()
}

func (e *Engine) signalLocked() {
	for ch := range e.watchers {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// Meet lets neighbours appear.
func (e *Engine) Meet(names ...string) {
	e.Change(func(s *sharing.Snapshot) {
		for _, name := range names {
			s.Neighbours = append(s.Neighbours, Neighbour(name))
		}
	})
}

// Tell gives an event to all who subscribed. Whoever is 1,024 behind is cut off.
func (e *Engine) Tell(events ...sharing.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range events {
		for ch := range e.readers {
			select {
			case ch <- event:
			default:
				delete(e.readers, ch)
				close(ch)
			}
		}
	}
	e.signalLocked()
}

// Fail lets a command ("send", "accept", …) end with err from now on.
func (e *Engine) Fail(command string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail[command] = err
}

// Reachable lets [Engine.Reach] find a device of that name at addr, as a
// neighbour from then on.
func (e *Engine) Reachable(addr, name string) {
	e.Meet(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reach[addr] = ID(name)
}

// Verifies lets [Engine.Verify] come to that result.
func (e *Engine) Verifies(v sharing.Verified) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.verified = v
}

// Commands returns what was commanded so far, one line each.
func (e *Engine) Commands() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.commands)
}

// Accepted returns how the last offer was accepted.
func (e *Engine) Accepted() sharing.AcceptOptions {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.accepted
}

// AwaitWatcher returns when somebody watches for changes.
func (e *Engine) AwaitWatcher() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.watchers) == 0 {
		e.watched.Wait()
	}
}

// Followers returns how many follow the events now.
func (e *Engine) Followers() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.readers)
}

// Looks returns how many snapshots have been taken.
func (e *Engine) Looks() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.looks
}

// Snapshot returns what can be seen.
func (e *Engine) Snapshot() sharing.Snapshot {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.looks++
	s := e.snapshot
	s.Neighbours = slices.Clone(s.Neighbours)
	s.Known = slices.Clone(s.Known)
	s.Pairings = slices.Clone(s.Pairings)
	s.Offers = slices.Clone(s.Offers)
	s.Transfers = slices.Clone(s.Transfers)
	for i := range s.Transfers {
		s.Transfers[i].Peers = slices.Clone(s.Transfers[i].Peers)
	}
	return s
}

// Watch returns a channel of signals that something has changed.
func (e *Engine) Watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.watchers[ch] = struct{}{}
	e.watched.Broadcast()
	return ch, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.watchers, ch)
	}
}

// Subscribe returns a channel of events.
func (e *Engine) Subscribe() (<-chan sharing.Event, func()) {
	ch := make(chan sharing.Event, 1024)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.readers[ch] = struct{}{}
	return ch, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.readers, ch)
	}
}

// Find looks among the neighbours, and then among those that are known, as a
// device does.
func (e *Engine) Find(who string) (identity.ID, error) {
	if id, err := identity.ParseID(who); err == nil {
		return id, nil
	}
	fits := func(n sharing.Neighbour) bool {
		return strings.EqualFold(who, n.Name) || strings.EqualFold(who, n.Alias) || len(who) >= 4 && strings.HasPrefix(n.ID.String(), strings.ToLower(who))
	}
	var found, met []sharing.Neighbour
	s := e.Snapshot()
	for _, n := range s.Neighbours {
		if fits(n) {
			found = append(found, n)
		}
	}
	for _, k := range s.Known {
		if n := (sharing.Neighbour{ID: k.ID, Name: k.Name, Alias: k.Alias, Paired: k.Paired}); fits(n) {
			met = append(met, n)
		}
	}
	if len(found) == 0 {
		found = met
	}
	switch len(found) {
	case 0:
		return identity.ID{}, sharing.ErrNotFound
	case 1:
		return found[0].ID, nil
	}
	return identity.ID{}, &sharing.AmbiguousError{Who: who, Candidates: found}
}

// Reach finds who was made [Engine.Reachable].
func (e *Engine) Reach(_ context.Context, addr string) (identity.ID, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch id, ok := e.reach[addr]; {
	case ok && id == e.snapshot.Self.ID:
		return identity.ID{}, sharing.ErrSelf
	case ok:
		return id, nil
	}
	return identity.ID{}, fmt.Errorf("no Potluck device answers at %s", addr)
}

// Send begins a transfer that waits for its takers, titled by its first path.
func (e *Engine) Send(_ context.Context, paths []string, to []identity.ID) (sharing.ShareID, error) {
	share := Share(paths[0])
	if err := e.note("send", strings.Join(paths, " ")); err != nil {
		return share, err
	}
	t := sharing.Transfer{Share: share, Direction: sharing.Sending, Title: paths[0], Files: 3, Bytes: 3000, State: sharing.Waiting, Paths: paths, Started: time.Unix(1_800_000_000, 0).UTC()}
	e.Change(func(s *sharing.Snapshot) {
		for _, id := range to {
			name := id.Short()
			for _, n := range s.Neighbours {
				if n.ID == id {
					name = n.Name
				}
			}
			t.Peers = append(t.Peers, sharing.Peer{ID: id, Name: name, State: sharing.Waiting, Connected: true, Total: 3000, Left: -1})
		}
		for i := range s.Transfers { // the same once more, which goes on
			if old := &s.Transfers[i]; old.Share == share && !old.State.Final() {
				old.Peers = append(slices.Clone(old.Peers), t.Peers...)
				return
			}
		}
		s.Transfers = append(s.Transfers, t)
	})
	return share, nil
}

// Peer changes one peer of a transfer.
func (e *Engine) Peer(share sharing.ShareID, id identity.ID, f func(*sharing.Peer)) {
	e.Change(func(s *sharing.Snapshot) {
		for i := range s.Transfers {
			for j := range s.Transfers[i].Peers {
				if p := &s.Transfers[i].Peers[j]; s.Transfers[i].Share == share && p.ID == id {
					f(p)
				}
			}
		}
	})
}

// Accept notes the command.
func (e *Engine) Accept(_ context.Context, ref string, o sharing.AcceptOptions) (sharing.ShareID, error) {
	share, err := e.command("accept", ref)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.accepted = o
	return share, err
}

// Decline notes the command.
func (e *Engine) Decline(_ context.Context, ref string) (sharing.ShareID, error) {
	return e.command("decline", ref)
}

// Pause notes the command.
func (e *Engine) Pause(_ context.Context, ref string) (sharing.ShareID, error) {
	return e.command("pause", ref)
}

// Resume notes the command.
func (e *Engine) Resume(_ context.Context, ref string) (sharing.ShareID, error) {
	return e.command("resume", ref)
}

// Cancel notes the command.
func (e *Engine) Cancel(_ context.Context, ref string) (sharing.ShareID, error) {
	return e.command("cancel", ref)
}

// Withdraw notes the command.
func (e *Engine) Withdraw(_ context.Context, ref string, id identity.ID) (sharing.ShareID, error) {
	return e.command("withdraw "+id.Short(), ref)
}

// Verify notes the command.
func (e *Engine) Verify(_ context.Context, ref string, o sharing.VerifyOptions) (sharing.Verified, error) {
	name := "verify"
	if o.Restore {
		name = "verify --restore"
	}
	if o.Wait > 0 {
		name += " --wait " + o.Wait.String()
	}
	share, err := e.command(name, ref)
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.verified
	v.Share = share
	return v, err
}

func (e *Engine) command(name, ref string) (sharing.ShareID, error) {
	if err := e.note(name, ref); err != nil {
		return sharing.ShareID{}, err
	}
	s := e.Snapshot()
	for _, o := range s.Offers {
		if strings.HasPrefix(o.Share.String(), ref) {
			return o.Share, nil
		}
	}
	for _, t := range s.Transfers {
		if strings.HasPrefix(t.Share.String(), ref) {
			return t.Share, nil
		}
	}
	return sharing.ShareID{}, sharing.ErrNotFound
}

func (e *Engine) note(command, what string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.commands = append(e.commands, command+" "+what)
	return e.fail[command]
}
