package swarm

import "potluck/sharing/pace"

// Limits are how many bytes a second may pass over all piece connections together;
// 0 means no limit.
type Limits struct {
	Up, Down int64

	// Far are those of connections that leave the local network, on top of the others.
	FarUp, FarDown int64
}

// SetLimits bounds how much content passes. It counts at once, for what is under way
// too, and connections share it fairly.
//
// The library's own limiters stay open: they make it drop and ask again.
func (s *Swarm) SetLimits(l Limits) {
	s.up.Set(l.Up)
	s.down.Set(l.Down)
	s.farUp.Set(l.FarUp)
	s.farDown.Set(l.FarDown)
}

// A Located connection can tell that it leaves the local network. Others count as
// staying in it.
type Located interface{ Far() bool }

// A gate is the limits that a connection passes in one direction.
type gate []*pace.Limit

// gates returns the limits of a connection.
func (s *Swarm) gates(raw any) (up, down gate) {
	up, down = gate{&s.up}, gate{&s.down}
	if l, ok := raw.(Located); ok && l.Far() {
		up, down = append(up, &s.farUp), append(down, &s.farDown)
	}
	return up, down
}

// portion returns how many bytes to let pass at a time; 0 if there is no limit.
func (g gate) portion() int {
	least := 0
	for _, l := range g {
		if p := l.Portion(); p > 0 && (least == 0 || p < least) {
			least = p
		}
	}
	return least
}

// wait waits until n bytes may pass, and reports whether they may: not once stop is
// closed.
func (g gate) wait(n int, stop <-chan struct{}, held *pace.Meter) bool {
	for _, l := range g {
		if !l.Wait(n, stop, held) {
			return false
		}
	}
	return true
}
