package control_test

import (
	"slices"
	"testing"

	"potluck/app/control"
)

// A second start hands its paths to the window that is there.
func TestRaise(t *testing.T) {
	s := serve(t)
	if err := s.Raise(t.Context(), []string{"/home/me/a.pdf"}); err != nil {
		t.Fatal(err)
	}
	if paths := <-s.Raised; !slices.Equal(paths, []string{"/home/me/a.pdf"}) {
		t.Errorf("handed over %q", paths)
	}
	if err := s.Raise(t.Context(), []string{"a.pdf"}); control.CodeOf(err) != control.Invalid {
		t.Errorf("a path that is not full: %v", err)
	}
	if len(s.Raised) > 0 {
		t.Error("it was handed over all the same")
	}
}
