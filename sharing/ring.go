package sharing

import (
	"slices"

	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// maxHolders is how many devices one exchanges pieces of a share with at a time.
const maxHolders = swarm.MaxPeers

// ring returns whom of others self is to exchange pieces with: everybody, or, if
// they are more than maxHolders, those at distances 1, 2, 4, 8 and so on in both
// directions when all are in a circle by their IDs. So each has few connections,
// two that are connected think so both, and every piece is a few steps away.
func ring(self identity.ID, others []identity.ID) []identity.ID {
	sorted := slices.Clone(others)
	slices.SortFunc(sorted, identity.ID.Compare)
	sorted = slices.Compact(sorted)
	at, found := slices.BinarySearchFunc(sorted, self, identity.ID.Compare)
	if found {
		sorted = slices.Delete(sorted, at, at+1)
	}
	n := len(sorted)
	if n <= maxHolders {
		return sorted
	}
	var list []identity.ID
	for step := 1; step <= n && len(list) < maxHolders; step *= 2 {
		after, before := sorted[(at+step-1)%n], sorted[((at-step)%n+n)%n]
		for _, id := range []identity.ID{after, before} {
			if !slices.Contains(list, id) && len(list) < maxHolders {
				list = append(list, id)
			}
		}
	}
	return list
}
