package manifest_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"potluck/sharing/manifest"
)

// pictures returns 50,000 entries a year, as a photo library might have them, in
// 1,000 folders a year.
func pictures(years int) []manifest.Entry {
	all := make([]manifest.Entry, 0, 50_000*years)
	all = append(all, folder("Pictures"))
	for year := range years {
		y := fmt.Sprintf("Pictures/%d", 2006+year)
		all = append(all, folder(y))
		for day := range 1000 {
			d := fmt.Sprintf("%s/%03d a day out", y, day)
			all = append(all, folder(d))
			for shot := range 48 {
				all = append(all, manifest.Entry{
					Path:    fmt.Sprintf("%s/IMG_%05d_small.jpeg", d, day*48+shot),
					Size:    int64(1_000_000 + 7919*shot),
					ModTime: noon.Add(time.Duration(len(all)) * time.Second),
				})
			}
		}
	}
	for i := len(all); i < 50_000*years; i++ {
		all = append(all, file(fmt.Sprintf("Pictures/loose %06d", i), int64(i)))
	}
	return all
}

// used returns how many bytes on the heap are in use.
func used() uint64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// TestEntriesAreKeptInLittle holds what Manifest promises.
func TestEntriesAreKeptInLittle(t *testing.T) {
	packed := encode(t, build(t, pictures(1)...))
	before := used()
	m, err := manifest.Decode(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	kept := (used() - before) / uint64(m.Len())
	plan := manifest.Localize(m, manifest.Traits{Windows: true, FoldsCase: true, FoldsForms: true})
	planned := (used()-before)/uint64(m.Len()) - kept
	if kept > 75 || planned > 0 {
		t.Errorf("%d bytes an entry are kept, and %d for a plan", kept, planned)
	}
	runtime.KeepAlive(m)
	runtime.KeepAlive(plan)
}

func BenchmarkMillion(b *testing.B) {
	all := pictures(20)
	m := build(b, all...)
	packed := encode(b, m)

	b.Run("Build", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			build(b, all...)
		}
	})
	b.Run("Encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := m.Encode(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(packed)), "bytes")
	})
	b.Run("Decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := manifest.Decode(bytes.NewReader(packed)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("All", func(b *testing.B) {
		for b.Loop() {
			for range m.All() {
			}
		}
	})
	for name, traits := range map[string]manifest.Traits{
		"Linux":   {},
		"Windows": {Windows: true, FoldsCase: true},
		"Mac":     {FoldsCase: true, FoldsForms: true},
	} {
		b.Run("Localize/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				manifest.Localize(m, traits)
			}
		})
	}
	b.Run("Select", func(b *testing.B) {
		for b.Loop() {
			if _, err := manifest.Select(m, []string{"*_small.jpeg", "Pictures/2007"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
