package view_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

func TestRequest(t *testing.T) {
	plainOffer := sharing.Offer{
		Share: sharing.ShareID{1}, From: anna, FromName: "{{.Evil}}", Title: "Photos", Files: 1204, Folders: 1, Bytes: 3_400_000_000,
		Free: 5_000_000_000, Into: "/home/me/Downloads", Paired: true, Connected: true,
	}
	tests := map[string]struct {
		change func(*sharing.Offer)
		notes  string // joined
		accept bool
	}{
		"fits":     {func(*sharing.Offer) {}, "", true},
		"too big":  {func(o *sharing.Offer) { o.Free = 1_000_000 }, "Needs 3.4 GB, only 1.0 MB free here. Choose another folder.", false},
		"full":     {func(o *sharing.Offer) { o.Free = 0 }, "Needs 3.4 GB, and the disk is full. Choose another folder.", false},
		"unknown":  {func(o *sharing.Offer) { o.Free = -1 }, "", true},
		"stranger": {func(o *sharing.Offer) { o.Paired = false }, "Not verified: nobody has checked that this is really their device.", true},
		"twin": {
			func(o *sharing.Offer) { o.Paired, o.Twin = false, true },
			"This is not the device you verified. It only has the same name. If they reinstalled Potluck, verify together again.", true,
		},
		"program": {func(o *sharing.Offer) { o.Programs = 1 }, "Programs can harm this computer. Accept only if you asked for it.", true},
		"away":    {func(o *sharing.Offer) { o.Connected = false }, "Waiting for {{.Evil}} to come back", true},
		"renamed": {func(o *sharing.Offer) { o.Renamed = 2 }, "2 names cannot be used here and arrive a little different.", true},
	}
	for name, tt := range tests {
		o := plainOffer
		tt.change(&o)
		v := of(t, sharing.Snapshot{Offers: []sharing.Offer{o}}, view.Local{Home: "/home/me"})
		r := v.Now.Requests[0]
		var notes []string
		for _, n := range r.Notes {
			if n.Text != "" {
				notes = append(notes, n.Text)
			}
		}
		got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(plain(strings.Join(notes, " ")))
		if got != tt.notes || r.CanAccept != tt.accept {
			t.Errorf("%s: notes %q, can be accepted: %v", name, got, r.CanAccept)
		}
		if r.Name != "{{.Evil}}" || r.Amount != "1,204 files in 1 folder" || r.Into != "~/Downloads" || r.Look == "" || v.Title != "(1) Potluck" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// What a single file really is stands apart from its name.
func TestExtension(t *testing.T) {
	for title, want := range map[string]view.Request{
		"invoice.pdf.exe": {Title: "invoice.pdf", Ext: "exe", Program: true, Amount: "Program"},
		"a.JPG":           {Title: "a", Ext: "jpg", Amount: "Picture"},
		"notes":           {Title: "notes", Amount: "Other file"},
		"x.pdf .exe. ":    {Title: "x.pdf .exe.", Ext: "exe", Program: true, Amount: "Program"},
	} {
		o := sharing.Offer{Title: title, Files: 1, Free: -1, Connected: true, Paired: true}
		r := of(t, sharing.Snapshot{Offers: []sharing.Offer{o}}, view.Local{}).Now.Requests[0]
		if r.Title != want.Title || r.Ext != want.Ext || r.Program != want.Program || r.Amount != want.Amount || r.Look != "" {
			t.Errorf("%q: %q, %q, %v, %q", title, r.Title, r.Ext, r.Program, r.Amount)
		}
	}
}

// A person asks for one thing at a time; what was put off is one line.
func TestQueue(t *testing.T) {
	s := sharing.Snapshot{Offers: []sharing.Offer{
		{Share: sharing.ShareID{1}, From: anna, FromName: "Anna", Title: "first"},
		{Share: sharing.ShareID{2}, From: anna, FromName: "Anna", Title: "second"},
		{Share: sharing.ShareID{3}, From: binh, FromName: "Bình", Title: "third"},
		{Share: sharing.ShareID{4}, From: anna, FromName: "Anna", Title: "fourth"},
	}}
	var l view.Local
	n := of(t, s, l).Now
	if len(n.Requests) != 2 || n.Requests[0].Waiting != "2 more are waiting" || n.Requests[1].Waiting != "" {
		t.Fatalf("%+v", n.Requests)
	}
	l.PutOff(sharing.ShareID{1})
	n = of(t, s, l).Now
	if len(n.Requests) != 2 || n.Requests[0].Title != "second" || len(n.Folded) != 1 || !strings.Contains(n.Folded[0].Text, "first") {
		t.Errorf("%+v, %+v", n.Requests, n.Folded)
	}
	l.Recall(sharing.ShareID{1})
	if n = of(t, s, l).Now; len(n.Folded) != 0 || n.Requests[0].Title != "first" {
		t.Errorf("%+v, %+v", n.Requests, n.Folded)
	}
}

// An offer that is withdrawn while it is looked into closes the page.
func TestInsideOfWhatIsGone(t *testing.T) {
	s := sharing.Snapshot{Offers: []sharing.Offer{{Share: sharing.ShareID{1}, From: anna, FromName: "Anna", Files: 3, Free: -1}}}
	l := view.Local{Page: view.Inside, Look: sharing.ShareID{1}.String()}
	if v := of(t, s, l); v.Page != view.Inside || v.Inside.Loading == "" {
		t.Errorf("shows page %d: %+v", v.Page, v.Inside)
	}
	if v := of(t, sharing.Snapshot{}, l); v.Page != view.Nearby {
		t.Errorf("shows page %d", v.Page)
	}
}

func TestMessage(t *testing.T) {
	for text, want := range map[string][2]string{
		"look: https://example.com/a?b=c now": {"https://example.com/a?b=c", "example.com"},
		"https://good.example@evil.example/":  {"", ""},
		"javascript:alert(1)":                 {"", ""},
		"file:///etc/passwd":                  {"", ""},
		"https://\u202eexample.com":           {"", ""},
		"nothing":                             {"", ""},
	} {
		s := sharing.Snapshot{Messages: []sharing.Message{{ID: "1", From: anna, FromName: "Anna", Paired: true, Text: text, At: now}}}
		m := of(t, s, view.Local{}).Now.Messages[0]
		if m.Link != want[0] || m.Host != want[1] || (m.Open != "") != (want[0] != "") || m.Text != text {
			t.Errorf("%q: %+v", text, m)
		}
	}
}

// Sentences of the engine are said in the person's language, with what stands in
// them.
func TestSentences(t *testing.T) {
	for text, want := range map[string][2]string{
		"not enough space in /a: b: 3.4 GB needed, 1.1 GB free; make room and try again": {
			"Not enough space in /a: b: 3.4 GB needed, 1.1 GB free; make room and try again.", "Không đủ chỗ trong /a: b: cần 3,4 GB, còn 1,1 GB; hãy dọn bớt rồi thử lại.",
		},
		"it was withdrawn": {"It was withdrawn.", "Đã được rút lại."},
		"":                 {"", ""},
	} {
		for i, language := range []string{"en", "vi"} {
			got := view.Sentence(errors.New(text), in(t, language))
			if got = strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got); got != want[i] {
				t.Errorf("%s: %q, want %q", language, got, want[i])
			}
		}
	}
	n := view.ProblemWith("ref", errors.New("the disk of /x is full: make room and try again"), now, in(t, "en"))
	if n.Do != view.ChooseFolder || n.Ref != "ref" || n.Button == "" {
		t.Errorf("%+v", n)
	}
	if n := view.ProblemWith("ref", errors.New("it was withdrawn"), now, in(t, "en")); n.Button != "" || n.Until.Before(now.Add(time.Second)) {
		t.Errorf("%+v", n)
	}
}

// What the system says in words that nobody understands is never shown.
func TestNoJargon(t *testing.T) {
	_, missing := os.Open(filepath.Join(t.TempDir(), "x"))
	_, unknown := exec.LookPath("no-such-program")
	timeout := fmt.Errorf("GET /v1/shares: %w", context.DeadlineExceeded)
	const general = "Something went wrong. Try again; if it stays like this, start Potluck anew."
	for err, want := range map[error]string{
		missing: "This is not there any more.",
		unknown: general,
		timeout: "That took too long. Try again.",
		errors.New("dial tcp 192.168.1.5:27420: connect: connection refused"): general,
		errors.New("exit status 3"): general,
		errors.New("json: cannot unmarshal string into Go value of type int"): general,
		errors.New("\x1b[2Jowned"): general,
		fmt.Errorf("nothing is called %q here: %w", "12ab", sharing.ErrNotFound):                                                                          "This is not there any more.",
		&fs.PathError{Op: "mkdir", Path: "/x", Err: fs.ErrPermission}:                                                                                     "Potluck is not allowed to do that on this computer.",
		&fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}:                                                                                       "The disk is full: make room and try again.",
		errors.New("the settings cannot be saved: open /x/.settings: no such device"):                                                                     "Potluck cannot write down what it has to remember; see that its disk is not full.",
		errors.New(`"/a/b" cannot be shared: there is no such file or folder`):                                                                            "\"/a/b\" cannot be shared: it is no longer there.",
		errors.New(`"/a/b" cannot be shared: input/output error`):                                                                                         "\"/a/b\" cannot be shared: it could not be read.",
		errors.New("the settings in /a/b were written by a newer Potluck (format 7, and this one …"):                                                      "The settings in /a/b were written by a newer Potluck.",
		errors.New("the offer was refused: \"a\" at entry 3 has a NUL"):                                                                                   "The offer was refused.",
		errors.New(`"x y" is not a port such as 27420, nor an address and port such as 192.168.1.5:27420`):                                                "\"x y\" is not a port such as 27420, nor an address and port such as 192.168.1.5:27420.",
		errors.New(`"80" is not a port for this; take a number from 1024 to 65535, or 0 for any that is free`):                                            "\"80\" is not a port for this; take a number from 1024 to 65535, or 0 for any that is free.",
		errors.New("the port is empty; take a number from 1024 to 65535, or 0 for any that is free"):                                                      "The port is empty; take a number from 1024 to 65535, or 0 for any that is free.",
		errors.New("port 5555 is used by another program or kept back by the system; choose another one: listen tcp :5555: bind: address already in use"): "Port 5555 is used by another program or kept back by the system; choose another one.",
		errors.New("the address 192.0.2.1:1 cannot be listened on: listen tcp 192.0.2.1:1: bind: cannot assign requested address"):                        "This computer cannot be reached at 192.0.2.1:1.",
	} {
		got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(view.Sentence(err, in(t, "en")))
		if got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

// A full disk is one in words; of one that does not tell, nothing is said.
func TestRoomInWords(t *testing.T) {
	for free, want := range map[int64]string{-1: "", 0: "The disk is full", 1_000_000: "1.0 MB free"} {
		o := sharing.Offer{Share: sharing.ShareID{1}, From: anna, Title: "a", Files: 1, Bytes: 9, Free: free, Into: "/x", Connected: true, Paired: true}
		r := of(t, sharing.Snapshot{Offers: []sharing.Offer{o}}, view.Local{}).Now.Requests[0]
		if got := plain(r.Free); got != want {
			t.Errorf("%d bytes: %q", free, got)
		}
	}
}

// What a yes leaves out is said beside it, and told of again where it can be ticked.
func TestProgramsThatAreLeftOut(t *testing.T) {
	o := sharing.Offer{Share: sharing.ShareID{1}, From: binh, FromName: "Bình", Title: "album", Files: 49, Folders: 2, Programs: 2, Renamed: 1, Free: -1, Connected: true}
	s := sharing.Snapshot{Offers: []sharing.Offer{o}}
	texts := func(r view.Request) (list []string) {
		for _, n := range r.Notes {
			list = append(list, n.Text)
		}
		return list
	}
	const stranger, renamed = "Not verified: nobody has checked that this is really their device.", "1 name cannot be used here and arrives a little different."
	r := of(t, s, view.Local{}).Now.Requests[0]
	if want := []string{stranger, "2 programs are left out; look inside to take them.", renamed}; r.Accept != "Accept 47 files" || !slices.Equal(texts(r), want) {
		t.Errorf("%q: %q", r.Accept, texts(r))
	}

	l := view.Local{Page: view.Inside, Look: o.Share.String(), Tree: view.NewTree(album(t), nil, true)}
	looked := func() view.Request { return of(t, s, l).Inside.Request }
	if want := []string{stranger, "1 program is left out; tick it to take it.", renamed}; !slices.Equal(texts(looked()), want) {
		t.Errorf("inside: %q", texts(looked()))
	}
	if row := l.Tree.Row(0, in(t, "en")); row.Note != "1 program · 4 files" || !row.Marked {
		t.Errorf("the folder says %q", row.Note)
	}
	if n := looked().Notes[1]; n.Topic != view.Programs || n.Button != "Show them" {
		t.Errorf("the way to them is %+v", n)
	}
	l.Tree.ShowPrograms(true)
	if n := looked().Notes[1]; l.Tree.Len() != 1 || l.Tree.Row(0, in(t, "en")).Name != "run" || n.Button != "Show all" {
		t.Errorf("%d rows, and %+v", l.Tree.Len(), n)
	}
	l.Tree.Toggle(0)
	if n := looked().Notes[1]; n.Tone != view.Bad || !strings.HasPrefix(n.Text, "Programs can harm") {
		t.Errorf("a program that is ticked: %+v", n)
	}
	l.Tree.Toggle(0)
	if l.Tree.ShowPrograms(false); l.Tree.OnlyPrograms() || looked().Notes[1].Tone != view.Warn {
		t.Errorf("as it was before: %+v", looked().Notes[1])
	}
}
