package dish

// Kept returns how many pictures are kept.
func Kept() int {
	mu.Lock()
	defer mu.Unlock()
	return len(kept)
}
