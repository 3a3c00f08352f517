package view

import (
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
	Who     [3]TrayChoice
	Quit    string
	Dot     bool // something waits
}

// A TrayChoice is whom this device is visible to.
type TrayChoice struct {
	Audience sharing.Audience
	Text     string
	Chosen   bool
}

func tray(s sharing.Snapshot, c Choices, w Words) Tray {
	t := Tray{Open: w.L("Open Potluck"), Visible: w.L("Visible to"), Quit: w.L("Quit")}
	if n := len(s.Offers) + len(s.Messages); n > 0 {
		t.Waiting, t.Dot = w.N("{{.N}} requests waiting", n), true
	}
	running, paused, rate := 0, 0, int64(0)
	for _, x := range s.Transfers {
		switch x.State {
		case sharing.Running:
			_, _, r := amounts(x)
			running, rate = running+1, rate+r
		case sharing.Paused:
			paused++
		}
	}
	if running > 0 {
		t.Running = w.N("{{.N}} running", running)
		t.Hold = w.L("Pause all")
	} else if paused > 0 {
		t.Hold, t.Paused = w.L("Resume all"), true
	}
	visible := c.Visible
	if visible == "" {
		visible = sharing.AudienceEveryone
	}
	for i, a := range audiences {
		t.Who[i] = TrayChoice{Audience: a, Text: audienceText(a, w), Chosen: a == visible}
	}
	return t
}

var audiences = [3]sharing.Audience{sharing.AudienceEveryone, sharing.AudiencePaired, sharing.AudienceNobody}

func audienceText(a sharing.Audience, w Words) string {
	switch a {
	case sharing.AudiencePaired:
		return w.L("Verified people")
	case sharing.AudienceNobody:
		return w.L("Nobody")
	}
	return w.L("Everyone nearby")
}
