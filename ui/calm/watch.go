package calm

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"potluck/ui/flow"
	"potluck/ui/focus"
)

// Guarded is an object with a guard.
type Guarded interface{ Guard() *Guard }

// Downward is something guarded that grows at its lower end alone: how high it is moves
// nothing in it, or it says so itself.
type Downward interface{ GrowsDown() }

// NewPlace returns a container that puts o where it is itself, and has that guard.
func NewPlace(g *Guard, o fyne.CanvasObject) *fyne.Container {
	return container.New(&layout{g}, o)
}

type layout struct{ guard *Guard }

var (
	_ Guarded         = (*layout)(nil)
	_ flow.TallLayout = (*layout)(nil)
)

func (l *layout) Guard() *Guard { return l.guard }

// HeightFor implements flow.TallLayout.
func (*layout) HeightFor(objects []fyne.CanvasObject, width float32) float32 {
	return flow.HeightFor(objects[0], width)
}

// MinSize implements fyne.Layout.
func (*layout) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// Layout implements fyne.Layout.
func (*layout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

// A Watch finds out what has moved. It is for the main goroutine.
type Watch struct {
	now     func() time.Time
	places  map[*Guard]place
	scrolls map[*container.Scroll]extent
	look    int // counts, so that what is not there any more is known
}

type place struct {
	at   fyne.Position
	size fyne.Size
	look int
}

// An extent is what decides how far something can be scrolled, and how far it is.
type extent struct {
	offset        fyne.Position
	room, content float32
	look          int
}

// NewWatch returns one that has seen nothing. now is the time.
func NewWatch(now func() time.Time) *Watch {
	return &Watch{now: now, places: map[*Guard]place{}, scrolls: map[*container.Scroll]extent{}}
}

// Look tells the guards of all that is shown in root whether they have moved since it
// was looked at last. What was not shown then has come up.
func (w *Watch) Look(root fyne.CanvasObject) {
	w.look++
	w.walk(root, root.Position(), false)
	for g, p := range w.places {
		if p.look != w.look {
			delete(w.places, g)
		}
	}
	for s, e := range w.scrolls {
		if e.look != w.look {
			delete(w.scrolls, s)
		}
	}
}

// walk looks at o, which is at that place, and at all in it. moved says that what it
// lies in has.
func (w *Watch) walk(o fyne.CanvasObject, at fyne.Position, moved bool) {
	if o == nil || !o.Visible() {
		return
	}
	if g := guardOf(o); g != nil {
		now, before := place{at, o.Size(), w.look}, w.places[g]
		if _, down := o.(Downward); down {
			now.size.Height = 0
		}
		g.now = w.now
		if moved || before.look == 0 || now.at != before.at || now.size != before.size {
			g.Moved()
		}
		w.places[g] = now
	}
	if s, ok := o.(*container.Scroll); ok {
		w.walk(s.Content, at, moved || w.pushed(s)) // wherever it is scrolled to
		return
	}
	for _, child := range focus.Held(o) {
		w.walk(child, at.Add(child.Position()), moved)
	}
}

// pushed reports whether a scroll shows another part than before because there is less
// to be scrolled, or more room for it: nobody has turned a wheel then.
func (w *Watch) pushed(s *container.Scroll) bool {
	now, before := extent{s.Offset, s.Size().Height, s.Content.Size().Height, w.look}, w.scrolls[s]
	w.scrolls[s] = now
	return before.look > 0 && now.offset != before.offset && (now.room != before.room || now.content != before.content)
}

func guardOf(o fyne.CanvasObject) *Guard {
	if box, ok := o.(*fyne.Container); ok {
		if l, ok := box.Layout.(Guarded); ok {
			return l.Guard()
		}
		return nil
	}
	if g, ok := o.(Guarded); ok {
		return g.Guard()
	}
	return nil
}
