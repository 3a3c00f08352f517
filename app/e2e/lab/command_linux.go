package lab

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A Result is what a command left behind.
type Result struct {
	Code     int    // exit code; -1 when a signal ended it
	How      string // it ended, in words
	Out, Err string
	Took     time.Duration
}

// Objects returns what a command printed with --json.
func (r Result) Objects() []Event {
	var list []Event
	readEvents(strings.NewReader(r.Out), func(e Event) { list = append(list, e) })
	return list
}

// A Command is a potluck command that is running.
type Command struct {
	cmd    *exec.Cmd
	input  io.WriteCloser // nil if it has none
	name   string
	out    heard
	err    bytes.Buffer
	begun  time.Time
	ended  chan struct{}
	result Result
}

// Begin starts a potluck command of this device, on its host. It is killed when
// t is done.
func (d *Device) Begin(t T, args ...string) *Command {
	t.Helper()
	return d.begin(t, false, args)
}

// Converse is like [Device.Begin], for a command that waits for what is typed.
func (d *Device) Converse(t T, args ...string) *Command {
	t.Helper()
	return d.begin(t, true, args)
}

func (d *Device) begin(t T, converses bool, args []string) *Command {
	t.Helper()
	c := &Command{cmd: d.command(args...), name: strings.Join(args, " "), begun: time.Now(), ended: make(chan struct{})}
	if converses {
		var err error
		if c.input, err = c.cmd.StdinPipe(); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.err
	if err := d.Host.Do(c.cmd.Start); err != nil {
		t.Fatalf("lab: %v", err)
	}
	go func() {
		_ = c.cmd.Wait() // what it says is in the state
		c.result = Result{
			Code: c.cmd.ProcessState.ExitCode(), How: c.cmd.ProcessState.String(), Took: time.Since(c.begun),
			Out: c.out.String(), Err: c.err.String(),
		}
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.ended
	})
	return c
}

// Wait returns the command's result when it has ended, and kills it if that
// takes longer than the limit.
func (c *Command) Wait(t T, limit time.Duration) Result {
	t.Helper()
	select {
	case <-c.ended:
	case <-time.After(limit):
		_ = c.cmd.Process.Signal(syscall.SIGQUIT)
		<-c.ended
		t.Fatalf("potluck %s has not ended after %v:\n%s%.8000s", c.name, limit, c.result.Out, c.result.Err)
	}
	return c.result
}

// Await returns the first event of that name that the command prints, which it
// does with --json, and fails t if there is none within the limit.
func (c *Command) Await(t T, limit time.Duration, name string) Event {
	t.Helper()
	var found Event
	has := func() bool {
		for _, e := range (Result{Out: c.out.String()}).Objects() {
			if e.Name == name {
				found = e
				return true
			}
		}
		return false
	}
	Eventually(t, limit, fmt.Sprintf("potluck %s says %q", c.name, name), func() bool { return has() || c.Ended() })
	if !has() {
		t.Fatalf("potluck %s has ended without a word of %q: %s\n%s%.8000s", c.name, name, c.result.How, c.result.Out, c.result.Err)
	}
	return found
}

// Type gives a line to a command that was begun with [Device.Converse].
func (c *Command) Type(t T, line string) {
	t.Helper()
	if _, err := io.WriteString(c.input, line+"\n"); err != nil {
		t.Fatalf("potluck %s does not read: %v", c.name, err)
	}
}

// Ended reports whether the command has ended.
func (c *Command) Ended() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// heard keeps what a command prints, to be looked at meanwhile.
type heard struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// Signal sends the command a signal.
func (c *Command) Signal(s os.Signal) { _ = c.cmd.Process.Signal(s) }

// Run runs a potluck command of this device, for five minutes at most.
func (d *Device) Run(t T, args ...string) Result {
	t.Helper()
	return d.Begin(t, args...).Wait(t, 5*time.Minute)
}

// OK runs a potluck command that must succeed.
func (d *Device) OK(t T, args ...string) Result {
	t.Helper()
	return d.Exit(t, 0, args...)
}

// Exit runs a potluck command that must end with the code.
func (d *Device) Exit(t T, code int, args ...string) Result {
	t.Helper()
	r := d.Run(t, args...)
	if r.Code != code {
		t.Fatalf("%s: potluck %s: %s, want %d\nout: %.4000s\nerr: %.4000s",
			d.Name, strings.Join(args, " "), r.How, code, r.Out, r.Err)
	}
	return r
}
