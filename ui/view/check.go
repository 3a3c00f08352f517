package view

import (
	"strings"
	"time"

	"potluck/sharing"
)

// A Checkup is what can be done, and was found, about what has been received:
// whether it still is as it was sent.
type Checkup struct {
	Button  Button // begins; zero where it cannot be checked, or is being so
	Restore Button // puts the originals beside what was changed
	Text    string // what the last check came to
	Tone    Tone
	Files   []Fact // that are not as they were sent, or were not
}

// checkup is what is known of a transfer.
func checkup(t sharing.Transfer, l Local, w Words) Checkup {
	if !Checkable(t) {
		return Checkup{}
	}
	c := Checkup{Button: Button{Text: w.L("Check and mend"), Do: CheckFiles}}
	if t.Verify != nil {
		c.Button = Button{}
	}
	v := l.Checked
	if v == nil || v.Share != t.Share || t.Checked != nil && !t.Checked.At.Equal(v.At) {
		if t.Checked != nil && t.Verify == nil { // all that is known of it by now
			c.Text, c.Tone = lacking(*t.Checked, w)
		}
		return c
	}
	c.Text, c.Tone = checked(*v, w)
	for _, group := range []struct {
		title   string
		entries sharing.Entries
	}{
		{w.L("Damaged"), v.Damaged},
		{w.L("Missing"), v.Missing},
		{w.L("Mended"), v.Repaired},
		{w.L("Renamed"), v.Beside},
		{w.L("Changed since"), v.Changed},
		{w.L("Not checked"), v.Unchecked},
	} {
		for _, path := range group.entries.Paths {
			c.Files = append(c.Files, Fact{What: group.title, Value: clean(path)})
		}
		if more := group.entries.Count - len(group.entries.Paths); more > 0 {
			c.Files = append(c.Files, Fact{What: group.title, Value: w.N("{{.N}} more", more)})
		}
	}
	if v.Changed.Count > 0 && !v.OK && t.Verify == nil {
		c.Restore = Button{Text: w.L("Put the originals beside them"), Do: RestoreFiles}
	}
	return c
}

// Checkable reports whether something is here of which it can be told whether it
// is as it was sent.
func Checkable(t sharing.Transfer) bool {
	return t.Direction == sharing.Receiving && t.State == sharing.Delivered && len(t.Paths) > 0
}

// received is the title of what was received, as it was when that was last looked at.
func received(t sharing.Transfer, who string, w Words) string {
	switch lack := t.Checked; {
	case lack == nil:
	case lack.Damaged > 0:
		return w.L("Damaged, from {{.Name}}", "Name", who)
	case lack.Missing > 0:
		return w.L("No longer complete, from {{.Name}}", "Name", who)
	}
	return w.L("Received from {{.Name}}", "Name", who)
}

// spoiled reports whether what was received was found damaged, or not there any more,
// and could not be mended. What somebody has changed is their own work.
func spoiled(t sharing.Transfer) bool {
	return t.State == sharing.Delivered && t.Checked != nil && t.Checked.Damaged+t.Checked.Missing > 0
}

// lacking says what was found when something was last looked at.
func lacking(c sharing.Checked, w Words) (string, Tone) {
	var parts []string
	say := func(n int, text func() string) {
		if n > 0 {
			parts = append(parts, text())
		}
	}
	say(c.Damaged, func() string { return w.N("{{.N}} files are damaged.", c.Damaged) })
	say(c.Missing, func() string { return w.N("{{.N}} files are no longer there.", c.Missing) })
	say(c.Changed, func() string {
		return w.N("{{.N}} files were changed since they came, and left as they are.", c.Changed)
	})
	say(c.Unchecked, func() string { return w.N("{{.N}} files could not be checked.", c.Unchecked) })
	switch {
	case c.OK():
		return w.L("Everything is here as it was sent."), Good
	case c.Damaged+c.Missing > 0:
		return strings.Join(parts, " "), Warn
	}
	return strings.Join(parts, " "), Plain
}

// checked says what a check came to.
func checked(v sharing.Verified, w Words) (string, Tone) {
	switch {
	case v.Error != "":
		// What is wrong comes before why it could not be mended.
		text := sentence(v.Error, w)
		if n := v.Damaged.Count + v.Missing.Count - v.Repaired.Count - v.Beside.Count; n > 0 {
			text = w.N("{{.N}} files are damaged or missing.", n) + " " + text
		}
		return text, Warn
	case v.OK && v.Repaired.Count > 0:
		return w.N("{{.N}} files were damaged or missing, and are as they were sent again.", v.Repaired.Count), Good
	case v.OK:
		return w.L("Everything is here as it was sent."), Good
	case v.Changed.Count > 0:
		return w.N("{{.N}} files were changed since they came, and left as they are.", v.Changed.Count), Plain
	}
	return w.L("Not everything is here as it was sent."), Warn
}

// CheckedNotice is the notice of what a check came to.
func CheckedNotice(v sharing.Verified, now time.Time, w Words) Notice {
	text, tone := checked(v, w)
	return Notice{
		Tone: tone, Text: join(itemName(v.Title, w), text), Button: w.L("Details"), Do: ShowChecked, Ref: v.Share.String(), Until: now.Add(4 * noticeTime),
	}
}

// checking makes a row that of a check.
func (r *Row) checking(t sharing.Transfer, w Words) {
	v := *t.Verify
	r.Icon, r.Tone, r.order, r.Note, r.NoteBad = Again, Active, 0, "", false
	r.Title = w.L("Checking…")
	if v.Repairing {
		r.Title = w.L("Mending…")
	}
	r.Part = part(v.Done, v.Total)
	r.Numbers = join(sizeOf(v.Done, v.Total, w), percentText(percent(v.Done, v.Total)))
	if v.Away {
		// The sender may be here, and no longer have it.
		r.Note = w.L("Waiting for somebody who has it")
		if p := t.Peers; len(p) == 1 && !p[0].Connected {
			r.Note = awayText(p[0], w)
		}
	}
	r.Buttons = [3]Button{{Text: w.L("Cancel"), Icon: Close, Do: StopChecking}}
}

// awayText says whom something waits for that anybody may bring who has it.
func awayText(p sharing.Peer, w Words) string {
	return w.L("Waiting for {{.Name}} to come back, or somebody else who has it", "Name", inText(p.Name, w))
}
