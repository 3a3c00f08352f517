package sharing

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"potluck/sharing/identity"
)

const (
	linkScheme   = "potluck"
	maxLink      = 1000 // bytes that are looked at
	maxLinkAddrs = 4    // told by this device
	maxLinkRead  = 8    // of another one's
)

// A DeviceLink leads to a device: which one it is, and where it may be dialled. As a
// text it is made to be copied, or to be read from a screen by a camera:
//
//	potluck:ID?at=192.168.1.5:27420&at=[2001:db8::5]:27420
//
// Whoever uses it reaches that device or none, since the ID is the key. It says
// nothing about whose the device is: that is for the two people to verify.
type DeviceLink struct {
	ID    identity.ID
	Addrs []netip.AddrPort // best first
}

// String returns the text.
func (l DeviceLink) String() string {
	var b strings.Builder
	b.WriteString(linkScheme + ":" + l.ID.String())
	sep := "?"
	for _, a := range l.Addrs {
		b.WriteString(sep + "at=" + a.String())
		sep = "&"
	}
	return b.String()
}

// ParseDeviceLink reads the text of a link. What it does not know in it, it passes
// over.
func ParseDeviceLink(text string) (DeviceLink, bool) {
	text = strings.TrimSpace(text)
	if len(text) > maxLink {
		return DeviceLink{}, false
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != linkScheme {
		return DeviceLink{}, false
	}
	id, err := identity.ParseID(u.Opaque)
	if err != nil {
		return DeviceLink{}, false
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return DeviceLink{}, false
	}
	l := DeviceLink{ID: id}
	for _, at := range values["at"] {
		a, err := netip.ParseAddrPort(at)
		if err == nil && a.Port() != 0 && len(l.Addrs) < maxLinkRead {
			l.Addrs = append(l.Addrs, a)
		}
	}
	return l, true
}

// Link returns what leads others to this device. The error is [ErrNotRunning] if it
// is not listening.
func (d *Device) Link() (DeviceLink, error) {
	l := DeviceLink{ID: d.identity.ID()}
	own := d.hub.Addr()
	if !own.IsValid() {
		return l, ErrNotRunning
	}
	l.Addrs = Reachable(own, nil)
	if own.Addr().IsUnspecified() { // who has the link is at another computer
		l.Addrs = slices.DeleteFunc(l.Addrs, func(a netip.AddrPort) bool { return a.Addr().IsLoopback() })
	}
	l.Addrs = l.Addrs[:min(len(l.Addrs), maxLinkAddrs)]
	return l, nil
}

// reachLink gets a session with the device that a link leads to.
func (d *Device) reachLink(ctx context.Context, l DeviceLink) (identity.ID, error) {
	var addrs []string
	for _, a := range l.Addrs {
		addrs = append(addrs, a.String())
	}
	id, err := d.hub.Connect(ctx, l.ID, addrs...)
	if err == nil {
		d.noteReached(id, addrs...)
		return id, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(addrs) == 0 {
		addrs = []string{l.ID.Short()}
	}
	return id, d.whyUnreachedLocked(addrs[0], err)
}
