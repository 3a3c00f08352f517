package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"potluck/app/control/controltest"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// asked waits until a transfer to n receivers is there, and returns it.
func asked(t *testing.T, s *controltest.Stand, n int) sharing.Transfer {
	t.Helper()
	var found sharing.Transfer
	eventually(t, func() bool {
		for _, transfer := range s.Snapshot().Transfers {
			if !transfer.State.Final() && len(transfer.Peers) == n {
				found = transfer
				return true
			}
		}
		return false
	})
	return found
}

// end ends a transfer for one receiver.
func end(s *controltest.Stand, t sharing.Transfer, name string, state sharing.State, sentence string) {
	s.Peer(t.Share, controltest.ID(name), func(p *sharing.Peer) {
		p.State, p.Error = state, sentence
		if state == sharing.Delivered {
			p.Done = p.Total
			p.Receipt = &sharing.Receipt{Share: t.Share, Files: t.Files, Bytes: t.Bytes}
		}
	})
}

// deliverAll lets the transfer that is there next be delivered to its one
// receiver, by way of a yes.
func deliverAll(t *testing.T, s *controltest.Stand) {
	t.Helper()
	transfer := asked(t, s, 1)
	id := transfer.Peers[0].ID
	s.Tell(sharing.AnsweredEvent{Share: transfer.Share, Peer: id, Accepted: true})
	s.Peer(transfer.Share, id, func(p *sharing.Peer) { p.State = sharing.Running })
	s.Change(func(snapshot *sharing.Snapshot) {
		for i := range snapshot.Transfers {
			if snapshot.Transfers[i].Share == transfer.Share {
				snapshot.Transfers[i].State = sharing.Delivered
			}
		}
	})
	s.Peer(transfer.Share, id, func(p *sharing.Peer) {
		p.State, p.Done = sharing.Delivered, p.Total
		p.Receipt = &sharing.Receipt{Share: transfer.Share, Files: transfer.Files, Bytes: transfer.Bytes}
	})
}

func TestSendDelivers(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	notes := file(t, "notes.odt")
	ended := at(t, s.Folder).start("send", notes, "--to", "ANNA")
	deliverAll(t, s)
	f := <-ended
	f.want(t, exitDone)
	f.says(t, "Offering", controltest.Share(notes).Short())
	if !strings.HasPrefix(f.out, "anna: delivered, 3 files, 3.0 kB") || strings.Count(f.out, "\n") != 1 {
		t.Errorf("output %q", f.out)
	}

	other := file(t, "other")
	ended = at(t, s.Folder).start("send", other, "--to", "anna", "--json", "--quiet")
	deliverAll(t, s)
	f = <-ended
	f.want(t, exitDone)
	o := f.objects(t)
	if len(o) != 1 || o[0]["result"] != "delivered" || o[0]["to"] != "anna" || o[0]["files"] != 3.0 ||
		o[0]["id"] != controltest.ID("anna").String() || o[0]["share"] != controltest.Share(other).String() || o[0]["receipt"] == nil {
		t.Errorf("output %s", f.out)
	}
	if f.err != "" {
		t.Errorf("not quiet: %s", f.err)
	}
}

// The exit code is the first that applies of 1, 3, 4, 0, and every receiver has
// one line.
func TestSendExitCodes(t *testing.T) {
	for _, c := range []struct {
		name   string
		states map[string]sharing.State // "" is somebody who is not there
		code   int
	}{
		{"delivered", map[string]sharing.State{"a": sharing.Delivered}, exitDone},
		{"declined", map[string]sharing.State{"a": sharing.Declined}, exitDeclined},
		{"cancelled", map[string]sharing.State{"a": sharing.Cancelled}, exitFailed},
		{"withdrawn", map[string]sharing.State{"a": sharing.Withdrawn}, exitFailed},
		{"failed", map[string]sharing.State{"a": sharing.Failed}, exitFailed},
		{"absent", map[string]sharing.State{"a": ""}, exitAbsent},
		{"1 before 3", map[string]sharing.State{"a": sharing.Declined, "b": sharing.Failed}, exitFailed},
		{"3 before 4", map[string]sharing.State{"a": sharing.Declined, "b": "", "c": sharing.Delivered}, exitDeclined},
		{"4 before 0", map[string]sharing.State{"a": "", "b": sharing.Delivered}, exitAbsent},
		{"all", map[string]sharing.State{"a": "", "b": sharing.Delivered, "c": sharing.Declined, "d": sharing.Cancelled}, exitFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := controltest.Serve(t, "self")
			args := []string{"send", file(t, "notes"), "--wait", "100ms", "--json"}
			here := 0
			for name, state := range c.states {
				args = append(args, "--to", name)
				if state != "" {
					s.Meet(name)
					here++
				}
			}
			ended := at(t, s.Folder).start(args...)
			if here > 0 {
				transfer := asked(t, s, here)
				for name, state := range c.states {
					end(s, transfer, name, state, "")
				}
			}
			f := <-ended
			f.want(t, c.code)
			results := f.objects(t)
			if len(results) != len(c.states) {
				t.Errorf("%d results: %s", len(results), f.out)
			}
			for _, o := range results {
				want := string(c.states[o["to"].(string)])
				if want == "" {
					want = "absent"
				}
				if o["result"] != want {
					t.Errorf("%v: %v, want %s", o["to"], o["result"], want)
				}
			}
		})
	}
}

