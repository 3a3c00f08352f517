package main

import (
	"context"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"potluck/sharing"
)

const (
	// garbage is how much of the memory in use may be garbage, in percent, before it
	// is collected. There is less of it in a window than in a server, and memory
	// that lies there unused is missed on a laptop.
	garbage = 50

	// memoryGoal is how much memory the collector of garbage tries to stay below, by
	// working harder; what the toolkit and the driver of the screen have is beside it.
	// Only offers of hundreds of thousands of files come near it.
	memoryGoal = 120 << 20

	// quietTime is how long nothing has to move until the memory is given back that
	// moving it took.
	quietTime = 5 * time.Second
)

// spareMemory has the collector of garbage work harder than it usually does.
func spareMemory() {
	debug.SetGCPercent(garbage)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
}

// giveBack gives memory back to the system whenever everything that moved has come to
// rest, until ctx is done. By itself that takes the collector minutes.
func giveBack(ctx context.Context, device *sharing.Device) {
	changed, stop := device.Watch()
	defer stop()
	quiet := time.NewTimer(quietTime)
	defer quiet.Stop()
	look := changed
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-look:
			if moving(device.Snapshot()) {
				quiet.Reset(quietTime)
			}
			look, again = nil, time.After(time.Second) // more often would cost more than it saves
		case <-again:
			look, again = changed, nil
		case <-quiet.C:
			debug.FreeOSMemory()
		}
	}
}

// moving reports whether anything is being sent or received.
func moving(s sharing.Snapshot) bool {
	return slices.ContainsFunc(s.Transfers, func(t sharing.Transfer) bool {
		return slices.ContainsFunc(t.Peers, func(p sharing.Peer) bool {
			return p.State == sharing.Running || p.State == sharing.Finishing
		})
	})
}
