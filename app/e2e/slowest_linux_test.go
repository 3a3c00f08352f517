package e2e_test

import (
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// Over a slow cable both sides find that it is the network that they wait for, and
// keep to it, also where all that was asked for fits into the buffers of the system, or a
// limit of the sender is above what the cable takes.
func TestTheNetworkIsTheSlowestPart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rate, limit string }{
		"40mbit": {"40mbit", ""}, "100mbit": {"100mbit", ""}, "limit": {"40mbit", "8 MB/s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna, ben := two(t, lab.Options{Rate: c.rate}, "--accept", "everyone")
			if c.limit != "" {
				anna.OK(t, "settings", "set", "upLimit", c.limit)
			}
			sending := anna.Begin(t, "send", file(t, "film", 300*mega), "--to", "ben")
			ben.Wait(t, "progress")
			slowest := func(d *lab.Device) string { return d.OK(t, "transfers", "--json").Objects()[0].Text("slowest") }
			for _, d := range []*lab.Device{anna, ben} {
				lab.Eventually(t, 30*time.Second, d.Name+" knows what is slowest", func() bool { return slowest(d) == "network" })
			}
			const readings = 20
			said := make(map[string]int)
			for range readings {
				said[slowest(anna)]++
				said[slowest(ben)]++
				time.Sleep(400 * time.Millisecond)
			}
			if said["network"] < readings*3/2 {
				t.Errorf("what is slowest was said to be %v", said)
			}
			anna.OK(t, "cancel", last(t, anna).Share)
			sending.Wait(t, time.Minute)
		})
	}
}
