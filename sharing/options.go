package sharing

import (
	"errors"
	"log/slog"

	"potluck/sharing/identity"
	"potluck/sharing/swarm"
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

// An Audience says for whom something holds.
type Audience string

// The audiences. Blocked devices are in none of them.
const (
	AudienceEveryone Audience = "everyone"
	AudiencePaired   Audience = "paired"
	AudienceNobody   Audience = "nobody"
)

// Valid reports whether a is one of the audiences.
func (a Audience) Valid() bool {
	switch a {
	case AudienceEveryone, AudiencePaired, AudienceNobody:
		return true
	}
	return false
}

// has reports whether a device belongs to the audience.
func (a Audience) has(paired bool) bool {
	return a == AudienceEveryone || a == AudiencePaired && paired
}

// Settings are what a person may change while the device runs.
type Settings struct {
	Name      string     // what others see, at most 64 bytes
	Downloads string     // the folder that offers go to, absolute; made when it is first needed, if the one above it is there
	Home      string     // below it, what is above Downloads is made as well; "" where somebody chose Downloads, whose disk may be out
	Accept    AcceptMode // empty means AcceptAsk
	Visible   Audience   // who finds this device; empty means AudienceEveryone
	Offers    Audience   // who may offer to it, others are refused; empty means AudienceEveryone
	UpLimit   int64      // bytes a second that content leaves with, all transfers together; 0 means no limit
	DownLimit int64      // the same for what comes in

	// The same for what leaves the local network, or comes from outside, besides.
	FarUpLimit, FarDownLimit int64
}

func (s *Settings) limits() swarm.Limits {
	return swarm.Limits{Up: s.UpLimit, Down: s.DownLimit, FarUp: s.FarUpLimit, FarDown: s.FarDownLimit}
}

// complete fills in what was left out.
func (s *Settings) complete() {
	if s.Accept == "" {
		s.Accept = AcceptAsk
	}
	if s.Visible == "" {
		s.Visible = AudienceEveryone
	}
	if s.Offers == "" {
		s.Offers = AudienceEveryone
	}
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
	o.Settings.complete()
	switch {
	case !o.Settings.Accept.Valid():
		return errors.New("sharing: unknown way to accept offers: " + string(o.Settings.Accept))
	case !o.Settings.Visible.Valid():
		return errors.New("sharing: unknown audience: " + string(o.Settings.Visible))
	case !o.Settings.Offers.Valid():
		return errors.New("sharing: unknown audience: " + string(o.Settings.Offers))
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}
