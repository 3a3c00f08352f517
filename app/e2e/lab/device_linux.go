package lab

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// readyTime is how long a device may take until it is ready; a machine that
	// does much else at the same time is slow.
	readyTime = 15 * time.Second

	// keepVar names a folder where the devices of a failed test leave what they
	// said, and what all their goroutines did at the end.
	keepVar = "POTLUCK_KEEP"

	// stopTime is how long a device may take to stop in order, and is a promise
	// to people.
	stopTime = 3 * time.Second
)

// A Device is one installed Potluck: a home on the host's disk, and a process
// while it runs. Its methods are for one goroutine at a time, but for those that
// wait or look.
type Device struct {
	Host      *Host
	Name      string
	Home      string // everything of this device lies below it
	State     string
	Downloads string
	BootID    string // what the device takes for the boot ID; "" for the computer's own

	flags       []string
	program     []string            // the command, and what runs it
	environment []string            // that the program needs besides
	path        func(string) string // a path as the program knows it
	log         string              // where standard error goes, over all starts

	mu      sync.Mutex // guards what follows
	events  []Event
	arrived chan struct{} // closed and renewed with every event
	process *os.Process   // nil while not running
	exited  chan struct{} // closed when process has ended
	status  *os.ProcessState
}

// Device makes a device that is not running yet. The flags are for serve.
func (h *Host) Device(t T, name string, flags ...string) *Device {
	t.Helper()
	home := Folder(t, name)
	d := &Device{
		Host:      h,
		Name:      name,
		Home:      home,
		State:     filepath.Join(home, "state"),
		Downloads: filepath.Join(home, "downloads"),
		flags:     flags,
		program:   []string{Binary()},
		path:      func(p string) string { return p },
		log:       filepath.Join(home, "serve.log"),
		arrived:   make(chan struct{}),
	}
	for _, dir := range []string{d.State, d.Downloads, filepath.Join(home, "run")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	t.Cleanup(func() { d.end(t) })
	return d
}

// Liar is like [Host.Device], but the device lies to those that fetch from it.
func (h *Host) Liar(t T, name string, flags ...string) *Device {
	t.Helper()
	d := h.Device(t, name, flags...)
	liar := os.Getenv(liarVar)
	if liar == "" {
		t.Fatalf("lab: nobody has built a liar: see BuildLiar")
	}
	d.program = []string{liar}
	return d
}

// Start starts the device, waits until it is ready and returns it.
func (d *Device) Start(t T, flags ...string) *Device {
	t.Helper()
	log, err := os.OpenFile(d.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	defer log.Close()
	args := slices.Concat([]string{"serve", "--json", "--name", d.Name, "--downloads", d.path(d.Downloads)}, d.flags, flags)
	cmd := d.command(args...)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	if err := d.Host.Do(cmd.Start); err != nil {
		t.Fatalf("lab: %v", err)
	}
	exited := make(chan struct{})
	d.mu.Lock()
	seen := len(d.events)
	d.process, d.exited = cmd.Process, exited
	d.mu.Unlock()
	go func() {
		readEvents(out, d.add)
		_ = cmd.Wait() // what it says is in the state
		d.mu.Lock()
		d.process, d.status = nil, cmd.ProcessState
		d.mu.Unlock()
		close(exited)
	}()
	if _, err := d.await(seen, readyTime, func(e Event) bool { return e.Name == "ready" }); err != nil {
		t.Fatalf("%s does not start: %v\n%s", d.Name, err, d.tail())
	}
	return d
}

// command returns the potluck command with these arguments, for this device. It
// runs without the powers of root that the lab has.
func (d *Device) command(args ...string) *exec.Cmd {
	cmd := exec.Command("setpriv", slices.Concat([]string{"--bounding-set=-all", "--inh-caps=-all", "--"}, d.program, args)...)
	cmd.Dir = d.Home
	cmd.Env = append(
		slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "XDG_") }),
		"HOME="+d.Home,
		"XDG_CONFIG_HOME="+filepath.Join(d.Home, "config"),
		"XDG_STATE_HOME="+filepath.Join(d.Home, "xdgstate"),
		"XDG_RUNTIME_DIR="+filepath.Join(d.Home, "run"),
		"POTLUCK_STATE="+d.path(d.State),
		"LANG=C.UTF-8",
	)
	if d.BootID != "" {
		cmd.Env = append(cmd.Env, "POTLUCK_BOOT_ID="+d.BootID)
	}
	cmd.Env = append(cmd.Env, d.environment...)
	return cmd
}

