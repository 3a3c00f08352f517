package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// lookTime is how long the window looks around before it says that nobody is
// there.
const lookTime = 3 * time.Second

// holdFrame is the time between two views while a bar runs down.
const holdFrame = 200 * time.Millisecond

// A Trust is what is known about who somebody is.
type Trust int

// The kinds of trust.
const (
	NotVerified Trust = iota
	Verified
	OtherDevice
	BlockedDevice
)

// A NearbyPage is who is around.
type NearbyPage struct {
	Title  string // above the cards
	Cards  []Card
	Empty  string // heading in place of cards
	Why    string // the line below it
	Enter  string // a way out: to type an address; "" if there is none
	Mine   string // another: to show others the way to this device
	Note   string // above the cards: who does not show up, and who sees this device all the same
	Change string // leads to who may see this device; "" if everybody may
	Hint   string // what a drop does
	Send   string // the button beside me
	Strip  string // what is moving, where there is no panel
	Bar    Bar    // while choosing
	Hold   Held   // while something can be taken back
	Broken bool   // there is no engine
}

// A Card is one person nearby.
type Card struct {
	ID        identity.ID
	Name      string
	Tag       string // tells two of one name apart
	Kind      string // "laptop", "desktop", "server", "phone" or ""
	Trust     Trust
	TrustText string
	State     string // what goes on between us
	StateTone Tone
	Part      float64 // of the arc; below 0 for none
	Ticked    bool
	Holding   bool
	Left      bool // has just left
	Wants     bool // waits for an answer of this person
	Auto      bool // its files are taken without asking
	Hint      string
	Label     string // for assistive technology, without the dish
}

// A Bar asks whom the basket is for.
type Bar struct {
	Text    string // what is to be sent
	Cancel  string
	Send    string
	CanSend bool
}

// A Held is what can still be taken back.
type Held struct {
	To   identity.ID // the first of them
	Text string
	Note string // what
	Undo string
	Part float64 // of the time that is left
}

func trustText(t Trust, w Words) string {
	switch t {
	case Verified:
		return w.L("Verified")
	case OtherDevice:
		return w.L("Other device")
	case BlockedDevice:
		return w.L("Blocked")
	}
	return w.L("Not verified")
}

func trustOf(paired, twin bool) Trust {
	switch {
	case twin:
		return OtherDevice
	case paired:
		return Verified
	}
	return NotVerified
}

// trustIn returns what is known about somebody, here or not.
func trustIn(s sharing.Snapshot, id identity.ID) Trust {
	k, _ := knownOf(s, id)
	n, _ := neighbourOf(s, id)
	if k.Blocked {
		return BlockedDevice
	}
	return trustOf(k.Paired || n.Paired, n.Twin)
}

func nearby(s sharing.Snapshot, shared namesakes, l Local, c Choices, m *Memory, now time.Time, v *View, w Words) NearbyPage {
	p := NearbyPage{Send: w.L("Send files…")}
	if l.Broken != "" {
		p.Broken, p.Empty, p.Why = true, w.L("Potluck could not start"), sentence(l.Broken, w)
		return p
	}
	if l.Starting {
		p.Empty = w.L("Starting…")
		return p
	}
	p.Cards = cards(s, shared, l, m, now, w)
	for _, gone := range m.left {
		if end := gone.at.Add(leftTime); end.After(now) {
			v.again(end)
		} else {
			v.again(now.Add(time.Second)) // when nobody aims any more
		}
	}
	switch looked := l.Began.Add(lookTime); {
	case s.Self.Offline && len(p.Cards) > 0: // somebody may not have been missed yet
		p.Title, p.Hint = w.L("No network"), w.L("Everything goes on by itself when it is back.")
	case s.Self.Offline:
		p.Empty, p.Why = w.L("No network"), w.L("Everything goes on by itself when it is back.")
	case len(p.Cards) > 0:
		if p.Title = w.N("{{.N}} nearby", len(s.Neighbours)); len(s.Neighbours) == 0 {
			p.Title = w.L("Nobody nearby yet")
		}
		p.Hint = w.L("Drop files on somebody, or anywhere to choose.")
		if c.hides(now) {
			p.Note, p.Change = hiddenNote(s, shared, w), w.L("Change…")
		}
	case c.hides(now):
		if p.Empty = w.L("Nobody nearby yet"); c.Visible == sharing.AudienceNobody {
			p.Empty = w.L("You are hidden")
		}
		p.Why, p.Change, p.Enter = hiddenNote(s, shared, w), w.L("Change who can see you…"), w.L("Enter an address…")
	case now.Before(looked):
		p.Empty = w.L("Looking around…")
		v.again(looked)
	default:
		p.Empty = w.L("Nobody nearby yet")
		p.Why = w.L("Whoever opens Potluck on this network shows up here by itself.")
		p.Enter, p.Mine = w.L("Enter an address…"), w.L("Show my QR code")
	}
	if l.Choosing {
		p.Title, p.Hint = w.L("Who is it for?"), ""
		p.Bar = bar(s, shared, l, w)
	}
	if n := len(l.Holds); n > 0 {
		p.Hold = held(l.Holds[n-1], l.Weight, now, w)
		v.again(l.Holds[0].Until)
		v.again(now.Add(holdFrame))
	}
	if !l.Wide {
		p.Strip = strip(s, l, m, w)
	}
	return p
}

