package view_test

import (
	"strings"
	"testing"

	"potluck/sharing"
	"potluck/ui/view"
)

func TestRow(t *testing.T) {
	a := sharing.Peer{ID: anna, Name: "Anna", State: sharing.Running, Done: 1_500_000_000, Total: 3_400_000_000, Rate: 84_000_000, Connected: true}
	away := a
	away.Connected = false
	b := sharing.Peer{ID: binh, Name: "Bình", State: sharing.Running, Total: 3_400_000_000, Connected: true}
	done := b
	done.State, done.Done = sharing.Delivered, done.Total
	waits := b
	waits.State, waits.Total = sharing.Waiting, 0
	no := b
	no.State = sharing.Declined
	held := a
	held.State = sharing.Paused
	mine, theirs, both := held, held, held
	mine.PausedHere, theirs.PausedThere, both.PausedHere, both.PausedThere = true, true, true, true
	const unknown = "Something went wrong. Try again; if it stays like this, start Potluck anew."
	part := a
	part.Receipt = &sharing.Receipt{Files: 2, Bytes: 5000}

	tests := []struct {
		t                           sharing.Transfer
		title, numbers, note, verbs string
		bar                         bool
	}{
		{sharing.Transfer{State: sharing.Preparing, Direction: sharing.Sending}, "Preparing…", "", "", "Withdraw", false},
		{sharing.Transfer{State: sharing.Waiting, Direction: sharing.Sending, Peers: []sharing.Peer{a}}, "Waiting for Anna to answer", "", "", "Withdraw", false},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Receiving, Peers: []sharing.Peer{a}, Slowest: "network"},
			"Receiving from Anna", "1.5 of 3.4 GB · 44 % · 84 MB/s", "Slowest part just now: the network", "Pause Cancel", true,
		},
		{
			sharing.Transfer{
				State: sharing.Running, Direction: sharing.Receiving, Files: 3, Folders: 2,
				Peers: []sharing.Peer{{Name: "Anna", State: sharing.Running, Connected: true}},
			},
			"Receiving from Anna", "3 files in 2 folders", "", "Pause Cancel", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{away}},
			"Sending to Anna", "1.5 of 3.4 GB · 44 %", "Waiting for Anna to come back", "Pause Withdraw", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Sending, Peers: []sharing.Peer{a, waits, done}},
			"Sending to Anna", "4.9 of 6.8 GB · 72 % · 84 MB/s", "1 of 3 have everything · Waiting for Bình to answer", "Pause Withdraw", true,
		},
		{
			sharing.Transfer{State: sharing.Stuck, Direction: sharing.Receiving, Error: "the disk of /x is full: make room and try again", Peers: []sharing.Peer{a}},
			"Needs you: receiving from Anna", "1.5 of 3.4 GB · 44 %", "The disk of /x is full: make room and try again.", "Choose another folder Try again Cancel", true,
		},
		{sharing.Transfer{State: sharing.Stuck, Direction: sharing.Receiving, Error: "open /x: errno 5", Peers: []sharing.Peer{a}}, "Needs you: receiving from Anna", "1.5 of 3.4 GB · 44 %", unknown, "Try again Cancel", true},
		{sharing.Transfer{State: sharing.Stuck, Direction: sharing.Sending, Error: "the disk of the folder there is full: make room and try again", Peers: []sharing.Peer{a}}, "Anna has to do something first", "1.5 of 3.4 GB · 44 %", "The disk of the folder there is full: make room and try again.", "Withdraw", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{mine}}, "Paused, from Anna", "1.5 of 3.4 GB · 44 %", "", "Resume Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Sending, Peers: []sharing.Peer{mine}}, "Paused, to Anna", "1.5 of 3.4 GB · 44 %", "", "Resume Withdraw", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{theirs}}, "Anna paused it", "1.5 of 3.4 GB · 44 %", "", "Pause Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Receiving, Peers: []sharing.Peer{both}}, "Anna and you paused it", "1.5 of 3.4 GB · 44 %", "", "Resume Cancel", true},
		{sharing.Transfer{State: sharing.Paused, Direction: sharing.Sending, Peers: []sharing.Peer{mine, done}}, "Paused, to Anna", "4.9 of 6.8 GB · 72 %", "1 of 2 have everything", "Resume Withdraw", true},
		{sharing.Transfer{State: sharing.Finishing, Direction: sharing.Receiving, Peers: []sharing.Peer{a}}, "Checking…", "", "", "", true},
		{sharing.Transfer{State: sharing.Finishing, Direction: sharing.Receiving, Files: 300_000, Peers: []sharing.Peer{a}}, "Checking…", "300,000 files", "", "", true},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{a}},
			"Delivered: Anna has everything", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x"}, Peers: []sharing.Peer{part}},
			"Received from Anna", "today 14:05 · 2 files · 5.0 kB", "", "Show in folder Open", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x.pdf.EXE"}, Peers: []sharing.Peer{a}},
			"Received from Anna", "today 14:05 · 3 files · 7.0 kB", "", "Show in folder", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x.pdf", "/y.pdf"}, Peers: []sharing.Peer{a}},
			"Received from Anna", "today 14:05 · 3 files · 7.0 kB", "", "Show in folder", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Ended: now, Failures: []sharing.Note{{}, {}}, Peers: []sharing.Peer{a}},
			"Delivered: Anna has everything", "today 14:05 · 0 files · 0 bytes", "2 files could not be read and were left out.", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{done, no}},
			"1 of 2 have everything", "today 14:05 · 3 files · 7.0 kB", "Bình declined", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Sending, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{done, done}},
			"Delivered: everybody has everything", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{
			sharing.Transfer{
				State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Paths: []string{"/x"}, Peers: []sharing.Peer{a},
				Checked: &sharing.Checked{At: now, Damaged: 1, Missing: 2},
			},
			"Damaged, from Anna", "today 14:05 · 3 files · 7.0 kB", "1 file is damaged. 2 files are no longer there.", "Show in folder Open", false,
		},
		{
			sharing.Transfer{
				State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{a},
				Checked: &sharing.Checked{At: now, Missing: 2},
			},
			"No longer complete, from Anna", "today 14:05 · 3 files · 7.0 kB", "2 files are no longer there.", "", false,
		},
		{
			sharing.Transfer{
				State: sharing.Delivered, Direction: sharing.Receiving, Files: 3, Bytes: 7000, Ended: now, Peers: []sharing.Peer{a},
				Checked: &sharing.Checked{At: now, Changed: 2},
			},
			"Received from Anna", "today 14:05 · 3 files · 7.0 kB", "", "", false,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Peers: []sharing.Peer{away}, Verify: &sharing.Verifying{Repairing: true, Away: true, Total: 100}},
			"Mending…", "0 of 100 bytes · 0 %", "Waiting for Anna to come back, or somebody else who has it", "Cancel", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Receiving, Away: true, Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Running, Total: 100, Sources: []sharing.Source{{ID: binh, Bytes: 7}}}}},
			"Receiving from Anna", "0 of 100 bytes · 0 %", "Waiting for Anna to come back, or somebody else who has it", "Pause Cancel", true,
		},
		{
			sharing.Transfer{State: sharing.Running, Direction: sharing.Receiving, Peers: []sharing.Peer{{ID: anna, Name: "Anna", State: sharing.Running, Total: 100, Rate: 10, Left: -1, Sources: []sharing.Source{{ID: binh, Bytes: 7, Connected: true}}}}},
			"Receiving from Anna", "0 of 100 bytes · 0 % · 10 bytes/s", "", "Pause Cancel", true,
		},
		{
			sharing.Transfer{State: sharing.Delivered, Direction: sharing.Receiving, Peers: []sharing.Peer{a}, Verify: &sharing.Verifying{Repairing: true, Away: true, Total: 100}},
			"Mending…", "0 of 100 bytes · 0 %", "Waiting for somebody who has it", "Cancel", true,
		},
		{sharing.Transfer{State: sharing.Declined, Direction: sharing.Sending, Ended: now, Peers: []sharing.Peer{a}}, "Anna declined", "today 14:05", "", "Offer again", false},
		{sharing.Transfer{State: sharing.Failed, Direction: sharing.Receiving, Ended: now, Error: "errno 28", Peers: []sharing.Peer{a}}, "Failed, from Anna", "today 14:05", unknown, "", false},
	}
	for _, tt := range tests {
		v := of(t, sharing.Snapshot{Transfers: []sharing.Transfer{tt.t}}, view.Local{})
		if len(v.Now.Rows) != 1 {
			t.Fatalf("%s: %d rows", tt.t.State, len(v.Now.Rows))
		}
		r := v.Now.Rows[0]
		var verbs []string
		for _, b := range r.Buttons {
			if b.Text != "" {
				verbs = append(verbs, b.Text)
			}
		}
		got := []string{bare(r.Title), bare(r.Numbers), bare(r.Note), strings.Join(verbs, " ")}
		for i, want := range []string{tt.title, tt.numbers, tt.note, tt.verbs} {
			if got[i] != want {
				t.Errorf("%s: shows %q, want %q", tt.t.State, got[i], want)
			}
		}
		if (r.Part >= 0) != tt.bar {
			t.Errorf("%s: part %v", tt.t.State, r.Part)
		}
	}
}

// The tick is green only where everybody has everything.
func TestTickOfSeveral(t *testing.T) {
	done := sharing.Peer{ID: anna, Name: "Anna", State: sharing.Delivered}
	no := sharing.Peer{ID: binh, Name: "Bình", State: sharing.Declined}
	for _, c := range []struct {
		peers []sharing.Peer
		tone  view.Tone
	}{
		{[]sharing.Peer{done}, view.Good},
		{[]sharing.Peer{done, done}, view.Good},
		{[]sharing.Peer{done, no}, view.Plain},
	} {
		s := sharing.Snapshot{Transfers: []sharing.Transfer{{State: sharing.Delivered, Direction: sharing.Sending, Ended: now, Peers: c.peers}}}
		if r := of(t, s, view.Local{}).Now.Rows[0]; r.Icon != view.Check || r.Tone != c.tone {
			t.Errorf("%d people: icon %v, tone %v, want %v", len(c.peers), r.Icon, r.Tone, c.tone)
		}
	}
}
