package view

import (
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/manifest"
)

// An Icon stands beside words; the window draws it.
type Icon int

// The icons of rows and buttons.
const (
	NoIcon Icon = iota
	Down
	Up
	Wait
	PauseIcon
	Play
	Close
	Check
	Fault
	FolderIcon
	Again
)

// A Row is one transfer.
type Row struct {
	Key     string // the same row in the next view
	Ref     string // for the engine
	Icon    Icon
	Tone    Tone
	Title   string // what happens, with whom
	What    string
	Part    float64 // of the bar, 0 to 1; below 0 for no bar
	Numbers string  // parts that fall away from the left where there is no room
	Note    string  // why it does not go on, or what is slowest
	NoteBad bool
	Lid     string // that this computer may be closed
	Buttons [3]Button
	Label   string

	order int
}

// A Button is one of a row.
type Button struct {
	Text    string // what it says, or is called where it has an icon alone
	Icon    Icon
	Primary bool
	Do      Do
}

// row shows a transfer.
func row(t sharing.Transfer, m *Memory, now time.Time, w Words) Row {
	r := Row{
		Key: key(t), Ref: t.Share.String(), Part: -1, What: titleOf(t.Title, t.Files, t.Folders, w), Title: title(t, w),
		order: 1,
	}
	r.Icon, r.Tone = sign(t)
	done, total, _ := amounts(t)
	switch t.State {
	case sharing.Preparing, sharing.Offering, sharing.Waiting:
		r.What += dot + size(t.Bytes, w)
	case sharing.Running:
		r.order = 0
		r.Part = part(done, total)
		r.Numbers, r.Note = numbers(t, m, now, w)
	case sharing.Paused, sharing.Stuck:
		r.Part = part(done, total)
		r.Numbers = join(sizeOf(done, total, w), percentText(percent(done, total)))
	case sharing.Finishing:
		r.Part = 1
		if t.Files > 1 { // with many it takes a while
			r.Numbers = w.N("{{.N}} files", t.Files)
		}
	case sharing.Delivered:
		r.order = 2
		r.Numbers = ended(t, now, w)
		if n := len(t.Failures); n > 0 {
			r.Note, r.NoteBad = w.N("{{.N}} files could not be read and were left out.", n), true
		}
		if spoiled(t) {
			text, _ := lacking(*t.Checked, w)
			r.Note, r.NoteBad = join(text, r.Note), true
		}
	default:
		r.order = 2
		r.Numbers = clock(t.Ended, now, w)
	}
	if t.State == sharing.Stuck || t.State == sharing.Failed {
		r.Note, r.NoteBad = sentence(t.Error, w), true
	}
	if t.State != sharing.Running { // where it is among the numbers
		r.Note = join(r.Note, otherwise(t, w))
	}
	r.Buttons = buttons(t, w)
	if t.Verify != nil {
		r.checking(t, w)
	}
	if t.Free && !t.State.Final() {
		r.Lid = w.L("You can close the lid now. The others have all of it between them and finish on their own.")
	} else if who := m.missed(t); who != "" && r.Note == "" {
		r.Note = w.L("Please stay: {{.Name}} left.", "Name", inText(who, w))
	}
	parts := []string{r.Title, r.What, r.Numbers, r.Note, r.Lid}
	r.Label = strings.Join(noneEmpty(parts), ", ")
	return r
}

// row shows what is gone through before it can be offered.
func (p Parcel) row(w Words) Row {
	r := Row{
		Key: "parcel " + strconv.Itoa(p.Number), Ref: strconv.Itoa(p.Number), Icon: Wait, Part: -1, order: 1,
		Title: w.L("Preparing…"), What: basketText(p.Basket, Weight{}, w), Buttons: [3]Button{{Text: w.L("Cancel"), Do: CancelParcel}},
	}
	r.Label = strings.Join([]string{r.Title, r.What}, ", ")
	return r
}

// sign is what stands beside the words, since colour alone says nothing to many.
func sign(t sharing.Transfer) (Icon, Tone) {
	switch t.State {
	case sharing.Running, sharing.Finishing:
		if t.Direction == sharing.Sending {
			return Up, Active
		}
		return Down, Active
	case sharing.Paused:
		return PauseIcon, Plain
	case sharing.Stuck:
		return Fault, Warn
	case sharing.Delivered:
		switch {
		case spoiled(t):
			return Fault, Warn
		case len(t.Failures) > 0:
			return Check, Warn
		case delivered(t) < len(t.Peers):
			return Check, Plain // the title says how many have it
		}
		return Check, Good
	case sharing.Failed:
		return Fault, Bad
	case sharing.Declined, sharing.Cancelled, sharing.Withdrawn:
		return Close, Plain
	}
	return Wait, Plain
}

