package sharing

import (
	"path/filepath"
	"testing"
)

// A disk that does not tell how large it is, is not full; and what is above it is
// another one. A folder that is not there yet is where it will be made.
func TestRoomThatIsNotTold(t *testing.T) {
	if n := freeSpace("/proc/self"); n != -1 {
		t.Errorf("%d bytes are free in /proc/self", n)
	}
	dir := t.TempDir()
	if n := freeSpace(filepath.Join(dir, "not", "there")); n <= 0 {
		t.Errorf("%d bytes are free in a folder to be made", n)
	}
}
