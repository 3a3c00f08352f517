package e2e_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base32"
	"encoding/hex"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

// pair lets two people pair: the one at the first device begins, naming the other
// one as who.
func pair(t *testing.T, ben *lab.Device, who string, anna *lab.Device) {
	t.Helper()
	fromBen, fromAnna := ben.Seen(), anna.Seen()
	begins := ben.Converse(t, "pair", who, "--json")
	bens, annas := ben.WaitAfter(t, fromBen, "pairing"), anna.WaitAfter(t, fromAnna, "pairing")
	for _, field := range []string{"words", "numbers"} {
		if a, b := annas.Text(field), bens.Text(field); a != b || a == "" {
			t.Errorf("the %s: anna sees %q, ben %q", field, a, b)
		}
	}
	if n := strings.Count(annas.Text("numbers"), "-"); n != 3 {
		t.Errorf("the numbers are %q", annas.Text("numbers"))
	}
	if annas.Text("state") != "comparing" || annas.Text("ours") != "false" || bens.Text("ours") != "true" {
		t.Errorf("anna is told %s, ben %s", annas.Raw, bens.Raw)
	}
	joins := anna.Begin(t, "pair", annas.Text("peer"), "--same", bens.Text("numbers"))
	begins.Type(t, "yes")
	for name, c := range map[string]*lab.Command{"ben": begins, "anna": joins} {
		if r := c.Wait(t, time.Minute); r.Code != 0 {
			t.Fatalf("%s: potluck pair: %s\n%s%s", name, r.How, r.Out, r.Err)
		}
	}
	ben.WaitAfter(t, fromBen, "paired")
	anna.WaitAfter(t, fromAnna, "paired")
}

// offered sends a file and waits until the receiver is asked.
func offered(t *testing.T, anna, ben *lab.Device, name string) {
	t.Helper()
	seen := ben.Seen()
	anna.Begin(t, "send", file(t, name, 1000), "--to", ben.Name)
	share := ben.WaitAfter(t, seen, "offered").Text("share")
	ben.OK(t, "decline", share)
}

// standing returns what a device knows of another.
func standing(t *testing.T, d *lab.Device, name string) (k struct{ Paired, Blocked, Trusted, Here bool }) {
	t.Helper()
	for _, o := range d.OK(t, "neighbours", "--all", "--json").Objects() {
		if o.Text("name") == name {
			o.Into(t, &k)
			return k
		}
	}
	t.Fatalf("%s does not know %s", d.Name, name)
	return k
}

func TestPairing(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{Hosts: 3}, "--accept", "paired")
	carl := anna.Host.LAN().Host(3).Device(t, "carl").Start(t)
	sees(t, carl, "ben")
	offered(t, anna, ben, "before")
	pair(t, ben, "anna", anna)

	// What the paired one sends is accepted, what the others send is not.
	source := file(t, "after", mega)
	anna.OK(t, "send", source, "--to", "ben")
	only(t, ben, source)
	offered(t, carl, ben, "carls")

	// It lasts over restarts.
	ben.Stop(t)
	ben.Start(t)
	sees(t, ben, "anna")
	if k := standing(t, ben, "anna"); !k.Paired || !k.Here {
		t.Errorf("after a restart: %+v", k)
	}
	again := file(t, "again", 1000)
	anna.OK(t, "send", again, "--to", "ben")
	only(t, ben, source, again)

	// Until it is undone, by one side for itself.
	ben.OK(t, "unpair", "anna")
	offered(t, anna, ben, "unpaired")
	if !standing(t, anna, "ben").Paired {
		t.Error("anna forgot what ben has forgotten")
	}
	ben.Exit(t, 1, "unpair", "anna")

	// Blocked is blocked.
	seen := anna.Seen()
	ben.OK(t, "block", "anna")
	for e := anna.WaitAfter(t, seen, "neighbour"); e.Text("present") != "false"; e = anna.WaitAfter(t, seen, "neighbour") {
		seen++
	}
	anna.Exit(t, 4, "send", again, "--to", "ben", "--wait", "3s")
	anna.Exit(t, 4, "send", again, "--to", ben.Host.Addr(), "--wait", "3s")
	if k := standing(t, ben, "anna"); !k.Blocked || k.Here {
		t.Errorf("blocked: %+v", k)
	}
	ben.Stop(t)
	ben.Start(t)
	anna.Exit(t, 4, "send", again, "--to", "ben", "--wait", "3s")
	ben.OK(t, "unblock", "anna")
	sees(t, anna, "ben")
	only(t, ben, source, file(t, "again", 1000))
}