func TestSendRefusesInPlainWords(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	s.Change(func(snapshot *sharing.Snapshot) {
		twin := controltest.Neighbour("other")
		twin.Name = "Anna"
		snapshot.Neighbours = append(snapshot.Neighbours, twin)
	})
	notes := file(t, "notes")
	y := at(t, s.Folder)
	y.want(exitFailed, "send", filepath.Join(filepath.Dir(notes), "nothing"), "--to", "anna").says(t, "there is no file or folder")
	y.want(exitFailed, "send", notes, "", "--to", "anna").says(t, "empty path")
	y.want(exitFailed, "send", notes, "--to", "anna").says(t, "2 devices", controltest.ID("anna").Short(), controltest.ID("other").Short())
	y.want(exitFailed, "send", notes, "--to", controltest.ID("self").String()).says(t, "this device itself")
	y.want(exitFailed, "send", notes, "--to", "self").says(t, "this device itself")
	y.want(exitAbsent, "send", notes, "--to", "carl", "--wait", "0s").says(t, "carl: not found in time", "same network")
	y.want(exitAbsent, "send", notes, "--to", "192.0.2.9:1", "--wait", "0s").says(t, "no Potluck device answers")
	if got := s.Commands(); len(got) > 0 {
		t.Errorf("commands %q", got)
	}
	s.Fail("send", errors.New("the folder Photos cannot be read: permission denied"))
	y.want(exitFailed, "send", notes, "--to", controltest.ID("anna").Short()).says(t, "potluck: the folder Photos cannot be read")
}

func TestSendToOnePersonByTwoNames(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	ended := at(t, s.Folder).start("send", file(t, "notes"), "--to", "anna", "--to", controltest.ID("anna").Short())
	deliverAll(t, s)
	f := <-ended
	f.want(t, exitDone)
	if strings.Count(f.out, "\n") != 1 {
		t.Errorf("output %q", f.out)
	}
}

func TestSendTellsWhatHappens(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	notes := file(t, "notes")
	y := at(t, s.Folder)
	ended := y.start("send", notes, "--to", "anna")
	transfer := asked(t, s, 1)
	anna := controltest.ID("anna")
	eventually(t, func() bool { return strings.Contains(y.err.String(), "anna has been asked") })
	for _, news := range []sharing.Peer{
		{State: sharing.Running}, {State: sharing.Paused}, {State: sharing.Running}, {State: sharing.Stuck, Error: "the disk is full"}, {State: sharing.Offering},
	} {
		step(t, s, transfer.Share, anna, func(p *sharing.Peer) { p.State, p.Error = news.State, news.Error })
	}
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Transfers[0].Failures = []sharing.Note{{Path: "Photos/a\x1b[2J.jpg", Text: "changed while it was sent"}}
	})
	end(s, transfer, "anna", sharing.Delivered, "")
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "anna has been asked", "anna said yes", "anna: paused", "anna: goes on", "stuck: the disk is full", "not here any more",
		"without 1 file that could not be read", `a\u{1b}[2J.jpg: changed while it was sent`)
}

// followed waits until a command follows the events.
func followed(t *testing.T, s *controltest.Stand) {
	t.Helper()
	eventually(t, func() bool { return s.Followers() > 0 })
}

func TestSendPartial(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	ended := at(t, s.Folder).start("send", file(t, "notes"), "--to", "anna")
	transfer := asked(t, s, 1)
	s.Peer(transfer.Share, controltest.ID("anna"), func(p *sharing.Peer) {
		p.State, p.Receipt = sharing.Delivered, &sharing.Receipt{Files: 2, Bytes: 2000}
	})
	f := <-ended
	f.want(t, exitDone)
	f.says(t, "delivered, 2 of 3 files, 2.0 kB")
}

