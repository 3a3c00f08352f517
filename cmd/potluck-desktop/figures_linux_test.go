package main

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"potluck/app/e2e/lab"
	"potluck/ui/screentest"
)

// What is measured, and for how long. All together takes less than three minutes.
const (
	starts     = 7
	neighbours = 20
	transfers  = 10
	settleTime = 15 * time.Second // until nothing goes on but what always does
	idleTime   = 10 * time.Second // of a stretch, as are the next ones
	busyTime   = 5 * time.Second
	scrollTime = 3 * time.Second
	idleRuns   = 4
	busyRuns   = 3
	notch      = time.Second / 50 // between two of the wheel
	sent       = 48 << 20         // of each transfer
	sentRate   = "100 kB/s"       // each: what is moved is to take little beside what is drawn
)

// The benchmarks below measure the window that people get, on a virtual screen and
// drawn by the processor, beside an empty window of the toolkit that is on a
// screen of its own at the same time. They print a table; `make bench-window` runs
// them. Where there are other devices they are real ones, on hosts of their own.
type figures struct {
	b           *testing.B
	lan         *lab.LAN
	me          *lab.Device // whose window it is
	others      []*lab.Device
	ours, empty *stand
	window      *program
	beside      *program
	still       float64 // of a core, while nothing happens
}

func newFigures(b *testing.B, others int) *figures {
	b.ReportMetric(0, "ns/op") // the table has what matters
	f := &figures{b: b, lan: lab.New(b, lab.Options{Hosts: 1 + others})}
	f.me = f.lan.Host(1).Device(b, "Lan")
	f.settings()
	f.ours, f.empty = newStand(b), newStand(b)
	return f
}

// settings are those of the device: it takes what it is offered.
func (f *figures) settings() {
	text := fmt.Sprintf(`{"name":"Lan","accept":"everyone","downloads":%q}`, f.me.Downloads)
	if err := os.WriteFile(filepath.Join(f.me.State, "settings.json"), []byte(text), 0o600); err != nil {
		f.b.Fatal(err)
	}
}

// row prints a line of the table.
func row(what, figure, goal string) {
	load, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(load), " ")
	fmt.Printf("\n%-46s %-74s %-12s load %s\n", what, figure, goal, first)
}

// A stand is a screen on which one window is looked at.
type stand struct {
	*screentest.Screen
	frames *screentest.Frames
}

func newStand(b *testing.B) *stand {
	s := screentest.New(b, 1000, 700)
	return &stand{s, s.Frames(b)}
}

// BenchmarkStart measures from the start of the program to the first picture, of a
// program that was started before.
func BenchmarkStart(b *testing.B) {
	f := newFigures(b, 0)
	var ours, empty []float64
	for i := range starts + 1 {
		for _, p := range []struct {
			on   *stand
			kind string
			took *[]float64
		}{{f.ours, "window", &ours}, {f.empty, "empty", &empty}} {
			begun := time.Now()
			w := p.on.start(f, p.kind)
			first := p.on.firstPicture(f.b, begun)
			w.stop(f.b)
			if i > 0 { // the first one warms up
				*p.took = append(*p.took, first.Sub(begun).Seconds())
			}
		}
	}
	row("first picture, from the start", fmt.Sprintf("%.2f s (%s); empty window %.2f s", median(ours), spread(ours, "%.2f"), median(empty)), "1 s")
}

// firstPicture returns when the window was drawn first with something in it.
func (s *stand) firstPicture(b *testing.B, from time.Time) time.Time {
	var first time.Time
	checked := 0
	s.Wait(b, "a picture", func() bool {
		drawn := s.frames.Since(from)
		if len(drawn) == checked || differentColors(s.Picture(b)) < 10 {
			return false
		}
		first, checked = drawn[checked], len(drawn)
		return true
	})
	return first
}

// BenchmarkIdle measures the window while nothing happens, and then while much
// does.
func BenchmarkIdle(b *testing.B) {
	f := newFigures(b, neighbours)
	f.meet()
	f.idle()
	f.busy()
	f.memory()
}

// meet starts the neighbours and both windows, and waits until all are seen.
func (f *figures) meet() {
	for n := range neighbours {
		f.others = append(f.others, f.lan.Host(n+2).Device(f.b, fmt.Sprintf("Neighbour %02d", n+1)).Start(f.b))
		f.others[n].OK(f.b, "settings", "set", "upLimit", sentRate)
	}
	f.window, f.beside = f.ours.start(f, "window"), f.empty.start(f, "empty")
	f.ours.WaitForWindow(f.b, "Potluck").Focus(f.b)
	f.empty.WaitForWindow(f.b, "Empty").Focus(f.b)
	lab.Eventually(f.b, time.Minute, "all neighbours", func() bool {
		return len(f.me.OK(f.b, "neighbours", "--json").Objects()) == neighbours
	})
	f.ours.Move(f.b, image.Pt(990, 690)) // away from the window
	time.Sleep(settleTime)
}

// A stretch is what two windows did in the same time.
type stretch struct {
	ours, empty             float64 // of a core
	framesOurs, framesEmpty int
}

