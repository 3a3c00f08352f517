package view_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"potluck/sharing"
	"potluck/sharing/identity"
	"potluck/ui/view"
)

func on(id identity.ID) view.Target { return view.Target{Known: true, Card: true, ID: id} }

// A drop reaches a person only where it is certain that this one was meant.
func TestDropped(t *testing.T) {
	s := around()
	s.Known = []sharing.KnownDevice{{ID: binh, Name: "Bình"}, {ID: identity.ID{9}, Name: "Gone"}}
	blocked := s
	blocked.Known = []sharing.KnownDevice{{ID: binh, Name: "Bình", Blocked: true}}
	files := []string{"/home/me/a.pdf", "/home/me/b"}
	tests := map[string]struct {
		dropped  []string
		at       view.Target
		s        sharing.Snapshot
		ticked   []identity.ID
		to       []identity.ID // of what is held back
		choosing bool
		notice   string // a part of it
	}{
		"on a card":                {files, on(binh), s, nil, []identity.ID{binh}, false, ""},
		"on a card beside a tick":  {files, on(binh), s, []identity.ID{anna}, []identity.ID{binh}, false, ""},
		"on a ticked card":         {files, on(binh), s, []identity.ID{anna, binh}, []identity.ID{anna, binh}, false, ""},
		"elsewhere":                {files, view.Target{Known: true}, s, nil, nil, true, ""},
		"nobody knows where":       {files, view.Target{Card: true, ID: binh}, s, nil, nil, true, ""},
		"on who took a name":       {files, on(fake), s, nil, nil, false, "not the device you verified"},
		"on who has left":          {files, on(identity.ID{9}), s, nil, nil, true, "Gone"},
		"on who is blocked":        {files, on(binh), blocked, nil, nil, true, "blocked"},
		"nothing":                  {nil, on(binh), s, nil, nil, false, "Nothing to send."},
		"a link on a card":         {[]string{"https://example.com"}, on(binh), s, nil, nil, true, ""},
		"a ticked one who is fake": {files, on(anna), s, []identity.ID{anna, fake}, []identity.ID{anna}, false, ""},
	}
	for name, tt := range tests {
		l := view.Local{Ticked: tt.ticked}
		l.Dropped(tt.dropped, tt.at, tt.s, now, in(t, "en"))
		var to []identity.ID
		if len(l.Holds) > 0 {
			to = l.Holds[0].To
			if !slices.Equal(l.Holds[0].Paths, tt.dropped) {
				t.Errorf("%s: holds %q", name, l.Holds[0].Paths)
			}
		}
		if !slices.Equal(to, tt.to) || l.Choosing != tt.choosing {
			t.Errorf("%s: held for %v, choosing %v", name, to, l.Choosing)
		}
		if !strings.Contains(l.Notice.Text, tt.notice) || (tt.notice == "") != (l.Notice.Text == "") {
			t.Errorf("%s: says %q", name, l.Notice.Text)
		}
		if l.Choosing && !slices.Equal(l.Ticked, tt.ticked) {
			t.Errorf("%s: the ticks are gone: %v", name, l.Ticked)
		}
	}
}

// For two seconds nothing has left the device.
func TestHold(t *testing.T) {
	s, w := around(), in(t, "en")
	var l view.Local
	l.Dropped([]string{"/a"}, on(binh), s, now, w)
	if due := l.Due(now.Add(1900 * time.Millisecond)); due != nil {
		t.Errorf("sent too early: %+v", due)
	}
	v := view.Of(s, l, view.Choices{}, &view.Memory{}, now.Add(time.Second), w)
	if h := v.Nearby.Hold; h.Text != "Offering to \u2068Bình\u2069" || h.Note != "a" || h.Part != 0.5 || h.To != binh {
		t.Errorf("shows %+v", h)
	}
	for _, c := range v.Nearby.Cards {
		if told := c.Holding && c.State == "a" && c.Part == 0.5 && c.Hint == ""; told != (c.ID == binh) {
			t.Errorf("the card of %s shows %+v", c.Name, c)
		}
	}
	if v.Again.After(now.Add(1200*time.Millisecond)) || v.Again.IsZero() {
		t.Errorf("the bar is drawn again at %v", v.Again)
	}
	undone := l
	if !undone.Undo(now.Add(time.Second), w) || undone.Due(now.Add(time.Hour)) != nil {
		t.Error("it was not taken back")
	}
	if want := "Taken back. \u2068Bình\u2069 saw nothing."; undone.Notice.Text != want {
		t.Errorf("says %q", undone.Notice.Text)
	}
	if undone.Undo(now, w) {
		t.Error("it was taken back twice")
	}
	due := l.Due(now.Add(2 * time.Second))
	if len(due) != 1 || due[0].To[0] != binh || due[0].Paths[0] != "/a" || l.Due(now.Add(time.Hour)) != nil {
		t.Errorf("sent %+v", due)
	}
}

