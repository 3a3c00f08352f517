package settings

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Rate is a speed in bytes a second; 0 means no limit.
type Rate int64

// The limits that make sense: below the first a transfer would seem to stand.
const (
	minRate Rate = 10_000
	maxRate Rate = 1_000_000_000_000
)

// units are what a speed can be given in. The powers of ten come first: it is
// these that a speed is shown in.
var units = []struct {
	name  string
	bytes float64
}{
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"B", 1},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
}

// String returns the speed as people write it, such as "10 MB/s" or "0".
func (r Rate) String() string {
	if r == 0 {
		return "0"
	}
	for _, u := range units {
		n := float64(r) / u.bytes
		if text := strconv.FormatFloat(n, 'f', -1, 64); n >= 1 && len(text)-strings.IndexByte(text+".", '.') <= 4 {
			return text + " " + u.name + "/s"
		}
	}
	return fmt.Sprintf("%d B/s", int64(r))
}

// MarshalText returns the form of String.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what ParseRate does.
func (r *Rate) UnmarshalText(text []byte) error {
	read, err := ParseRate(string(text))
	if err == nil {
		*r = read
	}
	return err
}

// ParseRate reads a speed: a number with a unit, such as "10 MB/s", "500kB" or
// "1.5 MiB/s"; a number alone is bytes a second; 0 means no limit. The error is a
// sentence for the person.
func ParseRate(v string) (Rate, error) {
	refused := fmt.Errorf("%q is not a speed; write it as in 10 MB/s, or 0 for no limit", v)
	text := strings.TrimSpace(v)
	text = strings.TrimSpace(strings.TrimSuffix(text, "/s"))
	at := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	number, unit := text, "B"
	if at >= 0 {
		number, unit = text[:at], strings.TrimSpace(text[at:])
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, refused
	}
	for _, u := range units {
		if strings.EqualFold(u.name, unit) {
			return checkRate(n * u.bytes)
		}
	}
	return 0, refused
}

func checkRate(bytes float64) (Rate, error) {
	switch r := math.Round(bytes); {
	case bytes == 0:
		return 0, nil
	case r < float64(minRate):
		return 0, fmt.Errorf("a limit below %v would bring transfers to a stop; 0 means no limit", minRate)
	case r > float64(maxRate):
		return 0, fmt.Errorf("nothing is faster than %v; 0 means no limit", maxRate)
	default:
		return Rate(r), nil
	}
}

func setRate(to *Rate, v string) error {
	r, err := ParseRate(v)
	if err == nil {
		*to = r
	}
	return err
}
