package view

import (
	"slices"

	"potluck/sharing"
)

// An InsidePage shows what is in an offer.
type InsidePage struct {
	There   bool
	Request Request
	Line    string
	Find    string
	Loading string // in place of the list: that it is on its way, or that nothing was found
	Count   string // how much is ticked
	Accept  string
	Can     bool
}

// Looking reports whether an offer is looked into, or will be again when what was
// opened from there is closed.
func (l *Local) Looking() bool {
	return l.Page == Inside || l.Page == Pick && l.Picking != nil && l.Picking.From == Inside
}

func offerOf(s sharing.Snapshot, ref string) (sharing.Offer, bool) {
	i := slices.IndexFunc(s.Offers, func(o sharing.Offer) bool { return o.Share.String() == ref })
	if i < 0 {
		return sharing.Offer{}, false
	}
	return s.Offers[i], true
}

// programsNote is what is said of the programs in what is looked into.
func programsNote(t *Tree, w Words) (n Note) {
	all, wanted := t.Programs()
	switch {
	case all == 0:
		return n
	case wanted > 0:
		n = Note{Tone: Bad, Text: w.L("Programs can harm this computer. Accept only if you asked for it.")}
	default:
		n = Note{Tone: Warn, Text: w.N("{{.N}} programs are left out; tick them to take them.", all)}
	}
	n.Topic, n.Button = Programs, w.L("Show them")
	if t.OnlyPrograms() {
		n.Button = w.L("Show all")
	}
	return n
}

func inside(s sharing.Snapshot, l Local, w Words) InsidePage {
	o, there := offerOf(s, l.Look)
	if l.Page != Inside || !there {
		return InsidePage{}
	}
	p := InsidePage{There: true, Request: request(o, l, w), Find: w.L("Find a name")}
	p.Line = w.L("wants to send you") + " " + amount(o.Files, o.Folders, w) + dot + size(o.Bytes, w)
	p.Accept, p.Can = w.L("Accept"), p.Request.CanAccept
	if l.Tree == nil {
		p.Loading, p.Can = w.L("Looking inside…"), false // what is ticked is not known yet
		return p
	}
	if l.Sought != "" && l.Tree.Len() == 0 {
		p.Loading = w.L("Nothing found for \"{{.What}}\".", "What", isolate+clean(l.Sought)+endIsolate)
	}
	files, of, bytes := l.Tree.Wanted()
	p.Count = w.N("{{.Files}} of {{.N}} files", of, "Files", Count(files, w.Format())) + dot + size(bytes, w)
	p.Accept = w.N("Accept {{.N}} files", files)
	free := o.Free
	if chosen := l.Into[o.Share]; chosen != "" {
		free = l.Room.in(chosen)
	}
	fits := free < 0 || free >= bytes
	p.Can = (files > 0 || of == 0) && fits
	for i, n := range p.Request.Notes {
		switch {
		case n.Topic == Programs && n.Text != "":
			p.Request.Notes[i] = programsNote(l.Tree, w)
		case n.Topic == Space && fits: // what is ticked has room
			p.Request.Notes[i], p.Request.FreeBad = Note{}, false
		}
	}
	if slices.Contains(l.Accepting, o.Share) {
		p.Accept, p.Can = p.Request.Accept, false
	}
	return p
}
