// Package calm keeps a click, or a key, from being heard by what has only just come
// under it.
//
// Rows and cards move without anybody touching them: one above goes away, another
// comes, what a button says becomes something else. The second click of a double
// click, or one that was aimed already, then hits what nobody meant. So everything
// that can come up or move has a [Guard], and for [Time] after that is not listened to.
//
//	type Row struct {
//		…
//		guard calm.Guard
//	}
//
//	func (r *Row) Guard() *calm.Guard { return &r.guard }                        // a Watch finds it
//	r.guard.Stand(value.Key)                                                     // what it stands for, at each Set
//	button := press.New(value, func() { r.guard.Do(func() { pressed(i) }) })     // and is listened to
//
// Where things are is found out by a [Watch], which whoever draws the window has look
// at all of it after each change. What is scrolled by the person does not count as
// moved. A guard that no Watch has seen holds nothing back.
package calm

import "time"

// Time is how long something must have been in its place, and have been what it is,
// before it is listened to.
const Time = 600 * time.Millisecond

// A Guard is that of one thing. The zero value is ready; it is for the main goroutine.
type Guard struct {
	now    func() time.Time // nil until a Watch has seen it
	moved  time.Time
	stands string
	whole  *Guard
}

// Within makes g the guard of a part of something that has one: it is calm only when
// that is too, and no Watch need see it.
func (g *Guard) Within(whole *Guard) { g.whole = whole }

// Moved says that the thing has come up, or is somewhere else, or something else.
func (g *Guard) Moved() {
	if now := g.clock(); now != nil {
		g.moved = now()
	}
}

// Settled says that the thing has come to its place by the person's own doing.
func (g *Guard) Settled() { g.moved = time.Time{} }

// Stand says what the thing stands for. Where that is something else than before, it
// has moved.
func (g *Guard) Stand(what string) {
	if what != g.stands {
		g.stands = what
		g.Moved()
	}
}

// Calm reports whether the thing is to be listened to.
func (g *Guard) Calm() bool {
	return g.Own() && (g.whole == nil || g.whole.Calm())
}

// Own is Calm without what it is a part of: for keys, which go to one thing wherever it
// is.
func (g *Guard) Own() bool {
	now := g.clock()
	return now == nil || now().Sub(g.moved) >= Time
}

// Do calls f, which may be nil, if the thing is to be listened to.
func (g *Guard) Do(f func()) {
	if f != nil && g.Calm() {
		f()
	}
}

func (g *Guard) clock() func() time.Time {
	if g.now == nil && g.whole != nil {
		return g.whole.clock()
	}
	return g.now
}
