package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/app/control/controltest"
	"potluck/sharing"
)

func TestSendText(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna", "ben")
	y := at(t, s.Folder)
	f := y.want(exitDone, "send", "--text", "https://example.org", "--to", "anna", "--to", "ben")
	f.says(t, "anna: the text is there\n", "ben: the text is there\n")
	for _, name := range []string{"anna", "ben"} {
		if want := "text " + controltest.ID(name).Short() + " https://example.org"; !slices.Contains(s.Commands(), want) {
			t.Errorf("%q was not commanded: %q", want, s.Commands())
		}
	}
	y.stdin = strings.NewReader("several\nlines\n")
	o := y.want(exitDone, "send", "--text", "-", "--to", "anna", "--json").objects(t)
	if len(o) != 1 || o[0]["to"] != "anna" || o[0]["result"] != "delivered" || o[0]["code"] != 0.0 {
		t.Errorf("objects %v", o)
	}
	if got := s.Commands(); !slices.Contains(got, "text "+controltest.ID("anna").Short()+" several\nlines\n") {
		t.Errorf("commanded %q", got)
	}
	y.want(exitAbsent, "send", "--text", "x", "--to", "carl", "--to", "anna", "--wait", "20ms").says(t, "carl: not found in time", "anna: the text is there")
}

func TestTextsThatAreNotSent(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	y := at(t, s.Folder)
	y.want(exitUsage, "send", "--text", "x", "file", "--to", "anna").says(t, "either --text or files")
	y.want(exitUsage, "send", "--text", " ", "--to", "anna").says(t, "the text is empty")
	y.want(exitUsage, "send", "--text", "x")
	y.want(exitFailed, "send", "--text", strings.Repeat("x", sharing.MaxText+1), "--to", "anna").says(t, "send it as a file")
	y.stdin = strings.NewReader(strings.Repeat("x", 10<<20))
	y.want(exitFailed, "send", "--text", "-", "--to", "anna").says(t, "send it as a file")
	s.Fail("text", fmt.Errorf("anna takes nothing from this device: %w", sharing.ErrState))
	y.want(exitDeclined, "send", "--text", "x", "--to", "anna").says(t, "anna: declined: anna takes nothing")
	s.Fail("text", fmt.Errorf("the text did not reach anna"))
	y.want(exitFailed, "send", "--text", "x", "--to", "anna").says(t, "anna: failed: the text did not reach anna")
}

func TestMessages(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitDone, "messages").says(t, "Nobody has sent a text")
	message := func(n int, from, text string) sharing.Message {
		return sharing.Message{ID: fmt.Sprintf("%08x%024d", n, 0), From: controltest.ID(from), FromName: from, Text: text, At: time.Unix(1_800_000_000, 0)}
	}
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Messages = []sharing.Message{message(1, "anna", "one\ntwo"), message(2, hostile, hostile), message(3, "ben", "three")}
		snapshot.Messages[0].Paired, snapshot.Messages[2].Twin = true, true
	})
	f := y.want(exitDone, "messages")
	f.says(t, "00000001 from anna", "verified", "   one\n   two\n", "another device under a name you verified")
	if strings.ContainsAny(f.out, "\x1b\x07\u202e") {
		t.Errorf("output not fit for a terminal: %q", f.out)
	}
	if o := y.want(exitDone, "messages", "--json").objects(t); len(o) != 3 || o[0]["text"] != "one\ntwo" || o[0]["fromName"] != "anna" {
		t.Errorf("objects %v", o)
	}
	y.want(exitFailed, "messages", "--close", "0000").says(t, "several texts begin with 0000")
	y.want(exitFailed, "messages", "--close", "ffff").says(t, "there is no text ffff")
	y.want(exitDone, "messages", "--close", "00000002")
	if n := len(s.Snapshot().Messages); n != 2 {
		t.Errorf("%d texts are left", n)
	}
	y.want(exitDone, "messages", "--close-all").says(t, "three")
	if n := len(s.Snapshot().Messages); n != 0 {
		t.Errorf("%d texts are left", n)
	}
	y.want(exitUsage, "messages", "--close", "0001", "--close-all")
	y.want(exitUsage, "messages", "0001")
}

func TestTheHistoryAndAllTransfers(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	share := controltest.Share("Photos")
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Transfers = []sharing.Transfer{{Share: share, Direction: sharing.Receiving, Title: "Photos", State: sharing.Stuck}}
	})
	ref := share.Short()
	y.want(exitDone, "pause", "--all").says(t, "all paused")
	y.want(exitDone, "resume", "--all").says(t, "all resumed")
	y.want(exitUsage, "pause", "--all", ref)
	y.want(exitDone, "retry", ref).says(t, ref+" begun again")
	t.Chdir(t.TempDir())
	here, err := filepath.Abs("")
	if err != nil {
		t.Fatal(err)
	}
	y.want(exitDone, "move", ref, "there").says(t, ref+" moved")
	y.want(exitUsage, "move", ref)
	y.want(exitUsage, "move", ref, "a", "b")
	y.want(exitFailed, "move", "ffff", "there").says(t, "there is no transfer ffff")
	y.want(exitDone, "forget", ref).says(t, ref+" forgotten")
	y.want(exitDone, "forget", "--all").says(t, "all forgotten")
	y.want(exitUsage, "forget")
	y.want(exitUsage, "forget", "--all", ref)
	y.want(exitFailed, "forget", "ffff").says(t, "there is no transfer ffff")
	for _, want := range []string{
		"pause all", "resume all", "retry " + ref, "move to " + filepath.Join(here, "there") + " ", "move " + share.String(), "forget " + ref, "forget all",
	} {
		if !slices.Contains(s.Commands(), want) {
			t.Errorf("%q was not commanded: %q", want, s.Commands())
		}
	}
}
