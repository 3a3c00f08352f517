package view_test

import (
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/ui/view"
)

// A device that hides does not say that others show up by themselves: they do not, and
// the page says so, with a way to change it.
func TestHidden(t *testing.T) {
	w := in(t, "en")
	const others = "People who cannot see you do not show up here either."
	still := func(names string) string {
		return others + " " + names + " can still see you, until what goes on between you is over."
	}
	all, lingers := around().Neighbours, func(n int) []sharing.Neighbour {
		list := around().Neighbours
		for i := range list {
			list[i].Lingers = i >= len(list)-n
		}
		return list
	}
	for name, c := range map[string]struct {
		choices view.Choices
		here    []sharing.Neighbour
		began   time.Duration // before now
		empty   string        // in place of cards
		note    string        // below that, or above the cards
	}{
		"everybody":       {view.Choices{}, nil, time.Minute, "Nobody nearby yet", ""},
		"for now":         {view.Choices{Visible: sharing.AudienceNobody, OpenUntil: now.Add(time.Minute)}, nil, time.Minute, "Nobody nearby yet", ""},
		"for now, others": {view.Choices{Visible: sharing.AudiencePaired, OpenUntil: now.Add(time.Minute)}, all, time.Minute, "", ""},
		"over":            {view.Choices{Visible: sharing.AudiencePaired, OpenUntil: now.Add(-time.Minute)}, all, time.Minute, "", others},
		"nobody":          {view.Choices{Visible: sharing.AudienceNobody}, nil, time.Minute, "You are hidden", others},
		"at once":         {view.Choices{Visible: sharing.AudienceNobody}, nil, time.Second, "You are hidden", others},
		"verified":        {view.Choices{Visible: sharing.AudiencePaired}, nil, time.Minute, "Nobody nearby yet", others},
		"some":            {view.Choices{Visible: sharing.AudiencePaired}, all, time.Minute, "", others},
		"one lingers":     {view.Choices{Visible: sharing.AudiencePaired}, lingers(1), time.Minute, "", still("Anna FF33")},
		"two linger":      {view.Choices{Visible: sharing.AudienceNobody}, lingers(2), time.Minute, "", still("Bình, Anna FF33")},
		"all linger":      {view.Choices{Visible: sharing.AudienceNobody}, lingers(3), time.Minute, "", still("Anna AA11, Bình and 1 more")},
	} {
		p := view.Of(sharing.Snapshot{Neighbours: c.here}, view.Local{Began: now.Add(-c.began)}, c.choices, &view.Memory{}, now, w).Nearby
		note := p.Note + p.Why
		if c.note == "" && strings.HasPrefix(note, "Whoever opens Potluck") {
			note = ""
		}
		if p.Empty != c.empty || bare(note) != c.note || (p.Change != "") != (c.note != "") {
			t.Errorf("%s: %q, %q, %q", name, p.Empty, note, p.Change)
		}
		if (p.Note != "") != (c.empty == "" && c.note != "") || c.empty != "" && p.Enter == "" || p.Mine != "" && c.note != "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
