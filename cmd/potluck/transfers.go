package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing"
)

func (p *program) transfersCommand() *cli.Command {
	return &cli.Command{
		Name: "transfers", Usage: "list what is on its way, and what was",
		UsageText: "potluck transfers [--watch]",
		Description: `One line for each transfer and each person, the oldest first. With --watch the list
stays and follows what happens, until Ctrl+C; in a pipe, and with --json, a line comes
whenever something has changed, at most once a second for each transfer.` + examples(
			"potluck transfers",
			"potluck transfers --watch",
			"potluck transfers --json | jq -r 'select(.state == \"running\") | .title'"),
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "watch", Aliases: []string{"w"}, Usage: "follow what happens, until Ctrl+C"},
		},
		Action: p.action((*run).transfers),
	}
}

func (r *run) transfers(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		if cmd.Bool("watch") {
			return r.watchTransfers(ctx, l)
		}
		s, err := l.Snapshot(ctx)
		if err != nil {
			return err
		}
		if r.json {
			for _, t := range s.Transfers {
				if err := r.object(t); err != nil {
					return err
				}
			}
			return nil
		}
		if len(s.Transfers) == 0 {
			r.say("Nothing is on its way, and nothing was.")
			return nil
		}
		for _, line := range transferTable(s.Transfers) {
			r.line("%s", line)
		}
		return nil
	})
}

// transferTable writes the transfers for people, the titles first.
func transferTable(list []sharing.Transfer) []string {
	t := newTable("ID", "", "WHO", "WHAT", "STATE", "", "")
	for _, transfer := range list {
		for _, row := range transferRows(transfer) {
			t.add(row...)
		}
	}
	return t.lines()
}

// transferRows returns a row for each peer.
func transferRows(t sharing.Transfer) [][]string {
	preposition := "to"
	if t.Direction == sharing.Receiving {
		preposition = "from"
	}
	var rows [][]string
	for _, p := range t.Peers {
		progress, remark := "", ""
		switch p.State {
		case sharing.Running, sharing.Paused, sharing.Stuck, sharing.Finishing:
			progress = fmt.Sprintf("%d %% of %s", percent(p.Done+p.Coming, p.Total), size(p.Total))
		case sharing.Delivered:
			progress = size(p.Total)
		}
		switch {
		case p.Error != "":
			remark = p.Error
		case t.Error != "" && len(t.Peers) == 1:
			remark = t.Error
		case t.Away:
			remark = "nobody is here who has the rest"
		case !p.Connected && !p.State.Final() && !helped(p):
			remark = "not here now"
		case p.State == sharing.Paused:
			remark = pausedBy(p)
		case p.State == sharing.Running:
			remark = joined(pace(p.Rate, p.Left), servedBy(p))
		case t.Checked != nil && !t.Checked.OK():
			remark = lacking(*t.Checked)
		case len(t.Failures) > 0:
			remark = count(len(t.Failures), "file") + " could not be read"
		}
		rows = append(rows, []string{t.Share.Short(), preposition, p.Name, t.Title, stateWords[p.State], progress, remark})
	}
	return rows
}

// servedBy says whom the pieces come from, where they come from several.
func servedBy(p sharing.Peer) string {
	const most = 3
	var names []string
	for _, s := range p.Sources {
		if s.Connected && !s.Refused {
			names = append(names, cmp.Or(s.Name, s.ID.Short()))
		}
	}
	switch n := len(names); {
	case n < 2:
		return ""
	case n > most:
		return fmt.Sprintf("from %s and %d more", strings.Join(names[:most], ", "), n-most)
	}
	return "from " + strings.Join(names, ", ")
}

// joined puts a comma between what is not empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// helped reports whether pieces come from others than the device that sent it.
func helped(p sharing.Peer) bool {
	return slices.ContainsFunc(p.Sources, func(s sharing.Source) bool { return s.Connected && !s.Refused && s.ID != p.ID })
}

// lacking says what the last check found and could not mend.
func lacking(c sharing.Checked) string {
	var parts []string
	for _, found := range []struct {
		n    int
		what string
	}{{c.Damaged, "damaged"}, {c.Missing, "missing"}, {c.Changed, "changed since"}, {c.Unchecked, "not checked"}} {
		if found.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", found.n, found.what))
		}
	}
	return strings.Join(parts, ", ") + " when last verified"
}

// pausedBy says who keeps a transfer from going on.
func pausedBy(p sharing.Peer) string {
	switch {
	case p.PausedHere && p.PausedThere:
		return "here and there"
	case p.PausedThere:
		return "there"
	case p.PausedHere:
		return "here"
	}
	return ""
}

// watchTransfers shows the transfers and what becomes of them, until ctx is done.
func (r *run) watchTransfers(ctx context.Context, l *link) error {
	feed, stop, err := l.follow(ctx)
	if err != nil {
		return err
	}
	defer stop()
	w := &watch{run: r, shown: make(map[sharing.ShareID]string)}
	again := time.NewTimer(0) // when a change that came too soon may be shown
	defer again.Stop()
	for {
		select {
		case _, ok := <-feed.updates:
			if ctx.Err() != nil {
				return nil
			}
			if !ok {
				return feed.err
			}
		case <-again.C:
		}
		s, err := l.Snapshot(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		wait, err := w.show(s.Transfers, time.Now())
		if err != nil {
			return err
		}
		if wait > 0 {
			again.Reset(wait)
		}
	}
}

// A watch shows a list of transfers again and again.
type watch struct {
	*run
	lines int                        // of the list that stands on the screen
	shown map[sharing.ShareID]string // how each looked when it was shown last
	last  time.Time
}

// watchPace is how often a line may be printed anew where it stays.
const watchPace = time.Second

// show shows the list. If it is too early for that, it returns how long to wait.
func (w *watch) show(list []sharing.Transfer, now time.Time) (time.Duration, error) {
	if w.screen && !w.json {
		w.redraw(list)
		return 0, nil
	}
	if wait := w.last.Add(watchPace).Sub(now); wait > 0 {
		return wait, nil
	}
	w.last = now
	for _, t := range list {
		look := fmt.Sprint(transferRows(t))
		if w.shown[t.Share] == look {
			continue
		}
		w.shown[t.Share] = look
		if w.json {
			if err := w.object(t); err != nil {
				return 0, err
			}
			continue
		}
		for _, line := range transferTable([]sharing.Transfer{t})[1:] {
			w.line("%s", line)
		}
	}
	return 0, nil
}

// redraw puts the list in the place of the one before.
func (w *watch) redraw(list []sharing.Transfer) {
	lines := transferTable(list)
	var b strings.Builder
	if w.lines > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", w.lines)
	}
	for _, line := range lines {
		b.WriteString("\x1b[2K" + line + "\n")
	}
	b.WriteString("\x1b[J") // what was longer before
	w.lines = len(lines)
	fmt.Fprint(w.out, b.String())
}