// title says what happens, and with whom.
func title(t sharing.Transfer, w Words) string {
	receiving := t.Direction == sharing.Receiving
	switch {
	case t.State == sharing.Preparing:
		return w.L("Preparing…")
	case t.State == sharing.Finishing:
		return w.L("Checking…")
	case len(t.Peers) != 1:
		if text := titleOfSeveral(t, w); text != "" && !receiving {
			return text
		}
	case t.State == sharing.Paused:
		return paused(t, w)
	default:
		if text := titleOfOne(t, w); text != "" {
			return text
		}
	}
	switch t.State {
	case sharing.Stuck:
		return w.L("Needs you")
	case sharing.Delivered:
		return w.L("Received")
	case sharing.Declined:
		return w.L("Declined")
	case sharing.Cancelled:
		return w.L("Cancelled")
	case sharing.Withdrawn:
		return w.L("Withdrawn")
	case sharing.Failed:
		return w.L("Failed")
	}
	return w.L("Preparing…")
}

// titleOfOne is the title of what is sent to one, or comes from one; "" where it does
// not matter from whom.
func titleOfOne(t sharing.Transfer, w Words) string {
	who := inText(t.Peers[0].Name, w)
	if t.Direction == sharing.Receiving {
		switch t.State {
		case sharing.Running:
			return w.L("Receiving from {{.Name}}", "Name", who)
		case sharing.Stuck:
			return w.L("Needs you: receiving from {{.Name}}", "Name", who)
		case sharing.Delivered:
			return received(t, who, w)
		case sharing.Declined:
			return w.L("Declined, from {{.Name}}", "Name", who)
		case sharing.Cancelled:
			return w.L("Cancelled, from {{.Name}}", "Name", who)
		case sharing.Withdrawn:
			return w.L("{{.Name}} took the offer back.", "Name", who)
		case sharing.Failed:
			return w.L("Failed, from {{.Name}}", "Name", who)
		}
	}
	switch t.State {
	case sharing.Offering, sharing.Waiting:
		return w.L("Waiting for {{.Name}} to answer", "Name", who)
	case sharing.Running:
		return w.L("Sending to {{.Name}}", "Name", who)
	case sharing.Stuck: // it is stuck over there
		return w.L("{{.Name}} has to do something first", "Name", who)
	case sharing.Delivered:
		return w.L("Delivered: {{.Name}} has everything", "Name", who)
	case sharing.Declined:
		if t.Direction == sharing.Sending {
			return w.L("{{.Name}} declined", "Name", who)
		}
	case sharing.Cancelled:
		return w.L("{{.Name}} cancelled it", "Name", who)
	case sharing.Withdrawn:
		return w.L("Withdrawn, was for {{.Name}}", "Name", who)
	case sharing.Failed:
		return w.L("Failed, to {{.Name}}", "Name", who)
	}
	return ""
}

// paused says who has paused a transfer, and with whom it is.
func paused(t sharing.Transfer, w Words) string {
	here, there := pausedBy(t)
	who := inText(t.Peers[0].Name, w)
	switch {
	case here && there:
		return w.L("{{.Name}} and you paused it", "Name", who)
	case there:
		return w.L("{{.Name}} paused it", "Name", who)
	case t.Direction == sharing.Receiving:
		return w.L("Paused, from {{.Name}}", "Name", who)
	}
	return w.L("Paused, to {{.Name}}", "Name", who)
}

// pausedBy reports whether a transfer was paused here, and whether every other one
// that is not through has paused it.
func pausedBy(t sharing.Transfer) (here, there bool) {
	there = true
	for _, p := range t.Peers {
		if !p.State.Final() {
			here, there = here || p.PausedHere, there && p.PausedThere
		}
	}
	return here, there
}

// resumable reports whether a paused transfer waits for this person.
func resumable(t sharing.Transfer) bool {
	here, there := pausedBy(t)
	return t.State == sharing.Paused && (here || !there)
}

// numbers are bytes, percent, speed and time left, as far as they are known; the
// note is why nothing moves, or what is slowest just now.
func numbers(t sharing.Transfer, m *Memory, now time.Time, w Words) (line, note string) {
	p := m.paces[key(t)]
	done, total, rate := amounts(t)
	parts := []string{sizeOf(done, total, w), percentText(percent(done, total))}
	if total == 0 { // nothing but empty files and folders
		parts = []string{amount(t.Files, t.Folders, w)}
	}
	note = otherwise(t, w)
	n := givers(t)
	if away := gone(t); len(away) > 0 && len(away) == len(among(t, sharing.Running)) && n == 0 {
		switch {
		case t.Away:
			note = awayText(away[0], w)
		case note == "":
			note = sayingsOf(w).away.of(away, w)
		}
		return join(parts...), note
	}
	stalled := p != nil && now.Sub(p.moved) >= stallTime
	if rate > 0 && !stalled {
		parts = append(parts, speed(rate, w))
		if p != nil && p.left >= 0 {
			parts = append(parts, timeLeft(p.left, w))
		}
	}
	if n > 1 {
		note = w.N("Coming from {{.N}} people", n)
	}
	if x := slowest(t.Slowest, m.limits[t.Direction], w); x != "" && (note == "" || t.Direction == sharing.Receiving) {
		note = join(note, w.L("Slowest part just now: {{.What}}", "What", x))
	} else if stalled && note == "" {
		note = w.L("Nothing has moved for a moment.")
	}
	return join(parts...), note
}

