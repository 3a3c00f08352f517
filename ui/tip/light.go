package tip

import (
	"time"

	"fyne.io/fyne/v2"
)

// Something stays lit that long after the pointer was last heard of over it: while
// another window is in use, and while this one is. The system does not say when the
// pointer leaves the window; moving it lights the thing again.
const (
	lightFor = 1500 * time.Millisecond
	restFor  = 4 * time.Second
)

// Lit is what lights up under the pointer. MouseOut puts it out.
type Lit interface {
	fyne.CanvasObject
	MouseOut()
}

// Light tells that the pointer has come to o, or moves on it.
func Light(o Lit) {
	l := layerOf(o)
	if l == nil {
		return
	}
	was := l.lit
	l.lit, l.heard = o, l.o.Now()
	if was != o {
		l.changed()
	}
}

// Dark tells that o is lit no more.
func Dark(o Lit) {
	if l := layerOf(o); l != nil && l.lit == o {
		l.lit = nil
	}
}

// DimAt returns when Dim is to be called next; zero while nothing is lit.
func (l *Layer) DimAt(windowFocused bool) time.Time {
	switch {
	case l.lit == nil:
		return time.Time{}
	case windowFocused:
		return l.heard.Add(restFor)
	}
	return l.heard.Add(lightFor)
}

// Dim puts out what is lit when the pointer was not heard of for a while: it rests, or
// has left the window.
func (l *Layer) Dim(now time.Time, windowFocused bool) {
	at := l.DimAt(windowFocused)
	if at.IsZero() || now.Before(at) {
		return
	}
	lit := l.lit
	l.lit = nil
	lit.MouseOut()
}
