package control

import (
	"context"
	"errors"
	"net/http"

	"potluck/app/instance"
	"potluck/app/settings"
	"potluck/sharing"
)

// A Code says what kind of thing went wrong.
type Code string

// The codes.
const (
	Failed    Code = "failed"    // anything that has no code of its own
	Invalid   Code = "invalid"   // the request makes no sense as it is
	NotFound  Code = "notFound"  // no offer, transfer, setting or known device of that name
	Absent    Code = "absent"    // no device was found under that name in time
	Ambiguous Code = "ambiguous" // the name fits several devices: see Candidates
	Self      Code = "self"      // the name means this device itself
	State     Code = "state"     // not possible at this point
	Stopping  Code = "stopping"  // the device is about to stop
)

// status is how a code is told in HTTP. The code itself is in the body.
var status = map[Code]int{
	Failed:    http.StatusInternalServerError,
	Invalid:   http.StatusBadRequest,
	NotFound:  http.StatusNotFound,
	Absent:    http.StatusNotFound,
	Ambiguous: http.StatusConflict,
	Self:      http.StatusConflict,
	State:     http.StatusConflict,
	Stopping:  http.StatusServiceUnavailable,
}

// An Error is what a request came to when it came to nothing.
type Error struct {
	Code       Code                `json:"code"`
	Message    string              `json:"message"` // a sentence for the person
	Candidates []sharing.Neighbour `json:"candidates,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// CodeOf returns the code of the [*Error] in err, and [Failed] if there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Failed
}

// errStoppedMidway says that a request got no answer because the device stopped.
var errStoppedMidway = errors.New("the running Potluck stopped before it answered")

// Stopped reports whether err, which a [Client] returned, means that the device
// is not there any more, or is about to go. What was asked for may have been done
// or not; ask the next device.
func Stopped(err error) bool {
	return errors.Is(err, instance.ErrNotRunning) || errors.Is(err, errStoppedMidway) || CodeOf(err) == Stopping
}

// errorOf turns what the engine or the settings returned into an Error.
// notFound is the sentence for [sharing.ErrNotFound].
func errorOf(err error, notFound string) *Error {
	var (
		already   *Error
		ambiguous *sharing.AmbiguousError
		key       *settings.UnknownKeyError
	)
	switch {
	case errors.As(err, &already):
		return already
	case errors.As(err, &ambiguous):
		return &Error{Code: Ambiguous, Message: err.Error(), Candidates: ambiguous.Candidates}
	case errors.As(err, &key):
		return &Error{Code: NotFound, Message: err.Error()}
	case errors.Is(err, sharing.ErrNotFound):
		return &Error{Code: NotFound, Message: notFound}
	case errors.Is(err, sharing.ErrState):
		return &Error{Code: State, Message: err.Error()}
	case errors.Is(err, sharing.ErrNotRunning), errors.Is(err, context.Canceled):
		return &Error{Code: Stopping, Message: "Potluck is stopping"}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: Failed, Message: "this took too long, and was given up"}
	}
	return &Error{Code: Failed, Message: err.Error()}
}
