package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"
)

const (
	// moveBatch is how many items are moved between two syncs of the journal.
	moveBatch = 512

	// busyTime is how long a rename is tried when another program has the file
	// open, which only Windows minds.
	busyTime = 10 * time.Second
)

// deliver moves the top-level items to their final places. It is called with
// place held alone.
func (i *Item) deliver(ctx context.Context) error {
	i.disk.forget() // Windows moves no folder in which something is open
	needed := i.needed()
	var tops []int
	for e := range i.layout.m.Len() {
		if i.layout.m.Parent(e) < 0 && needed.has(e) && !i.disk.places.done.has(e) {
			tops = append(tops, e)
		}
	}
	if len(tops) == 0 {
		return nil
	}
	m, err := i.newMover(ctx)
	if err != nil {
		return i.failDisk(err)
	}
	defer m.close()
	for batch := range slices.Chunk(tops, moveBatch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := m.moveAll(batch); err != nil {
			return err
		}
	}
	return nil
}

// A mover moves top-level items out of staging.
type mover struct {
	i    *Item
	ctx  context.Context
	from *os.File // the tree in staging
	to   *os.File // the download folder
}

func (i *Item) newMover(ctx context.Context) (*mover, error) {
	from, err := i.disk.tree.Open(".")
	if err != nil {
		return nil, err
	}
	return &mover{i: i, ctx: ctx, from: from, to: i.disk.mount}, nil
}

func (m *mover) close() { m.from.Close() }

// moveAll moves some items: all intents are on disk before the first is moved,
// and all moves before any is said to be done.
func (m *mover) moveAll(tops []int) error {
	i := m.i
	chosen := map[string]bool{}
	var intents []record
	for _, top := range tops {
		found, err := lstat(i.disk.tree, i.disk.plan.Name(top))
		if isMissing(err) {
			return i.loseItem(top)
		}
		if err != nil {
			return i.failDisk(err)
		}
		name, err := m.freeName(top, 1, chosen)
		if err != nil {
			return i.failDisk(err)
		}
		chosen[name] = true
		intents = append(intents, record{kind: kindIntent, number: top, text: name, id: uint64(found.id)})
	}
	if err := m.intend(intents); err != nil {
		return err
	}
	var done []record
	var failed error
	for at := range intents {
		if failed = m.move(&intents[at]); failed != nil {
			break
		}
		done = append(done, m.doneRecord(intents[at].number, intents[at].text))
	}
	return errors.Join(failed, m.confirm(done))
}

func (m *mover) doneRecord(top int, name string) record {
	r := record{kind: kindDone, number: top, text: name}
	if name == m.i.disk.plan.Name(top) {
		r.text = ""
	}
	return r
}

// intend records intents, and has the disk confirm that.
func (m *mover) intend(intents []record) error {
	i := m.i
	err := i.journal.append(intents...)
	if err == nil {
		err = i.journal.sync()
	}
	if err != nil {
		return i.fail(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range intents {
		i.notes.apply(r)
	}
	return nil
}

// confirm has the disk confirm that items have their final names, and records
// that.
func (m *mover) confirm(done []record) error {
	if len(done) == 0 {
		return nil
	}
	i := m.i
	if err := i.sys.do("sync folder"); err != nil {
		return i.failDisk(err)
	}
	if err := errors.Join(syncFolder(m.to), syncFolder(m.from)); err != nil {
		return i.failDisk(err)
	}
	if err := i.journal.append(done...); err != nil {
		return i.fail(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range done {
		i.notes.apply(r) // notes.places and disk.places are one
	}
	return nil
}

// freeName returns the first of the names for an item, from the nth on, that
// nobody has.
func (m *mover) freeName(top, n int, chosen map[string]bool) (string, error) {
	d := m.i.disk
	local, folder := d.plan.Name(top), d.layout.m.Dir(top)
	for ; ; n++ {
		name := numbered(local, n, folder)
		if chosen[name] {
			continue
		}
		_, err := d.download.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// move gives an item its final name. If somebody has taken that meanwhile,
// another one is intended, and r changed.
func (m *mover) move(r *record) error {
	i := m.i
	for {
		err := m.patiently(func() error { return m.moveTo(*r) })
		if errors.Is(err, errTaken) {
			name, err := m.freeName(r.number, 1, nil)
			if err != nil {
				return i.failDisk(err)
			}
			r.text = name
			if err := m.intend([]record{*r}); err != nil {
				return err
			}
			continue
		}
		if isMissing(err) {
			return i.loseItem(r.number)
		}
		if err != nil {
			return i.failDisk(err)
		}
		return nil
	}
}

// patiently calls f until no other program is in the way.
func (m *mover) patiently(f func() error) error {
	wait := 20 * time.Millisecond
	for since := time.Now(); ; wait *= 2 {
		err := f()
		if err == nil || !isBusy(err) || time.Since(since) > busyTime {
			return err
		}
		if err := pause(m.ctx, min(wait, time.Second)); err != nil {
			return err
		}
	}
}

// loseItem notes that a top-level item has gone from staging.
func (i *Item) loseItem(top int) error {
	var lost []int
	for piece := range i.layout.pieces {
		for p := range i.layout.parts(piece, i.disk.failed) {
			if p.file != edgeFile && i.layout.top(p.entry) == top {
				lost = append(lost, piece)
				break
			}
		}
	}
	if err := i.lose(lost); err != nil {
		return i.fail(err)
	}
	return &LostError{Pieces: lost}
}
