package view

import (
	"slices"
	"time"

	"potluck/sharing"
)

// A Tray is the menu at the edge of the screen. Nothing in it comes from others.
type Tray struct {
	Open    string
	Waiting string // "" if nothing waits
	Running string // "" if nothing runs
	Hold    string // pause or resume all; "" if there is nothing to
	Paused  bool   // Hold resumes
	Visible string
	Who     []TrayChoice
	Quit    string
	Dot     bool // something waits
}

// Equal reports whether two menus are the same.
func (t Tray) Equal(u Tray) bool {
	return t.Open == u.Open && t.Waiting == u.Waiting && t.Running == u.Running && t.Hold == u.Hold && t.Paused == u.Paused &&
		t.Visible == u.Visible && slices.Equal(t.Who, u.Who) && t.Quit == u.Quit && t.Dot == u.Dot
}

// A TrayChoice is whom this device is visible to.
type TrayChoice struct {
	Audience sharing.Audience
	Text     string
	Chosen   bool
}

func tray(s sharing.Snapshot, c Choices, now time.Time, w Words) Tray {
	t := Tray{Open: w.L("Open Potluck"), Visible: w.L("Visible to"), Quit: w.L("Quit")}
	if n := len(s.Offers) + len(s.Messages); n > 0 {
		t.Waiting, t.Dot = w.N("{{.N}} requests waiting", n), true
	}
	running, paused, rate := 0, 0, int64(0)
	for _, x := range s.Transfers {
		switch {
		case x.State == sharing.Running:
			_, _, r := amounts(x)
			running, rate = running+1, rate+r
		case resumable(x):
			paused++
		}
	}
	if running > 0 {
		t.Running = w.N("{{.N}} running", running)
		t.Hold = w.L("Pause all")
	} else if paused > 0 {
		t.Hold, t.Paused = w.L("Resume all"), true
	}
	t.Who = WhoSees(c, now, w)
	return t
}

// OpenForNow stands among the audiences for everybody, for ten minutes.
const OpenForNow sharing.Audience = "everyone for a while"

// OpenMinutes is how many minutes that are.
const OpenMinutes = 10

// WhoSees are the choices of who finds this device.
func WhoSees(c Choices, now time.Time, w Words) []TrayChoice {
	chosen := c.Visible
	switch {
	case c.openFor(now) > 0:
		chosen = OpenForNow
	case chosen == "":
		chosen = sharing.AudienceEveryone
	}
	var list []TrayChoice
	for _, a := range []sharing.Audience{sharing.AudienceEveryone, OpenForNow, sharing.AudiencePaired, sharing.AudienceNobody} {
		if _, exists := c.Values["openUntil"]; exists || a != OpenForNow {
			list = append(list, TrayChoice{Audience: a, Text: audienceText(a, w), Chosen: a == chosen})
		}
	}
	return list
}

// openFor returns for how much longer everybody finds this device although fewer do
// otherwise.
func (c Choices) openFor(now time.Time) time.Duration {
	if c.Visible == sharing.AudienceEveryone || c.Visible == "" {
		return 0
	}
	return max(0, c.OpenUntil.Sub(now))
}

// visibleText says who finds this device.
func visibleText(c Choices, now time.Time, v *View, w Words) string {
	if left := c.openFor(now); left > 0 {
		minutes := int((left + time.Minute - 1) / time.Minute)
		v.again(c.OpenUntil.Add(-time.Duration(minutes-1) * time.Minute))
		return w.N("Everyone, for {{.N}} more minutes", minutes)
	}
	switch c.Visible {
	case sharing.AudiencePaired:
		return w.L("Only verified people can see you")
	case sharing.AudienceNobody:
		return w.L("Nobody can see you")
	}
	return w.L("Everyone nearby can see you")
}

var audiences = [3]sharing.Audience{sharing.AudienceEveryone, sharing.AudiencePaired, sharing.AudienceNobody}

func audienceText(a sharing.Audience, w Words) string {
	switch a {
	case OpenForNow:
		return w.N("Everyone, for {{.N}} minutes", OpenMinutes)
	case sharing.AudiencePaired:
		return w.L("Verified people")
	case sharing.AudienceNobody:
		return w.L("Nobody")
	}
	return w.L("Everyone nearby")
}