func cards(s sharing.Snapshot, shared namesakes, l Local, m *Memory, now time.Time, w Words) []Card {
	list := make([]Card, 0, len(s.Neighbours)+len(m.left))
	s.Transfers = underWay(s.Transfers)
	for _, n := range s.Neighbours {
		c := card(n, s, l, w)
		for _, h := range l.Holds {
			if slices.Contains(h.To, n.ID) {
				c.hold(held(h, l.Weight, now, w))
			}
		}
		list = append(list, c)
	}
	for _, gone := range m.left {
		c := card(gone.Neighbour, sharing.Snapshot{}, Local{}, w)
		c.Left, c.State, c.StateTone, c.Hint = true, w.L("Just left"), Plain, ""
		if k, _ := knownOf(s, c.ID); k.Blocked { // it was sent away, and there is no trust in it
			c.Trust, c.TrustText, c.State = BlockedDevice, trustText(BlockedDevice, w), ""
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b Card) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), a.ID.Compare(b.ID))
	})
	m.arrange(list, l.Aiming)
	named := map[string]int{} // of those that have just left, too
	for _, c := range list {
		named[strings.ToLower(c.Name)]++
	}
	for i := range list {
		c := &list[i]
		if key := strings.ToLower(c.Name); shared[key] || named[key] > 1 {
			c.Tag = tag(c.ID)
		}
		parts := []string{strings.TrimSpace(c.Name + " " + c.Tag)}
		for _, s := range []string{kindText(c.Kind, w), c.TrustText, c.State} {
			if s != "" {
				parts = append(parts, s)
			}
		}
		c.Label = strings.Join(parts, ", ")
	}
	return list
}

func card(n sharing.Neighbour, s sharing.Snapshot, l Local, w Words) Card {
	c := Card{
		ID: n.ID, Name: name(called(n), w), Kind: n.Kind, Trust: trustOf(n.Paired, n.Twin), Part: -1,
		Ticked: !n.Twin && slices.Contains(l.Ticked, n.ID), Auto: n.Trusted && n.Paired, Hint: w.L("Drop files here"),
	}
	c.TrustText = trustText(c.Trust, w)
	if c.Trust == OtherDevice || l.Choosing { // then a click does something else
		c.Hint = ""
	}
	c.State, c.StateTone, c.Part, c.Wants = between(n.ID, s, w)
	if c.State == "" && slices.ContainsFunc(l.Preparing, func(p Parcel) bool { return slices.Contains(p.To, n.ID) }) {
		c.State, c.StateTone = w.L("Preparing…"), Active
	}
	if c.State == "" && c.Auto {
		c.State = w.L("Files taken without asking")
	}
	return c
}

// hold has the card say what is about to be offered, and how long that can still be taken
// back.
func (c *Card) hold(h Held) {
	c.Holding, c.State, c.StateTone, c.Part, c.Hint = true, h.Note, Active, h.Part, ""
}

// underWay returns those that have not ended: a history is long, and would be gone
// through for each card.
func underWay(all []sharing.Transfer) []sharing.Transfer {
	var some []sharing.Transfer
	for i := range all {
		if !all[i].State.Final() {
			some = append(some, all[i])
		}
	}
	return some
}

// between says what goes on between this device and another one: what waits for an
// answer comes first, then what is moving, and a text that can be read at any time
// last. The arc is that of what is moving, whatever the words say.
func between(id identity.ID, s sharing.Snapshot, w Words) (text string, tone Tone, part float64, wants bool) {
	text, tone, part = travels(id, s, w)
	for _, m := range s.Messages {
		if m.From == id {
			if wants = true; text == "" {
				text, tone = w.L("Sends you a message"), Active
			}
			break
		}
	}
	for _, p := range s.Pairings {
		if p.Peer == id && p.State == sharing.PairingComparing {
			return w.L("Wants to verify together"), Active, part, true
		}
	}
	for _, o := range s.Offers {
		if o.From == id {
			return w.L("Wants to send you files"), Active, part, true
		}
	}
	return text, tone, part, wants
}