func TestSendInterrupted(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	y := at(t, s.Folder)
	ctx, cancel := context.WithCancelCause(t.Context())
	y.ctx = ctx
	notes := file(t, "notes")
	ended := y.start("send", notes, "--to", "anna")
	asked(t, s, 1)
	cancel(interrupt{os.Interrupt})
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "anna: not finished", "goes on in the running Potluck", "potluck cancel "+controltest.Share(notes).Short())
	for _, c := range s.Commands() {
		if strings.HasPrefix(c, "cancel") {
			t.Error("the transfer was cancelled")
		}
	}

	ctx, cancel = context.WithCancelCause(t.Context())
	y.ctx = ctx
	ended = y.start("send", notes, "--to", "carl")
	cancel(interrupt{syscall.SIGTERM})
	(<-ended).want(t, exitFailed)
}

// The device stops and none takes its place: the command starts none of its own,
// which would not have the other one's options, and says what becomes of it all.
func TestSendEndsWithTheDevice(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	notes := file(t, "notes")
	ended := at(t, s.Folder).start("send", notes, "--to", "anna", "--to", "carl", "--wait", "1h")
	asked(t, s, 1)
	followed(t, s)
	s.Stop()
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "anna: not finished", "carl: not finished", "the running Potluck has stopped",
		"goes on when Potluck runs again", "potluck cancel "+controltest.Share(notes).Short())
	if strings.Contains(f.err, "goes on;") || strings.Contains(f.err+f.out, "not here any more") {
		t.Errorf("it goes on by itself: %s", f.err)
	}
}

// Who is here is offered it while others are still looked for; they are when they
// come.
func TestSendDoesNotLetOneWaitForAnother(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	ended := at(t, s.Folder).start("send", file(t, "notes"), "--to", "carl", "--to", "anna", "--wait", "1h")
	if transfer := asked(t, s, 1); transfer.Peers[0].ID != controltest.ID("anna") {
		t.Fatalf("offered to %+v", transfer.Peers)
	}
	s.Meet("carl")
	transfer := asked(t, s, 2)
	for _, name := range []string{"anna", "carl"} {
		end(s, transfer, name, sharing.Delivered, "")
	}
	f := <-ended
	f.want(t, exitDone)
	f.says(t, "carl was found", "anna: delivered", "carl: delivered")
}

func TestSendAnnouncesWhatIsLeftOut(t *testing.T) {
	r := &run{program: &program{}}
	var out buffer
	r.printer = printer{out: &out, err: &out}
	sending := &sending{run: r}
	sending.announce(sharing.Transfer{
		Share: controltest.Share("x"), Title: "empty", Folders: 1,
		Peers:   []sharing.Peer{{ID: controltest.ID("a"), Name: "Anna"}, {ID: controltest.ID("b")}},
		LeftOut: []sharing.Note{{Path: "empty/link", Text: "it is a symbolic link"}},
	})
	f := finished{out: out.String()}
	f.says(t, "Offering empty (1 empty folder) to Anna and "+controltest.ID("b").Short(),
		"Left out: empty/link: it is a symbolic link", "There are no files in it")
}

func TestBarOnATerminalOnly(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		t.Run(fmt.Sprint(terminal), func(t *testing.T) {
			s := controltest.Serve(t, "self")
			s.Meet("anna")
			y := at(t, s.Folder)
			y.terminal = terminal
			ended := y.start("send", file(t, "notes"), "--to", "anna")
			transfer := asked(t, s, 1)
			followed(t, s)
			step(t, s, transfer.Share, controltest.ID("anna"), func(p *sharing.Peer) {
				p.State, p.Done, p.Rate, p.Left = sharing.Running, 1500, 98_000_000, 5_000_000_000
			})
			end(s, transfer, "anna", sharing.Delivered, "")
			f := <-ended
			f.want(t, exitDone)
			if got := strings.Contains(f.err, "1.5 kB of 3.0 kB, 98 MB/s, 5 s left"); got != terminal {
				t.Errorf("a bar: %v\n%s", got, f.err)
			}
			if !terminal && strings.ContainsAny(f.err+f.out, "\r\x1b") {
				t.Errorf("escapes in a pipe: %q", f.err)
			}
		})
	}
}

// step changes a peer and waits until a command has seen that.
func step(t *testing.T, s *controltest.Stand, share sharing.ShareID, id identity.ID, f func(*sharing.Peer)) {
	t.Helper()
	s.Peer(share, id, f)
	for range 2 { // the first look may have begun before the change
		before := s.Looks()
		s.Change(func(*sharing.Snapshot) {})
		eventually(t, func() bool { return s.Looks() > before })
	}
}
