package view

import (
	"net"
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// An AddressPage is where the address of a device is typed that does not show up by
// itself.
type AddressPage struct {
	There   bool
	Title   string
	Prompt  string
	Help    string
	Bad     bool // Help says what went wrong
	Connect string
	Busy    bool // it is being tried
	Cancel  string
}

// maxAddress bounds what is taken for an address: no host has a longer name.
const maxAddress = 300

func addressPage(l Local, w Words) AddressPage {
	if l.Page != Address {
		return AddressPage{}
	}
	p := AddressPage{
		There: true, Title: w.L("Connect to an address"), Prompt: w.L("Address, such as 192.168.1.20"), Connect: w.L("Connect"), Cancel: w.L("Cancel"),
		Help: w.L("Of a device that runs Potluck and does not show up by itself. A port may follow, as in 192.168.1.20:27420."),
	}
	switch {
	case l.Reaching != "":
		p.Busy, p.Help = true, w.L("Connecting to {{.Address}}…", "Address", isolate+clean(l.Reaching)+endIsolate)
	case l.Unreached != "":
		p.Bad, p.Help = true, l.Unreached
	}
	return p
}

// AddressOf returns what was typed as an address that can be connected to: a host,
// a host and a port, or the link that leads to a device. It reports whether it can
// be one.
func AddressOf(typed string) (string, bool) {
	addr := strings.TrimSpace(typed)
	if _, ok := sharing.ParseDeviceLink(addr); ok {
		return addr, true
	}
	if addr == "" || len(addr) > maxAddress || strings.ContainsFunc(addr, func(r rune) bool { return r <= ' ' || r == '/' || r == '@' || hidden(r) }) {
		return "", false
	}
	if ip := net.ParseIP(strings.Trim(addr, "[]")); ip != nil {
		return addr, true
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr, !strings.ContainsAny(addr, ":[]")
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return addr, err == nil && n > 0 && host != ""
}

// NoAddress says that what was typed is no address.
func NoAddress(w Words) string {
	return w.L("That is no address. Type numbers or a name, such as 192.168.1.20 or office.local, and nothing else.")
}

// Reached is the notice that a device has answered at the address that was typed.
func Reached(id identity.ID, s sharing.Snapshot, now time.Time, w Words) Notice {
	return Notice{Tone: Good, Text: w.L("{{.Name}} is here now.", "Name", inText(NameOf(id, s), w)), Until: now.Add(noticeTime)}
}
