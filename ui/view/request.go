package view

import (
	"slices"
	"strings"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/sharing/manifest"
)

// Now is what is going on, in the panel or, where there is no room for one, on
// the page.
type Now struct {
	Title    string
	Empty    string
	Requests []Request
	Folded   []Folded // put off
	Messages []Message
	Rows     []Row
}

// A Request is one offer to answer. There is one at a time of each person.
type Request struct {
	Share     sharing.ShareID
	From      identity.ID
	Name      string
	Trust     Trust
	TrustText string
	Line      string // wants to send you
	Title     string
	Ext       string // the true extension of a single file; "" if it says nothing
	Program   bool
	Folder    bool // there are folders in it
	Amount    string
	Size      string
	Look      string
	Notes     [3]Note
	SaveTo    string
	Into      string
	Change    string
	Free      string
	FreeBad   bool
	Accept    string
	CanAccept bool
	Decline   string
	More      string // the menu's name
	Waiting   string // others of the same person
	Later     string
	Label     string
}

// A Note is a remark on a request.
type Note struct {
	Tone   Tone
	Text   string
	Button string
	Topic  Topic
}

// A Topic is what a remark on a request is about.
type Topic int

// What remarks are about.
const (
	Whom     Topic = iota // its button leads to verifying together
	Programs              // its button shows them alone, or all again
	Space
	Way // that it takes
)

// A Folded is a request that was put off, in one line.
type Folded struct {
	Share sharing.ShareID
	From  identity.ID
	Text  string
	Look  string
}

// newsTime is how long a transfer that ended is shown as news.
const newsTime = 10 * time.Minute

func happening(s sharing.Snapshot, l Local, m *Memory, now time.Time, v *View, w Words) Now {
	n := Now{Title: w.L("Now")}
	asked := map[identity.ID]int{} // index in Requests, beginning with 1
	more := map[identity.ID]int{}
	for _, o := range s.Offers {
		if l.Into[o.Share] != "" {
			v.again(now.Add(RoomAge))
		}
		switch {
		case slices.Contains(l.Later, o.Share):
			n.Folded = append(n.Folded, Folded{
				Share: o.Share, From: o.From, Look: w.L("Show"),
				Text: w.L("{{.Name}} wants to send you {{.Title}}", "Name", inText(o.FromName, w), "Title", inText(o.Title, w)),
			})
		case asked[o.From] > 0:
			more[o.From]++
		default:
			n.Requests = append(n.Requests, request(o, l, w))
			asked[o.From] = len(n.Requests)
		}
	}
	for from, count := range more {
		n.Requests[asked[from]-1].Waiting = w.N("{{.N}} more are waiting", count)
	}
	// What is looked into is answered there: its boxes count, and not two buttons
	// that mean different things.
	n.Requests = slices.DeleteFunc(n.Requests, func(r Request) bool { return l.Page == Inside && r.Share.String() == l.Look })
	for _, msg := range s.Messages {
		n.Messages = append(n.Messages, message(msg, now, w))
	}
	for _, p := range l.Preparing {
		n.Rows = append(n.Rows, p.row(w))
	}
	isNews := func(t *sharing.Transfer) bool {
		if !t.State.Final() || t.Verify != nil {
			return true
		}
		end := t.Ended.Add(newsTime)
		if !t.Ended.After(l.Began) || !t.Ended.After(l.Cleared) || !now.Before(end) {
			return false
		}
		v.again(end)
		return true
	}
	for _, i := range newestFirst(s.Transfers, isNews) {
		n.Rows = append(n.Rows, row(s.Transfers[i], m, now, w))
	}
	slices.SortStableFunc(n.Rows, func(a, b Row) int { return a.order - b.order })
	if len(n.Requests)+len(n.Folded)+len(n.Messages)+len(n.Rows) == 0 {
		n.Empty = w.L("Nothing is moving. What you send or receive shows up here.")
	}
	return n
}

// Spared reports whether the programs in an offer come only if they are asked for:
// those of somebody not verified, among other files.
func Spared(o sharing.Offer) bool {
	return (!o.Paired || o.Twin) && o.Programs > 0 && o.Programs < o.Files
}

