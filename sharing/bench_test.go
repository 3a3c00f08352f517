package sharing

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"potluck/sharing/identity"
)

// BenchmarkDelivery sends a file of 1 GiB from one device to another in the same
// process, from the walk to the receipt: everything is hashed twice, encrypted
// and written once.
func BenchmarkDelivery(b *testing.B) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	dir := scratch(b)
	file := filepath.Join(dir, "file")
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	r := rand.NewChaCha8([32]byte{1})
	block := make([]byte, 1<<20)
	for range 1 << 10 {
		r.Read(block)
		f.Write(block)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	anna := start(b, "Anna", filepath.Join(dir, "anna"), AcceptEveryone)
	ben := start(b, "Ben", filepath.Join(dir, "ben"), AcceptAsk)
	meet(ben, anna)
	b.SetBytes(1 << 30)
	for b.Loop() {
		if _, err := ben.Send(b.Context(), []string{file}, []identity.ID{anna.id()}); err != nil {
			b.Fatal(err)
		}
		got := next[DeliveredEvent](anna, nil)
		next[DeliveredEvent](ben, nil)
		b.StopTimer()
		os.Remove(got.Path)
		b.StartTimer()
	}
	anna.stop()
	ben.stop()
}

// scratch returns a folder in memory, if there is such a place.
func scratch(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "potluck-bench-")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
