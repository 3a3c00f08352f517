package ui

import "context"

// A partsReader remembers which parts of a transfer are here, as they were read
// last, where nobody waits.
type partsReader struct {
	ref     string
	parts   []uint8
	reading bool
	fresh   bool // they were read since the last time they were shown
}

// partsOf returns the parts of a transfer as they are known, and has them read
// anew.
func (w *Window) partsOf(ref string) []uint8 {
	r := &w.parts
	if r.ref != ref {
		*r = partsReader{ref: ref, reading: r.reading}
	}
	source := w.source
	if !r.reading && !r.fresh && source != nil {
		r.reading = true
		w.readParts(source, ref)
	}
	r.fresh = false
	return r.parts
}

// readParts reads them on a goroutine of its own.
func (w *Window) readParts(source Source, ref string) {
	w.begin(func(context.Context) error {
		parts, err := source.Parts(ref)
		w.later(func() {
			w.parts.reading = false
			if err == nil && w.parts.ref == ref {
				w.parts.parts, w.parts.fresh = parts, true
			}
		})
		return nil // a transfer that has just ended has no parts
	})
}
