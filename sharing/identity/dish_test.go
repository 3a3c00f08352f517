package identity

import (
	"crypto/sha256"
	"strings"
	"testing"
)

// Figures and plates are known to everybody by number: one more, one less or
// another order and each device has another dish.
func TestDishesAreFrozen(t *testing.T) {
	const wantFigures = "pho banhmi springroll banhchung mooncake dumpling riceball sushi prawn fish" +
		" crab skewer drumstick egg burger pizza taco spaghetti pot salad" +
		" cheese pretzel croissant doughnut pancakes cake pie icecream cupcake watermelon" +
		" pineapple banana cherries grapes avocado carrot corn mushroom pumpkin teapot"
	var keys []string
	for _, f := range figures {
		keys = append(keys, f.key)
	}
	if got := strings.Join(keys, " "); got != wantFigures {
		t.Errorf("figures are\n%s, want\n%s", got, wantFigures)
	}
	if got := strings.Join(colours[:], " "); got != "blue red black yellow green lilac" {
		t.Errorf("colours are %s", got)
	}
	if got := strings.Join(shapes[:], " "); got != "round square hexagonal flower-shaped" {
		t.Errorf("shapes are %s", got)
	}
}

// The numbers were computed apart from this package, with Python's hashlib.
func TestDishOf(t *testing.T) {
	var counting ID
	for i := range counting {
		counting[i] = byte(i)
	}
	for _, test := range []struct {
		id   ID
		want Dish
		text string
	}{
		{ID{}, Dish{27, 5, 0}, "ice cream on a round lilac plate"},
		{ID([]byte(strings.Repeat("\xff", 32))), Dish{26, 3, 2}, "pie on a hexagonal yellow plate"},
		{counting, Dish{28, 4, 0}, "cupcake on a round green plate"},
		{sha256.Sum256([]byte("anna")), Dish{1, 3, 3}, "bánh mì on a flower-shaped yellow plate"},
	} {
		got := DishOf(test.id)
		if got != test.want || got.String() != test.text {
			t.Errorf("DishOf(%s) = %v, %q; want %v, %q", test.id.Short(), got, got.String(), test.want, test.text)
		}
	}
	if got := (Dish{}).String(); got != "phở on a round blue plate" {
		t.Errorf("the first dish is %q", got)
	}
}

func TestDishThroughIndex(t *testing.T) {
	texts := map[string]bool{}
	for n := range Dishes {
		d := DishFromIndex(n)
		if !d.Valid() || d.Index() != n {
			t.Fatalf("dish %d is %v, valid %t, with index %d", n, d, d.Valid(), d.Index())
		}
		texts[d.String()] = true
	}
	if len(texts) != 960 {
		t.Errorf("960 dishes have %d texts", len(texts))
	}
	for _, d := range []Dish{{Figures, 0, 0}, {0, Colours, 0}, {0, 0, Shapes}} {
		if d.Valid() {
			t.Errorf("{%d %d %d} counts as a dish", d.Figure, d.Colour, d.Shape)
		}
	}
	for _, n := range []int{-1, Dishes} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("there is a dish with the number %d", n)
				}
			}()
			DishFromIndex(n)
		}()
	}
}

// Every figure and every plate is somebody's.
func TestEveryDishIsUsed(t *testing.T) {
	used := map[Dish]bool{}
	for n := range 20_000 {
		used[DishOf(ID{byte(n), byte(n >> 8)})] = true
	}
	if len(used) != Dishes {
		t.Errorf("20000 devices have %d of %d dishes", len(used), Dishes)
	}
}
