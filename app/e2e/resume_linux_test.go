package e2e_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Whatever happens on the way, a transfer goes on by itself when both devices
// are back, and nothing that was checked is fetched or hashed again.

const (
	// slow lets a transfer of some dozen megabytes last long enough to be
	// disturbed: 25 MB/s.
	slow = "200mbit"

	// inFlight is how much a receiver may have to fetch again after each
	// interruption: what was asked for and not yet checked. It is what the
	// store's memory for unfinished pieces holds.
	inFlight = 32 << 20
)

// begun sends a file of that size and returns when about a part of it, from 0
// to 1, has come over the receiver's cable.
func begun(t *testing.T, anna, ben *lab.Device, size int64, part float64) (source string, sending *lab.Command) {
	t.Helper()
	source = file(t, "film.mkv", size)
	before := ben.Host.Received(t)
	sending = anna.Begin(t, "send", source, "--to", "ben")
	came(t, ben, before, int64(part*float64(size)))
	return source, sending
}

// came waits until so many bytes have come over the host's cable since before.
func came(t *testing.T, d *lab.Device, before, bytes int64) {
	t.Helper()
	lab.Eventually(t, time.Minute, "bytes arrive", func() bool { return d.Host.Received(t) >= before+bytes })
}

// whole waits until the receiver has everything and both sides say so, and that
// nothing came twice: no more bytes than the file has, some for the wire, and
// what was in flight at each interruption.
func whole(t *testing.T, anna, ben *lab.Device, source string, before, size int64, interruptions int64) {
	t.Helper()
	ben.Wait(t, "delivered")
	only(t, ben, source)
	state(t, ben, "delivered")
	state(t, anna, "delivered")
	came := ben.Host.Received(t) - before
	if most := size + size/20 + interruptions*inFlight + mega; came > most {
		t.Errorf("%d MB came over the cable for %d MB, with %d interruptions", came/mega, size/mega, interruptions)
	}
}

func TestReceiverKilled(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, sending := begun(t, anna, ben, size, 0.5)
	ben.Kill(t)
	ben.Start(t)
	whole(t, anna, ben, source, before, size, 1)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
}

func TestSenderKilled(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, sending := begun(t, anna, ben, size, 0.5)
	anna.Kill(t)
	anna.Start(t)
	whole(t, anna, ben, source, before, size, 1)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
}

// The command that has sent ends when its device is gone for good, and the transfer
// goes on when that is started again.
func TestSenderKilledAndLate(t *testing.T) {
	t.Parallel()
	const size = 250 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, sending := begun(t, anna, ben, size, 0.2)
	anna.Kill(t)
	if r := sending.Wait(t, time.Minute); r.Code != 1 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	} else {
		plain(t, r.Err, "goes on when potluck runs again")
	}
	anna.Start(t)
	whole(t, anna, ben, source, before, size, 1)
}

func TestBothRestartedInOrder(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.3)
	anna.Stop(t)
	ben.Stop(t)
	anna.Start(t)
	ben.Start(t)
	whole(t, anna, ben, source, before, size, 1)
}

func TestCablePulled(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, sending := begun(t, anna, ben, size, 0.4)
	ben.Host.Cut(t)
	time.Sleep(20 * time.Second) // how long the cable is out is what this test is about
	ben.Host.Mend(t)
	whole(t, anna, ben, source, before, size, 1)
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: exit code %d: %s", r.Code, r.Err)
	}
}

// The network goes on losing packets while the link stays up, as with a switch
// in between.
func TestNetworkLost(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.4)
	anna.Host.Lose(t)
	time.Sleep(20 * time.Second)
	anna.Host.Find(t)
	whole(t, anna, ben, source, before, size, 1)
}

func TestReceiverMoves(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.4)
	ben.Host.Move(t, "10.77.0.77")
	whole(t, anna, ben, source, before, size, 1)
}

// Faults of all kinds at random moments, one after another.
func TestRandomFaults(t *testing.T) {
	t.Parallel()
	const size, faults = 200 * mega, 5
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.05)
	for i := range faults {
		came(t, ben, ben.Host.Received(t), random.Int64N(size/faults/2))
		switch random.IntN(5) {
		case 0:
			ben.Kill(t)
			ben.Start(t)
		case 1:
			anna.Kill(t)
			anna.Start(t)
		case 2:
			ben.Host.Cut(t)
			time.Sleep(time.Duration(random.IntN(3000)) * time.Millisecond)
			ben.Host.Mend(t)
		case 3:
			ben.Host.Move(t, []string{"10.77.0.101", "10.77.0.102", "10.77.0.103", "10.77.0.104", "10.77.0.105"}[i])
		case 4:
			anna.Freeze(t)
			time.Sleep(time.Duration(random.IntN(3000)) * time.Millisecond)
			anna.Thaw(t)
		}
		if ben.Has("delivered") {
			break
		}
	}
	whole(t, anna, ben, source, before, size, faults)
}

