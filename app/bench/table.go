//go:build linux

package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// A series is what the runs of one program in one case have shown.
type series struct {
	samples []sample
	failure error
}

func (s *series) add(x sample) { s.samples = append(s.samples, x) }

// median returns the sample in the middle, with the most memory any had.
func (s *series) median() sample {
	sorted := slices.Clone(s.samples)
	slices.SortFunc(sorted, func(a, b sample) int { return cmp.Compare(a.took, b.took) })
	m := sorted[len(sorted)/2]
	for _, x := range sorted {
		m.sender, m.recv = max(m.sender, x.sender), max(m.recv, x.recv)
	}
	return m
}

func (s *series) spread() string {
	low, high := s.samples[0].took, s.samples[0].took
	for _, x := range s.samples {
		low, high = min(low, x.took), max(high, x.took)
	}
	return fmt.Sprintf("%.2f-%.2f", low.Seconds(), high.Seconds())
}

// printRace prints a row for each program, and sets potluck's time against that
// of the others.
func printRace(title string, programs []program, results []series, bytes int64) {
	var ours time.Duration
	for i, p := range programs {
		if p.name == "potluck" && len(results[i].samples) > 0 {
			ours = results[i].median().took
		}
	}
	for i, p := range programs {
		r := &results[i]
		if len(r.samples) == 0 {
			fmt.Printf("%-34s %-11s failed: %v\n", title, p.name, r.failure)
			continue
		}
		m := r.median()
		against := ""
		if ours > 0 && p.name != "potluck" {
			against = fmt.Sprintf("potluck takes %.2f x %s", ours.Seconds()/m.took.Seconds(), p.name)
		}
		if r.failure != nil {
			against += fmt.Sprintf(" (and failed: %v)", r.failure)
		}
		fmt.Printf("%-34s %-11s %6.2f s  %-15s %9.0f %7s %7s %7s  %s\n", title, p.name, m.took.Seconds(), r.spread(),
			float64(bytes)/1e6/m.took.Seconds(), megabytes(m.sender), megabytes(m.recv), seconds(m.cpu), against)
	}
}

// printTime prints the row of a case that only potluck does.
func printTime(title string, r *series, against string) {
	printRow(title, "potluck", r, 0, against)
}

// printRow prints a row of a case that only potluck does, in some way, with the
// speed if that many bytes were moved.
func printRow(title, how string, r *series, bytes int64, against string) {
	m := r.median()
	speed := ""
	if bytes > 0 {
		speed = fmt.Sprintf("%.0f", float64(bytes)/1e6/m.took.Seconds())
	}
	cpu := ""
	if m.cpu > 0 {
		cpu = seconds(m.cpu)
	}
	fmt.Printf("%-34s %-11s %6.2f s  %-15s %9s %7s %7s %7s  %s\n",
		title, how, m.took.Seconds(), r.spread(), speed, megabytes(m.sender), megabytes(m.recv), cpu, against)
}

func seconds(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

func megabytes(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%d MB", (n+500_000)/1_000_000)
}
