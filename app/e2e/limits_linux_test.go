package e2e_test

import (
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// A limit counts at once, in both directions, and so does its end.
func TestLimits(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{}, "--accept", "everyone")
	anna.OK(t, "settings", "set", "upLimit", "4 MB/s")
	before := ben.Host.Received(t)
	source := file(t, "film", 300*mega)
	sending := anna.Begin(t, "send", source, "--to", "ben")
	came(t, ben, before, 4*mega)
	// What is not read waits in the system's buffers, and those grow.
	const buffers = 8 * mega
	keeps := func(who string, limit int64) {
		t.Helper()
		since, from := time.Now(), ben.Host.Received(t)
		time.Sleep(3 * time.Second) // to have something to compare
		got, most := ben.Host.Received(t)-from, int64(float64(limit)*time.Since(since).Seconds()*1.2)+buffers
		if got > most {
			t.Errorf("with a limit at %s %d kB came, and at most %d should have", who, got/1000, most/1000)
		}
	}
	keeps("the sender", 4*mega)
	anna.OK(t, "settings", "reset", "upLimit")
	ben.OK(t, "settings", "set", "downLimit", "2MB")
	keeps("the receiver", 2*mega)
	if len(names(t, anna)) != 1 || len(names(t, ben)) != 1 {
		t.Error("a limited device is not seen any more")
	}
	ben.OK(t, "settings", "set", "downLimit", "0")
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
	only(t, ben, source)
}
