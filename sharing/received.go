package sharing

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/source"
	"potluck/sharing/store"
)

// stampsName is the file beside a record that tells whether the files that were
// delivered are still those that were.
const stampsName = "stamps"

// A delivery is what is remembered of a share that was delivered to this device, as
// far as its files are concerned.
type delivery struct {
	d        *Device
	id       ShareID
	key      ed25519.PublicKey // of the sharer
	length   int64
	into     string
	journal  string
	failures []failureDoc // entries that the sharer could not send: they count as zeros
}

// deliveryLocked returns what is remembered of a share that was delivered.
func (in *incoming) deliveryLocked() delivery {
	v := delivery{d: in.d, id: in.id, key: in.fromKey, length: in.offer.Length, failures: in.failures}
	c := in.choice
	if c == nil {
		c = &choice{into: in.rec.Into, journal: in.rec.Journal}
	}
	v.into, v.journal = c.into, c.journalName()
	return v
}

// A received is a share that was delivered, with all that is needed to read its
// files again. It holds nothing open.
type received struct {
	delivery
	names  *manifest.Manifest
	hashes *hashlist.List
	where  *store.Delivered
}

// open reads what is kept of a delivered share.
func (v delivery) open() (*received, error) {
	m, err := v.d.loadManifest(v.id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, stateError("the list of what was received is no longer kept, so that it cannot be checked")
	}
	if err != nil {
		return nil, fmt.Errorf("the list of what was received cannot be read: %w", err)
	}
	return v.openAs(m)
}

// openAs is open for who has the list of files.
func (v delivery) openAs(m *manifest.Manifest) (*received, error) {
	r := &received{delivery: v, names: m, hashes: v.d.loadHashes(v.id, v.length, v.key)}
	if r.hashes.Known() < r.hashes.Len() {
		return nil, errors.New("what the sender signed is no longer kept, so that this cannot be checked")
	}
	var err error
	r.where, err = store.ReadDelivered(r.options(v.journal, nil))
	if err != nil {
		return nil, fmt.Errorf("it is no longer known where the files were put: %w", err)
	}
	return r, nil
}

// options are those of the store for notes of that name.
func (r *received) options(notes string, want []bool) store.Options {
	return store.Options{
		Folder: r.into, State: r.d.records.file(r.id, notes), Share: r.id, Manifest: r.names, Want: want,
		Hashes: r.hashes, Log: r.d.log,
	}
}

// places says where the files are.
func (r *received) places(old bool) source.Places {
	return source.Places{Manifest: r.names, Folder: r.into, Name: r.where.Name, Has: r.where.Has, Old: old}
}

// stamp takes down which files were just delivered.
func (r *received) stamp(ctx context.Context) error {
	src, err := source.Place(ctx, r.places(false))
	if err != nil {
		return err
	}
	defer src.Close()
	return r.save(src)
}

// save writes down which files they are.
func (r *received) save(src *source.Source) error {
	return writeFileFrom(r.d.records.file(r.id, stampsName), src.SaveStamps)
}

// source returns the files as they were when they were delivered. If that was not
// taken down, or is damaged, those count that look as they should.
func (r *received) source(ctx context.Context) (*source.Source, error) {
	name := r.d.records.file(r.id, stampsName)
	f, err := os.Open(name)
	if err == nil {
		src, err := source.LoadPlaced(ctx, r.places(false), f)
		f.Close()
		if err == nil {
			r.zero(src)
			return src, nil
		}
		if !errors.Is(err, source.ErrDamaged) {
			return nil, err
		}
		aside := setAside(name)
		r.d.log.Warn("what was known of received files is damaged and was set aside", "share", r.id.Short(), "err", err, "aside", aside)
		r.d.notes.add(fmt.Sprintf("What was known of the files of transfer %s was damaged. It was made anew; the damaged notes are kept as %s.", r.id.Short(), aside))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	src, err := source.Place(ctx, r.places(true))
	if err != nil {
		return nil, err
	}
	if err := r.save(src); err != nil {
		r.d.log.Warn("what is known of received files could not be kept", "share", r.id.Short(), "err", err)
	}
	r.zero(src)
	return src, nil
}

// zero makes the entries that the sharer could not send read as zeros, as its
// hashes take them.
func (r *received) zero(src *source.Source) {
	for _, f := range r.failures {
		if f.Entry >= 0 && f.Entry < r.names.Len() {
			src.Fail(f.Entry, source.Reason(f.Why))
		}
	}
}

// isZero returns what tells whether the sharer could not send an entry.
func (r *received) isZero() map[int]bool {
	zero := make(map[int]bool, len(r.failures))
	for _, f := range r.failures {
		zero[f.Entry] = true
	}
	return zero
}

// lacks returns which pieces hold bytes of entries that were not taken.
func (r *received) lacks() []bool {
	list := make([]bool, r.hashes.Len())
	size := hashlist.PieceLength(r.length)
	zero := r.isZero()
	for e := range r.names.Len() {
		n := r.names.Size(e)
		if n == 0 || r.where.Has(e) || zero[e] {
			continue
		}
		from := r.names.Offset(e)
		for p := from / size; p <= (from+n-1)/size; p++ {
			list[p] = true
		}
	}
	return list
}