func request(o sharing.Offer, l Local, w Words) Request {
	r := Request{
		Share: o.Share, From: o.From, Name: name(o.FromName, w), Trust: trustOf(o.Paired, o.Twin),
		Line: w.L("wants to send you"), Title: titleOf(o.Title, o.Files, o.Folders, w), Folder: o.Folders > 0,
		Amount: amount(o.Files, o.Folders, w), Size: size(o.Bytes, w),
		SaveTo: w.L("Save to"), Change: w.L("Change…"), Accept: w.L("Accept"), Decline: w.L("Decline"), Later: w.L("Later"),
		More: w.L("More"), CanAccept: true,
	}
	picks, picked := l.Picks[o.Share]
	need := o.Bytes
	switch {
	case picked:
		r.Accept, r.CanAccept, need = w.N("Accept {{.N}} files", picks.files), picks.files > 0 || picks.of == 0, picks.bytes
	case Spared(o):
		r.Accept = w.N("Accept {{.N}} files", o.Files-o.Programs)
	}
	r.TrustText = trustText(r.Trust, w)
	into, free := o.Into, o.Free
	if chosen := l.Into[o.Share]; chosen != "" {
		into, free = chosen, l.Room.in(chosen)
	}
	r.Into = Folder(into, l.Home)
	switch {
	case free == 0:
		r.Free = w.L("The disk is full")
	case free > 0:
		r.Free = w.L("{{.Size}} free", "Size", size(free, w))
	}
	single := o.Files == 1 && o.Folders == 0
	if single {
		r.Ext, r.Program = manifest.Kind(o.Title)
		r.Program = r.Program || o.Programs > 0
		r.Amount = kindOf(r.Ext, r.Program, w)
		r.Title = withoutExt(r.Title, r.Ext)
	} else {
		r.Look = w.L("Look inside")
	}
	var notes []Note
	if o.Twin {
		notes = append(notes, Note{Tone: Bad, Text: twinText(w), Button: w.L("Verify together…")})
	} else if !o.Paired {
		notes = append(notes, Note{Tone: Warn, Text: w.L("Not verified: nobody has checked that this is really their device."), Button: w.L("Verify together…")})
	}
	switch {
	case Spared(o) && !picked || picked && picks.programs > 0 && picks.risky == 0:
		notes = append(notes, Note{Topic: Programs, Tone: Warn, Text: w.N("{{.N}} programs are left out; look inside to take them.", o.Programs)})
	case picked && picks.risky > 0 || !picked && o.Programs > 0:
		notes = append(notes, Note{Topic: Programs, Tone: Bad, Text: w.L("Programs can harm this computer. Accept only if you asked for it.")})
	}
	switch {
	case free == 0 && need > 0:
		r.CanAccept, r.FreeBad = false, true
		notes = append(notes, Note{Topic: Space, Tone: Warn, Text: w.L("Needs {{.Need}}, and the disk is full. Choose another folder.", "Need", size(need, w))})
	case free >= 0 && free < need:
		r.CanAccept, r.FreeBad = false, true
		notes = append(notes, Note{Topic: Space, Tone: Warn, Text: w.L("Needs {{.Need}}, only {{.Free}} free here. Choose another folder.", "Need", size(need, w), "Free", size(free, w))})
	case !o.Connected:
		notes = append(notes, Note{Topic: Way, Tone: Plain, Text: w.L("Waiting for {{.Name}} to come back", "Name", inText(o.FromName, w))})
	case o.Renamed > 0:
		notes = append(notes, Note{Topic: Way, Tone: Plain, Text: w.N("{{.N}} names cannot be used here and arrive a little different.", o.Renamed)})
	}
	if slices.Contains(l.Accepting, o.Share) { // a disk may take its time
		r.Accept, r.CanAccept = w.L("Accepting…"), false
	}
	copy(r.Notes[:], notes)
	r.Label = strings.Join([]string{r.Name, r.TrustText, r.Line, r.Title, r.Amount, r.Size}, ", ")
	return r
}

// amount says how many files in how many folders.
func amount(files, folders int, w Words) string {
	if folders == 0 {
		return w.N("{{.N}} files", files)
	}
	return w.L("{{.Files}} in {{.Folders}}", "Files", w.N("{{.N}} files", files), "Folders", w.N("{{.N}} folders", folders))
}

// withoutExt returns a name without its true extension, which stands beside it. A
// name that ends in another way stays whole.
func withoutExt(name, ext string) string {
	n := len(name) - len(ext) - 1
	if ext == "" || n <= 0 || name[n] != '.' || !strings.EqualFold(name[n+1:], ext) {
		return name
	}
	return name[:n]
}
