package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/app/settings"
	"potluck/sharing/manifest"
)

// The exit codes. With several receivers the first that applies of 1, 3, 4, 0
// counts.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitDeclined = 3
	exitAbsent   = 4
)

// A program is one run of the command line.
type program struct {
	stdin    io.Reader // for answers; nil for none
	stdout   io.Writer
	stderr   io.Writer
	screen   bool            // stdout is a terminal: what is watched is drawn anew in place
	terminal bool            // stderr is a terminal: there may be a bar
	again    <-chan struct{} // closed when the person interrupts a second time
	log      *slog.Logger
}

// run does what args say (the first is the name of the program) and returns the
// exit code. The first interrupt ends ctx.
func (p *program) run(ctx context.Context, args []string) int {
	if p.stdin == nil {
		p.stdin = strings.NewReader("")
	}
	root := p.commands()
	err := root.Run(ctx, args)
	var (
		exit *exitError
		lib  cli.ExitCoder
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &exit):
	case errors.As(err, &lib): // about help for something that is not there
		exit = &exitError{exitUsage, err.Error() + "\nSee \"potluck --help\"."}
	default:
		exit = exitOf(err)
	}
	if exit.message != "" {
		fmt.Fprintf(p.stderr, "potluck: %s\n", printableLines(exit.message))
	}
	return exit.code
}

// An exitError ends the program with a code, and says why unless that has been
// said already.
type exitError struct {
	code    int
	message string
}

func (e *exitError) Error() string { return e.message }

// usageError says that a command was not written as it must be.
func usageError(cmd *cli.Command, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return &exitError{exitUsage, fmt.Sprintf("%s\nSee \"%s --help\".", message, cmd.FullName())}
}

// failure ends the program with code 1 and a sentence.
func failure(format string, args ...any) error {
	return &exitError{exitFailed, fmt.Sprintf(format, args...)}
}

// exitOf finds the code for what went wrong.
func exitOf(err error) *exitError {
	var said *control.Error
	if !errors.As(err, &said) {
		return &exitError{exitFailed, err.Error()}
	}
	switch said.Code {
	case control.Absent:
		return &exitError{exitAbsent, said.Message}
	case control.Ambiguous:
		var b strings.Builder
		first, _, _ := strings.Cut(said.Message, "\n")
		b.WriteString(first)
		for _, c := range said.Candidates {
			line := fmt.Sprintf("\n  %s  %s  %s  %s", c.ID.Short(), manifest.Printable(c.Name), c.Addr, trustWord(c.Paired, c.Twin, ""))
			b.WriteString(strings.TrimRight(line, " "))
		}
		return &exitError{exitFailed, b.String()}
	}
	return &exitError{exitFailed, said.Message}
}

// printableLines cleans a message of several lines for the terminal.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = manifest.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// A run is one command at work: the program with the flags that all commands
// have.
type run struct {
	*program
	printer
	places settings.Places
}

// begin reads the flags that all commands have.
func (p *program) begin(cmd *cli.Command) (*run, error) {
	places, err := settings.PlacesFor(cmd.String(flagState))
	if err != nil {
		return nil, err
	}
	return &run{
		program: p,
		places:  places,
		printer: printer{out: p.stdout, err: p.stderr, json: cmd.Bool(flagJSON), quiet: cmd.Bool(flagQuiet)},
	}, nil
}

// action makes an action of a method of run.
func (p *program) action(do func(*run, context.Context, *cli.Command) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		r, err := p.begin(cmd)
		if err != nil {
			return err
		}
		return do(r, ctx, cmd)
	}
}
