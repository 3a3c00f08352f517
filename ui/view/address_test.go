package view_test

import (
	"net/netip"
	"strings"
	"testing"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

func TestAddressOf(t *testing.T) {
	link := sharing.DeviceLink{ID: identity.ID{7}, Addrs: []netip.AddrPort{netip.MustParseAddrPort("192.168.1.20:27420")}}.String()
	for typed, want := range map[string]string{
		"192.168.1.20":         "192.168.1.20",
		"  192.168.1.20:27420": "192.168.1.20:27420",
		"fe80::1":              "fe80::1",
		"[fe80::1]:7":          "[fe80::1]:7",
		"[::1]":                "[::1]",
		"office.local":         "office.local",
		"office.local:27420":   "office.local:27420",
		" " + link + "\n":      link,

		"":                         "",
		"  ":                       "",
		":27420":                   "",
		"office.local:":            "",
		"office.local:0":           "",
		"office.local:65536":       "",
		"office.local:http":        "",
		"http://192.168.1.20/":     "",
		"user@192.168.1.20":        "",
		"two words":                "",
		"a\u202eb":                 "",
		"a:b:c":                    "",
		"[x]":                      "",
		strings.Repeat("a", 1<<20): "",
	} {
		got, ok := view.AddressOf(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%.40q is %.40q, %v", typed, got, ok)
		}
	}
}

func TestAddressPage(t *testing.T) {
	for _, c := range []struct {
		l         view.Local
		help      string
		bad, busy bool
	}{
		{view.Local{}, "Of a device that runs Potluck and does not show up by itself. A port may follow, as in 192.168.1.20:27420.", false, false},
		{view.Local{Reaching: "10.0.0.7"}, "Connecting to \u206810.0.0.7\u2069…", false, true},
		{view.Local{Unreached: "Nobody answers."}, "Nobody answers.", true, false},
	} {
		c.l.Page = view.Address
		v := of(t, around(), c.l)
		if a := v.Address; v.Page != view.Address || !a.There || a.Help != c.help || a.Bad != c.bad || a.Busy != c.busy {
			t.Errorf("%+v: %+v", c.l, a)
		}
	}
	if a := of(t, sharing.Snapshot{}, view.Local{}).Address; a.There {
		t.Errorf("on another page: %+v", a)
	}
}
