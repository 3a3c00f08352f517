package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/app/control/controltest"
	"potluck/sharing"
)

// hostile is a name as somebody might choose it who wants to take over a
// terminal, or a prompt.
const hostile = "a\x1b]0;owned\x07\u202egpj.exe\nb"

func offer(title string) sharing.Offer {
	return sharing.Offer{
		Share: controltest.Share(title), From: controltest.ID("anna"), FromName: "anna", Title: title,
		Files: 12, Folders: 3, Bytes: 34_000_000, Into: "/home/self/Potluck", Free: 1_000_000, Renamed: 1, Programs: 2, Connected: true,
	}
}

func TestNeighbours(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitAbsent, "neighbours", "--wait", "50ms").says(t, "nobody was found")
	s.Meet("anna", "Nguyễn", "日本")
	s.Change(func(snapshot *sharing.Snapshot) { snapshot.Neighbours[0].Paired = true })
	f := y.want(exitDone, "neighbours")
	lines := strings.Split(strings.TrimSpace(f.out), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "NAME") || !strings.HasSuffix(lines[1], "verified") {
		t.Errorf("output:\n%s", f.out)
	}
	for i, line := range lines[1:] {
		name, _, _ := strings.Cut(line, " ")
		if columns(strings.SplitAfter(line, controltest.ID(name).Short())[0]) != 26 {
			t.Errorf("line %d does not line up:\n%s", i, f.out)
		}
	}
	o := y.want(exitDone, "neighbours", "--json").objects(t)
	if len(o) != 3 || o[0]["name"] != "anna" || o[0]["id"] != controltest.ID("anna").String() || o[0]["addr"] == "" {
		t.Errorf("objects %v", o)
	}
}

func TestNeighboursComeWhileWaiting(t *testing.T) {
	s := controltest.Serve(t, "self")
	ended := at(t, s.Folder).start("neighbours", "--wait", "1h")
	followed(t, s)
	s.Meet("anna")
	f := <-ended
	f.want(t, exitDone)
	f.says(t, "NAME", "anna")
}

func TestOffers(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitDone, "offers").says(t, "Nobody offers anything")
	s.Change(func(snapshot *sharing.Snapshot) { snapshot.Offers = []sharing.Offer{offer("Photos"), offer("notes")} })
	f := y.want(exitDone, "offers")
	f.says(t, controltest.Share("Photos").Short(), "anna", "not verified", "12 files in 3 folders, 34 MB",
		"1 entry will arrive under another name", "2 files among it can run something", "not enough room in /home/self/Potluck: 1.0 MB are free")
	if o := y.want(exitDone, "offers", "--json").objects(t); len(o) != 2 || o[0]["title"] != "Photos" || o[0]["bytes"] != 34e6 {
		t.Errorf("objects %v", o)
	}

	ref := controltest.Share("Photos").Short()
	t.Chdir(t.TempDir())
	here, _ := os.Getwd()
	y.want(exitDone, "accept", ref, "--into", "sub", "--only", "*.jpg", "--only", "a,b").says(t, ref+" accepted")
	if got := s.Accepted(); got.Into != filepath.Join(here, "sub") || strings.Join(got.Only, "|") != "*.jpg|a,b" {
		t.Errorf("accepted %+v", got)
	}
	y.want(exitDone, "decline", ref, "--json").says(t, `"result":"declined"`)
	y.want(exitFailed, "accept", "ffff").says(t, "there is no offer ffff", `"potluck offers" lists them`)
	y.want(exitFailed, "decline", "ffff").says(t, "there is no offer ffff")
}

func TestChanges(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	share := controltest.Share("Photos")
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Transfers = []sharing.Transfer{{Share: share, Direction: sharing.Receiving, Title: "Photos", State: sharing.Running}}
	})
	for command, word := range map[string]string{"pause": "paused", "resume": "resumed", "cancel": "cancelled"} {
		y.want(exitDone, command, share.Short()).says(t, share.Short()+" "+word)
		y.want(exitDone, command, share.String(), "--json").says(t, `"share":"`+share.String()+`","result":"`+word+`"`)
		y.want(exitFailed, command, "ffff").says(t, "there is no transfer ffff")
		s.Fail(command, sharing.ErrState)
		y.want(exitFailed, command, share.Short()).says(t, "not possible now")
	}
}

