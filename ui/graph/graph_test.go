package graph_test

import (
	"testing"

	"potluck/ui/graph"
	"potluck/ui/uitest"
)

func TestEveryState(t *testing.T) {
	uitest.Sheet(t, "graph", 300, func() []uitest.State {
		with := func(n int, at func(i int) float32) *graph.Graph {
			g := graph.New()
			samples := make([]float32, n)
			for i := range samples {
				samples[i] = at(i)
			}
			g.Set(samples, "speed")
			return g
		}
		return []uitest.State{
			{Name: "nothing", Object: graph.New()},
			{Name: "just begun", Object: with(10, func(i int) float32 { return float32(i) * 1e6 })},
			{Name: "steady, with a stall", Object: with(500, func(i int) float32 {
				if i%60 > 50 {
					return 0
				}
				return 84e6 + float32(i%7)*4e6
			})},
		}
	})
}
