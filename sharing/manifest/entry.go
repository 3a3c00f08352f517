package manifest

import (
	"fmt"
	"math"
	"time"
)

// The limits of a manifest. [Builder] and [Decode] keep the same ones.
const (
	MaxEntries = 1 << 20   // files and folders together: a million files and the folders that hold them
	MaxBytes   = 128 << 20 // of uncompressed JSON lines
	MaxDepth   = 64        // names in a path
	MaxName    = 255       // UTF-16 units in a name, which allows every name of 255 bytes
	MaxStream  = 1<<53 - 1 // bytes of all files together
)

// An Entry is a file or a folder.
type Entry struct {
	Path string // names separated by slashes, valid UTF-8
	Dir  bool
	Size int64 // in bytes; 0 for a folder

	// ModTime is when the content last changed, in UTC. It is kept to the
	// nanosecond within the years 1678 to 2262; what lies outside is moved to
	// the nearest end, and the zero Time to 1970.
	ModTime time.Time
}

// An InvalidError says why something is not a manifest, or cannot become one.
type InvalidError struct {
	Entry  int    // which entry is to blame, counted from 0; -1 if none is
	Path   string // its path as far as known; foreign text
	Reason string // a clause, such as "it leads out of its folder"
}

// Error returns one line that is safe to show and to log.
func (e *InvalidError) Error() string {
	switch {
	case e.Entry < 0:
		return "invalid list of files: " + e.Reason
	case e.Path == "":
		return fmt.Sprintf("invalid list of files: entry %d: %s", e.Entry+1, e.Reason)
	default:
		return fmt.Sprintf("invalid list of files: entry %d, %s: %s", e.Entry+1, quote(e.Path), e.Reason)
	}
}

// quote returns s quoted, and without its middle if it is long.
func quote(s string) string {
	const end = 40
	r := []rune(s)
	if len(r) <= 2*end {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%q…%q", string(r[:end]), string(r[len(r)-end:]))
}

var (
	earliest = time.Unix(0, math.MinInt64)
	latest   = time.Unix(0, math.MaxInt64)
)

// nanoseconds returns t as it is written in a manifest.
func nanoseconds(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(earliest):
		return math.MinInt64
	case t.After(latest):
		return math.MaxInt64
	}
	return t.UnixNano()
}
