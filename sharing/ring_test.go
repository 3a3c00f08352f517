package sharing

import (
	"encoding/binary"
	"slices"
	"testing"

	"potluck/sharing/identity"
)

func ids(n int) []identity.ID {
	list := make([]identity.ID, n)
	for i := range list {
		binary.BigEndian.PutUint32(list[i][:], uint32(i+1)*7919)
	}
	slices.SortFunc(list, identity.ID.Compare)
	return list
}

func TestRing(t *testing.T) {
	for _, n := range []int{1, 2, 5, 13, 14, 26, 51, 64, 300} {
		all := ids(n)
		distance := map[identity.ID]int{all[0]: 0}
		queue := []identity.ID{all[0]}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			others := ring(at, all)
			if len(others) > maxHolders || n <= maxHolders+1 && len(others) != n-1 || slices.Contains(others, at) {
				t.Fatalf("%d devices: %d connections", n, len(others))
			}
			for _, o := range others {
				if !slices.Contains(ring(o, all), at) {
					t.Errorf("%d devices: %s chooses %s, but not the other way round", n, at.Short(), o.Short())
				}
				if _, seen := distance[o]; !seen {
					distance[o] = distance[at] + 1
					queue = append(queue, o)
				}
			}
		}
		if len(distance) != n {
			t.Errorf("%d devices: only %d are connected", n, len(distance))
		}
		for _, steps := range distance {
			if steps > 3 && n <= 64 || steps > 8 {
				t.Errorf("%d devices: one is %d steps away", n, steps)
			}
		}
	}
}
