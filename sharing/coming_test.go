package sharing

import "testing"

// Of a piece that takes long, what has come of it is seen on both sides: something
// moves, though nothing is complete.
func TestPartsOfPiecesAreSeen(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	ben.limit(200<<10, 0)
	send(t, ben, anna, tree(t, t.TempDir(), 30<<20))
	for _, p := range []*party{anna, ben} {
		p.until("parts of a piece", func(s Snapshot) bool {
			if len(s.Transfers) != 1 {
				return false
			}
			peer := s.Transfers[0].Peers[0]
			return peer.Coming > 0 && peer.Rate > 0 && peer.Done+peer.Coming < peer.Total
		})
	}
}
