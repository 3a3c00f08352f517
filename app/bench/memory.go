//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watchMemory looks at the process and at those it starts until peak is called,
// which returns the most memory that any one of them had at a time. The figure
// the kernel gives when a process has ended will not do: it begins with that of
// the program that started it.
func watchMemory(pid int) (peak func() int64) {
	const often = 20 * time.Millisecond
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		tick := time.NewTicker(often)
		defer tick.Stop()
		var seen int64
		for {
			seen = max(seen, family(pid))
			select {
			case <-stop:
				most <- seen
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-most
	}
}

// family returns the most memory that the process or one it started had. The
// lab has few processes, so that looking at all is quick.
func family(pid int) int64 {
	status, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return 0
	}
	var most int64
	for _, file := range status {
		self, parent, high := 0, 0, int64(0)
		text, _ := os.ReadFile(file) // it may have ended by now
		lines := bufio.NewScanner(bytes.NewReader(text))
		for lines.Scan() {
			line := lines.Text()
			switch {
			case strings.HasPrefix(line, "Pid:"):
				self, _ = strconv.Atoi(strings.TrimSpace(line[4:]))
			case strings.HasPrefix(line, "PPid:"):
				parent, _ = strconv.Atoi(strings.TrimSpace(line[5:]))
			case strings.HasPrefix(line, "VmHWM:"):
				_, _ = fmt.Sscanf(line[6:], "%d kB", &high)
			}
		}
		if self == pid || parent == pid {
			most = max(most, high<<10)
		}
	}
	return most
}

// available returns how much memory the machine can give, in bytes.
func available() int64 {
	text, _ := os.ReadFile("/proc/meminfo") // it is always there
	for line := range strings.Lines(string(text)) {
		var kB int64
		if _, err := fmt.Sscanf(line, "MemAvailable: %d kB", &kB); err == nil {
			return kB << 10
		}
	}
	return 0
}
