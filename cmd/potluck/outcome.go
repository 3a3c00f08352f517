package main

import (
	"fmt"
	"strings"
	"time"

	"potluck/app/control"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// An outcome is what a transfer has come to for one other device. It is what
// `potluck send --json` prints for each receiver.
type outcome struct {
	To       string           `json:"to,omitempty"` // as the person wrote it
	ID       *identity.ID     `json:"id,omitempty"`
	Name     string           `json:"name,omitempty"`
	Share    *sharing.ShareID `json:"share,omitempty"`
	Result   result           `json:"result"`
	Code     int              `json:"code"` // the exit code that this receiver alone would have
	Files    int              `json:"files"`
	Bytes    int64            `json:"bytes"`
	Seconds  float64          `json:"seconds"` // from yes to delivered
	Path     string           `json:"path,omitempty"`
	Error    string           `json:"error,omitempty"`
	Failures []sharing.Note   `json:"failures,omitempty"` // what could not be read
	Receipt  *sharing.Receipt `json:"receipt,omitempty"`

	all int // files there were
}

// A result says in one word what an outcome is.
type result string

const (
	resultDelivered   result = "delivered"
	resultIncomplete  result = "incomplete" // delivered, but for what could not be read
	resultDeclined    result = "declined"
	resultCancelled   result = "cancelled"
	resultWithdrawn   result = "withdrawn"
	resultFailed      result = "failed"
	resultAbsent      result = "absent"      // not found in time
	resultInterrupted result = "interrupted" // this command ended before the transfer did
)

// outcomeOf reads the end of a transfer.
func outcomeOf(t sharing.Transfer, p sharing.Peer, took time.Duration) outcome {
	o := outcome{
		ID: &p.ID, Name: p.Name, Share: &t.Share, Code: exitFailed, Files: t.Files, Bytes: p.Total,
		Error: p.Error, Receipt: p.Receipt, all: t.Files,
	}
	if t.Direction == sharing.Receiving && len(t.Paths) > 0 {
		o.Path = t.Paths[0]
	}
	if o.Error == "" && len(t.Peers) == 1 {
		o.Error = t.Error
	}
	switch p.State {
	case sharing.Delivered:
		o.Result, o.Code, o.Error, o.Seconds = resultDelivered, exitDone, "", took.Seconds()
		if p.Receipt != nil {
			o.Files, o.Bytes = p.Receipt.Files, p.Receipt.Bytes
		}
		if len(t.Failures) > 0 {
			o.Result, o.Code, o.Failures = resultIncomplete, exitFailed, t.Failures
		}
	case sharing.Declined:
		o.Result, o.Code = resultDeclined, exitDeclined
	case sharing.Cancelled:
		o.Result = resultCancelled
	case sharing.Withdrawn:
		o.Result = resultWithdrawn
	case sharing.Failed:
		o.Result = resultFailed
	default:
		o.Result = resultInterrupted
	}
	return o
}

// notFound is the outcome for a receiver that was never there.
func notFound(who string, err error) outcome {
	o := outcome{To: who, Result: resultFailed, Code: exitOf(err).code, Error: err.Error()}
	if control.CodeOf(err) == control.Absent {
		o.Result = resultAbsent
	}
	return o
}

// severity orders exit codes: with several receivers the first that applies of 1,
// 3, 4, 0 counts.
var severity = map[int]int{exitDone: 0, exitAbsent: 1, exitDeclined: 2, exitFailed: 3}

func worse(a, b int) int {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

// printOutcome prints one outcome as data.
func (r *run) printOutcome(o outcome) error {
	if r.json {
		return r.object(o)
	}
	r.line("%s", o)
	for _, f := range o.Failures {
		r.warn("   %s: %s", clean(f.Path), clean(f.Text))
	}
	return nil
}

// String says it to people, on one line.
func (o outcome) String() string {
	name := clean(o.Name)
	if name == "" {
		name = clean(o.To)
		if id, err := identity.ParseID(o.To); err == nil {
			name = id.Short()
		}
	}
	var text string
	switch o.Result {
	case resultDelivered, resultIncomplete:
		amount := count(o.Files, "file")
		if o.Files < o.all {
			amount = fmt.Sprintf("%d of %s", o.Files, count(o.all, "file"))
		}
		text = fmt.Sprintf("delivered, %s, %s", amount, size(o.Bytes))
		if o.Seconds > 0 {
			text += " in " + span(time.Duration(o.Seconds*float64(time.Second)))
		}
		if o.Path != "" {
			text += ", " + clean(o.Path)
		}
		if n := len(o.Failures); n > 0 {
			text += fmt.Sprintf(", without %s that could not be read", count(n, "file"))
		}
		return name + ": " + text
	case resultAbsent:
		text = "not found in time"
	case resultInterrupted:
		text = "not finished"
	default:
		text = string(o.Result)
	}
	if o.Error != "" {
		text += ": " + strings.ReplaceAll(clean(firstLine(o.Error)), "\n", " ")
	}
	return name + ": " + text
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