func TestChoosing(t *testing.T) {
	s := around()
	var l view.Local
	l.Choose(view.Basket{Paths: []string{"/x/a.pdf"}})
	l.Choose(view.Basket{Paths: []string{"/x/b", "/x/c"}}) // a second drop adds
	v := of(t, s, l)
	if b := v.Nearby.Bar; b.Send != "Choose somebody" || b.CanSend || b.Text != "\u2068a.pdf\u2069, \u2068b\u2069 and 1 more" || v.Nearby.Title != "Who is it for?" {
		t.Errorf("shows %+v under %q", b, v.Nearby.Title)
	}
	l.Tick(binh)
	if b := of(t, s, l).Nearby.Bar; b.Send != "Send to \u2068Bình\u2069" || !b.CanSend {
		t.Errorf("with one ticked: %+v", b)
	}
	l.SelectAll(s) // but for the one who took a name
	if b := of(t, s, l).Nearby.Bar; b.Send != "Send to 2 people" {
		t.Errorf("with all ticked: %+v", b)
	}
	without := s
	without.Neighbours = s.Neighbours[:1]
	if b := of(t, without, l).Nearby.Bar; b.Send != "Send to \u2068Anna\u2069" {
		t.Errorf("when one has left: %+v", b)
	}
	sent := l
	h := sent.Send(s, now)
	if len(h.To) != 2 || len(h.Paths) != 3 || sent.Choosing || len(sent.Ticked) > 0 {
		t.Errorf("sends %+v and is left with %+v", h, sent)
	}
	for _, closed := range []bool{true, false} { // Esc gives up, and then has nothing to do
		if l.Leave(now, in(t, "en")) != closed || l.Choosing || !l.Basket.Empty() {
			t.Errorf("Esc leaves %+v", l)
		}
	}
}

// What was given twice is sent once.
func TestGivenTwice(t *testing.T) {
	s := around()
	var l view.Local
	l.Choose(view.Basket{Paths: []string{"/home/me/a.pdf", "/home/me/a.pdf", "/home/me/b/"}})
	l.Choose(view.Basket{Paths: []string{"/home/me/b", "/home/me/c"}})
	if got := l.Basket.Paths; !slices.Equal(got, []string{"/home/me/a.pdf", "/home/me/b/", "/home/me/c"}) {
		t.Errorf("in the basket: %q", got)
	}
	l.Dropped([]string{"/home/me/c", "/home/me/d"}, on(binh), s, time.Now(), in(t, "en"))
	if got := l.Holds[0].Paths; !slices.Equal(got, []string{"/home/me/a.pdf", "/home/me/b/", "/home/me/c", "/home/me/d"}) {
		t.Errorf("held back: %q", got)
	}
}

// An other device is not sent to: it cannot be ticked, and it is said why. One that was
// ticked before it took the name has no tick any more.
func TestOtherDeviceIsNotTicked(t *testing.T) {
	w := in(t, "en")
	s := around()
	var l view.Local
	l.Choose(view.Basket{Paths: []string{"/x/a.pdf"}})
	if l.TickCard(fake, s, now, w) || len(l.Ticked) > 0 {
		t.Errorf("it is ticked: %v", l.Ticked)
	}
	if n := l.Notice; !strings.HasPrefix(n.Text, "This is not the device you verified.") || n.Do != view.VerifyDevice || n.Ref != fake.String() || n.Button == "" {
		t.Errorf("it is said: %+v", n)
	}
	if !l.TickCard(binh, s, now, w) || !slices.Equal(l.Ticked, []identity.ID{binh}) {
		t.Errorf("ticked are %v", l.Ticked)
	}
	l.Tick(fake)
	v := of(t, s, l)
	for _, c := range v.Nearby.Cards {
		if c.Ticked != (c.ID == binh) {
			t.Errorf("%+v", c)
		}
	}
	if got := bare(v.Nearby.Bar.Send); got != "Send to Bình" {
		t.Errorf("the button says %q", got)
	}
}

// What is to be sent is named in the order in which it is afterwards, here and there.
func TestOneOrder(t *testing.T) {
	var l view.Local
	l.Dropped([]string{"/home/lan/Ảnh Đà Lạt", "/tmp/slides.pdf"}, view.Target{Known: true, Card: true, ID: anna}, around(), now, in(t, "en"))
	if note := bare(of(t, around(), l).Nearby.Hold.Note); note != "slides.pdf, Ảnh Đà Lạt" {
		t.Errorf("held back: %q", note)
	}
	l = view.Local{}
	l.Choose(view.Basket{Paths: []string{"/b", "/c", "/a"}})
	if text := bare(of(t, around(), l).Nearby.Bar.Text); text != "a, b and 1 more" {
		t.Errorf("somebody is chosen for %q", text)
	}
}

// All is selected of what is in front, and of nothing else.
func TestSelectAll(t *testing.T) {
	for page, want := range map[view.Page]int{view.Nearby: 2, view.Transfers: 0, view.Settings: 0, view.Pick: 0} {
		l := view.Local{Page: page}
		if l.SelectAll(around()); len(l.Ticked) != want {
			t.Errorf("page %d: %d people are ticked, want %d", page, len(l.Ticked), want)
		}
	}
	entries := []view.Entry{{Name: "folder", Folder: true}, {Name: "a"}, {Name: "b"}}
	for folders, want := range map[bool]int{false: 3, true: 0} {
		k := view.Picking{Folders: folders}
		if !folders {
			k.Ticked = []string{"/elsewhere/c"}
		}
		l := view.Local{Page: view.Pick, Picking: k.Listed("/home/me", entries)}
		for range 2 {
			l.SelectAll(around())
		}
		if got := l.Picking.Ticked; len(got) != want || len(l.Ticked) > 0 {
			t.Errorf("of files %v: %q, and %d people", !folders, got, len(l.Ticked))
		}
	}
}
