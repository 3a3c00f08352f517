package main

import (
	"image"
	"testing"

	"potluck/ui/look"
	"potluck/ui/screentest"
)

// lit returns the cards that are lit.
func (s *scene) lit(t *testing.T) []image.Rectangle {
	t.Helper()
	return s.Find(t, night(look.Info), cardSize)
}

// drop drags a file over the card of somebody, and lets it go when the card is
// lit.
func (s *scene) drop(t *testing.T, path, name string) {
	t.Helper()
	card := s.card(t, name)
	d := s.Drag(t, path)
	d.Over(t, screentest.Middle(card).Sub(image.Pt(0, card.Dy()/5))) // on the dish: the pointer hides no name
	s.Wait(t, "the card under the files, and it alone, to be lit", func() bool {
		lit := s.lit(t)
		return len(lit) == 1 && screentest.Middle(card).In(lit[0])
	})
	s.Save(t, "files-over-"+name)
	if !d.Drop(t) {
		t.Fatal("the window takes no files")
	}
}

// beside is a place on the screen where the window is not.
func beside(w *screentest.Window) image.Point { return w.At(w.Size.X+50, w.Size.Y/2) }

// Somebody drops a file on the card of one of two neighbours. That one is asked,
// wherever the mouse was before, and the other is not.
func TestDropOnNeighbour(t *testing.T) {
	s := play(t, "Ben", "Cam")
	s.Save(t, "neighbours")
	s.Move(t, screentest.Middle(s.card(t, "Ben")))
	s.drop(t, file(t, "slides for Cam.txt", 1000), "Cam")
	s.WaitForText(t, "Offering to")
	s.Save(t, "dropped")
	if e := s.others["Cam"].Wait(t, "offered"); e.Text("title") != "slides for Cam.txt" {
		t.Errorf("Cam is offered %v", e)
	}
	s.WaitForText(t, "Waiting for")
	s.Save(t, "offered")
	if s.ben.Has("offered") {
		t.Error("Ben is offered the file of Cam")
	}
}

// What is taken back at once, nobody has seen.
func TestDropIsUndone(t *testing.T) {
	s := play(t, "Ben")
	s.drop(t, file(t, "a mistake.txt", 1000), "Ben")
	s.Key(t, "ctrl+z")
	s.WaitForText(t, "Taken back.")
	s.Save(t, "undone")
	s.drop(t, file(t, "meant.txt", 1000), "Ben")
	if e := s.ben.Wait(t, "offered"); e.Text("title") != "meant.txt" {
		t.Errorf("the first that Ben is offered is %q", e.Text("title"))
	}
}

// Somebody changes their mind with files in the hand, then drops them beside the
// cards, and chooses two of three. These are asked.
func TestDropElsewhere(t *testing.T) {
	s := play(t, "Ben", "Cam", "Dan")
	path := file(t, "for two.txt", 1000)

	d := s.Drag(t, path)
	d.Over(t, screentest.Middle(s.card(t, "Ben")))
	s.Wait(t, "a lit card", func() bool { return len(s.lit(t)) == 1 })
	d.Over(t, beside(s.window))
	s.Wait(t, "the light of a drag that has left to go out", func() bool { return len(s.lit(t)) == 0 })
	s.Save(t, "drag-has-left")
	d.Cancel(t)

	d = s.Drag(t, path)
	d.Over(t, screentest.Middle(s.now(t)))
	if !d.Drop(t) {
		t.Fatal("the window takes no files")
	}
	s.WaitForText(t, "Who is it for?")
	s.Click(t, screentest.Middle(s.card(t, "Cam")))
	s.WaitForText(t, "Send to Cam")
	s.Click(t, screentest.Middle(s.card(t, "Dan")))
	s.WaitForText(t, "Send to 2 people")
	s.Save(t, "two-chosen")
	s.ClickText(t, "Send to 2 people")
	for _, name := range []string{"Cam", "Dan"} {
		if e := s.others[name].Wait(t, "offered"); e.Text("title") != "for two.txt" {
			t.Errorf("%s is offered %v", name, e)
		}
	}
	s.WaitForText(t, "Waiting for") // both of them
	s.Save(t, "sent-to-two")
	if s.ben.Has("offered") {
		t.Error("Ben is offered what is for two others")
	}
}
