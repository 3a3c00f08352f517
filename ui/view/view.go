// Package view turns what the engine knows into what the window shows: every
// string, icon and enabled flag. It is pure: the same snapshot gives the same
// [View], nothing is read, written or remembered, and no toolkit is needed to
// test it.
//
// Words of the program go through [Words], which translates them. Names and
// sentences that come from elsewhere are only ever data for such words, never
// the words themselves.
package view

import (
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// Words translates the words of the program into the person's language. The
// text is English, with places for data as package text/template has them.
type Words interface {
	// L returns the translation of text.
	L(text string, data ...any) string

	// N returns the translation of text in the form that n of something takes.
	N(text string, n int, data ...any) string
}

// Local is what the window knows and the engine does not.
type Local struct {
	Starting bool
	Basket   []string // paths of what is to be sent, until it is said to whom
	Problem  string   // what went wrong last, in a sentence
}

// A View is all that is to be seen.
type View struct {
	Title      string // of the window
	Me         string
	Hint       string // what to do
	Basket     string // what is to be sent; "" if nothing
	Problem    string
	Heading    string // above the neighbours
	Neighbours []Neighbour
	Nobody     string // shown when there are no neighbours
	Nothing    string // shown when nothing is offered or moving
	Offers     []Offer
	Transfers  []Transfer
}

// A Neighbour is one card.
type Neighbour struct {
	ID   identity.ID
	Name string
	Note string // kind of device, trust
	Send string // the button's text; "" if there is nothing to send
}

// An Offer is one request to answer.
type Offer struct {
	Ref     string // for the engine
	Who     string
	What    string
	Amount  string
	Into    string
	Warning string
	Accept  bool // can be accepted
}

// Of returns the view of a snapshot.
func Of(s sharing.Snapshot, l Local, w Words) View {
	v := View{
		Title:   w.L("Potluck"),
		Me:      s.Self.Name,
		Hint:    w.L("Drop files here to send them."),
		Problem: l.Problem,
		Nothing: w.L("Nothing is moving. What you send or receive shows up here."),
	}
	if l.Starting {
		v.Hint = ""
		v.Nobody = w.L("Starting…")
		return v
	}
	if n := len(s.Offers); n > 0 {
		v.Title = w.L("({{.N}}) Potluck", map[string]any{"N": n})
	}
	if len(l.Basket) > 0 {
		v.Basket = basket(l.Basket)
		v.Hint = w.L("Who is it for?")
	}
	for _, n := range s.Neighbours {
		v.Neighbours = append(v.Neighbours, neighbour(n, len(l.Basket) > 0, w))
	}
	switch n := len(v.Neighbours); n {
	case 0:
		v.Heading = w.L("Nobody nearby yet")
		v.Nobody = w.L("Whoever opens Potluck on this network shows up here by itself.")
	default:
		v.Heading = w.N("{{.N}} nearby", n, map[string]any{"N": n})
	}
	for _, o := range s.Offers {
		v.Offers = append(v.Offers, offer(o, w))
	}
	for i := len(s.Transfers) - 1; i >= 0; i-- { // newest first
		v.Transfers = append(v.Transfers, transfer(s.Transfers[i], w))
	}
	if len(v.Offers)+len(v.Transfers) > 0 {
		v.Nothing = ""
	}
	return v
}

// basket names what is to be sent.
func basket(paths []string) string {
	const most = 3
	var names []string
	for _, p := range paths[:min(len(paths), most)] {
		names = append(names, filepath.Base(p))
	}
	if len(paths) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

func neighbour(n sharing.Neighbour, toSend bool, w Words) Neighbour {
	note := w.L("Not verified")
	if n.Paired {
		note = w.L("Verified")
	}
	v := Neighbour{ID: n.ID, Name: n.Name, Note: note}
	if toSend {
		v.Send = w.L("Send")
	}
	return v
}

func offer(o sharing.Offer, w Words) Offer {
	v := Offer{
		Ref:    o.Share.String(),
		Who:    w.L("{{.Name}} wants to send you", map[string]any{"Name": o.FromName}),
		What:   o.Title,
		Amount: w.N("{{.N}} files", o.Files, map[string]any{"N": humanize.Comma(int64(o.Files))}) + " · " + size(o.Bytes),
		Into:   w.L("Save to {{.Folder}}", map[string]any{"Folder": o.Into}),
		Accept: o.Free < 0 || o.Free >= o.Bytes,
	}
	switch {
	case !v.Accept:
		v.Warning = w.L("Needs {{.Need}}, only {{.Free}} free here.", map[string]any{"Need": size(o.Bytes), "Free": size(o.Free)})
	case o.Programs > 0:
		v.Warning = w.L("Programs can harm this computer. Accept only if you asked for it.")
	case !o.Paired:
		v.Warning = w.L("Not verified: nobody has checked that this is really their device.")
	}
	return v
}

func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }
