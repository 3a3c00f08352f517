package sharing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"potluck/sharing/manifest"
)

// Contents returns the names and sizes of what the share that ref names holds: of
// an offer that waits for an answer, of a transfer on its way in either
// direction, and of one that was received and is still in the history. It does
// not change, and may be kept.
//
// The list of an offer or of a transfer on its way is here already and comes at
// once, whatever its length. The error is [ErrNotFound], or [ErrState] for a list
// that is still on its way or is no longer kept.
func (d *Device) Contents(ctx context.Context, ref string) (*manifest.Manifest, error) {
	o, in, err := d.findShare(ref)
	if err != nil {
		return nil, err
	}
	if o != nil {
		if o.manifest == nil {
			return nil, errNoContents
		}
		return o.manifest, nil
	}
	d.mu.Lock()
	m, state := in.manifest, in.state
	d.mu.Unlock()
	switch {
	case m != nil:
		return m, nil
	case !state.Final():
		return nil, stateError("the list of files of this offer is still on its way; try again in a moment")
	}
	m, err = d.loadManifest(in.id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoContents
	}
	if err != nil {
		return nil, fmt.Errorf("the list of files of this transfer cannot be read: %w", err)
	}
	return m, ctx.Err()
}

var errNoContents = stateError("the list of files of this transfer is no longer kept")

// findShare returns the one share that ref names, in either direction and
// whatever its state.
func (d *Device) findShare(ref string) (*outgoing, *incoming, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var o *outgoing
	var in *incoming
	n := 0
	for id, out := range d.outgoing {
		if refers(ref, id) && !out.hidden {
			o, n = out, n+1
		}
	}
	for id, i := range d.incoming {
		if refers(ref, id) && !i.hidden {
			in, n = i, n+1
		}
	}
	switch n {
	case 0:
		return nil, nil, fmt.Errorf("nothing is called %q here: %w", ref, ErrNotFound)
	case 1:
		return o, in, nil
	}
	return nil, nil, stateError("several begin with %q; use more digits", ref)
}

// pick returns for each entry whether it was chosen, as the options say it; nil
// means all of them. With an entry the folders that it is in are chosen too.
func (o *AcceptOptions) pick(m *manifest.Manifest) ([]bool, error) {
	switch {
	case o.Want != nil && len(o.Only) > 0:
		return nil, errors.New("what is wanted is named twice: by patterns and one by one")
	case o.Want == nil && len(o.Only) > 0:
		return manifest.Select(m, o.Only)
	case o.Want == nil:
		return nil, nil
	case len(o.Want) != m.Len():
		return nil, fmt.Errorf("the choice is about %d files and folders, and the offer has %d", len(o.Want), m.Len())
	case !slices.Contains(o.Want, true):
		return nil, stateError("nothing is chosen of this offer; choose something, or decline it")
	case !slices.Contains(o.Want, false):
		return nil, nil
	}
	want := slices.Clone(o.Want)
	for i := m.Len() - 1; i >= 0; i-- {
		if p := m.Parent(i); p >= 0 && want[i] {
			want[p] = true
		}
	}
	return want, nil
}
