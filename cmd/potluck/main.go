// Command potluck shares files with the people around you, from the command
// line.
//
// It talks to the device that runs on the same state folder, which is the window
// or "potluck serve"; if none does, a command runs one for as long as it needs.
// "potluck help" explains the commands; each is in a file of its own here. What
// they have in common:
//
//   - program: one run, with its output, its flags and its exit code;
//   - link: the device that a command talks to;
//   - printer, table, meter: what goes to standard output and standard error.
//
// Whatever comes from other devices (names, paths, sentences) passes
// manifest.Printable before it reaches a terminal.
package main

import (
	"context"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

// version is set when the program is built (see the Makefile).
var version = "unknown"

// memoryGoal is how much memory the collector of garbage tries to stay below, by
// working harder. Only offers of hundreds of thousands of files come near it.
const memoryGoal = 110 << 20

func main() {
	// A library of ours writes lines to the standard logger that mean nothing to
	// the person.
	log.SetOutput(io.Discard)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}

	ctx, again := interruptible()
	p := &program{
		stdin:    os.Stdin,
		stdout:   os.Stdout,
		stderr:   os.Stderr,
		screen:   term.IsTerminal(int(os.Stdout.Fd())) && enableEscapes(os.Stdout),
		terminal: term.IsTerminal(int(os.Stderr.Fd())) && enableEscapes(os.Stderr),
		again:    again,
		log:      logger(os.Getenv("POTLUCK_LOG")),
	}
	os.Exit(p.run(ctx, os.Args))
}

// interruptible returns a context that ends with the first SIGINT or SIGTERM,
// with an [interrupt] as its cause. The channel is closed by the second, for
// commands that have something else to do then; the third ends the program on the
// spot.
func interruptible() (context.Context, <-chan struct{}) {
	ctx, cancel := context.WithCancelCause(context.Background())
	again := make(chan struct{})
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(interrupt{<-signals})
		<-signals
		close(again)
		<-signals
		os.Exit(exitFailed)
	}()
	return ctx, again
}

// An interrupt is the reason for which a command ended early.
type interrupt struct{ os.Signal }

func (i interrupt) Error() string { return "stopped" }

// logger writes to standard error what POTLUCK_LOG asks for: debug, info, warn
// or error. It is for those who look for the reason of something strange.
func logger(level string) *slog.Logger {
	var l slog.Level
	if level == "" || l.UnmarshalText([]byte(level)) != nil {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l}))
}
