package view_test

import (
	"testing"

	"potluck/sharing"
	"potluck/ui/view"
)

// Of something sent to several, the title tells of those whom its state is about, and
// the note of the others.
func TestSeveral(t *testing.T) {
	peer := func(name string, state sharing.State) sharing.Peer {
		p := sharing.Peer{Name: name, State: state, Connected: true}
		switch state {
		case sharing.Running, sharing.Paused, sharing.Stuck, sharing.Finishing:
			p.Done, p.Total = 50, 100
		case sharing.Delivered:
			p.Done, p.Total = 100, 100
		}
		return p
	}
	runs, runsToo := peer("Anna", sharing.Running), peer("Bình", sharing.Running)
	away, awayToo := runs, runsToo
	away.Connected, awayToo.Connected = false, false
	done, doneToo := peer("Chi", sharing.Delivered), peer("Dũng", sharing.Delivered)
	doneAndGone := done
	doneAndGone.Connected = false
	waits, unseen := peer("Em", sharing.Waiting), peer("Giang", sharing.Offering)
	unseen.Connected = false
	no, noToo := peer("Hà", sharing.Declined), peer("Khải", sharing.Declined)
	stopped, failed, taken := peer("Lan", sharing.Cancelled), peer("Minh", sharing.Failed), peer("Nga", sharing.Withdrawn)
	failed.Error = "its device is gone"
	stuck, ends := peer("Oanh", sharing.Stuck), peer("Phúc", sharing.Finishing)
	stuck.Error = "the disk of the folder there is full: make room and try again"
	theirs, mine := peer("Quân", sharing.Paused), peer("Rạng", sharing.Paused)
	theirs.PausedThere, mine.PausedHere = true, true

	for _, tt := range []struct {
		state       sharing.State
		peers       []sharing.Peer
		title, note string
	}{
		{sharing.Offering, []sharing.Peer{unseen, unseen}, "Waiting for Giang and Giang to answer", ""},
		{sharing.Waiting, []sharing.Peer{waits, unseen}, "Waiting for Em and Giang to answer", ""},
		{sharing.Waiting, []sharing.Peer{waits, unseen, unseen}, "Waiting for Em and 2 others to answer", ""},
		{sharing.Waiting, []sharing.Peer{waits, no}, "Waiting for Em to answer", "Hà declined"},
		{sharing.Waiting, []sharing.Peer{waits, done}, "Waiting for Em to answer", "1 of 2 have everything"},
		{sharing.Waiting, []sharing.Peer{waits, no, noToo, done}, "Waiting for Em to answer", "1 of 4 have everything · Hà and Khải declined"},
		{sharing.Running, []sharing.Peer{runs, runsToo}, "Sending to 2 people", ""},
		{sharing.Running, []sharing.Peer{runs, no}, "Sending to Anna", "Hà declined"},
		{sharing.Running, []sharing.Peer{runs, done, doneToo}, "Sending to Anna", "2 of 3 have everything"},
		{sharing.Running, []sharing.Peer{runs, runsToo, waits}, "Sending to 2 people", "Waiting for Em to answer"},
		{sharing.Running, []sharing.Peer{runs, unseen}, "Sending to Anna", "Waiting for Giang to answer"},
		{sharing.Running, []sharing.Peer{runs, doneAndGone}, "Sending to Anna", "1 of 2 have everything"},
		{sharing.Running, []sharing.Peer{runs, awayToo}, "Sending to 2 people", "Waiting for Bình to come back"},
		{sharing.Running, []sharing.Peer{away, waits}, "Sending to Anna", "Waiting for Em to answer · Waiting for Anna to come back"},
		{sharing.Running, []sharing.Peer{away, awayToo}, "Sending to 2 people", "Waiting for Anna and Bình to come back"},
		{sharing.Running, []sharing.Peer{away, done}, "Sending to Anna", "1 of 2 have everything · Waiting for Anna to come back"},
		{sharing.Running, []sharing.Peer{runs, theirs}, "Sending to 2 people", "Quân paused it"},
		{sharing.Running, []sharing.Peer{runs, stuck}, "Sending to 2 people", "Oanh has to do something first"},
		{sharing.Running, []sharing.Peer{runs, stopped, failed, no, taken}, "Sending to Anna", "Failed, to Minh · Lan cancelled it · Hà declined · Withdrawn, was for Nga"},
		{sharing.Finishing, []sharing.Peer{ends, done}, "Checking…", "1 of 2 have everything"},
		{sharing.Stuck, []sharing.Peer{stuck, done}, "Oanh has to do something first", "The disk of the folder there is full: make room and try again. · 1 of 2 have everything"},
		{sharing.Stuck, []sharing.Peer{stuck, stuck}, "Oanh and Oanh have to do something first", "The disk of the folder there is full: make room and try again."},
		{sharing.Paused, []sharing.Peer{theirs, done}, "Quân paused it", "1 of 2 have everything"},
		{sharing.Paused, []sharing.Peer{theirs, theirs}, "Quân and Quân paused it", ""},
		{sharing.Paused, []sharing.Peer{mine, no}, "Paused, to Rạng", "Hà declined"},
		{sharing.Paused, []sharing.Peer{mine, mine, waits}, "Paused, to 2 people", "Waiting for Em to answer"},
		{sharing.Delivered, []sharing.Peer{done, doneToo}, "Delivered: everybody has everything", ""},
		{sharing.Delivered, []sharing.Peer{done, no, noToo}, "1 of 3 have everything", "Hà and Khải declined"},
		{sharing.Delivered, []sharing.Peer{done, stopped, failed, taken}, "1 of 4 have everything", "Failed, to Minh · Lan cancelled it · Withdrawn, was for Nga"},
		{sharing.Failed, []sharing.Peer{failed, no}, "Failed, to Minh", "Its device is gone. · Hà declined"},
		{sharing.Cancelled, []sharing.Peer{stopped, no}, "Lan cancelled it", "Hà declined"},
		{sharing.Withdrawn, []sharing.Peer{taken, no}, "Withdrawn, was for Nga", "Hà declined"},
		{sharing.Withdrawn, []sharing.Peer{taken}, "Withdrawn, was for Nga", ""},
		{sharing.Withdrawn, []sharing.Peer{taken, taken, taken, taken}, "Withdrawn, was for Nga and 3 others", ""},
		{sharing.Declined, []sharing.Peer{no, noToo, noToo}, "Hà and 2 others declined", ""},
		{sharing.Failed, []sharing.Peer{failed, failed}, "Failed, to Minh and Minh", "Its device is gone."},
		{sharing.Declined, []sharing.Peer{no, noToo}, "Hà and Khải declined", ""},
	} {
		one := sharing.Transfer{Direction: sharing.Sending, State: tt.state, Peers: tt.peers}
		for _, p := range tt.peers {
			if p.State == tt.state && one.Error == "" {
				one.Error = p.Error
			}
		}
		if tt.state.Final() {
			one.Ended = now
		}
		r := of(t, sharing.Snapshot{Transfers: []sharing.Transfer{one}}, view.Local{}).Now.Rows[0]
		if title, note := bare(r.Title), bare(r.Note); title != tt.title || note != tt.note {
			var who []string
			for _, p := range tt.peers {
				who = append(who, p.Name+" "+string(p.State))
			}
			t.Errorf("%s, %q: says %q and %q, want %q and %q", tt.state, who, title, note, tt.title, tt.note)
		}
	}
}
