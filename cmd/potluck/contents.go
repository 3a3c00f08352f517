package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/sharing/manifest"
)

// An entryLine is what `potluck offers OFFER --json` prints for each entry.
type entryLine struct {
	Path    string    `json:"path"`
	Dir     bool      `json:"dir"`
	Size    int64     `json:"size"`
	Time    time.Time `json:"time,omitzero"`
	Program bool      `json:"program"` // it can run something when it is opened
}

// contents lists what is in one offer.
func (r *run) contents(ctx context.Context, cmd *cli.Command) error {
	ref, err := oneArgument(cmd, "OFFER")
	if err != nil {
		return err
	}
	return r.with(ctx, func(l *link) error {
		var m *manifest.Manifest
		err := l.untilOffered(ctx, func() (err error) {
			m, err = l.Contents(ctx, ref)
			return err
		})
		if err != nil {
			return err
		}
		return r.printContents(m)
	})
}

// printContents prints an entry a line. There may be a million of them.
func (r *run) printContents(m *manifest.Manifest) error {
	out := bufio.NewWriter(r.out)
	for _, e := range m.All() {
		if err := r.printEntry(out, e); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (r *run) printEntry(out *bufio.Writer, e manifest.Entry) error {
	_, program := manifest.Kind(e.Path)
	program = program && !e.Dir
	if r.json {
		text, err := json.Marshal(entryLine{Path: e.Path, Dir: e.Dir, Size: e.Size, Time: e.ModTime, Program: program})
		if err != nil {
			return err
		}
		_, err = out.Write(append(escapeJSON(text), '\n'))
		return err
	}
	how, word := size(e.Size), ""
	if e.Dir {
		how = "folder"
	}
	if program {
		word = "  (program)"
	}
	_, err := fmt.Fprintf(out, "%8s  %s%s\n", how, clean(e.Path), word)
	return err
}
