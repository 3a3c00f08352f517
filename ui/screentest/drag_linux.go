package screentest

import (
	"image"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

const (
	xdndVersion = 5
	sourceSide  = 40 // of the window that files are dragged from
	steps       = 8  // that the mouse takes from one place to another
)

// A Drag is files that hang at the mouse. The window they come from lies in the
// lower right corner of the screen.
type Drag struct {
	screen *Screen
	conn   *xgb.Conn
	source xproto.Window
	atoms  map[string]xproto.Atom
	list   string // what the program is given: file URLs, one a line
	at     image.Point

	target xproto.Window // the window they hang over, that takes drops

	mu       sync.Mutex // guards what follows, which the server tells of
	answered bool       // the target has said something about the last place
	taken    bool       // and that it would take them
	finished bool
}

// Drag presses the button on a file manager that has those files chosen.
func (s *Screen) Drag(t testing.TB, paths ...string) *Drag {
	t.Helper()
	d := &Drag{screen: s, conn: s.connect(t), atoms: map[string]xproto.Atom{}}
	for _, p := range paths {
		d.list += (&url.URL{Scheme: "file", Path: p}).String() + "\r\n"
	}
	for _, name := range []string{
		"XdndAware", "XdndEnter", "XdndPosition", "XdndStatus", "XdndLeave", "XdndDrop", "XdndFinished", "XdndSelection", "XdndActionCopy", "text/uri-list",
	} {
		a, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		d.atoms[name] = a.Atom
	}
	d.open(t)
	done := make(chan struct{})
	go func() { defer close(done); d.listen() }()
	t.Cleanup(func() { d.conn.Close(); <-done })

	s.Move(t, d.at)
	s.button(t, left, true)
	return d
}

// open shows the window that the files are dragged from. While the button is down
// that was pressed on it, the server tells nobody else of the mouse.
func (d *Drag) open(t testing.TB) {
	t.Helper()
	screen := xproto.Setup(d.conn).DefaultScreen(d.conn)
	x, y := int(screen.WidthInPixels)-sourceSide, int(screen.HeightInPixels)-sourceSide
	d.at = image.Pt(x+sourceSide/2, y+sourceSide/2)
	id, err := xproto.NewWindowId(d.conn)
	if err != nil {
		t.Fatal(err)
	}
	d.source = id
	err = xproto.CreateWindowChecked(d.conn, screen.RootDepth, id, d.screen.root, int16(x), int16(y), sourceSide, sourceSide, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel|xproto.CwEventMask,
		[]uint32{screen.WhitePixel, xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskPointerMotion}).Check()
	if err == nil {
		err = xproto.MapWindowChecked(d.conn, id).Check()
	}
	if err == nil {
		err = xproto.SetSelectionOwnerChecked(d.conn, id, d.atoms["XdndSelection"], xproto.TimeCurrentTime).Check()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Over moves the mouse there, by small steps, and tells the windows on the way.
func (d *Drag) Over(t testing.TB, to image.Point) {
	t.Helper()
	from := d.at
	for i := 1; i <= steps; i++ {
		d.at = from.Add(to.Sub(from).Mul(i).Div(steps))
		d.screen.Move(t, d.at)
		d.tell(t)
		time.Sleep(pause / 2) // as quick as a hand
	}
}

// tell says to the window under the mouse where the files are.
func (d *Drag) tell(t testing.TB) {
	t.Helper()
	under := d.under(t)
	if under != d.target {
		if d.target != 0 {
			d.send(t, "XdndLeave")
		}
		if d.target = under; under != 0 {
			d.send(t, "XdndEnter", xdndVersion<<24, uint32(d.atoms["text/uri-list"]))
		}
	}
	if d.target != 0 {
		d.mu.Lock()
		d.answered = false
		d.mu.Unlock()
		d.send(t, "XdndPosition", 0, uint32(d.at.X)<<16|uint32(d.at.Y), xproto.TimeCurrentTime, uint32(d.atoms["XdndActionCopy"]))
	}
}

// under returns the window under the mouse, if it takes drops.
func (d *Drag) under(t testing.TB) xproto.Window {
	t.Helper()
	all := d.screen.windows(t)
	for i := len(all) - 1; i >= 0; i-- {
		g, err := xproto.GetGeometry(d.conn, xproto.Drawable(all[i])).Reply()
		if err != nil || !d.screen.seen(all[i]) {
			continue
		}
		if d.at.In(image.Rect(int(g.X), int(g.Y), int(g.X)+int(g.Width), int(g.Y)+int(g.Height))) {
			aware, err := xproto.GetProperty(d.conn, false, all[i], d.atoms["XdndAware"], xproto.GetPropertyTypeAny, 0, 1).Reply()
			if err == nil && aware.ValueLen > 0 {
				return all[i]
			}
			return 0
		}
	}
	return 0
}

// Drop lets the files go, waits until they were taken, and reports that. Where
// nobody takes them it reports false.
func (d *Drag) Drop(t testing.TB) bool {
	t.Helper()
	if d.target == 0 {
		d.screen.button(t, left, false)
		return false
	}
	d.screen.Wait(t, "an answer of the window under the files", func() bool { return d.heard(&d.answered) })
	if !d.heard(&d.taken) {
		d.send(t, "XdndLeave")
		d.screen.button(t, left, false)
		return false
	}
	d.send(t, "XdndDrop", 0, xproto.TimeCurrentTime)
	d.screen.button(t, left, false)
	d.screen.Wait(t, "the end of the drop", func() bool { return d.heard(&d.finished) })
	return true
}

// Cancel lets the files go back to where they came from.
func (d *Drag) Cancel(t testing.TB) {
	t.Helper()
	if d.target != 0 {
		d.send(t, "XdndLeave")
		d.target = 0
	}
	d.screen.button(t, left, false)
}

func (d *Drag) heard(what *bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return *what
}

// send sends a message of the drag to the target.
func (d *Drag) send(t testing.TB, kind string, data ...uint32) {
	t.Helper()
	words := [5]uint32{uint32(d.source)}
	copy(words[1:], data)
	message := xproto.ClientMessageEvent{
		Format: 32, Window: d.target, Type: d.atoms[kind], Data: xproto.ClientMessageDataUnionData32New(words[:]),
	}
	if err := xproto.SendEventChecked(d.conn, false, d.target, xproto.EventMaskNoEvent, string(message.Bytes())).Check(); err != nil {
		t.Error(err)
	}
}

// listen answers the target until the connection is closed.
func (d *Drag) listen() {
	for {
		event, err := d.conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if err == nil {
				return // closed
			}
		case xproto.SelectionRequestEvent:
			d.hand(e)
		case xproto.ClientMessageEvent:
			d.mu.Lock()
			switch e.Type {
			case d.atoms["XdndStatus"]:
				d.answered, d.taken = true, e.Data.Data32[1]&1 == 1
			case d.atoms["XdndFinished"]:
				d.finished = true
			}
			d.mu.Unlock()
		}
	}
}

// hand gives the files to whoever asks for them.
func (d *Drag) hand(e xproto.SelectionRequestEvent) {
	property := e.Property
	if e.Target != d.atoms["text/uri-list"] {
		property = xproto.AtomNone
	} else {
		xproto.ChangeProperty(d.conn, xproto.PropModeReplace, e.Requestor, property, e.Target, 8, uint32(len(d.list)), []byte(d.list))
	}
	answer := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
	xproto.SendEvent(d.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(answer.Bytes()))
}