// during looks at both windows for that long.
func (f *figures) during(d time.Duration) stretch {
	f.window.mark()
	defer f.window.mark()
	begun := time.Now()
	ours, empty := f.window.cpu(f.b), f.beside.cpu(f.b)
	time.Sleep(d)
	took := time.Since(begun).Seconds()
	return stretch{
		(f.window.cpu(f.b) - ours).Seconds() / took, (f.beside.cpu(f.b) - empty).Seconds() / took,
		len(f.ours.frames.Since(begun)), len(f.empty.frames.Since(begun)),
	}
}

// idle measures the window while nothing happens.
func (f *figures) idle() {
	var ours, empty, above []float64
	frames, besides := 0, 0
	for range idleRuns {
		s := f.during(idleTime)
		ours, empty, above = append(ours, s.ours), append(empty, s.empty), append(above, s.ours-s.empty)
		frames, besides = frames+s.framesOurs, besides+s.framesEmpty
	}
	f.still = median(ours)
	row(fmt.Sprintf("idle, %d neighbours: frames in %v", neighbours, idleRuns*idleTime), fmt.Sprintf("%d; empty window %d", frames, besides), "0")
	row("idle: processor, of a core", fmt.Sprintf("%.2f %%; empty window %.2f %%; above it %+.2f %%", 100*median(ours), 100*median(empty), 100*median(above)), "0.3 % above")
	if frames > 0 {
		f.b.Errorf("%d frames were drawn while nothing happened", frames)
	}
}

// busy measures the window while transfers come in.
func (f *figures) busy() {
	for n, d := range f.others[:transfers] {
		file := filepath.Join(d.Home, fmt.Sprintf("Holiday pictures %d.zip", n))
		lab.Sparse(f.b, file, sent)
		d.Begin(f.b, "send", "--quiet", file, "--to", "Lan")
	}
	lab.Eventually(f.b, time.Minute, "all transfers", func() bool {
		running := 0
		for _, t := range f.me.OK(f.b, "transfers", "--json").Objects() {
			if t.Text("state") == "running" {
				running++
			}
		}
		return running == transfers
	})
	for _, page := range []struct{ name, key string }{{"Nearby", "ctrl+1"}, {"Transfers", "ctrl+2"}} {
		f.ours.Key(f.b, page.key)
		time.Sleep(2 * time.Second)
		var above, frames []float64
		for range busyRuns {
			s := f.during(busyTime)
			above, frames = append(above, s.ours-f.still), append(frames, float64(s.framesOurs)/busyTime.Seconds())
		}
		f.ours.Save(f.b, "figures-busy-"+page.name)
		row(fmt.Sprintf("%d transfers, page %s: processor above idle", transfers, page.name),
			fmt.Sprintf("%.1f %% (%s), %.1f frames/s", 100*median(above), spread(percent(above), "%.1f"), median(frames)), "10 %")
	}
}

// memory measures what the window takes when everything in it has been seen.
func (f *figures) memory() {
	before := f.window.resident(f.b)
	for _, key := range []string{"ctrl+1", "ctrl+2", "ctrl+3", "ctrl+slash", "ctrl+1"} {
		f.ours.Key(f.b, key)
		time.Sleep(time.Second)
	}
	now, peak := f.window.resident(f.b), f.window.peak(f.b)
	row("resident, 10 transfers", fmt.Sprintf("%.0f MB; every page seen %.0f MB, at most %.0f MB; empty window %.0f MB", before, now, peak, f.beside.resident(f.b)), "250 MB")
}

// BenchmarkScroll measures long lists in a real window. What they show is told by a
// stand-in for the device: nobody has 500 computers here.
func BenchmarkScroll(b *testing.B) {
	f := newFigures(b, 0)
	f.window = f.ours.start(f, "crowd")
	w := f.ours.WaitForWindow(f.b, "Potluck")
	w.Focus(f.b)
	f.ours.Wait(f.b, "the crowd", func() bool { return differentColors(f.ours.Picture(f.b)) > 100 })
	for _, list := range []struct {
		name, key string
		at        image.Point
	}{{"500 neighbours", "ctrl+1", image.Pt(400, 400)}, {"10,000 lines of history", "ctrl+2", image.Pt(400, 450)}} {
		f.ours.Key(f.b, list.key)
		f.ours.Move(f.b, w.At(list.at.X, list.at.Y))
		time.Sleep(2 * time.Second)
		begun, cpu := time.Now(), f.window.cpu(f.b)
		for down := true; time.Since(begun) < scrollTime; time.Sleep(notch) {
			f.ours.Wheel(f.b, down)
		}
		times := f.ours.frames.Since(begun)
		used := f.window.cpu(f.b) - cpu
		f.ours.Save(f.b, "figures-scroll-"+list.key)
		var gaps []float64
		for i := 1; i < len(times); i++ {
			gaps = append(gaps, times[i].Sub(times[i-1]).Seconds()*1000)
		}
		row("scrolling "+list.name, fmt.Sprintf("%d frames in %v, %.0f ms apart (%s), %.1f ms of processor each",
			len(times), scrollTime, median(gaps), spread(gaps, "%.0f"), 1000*used.Seconds()/float64(len(times))), "")
	}
}