func TestWithdrawFromOne(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	share, anna := controltest.Share("Photos"), controltest.ID("anna").Short()
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Known = []sharing.KnownDevice{{ID: controltest.ID("anna"), Name: "Anna"}}
		snapshot.Transfers = []sharing.Transfer{{Share: share, Direction: sharing.Sending, Title: "Photos", State: sharing.Running}}
	})
	for _, args := range [][]string{{"cancel", "--for", "anna", share.Short()}, {"cancel", share.Short(), "--for", anna}} {
		y.want(exitDone, args...).says(t, share.Short()+" withdrawn")
	}
	y.want(exitFailed, "cancel", "--for", "anna", "ffff").says(t, "there is no transfer ffff to "+anna)
	y.want(exitFailed, "cancel", "--for", "nobody", share.Short()).says(t, "no device called nobody is known here")
	y.want(exitFailed, "cancel", "--for", "", share.Short()).says(t, "an empty name is nobody's")
	s.Fail("withdraw "+anna, sharing.ErrState)
	y.want(exitFailed, "cancel", "--for", "anna", share.Short()).says(t, "not possible now")
	if got := s.Commands(); !slices.Contains(got, "withdraw "+anna+" "+share.Short()) {
		t.Errorf("commanded: %q", got)
	}
}

// Who resumes what the other side has paused as well is told so.
func TestResumeOfWhatIsPausedThere(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	share := controltest.Share("Photos")
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Transfers = []sharing.Transfer{{
			Share: share, Direction: sharing.Sending, Title: "Photos", State: sharing.Paused, Peers: []sharing.Peer{
				{Name: "anna", State: sharing.Paused, PausedThere: true, Connected: true},
				{Name: "ben", State: sharing.Running, Connected: true},
				{Name: "carl", State: sharing.Cancelled, PausedThere: true},
			},
		}}
	})
	y.want(exitDone, "resume", share.Short()).says(t, share.Short()+" resumed here, and still paused by anna\n")
	y.want(exitDone, "resume", share.Short(), "--json").says(t, `"result":"resumed","pausedBy":["anna"]`)
	y.want(exitDone, "transfers").says(t, "paused", "there")
}

// A language counts at once; a folder that cannot be received into is refused.
func TestSettingsThatCount(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	y.want(exitDone, "settings", "set", "language", "vi")
	y.want(exitFailed, "settings", "set", "downloads", filepath.Join(file, "sub")).says(t, "it is not a folder")
	y.want(exitUsage, "serve", "--downloads", filepath.Join(file, "sub")).says(t, "it is not a folder")
}

func TestVerify(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	share := controltest.Share("Photos")
	s.Change(func(snapshot *sharing.Snapshot) { snapshot.Transfers = []sharing.Transfer{{Share: share}} })
	s.Verifies(sharing.Verified{OK: true, Bytes: 7_000_000})
	y.want(exitDone, "verify", share.Short()).says(t, "as it was sent: 7.0 MB")
	one := func(path string) sharing.Entries { return sharing.Entries{Count: 1, Paths: []string{path}} }
	s.Verifies(sharing.Verified{
		Damaged: sharing.Entries{Count: 203, Paths: []string{hostile, "b"}}, Repaired: one("b"), Missing: one("c"), Changed: one("d"),
		Unchecked: one("e"), Error: "nobody is here",
	})
	y.want(exitFailed, "verify", share.Short()).says(t, "203 entries damaged, 1 entry missing, 1 entry changed here", "repaired: b",
		"damaged: 201 files more", "missing: c", "changed here, and left alone: d", "not checked", "could be mended: nobody is here", "--restore")
	if o := y.want(exitFailed, "verify", share.Short(), "--json").objects(t); o[0]["ok"] != false || o[0]["missing"].(map[string]any)["count"] != 1.0 {
		t.Errorf("objects %v", o)
	}
	s.Verifies(sharing.Verified{OK: true, Changed: one("d"), Beside: one("d (2)")})
	y.want(exitDone, "verify", share.Short(), "--restore").says(t, "1 entry mended", "beside, under another name: d (2)")
	if list := s.Commands(); !strings.Contains(list[len(list)-1], "--restore") {
		t.Errorf("commands %q", list)
	}
	y.want(exitDone, "verify", share.Short(), "--wait", "90s")
	if list := s.Commands(); !strings.Contains(list[len(list)-1], "--wait 1m30s") {
		t.Errorf("commands %q", list)
	}
	y.want(exitUsage, "verify", share.Short(), "--wait", "0s").says(t, "--wait must be")
	y.want(exitFailed, "verify", "ffff").says(t, "there is no transfer")
}

