package e2e_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// The command line as people and programs use it.

func TestSendWithoutADeviceRunning(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 2})
	ben := network.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	anna := network.Host(1).Device(t, "anna")
	source := file(t, "notes", 100_000)
	anna.OK(t, "send", source, "--to", "ben")
	only(t, ben, source)
	anna.OK(t, "neighbours", "--wait", "5s")
}

func TestNotFoundInTime(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 1})
	anna := network.Host(1).Device(t, "anna").Start(t)
	r := anna.Exit(t, 4, "send", file(t, "notes", 10), "--to", "nobody", "--wait", "1s")
	plain(t, r.Out, "nobody") // whether it also says that it is looking, is a matter of moments
}

func TestAmbiguousName(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 3})
	anna := network.Host(1).Device(t, "anna").Start(t)
	for n := 2; n <= 3; n++ {
		network.Host(n).Device(t, "ben").Start(t)
	}
	lab.Eventually(t, 20*time.Second, "anna sees both", func() bool { return len(names(t, anna)) == 2 })
	r := anna.Exit(t, 1, "send", file(t, "notes", 10), "--to", "ben")
	for _, n := range anna.OK(t, "neighbours", "--json").Objects() {
		plain(t, r.Err, n.Text("id")[:8])
		anna.Begin(t, "send", file(t, "notes", 10), "--to", n.Text("id")[:12])
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 1})
	anna := network.Host(1).Device(t, "anna")
	for _, args := range [][]string{{"send"}, {"send", "x"}, {"frobnicate"}, {"accept"}, {"serve", "--accept", "maybe"}, {"send", "--no-such-flag", "x", "--to", "y"}} {
		r := anna.Exit(t, 2, args...)
		if r.Err == "" {
			t.Errorf("%q: nothing said on standard error", args)
		}
	}
	r := anna.Exit(t, 1, "send", filepath.Join(anna.Home, "no such file"), "--to", "ben")
	plain(t, r.Err, "no such file")
	if out := anna.OK(t, "version").Out; !strings.Contains(out, "potluck") {
		t.Errorf("version prints %q", out)
	}
	if out := anna.OK(t, "help").Out; !strings.Contains(out, "neighbours") {
		t.Errorf("help prints %q", out)
	}
}

// With --json standard output is one object a line and nothing else.
func TestJSON(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	source := file(t, "notes", 100_000)
	sending := anna.Begin(t, "send", "--json", source, "--to", "ben")
	offered := ben.Wait(t, "offered")
	offers := ben.OK(t, "offers", "--json")
	ben.OK(t, "accept", "--json", offered.Text("share")[:8])
	sent := sending.Wait(t, time.Minute)
	for _, out := range []string{
		offers.Out, sent.Out, anna.OK(t, "neighbours", "--json").Out, ben.OK(t, "transfers", "--json").Out,
		ben.OK(t, "settings", "--json").Out, ben.OK(t, "version", "--json").Out,
		ben.OK(t, "verify", "--json", offered.Text("share")).Out,
	} {
		if strings.TrimSpace(out) == "" {
			t.Error("nothing was printed")
		}
		for line := range strings.Lines(out) {
			if !json.Valid([]byte(line)) {
				t.Errorf("not JSON: %q", line)
			}
		}
	}
	done := ben.Wait(t, "delivered")
	for field, want := range map[string]string{
		"share": offered.Text("share"), "files": "1", "bytes": "100000", "path": arrived(ben, source),
		"from": anna.Wait(t, "ready").Text("id"),
	} {
		if got := done.Text(field); got != want {
			t.Errorf("delivered: %s is %q, want %q", field, got, want)
		}
	}
	if sent.Code != 0 {
		t.Errorf("send: exit code %d: %s", sent.Code, sent.Err)
	}
}

// The first that applies of failed, declined, not found, done is the exit code
// when there are several receivers.
func TestExitCodeOfSeveral(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Hosts: 3}, "--accept", "everyone")
	cleo := ben.Host.LAN().Host(3).Device(t, "cleo", "--accept", "nobody").Start(t)
	sees(t, anna, "cleo")
	source := file(t, "notes", 1000)
	anna.Exit(t, 3, "send", source, "--to", "ben", "--to", "cleo")
	only(t, ben, source)
	lab.Names(t, cleo.Downloads)
}

func TestSettingsAreKept(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	ben.OK(t, "settings", "set", "accept", "everyone")
	source := file(t, "notes", 1000)
	anna.OK(t, "send", source, "--to", "ben")
	only(t, ben, source)
	ben.Stop(t)
	ben.Start(t)
	if out := ben.OK(t, "settings").Out; !strings.Contains(out, "everyone") {
		t.Errorf("settings after a restart: %s", out)
	}
}
