package lab

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// PeakRSS returns the most memory the running device had at a time, in bytes.
func (d *Device) PeakRSS(t T) int64 { return d.figure(t, "status", "VmHWM:") << 10 }

// ReadBytes returns how many bytes the running device has read, from files and
// from the network.
func (d *Device) ReadBytes(t T) int64 { return d.figure(t, "io", "rchar:") }

// CPU returns how much processor time the running device has used, its own and
// the system's on its behalf.
func (d *Device) CPU(t T) time.Duration {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(d.proc(t), "stat"))
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	// The name of the command, in brackets, may have spaces; what follows has not.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const user, system, ticks = 11, 12, 100 // ticks a second, as every program is told
	if len(fields) <= system {
		t.Fatalf("lab: strange /proc/PID/stat: %s", text)
	}
	var total int64
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatalf("lab: %v", err)
		}
		total += n
	}
	return time.Duration(total) * time.Second / ticks
}

// Threads returns the number of system threads of the running device.
func (d *Device) Threads(t T) int { return int(d.figure(t, "status", "Threads:")) }

// Descriptors returns what the running device has open, as the targets of its
// file descriptors.
func (d *Device) Descriptors(t T) []string {
	t.Helper()
	dir := filepath.Join(d.proc(t), "fd")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	var open []string
	for _, e := range entries {
		if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil {
			open = append(open, target)
		}
	}
	return open
}

// figure returns the number behind label in a file below /proc.
func (d *Device) figure(t T, file, label string) int64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(d.proc(t), file))
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), label); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatalf("lab: %v", err)
			}
			return n
		}
	}
	t.Fatalf("lab: no %s in %s", label, file)
	return 0
}

func (d *Device) proc(t T) string {
	t.Helper()
	process, _ := d.running()
	if process == nil {
		t.Fatalf("%s is not running\n%s", d.Name, d.tail())
	}
	return filepath.Join("/proc", strconv.Itoa(process.Pid))
}
