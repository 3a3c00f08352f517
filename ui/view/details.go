package view

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// A Fact is a line of details: what, and its value.
type Fact struct {
	What, Value string
	Path        bool // the end matters most
}

// A DetailsPage is all about one transfer.
type DetailsPage struct {
	There   bool
	Row     Row
	Facts   []Fact
	People  []Person
	Notes   []Fact // files that were left out, renamed, failed
	Parts   string // title of the bar; "" if there is none
	Speed   string // title of the graph; "" if there is none
	Samples []float32
	Sources []Person // whom it comes from, where those are several
	From    string   // title of these
	Check   Checkup
	Buttons [3]Button
	Close   string
}

// A Person is the other one of a transfer, or one of several.
type Person struct {
	ID        identity.ID
	Name      string
	Trust     Trust
	TrustText string
	Text      string // how far it is; "" where the row says it
	From      string // who serves it, and with how much; "" where it is one alone
	Part      float64
	Button    Button // withdraws it from that one of several
	Ref       string // what Button does something to
}

// shownSources bounds how many of those are named whom something comes from.
const shownSources = 20

// shownNotes bounds the list of remarks on a page.
const shownNotes = 200

func transferOf(s sharing.Snapshot, wanted string) (sharing.Transfer, bool) {
	i := slices.IndexFunc(s.Transfers, func(t sharing.Transfer) bool { return key(t) == wanted })
	if i < 0 {
		return sharing.Transfer{}, false
	}
	return s.Transfers[i], true
}

func details(s sharing.Snapshot, l Local, m *Memory, now time.Time, w Words) DetailsPage {
	if l.Page != Details {
		return DetailsPage{}
	}
	t, there := transferOf(s, l.Shown)
	if !there {
		return DetailsPage{}
	}
	p := DetailsPage{There: true, Row: row(t, m, now, w), Close: w.L("Back")}
	p.Facts = []Fact{
		{What: w.L("What"), Value: itemName(t.Title, w)},
		{What: w.L("How much"), Value: amount(t.Files, t.Folders, w) + dot + exact(t.Bytes, w)},
		{What: w.L("Begun"), Value: clock(t.Started, now, w)},
	}
	if !t.Ended.IsZero() {
		p.Facts = append(p.Facts, Fact{What: w.L("Ended"), Value: clock(t.Ended, now, w)})
	}
	for i, path := range t.Paths[:min(len(t.Paths), 5)] {
		what := ""
		if i == 0 {
			what = w.L("Where")
		}
		p.Facts = append(p.Facts, Fact{What: what, Value: Folder(path, l.Home), Path: true})
	}
	if t.Direction == sharing.Receiving && len(t.Paths) == 0 && t.Into != "" {
		p.Facts = append(p.Facts, Fact{What: w.L("Where"), Value: Folder(t.Into, l.Home), Path: true})
	}
	if n := len(t.Peers); n > 1 {
		p.Facts = append(p.Facts, Fact{What: w.L("Have all of it"), Value: w.L("{{.N}} of {{.M}}", "N", delivered(t), "M", n)})
	}
	for _, peer := range t.Peers {
		one := person(peer, w)
		one.Trust = trustIn(s, peer.ID)
		one.TrustText = trustText(one.Trust, w)
		if len(t.Peers) == 1 {
			one.Text = ""
		}
		if t.Direction == sharing.Sending {
			one.From = servedBy(peer, s.Self.ID, w)
			if len(t.Peers) > 1 && !peer.State.Final() {
				one.Button, one.Ref = Button{Text: w.L("Withdraw"), Do: WithdrawFrom}, TakerRef(t.Share.String(), peer.ID)
			}
		}
		p.People = append(p.People, one)
	}
	why := func(text string) string { return clause(text, w) }
	for _, group := range []struct {
		title string
		notes []sharing.Note
		say   func(string) string
	}{
		{w.L("Could not be read"), t.Failures, why}, {w.L("Left out"), t.LeftOut, why}, {w.L("Arrived under another name"), t.Renamed, clean},
	} {
		for _, n := range group.notes[:min(len(group.notes), shownNotes)] {
			p.Notes = append(p.Notes, Fact{What: group.title, Value: join(clean(n.Path), group.say(n.Text))})
		}
	}
	if !t.State.Final() {
		if t.Direction == sharing.Receiving {
			p.Parts = w.L("Parts")
		}
		if pace := m.paces[key(t)]; pace != nil && len(pace.samples) > 1 {
			p.Speed, p.Samples = w.L("Speed"), slices.Clone(pace.samples)
		}
	}
	p.Check = checkup(t, l, w)
	p.Sources = sources(t, s, w)
	if len(p.Sources) > 0 {
		p.From = w.L("Comes from")
	}
	p.Buttons = p.Row.Buttons
	if t.State.Final() && t.Verify == nil {
		n := 0
		for n < len(p.Buttons) && p.Buttons[n] != (Button{}) {
			n++
		}
		if n < len(p.Buttons) {
			p.Buttons[n] = Button{Text: w.L("Remove from the history"), Do: RemoveFromHistory}
		}
	}
	return p
}

