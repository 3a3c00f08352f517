//go:build linux

// Bench measures how fast files move, and prints one table.
//
//	go run ./app/bench -potluck bin/potluck
//	go run ./app/bench -potluck bin/potluck -case 1g,small -with potluck,curl -runs 9
//
// Two hosts of a network made on this machine (see package lab) exchange what
// each case says, by every program that is there. All of it lies in memory,
// unless the case says otherwise, so that what is seen is the program and not
// the disk. The runs of the programs take turns, and the table holds medians:
// what slows the machine down for a while slows all of them.
//
// The clock starts when the receiving command of the other programs does, and
// with potluck when the sender's does: it includes finding the files, offering,
// consent, hashing, checking and the receipt. Each run of potluck has never seen
// these files before, but for the program "again": that is potluck when the same
// device shares the same files a second time, and need not hash them.
//
// Some cases are about potluck alone and need more hosts: "spread" and those
// after it. Their rows say to how many the files went, and their remarks how they
// stand to what is promised.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"potluck/app/e2e/lab"
)

func main() { os.Exit(lab.Enter(measure)) }

func measure() int {
	var o options
	var only, with string
	flag.StringVar(&o.potluck, "potluck", "bin/potluck", "the `command` to measure")
	flag.IntVar(&o.runs, "runs", 5, "`times` each program does each case")
	flag.StringVar(&o.disk, "disk", "/var/tmp", "a `folder` on a real disk, for the case disk")
	flag.StringVar(&only, "case", "", "only these `cases`, separated by commas: "+strings.Join(caseNames(), ","))
	flag.StringVar(&with, "with", "", "only these `programs`, separated by commas: "+strings.Join(programNames(), ","))
	flag.Parse()

	if err := lab.Missing(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: no lab:", err)
		return 1
	}
	if err := o.choose(only, with); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	}
	if err := lab.Use(o.potluck); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 1
	}
	return o.all()
}

// options are what a measurement is told.
type options struct {
	potluck  string
	runs     int
	disk     string
	cases    []testCase
	programs []program
}

// choose fills in the cases and the programs, all of them if nothing is said.
// Programs that are not installed are left out with a word.
func (o *options) choose(only, with string) error {
	var err error
	if o.cases, err = pick(cases, only, func(c testCase) string { return c.name }); err != nil {
		return err
	}
	chosen, err := pick(programs, with, func(p program) string { return p.name })
	if err != nil {
		return err
	}
	for _, p := range chosen {
		if missing := slices.IndexFunc(p.needs, notInstalled); missing >= 0 {
			fmt.Fprintf(os.Stderr, "bench: without %s: %s is not installed\n", p.name, p.needs[missing])
			continue
		}
		o.programs = append(o.programs, p)
	}
	return nil
}

func notInstalled(command string) bool {
	_, err := exec.LookPath(command)
	return err != nil
}

// spare is how much memory a case leaves to the rest of the machine.
const spare = 1 << 30

// pick returns those of all that names lists, or all of them.
func pick[V any](all []V, names string, name func(V) string) ([]V, error) {
	if names == "" {
		return all, nil
	}
	var picked []V
	for _, want := range strings.Split(names, ",") {
		i := slices.IndexFunc(all, func(v V) bool { return name(v) == want })
		if i < 0 {
			return nil, fmt.Errorf("there is no %q", want)
		}
		picked = append(picked, all[i])
	}
	return picked, nil
}

// all measures everything chosen and prints it. It returns the exit code.
func (o *options) all() int {
	fmt.Printf("%-34s %-11s %8s  %-15s %9s %7s %7s %7s  %s\n",
		"case", "program", "median", "lowest-highest", "MB/s", "sender", "recvr", "CPU", "against")
	failed := 0
	for _, c := range o.cases {
		if free := available(); free < c.room+spare {
			fmt.Printf("%-34s skipped: needs %s of memory, and %s are free\n", c.title, megabytes(c.room+spare), megabytes(free))
			continue
		}
		if err := c.measure(o, c); err != nil {
			fmt.Printf("%-34s failed: %v\n", c.title, err)
			failed = 1
		}
	}
	return failed
}
