package sharing

import "testing"

// A disk that does not answer keeps nobody waiting: what can be seen is seen, and
// the room on the disk when it is known.
func TestRoomOnADiskThatHangs(t *testing.T) {
	a, b := pair(t, AcceptAsk)
	answers := make(chan int64)
	b.rooms.mu.Lock()
	b.rooms.ask = func(string) int64 { return <-answers }
	b.rooms.mu.Unlock()

	share := send(t, a, b, file(t, "notes"))
	next[OfferedEvent](b, nil)
	for range 3 {
		if s := b.Snapshot(); len(s.Offers) != 1 || s.Offers[0].Share != share || s.Offers[0].Free != -1 {
			t.Fatalf("while the disk hangs: %+v", s.Offers)
		}
	}
	answers <- 123
	b.until("the room is known", func(s Snapshot) bool { return len(s.Offers) == 1 && s.Offers[0].Free == 123 })
}
