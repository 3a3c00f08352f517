package store

// Parts divides the wanted pieces, in order, into at most n runs of about the same
// length, and returns how much of each is here, from 0 to 255.
func (i *Item) Parts(n int) []uint8 {
	i.mu.Lock()
	defer i.mu.Unlock()
	total := i.progress.totalPieces
	n = min(n, total)
	if n <= 0 {
		return nil
	}
	have := make([]int, n)
	at := 0
	i.progress.wanted.members(func(piece int) {
		if i.notes.complete.has(piece) && at < total {
			have[runOf(at, n, total)]++
		}
		at++
	})
	parts := make([]uint8, n)
	for run := range parts {
		size := (run+1)*total/n - run*total/n
		parts[run] = uint8(255 * have[run] / size)
	}
	return parts
}

// runOf returns in which of n runs of a total the one at that place is, where run
// i begins at i*total/n.
func runOf(at, n, total int) int {
	run := at * n / total
	for (run+1)*total/n <= at {
		run++
	}
	return run
}
