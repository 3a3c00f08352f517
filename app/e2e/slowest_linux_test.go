package e2e_test

import (
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Over a slow cable both sides find that it is the network that they wait for.
func TestTheNetworkIsTheSlowestPart(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Rate: "40mbit"}, "--accept", "everyone")
	sending := anna.Begin(t, "send", file(t, "film", 90*mega), "--to", "ben")
	ben.Wait(t, "progress")
	for _, d := range []*lab.Device{anna, ben} {
		lab.Eventually(t, 30*time.Second, d.Name+" knows what is slowest", func() bool {
			return d.OK(t, "transfers", "--json").Objects()[0].Text("slowest") == "network"
		})
	}
	anna.OK(t, "cancel", last(t, anna).Share)
	sending.Wait(t, time.Minute)
}
