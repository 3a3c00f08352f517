package source

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxRemembered is how many shares are remembered.
	maxRemembered = 200

	// maxMemory is the size in bytes of one record: four million hashes, 64 TiB.
	maxMemory = 128 << 20

	memorySuffix  = ".hashes"
	damagedSuffix = ".damaged"
	tempPrefix    = "new-"
)

// A Memory keeps the hashes of what was shared before, one file for each
// [Source.Fingerprint], so that sharing the same again needs no hashing. It
// remembers 200 shares and forgets the one that was not asked for the longest.
// Its methods are safe to call from any goroutine.
//
// Losing it costs nothing but time. So a record that is damaged is set aside (as
// one file with the ending ".damaged", the next one replaces it), logged, and
// otherwise as if it had never been.
type Memory struct {
	dir string
	log *slog.Logger

	mu sync.Mutex // held while the folder changes
}

// OpenMemory opens the memory in a folder, which is made if its parent exists. A
// nil log is silence.
func OpenMemory(dir string, log *slog.Logger) (*Memory, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("opening the memory of hashes: %w", err)
	}
	m := &Memory{dir: dir, log: log}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the memory of hashes: %w", err)
	}
	for _, e := range entries { // what a kill left behind
		if strings.HasPrefix(e.Name(), tempPrefix) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return m, nil
}

// Get returns what was put under a fingerprint, and whether there is anything. It
// has been checked to be what was put. The caller closes it.
func (m *Memory) Get(fingerprint [32]byte) (io.ReadCloser, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	path := m.path(fingerprint)
	b, err := readRecord(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case errors.Is(err, errDamagedRecord):
		m.log.Warn("remembered hashes are damaged and set aside", "file", path)
		err = os.Rename(path, filepath.Join(m.dir, "hashes"+damagedSuffix))
	case err == nil:
		now := time.Now()
		os.Chtimes(path, now, now) // it was used
		return io.NopCloser(bytes.NewReader(b)), true
	}
	if err != nil {
		m.log.Warn("remembered hashes cannot be read", "file", path, "err", err)
	}
	return nil, false
}

// Put remembers what write writes, at most 128 MiB, under a fingerprint, in place
// of what was there before, and forgets the oldest records if there are too many.
// After an error, everything is as before. write is called without a lock held.
func (m *Memory) Put(fingerprint [32]byte, write func(io.Writer) error) error {
	err := m.put(fingerprint, write)
	if err != nil {
		return fmt.Errorf("remembering hashes: %w", err)
	}
	return nil
}

func (m *Memory) put(fingerprint [32]byte, write func(io.Writer) error) error {
	f, err := os.CreateTemp(m.dir, tempPrefix)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it was renamed
	defer f.Close()

	w := &recordWriter{w: f, sum: sha256.New()}
	if err := write(w); err != nil {
		return err
	}
	if _, err := f.Write(w.sum.Sum(nil)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := os.Rename(f.Name(), m.path(fingerprint)); err != nil {
		return err
	}
	m.forgetLocked()
	return nil
}

// Forget removes what was put under a fingerprint, if there is anything: it has
// turned out not to be what the files hold.
func (m *Memory) Forget(fingerprint [32]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := os.Remove(m.path(fingerprint)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.log.Warn("remembered hashes that are wrong cannot be removed", "file", m.path(fingerprint), "err", err)
	}
}

// forgetLocked removes the oldest records that are too many.
func (m *Memory) forgetLocked() {
	type record struct {
		path string
		used time.Time
	}
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		m.log.Warn("the memory of hashes cannot be listed", "err", err)
		return
	}
	var records []record
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), memorySuffix) {
			records = append(records, record{filepath.Join(m.dir, e.Name()), info.ModTime()})
		}
	}
	slices.SortFunc(records, func(x, y record) int {
		return cmp.Or(y.used.Compare(x.used), cmp.Compare(x.path, y.path))
	})
	for _, r := range records[min(maxRemembered, len(records)):] {
		if err := os.Remove(r.path); err != nil {
			m.log.Warn("an old record of hashes cannot be removed", "file", r.path, "err", err)
		}
	}
}

func (m *Memory) path(fingerprint [32]byte) string {
	return filepath.Join(m.dir, hex.EncodeToString(fingerprint[:])+memorySuffix)
}

var errDamagedRecord = errors.New("source: damaged record")

// readRecord reads a record and checks the SHA-256 at its end.
func readRecord(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxMemory+sha256.Size+1))
	if err != nil {
		return nil, err
	}
	end := len(b) - sha256.Size
	if end < 0 || end > maxMemory {
		return nil, errDamagedRecord
	}
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return nil, errDamagedRecord
	}
	return b[:end], nil
}

// A recordWriter writes the content of a record, with its bound kept.
type recordWriter struct {
	w   io.Writer
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

func (w *recordWriter) Write(p []byte) (int, error) {
	if w.n += int64(len(p)); w.n > maxMemory {
		return 0, errors.New("it is too large")
	}
	w.sum.Write(p)
	return w.w.Write(p)
}
