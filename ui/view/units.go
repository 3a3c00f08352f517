package view

import (
	"strconv"
	"strings"
	"time"
)

// A Format is how a language writes numbers and dates.
type Format struct {
	Decimal string // between whole and part
	Group   string // between thousands
	Date    string // as package time has layouts
}

const (
	nbsp = "\u00A0" // keeps a number and its unit on one line
	dot  = " · "    // between the parts of a line
)

// Count writes a number of things.
func Count(n int, f Format) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if rest := len(digits) - i; i > 0 && rest%3 == 0 && digits[i-1] != '-' {
			b.WriteString(f.Group)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// quantity splits bytes into a number of at most three digits and its unit. The
// units are decimal, on every system, so that both screens agree.
func quantity(n int64, w Words) (number, unit string) {
	n = max(n, 0)
	if n < 1000 {
		return strconv.FormatInt(n, 10), strings.TrimSpace(strings.TrimPrefix(w.N("{{.N}} bytes", int(n)), strconv.FormatInt(n, 10)))
	}
	value, units := float64(n)/1000, []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	for value >= 999.5 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	if value < 9.95 {
		return strings.Replace(strconv.FormatFloat(value, 'f', 1, 64), ".", w.Format().Decimal, 1), units[0]
	}
	return strconv.FormatFloat(value, 'f', 0, 64), units[0]
}

// size writes bytes.
func size(n int64, w Words) string {
	number, unit := quantity(n, w)
	return number + nbsp + unit
}

// sizeOf writes how much there is of how much, with the unit once if it is the
// same.
func sizeOf(done, total int64, w Words) string {
	doneNumber, doneUnit := quantity(done, w)
	totalNumber, totalUnit := quantity(total, w)
	if doneUnit != totalUnit {
		doneNumber += nbsp + doneUnit
	}
	return w.L("{{.Done}} of {{.Total}}", "Done", doneNumber, "Total", totalNumber+nbsp+totalUnit)
}

// speed writes bytes a second.
func speed(n int64, w Words) string { return size(n, w) + "/s" }

// percent is rounded down, and never 100: only a receipt says that all is there.
func percent(done, total int64) int {
	if total <= 0 || done <= 0 {
		return 0
	}
	return min(99, int(100*float64(done)/float64(total)))
}

func percentText(n int) string { return strconv.Itoa(n) + nbsp + "%" }

// timeLeft says roughly how long it will take; exact seconds would be a lie.
func timeLeft(d time.Duration, w Words) string {
	switch {
	case d < 0:
		return ""
	case d < 10*time.Second:
		return w.L("a few seconds left")
	case d < 58*time.Second:
		return w.L("about {{.N}} s left", "N", 5*int((d+2500*time.Millisecond)/(5*time.Second)))
	case d < 59*time.Minute+30*time.Second:
		return w.L("about {{.N}} min left", "N", max(1, int((d+30*time.Second)/time.Minute)))
	case d < 24*time.Hour:
		d = (d + 150*time.Second).Truncate(5 * time.Minute)
		return w.L("about {{.H}} h {{.M}} min left", "H", int(d.Hours()), "M", int(d.Minutes())%60)
	}
	return w.L("more than a day left")
}

// clock says when something was, seen from now.
func clock(t, now time.Time, w Words) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	at := t.Format("15:04")
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch {
	case !t.Before(midnight):
		return w.L("today {{.Time}}", "Time", at)
	case !t.Before(midnight.AddDate(0, 0, -1)):
		return w.L("yesterday {{.Time}}", "Time", at)
	}
	return t.Format(w.Format().Date) + " " + at
}
