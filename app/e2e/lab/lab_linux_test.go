package lab_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"potluck/app/e2e/lab"
)

func TestMain(m *testing.M) { os.Exit(lab.Enter(m.Run)) }

// echo answers on the host whoever connects to it.
func echo(t *testing.T, h *lab.Host) string {
	t.Helper()
	var l net.Listener
	if err := h.Do(func() (err error) {
		l, err = net.Listen("tcp4", ":4000")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return h.Addr() + ":4000"
}

// ask reports whether addr answers when asked from the host.
func ask(h *lab.Host, addr string) error {
	var c net.Conn
	if err := h.Do(func() (err error) {
		c, err = net.DialTimeout("tcp4", addr, 300*time.Millisecond)
		return err
	}); err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := io.WriteString(c, "potluck"); err != nil {
		return err
	}
	_, err := io.ReadFull(c, make([]byte, len("potluck")))
	return err
}

func TestCables(t *testing.T) {
	lan := lab.New(t, lab.Options{Hosts: 2})
	one, two := lan.Host(1), lan.Host(2)
	addr := echo(t, one)
	capture := two.Capture(t)
	within := func(what string, works bool) {
		t.Helper()
		lab.Eventually(t, 5*time.Second, what, func() bool { return (ask(two, addr) == nil) == works })
	}

	within("a fresh network works", true)
	two.Cut(t)
	within("a pulled cable does not", false)
	two.Mend(t)
	within("it works again when put back", true)
	one.Lose(t)
	within("a network that loses packets does not work", false)
	one.Find(t)
	within("it works again", true)
	one.Move(t, "10.77.0.99")
	within("the old address is gone", false)
	addr = "10.77.0.99:4000"
	within("the new one works", true)

	if two.Received(t) == 0 {
		t.Error("nothing was counted")
	}
	seen := false
	for _, p := range capture.Packets(t) {
		seen = seen || p.Protocol == "tcp" && p.To.String() == "10.77.0.1:4000" && bytes.Equal(p.Payload, []byte("potluck"))
	}
	if !seen {
		t.Error("the capture has not recorded what was sent")
	}
}

func TestRate(t *testing.T) {
	lan := lab.New(t, lab.Options{Hosts: 2, Rate: "80mbit"})
	addr := echo(t, lan.Host(1))
	var c net.Conn
	if err := lan.Host(2).Do(func() (err error) {
		c, err = net.Dial("tcp4", addr)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	begun := time.Now()
	go func() { _, _ = c.Write(make([]byte, 4<<20)) }()
	if _, err := io.ReadFull(c, make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took < 350*time.Millisecond {
		t.Errorf("4 MiB took %v at 10 MB/s", took)
	}
}

func TestNetworksDoNotSeeEachOther(t *testing.T) {
	a, b := lab.New(t, lab.Options{Hosts: 1}), lab.New(t, lab.Options{Hosts: 2})
	addr := echo(t, a.Host(1))
	if err := ask(b.Host(2), addr); err == nil {
		t.Error("a host of one network reached one of another")
	}
}

func TestDisk(t *testing.T) {
	lab.New(t, lab.Options{}) // or skip
	dir := lab.Disk(t, 1<<20)
	if err := os.WriteFile(filepath.Join(dir, "x"), make([]byte, 2<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("2 MiB on a disk of 1 MiB: %v", err)
	}
	lab.ReadOnly(t, dir, true)
	if err := os.Remove(filepath.Join(dir, "x")); !errors.Is(err, syscall.EROFS) {
		t.Errorf("removing from a read-only disk: %v", err)
	}
	lab.ReadOnly(t, dir, false)
	if err := os.Remove(filepath.Join(dir, "x")); err != nil {
		t.Error(err)
	}
}

func TestSame(t *testing.T) {
	lab.New(t, lab.Options{}) // or skip
	one, two := lab.Folder(t, "one"), lab.Folder(t, "two")
	lab.Nasty(t, one)
	lab.Nasty(t, two)
	lab.Same(t, one, two)

	faults := map[string]struct {
		do   func() error
		says string
	}{
		"byte":  {func() error { return change(filepath.Join(two, "sizes/piece"), 77) }, `"sizes/piece" differs at byte 77`},
		"more":  {func() error { return os.Mkdir(filepath.Join(two, "more"), 0o700) }, `"more" should not be there`},
		"less":  {func() error { return os.Remove(filepath.Join(two, "empty")) }, `"empty" is missing`},
		"time":  {func() error { return os.Chtimes(filepath.Join(two, "times/old"), time.Now(), time.Now()) }, `"times/old" is of`},
		"short": {func() error { return os.Truncate(filepath.Join(two, "sizes/one"), 0) }, `"sizes/one" has another length from byte 0 on`},
	}
	for name, f := range faults {
		if err := f.do(); err != nil {
			t.Fatal(err)
		}
		r := &recorder{T: t}
		lab.Same(r, one, two)
		if !strings.Contains(r.said, f.says) {
			t.Errorf("%s: not noticed, but\n%s", name, r.said)
		}
	}
}

func change(path string, at int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		return err
	}
	b[0]++
	_, err = f.WriteAt(b, at)
	return err
}

// A recorder keeps what a check found, instead of failing.
type recorder struct {
	lab.T
	said string
}

func (r *recorder) Errorf(_ string, args ...any) {
	for _, a := range args {
		r.said += a.(string) + "\n"
	}
}

func TestConnections(t *testing.T) {
	lan := lab.New(t, lab.Options{Hosts: 2})
	one, two := lan.Host(1), lan.Host(2)
	addr := echo(t, one)
	ports := two.Ports(t)
	var c net.Conn
	if err := two.Do(func() (err error) {
		c, err = net.Dial("tcp4", addr)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	before := two.Traffic(t)
	text := make([]byte, 100_000)
	if _, err := c.Write(text); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, text); err != nil {
		t.Fatal(err)
	}
	for h, remote := range map[*lab.Host]string{one: c.LocalAddr().String(), two: addr} {
		all := h.Connections(t)
		if len(all) != 1 || all[0].Remote.String() != remote || all[0].Received != int64(len(text)) {
			t.Errorf("connections %+v, want one with %s that received %d bytes", all, remote, len(text))
		}
	}
	came := two.Traffic(t).Since(before)
	if inside := came.ReceivedInside(); inside < int64(len(text)) || inside > int64(len(text))+5000 {
		t.Errorf("%d bytes came inside of TCP, want a little more than %d: %+v", inside, len(text), came)
	}
	if one.Ports(t) != 1 || two.Ports(t) != ports {
		t.Errorf("%d and %d ports wait, want 1 and %d", one.Ports(t), two.Ports(t), ports)
	}
}

// A drive answers until it hangs; who asks then waits until it is gone.
func TestHangingDisk(t *testing.T) {
	lab.New(t, lab.Options{Hosts: 1}) // there is a lab
	var ls *exec.Cmd
	ended := make(chan error, 1)
	t.Run("drive", func(t *testing.T) {
		d := lab.NewHangingDisk(t, filepath.Join(lab.Folder(t, "mnt"), "drive"))
		lab.Names(t, d.Dir)
		if _, err := os.Stat(filepath.Join(d.Dir, "x")); !os.IsNotExist(err) {
			t.Errorf("what is not there: %v", err)
		}
		d.Hang()
		ls = exec.Command("ls", filepath.Join(d.Dir, "y"))
		if err := ls.Start(); err != nil {
			t.Fatal(err)
		}
		go func() { ended <- ls.Wait() }()
		select {
		case <-ended:
			t.Error("a drive that hangs has answered")
		case <-time.After(time.Second):
		}
	})
	if err := <-ended; err == nil {
		t.Error("a drive that is gone has shown a file")
	}
}
