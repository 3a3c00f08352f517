package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"potluck/app/control/controltest"
	"potluck/app/e2e/lab"
	"potluck/sharing"
	"potluck/ui"
	"potluck/ui/desk"
)

// binaryVar names the program to measure, as it is given to people; unset, it is
// the one in the test binary.
const binaryVar = "POTLUCK_DESKTOP_BINARY"

// A program is a window that is measured.
type program struct{ cmd *exec.Cmd }

// start starts a program on the screen, at home on the first host: "window" is
// Potluck, others are what [play] knows.
func (s *stand) start(f *figures, kind string) *program {
	exe, err := os.Executable()
	if err != nil {
		f.b.Fatal(err)
	}
	if given := os.Getenv(binaryVar); given != "" && kind == "window" && os.Getenv(profileVar) == "" {
		exe = given
	}
	cmd := exec.Command(exe, "--state", f.me.State)
	home, run := f.me.Home, filepath.Join(f.me.Home, "run")
	if kind != "window" {
		home = lab.Folder(f.b, kind) // the toolkit's own settings are another's
		run = home
	}
	cmd.Env = append([]string{
		"POTLUCK_DESKTOP=" + kind, profileVar + "=" + os.Getenv(profileVar), "PATH=" + os.Getenv("PATH"), "LANG=en.UTF-8", "LANGUAGE=en", "HOME=" + home, "XDG_RUNTIME_DIR=" + run,
		"XDG_CONFIG_HOME=" + home + "/config", "XDG_STATE_HOME=" + home + "/xdgstate", "XDG_CACHE_HOME=" + home + "/cache",
	}, s.Env()...)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := f.me.Host.Do(cmd.Start); err != nil {
		f.b.Fatal(err)
	}
	f.b.Cleanup(func() {
		if err := cmd.Process.Kill(); !errors.Is(err, os.ErrProcessDone) {
			_ = cmd.Wait() // it was killed
		}
		if f.b.Failed() && said.Len() > 0 {
			f.b.Logf("%s: %s", kind, said.Bytes())
		}
	})
	return &program{cmd}
}

// stop ends the program in order.
func (p *program) stop(b *testing.B) {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	_ = p.cmd.Wait() // it was told to end
}

// mark begins or ends a part of a measurement that is to be profiled.
func (p *program) mark() {
	if os.Getenv(profileVar) != "" {
		_ = p.cmd.Process.Signal(syscall.SIGUSR1)
		time.Sleep(time.Second) // the heap is written, too
	}
}

// cpu is the processor time that the program has used.
func (p *program) cpu(b *testing.B) time.Duration {
	tasks, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "task/*/schedstat"))
	if err != nil || len(tasks) == 0 {
		b.Fatal("no /proc/PID/task/N/schedstat: this kernel does not count processor time finely")
	}
	var sum time.Duration
	for _, task := range tasks {
		var ns int64
		text, _ := os.ReadFile(task) // it may have ended by now
		if _, err := fmt.Sscan(string(text), &ns); err == nil {
			sum += time.Duration(ns)
		}
	}
	return sum
}

// resident is the memory that the program has, in megabytes.
func (p *program) resident(b *testing.B) float64 { return p.status(b, "VmRSS:") }

// peak is the most that it had.
func (p *program) peak(b *testing.B) float64 { return p.status(b, "VmHWM:") }

func (p *program) status(b *testing.B, label string) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), label)
	var kB float64
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		b.Fatalf("no %s: %v", label, err)
	}
	return kB * 1024 / 1e6
}

// playOther is one of the other programs that are measured: an empty window, and
// our window with a crowd around it that only a stand-in for the device has.
func playOther(kind string) {
	a := fyneapp.NewWithID(appID)
	switch kind {
	case "empty":
		w := a.NewWindow("Empty")
		w.Resize(fyne.NewSize(900, 600))
		w.ShowAndRun()
	case "crowd":
		w, err := ui.New(ui.Options{App: a, Desktop: desk.New(a.OpenURL), Version: version})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		w.Follow(crowd(), noSettings{})
		w.ShowAndRun()
		stop()
		<-ended
	}
	os.Exit(0)
}

// A source is a stand-in for the device.
type source struct{ *controltest.Engine }

var _ ui.Source = source{}

func (source) Parts(string) ([]uint8, error) { return nil, nil }

func (source) Free(context.Context, string) int64 { return -1 }

func (source) Link() (sharing.DeviceLink, error) { return sharing.DeviceLink{}, nil }

func (source) Measure(context.Context, []string) (sharing.Amount, error) {
	return sharing.Amount{}, nil
}

// crowd is a device with 500 neighbours and a history of 10,000 transfers.
func crowd() source {
	e := controltest.New("Lan")
	e.Change(func(s *sharing.Snapshot) {
		for i := range 500 {
			s.Neighbours = append(s.Neighbours, controltest.Neighbour(fmt.Sprintf("Somebody's laptop %03d", i)))
		}
		for i := range 10_000 {
			who := s.Neighbours[i%len(s.Neighbours)]
			at := time.Now().Add(-time.Duration(10_000-i) * time.Hour)
			s.Transfers = append(s.Transfers, sharing.Transfer{
				Share: controltest.Share(strconv.Itoa(i)), Direction: sharing.Receiving, Title: fmt.Sprintf("Pictures of day %d", i), Files: 12, Bytes: 34_000_000 + int64(i),
				State: sharing.Delivered, Started: at, Ended: at.Add(time.Minute),
				Peers: []sharing.Peer{{ID: who.ID, Name: who.Name, State: sharing.Delivered, Done: 34_000_000, Total: 34_000_000}},
			})
		}
	})
	return source{e}
}

// noSettings are those that nobody has changed.
type noSettings struct{}

func (noSettings) Values() map[string]string {
	return map[string]string{"textSize": "100", "theme": "system"}
}
func (noSettings) Set(string, string) error         { return nil }
func (noSettings) ResetAll() error                  { return nil }
func (noSettings) Watch() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

func median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// spread is the lowest and the highest.
func spread(of []float64, format string) string {
	if len(of) == 0 {
		return "none"
	}
	return fmt.Sprintf(format+"-"+format, slices.Min(of), slices.Max(of))
}

func percent(of []float64) []float64 {
	var p []float64
	for _, x := range of {
		p = append(p, 100*x)
	}
	return p
}