func TestPairingSaysNo(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	begins := ben.Converse(t, "pair", "anna")
	anna.Wait(t, "pairing")
	joins := anna.Begin(t, "pair", "ben", "--same", "1-2-3-4")
	if r := joins.Wait(t, time.Minute); r.Code != 3 {
		t.Errorf("who says no: %s, %s", r.How, r.Err)
	}
	if r := begins.Wait(t, time.Minute); r.Code != 1 || !strings.Contains(r.Err, "somebody may be in between") {
		t.Errorf("who is told no: %s, %s", r.How, r.Err)
	}
	if standing(t, anna, "ben").Paired || standing(t, ben, "anna").Paired {
		t.Error("they are paired")
	}
}

// A device that only paired ones may find is heard of by nobody else, says
// nothing to whoever tries its address, and is found again by those that are
// paired.
func TestHiddenDevice(t *testing.T) {
	t.Parallel()
	network := lab.New(t, lab.Options{Hosts: 3})
	capture := network.Host(3).Capture(t)
	carl := network.Host(3).Device(t, "carl").Start(t)
	ben := network.Host(2).Device(t, "ben").Start(t)
	anna := network.Host(1).Device(t, "anna", "--visible", "paired").Start(t)
	sees(t, carl, "ben")

	// She sees nobody before she calls; Ben sees her then, and Carl does not.
	anna.Exit(t, 4, "neighbours", "--wait", "3s")
	pair(t, anna, ben.Host.Addr(), ben)
	sees(t, ben, "anna")
	ben.Stop(t)
	ben.Start(t)
	sees(t, ben, "anna")
	source := file(t, "notes", 1000)
	sending := ben.Begin(t, "send", source, "--to", "anna")
	anna.OK(t, "accept", anna.Wait(t, "offered").Text("share"))
	if r := sending.Wait(t, time.Minute); r.Code != 0 {
		t.Errorf("send: %s, %s", r.How, r.Err)
	}

	if list := names(t, carl); !slices.Equal(list, []string{"ben"}) {
		t.Errorf("carl sees %q", list)
	}
	ready := anna.Wait(t, "ready")
	carl.Exit(t, 4, "send", source, "--to", ready.Text("addr"), "--wait", "3s")
	said, certificates := shows(t, carl.Host, ready.Text("addr"))
	if said > 0 || certificates > 0 {
		t.Errorf("it said %d bytes and showed %d certificates", said, certificates)
	}
	if said, certificates := shows(t, carl.Host, ben.Wait(t, "ready").Text("addr")); said == 0 || certificates != 1 {
		t.Errorf("one that is not hidden said %d bytes and showed %d certificates", said, certificates)
	}

	annas, bens := label(t, ready.Text("id")), label(t, ben.Wait(t, "ready").Text("id"))
	sawBen := false
	for _, p := range capture.Packets(t) {
		lower := bytes.ToLower(p.Payload)
		if bytes.Contains(lower, annas) || bytes.Contains(lower, []byte(ready.Text("id"))) {
			t.Errorf("she is announced: %v", p)
		}
		sawBen = sawBen || bytes.Contains(lower, bens)
	}
	if !sawBen {
		t.Error("the capture saw nobody's announcement")
	}

	// When she is visible again, everybody sees her; when she hides, only Ben.
	anna.Stop(t)
	anna.Start(t, "--visible", "everyone")
	sees(t, carl, "anna")
	anna.OK(t, "settings", "set", "visible", "nobody")
	lab.Eventually(t, 20*time.Second, "nobody sees anna", func() bool {
		return !slices.Contains(names(t, carl), "anna") && !slices.Contains(names(t, ben), "anna")
	})
	anna.OK(t, "settings", "set", "visible", "paired")
	sees(t, ben, "anna")
	if list := names(t, carl); slices.Contains(list, "anna") {
		t.Errorf("carl sees %q", list)
	}
}

// label is the name under which a device with that ID is announced.
func label(t *testing.T, id string) []byte {
	t.Helper()
	b, err := hex.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)))
}

// shows returns how many bytes a server says to a TLS client that does not know
// it, and how many certificates it shows.
func shows(t *testing.T, from *lab.Host, addr string) (said int64, certificates int) {
	t.Helper()
	var raw net.Conn
	if err := from.Do(func() (err error) {
		raw, err = net.Dial("tcp", addr)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(20 * time.Second))
	counted := &counter{Conn: raw}
	conn := tls.Client(counted, &tls.Config{
		InsecureSkipVerify: true, ServerName: "example.com", NextProtos: []string{"potluck/1"},
		VerifyConnection: func(s tls.ConnectionState) error {
			certificates = len(s.PeerCertificates)
			return nil
		},
	})
	_ = conn.Handshake() // fails, at the latest for want of a certificate of ours
	return counted.read.Load(), certificates
}

type counter struct {
	net.Conn
	read atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}
