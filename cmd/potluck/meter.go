package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"potluck/sharing"
)

// A meter shows on a terminal how far transfers are, in a line that is drawn
// anew in place. Its zero value, and one without a terminal, show nothing.
type meter struct {
	out       io.Writer // nil to show nothing
	bar       *progressbar.ProgressBar
	max, last int64
}

// A gauge is what a meter shows.
type gauge struct {
	done, total int64
	rate        int64
	left        time.Duration // -1 if unknown
}

// add counts one more peer of a transfer that is on its way.
func (g *gauge) add(p sharing.Peer) {
	g.done += p.Done + p.Coming
	g.total += p.Total
	g.rate += p.Rate
	g.left = max(g.left, p.Left)
}

// show draws g. Nothing is drawn when there is nothing to wait for.
func (m *meter) show(g gauge) {
	if m.out == nil {
		return
	}
	if g.total <= 0 || g.done >= g.total {
		m.clear()
		return
	}
	if m.bar == nil || m.max != g.total || g.done < m.last {
		m.clear()
		m.max = g.total
		m.bar = progressbar.NewOptions64(g.total,
			progressbar.OptionSetWriter(m.out),
			progressbar.OptionSetWidth(30),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionShowDescriptionAtLineEnd(),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionSetTheme(progressbar.ThemeDefault),
		)
	}
	text := fmt.Sprintf("%s of %s", size(g.done), size(g.total))
	if p := pace(g.rate, g.left); p != "" {
		text += ", " + p
	}
	m.last = g.done
	m.bar.Describe(text)
	// The bar's only error is that of the terminal, which shows nothing then.
	_ = m.bar.Set64(g.done)
}

// clear makes room for a line of text.
func (m *meter) clear() {
	if m.bar == nil {
		return
	}
	_ = m.bar.Clear()
	m.bar = nil
}
