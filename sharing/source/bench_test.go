package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"potluck/sharing/hashlist"
)

// benchFolder makes a folder where memory is, if the system has such a place.
func benchFolder(b *testing.B) string {
	dir, err := os.MkdirTemp("/dev/shm", "source")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// fill makes files of the given size, perFolder in each folder.
func fill(b *testing.B, dir string, files, perFolder int, content []byte) {
	b.Helper()
	for i := range files {
		at := filepath.Join(dir, fmt.Sprintf("folder %05d", i/perFolder))
		if i%perFolder == 0 {
			if err := os.Mkdir(at, 0o777); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(at, fmt.Sprintf("file %07d.dat", i)), content, 0o666); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	for _, perFolder := range []int{10, 1000, 100_000} {
		b.Run(fmt.Sprintf("100000entries/%dperFolder", perFolder), func(b *testing.B) {
			dir := benchFolder(b)
			fill(b, dir, 100_000, perFolder, nil)
			b.ReportAllocs()
			for b.Loop() {
				s, err := Scan(context.Background(), []string{dir}, ScanOptions{})
				if err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}

// BenchmarkReadSmall reads files of 10 KB in the order of the stream; plain is
// opening, reading and closing each.
func BenchmarkReadSmall(b *testing.B) {
	const files, size = 10_000, 10_000
	dir := benchFolder(b)
	fill(b, dir, files, 1000, make([]byte, size))
	s, err := Scan(context.Background(), []string{dir}, ScanOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	buf := make([]byte, 128<<10)
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(files * size)
		for b.Loop() {
			for _, e := range s.Manifest().All() {
				if e.Dir {
					continue
				}
				f, err := os.Open(filepath.Join(filepath.Dir(dir), e.Path))
				if err != nil {
					b.Fatal(err)
				}
				if n, err := f.ReadAt(buf[:size], 0); n != size {
					b.Fatal(err)
				}
				f.Close()
			}
		}
	})
	b.Run("source", func(b *testing.B) {
		b.SetBytes(files * size)
		for b.Loop() {
			for at := int64(0); at < s.Manifest().StreamLength(); at += int64(len(buf)) {
				n := min(int64(len(buf)), s.Manifest().StreamLength()-at)
				if _, err := s.ReadAt(buf[:n], at); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkHash compares hashing a file with what all cores can hash in memory.
func BenchmarkHash(b *testing.B) {
	const size = 1 << 30
	dir := benchFolder(b)
	content := make([]byte, size)
	if err := os.WriteFile(filepath.Join(dir, "file"), content, 0o666); err != nil {
		b.Fatal(err)
	}
	b.Run("memory", func(b *testing.B) {
		b.SetBytes(size)
		for b.Loop() {
			var wg sync.WaitGroup
			cores := runtime.GOMAXPROCS(0)
			for i := range cores {
				wg.Go(func() { hashlist.Sum(content[i*size/cores : (i+1)*size/cores]) })
			}
			wg.Wait()
		}
	})
	b.Run("source", func(b *testing.B) { benchHash(b, dir, size) })
	b.Run("small files", func(b *testing.B) {
		dir := benchFolder(b)
		fill(b, dir, 20_000, 1000, content[:10_000])
		benchHash(b, dir, 20_000*10_000)
	})
}

func benchHash(b *testing.B, dir string, size int64) {
	s, err := Scan(context.Background(), []string{dir}, ScanOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		err := s.Hash(context.Background(), 0, 0, func(int, [32]byte) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
}
