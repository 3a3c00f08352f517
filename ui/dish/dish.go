// Package dish is the picture of a device as the window shows it.
//
//	picture := canvas.NewImageFromResource(dish.Resource(identity.DishOf(id), 60))
//
// A dish says who may be meant and proves nothing; what it looks like in words
// is the affair of ui/view.
//
// [Resource] is safe to call from any goroutine.
package dish

import (
	"fmt"
	"math"
	"sync"

	"fyne.io/fyne/v2"

	"potluck/assets"
	"potluck/sharing/identity"
)

// maxKept bounds how many pictures are kept to be asked for again: every dish
// that there is in one size, of some 3 kB each.
const maxKept = identity.Dishes

type picture struct {
	dish identity.Dish
	size int
}

var (
	mu   sync.Mutex
	kept = map[picture]*fyne.StaticResource{}
)

// Resource returns the picture of the dish, to be shown in that size, which is
// taken to the next whole unit. For one dish and size it is mostly the same
// resource, so that whoever shows it can see that nothing has changed.
//
// The size is part of the name because Fyne keeps, for each name, what it has
// drawn in one size only. Resource panics if there is no such dish.
func Resource(d identity.Dish, size float32) *fyne.StaticResource {
	p := picture{d, int(math.Ceil(float64(size)))}
	mu.Lock()
	defer mu.Unlock()
	if r := kept[p]; r != nil {
		return r
	}
	r := fyne.NewStaticResource(
		fmt.Sprintf("dish-%s-%d-%d@%d.svg", d.FigureKey(), d.Colour, d.Shape, p.size),
		assets.Dish(d.FigureKey(), d.Colour, d.Shape),
	)
	for old := range kept {
		if len(kept) < maxKept {
			break
		}
		delete(kept, old) // any one: it is quickly made again
	}
	kept[p] = r
	return r
}
