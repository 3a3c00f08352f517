package view

import "potluck/sharing"

// A MinePage shows how others come to this device: a code for a camera, and the
// same as a text to be copied.
type MinePage struct {
	Title string
	Name  string
	Text  string // what to do with it
	Link  string // in the code; "" until it is known
	Wait  string
	Copy  string
	Back  string
}

func minePage(s sharing.Snapshot, l Local, w Words) MinePage {
	if l.Page != Mine {
		return MinePage{}
	}
	p := MinePage{
		Title: w.L("My QR code"), Name: name(s.Self.Name, w), Link: l.Link, Copy: w.L("Copy"), Back: w.L("Back"),
		Text: w.L("Whoever scans this, or pastes the text below it where Potluck asks for an address, finds this device, also where it does not show up by itself. It does not verify anybody: compare the four dishes for that."),
	}
	if l.Link == "" {
		p.Wait = w.L("Looking for this device's addresses…")
	}
	return p
}
