package sharing

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"potluck/sharing/identity"
)

// BenchmarkStartAtRest starts a device that has many shares of 1,000 files at rest:
// half of them were delivered to it, half are offered by it to somebody who is not
// there. Reported are the memory that is held and the processor's time for each
// second at rest.
func BenchmarkStartAtRest(b *testing.B) {
	const shares, files = 500, 1000
	dir := scratch(b)
	folder := filepath.Join(dir, "folder")
	for i := range files {
		name := filepath.Join(folder, fmt.Sprint(i/100), fmt.Sprintf("file %d.txt", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, fmt.Appendf(nil, "%d", i), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	anna := start(b, "Anna", filepath.Join(dir, "anna"), AcceptEveryone)
	ben := start(b, "Ben", filepath.Join(dir, "ben"), AcceptAsk)
	meet(ben, anna)
	share, err := ben.Send(b.Context(), []string{folder}, []identity.ID{anna.id()})
	if err != nil {
		b.Fatal(err)
	}
	next[DeliveredEvent](anna, nil)
	over(anna, share)
	ben.stop()
	for i := range shares / 2 {
		when := time.Unix(int64(1_600_000_000+i), 0) // or it would be the same share
		if err := os.Chtimes(filepath.Join(folder, "0", "file 0.txt"), when, when); err != nil {
			b.Fatal(err)
		}
		if _, err := anna.Send(b.Context(), []string{folder}, []identity.ID{{byte(i), byte(i >> 8), 1}}); err != nil {
			b.Fatal(err)
		}
		again(b, anna, share, byte(i))
	}
	for b.Loop() {
		anna.stop()
		began := time.Now()
		anna = start(b, "Anna", anna.state, AcceptEveryone)
		b.ReportMetric(time.Since(began).Seconds(), "s/start")
		b.StopTimer()
		for n := 0; n < shares/2; { // hashed, or known to be
			n = 0
			for _, t := range anna.Snapshot().Transfers {
				if t.State == Offering && t.Hashed == t.Bytes {
					n++
				}
			}
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/ready")
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap")
		b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
		before := work(b)
		const rest = 5 * time.Second
		time.Sleep(rest)
		b.ReportMetric((work(b)-before).Seconds()/rest.Seconds()*100, "%cpu")
		b.StartTimer()
	}
	anna.stop()
}

// again makes what is kept of a delivered share look like that of another one.
func again(b *testing.B, p *party, share ShareID, n byte) {
	rec, err := p.records.read(share)
	if err != nil {
		b.Fatal(err)
	}
	rec.Offer.Salt = append([]byte{n}, rec.Offer.Salt[1:]...)
	rec.Share = shareID(rec.From, [32]byte(rec.Offer.Salt), [32]byte(rec.Offer.Manifest))
	if rec.Share == share {
		return
	}
	if err := p.records.save(rec); err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"manifest", "hashes", stampsName, "journal/journal"} {
		to := p.records.file(rec.Share, name)
		os.MkdirAll(filepath.Dir(to), 0o700)
		if err := os.Link(p.records.file(share, name), to); err != nil {
			b.Fatal(err)
		}
	}
}

// work returns how long processors have worked for this process.
func work(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
