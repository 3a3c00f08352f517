package sharing

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/session"
)

// followHashes learns the hashes, and what failed, as the sharer finds out.
func (t *transfer) followHashes(ctx context.Context) {
	for ctx.Err() == nil {
		before := t.heard()
		err := t.askHashes(ctx)
		news := t.heard() != before
		if news {
			t.keepHashes()
			t.in.poke()
		}
		if news && err == nil {
			continue
		}
		if err != nil {
			t.in.d.log.Debug("hashes were not heard", "share", t.in.id.Short(), "err", err)
		}
		select { // a sharer that has nothing to say must not keep us busy
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// keepHashes writes down the hash list once all of it is here, so that what was
// received can be looked at after a restart while nobody is there.
func (t *transfer) keepHashes() {
	if t.listed || t.hashes.Known() < t.hashes.Len() {
		return
	}
	if err := writeFileFrom(t.in.d.records.file(t.in.id, "hashes"), t.hashes.Save); err != nil {
		t.in.d.log.Warn("the hashes of a share could not be kept", "share", t.in.id.Short(), "err", err)
		return
	}
	t.listed = true
}

// heard counts all that the sharer has told of hashes and failures.
func (t *transfer) heard() int {
	t.in.d.mu.Lock()
	defer t.in.d.mu.Unlock()
	n := t.hashes.Known() + t.hashes.AmendSeq() + len(t.in.failures)
	if t.in.checked {
		n++
	}
	return n
}

// askHashes asks the sharer, or, while it is not here, a fellow, who can tell of
// hashes alone.
func (t *transfer) askHashes(ctx context.Context) error {
	in := t.in
	from, known := in.informant()
	if !known {
		return session.ErrNoSession
	}
	in.d.mu.Lock()
	failed, checked := len(in.failures), in.checked
	in.d.mu.Unlock()
	path := fmt.Sprintf("/v1/shares/%s/hashes?from=%d&amended=%d&failed=%d&checked=%t",
		in.id, t.hashes.Known(), t.hashes.AmendSeq(), failed, checked)
	reply, status, err := in.d.call(ctx, from, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("status %d", status)
	}
	var doc hashesDoc
	if err := json.Unmarshal(reply, &doc); err != nil {
		return err
	}
	for _, run := range doc.Runs {
		if err := t.hashes.Add(run); err != nil {
			return err
		}
	}
	for _, a := range doc.Amendments {
		if err := t.hashes.AddAmendment(a); err != nil {
			return err
		}
		in.d.mu.Lock()
		in.amended = t.hashes.AmendSeq()
		in.d.mu.Unlock()
		if t.torrent != nil && a.Piece >= 0 && a.Piece < t.next && t.item.Missing(a.Piece) {
			t.torrent.Want(a.Piece) // what came for the old hash was refused
		}
	}
	if from != in.from {
		return nil
	}
	if err := t.hearFailures(doc.Failures); err != nil {
		return err
	}
	if doc.Checked && !checked {
		in.d.mu.Lock()
		in.checked = true
		in.d.mu.Unlock()
		in.save()
	}
	return nil
}

// informant returns whom to ask for hashes: the sharer if it is here, else one of
// the fellows that are.
func (in *incoming) informant() (identity.ID, bool) {
	in.d.mu.Lock()
	defer in.d.mu.Unlock()
	if in.d.links[in.from] != nil {
		return in.from, true
	}
	here := slices.DeleteFunc(in.circle.hereLocked(), func(id identity.ID) bool { return !in.circle.fellows[id].active })
	if len(here) == 0 {
		return identity.ID{}, false
	}
	return here[rand.IntN(len(here))], true
}

// hearFailures gives up the entries that the sharer cannot send any more.
func (t *transfer) hearFailures(failures []failureDoc) error {
	in := t.in
	for _, f := range failures {
		if f.Entry < 0 || f.Entry >= in.manifest.Len() {
			return fmt.Errorf("there is no entry %d", f.Entry)
		}
		f.Why = foreignSentence(f.Why[:min(len(f.Why), maxReason)])
		in.d.mu.Lock()
		full := len(in.failures) >= in.manifest.Len()
		if !full {
			in.failures = append(in.failures, f)
		}
		in.d.mu.Unlock()
		if full {
			return errors.New("more failures than entries")
		}
		t.item.FailEntry(f.Entry)
		t.unwant(f.Entry)
	}
	if n := len(failures); n > 0 && (n < maxFailures || time.Since(t.kept) > time.Second) {
		in.save() // not each time while there are more to come at once
		t.kept = time.Now()
	}
	return nil
}

// unwant stops asking for pieces that only held a failed entry.
func (t *transfer) unwant(entry int) {
	size := t.in.manifest.Entry(entry).Size
	if t.torrent == nil || size == 0 {
		return
	}
	length := hashlist.PieceLength(t.in.offer.Length)
	first := t.in.manifest.Offset(entry)
	var list []int
	for i := int(first / length); i <= int((first+size-1)/length); i++ {
		if !t.item.Wanted(i) {
			list = append(list, i)
		}
	}
	t.torrent.Unwant(list...)
}

// loadHashes returns the hash list kept of a share from before, or an empty one.
func (d *Device) loadHashes(share ShareID, length int64, sharer ed25519.PublicKey) *hashlist.List {
	if f, err := os.Open(d.records.file(share, "hashes")); err == nil {
		defer f.Close()
		if list, err := hashlist.Load(f, share, length, sharer); err == nil {
			return list
		}
	}
	return hashlist.New(share, length, sharer)
}