// countsAtOnce restarts the receiver while the sender is away, and fails t unless
// what it has counts before it can have been read: it is proven later, beside
// everything else.
func countsAtOnce(t *testing.T, ben *lab.Device, has int64) {
	t.Helper()
	ben.Start(t)
	if state := last(t, ben); len(state.Peers) != 1 || state.Peers[0].Done < has {
		t.Errorf("with %d MB there it begins with %+v", has/mega, state)
	}
}

func TestWhatIsThereCountsAfterAKill(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.7)
	ben.Kill(t)
	ben.Host.Cut(t)
	countsAtOnce(t, ben, size/2)
	ben.Host.Mend(t)
	whole(t, anna, ben, source, before, size, 1)
}

// After a reboot only what had been synced counts without being hashed again.
// Here all had been: the cable was out for longer than it takes to sync.
func TestWhatIsSyncedCountsAfterAReboot(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	ben.BootID = "11111111-2222-3333-4444-555555555555"
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.7)
	ben.Host.Cut(t)
	time.Sleep(5 * time.Second) // twice the time between syncs
	ben.Kill(t)
	countsAtOnce(t, ben, size/2)
	ben.Host.Mend(t)
	whole(t, anna, ben, source, before, size, 1)
}

// A kill and a reboot at once: what was not synced is hashed, and what the disk
// has lost of it is fetched again.
func TestRebootLosesWhatWasNotSynced(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.5)
	ben.Kill(t)
	ben.BootID = "99999999-2222-3333-4444-555555555555"
	ben.Start(t)
	whole(t, anna, ben, source, before, size, 1)
}

func TestPausedStaysPaused(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.3)
	share := last(t, ben).Share

	ben.OK(t, "pause", share)
	state(t, ben, "paused")
	ben.Kill(t)
	ben.Start(t)
	sees(t, ben, "anna")
	state(t, ben, "paused")
	quiet := ben.Host.Received(t)
	time.Sleep(2 * time.Second)
	if came := ben.Host.Received(t) - quiet; came > mega {
		t.Errorf("%d MB came while paused", came/mega)
	}
	ben.OK(t, "resume", share)
	whole(t, anna, ben, source, before, size, 2)
}

func TestSenderPauses(t *testing.T) {
	t.Parallel()
	const size = 150 * mega
	anna, ben := two(t, lab.Options{Rate: slow}, "--accept", "everyone")
	before := ben.Host.Received(t)
	source, _ := begun(t, anna, ben, size, 0.3)
	share := last(t, anna).Share
	anna.OK(t, "pause", share)
	state(t, anna, "paused")
	anna.Stop(t)
	anna.Start(t)
	sees(t, anna, "ben")
	state(t, anna, "paused")
	anna.OK(t, "resume", share)
	whole(t, anna, ben, source, before, size, 2)
}

// Another program writes to what is being received: that is neither delivered nor
// passed on to who takes the same.
func TestStagingIsWrittenToByOthers(t *testing.T) {
	t.Parallel()
	const size = 40 * mega
	network := lab.New(t, lab.Options{Hosts: 3, Rate: slow})
	anna := network.Host(1).Device(t, "anna").Start(t)
	ben := network.Host(2).Device(t, "ben", "--accept", "everyone").Start(t)
	carl := network.Host(3).Device(t, "carl", "--accept", "everyone").Start(t)
	source := file(t, "film.mkv", size)
	before := ben.Host.Received(t)
	sending := anna.Begin(t, "send", source, "--to", "ben", "--to", "carl")
	came(t, ben, before, size/2)
	staged, err := filepath.Glob(filepath.Join(ben.Downloads, ".potluck-*", "tree", "film.mkv"))
	check(t, err)
	if len(staged) != 1 {
		t.Fatalf("in staging: %q", staged)
	}
	f, err := os.OpenFile(staged[0], os.O_WRONLY, 0)
	check(t, err)
	for at := int64(0); at < size/2; at += mega {
		_, err := f.WriteAt(make([]byte, 1000), at)
		check(t, err)
	}
	check(t, f.Close())
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Fatalf("send: exit code %d: %s", r.Code, r.Err)
	}
	only(t, ben, source)
	only(t, carl, source)
	if ben.Has("badHolder") || carl.Has("badHolder") {
		t.Error("somebody was told of as one who sends what is wrong")
	}
}
