package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"potluck/sharing"
	"potluck/sharing/manifest"
)

// clean makes a foreign string fit for the terminal.
func clean(s string) string { return manifest.Printable(s) }

// size is a number of bytes as people say it.
func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// count is "1 file", "2 files", "12,345 files".
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return humanize.Comma(int64(n)) + " " + what
}

// entries is "1 entry", "2 entries".
func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return humanize.Comma(int64(n)) + " entries"
}

// content says how much there is: "12 files in 3 folders, 34 MB".
func content(files, folders int, bytes int64) string {
	switch {
	case files == 0 && folders == 0:
		return "nothing"
	case files == 0:
		return count(folders, "empty folder")
	case folders == 0:
		return count(files, "file") + ", " + size(bytes)
	}
	return fmt.Sprintf("%s in %s, %s", count(files, "file"), count(folders, "folder"), size(bytes))
}

// span is a time as people say it: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min".
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second && d%time.Second != 0:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// percent is how much of total is done; all of nothing is done.
func percent(done, total int64) int {
	if total <= 0 {
		return 100
	}
	return int(min(max(done, 0), total) * 100 / total)
}

// pace is "98 MB/s, 12 s left", as far as it is known.
func pace(rate int64, left time.Duration) string {
	var parts []string
	if rate > 0 {
		parts = append(parts, size(rate)+"/s")
		if left >= 0 {
			parts = append(parts, span(max(left.Round(time.Second), time.Second))+" left")
		}
	}
	return strings.Join(parts, ", ")
}

// names joins names: "Anna", "Anna and Ben", "Anna, Ben and Carl".
func names(list []string) string {
	switch len(list) {
	case 0:
		return "nobody"
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// stateWords is what people read for a state.
var stateWords = map[sharing.State]string{
	sharing.Preparing: "preparing",
	sharing.Offering:  "offering",
	sharing.Waiting:   "waiting for an answer",
	sharing.Running:   "running",
	sharing.Paused:    "paused",
	sharing.Stuck:     "stuck",
	sharing.Finishing: "finishing",
	sharing.Delivered: "delivered",
	sharing.Declined:  "declined",
	sharing.Cancelled: "cancelled",
	sharing.Withdrawn: "withdrawn",
	sharing.Failed:    "failed",
}
