package lab

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// MayLeave is the event that tells the sharer that those who take a share have
// all of it between them: this device is needed no more.
const MayLeave = "spread"

// An Event is one object that a command printed with --json.
type Event struct {
	Name string // of the event; "" for objects that are not events
	Raw  json.RawMessage
}

// Text returns the field as text: a string as it is, anything else as JSON.
func (e Event) Text(field string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Raw, &fields) != nil {
		return ""
	}
	var s string
	if json.Unmarshal(fields[field], &s) == nil {
		return s
	}
	return string(fields[field])
}

// Into reads the whole object into v.
func (e Event) Into(t T, v any) {
	t.Helper()
	if err := json.Unmarshal(e.Raw, v); err != nil {
		t.Fatalf("%s: %v", e.Raw, err)
	}
}

// readEvents calls each for every line of r until it ends.
func readEvents(r io.Reader, each func(Event)) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		e := Event{Raw: []byte(lines.Text())}
		e.Name = e.Text("event")
		each(e)
	}
	_, _ = io.Copy(io.Discard, r) // never let the other side wait
}

func (d *Device) add(e Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	close(d.arrived)
	d.arrived = make(chan struct{})
}

// Seen returns how many events the device has printed so far: a place to wait
// from, with [Device.WaitAfter].
func (d *Device) Seen() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.events)
}

// Wait returns the first event of that name that the device ever printed, or
// waits for it, for a minute at most.
func (d *Device) Wait(t T, name string) Event {
	t.Helper()
	return d.WaitAfter(t, 0, name)
}

// WaitAfter is like [Device.Wait], but begins with event number seen.
func (d *Device) WaitAfter(t T, seen int, name string) Event {
	t.Helper()
	e, err := d.await(seen, time.Minute, func(e Event) bool { return e.Name == name })
	if err != nil {
		t.Fatalf("%s: waiting for %q: %v", d.Name, name, err)
	}
	return e
}

// Has reports whether the device has printed an event of that name.
func (d *Device) Has(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, e := range d.events {
		if e.Name == name {
			return true
		}
	}
	return false
}

// await returns the first event from number seen that is good.
func (d *Device) await(seen int, limit time.Duration, good func(Event) bool) (Event, error) {
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	for {
		d.mu.Lock()
		news, arrived, exited, alive := d.events[seen:], d.arrived, d.exited, d.process != nil
		d.mu.Unlock()
		for _, e := range news {
			if good(e) {
				return e, nil
			}
		}
		seen += len(news)
		if !alive {
			return Event{}, fmt.Errorf("it has ended: %v", d.status)
		}
		select {
		case <-arrived:
		case <-exited: // look once more, for the last events
		case <-timeout.C:
			return Event{}, fmt.Errorf("not after %v", limit)
		}
	}
}

func (d *Device) history() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, e := range d.events[max(0, len(d.events)-40):] {
		fmt.Fprintf(&b, "%.500s\n", e.Raw)
	}
	return b.String()
}

// Eventually fails t unless ok becomes true within the limit.
func Eventually(t T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not after %v: %s", limit, what)
		}
	}
}
