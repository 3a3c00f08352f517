package sharing

import (
	"context"
	"errors"
	"slices"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/source"
)

// progress is what a taker knows of what the sharer has found out.
type progress struct {
	hashes, amended, failed int
	checked                 bool
}

// news returns what a taker does not know yet. If that is nothing, it waits until
// there is something, or for hashWait.
func (o *outgoing) news(ctx context.Context, id identity.ID, at progress) hashesDoc {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	for {
		o.newsMu.Lock()
		more := o.more
		o.newsMu.Unlock()
		checked := o.checkedFor(id) // before the failures, so that all that it found are among them
		doc := hashesDoc{
			Runs:       o.hashes.Runs(at.hashes),
			Amendments: o.hashes.Amendments(at.amended),
			Failures:   o.failuresFrom(at.failed),
		}
		doc.Checked = checked && len(doc.Failures) < maxFailures
		if len(doc.Runs) > 0 || len(doc.Amendments) > 0 || len(doc.Failures) > 0 || doc.Checked && !at.checked {
			return doc
		}
		select {
		case <-ctx.Done():
			return doc
		case <-more:
		}
	}
}

// news returns the hashes and amendments that a fellow does not know yet, as the
// sharer signed them. If there are none, it waits for some, or for hashWait. What
// has failed only the sharer may say.
func (in *incoming) news(ctx context.Context, at progress) hashesDoc {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	var list *hashlist.List
	in.d.mu.Lock()
	if in.choice != nil {
		list = in.choice.hashes
	}
	in.d.mu.Unlock()
	if list == nil { // it was delivered before
		list = in.d.loadHashes(in.id, in.offer.Length, in.fromKey)
	}
	_ = list.Wait(ctx, at.hashes, at.amended) // then there is nothing to tell
	return hashesDoc{Runs: list.Runs(at.hashes), Amendments: list.Amendments(at.amended)}
}

// announceNews wakes the requests that wait for news.
func (o *outgoing) announceNews() {
	o.newsMu.Lock()
	defer o.newsMu.Unlock()
	close(o.more)
	o.more = make(chan struct{})
}

// failuresFrom returns the failures from number n on.
func (o *outgoing) failuresFrom(n int) []failureDoc {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	if n >= len(o.failures) {
		return nil
	}
	return slices.Clone(o.failures[n:min(len(o.failures), n+maxFailures)])
}

// lookForTaker makes sure that the files without content are looked at once after
// a taker has said yes: nobody ever reads them, so that nothing else would notice
// that one has something in it by now, or is gone.
func (o *outgoing) lookForTaker(id identity.ID) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	if t == nil || !t.receiving() || t.checked || t.checking || o.closed {
		return
	}
	t.checking = o.d.tasks.run(func(ctx context.Context) {
		err := o.look(ctx)
		if err != nil && !stopped(ctx, err) {
			o.d.log.Warn("shared files could not be looked at", "share", o.id.Short(), "err", err)
		}
		o.d.mu.Lock()
		t.checked, t.checking = err == nil, false
		o.d.mu.Unlock()
		o.announceNews()
	})
}

// look makes those files without content fail that are no longer what was
// offered.
func (o *outgoing) look(ctx context.Context) error {
	for i, e := range o.manifest.All() {
		if e.Dir || e.Size > 0 {
			continue
		}
		var failed *source.EntryError
		if err := o.source.Recheck(ctx, i); err != nil && !errors.As(err, &failed) {
			return err
		}
	}
	return nil
}

func (o *outgoing) checkedFor(id identity.ID) bool {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	t := o.takers[id]
	return t != nil && t.checked
}
