package manifest

import "iter"

// siblings returns the entries of each folder, in order, folder by folder,
// beginning with those that are in none. They are valid until the next.
func (m *Manifest) siblings() iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		n := m.Len()
		first := make([]int32, n+2) // where the children of entry i-1 begin
		for i := range n {
			first[m.Parent(i)+2]++
		}
		for i := 1; i < len(first); i++ {
			first[i] += first[i-1]
		}
		// After this, first[i] is where the children of entry i-1 end.
		children := make([]int32, n)
		for i := range n {
			p := m.Parent(i) + 1
			children[first[p]] = int32(i)
			first[p]++
		}
		start := int32(0)
		for _, end := range first[:n+1] {
			if start < end && !yield(children[start:end]) {
				return
			}
			start = end
		}
	}
}
