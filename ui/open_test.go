package ui

import (
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// Everybody for a while ends by itself with what was chosen before, or with
// verified people where everybody was.
func TestOpenForAWhile(t *testing.T) {
	for _, c := range []struct {
		before       string
		choose       sharing.Audience
		visible, max string
	}{
		{"nobody", view.OpenForNow, "nobody", "10"},
		{"everyone", view.OpenForNow, "paired", "10"},
		{"paired", sharing.AudienceEveryone, "everyone", "no"},
		{"paired", sharing.AudiencePaired, "paired", "no"},
	} {
		p := english()
		p.values["visible"], p.values["openUntil"] = c.before, "no"
		if c.choose != view.OpenForNow && c.before == "paired" {
			p.values["openUntil"] = now.Add(5 * time.Minute).Format(time.RFC3339)
		}
		s := stage(t, quiet(), p, usual)
		s.setVisible(c.choose)
		s.draw()
		if got := p.Values(); got["visible"] != c.visible || got["openUntil"] != c.max {
			t.Errorf("%s, then %s: %q until %q", c.before, c.choose, got["visible"], got["openUntil"])
		}
	}
}
