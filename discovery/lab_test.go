package discovery

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// A lab is a few hosts, each a network namespace with processes of its own, and
// wires, which are bridges in one more namespace. Hosts have no route but those to
// the networks they are on.
type lab struct {
	t      *testing.T
	prefix string // of the names of its namespaces
	ports  int
}

var labs int // made so far

// newLab returns a lab with these wires, which is taken away when the test ends.
func newLab(t *testing.T, wires ...string) *lab {
	t.Helper()
	labs++
	l := &lab{t: t, prefix: fmt.Sprintf("pd%d-%d-", os.Getpid(), labs)}
	l.namespace("wires")
	for _, w := range wires {
		l.ip("-n", l.prefix+"wires", "link", "add", w, "type", "bridge")
		l.ip("-n", l.prefix+"wires", "link", "set", w, "up")
	}
	return l
}

func (l *lab) ip(args ...string) {
	l.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		l.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// namespace makes a namespace that goes when the test ends.
func (l *lab) namespace(name string) {
	l.t.Helper()
	l.ip("netns", "add", l.prefix+name)
	l.t.Cleanup(func() { exec.Command("ip", "netns", "del", l.prefix+name).Run() })
	l.ip("-n", l.prefix+name, "link", "set", "lo", "up")
}

// A host is a computer in the lab.
type host struct {
	lab  *lab
	name string
	port string // the other end of its last cable
}

func (l *lab) host(name string) *host {
	l.t.Helper()
	l.namespace(name)
	return &host{lab: l, name: name}
}

// ip changes the network of h.
func (h *host) ip(args ...string) {
	h.lab.t.Helper()
	h.lab.ip(append([]string{"-n", h.lab.prefix + h.name}, args...)...)
}

// plug connects an interface of h to a wire, and gives it addresses.
func (h *host) plug(name, wire string, addrs ...string) *host {
	l := h.lab
	l.t.Helper()
	l.ports++
	port := fmt.Sprint("port", l.ports)
	h.port = port
	l.ip("-n", l.prefix+"wires", "link", "add", port, "type", "veth", "peer", "name", name, "netns", l.prefix+h.name)
	l.ip("-n", l.prefix+"wires", "link", "set", port, "master", wire, "up")
	for _, a := range addrs {
		h.ip("addr", "add", a, "dev", name, "nodad")
	}
	h.ip("link", "set", name, "up")
	return h
}

// cable pulls the last cable that was plugged in ("down"), or puts it back ("up").
func (h *host) cable(state string) {
	h.lab.t.Helper()
	h.lab.ip("-n", h.lab.prefix+"wires", "link", "set", h.port, state)
}

// run runs a command on h.
func (h *host) run(command ...string) {
	h.lab.t.Helper()
	h.lab.ip(append([]string{"netns", "exec", h.lab.prefix + h.name}, command...)...)
}

// A process plays a role on a host.
type process struct {
	t     *testing.T
	name  string
	cmd   *exec.Cmd
	stdin io.Closer
	began time.Time

	mu      sync.Mutex // guards the fields below
	last    report
	changed chan struct{} // closed and replaced when last is
}

// start starts a process, which is stopped when the test ends.
func (h *host) start(r role) *process {
	t := h.lab.t
	t.Helper()
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, name: h.name, began: time.Now(), changed: make(chan struct{})}
	p.cmd = exec.Command("ip", "netns", "exec", h.lab.prefix+h.name, os.Args[0])
	p.cmd.Env = append(os.Environ(), hostEnv+"="+string(raw), "GORACE=atexit_sleep_ms=0")
	p.cmd.Stderr = os.Stderr
	stdin, err1 := p.cmd.StdinPipe()
	stdout, err2 := p.cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.stdin = stdin
	read := make(chan struct{})
	go func() {
		defer close(read)
		in := bufio.NewScanner(stdout)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			var r report
			if err := json.Unmarshal(in.Bytes(), &r); err != nil {
				t.Errorf("%s says %q: %v", p.name, in.Bytes(), err)
			}
			p.set(r)
		}
	}()
	t.Cleanup(func() {
		stdin.Close()
		<-read
		p.cmd.Wait()
	})
	return p
}

func (p *process) set(r report) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = r
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *process) get() (report, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last, p.changed
}

// await waits until what p reports is as wanted, and returns for how long.
func (p *process) await(what string, ok func(report) bool) time.Duration {
	p.t.Helper()
	began := time.Now()
	late := time.After(20 * time.Second)
	for {
		r, changed := p.get()
		if ok(r) {
			took := time.Since(began)
			p.t.Logf("%s: %s: after %v", p.name, what, took.Round(time.Millisecond))
			return took
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("%s: %s: not within 20 s; it knows %v", p.name, what, r)
		}
	}
}

// running waits until p is on these interfaces.
func (p *process) running(interfaces ...string) *process {
	p.t.Helper()
	p.await("running", func(r report) bool { return fmt.Sprint(r.Interfaces) == fmt.Sprint(interfaces) })
	return p
}

// sees waits until p knows this neighbour at the address, and before any other.
func (p *process) sees(id, addr string) {
	p.t.Helper()
	p.await("sees "+addr, func(r report) bool { return len(r.Neighbours[id]) > 0 && r.Neighbours[id][0] == addr })
}

// stop ends p in order, and waits until it has.
func (p *process) stop() {
	p.t.Helper()
	p.stdin.Close()
	p.await("stopped", func(r report) bool { return r.Stopped })
}

// needLab skips the test where there can be no lab, and says why. As an ordinary
// user it runs the test again as one who is root in a namespace of their own; it
// reports then whether this has been done.
func needLab(t *testing.T) (done bool) {
	if runtime.GOOS != "linux" {
		t.Skip("hosts in network namespaces need Linux")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("hosts in network namespaces need the program ip")
	}
	if os.Geteuid() == 0 {
		if out, err := exec.Command("ip", "netns", "add", fmt.Sprintf("pd%d", os.Getpid())).CombinedOutput(); err != nil {
			t.Skipf("network namespaces cannot be made: %v: %s", err, out)
		}
		exec.Command("ip", "netns", "del", fmt.Sprintf("pd%d", os.Getpid())).Run()
		return false
	}
	unshare := []string{"-Urnm", "--map-root-user", "sh", "-ec", `mount -t tmpfs tmpfs /run; exec "$@"`, "sh"}
	if out, err := exec.Command("unshare", append(unshare, "true")...).CombinedOutput(); err != nil {
		t.Skipf("user namespaces cannot be made: %v: %s", err, out)
	}
	out, err := exec.Command("unshare", append(unshare, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")...).CombinedOutput()
	t.Logf("as root of a user namespace:\n%s", out)
	if err != nil {
		t.Error(err)
	}
	return true
}