// exact writes bytes to the last one.
func exact(n int64, w Words) string {
	if n < 1000 {
		return size(n, w)
	}
	return size(n, w) + " (" + w.N("{{.N}} bytes", int(n)) + ")"
}

// sources are those whom something received comes from, where these are not the
// sharer alone.
func sources(t sharing.Transfer, s sharing.Snapshot, w Words) []Person {
	if t.Direction != sharing.Receiving || len(t.Peers) != 1 {
		return nil
	}
	list := t.Peers[0].Sources
	if len(list) == 0 || len(list) == 1 && list[0].ID == t.Peers[0].ID {
		return nil
	}
	var people []Person
	for _, from := range list[:min(len(list), shownSources)] {
		one := Person{ID: from.ID, Name: name(from.Name, w), Trust: trustIn(s, from.ID), Part: -1}
		one.TrustText = trustText(one.Trust, w)
		one.Text = join(size(from.Bytes, w), sourceState(from, t.State, w))
		people = append(people, one)
	}
	return people
}

// servedBy says who passes something on to one of its takers.
func servedBy(p sharing.Peer, self identity.ID, w Words) string {
	if len(p.Sources) == 0 || len(p.Sources) == 1 && p.Sources[0].ID == self {
		return ""
	}
	var list []string
	for _, from := range p.Sources[:min(len(p.Sources), shownSources)] {
		who := w.L("you")
		if from.ID != self {
			who = inText(from.Name, w)
		}
		one := who + " " + size(from.Bytes, w)
		if state := sourceState(from, p.State, w); state != "" {
			one += " (" + state + ")"
		}
		list = append(list, one)
	}
	return w.L("Gets it from: {{.List}}", "List", strings.Join(list, ", "))
}

// sourceState is what is wrong with a source; "" if nothing is.
func sourceState(s sharing.Source, of sharing.State, w Words) string {
	switch {
	case s.Refused:
		return w.L("left out: it sent damaged data")
	case !s.Connected && !of.Final():
		return w.L("not connected")
	}
	return ""
}

func person(p sharing.Peer, w Words) Person {
	one := sharing.Transfer{Direction: sharing.Sending, State: p.State, Peers: []sharing.Peer{p}}
	v := Person{ID: p.ID, Name: name(p.Name, w), Part: -1}
	switch p.State {
	case sharing.Running, sharing.Paused, sharing.Stuck:
		v.Part = part(has(p), p.Total)
		v.Text = join(sizeOf(has(p), p.Total, w), percentText(percent(has(p), p.Total)))
		if p.Rate > 0 {
			v.Text = join(v.Text, speed(p.Rate, w))
		}
		switch {
		case !p.Connected:
			v.Text = w.L("Waiting for {{.Name}} to come back", "Name", inText(p.Name, w))
		case p.PausedThere:
			v.Text = join(title(one, w), v.Text)
		}
	case sharing.Delivered:
		v.Text = w.L("Has everything")
	case sharing.Waiting:
		v.Text = w.L("Waiting for an answer")
	case sharing.Withdrawn:
		v.Text = w.L("Withdrawn")
	default:
		v.Text = title(one, w)
		if p.Error != "" && p.State == sharing.Failed {
			v.Text = sentence(p.Error, w)
		}
	}
	return v
}

