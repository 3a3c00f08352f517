package sharing

import (
	"errors"
	"log/slog"

	"potluck/sharing/identity"
)

// DefaultPort is the TCP port that a device listens on if it can. It is outside
// every system's range of ephemeral ports.
const DefaultPort = "27420"

// An AcceptMode says whose offers need no answer.
type AcceptMode string

// The modes. Whatever the mode, offers of blocked devices never arrive.
const (
	AcceptAsk      AcceptMode = "ask"      // ask for each offer
	AcceptPaired   AcceptMode = "paired"   // accept what paired devices offer, ask for the rest
	AcceptEveryone AcceptMode = "everyone" // accept every offer
	AcceptNobody   AcceptMode = "nobody"   // decline every offer
)

// Valid reports whether m is one of the modes.
func (m AcceptMode) Valid() bool {
	switch m {
	case AcceptAsk, AcceptPaired, AcceptEveryone, AcceptNobody:
		return true
	}
	return false
}

// Settings are what a person may change while the device runs.
type Settings struct {
	Name      string     // what others see, at most 64 bytes
	Downloads string     // the folder that offers go to, absolute
	Accept    AcceptMode // empty means AcceptAsk
}

// Options are what [New] needs.
type Options struct {
	Identity *identity.Identity // required
	State    string             // folder for what must survive a restart; required, made if missing
	Settings Settings           // Name and Downloads are required
	Listen   string             // "host:port"; empty means DefaultPort, or any free one, on every address
	Version  string             // of the program, told to neighbours
	Kind     string             // of machine, told to neighbours: "laptop", "desktop", "server"
	Log      *slog.Logger       // nil to log nothing
}

func (o *Options) check() error {
	switch {
	case o.Identity == nil:
		return errors.New("sharing: no identity")
	case o.State == "":
		return errors.New("sharing: no state folder")
	case o.Settings.Name == "":
		return errors.New("sharing: no name")
	case o.Settings.Downloads == "":
		return errors.New("sharing: no download folder")
	}
	if o.Settings.Accept == "" {
		o.Settings.Accept = AcceptAsk
	}
	if !o.Settings.Accept.Valid() {
		return errors.New("sharing: unknown way to accept offers: " + string(o.Settings.Accept))
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}
