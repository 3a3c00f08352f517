package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTwoDevices(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := lonely(t, "ben")

	sent := make(chan finished)
	go func() { sent <- do(t, ben, "send", photos, "--to", name) }()
	offer := anna.await("offered")
	if offer["fromName"] != "ben" || offer["title"] != "Photos" || offer["files"] != 4.0 {
		t.Errorf("offered %v", offer)
	}
	ref := offer["share"].(string)[:8]
	do(t, anna.state, "offers").says(t, ref, "ben", "Photos", "4 files")
	if left, _ := os.ReadDir(anna.downloads); len(left) > 0 {
		t.Errorf("before yes there is %v", left)
	}
	do(t, anna.state, "accept", ref).want(t, exitDone)
	f := <-sent
	f.want(t, exitDone)
	f.says(t, name+" said yes", name+": delivered, 4 files, 300 kB")
	delivered := anna.await("delivered")
	if delivered["path"] != filepath.Join(anna.downloads, "Photos") || delivered["files"] != 4.0 || delivered["direction"] != "receiving" {
		t.Errorf("delivered %v", delivered)
	}
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
	do(t, anna.state, "transfers").says(t, "from  ben", "delivered")
	do(t, anna.state, "verify", ref).want(t, exitDone)

	// Ben has ended: nobody is here who has what a disk damages now.
	rot(t, filepath.Join(anna.downloads, "Photos", "a.jpg"))
	f = do(t, anna.state, "verify", ref, "--wait", "2s")
	f.want(t, exitFailed)
	f.says(t, "Nobody is here who has it", "nobody who has it is here just now")

	// Again, with a part of it, into another folder; from a device that stays.
	stays := serving(t, ben, "--name", "Benjamin")
	go func() { sent <- do(t, ben, "send", photos, "--to", anna.addr, "--json") }()
	offer = anna.await("offered")
	into := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(into, 0o700); err != nil {
		t.Fatal(err)
	}
	do(t, anna.state, "accept", offer["share"].(string), "--into", into, "--only", "*.jpg").want(t, exitDone)
	f = <-sent
	f.want(t, exitDone)
	if o := f.objects(t); len(o) != 1 || o[0]["result"] != "delivered" || o[0]["files"] != 1.0 || o[0]["name"] != name {
		t.Errorf("sent %s", f.out)
	}
	if stays.await("delivered")["direction"] != "sending" {
		t.Error("the sender did not tell of the delivery")
	}
	if got := contents(t, into); len(got["Photos/a.jpg"]) != 300_000 {
		t.Errorf("a part of it: %d things", len(got))
	}

	// No.
	go func() { sent <- do(t, ben, "send", photos, "--to", name) }()
	do(t, anna.state, "decline", anna.await("offered")["share"].(string)).want(t, exitDone)
	f = <-sent
	f.want(t, exitDeclined)
	f.says(t, name+": declined")

	for _, p := range []*process{anna, stays} {
		if code, took := p.stop(syscall.SIGTERM); code != exitDone || took > 3*time.Second {
			t.Errorf("stopped with %d after %v", code, took)
		}
	}
	for _, state := range []string{anna.state, ben} {
		if left, _ := filepath.Glob(filepath.Join(state, "run", "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// rot changes a byte of a file as a broken disk does: its size and time stay.
func rot(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, 7); err != nil {
		t.Fatal(err)
	}
	b[0]++
	if _, err := f.WriteAt(b, 7); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

func TestOneDevicePerStateFolder(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name))
	f := do(t, anna.state, "serve")
	f.want(t, exitFailed)
	f.says(t, "running on this state folder already")
	do(t, anna.state, "send", tree(t), "--to", name).says(t, "this device itself")

	ben := lonely(t, "ben")
	f = do(t, ben, "neighbours")
	f.want(t, exitDone)
	f.says(t, name, anna.addr)
	other := unique("annette")
	do(t, anna.state, "settings", "set", "name", other).want(t, exitDone)
	do(t, ben, "neighbours").says(t, other)
	if code, took := anna.stop(os.Interrupt); code != exitDone || took > 3*time.Second {
		t.Errorf("stopped with %d after %v", code, took)
	}
	if f := do(t, ben, "neighbours", "--wait", "1s"); strings.Contains(f.out, other) {
		t.Errorf("it is still there: %s", f.out)
	}
	do(t, ben, "send", tree(t), "--to", other, "--wait", "1s").want(t, exitAbsent)
}

// After kill -9 the next start finds no obstacle.
func TestAfterAKill(t *testing.T) {
	name := unique("anna")
	state := lonely(t, name)
	serving(t, state).stop(os.Kill)
	anna := serving(t, state)
	do(t, state, "transfers").want(t, exitDone)
	anna.stop(syscall.SIGTERM)
}

// Several commands at the same moment, and no device: one of them starts it, and
// all do their work, also after the one that started it has ended.
func TestManyCommandsAtOnce(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name), "--accept", "everyone")
	ben := lonely(t, "ben")
	sent := make(chan finished)
	const n = 4
	for range n {
		path := tree(t)
		go func() { sent <- do(t, ben, "send", path, "--to", name) }()
	}
	for range n {
		f := <-sent
		f.want(t, exitDone)
	}
	for range n {
		anna.await("delivered")
	}
}