// Stop ends the device in order, as a person who closes it would, and fails t
// if that takes too long or does not go well.
func (d *Device) Stop(t T) {
	t.Helper()
	process, exited := d.running()
	if process == nil {
		t.Fatalf("%s is not running\n%s", d.Name, d.tail())
	}
	begun := time.Now()
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-exited:
	case <-time.After(4 * stopTime):
		_ = process.Signal(syscall.SIGQUIT) // for its goroutines
		<-exited
		t.Fatalf("%s has not stopped after %v\n%s", d.Name, 4*stopTime, d.tail())
	}
	if took := time.Since(begun); took > stopTime {
		t.Errorf("%s took %v to stop, more than %v", d.Name, took, stopTime)
	}
	if d.status.ExitCode() != 0 {
		t.Errorf("%s: %v\n%s", d.Name, d.status, d.tail())
	}
}

// Kill ends the device with kill -9.
func (d *Device) Kill(t T) {
	t.Helper()
	process, exited := d.running()
	if process == nil {
		t.Fatalf("%s is not running\n%s", d.Name, d.tail())
	}
	_ = process.Kill()
	<-exited
}

// Freeze stops the process where it is, until [Device.Thaw].
func (d *Device) Freeze(t T) { d.signal(t, syscall.SIGSTOP) }

// Thaw lets a frozen process go on.
func (d *Device) Thaw(t T) { d.signal(t, syscall.SIGCONT) }

func (d *Device) signal(t T, s syscall.Signal) {
	t.Helper()
	process, _ := d.running()
	if process == nil {
		t.Fatalf("%s is not running\n%s", d.Name, d.tail())
	}
	if err := process.Signal(s); err != nil {
		t.Fatalf("%v to %s: %v", s, d.Name, err)
	}
}

func (d *Device) running() (*os.Process, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.process, d.exited
}

// end is what happens to a device when its test is done.
func (d *Device) end(t T) {
	keep := os.Getenv(keepVar)
	if process, exited := d.running(); process != nil {
		_ = process.Signal(syscall.SIGCONT)
		last := syscall.SIGTERM
		if t.Failed() && keep != "" {
			last = syscall.SIGQUIT // for its goroutines
		}
		_ = process.Signal(last)
		select {
		case <-exited:
		case <-time.After(4 * stopTime):
			_ = process.Signal(syscall.SIGQUIT)
			<-exited
			t.Errorf("%s did not stop when the test was done", d.Name)
		}
	}
	log, err := os.ReadFile(d.log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("lab: %v", err)
	}
	for _, bad := range trouble(log) {
		t.Errorf("%s has said %q", d.Name, bad)
	}
	if !t.Failed() {
		return
	}
	t.Logf("%s, standard error:\n%s", d.Name, d.tail())
	t.Logf("%s, events:\n%s", d.Name, d.history())
	if keep != "" {
		name := strings.ReplaceAll(t.Name(), "/", "-") + "-" + d.Name + ".log"
		if err := os.WriteFile(filepath.Join(keep, name), append(log, d.history()...), 0o600); err != nil {
			t.Errorf("lab: %v", err)
		}
	}
}

// Trouble returns what the device has said, since it was made, that no program
// should say.
func (d *Device) Trouble(t T) []string {
	t.Helper()
	log, err := os.ReadFile(d.log)
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	return trouble(log)
}

func trouble(log []byte) []string {
	return slices.DeleteFunc([]string{"DATA RACE", "panic:", "fatal error:"}, func(bad string) bool {
		return !bytes.Contains(log, []byte(bad))
	})
}

// Running reports whether the device runs, or is frozen.
func (d *Device) Running() bool {
	process, _ := d.running()
	return process != nil
}

// tail returns the end of the device's standard error.
func (d *Device) tail() string {
	const most = 8 << 10
	log, err := os.ReadFile(d.log)
	if err != nil {
		return err.Error()
	}
	return string(log[max(0, len(log)-most):])
}
