//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"potluck/app/e2e/lab"
)

// A task is something that can fail and that cleans up behind itself: a
// [lab.T] for programs.
type task struct {
	cleanups []func()
	failed   error
}

var _ lab.T = (*task)(nil)

// attempt runs f, cleans up behind it and returns how it failed.
func attempt(f func(*task)) error {
	t := &task{}
	func() {
		defer func() {
			if r := recover(); r != nil {
				if t.failed == nil {
					panic(r)
				}
			}
		}()
		f(t)
	}()
	for len(t.cleanups) > 0 {
		last := len(t.cleanups) - 1
		c := t.cleanups[last]
		t.cleanups = t.cleanups[:last]
		c()
	}
	return t.failed
}

func (t *task) Helper()          {}
func (t *task) Name() string     { return "bench" }
func (t *task) Failed() bool     { return t.failed != nil }
func (t *task) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

func (t *task) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (t *task) Errorf(format string, args ...any) {
	t.failed = errors.Join(t.failed, fmt.Errorf(format, args...))
}

func (t *task) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	panic(t)
}

func (t *task) Skipf(format string, args ...any) { t.Fatalf(format, args...) }

// A usage is what a command took: time, processor time of itself and of those
// it started and waited for, and the most memory that one of them had.
type usage struct {
	took, cpu time.Duration
	memory    int64
}

// command runs a command on the host until it ends.
func (t *task) command(h *lab.Host, name string, args ...string) usage {
	cmd := exec.Command(name, args...)
	var said limited
	cmd.Stderr = &said
	begun := time.Now()
	if err := h.Do(cmd.Start); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	peak := watchMemory(cmd.Process.Pid)
	err := cmd.Wait()
	took := time.Since(begun)
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, said)
	}
	return usage{took, processorTime(cmd), peak()}
}

// processorTime is for a command that has ended.
func processorTime(cmd *exec.Cmd) time.Duration {
	if cmd.ProcessState == nil {
		return 0
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// server starts a command on the host that others talk to, and waits until it
// accepts connections at addr. Stopping it returns what it took.
func (t *task) server(h *lab.Host, addr, name string, args ...string) (stop func() usage) {
	cmd := exec.Command(name, args...)
	var said limited
	cmd.Stderr = &said
	if err := h.Do(cmd.Start); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	begun, peak := time.Now(), watchMemory(cmd.Process.Pid)
	stop = sync.OnceValue(func() usage {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // it was told to end
		return usage{time.Since(begun), processorTime(cmd), peak()}
	})
	t.Cleanup(func() { stop() })
	lab.Eventually(t, 10*time.Second, name+" listens", func() bool { return reachable(h, addr) })
	return stop
}

// limited keeps the beginning of what a command said.
type limited []byte

func (l *limited) Write(p []byte) (int, error) {
	*l = append(*l, p[:min(len(p), 4096-len(*l))]...)
	return len(p), nil
}