// What is begun and interrupted can be seen, and goes on, with the next command.
func TestInterruptedAndResumed(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := lonely(t, "ben")
	cmd := command(t, ben, "send", photos, "--to", name)
	var out buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ref := anna.await("offered")["share"].(string)[:8]
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(out.String(), "potluck cancel "+ref) {
		t.Errorf("ended with %d:\n%s", code, out.String())
	}
	do(t, ben, "transfers").says(t, ref, "Photos")
	do(t, anna.state, "accept", ref).want(t, exitDone)
	stays := serving(t, ben)
	stays.await("delivered")
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// A device that runs for one command alone accepts, and stays until all is here.
func TestAcceptWithoutADevice(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	ben := serving(t, lonely(t, "ben"))
	anna := serving(t, lonely(t, name))
	sent := make(chan finished)
	go func() { sent <- do(t, ben.state, "send", photos, "--to", name) }()
	ref := anna.await("offered")["share"].(string)
	anna.stop(syscall.SIGTERM)
	f := do(t, anna.state, "offers")
	f.says(t, ref[:8])
	f = do(t, anna.state, "accept", ref)
	f.want(t, exitDone)
	f.says(t, "accepted", "ben: delivered", filepath.Join(anna.downloads, "Photos"))
	f = <-sent
	f.want(t, exitDone)
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// A device that is to stay takes the place of one that runs for one command, and
// the command goes on.
func TestServeTakesOver(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := lonely(t, unique("ben"))
	sent := make(chan finished)
	go func() { sent <- do(t, ben, "send", photos, "--to", name) }()
	ref := anna.await("offered")["share"].(string)
	stays := serving(t, ben)
	do(t, anna.state, "accept", ref).want(t, exitDone)
	f := <-sent
	f.want(t, exitDone)
	f.says(t, "this command goes on", name+": delivered")
	stays.await("delivered")
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// One is not here yet. The other one has all before that one comes, whose share is
// another one then, and the command follows both.
func TestOneComesLater(t *testing.T) {
	name, late := unique("anna"), unique("carl")
	photos := tree(t)
	anna := serving(t, lonely(t, name), "--accept", "everyone")
	ben := serving(t, lonely(t, unique("ben")))
	sent := make(chan finished)
	go func() { sent <- do(t, ben.state, "send", photos, "--to", late, "--to", name, "--wait", "50s") }()
	ben.await("delivered")
	carl := serving(t, lonely(t, late), "--accept", "everyone")
	f := <-sent
	f.want(t, exitDone)
	f.says(t, name+": delivered", late+": delivered")
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
	same(t, photos, filepath.Join(carl.downloads, "Photos"))
}

// A device that is started with options of its own, and killed, is not replaced by
// one without them; the transfer goes on when it runs again.
func TestSendEndsWithAKilledDevice(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := serving(t, lonely(t, unique("ben")), "--name", "the other Ben")
	sent := make(chan finished)
	go func() { sent <- do(t, ben.state, "send", photos, "--to", name) }()
	ref := anna.await("offered")["share"].(string)
	kept := filepath.Join(ben.state, "shares", ref)
	eventually(t, func() bool { // the offer goes out while it is being written down
		record, _ := os.ReadFile(filepath.Join(kept, "record.json"))
		_, err := os.Stat(filepath.Join(kept, "source"))
		return err == nil && strings.Contains(string(record), `"takers":[{`)
	})
	ben.cmd.Process.Kill()
	f := <-sent
	f.want(t, exitFailed)
	f.says(t, "the running Potluck has stopped", "goes on when Potluck runs again", ref[:8])
	again := serving(t, ben.state)
	do(t, anna.state, "accept", ref).want(t, exitDone)
	again.await("delivered")
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// Ctrl+C twice on a terminal withdraws what send itself has offered.
func TestSecondInterruptWithdraws(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name))
	y := at(t, lonely(t, "ben"))
	y.terminal = true
	ctx, cancel := withInterrupt(t)
	y.ctx = ctx
	ended := y.start("send", tree(t), "--to", name)
	anna.await("offered")
	cancel()
	close(y.again)
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "once more to withdraw", "The offer is withdrawn")
	anna.await("offerGone")
}
