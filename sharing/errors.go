package sharing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"potluck/sharing/manifest"
)

// Errors that callers tell apart.
var (
	// ErrNotFound: no device, offer or transfer answers to that name.
	ErrNotFound = errors.New("not found")

	// ErrSelf: that is this device itself.
	ErrSelf = errors.New("that is this device itself; name another one")

	// ErrNotRunning: the device has not been started, or is stopping.
	ErrNotRunning = errors.New("this device is not running")

	// ErrState: what was asked for cannot be done at this point of the
	// transfer's life. The wrapping error says why.
	ErrState = errors.New("not possible now")
)

// An AmbiguousError says that a name fits several devices.
type AmbiguousError struct {
	Who        string
	Candidates []Neighbour
}

func (e *AmbiguousError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q fits %d devices; say which by its ID:", e.Who, len(e.Candidates))
	for _, c := range e.Candidates {
		fmt.Fprintf(&b, "\n  %s  %s", c.ID.Short(), manifest.Printable(c.Name))
		if c.Paired {
			b.WriteString(" (verified)")
		}
	}
	return b.String()
}

// stateError wraps ErrState in a sentence.
func stateError(format string, args ...any) error {
	return &sentenceError{fmt.Sprintf(format, args...), ErrState}
}

// A sentenceError shows one sentence and wraps what it stands for.
type sentenceError struct {
	sentence string
	err      error
}

func (e *sentenceError) Error() string { return e.sentence }
func (e *sentenceError) Unwrap() error { return e.err }

// foreignSentence cleans a sentence that another device sent.
func foreignSentence(s string) string {
	if len(s) > maxSentence {
		s = s[:maxSentence]
		for len(s) > 0 && !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return manifest.Printable(s)
}

// stopped reports whether err only says that ctx is done.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}