// A DevicePage is all about one device.
type DevicePage struct {
	There     bool
	ID        identity.ID
	Name      string
	Own       string // what it calls itself, if it is called something else here
	Trust     Trust
	TrustText string
	Why       string // what that means
	Facts     []Fact
	Rename    string
	Alias     string // what is in the entry
	Save      string
	Verify    string // "" if it cannot be verified now
	Auto      string // check box; "" where it does not exist
	AutoOn    bool
	Block     string
	Blocked   bool
	Unpair    string // "" if not verified
	Close     string
}

func devicePage(s sharing.Snapshot, shared namesakes, l Local, now time.Time, w Words) DevicePage {
	if l.Page != Device {
		return DevicePage{}
	}
	n, here := neighbourOf(s, l.With)
	k, known := knownOf(s, l.With)
	if !here && !known {
		return DevicePage{}
	}
	if !known {
		k = sharing.KnownDevice{ID: n.ID, Name: n.Name, Alias: n.Alias, Kind: n.Kind, Paired: n.Paired, Trusted: n.Trusted, Here: true}
	}
	p := DevicePage{
		There: true, ID: l.With, Name: name(shared.tell(l.With, knownName(k)), w), Alias: k.Alias, Trust: trustOf(k.Paired, n.Twin), Close: w.L("Back"),
		Rename: w.L("Name for me"), Save: w.L("Save"), Block: w.L("Block"), Blocked: k.Blocked,
	}
	if k.Alias != "" {
		p.Own = w.L("Calls itself {{.Name}}", "Name", inText(k.Name, w))
	}
	if k.Blocked {
		p.Block = w.L("Unblock")
	}
	if k.Paired {
		p.Unpair = w.L("Forget that it is verified…")
	}
	if k.Blocked {
		p.Trust = BlockedDevice
	}
	p.TrustText = trustText(p.Trust, w)
	switch p.Trust {
	case BlockedDevice:
		p.Why = w.L("You blocked this device: nothing comes from it, and nothing goes to it.")
	case Verified:
		p.Why = w.L("You compared both screens. This is the device you know.")
		if !k.PairedAt.IsZero() {
			p.Why = w.L("You compared both screens {{.When}}. This is the device you know.", "When", clock(k.PairedAt, now, w))
		}
		p.Auto, p.AutoOn = w.L("Take files without asking (programs are asked for all the same)"), k.Trusted
	case OtherDevice:
		p.Why = twinText(w)
	default:
		p.Why = w.L("Not verified: nobody has checked that this is really their device.")
	}
	if here && p.Trust != Verified && !k.Blocked {
		p.Verify = w.L("Verify together…")
	}
	if kind := kindText(k.Kind, w); kind != "" {
		p.Facts = append(p.Facts, Fact{What: w.L("Kind"), Value: kind})
	}
	seen := w.L("here now")
	if !here && !k.Seen.IsZero() {
		seen = clock(k.Seen, now, w)
	}
	p.Facts = append(p.Facts, Fact{What: w.L("Last seen"), Value: seen})
	if n.Addr != "" {
		p.Facts = append(p.Facts, Fact{What: w.L("Address"), Value: n.Addr})
	}
	p.Facts = append(p.Facts, Fact{What: w.L("Code"), Value: code(l.With)})
	return p
}

// code writes an ID in groups, to be read aloud.
func code(id identity.ID) string {
	s := strings.ToUpper(id.String())[:32]
	var groups []string
	for i := 0; i < len(s); i += 4 {
		groups = append(groups, s[i:i+4])
	}
	return strings.Join(groups, " ")
}

// countdown writes the time until t, as in 0:52.
func countdown(d time.Duration) string {
	n := max(0, int((d+time.Second-1)/time.Second))
	rest := strconv.Itoa(n % 60)
	if n%60 < 10 {
		rest = "0" + rest
	}
	return strconv.Itoa(n/60) + ":" + rest
}
