package sharing

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/session"
)

// maxKnown bounds the devices met, across restarts. Those that the person has
// paired with, blocked or named are kept, whatever strangers come along.
const maxKnown = 1000

// A knownDevice is one that this device has had a session with, or that was
// blocked. The fields about trust are written by this person alone: nothing that
// another device says changes them.
type knownDevice struct {
	Name     string    `json:"name"`
	Kind     string    `json:"kind,omitempty"`
	Addr     string    `json:"addr"`            // where it was last
	Given    []string  `json:"given,omitempty"` // where the person here has said it is; the last one first
	Heard    []string  `json:"heard,omitempty"` // where it was said to be when it was met
	Seen     time.Time `json:"seen"`
	Alias    string    `json:"alias,omitempty"`
	Paired   bool      `json:"paired,omitempty"`
	PairedAt time.Time `json:"pairedAt,omitzero"`
	Trusted  bool      `json:"trusted,omitempty"`
	Blocked  bool      `json:"blocked,omitempty"`
}

// lasting reports whether the person has said something about the device.
func (k *knownDevice) lasting() bool { return k.Paired || k.Blocked || k.Alias != "" }

// shown is what the person here knows the device by.
func (k *knownDevice) shown() string {
	if k.Alias != "" {
		return k.Alias
	}
	return k.Name
}

// nameLocked returns the person's own name for a device, or else what the device
// calls itself.
func (d *Device) nameLocked(id identity.ID, noted string) string {
	if k := d.known[id]; k != nil && k.Alias != "" {
		return k.Alias
	}
	return d.ownNameLocked(id, noted)
}

// ownNameLocked returns what a device calls itself, or called itself last: noted is
// what it did when something began with it, and counts if it is not known any more.
func (d *Device) ownNameLocked(id identity.ID, noted string) string {
	return cmp.Or(d.calledLocked(id), noted)
}

func (d *Device) pairedLocked(id identity.ID) bool {
	k := d.known[id]
	return k != nil && k.Paired
}

func (d *Device) blockedLocked(id identity.ID) bool {
	k := d.known[id]
	return k != nil && k.Blocked
}

func (d *Device) isBlocked(id identity.ID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.blockedLocked(id)
}

// A claims is the set of names that belong to paired devices, as they look.
type claims map[string]bool

func (d *Device) claimsLocked() claims {
	c := make(claims)
	for _, k := range d.known {
		if !k.Paired {
			continue
		}
		c[manifest.Lookalike(k.Name)] = true
		if k.Alias != "" {
			c[manifest.Lookalike(k.Alias)] = true
		}
	}
	return c
}

// twinLocked reports whether a device that is not paired goes by the name of one
// that is.
func (d *Device) twinLocked(c claims, id identity.ID, name string) bool {
	return len(c) > 0 && !d.pairedLocked(id) && c[manifest.Lookalike(name)]
}

func (d *Device) knownViewLocked(id identity.ID, k *knownDevice) KnownDevice {
	v := KnownDevice{
		ID: id, Name: k.Name, Alias: k.Alias, Kind: k.Kind, Paired: k.Paired, PairedAt: k.PairedAt,
		Trusted: k.Paired && k.Trusted, Blocked: k.Blocked, Seen: k.Seen,
	}
	if l := d.links[id]; l != nil && !k.Blocked {
		v.Here, v.Name = true, l.peer.Hello.Name
	}
	return v
}

// meetLocked remembers a device, and reports whether that is worth writing down
// soon: where it is, and what it calls itself.
func (d *Device) meetLocked(p session.Peer, now time.Time) (moved bool) {
	k := d.known[p.ID]
	if k == nil {
		if len(d.known) >= maxKnown && !d.forgetOldestLocked() {
			return false
		}
		k = &knownDevice{}
		d.known[p.ID] = k
	}
	before := *k
	k.Name, k.Kind, k.Seen = p.Hello.Name, manifest.Printable(p.Hello.Kind), now
	if p.Addr.IsValid() {
		k.Addr = p.Addr.String()
	}
	given := false
	if h := d.hints[p.ID]; h != nil {
		k.Heard = bounded(h.addrs, k.Addr)
		given = k.give(h.given)
	}
	return given || k.Addr != before.Addr || k.Name != before.Name
}

// forgetOldestLocked makes room for another device, if there is one that nobody
// has said anything about.
func (d *Device) forgetOldestLocked() bool {
	var oldest identity.ID
	var at time.Time
	for id, k := range d.known {
		if !k.lasting() && (oldest.IsZero() || k.Seen.Before(at)) {
			oldest, at = id, k.Seen
		}
	}
	delete(d.known, oldest)
	return !oldest.IsZero()
}

func (d *Device) knownFile() string { return filepath.Join(d.options.State, "known.json") }

// saveKnown writes down the devices met.
func (d *Device) saveKnown() error {
	d.savingKnown.Lock() // so that the latest is the last to be written
	defer d.savingKnown.Unlock()
	d.mu.Lock()
	data, err := json.Marshal(d.known)
	d.mu.Unlock()
	if err == nil {
		err = writeFile(d.knownFile(), data)
	}
	if err != nil {
		d.log.Warn("the devices met could not be saved", "err", err)
		return &sentenceError{"what is known of other devices could not be written down: " + err.Error(), err}
	}
	return nil
}

// loadKnown reads the devices met, and plans to dial those that something is
// going on with. A damaged file is set aside.
func (d *Device) loadKnown() {
	data, err := os.ReadFile(d.knownFile())
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	known := make(map[identity.ID]*knownDevice)
	if err == nil {
		err = json.Unmarshal(data, &known)
	}
	if err != nil {
		aside := setAside(d.knownFile())
		d.log.Warn("the list of devices met is damaged and was set aside", "err", err, "aside", aside)
		d.notes.add(fmt.Sprintf("The list of known devices was damaged. Nobody is verified or blocked any more, and own names are gone; do that again where it matters. The damaged list is kept as %s.", aside))
		return
	}
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	heirs := d.heirsLocked()
	for id, k := range known {
		if k == nil {
			continue
		}
		k.Name, k.Kind = manifest.DisplayName(k.Name, 64), manifest.Printable(k.Kind)
		k.Given, k.Heard = bounded(k.Given), bounded(k.Heard)
		if k.Alias != "" {
			k.Alias = manifest.DisplayName(k.Alias, maxAlias)
		}
		d.known[id] = k
		if k.Paired || heirs[id] || d.busyWithLocked(id) {
			d.hintKnownLocked(id, now)
		}
	}
	for len(d.known) > maxKnown && d.forgetOldestLocked() {
	}
}
