//go:build linux

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"potluck/app/e2e/lab"
)

// A testCase is one row of the table, or one row for each program.
type testCase struct {
	name, title string
	measure     func(*options, testCase) error
	make        func(t lab.T, dir string) // what is moved; nil if measure makes it
	most        int                       // runs are enough; 0 for as many as told
	room        int64                     // bytes of memory that what arrives takes
	onDisk      bool
}

var cases = []testCase{
	{name: "1g", title: "1 GiB file", measure: (*options).race, make: bigFile(1 << 30)},
	{name: "4g", title: "4 GiB file", measure: (*options).race, make: bigFile(4 << 30)},
	{name: "small", title: "100,000 files of 10 KB", measure: (*options).race, make: manyFiles},
	{name: "disk", title: "100,000 files of 10 KB, disk, synced", measure: (*options).race, make: manyFiles, most: 1, onDisk: true},
	{name: "million", title: "offer of 1,000,000 entries", measure: (*options).offer, make: million, most: 1},
	{name: "sparse", title: "offer of a 100 GiB file", measure: (*options).offer, make: hundredGiB},
	{name: "first", title: "from yes to the first content", measure: (*options).firstByte, make: bigFile(1 << 30)},

	{name: "spread", title: "200 MB, links of 100 Mbit/s", measure: (*options).spread, make: bigFile(200e6), most: 3, room: 2e9},
	{name: "spread60", title: "60 MB, links of 100 Mbit/s", measure: (*options).spread, make: bigFile(60e6), most: 3, room: 1e9},
	{name: "leave", title: "the sharer leaves when it may", measure: (*options).leave, make: bigFile(200e6), most: 3, room: 2e9},
	{name: "late", title: "one joins at half time", measure: (*options).late, make: bigFile(200e6), most: 3, room: 1e9},
	{name: "bridge", title: "512 MiB, no limit but the CPU", measure: work(1, 8), make: bigFile(512 << 20), most: 3, room: 5 << 30},
	{name: "memory", title: "4 GiB", measure: work(1), make: bigFile(4 << 30), most: 1, room: 8 << 30},
	{name: "memory8", title: "1 GiB", measure: work(8), make: bigFile(1 << 30), most: 1, room: 9 << 30},
	{name: "resume", title: "kill -9 at 90 % of 4 GiB", measure: (*options).resume, make: bigFile(4 << 30), most: 3, room: 8 << 30},
	{name: "hashing", title: "hashes of 4 GiB", measure: (*options).hashing, make: bigFile(4 << 30), most: 3, room: 4 << 30},
	{name: "idle", title: "500 shares of 1,000 files at rest", measure: (*options).idle, most: 1, room: 3 << 30},
}

func caseNames() []string {
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
	}
	return names
}

func bigFile(size int64) func(lab.T, string) {
	return func(t lab.T, dir string) { lab.File(t, filepath.Join(dir, "file"), size) }
}

func manyFiles(t lab.T, dir string) { lab.Many(t, filepath.Join(dir, "tree"), 100_000, 10_000) }

func hundredGiB(t lab.T, dir string) { lab.Sparse(t, filepath.Join(dir, "file"), 100<<30) }

// million makes 1,000,000 entries: folders and empty files.
func million(t lab.T, dir string) {
	const folders, each = 1000, 999
	for i := range folders {
		folder := filepath.Join(dir, "tree", fmt.Sprintf("folder %03d", i))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatalf("%v", err)
		}
		for k := range each {
			name := filepath.Join(folder, fmt.Sprintf("a file with a name of usual length %03d.jpeg", k))
			if err := syscall.Mknod(name, syscall.S_IFREG|0o644, 0); err != nil {
				t.Fatalf("%v", err)
			}
		}
	}
}

// race has every program move what the case makes, in turns, and prints a row
// for each.
func (o *options) race(c testCase) error {
	return attempt(func(t *task) {
		base := o.base(t, c)
		c.make(t, filepath.Join(base, "from"))
		source := onlyIn(t, filepath.Join(base, "from"))
		want := sum(t, source)

		results := make([]series, len(o.programs))
		for range o.times(c) {
			for i, p := range o.programs {
				target := filepath.Join(base, "to")
				if err := os.Mkdir(target, 0o755); err != nil {
					t.Fatalf("%v", err)
				}
				err := attempt(func(t *task) {
					sample := p.move(t, source, target, c.onDisk)
					if got := sum(t, target); got != want {
						t.Fatalf("moved %+v, want %+v", got, want)
					}
					results[i].add(sample)
				})
				if err != nil {
					results[i].failure = err
				}
				if err := os.RemoveAll(target); err != nil {
					t.Fatalf("%v", err)
				}
			}
		}
		printRace(c.title, o.programs, results, want.bytes)
	})
}

// base makes the folder of a case, in memory or on the disk.
func (o *options) base(t *task, c testCase) string {
	base := lab.Folder(t, c.name)
	if c.onDisk {
		var err error
		if base, err = os.MkdirTemp(o.disk, "potluck-bench-"); err != nil {
			t.Fatalf("%v", err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(base) })
	}
	if err := os.Mkdir(filepath.Join(base, "from"), 0o755); err != nil {
		t.Fatalf("%v", err)
	}
	return base
}

// onlyIn returns the one thing in dir.
func onlyIn(t *task, dir string) string {
	all := entries(t, dir)
	if len(all) != 1 {
		t.Fatalf("%s: %d entries", dir, len(all))
	}
	return filepath.Join(dir, all[0].Name())
}

func entries(t *task, dir string) []os.DirEntry {
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

// A total is enough to see that all has arrived.
type total struct{ files, bytes int64 }

func sum(t *task, top string) total {
	var s total
	err := filepath.WalkDir(top, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		s.files++
		s.bytes += info.Size()
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

// A sample is what one run has shown. Memory is in bytes; CPU is processor time,
// of all ends together; 0 is unknown.
type sample struct {
	took         time.Duration
	sender, recv int64
	cpu          time.Duration
	sent         int64 // bytes that the sender has sent, where that counts
}
