package view

import (
	"slices"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// A VerifyPage lets two people compare their screens.
type VerifyPage struct {
	There   bool
	Asking  bool // nothing is known of it yet, but that it was begun
	Peer    identity.ID
	Title   string
	Text    string
	Dishes  []identity.Dish // to be compared, in this order
	Numbers string          // the same, for who has numbers on the other screen
	Match   string          // buttons; "" where there is nothing to say
	Differ  string
	Cancel  string
	Left    string // time
	Tone    Tone
	Again   string // begins anew
}

func pairingOf(s sharing.Snapshot, id identity.ID) (sharing.Pairing, bool) {
	i := slices.IndexFunc(s.Pairings, func(p sharing.Pairing) bool { return p.Peer == id })
	if i < 0 {
		return sharing.Pairing{}, false
	}
	return s.Pairings[i], true
}

func verify(s sharing.Snapshot, l Local, now time.Time, v *View, w Words) VerifyPage {
	if l.Page != Verify {
		return VerifyPage{}
	}
	p, there := pairingOf(s, l.With)
	if !there {
		n, here := neighbourOf(s, l.With)
		if !l.Asking || !here {
			return VerifyPage{}
		}
		p = sharing.Pairing{Peer: n.ID, Name: called(n), State: sharing.PairingStarting}
	}
	who := inText(p.Name, w)
	page := VerifyPage{There: true, Asking: !there, Peer: p.Peer, Title: w.L("Verify {{.Name}} together", "Name", who), Cancel: w.L("Cancel")}
	switch p.State {
	case sharing.PairingStarting:
		page.Text = w.L("Asking {{.Name}}…", "Name", who)
	case sharing.PairingComparing:
		page.Text = w.L("Look at both screens. Are these four the same, in this order?")
		page.Match, page.Differ = w.L("They match"), w.L("They differ")
		page.Dishes = slices.Clone(p.Dishes[:])
	case sharing.PairingWaiting:
		page.Text = w.L("Now {{.Name}} says yes on their screen.", "Name", who)
		page.Dishes = slices.Clone(p.Dishes[:])
	case sharing.PairingDone:
		page.Text, page.Tone, page.Cancel = w.L("Verified. From now on you know this device."), Good, w.L("Close")
		return page
	default:
		page.Text, page.Tone, page.Cancel = w.L("Not verified. Somebody may be in between. Try another network."), Bad, w.L("Close")
		if p.Error != "" {
			page.Text = w.L("Not verified. {{.Why}}", "Why", sentence(p.Error, w))
		}
		page.Again = w.L("Try again")
		return page
	}
	if numbers := p.Numbers(); numbers != "" {
		page.Numbers = w.L("If the other screen shows numbers, these are the same: {{.Numbers}}", "Numbers", numbers)
	}
	if !p.Until.IsZero() {
		page.Left = countdown(p.Until.Sub(now))
		v.again(now.Add(time.Second))
	}
	return page
}
