package store

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// syncEvery and syncBytes are how much a power failure can cost.
	syncEvery = 2 * time.Second
	syncBytes = 256 << 20

	// syncFiles is how many files are synced at a time where the system has
	// no call to sync them all.
	syncFiles = 16

	// slack is by how much there may seem to be too little space before that is
	// an error: pieces that are not complete may be on disk already.
	slack = 64 << 20
)

// Run has the disk confirm what was verified, every 2 seconds or 256 MiB, and
// records that; it watches the free space, makes room in memory, and hashes what is
// in doubt. It returns after a last sync when ctx is done, nil unless that failed. What fails
// before is for [Item.Err].
func (i *Item) Run(ctx context.Context) error {
	var proving sync.WaitGroup
	proving.Go(func() { i.proveAlways(ctx) })
	defer proving.Wait()
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return i.sync(false)
		case <-tick.C:
			i.spill(time.Now().Add(-idle))
			if err := i.shortOfSpace(); err != nil {
				i.fail(err)
			}
		case <-i.wake:
		}
		if i.Err() == nil {
			i.sync(false) // an error is kept by fail
		}
	}
}

// sync has the disk confirm what was verified so far, and records that; all that
// is in staging if all is true.
func (i *Item) sync(all bool) error {
	i.syncing.Lock()
	defer i.syncing.Unlock()
	i.mu.Lock()
	batch, closed := i.unsynced, i.closed || i.notes.finished
	i.unsynced, i.dirty = nil, 0
	i.mu.Unlock()
	if closed || len(batch) == 0 && !all {
		return nil
	}
	if err := i.syncDisk(batch, all); err != nil {
		// What the disk refused may not be on it, though reading shows it: the
		// system does not tell of it twice.
		done, useErr := i.use()
		if useErr != nil {
			return useErr
		}
		defer done()
		return errors.Join(i.failDisk(err), i.lose(batch))
	}
	synced := record{kind: kindSynced, pieces: batch}
	err := i.journal.append(synced)
	if err == nil {
		err = i.journal.sync()
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if err != nil {
		i.unsynced = append(batch, i.unsynced...)
		if i.err == nil && !i.closed {
			i.err = err
			close(i.failure)
		}
		return err
	}
	i.notes.apply(synced)
	return nil
}

func (i *Item) syncDisk(batch []int, all bool) error {
	if err := i.sys.do("sync"); err != nil {
		return err
	}
	if i.sys.syncfs != nil {
		return i.sys.syncfs(i.disk.mount)
	}
	files, folders := i.touched(batch, all)
	if err := i.syncEach(files, i.disk.syncFile); err != nil {
		return err
	}
	return i.syncEach(folders, i.disk.syncFolder)
}

// touched returns the files that pieces are written to, and the folders above
// them; of all that is wanted if all is true.
func (i *Item) touched(batch []int, all bool) (files, folders []int) {
	i.place.RLock()
	defer i.place.RUnlock()
	l := i.layout
	set := newBitset(l.m.Len())
	edge := false
	for _, piece := range batch {
		for p := range l.parts(piece, i.disk.failed) {
			edge = edge || p.file == edgeFile
			if p.file != edgeFile && !p.zero {
				set.set(p.entry)
			}
		}
	}
	if all {
		for e := range l.m.Len() {
			if (l.m.Dir(e) || l.m.Size(e) == 0) && l.want.has(e) && !i.disk.failed.has(e) {
				set.set(e)
			}
		}
	}
	above := newBitset(l.m.Len())
	set.members(func(e int) {
		if l.m.Dir(e) {
			above.set(e)
		} else {
			files = append(files, e)
		}
		for p := l.m.Parent(e); p >= 0 && !above.has(p); p = l.m.Parent(p) {
			above.set(p)
		}
	})
	if edge {
		files = append(files, edgeFile)
	}
	above.members(func(e int) { folders = append(folders, e) })
	return files, append(folders, stagingFolder)
}

// syncEach syncs files or folders, several at a time.
func (i *Item) syncEach(list []int, sync func(int) error) error {
	var group errgroup.Group
	group.SetLimit(syncFiles)
	for _, e := range list {
		group.Go(func() error {
			done, err := i.use()
			if err != nil {
				return err
			}
			defer done()
			if err = sync(e); isMissing(err) {
				return nil // Finish will see
			}
			return err
		})
	}
	return group.Wait()
}

// stagingFolder stands for the folders of our own in staging.
const stagingFolder = -1

func (d *disk) syncFile(file int) error {
	h, err := d.openFile(file, false)
	if err != nil {
		return err
	}
	defer d.files.release(h)
	return syncFile(h.v)
}

func (d *disk) syncFolder(e int) error {
	if e == stagingFolder {
		if d.tree == nil {
			return nil
		}
		return errors.Join(syncRoot(d.tree), syncRoot(d.staging), syncRoot(d.download), flushDisk(d.mount))
	}
	h, err := d.openFolder(e, false)
	if err != nil {
		return err
	}
	defer d.folders.release(h)
	return syncRoot(h.v)
}

func syncRoot(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return syncFolder(f)
}

// shortOfSpace returns a *NoSpaceError if what is missing will not fit.
func (i *Item) shortOfSpace() error {
	i.mu.Lock()
	need := i.progress.totalBytes - i.progress.haveBytes
	skip := i.closed || i.notes.finished || i.err != nil
	i.mu.Unlock()
	if skip || need <= slack {
		return nil
	}
	free, err := i.sys.room(i.o.Folder)
	if err != nil || free+slack >= need {
		return nil
	}
	return &NoSpaceError{Folder: i.o.Folder, Need: need, Free: free}
}
