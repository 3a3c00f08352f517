package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"potluck/sharing/manifest"
)

// A table lines up columns for people. Cells are cleaned when they are added.
type table struct {
	rows   [][]string
	widths []int
}

// newTable returns a table with these titles.
func newTable(titles ...string) *table {
	t := &table{widths: make([]int, len(titles))}
	t.add(titles...)
	return t
}

// atLeast widens the columns, so that lines printed later line up as well.
func (t *table) atLeast(widths ...int) *table {
	for i, w := range widths {
		t.widths[i] = max(t.widths[i], w)
	}
	return t
}

func (t *table) add(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = manifest.Printable(cell)
		t.widths[i] = max(t.widths[i], columns(row[i]))
	}
	t.rows = append(t.rows, row)
}

// lines returns the rows, the titles first.
func (t *table) lines() []string {
	lines := make([]string, len(t.rows))
	for i, row := range t.rows {
		lines[i] = t.line(row)
	}
	return lines
}

func (t *table) line(row []string) string {
	var b strings.Builder
	for i, cell := range row {
		b.WriteString(cell)
		if i < len(row)-1 {
			b.WriteString(strings.Repeat(" ", t.widths[i]-columns(cell)+2))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// columns returns how much room s takes on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
