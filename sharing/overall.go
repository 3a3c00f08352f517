package sharing

// precedence orders the states of takers by what they say of the whole.
var precedence = []State{
	Running, Finishing, Stuck, Paused, Waiting, Offering, Preparing,
	Delivered, Failed, Cancelled, Withdrawn, Declined,
}

// overall returns what the states of several takers come to, and why: what goes
// on counts before what has ended, and what some have before what others do not.
func overall(peers []Peer) (State, string) {
	for _, s := range precedence {
		why, found := "", false
		for _, p := range peers {
			if p.State == s {
				found = true
				if why == "" {
					why = p.Error
				}
			}
		}
		if found {
			return s, why
		}
	}
	return Offering, ""
}
