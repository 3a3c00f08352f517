package sharing

import (
	"net/netip"
	"strings"
	"testing"
)

func TestDeviceLink(t *testing.T) {
	for _, l := range []DeviceLink{
		{ID: [32]byte{1, 2}},
		{ID: [32]byte{0xff}, Addrs: []netip.AddrPort{netip.MustParseAddrPort("192.168.1.5:27420"), netip.MustParseAddrPort("[2001:db8::5]:1")}},
	} {
		got, ok := ParseDeviceLink(" " + l.String() + "\n")
		if !ok || got.String() != l.String() {
			t.Errorf("%s is read as %v, %v", l, got, ok)
		}
	}
	id := strings.Repeat("ab", 32)
	for text, addrs := range map[string]int{
		"potluck:" + id + "?at=host:27420&at=1.2.3.4&at=1.2.3.4:0&later=x":      0, // only what can be dialled counts
		"potluck:" + id + "?at=1.2.3.4:5" + strings.Repeat("&at=1.2.3.4:5", 50): maxLinkRead,
	} {
		if l, ok := ParseDeviceLink(text); !ok || len(l.Addrs) != addrs {
			t.Errorf("%s: %v, %v", text, l, ok)
		}
	}
	for _, text := range []string{
		"", "potluck:", "potluck:" + id[2:], "http:" + id, "potluck://" + id, "Anna", "192.168.1.5:27420", "potluck:" + id + "?at=%zz",
		"potluck:" + id + "?x=" + strings.Repeat("x", maxLink),
	} {
		if l, ok := ParseDeviceLink(text); ok {
			t.Errorf("%q is read as %v", text, l)
		}
	}
}

// A link leads to the device it names, and to no other one that answers there.
func TestReachByLink(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	l, err := anna.Link()
	if err != nil || len(l.Addrs) != 1 || l.ID != anna.identity.ID() {
		t.Fatalf("%v, %v", l, err)
	}
	other := l
	other.ID[0] ^= 1
	if id, err := ben.Reach(t.Context(), other.String()); err == nil {
		t.Errorf("another device was reached: %s", id.Short())
	}
	if id, err := ben.Reach(t.Context(), l.String()); err != nil || id != l.ID {
		t.Errorf("%s, %v", id.Short(), err)
	}
	if _, err := anna.Reach(t.Context(), l.String()); err != ErrSelf {
		t.Errorf("itself: %v", err)
	}
}
