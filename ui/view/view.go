// Package view turns what the engine knows into what the window shows: every
// string, icon and enabled flag, and every decision that a gesture leads to. It
// is pure: the same values give the same [View], nothing is read or written, the
// time is an argument, and no toolkit is needed to test it.
//
// The engine's side is a [sharing.Snapshot], what the person has chosen is a
// [Choices]. What the window knows and the engine does not is a [Local]: the page,
// what is to be sent, who is ticked, what is held back. Gestures change it by its
// methods, which say what the engine is to be told.
//
// Words of the program go through [Words], which translates them. Names and
// sentences that come from elsewhere are only ever data for such words, never
// the words themselves.
package view

import (
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// Words translates the words of the program into the person's language. The
// text is English, with places for data such as {{.Name}}; data are keys and
// values in turn.
type Words interface {
	// L returns the translation of text.
	L(text string, data ...any) string

	// N returns the translation of text in the form that n of something takes.
	// The place {{.N}} is filled with n, grouped as the language does.
	N(text string, n int, data ...any) string

	// Format returns how the language writes numbers and dates.
	Format() Format
}

// A Page is what the middle of the window shows.
type Page int

// The pages.
const (
	Nearby Page = iota
	Transfers
	Settings
	Inside  // an offer, looked into
	Verify  // verify together
	Details // of a transfer
	Device  // details of a device
	Write   // a short text
	Address // of a device that does not show up by itself
	Pick    // files or a folder, where the system has no way to choose
	Mine    // the code that leads others to this device
	Keys
	About
)

// A Tone is the colour and icon that a word comes with.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Active
	Good
	Warn
	Bad
)

// A View is all that is to be seen.
type View struct {
	Title    string // of the window; no names of others in it
	Page     Page
	Rail     [3]RailItem // Nearby, Transfers, Settings
	Me       Me
	Notice   Notice
	Question Question
	Nearby   NearbyPage
	Now      Now
	Inside   InsidePage
	Verify   VerifyPage
	History  TransfersPage
	Details  DetailsPage
	Device   DevicePage
	Write    WritePage
	Address  AddressPage
	Pick     PickPage
	Mine     MinePage
	Tray     Tray

	// Again is when the view changes by itself, though nothing happens; zero if
	// it does not.
	Again time.Time
}

// A RailItem leads to a page.
type RailItem struct {
	Text    string
	Badge   string
	Current bool
	Label   string // for assistive technology
}

// Me is this device.
type Me struct {
	ID      identity.ID
	Name    string
	Visible string // who sees it
}

// again notes that the view changes at t.
func (v *View) again(t time.Time) {
	if !t.IsZero() && (v.Again.IsZero() || t.Before(v.Again)) {
		v.Again = t
	}
}

// Of returns what is to be seen. The memory is brought up to date on the way.
func Of(s sharing.Snapshot, l Local, c Choices, m *Memory, now time.Time, w Words) View {
	m.note(s, l.Aiming, now)
	m.limits = map[sharing.Direction]string{sharing.Sending: c.limitText(sharing.Sending, w), sharing.Receiving: c.limitText(sharing.Receiving, w)}
	s, shared := apart(s)
	v := View{Page: l.Page, Me: Me{ID: s.Self.ID, Name: name(s.Self.Name, w)}}
	if v.Me.Visible = visibleText(c, now, &v, w); s.Self.Offline {
		v.Me.Visible = w.L("No network")
	}
	v.Notice = l.Notice.at(now)
	v.again(v.Notice.Until)
	if v.Notice.Text == "" && len(l.Damaged) > 0 {
		v.Notice = Damaged(l.Damaged[0], w)
	}
	if n, is := invited(s, l, w); is {
		v.Notice = n
	}
	v.Question = l.Question
	v.Nearby = nearby(s, shared, l, c, m, now, &v, w)
	v.Now = happening(s, l, m, now, &v, w)
	v.History = transfersPage(s, l, m, now, w)
	v.Inside = inside(s, l, w)
	v.Verify = verify(s, l, now, &v, w)
	v.Details = details(s, l, m, now, w)
	v.Device = devicePage(s, shared, l, now, w)
	v.Write = writePage(s, shared, l, w)
	v.Address = addressPage(l, w)
	v.Pick = pickPage(l, w)
	v.Mine = minePage(s, l, w)
	v.Tray = tray(s, c, now, w)
	if l.Page == Pick && !v.Pick.There || l.Page == Inside && !v.Inside.There || l.Page == Details && !v.Details.There ||
		l.Page == Verify && !v.Verify.There || l.Page == Device && !v.Device.There || l.Page == Write && !v.Write.There {
		v.Page = l.Back // what was looked at is gone
	}
	rail(&v, s, w)
	return v
}

// rail fills in the ways to the pages, and what waits there.
func rail(v *View, s sharing.Snapshot, w Words) {
	waiting := len(s.Offers) + len(s.Messages)
	running := 0
	for _, t := range s.Transfers {
		if !t.State.Final() {
			running++
		}
	}
	at := v.Page
	if at >= Inside && at != Details {
		at = Nearby
	}
	v.Rail = [3]RailItem{
		{Text: w.L("Nearby"), Badge: badge(waiting, w), Current: at == Nearby},
		{Text: w.L("Transfers"), Badge: badge(running, w), Current: at == Transfers || at == Details},
		{Text: w.L("Settings"), Current: at == Settings},
	}
	for i := range v.Rail {
		v.Rail[i].Label = v.Rail[i].Text
	}
	if waiting > 0 {
		v.Rail[0].Label += ", " + w.N("{{.N}} requests waiting", waiting)
	}
	if running > 0 {
		v.Rail[1].Label += ", " + w.N("{{.N}} running", running)
	}
	v.Title = w.L("Potluck")
	if waiting > 0 {
		v.Title = w.L("({{.N}}) Potluck", "N", Count(waiting, w.Format()))
	}
}

func badge(n int, w Words) string {
	switch {
	case n == 0:
		return ""
	case n > 99:
		return "99+"
	}
	return Count(n, w.Format())
}
