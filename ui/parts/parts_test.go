package parts_test

import (
	"testing"

	"potluck/ui/parts"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "parts", 330, func() []uitest.State {
		with := func(n int, at func(i int) uint8) *parts.Bar {
			b := parts.New()
			buckets := make([]uint8, n)
			for i := range buckets {
				buckets[i] = at(i)
			}
			b.Set(buckets, "parts")
			return b
		}
		return []uitest.State{
			{Name: "nothing", Object: parts.New()},
			{Name: "the first half", Object: with(256, func(i int) uint8 { return uint8(min(max(128-i, 0)*255, 255)) })},
			{Name: "here and there", Object: with(256, func(i int) uint8 { return uint8(i * i * 7 % 256) })},
			{Name: "few parts", Object: with(5, func(i int) uint8 { return uint8(i % 2 * 255) })},
			{Name: "all, and too many", Object: with(1000, func(int) uint8 { return 255 })},
		}
	})
}
