package spread

import (
	"slices"
	"time"
)

// usual is how long pieces take from being told of until they have arrived.
type usual struct {
	last [32]time.Duration
	n    int
}

func (u *usual) note(d time.Duration) {
	u.last[u.n%len(u.last)] = d
	u.n++
}

// median returns the median of the last ones, zero if there are none.
func (u *usual) median() time.Duration {
	n := min(u.n, len(u.last))
	if n == 0 {
		return 0
	}
	sorted := slices.Clone(u.last[:n])
	slices.Sort(sorted)
	return sorted[n/2]
}
