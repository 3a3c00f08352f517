package view

import (
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
)

// A Message is a short text of somebody.
type Message struct {
	ID        string
	From      identity.ID
	Line      string
	TrustText string
	Trust     Trust
	Text      string
	Link      string // to be opened; "" if there is none
	Host      string
	More      string // shows all of a long text
	Copy      string
	Open      string
	Close     string
	When      string
}

func message(m sharing.Message, now time.Time, w Words) Message {
	v := Message{
		ID: m.ID, From: m.From, Line: w.L("{{.Name}} sends you a message", "Name", inText(m.FromName, w)), Trust: trustOf(m.Paired, m.Twin),
		Text: m.Text, More: w.L("Show all"), Copy: w.L("Copy"), Close: w.L("Close"), When: clock(m.At, now, w),
	}
	v.TrustText = trustText(v.Trust, w)
	if v.Link, v.Host = link(m.Text); v.Link != "" {
		v.Open = w.L("Open link…")
	}
	return v
}

// A WritePage is where a short text is written to somebody.
type WritePage struct {
	There  bool
	To     identity.ID
	Title  string
	Prompt string
	Send   string
	Cancel string
}

func writePage(s sharing.Snapshot, shared namesakes, l Local, w Words) WritePage {
	n, here := neighbourOf(s, l.With)
	if l.Page != Write || !here || n.Twin {
		return WritePage{}
	}
	return WritePage{
		There: true, To: l.With, Title: w.L("Message to {{.Name}}", "Name", inText(shared.tell(l.With, called(n)), w)), Prompt: w.L("A short text or a link"),
		Send: w.L("Send"), Cancel: w.L("Cancel"),
	}
}