func TestTransfers(t *testing.T) {
	s := controltest.Serve(t, "self")
	y := at(t, s.Folder)
	y.want(exitDone, "transfers").says(t, "Nothing is on its way")
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Transfers = []sharing.Transfer{
			{
				Share: controltest.Share("Photos"), Direction: sharing.Sending, Title: "Photos", State: sharing.Waiting,
				Peers: []sharing.Peer{
					{ID: controltest.ID("anna"), Name: "anna", State: sharing.Running, Connected: true, Done: 450, Total: 1000, Rate: 98e6, Left: 70 * time.Second, Sources: []sharing.Source{
						{ID: controltest.ID("self"), Name: "self", Connected: true},
						{ID: controltest.ID("dora"), Name: "dora", Connected: true},
						{ID: controltest.ID("evil"), Name: "evil", Connected: true, Refused: true},
						{ID: controltest.ID("gone"), Name: "gone"},
					}},
					{ID: controltest.ID("ben"), Name: "ben", State: sharing.Waiting},
				},
			},
			{
				Share: controltest.Share("notes"), Direction: sharing.Receiving, Title: "notes", State: sharing.Stuck, Error: "the disk is full",
				Peers: []sharing.Peer{{Name: "carl", State: sharing.Stuck, Connected: true, Done: 1, Total: 2}},
			},
			{
				Share: controltest.Share("songs"), Direction: sharing.Receiving, Title: "songs", State: sharing.Delivered,
				Checked: &sharing.Checked{Damaged: 2, Missing: 1},
				Peers:   []sharing.Peer{{Name: "dora", State: sharing.Delivered, Done: 2, Total: 2}},
			},
		}
	})
	f := y.want(exitDone, "transfers")
	f.says(t, "to    anna  Photos  running", "45 % of 1.0 kB", "98 MB/s, 1 min 10 s left, from self, dora\n", "waiting for an answer", "not here now",
		"from  carl  notes", "stuck", "the disk is full", "2 damaged, 1 missing when last verified")
	if o := y.want(exitDone, "transfers", "--json").objects(t); len(o) != 3 || o[1]["state"] != "stuck" {
		t.Errorf("objects %v", o)
	}
}

func TestWatchTransfers(t *testing.T) {
	for name, how := range map[string]struct {
		terminal bool
		args     []string
	}{
		"terminal": {true, []string{"transfers", "--watch"}},
		"pipe":     {false, []string{"transfers", "--watch"}},
		"json":     {false, []string{"transfers", "-w", "--json"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := controltest.Serve(t, "self")
			y := at(t, s.Folder)
			y.terminal = how.terminal
			ctx, cancel := context.WithCancelCause(t.Context())
			y.ctx = ctx
			ended := y.start(how.args...)
			followed(t, s)
			share := controltest.Share("Photos")
			s.Change(func(snapshot *sharing.Snapshot) {
				snapshot.Transfers = []sharing.Transfer{{
					Share: share, Title: "Photos", Direction: sharing.Receiving, State: sharing.Running,
					Peers: []sharing.Peer{{ID: controltest.ID("anna"), Name: "anna", State: sharing.Running, Connected: true, Total: 10}},
				}}
			})
			step(t, s, share, controltest.ID("anna"), func(p *sharing.Peer) { p.Done = 5 })
			step(t, s, share, controltest.ID("anna"), func(p *sharing.Peer) { p.State, p.Done = sharing.Delivered, 10 })
			eventually(t, func() bool { return strings.Contains(y.out.String(), "delivered") })
			cancel(interrupt{os.Interrupt})
			f := <-ended
			f.want(t, exitDone)
			f.says(t, "Photos")
			if got := strings.Contains(f.out, "\x1b["); got != how.terminal {
				t.Errorf("drawn in place: %v\n%q", got, f.out)
			}
		})
	}
}

// Names, titles and sentences of other devices reach no terminal as they are,
// in text and in JSON.
func TestS06_S26_NothingForeignReachesTheTerminal(t *testing.T) {
	s := controltest.Serve(t, "self")
	share := controltest.Share("x")
	o := offer(hostile)
	o.Share, o.FromName, o.Into = share, hostile, hostile
	neighbour := controltest.Neighbour(hostile)
	neighbour.Kind = hostile
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Neighbours = []sharing.Neighbour{neighbour, neighbour}
		snapshot.Neighbours[1].ID = controltest.ID("twin")
		snapshot.Offers = []sharing.Offer{o}
		snapshot.Transfers = []sharing.Transfer{{
			Share: share, Title: hostile, Direction: sharing.Sending, Error: hostile,
			Peers: []sharing.Peer{{Name: hostile, State: sharing.Stuck, Error: hostile}},
		}}
	})
	s.Verifies(sharing.Verified{Damaged: sharing.Entries{Count: 1, Paths: []string{hostile}}, Error: hostile})
	y := at(t, s.Folder)
	for _, args := range [][]string{
		{"neighbours"},
		{"offers"},
		{"transfers"},
		{"verify", share.Short()},
		{"accept", hostile},
		{"settings", "get", hostile},
		{"send", file(t, "x"), "--to", hostile},
		{hostile},
		{"settings", "set", "name", hostile},
		{"send", hostile, "--to", "anna"},
	} {
		for _, more := range []string{"--quiet=false", "--json"} {
			f := y.run(append(args, more)...)
			if text := f.out + f.err; strings.ContainsAny(text, "\x1b\x07\u202e") {
				t.Errorf("%q %s: %q", args, more, text)
			}
		}
	}
}
