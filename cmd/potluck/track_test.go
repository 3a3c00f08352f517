package main

import (
	"strings"
	"testing"

	"potluck/app/control/controltest"
	"potluck/sharing"
)

// While somebody is looked for nobody is told to close the lid; then it is said who needs
// this device still.
func TestTheLidStaysOpenForWhoIsLookedFor(t *testing.T) {
	for _, json := range []bool{false, true} {
		var out buffer
		seeks := true
		share := controltest.Share("Photos")
		tr := (&run{program: &program{}, printer: printer{out: &out, err: &out, json: json}}).track(nil, share)
		tr.more = func() bool { return seeks }
		hear := func(e sharing.Event) {
			t.Helper()
			if err := tr.hear(e); err != nil {
				t.Fatal(err)
			}
			if err := tr.sayIfFree(); err != nil {
				t.Fatal(err)
			}
		}
		hear(sharing.SpreadEvent{Share: share, Unfinished: 2})
		hear(sharing.StayEvent{Share: share, Unfinished: 2})
		hear(sharing.SpreadEvent{Share: share, Unfinished: 2, Unanswered: 3})
		if out.String() != "" {
			t.Fatalf("said while somebody is looked for: %s", out.String())
		}
		tr.states[controltest.ID("dora")] = sharing.Offering
		tr.states[controltest.ID("ben")] = sharing.Running
		seeks = false
		hear(sharing.AnsweredEvent{})
		want := "in need of this device: 1"
		if json {
			want = `"unanswered":1`
		}
		if got := out.String(); strings.Count(got, want) != 1 {
			t.Errorf("said: %s", got)
		}
		hear(sharing.StayEvent{Share: share, Unfinished: 2})
		hear(sharing.SpreadEvent{Share: share, Unfinished: 2})
		if got := out.String(); strings.Count(got, "\n") != 3 {
			t.Errorf("said in the end: %s", got)
		}
	}
}
