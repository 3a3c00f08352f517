package e2e_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// two starts anna, who sends, and ben, who receives, on a network of their own,
// and waits until they see each other. The flags are for ben.
func two(t *testing.T, o lab.Options, flags ...string) (anna, ben *lab.Device) {
	t.Helper()
	o.Hosts = max(o.Hosts, 2)
	lan := lab.New(t, o)
	anna = lan.Host(1).Device(t, "anna").Start(t)
	ben = lan.Host(2).Device(t, "ben", flags...).Start(t)
	sees(t, anna, "ben")
	sees(t, ben, "anna")
	return anna, ben
}

// sees waits until the device lists a neighbour of that name.
func sees(t *testing.T, d *lab.Device, name string) {
	t.Helper()
	lab.Eventually(t, 20*time.Second, d.Name+" sees "+name, func() bool { return slices.Contains(names(t, d), name) })
}

// names returns the names of the device's neighbours.
func names(t *testing.T, d *lab.Device) []string {
	t.Helper()
	r := d.Run(t, "neighbours", "--json")
	if r.Code != 0 && r.Code != 4 { // 4: there are none
		t.Fatalf("%s: potluck neighbours: %s: %s", d.Name, r.How, r.Err)
	}
	var list []string
	for _, n := range r.Objects() {
		list = append(list, n.Text("name"))
	}
	return list
}

// A transfer is what these tests look at of what `potluck transfers` prints.
type transfer struct {
	Share     string
	Direction string
	State     string
	Error     string
	Files     int
	Bytes     int64
	Paths     []string
	LeftOut   []struct{ Path, Text string }
	Renamed   []struct{ Path, Text string }
	Failures  []struct{ Path, Text string }
	Peers     []struct {
		Name, State, Error string
		Done, Total        int64
	}
}

// transfers returns the device's transfers, oldest first.
func transfers(t *testing.T, d *lab.Device) []transfer {
	t.Helper()
	var list []transfer
	for _, o := range d.OK(t, "transfers", "--json").Objects() {
		var x transfer
		o.Into(t, &x)
		list = append(list, x)
	}
	return list
}

// last returns the device's newest transfer.
func last(t *testing.T, d *lab.Device) transfer {
	t.Helper()
	list := transfers(t, d)
	if len(list) == 0 {
		t.Fatalf("%s has no transfers", d.Name)
	}
	return list[len(list)-1]
}

// state waits until the device's newest transfer is in that state.
func state(t *testing.T, d *lab.Device, want string) transfer {
	t.Helper()
	var x transfer
	lab.Eventually(t, time.Minute, d.Name+"'s transfer is "+want, func() bool {
		x = last(t, d)
		return x.State == want
	})
	return x
}

// arrived returns where the only thing of that name lies at the receiver.
func arrived(d *lab.Device, source string) string {
	return filepath.Join(d.Downloads, filepath.Base(source))
}

// only fails t unless the receiver has what the sources hold, and nothing else.
func only(t *testing.T, ben *lab.Device, sources ...string) {
	t.Helper()
	var want []string
	for _, s := range sources {
		want = append(want, filepath.Base(s))
		lab.Same(t, s, arrived(ben, s))
	}
	lab.Names(t, ben.Downloads, want...)
}

// file makes a file of that size for the test to send.
func file(t *testing.T, name string, size int64) string {
	t.Helper()
	path := filepath.Join(lab.Folder(t, "source"), name)
	lab.File(t, path, size)
	return path
}

const mega = 1_000_000