// travels says how far all that moves between this device and another one is, taken
// together; the words are those of what matters most, and of the latest such. The part
// is below 0 where nothing moves.
func travels(id identity.ID, s sharing.Snapshot, w Words) (text string, tone Tone, part float64) {
	var latest sharing.Peer
	var direction sharing.Direction
	var done, total int64
	moving, waiting := false, false
	for _, t := range slices.Backward(s.Transfers) {
		for _, p := range t.Peers {
			if p.ID != id || p.State.Final() {
				continue
			}
			switch p.State {
			case sharing.Preparing, sharing.Offering, sharing.Waiting:
				waiting = true
				continue
			}
			if !moving || weight(p.State) > weight(latest.State) {
				moving, latest, direction = true, p, t.Direction
			}
			done, total = done+has(p), total+p.Total
		}
	}
	if !moving {
		if waiting {
			return w.L("Waiting for an answer"), Plain, -1
		}
		return "", Plain, -1
	}
	n := percent(done, total)
	part = float64(n) / 100
	switch {
	case latest.State == sharing.Finishing && done >= total:
		return w.L("Checking…"), Active, 1
	case latest.State == sharing.Finishing:
		return w.L("Checking…"), Active, part
	case latest.State == sharing.Paused:
		return w.L("Paused"), Plain, part
	case latest.State == sharing.Stuck && direction == sharing.Sending:
		return w.L("Stuck over there"), Warn, part
	case latest.State == sharing.Stuck:
		return w.L("Needs you"), Warn, part
	case direction == sharing.Sending:
		return w.L("Sending · {{.P}}", "P", percentText(n)), Active, part
	}
	return w.L("Receiving · {{.P}}", "P", percentText(n)), Active, part
}

// weight says how much the state of a transfer matters beside those of others with the
// same person: what is paused is not what goes on.
func weight(s sharing.State) int {
	switch s {
	case sharing.Stuck:
		return 3
	case sharing.Running:
		return 2
	case sharing.Finishing:
		return 1
	}
	return 0
}

func kindText(kind string, w Words) string {
	switch kind {
	case "laptop":
		return w.L("laptop")
	case "desktop":
		return w.L("desktop computer")
	case "server":
		return w.L("server")
	case "phone":
		return w.L("phone")
	}
	return ""
}

func bar(s sharing.Snapshot, shared namesakes, l Local, w Words) Bar {
	b := Bar{Text: basketText(l.Basket, l.Weight, w), Cancel: w.L("Cancel"), Send: w.L("Choose somebody")}
	to := l.here(s)
	switch len(to) {
	case 0:
	case 1:
		n, _ := neighbourOf(s, to[0])
		b.Send, b.CanSend = w.L("Send to {{.Name}}", "Name", inText(shared.tell(n.ID, called(n)), w)), true
	default:
		b.Send, b.CanSend = w.N("Send to {{.N}} people", len(to)), true
	}
	return b
}

// basketText says what is to be sent, and how much that is once it is known.
func basketText(b Basket, weight Weight, w Words) string {
	if b.Text != "" {
		return w.L("Message: {{.Text}}", "Text", isolate+clean(b.Text)+endIsolate)
	}
	text := listed(b.Paths, w)
	if weight.Known && slices.Equal(weight.Paths, b.Paths) {
		count := w.N("{{.N}} files", weight.Files)
		if weight.Files == 0 {
			count = w.N("{{.N}} folders", weight.Folders)
		} else if weight.Files == 1 && weight.Folders == 0 {
			count = "" // it is named
		}
		text = join(text, count, size(weight.Bytes, w))
	}
	return text
}

func held(h Hold, weight Weight, now time.Time, w Words) Held {
	v := Held{To: h.To[0], Undo: w.L("Undo"), Note: basketText(h.Basket, weight, w), Part: float64(h.Until.Sub(now)) / float64(holdTime)}
	v.Part = min(1, max(0, v.Part))
	if len(h.To) == 1 {
		v.Text = w.L("Offering to {{.Name}}", "Name", isolate+h.Names[0]+endIsolate)
	} else {
		v.Text = w.N("Offering to {{.N}} people", len(h.To))
	}
	return v
}

// strip sums up what is moving, and what waits, in one line.
func strip(s sharing.Snapshot, l Local, m *Memory, w Words) string {
	running, rate, longest := 0, int64(0), time.Duration(-1)
	for _, t := range s.Transfers {
		if t.State != sharing.Running {
			continue
		}
		_, _, r := amounts(t)
		running, rate = running+1, rate+r
		if p := m.paces[key(t)]; p != nil {
			longest = max(longest, p.left)
		}
	}
	var parts []string
	if n := len(s.Offers) + len(s.Messages); n > 0 {
		parts = append(parts, w.N("{{.N}} requests waiting", n))
	}
	if running > 0 {
		parts = append(parts, w.N("{{.N}} running", running))
		if rate > 0 {
			parts = append(parts, speed(rate, w))
		}
		if longest >= 0 {
			parts = append(parts, timeLeft(longest, w))
		}
	} else if len(l.Preparing) > 0 {
		parts = append(parts, w.L("Preparing…"))
	}
	return strings.Join(parts, dot)
}
