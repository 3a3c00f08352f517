package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
)

// The benchmarks receive shares straight from memory: WriteAt in blocks of
// 128 KiB, Verify, Finish. Beside each is what the system alone takes for the same
// files. Set TMPDIR for another disk than memory.

func BenchmarkReceive(b *testing.B) {
	for _, share := range []struct {
		name  string
		files int
		size  int64
	}{{"1GiB", 1, 1 << 30}, {"100000x10KB", 100_000, 10_000}} {
		m, list := benchShare(b, share.files, share.size)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/store/%d", share.name, workers), func(b *testing.B) { benchStore(b, m, list, workers) })
		}
		b.Run(share.name+"/plain", func(b *testing.B) { benchPlain(b, m) })
		b.Run(share.name+"/hash", func(b *testing.B) { benchHash(b, m) })
	}
}

var benchData [16 << 20]byte

type benchHashes struct {
	full, last [32]byte
	pieces     int
}

func (h benchHashes) Get(p int) ([32]byte, bool) {
	if p == h.pieces-1 {
		return h.last, true
	}
	return h.full, true
}

func benchShare(b *testing.B, files int, size int64) (*manifest.Manifest, benchHashes) {
	var build manifest.Builder
	folders := (files + 999) / 1000
	build.Add(manifest.Entry{Path: "share", Dir: true, ModTime: testTime})
	for f := range folders {
		build.Add(manifest.Entry{Path: fmt.Sprintf("share/%03d", f), Dir: true, ModTime: testTime})
	}
	for n := range files {
		build.Add(manifest.Entry{Path: fmt.Sprintf("share/%03d/file-%06d.dat", n/1000, n), Size: size, ModTime: testTime})
	}
	m, err := build.Build()
	if err != nil {
		b.Fatal(err)
	}
	length, pieces := hashlist.PieceLength(m.StreamLength()), hashlist.Count(m.StreamLength())
	last := m.StreamLength() - int64(pieces-1)*length
	return m, benchHashes{hashlist.Sum(benchData[:length]), hashlist.Sum(benchData[:last]), pieces}
}

func benchStore(b *testing.B, m *manifest.Manifest, list benchHashes, workers int) {
	b.SetBytes(m.StreamLength())
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		base := b.TempDir()
		runtime.GC()
		b.StartTimer()
		i, err := Create(Options{Folder: filepath.Join(base, "in"), State: filepath.Join(base, "state"), Manifest: m, Hashes: list})
		if err != nil {
			b.Fatal(err)
		}
		next := make(chan int)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for p := range next {
					length := i.layout.length(p)
					for off := 0; off < length; off += 128 << 10 {
						i.WriteAt(p, benchData[off:min(off+128<<10, length)], int64(off))
					}
					if err := i.Verify(p); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for p := range i.layout.pieces {
			next <- p
		}
		close(next)
		group.Wait()
		if _, err := i.Finish(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		i.Close()
		os.RemoveAll(base)
		b.StartTimer()
	}
}

// benchPlain writes the same files as a copy would.
func benchPlain(b *testing.B, m *manifest.Manifest) {
	b.SetBytes(m.StreamLength())
	for b.Loop() {
		b.StopTimer()
		base := b.TempDir()
		b.StartTimer()
		for _, e := range m.All() {
			path := filepath.Join(base, e.Path)
			if e.Dir {
				os.Mkdir(path, 0o777)
				continue
			}
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
			if err != nil {
				b.Fatal(err)
			}
			for off := int64(0); off < e.Size; off += 1 << 20 {
				if _, err := f.Write(benchData[:min(1<<20, e.Size-off)]); err != nil {
					b.Fatal(err)
				}
			}
			f.Close()
			os.Chtimes(path, e.ModTime, e.ModTime)
		}
		b.StopTimer()
		os.RemoveAll(base)
		b.StartTimer()
	}
}

func benchHash(b *testing.B, m *manifest.Manifest) {
	b.SetBytes(m.StreamLength())
	for b.Loop() {
		for off := int64(0); off < m.StreamLength(); off += 1 << 20 {
			hashlist.Sum(benchData[:min(1<<20, m.StreamLength()-off)])
		}
	}
}
