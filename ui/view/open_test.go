package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// Who sees this device stands beside its name, with the minutes that are left, and
// changes by itself.
func TestWhoSeesMe(t *testing.T) {
	w := in(t, "en")
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	for _, c := range []struct {
		visible, until string
		want           string
		chosen         sharing.Audience
		again          time.Duration // 0 for never
	}{
		{"everyone", "no", "Everyone nearby can see you", sharing.AudienceEveryone, 0},
		{"paired", "no", "Only verified people can see you", sharing.AudiencePaired, 0},
		{"nobody", "no", "Nobody can see you", sharing.AudienceNobody, 0},
		{"nobody", at(10 * time.Minute), "Everyone, for 10 more minutes", view.OpenForNow, time.Minute},
		{"paired", at(61 * time.Second), "Everyone, for 2 more minutes", view.OpenForNow, time.Second},
		{"paired", at(60 * time.Second), "Everyone, for 1 more minute", view.OpenForNow, time.Minute},
		{"paired", at(-time.Second), "Only verified people can see you", sharing.AudiencePaired, 0},
		{"everyone", at(time.Minute), "Everyone nearby can see you", sharing.AudienceEveryone, 0},
	} {
		choices := view.ChoicesOf(map[string]string{"visible": c.visible, "openUntil": c.until})
		v := view.Of(sharing.Snapshot{}, view.Local{Began: now.Add(-time.Hour)}, choices, &view.Memory{}, now, w)
		again := time.Duration(0)
		if !v.Again.IsZero() {
			again = v.Again.Sub(now)
		}
		if v.Me.Visible != c.want || again != c.again {
			t.Errorf("%s until %s: %q, again after %v", c.visible, c.until, v.Me.Visible, again)
		}
		for _, who := range v.Tray.Who {
			if who.Chosen != (who.Audience == c.chosen) {
				t.Errorf("%s until %s: %q is chosen: %v", c.visible, c.until, who.Text, who.Chosen)
			}
		}
		if len(v.Tray.Who) != 4 {
			t.Errorf("%d choices", len(v.Tray.Who))
		}
	}
	for _, row := range view.SettingsOf(sharing.Snapshot{}, view.ChoicesOf(map[string]string{"visible": "paired", "openUntil": at(time.Minute)}), "", w).Rows {
		if row.Key == "visible" && (row.Value != string(view.OpenForNow) || !strings.Contains(row.Options[1].Text, "10 minutes")) {
			t.Errorf("the settings show %+v", row)
		}
	}
}