// givers counts those whom something that is received comes from just now.
func givers(t sharing.Transfer) (n int) {
	if t.Direction != sharing.Receiving {
		return 0
	}
	for _, p := range t.Peers {
		for _, s := range p.Sources {
			if s.Connected && !s.Refused && s.Bytes > 0 {
				n++
			}
		}
	}
	return n
}

func slowest(s sharing.Slowest, limit string, w Words) string {
	switch s {
	case "network":
		return w.L("the network")
	case "thisDisk":
		return w.L("this disk")
	case "theirDisk":
		return w.L("their disk")
	case "thisComputer":
		return w.L("this computer")
	case "otherSide":
		return w.L("the other side")
	case "limit":
		if limit != "" {
			return w.L("your limit ({{.Rate}})", "Rate", limit)
		}
		return w.L("your limit")
	}
	return ""
}

// ended says how much it was, and when. What the receipt says counts: of an offer
// a part may have been taken.
func ended(t sharing.Transfer, now time.Time, w Words) string {
	files, bytes := t.Files, t.Bytes
	if len(t.Peers) == 1 && t.Peers[0].Receipt != nil {
		files, bytes = t.Peers[0].Receipt.Files, t.Peers[0].Receipt.Bytes
	}
	return join(clock(t.Ended, now, w), w.N("{{.N}} files", files), size(bytes, w))
}

func buttons(t sharing.Transfer, w Words) [3]Button {
	stop := Button{Text: w.L("Cancel"), Icon: Close, Do: CancelTransfer}
	if t.Direction == sharing.Sending {
		stop = Button{Text: w.L("Withdraw"), Icon: Close, Do: WithdrawTransfer}
	}
	switch t.State {
	case sharing.Preparing, sharing.Offering, sharing.Waiting:
		stop.Icon = NoIcon
		return [3]Button{stop}
	case sharing.Running:
		return [3]Button{{Text: w.L("Pause"), Icon: PauseIcon, Do: PauseTransfer}, stop}
	case sharing.Paused:
		if !resumable(t) {
			return [3]Button{{Text: w.L("Pause"), Icon: PauseIcon, Do: PauseTransfer}, stop}
		}
		return [3]Button{{Text: w.L("Resume"), Do: ResumeTransfer}, stop}
	case sharing.Stuck:
		if t.Direction == sharing.Receiving && aboutFolder(t.Error) {
			return [3]Button{{Text: w.L("Choose another folder"), Do: ChooseFolder}, {Text: w.L("Try again"), Do: ResumeTransfer}, stop}
		}
		if t.Direction == sharing.Sending {
			return [3]Button{stop}
		}
		return [3]Button{{Text: w.L("Try again"), Do: ResumeTransfer}, stop}
	case sharing.Delivered:
		if t.Direction == sharing.Receiving && len(t.Paths) > 0 {
			show := Button{Text: w.L("Show in folder"), Do: ShowInFolder}
			if Openable(t) {
				return [3]Button{show, {Text: w.L("Open"), Do: OpenReceived}}
			}
			return [3]Button{show}
		}
	case sharing.Failed, sharing.Cancelled, sharing.Declined, sharing.Withdrawn:
		if t.Direction == sharing.Sending {
			return [3]Button{{Text: w.L("Offer again"), Do: TryAgain}}
		}
	}
	return [3]Button{}
}

// Openable reports whether what was received can be opened with a click: one thing,
// and no program. Those are shown in their folder, and opened from there by whoever
// means it.
func Openable(t sharing.Transfer) bool {
	if t.Direction != sharing.Receiving || t.State != sharing.Delivered || len(t.Paths) != 1 {
		return false
	}
	name := t.Paths[0]
	if i := strings.LastIndexAny(name, `/\\`); i >= 0 {
		name = name[i+1:]
	}
	_, program := manifest.Kind(name)
	return !program
}

func part(done, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return min(1, float64(done)/float64(total))
}

func join(parts ...string) string { return strings.Join(noneEmpty(parts), dot) }

func noneEmpty(parts []string) []string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return list
}
