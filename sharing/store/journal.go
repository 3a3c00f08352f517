package store

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A journal is an append-only file of records. It begins with a line that names
// the format and a random mark, which also seeds the checksums, so that what
// an older file left on the disk does not pass for a record of this one:
//
//	"potluck journal 1\n" mark[16]  then for each record:
//	length[4] of what follows but the checksum, kind[1], payload, crc32c[4]
//
// Numbers are little endian. What a kind holds is in record.go.
type journal struct {
	path string
	sys  *system
	mark [16]byte

	mu   sync.Mutex // guards what follows
	f    *os.File
	size int64 // up to where the file is good; a failed write is written over
}

const (
	journalName  = "journal"
	journalMagic = "potluck journal 1\n"
	journalHead  = len(journalMagic) + 16

	maxRecord = 1 << 30
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends a record of the journal to b.
func (j *journal) appendRecord(b []byte, r record) []byte {
	return appendRaw(b, j.mark, r.append(nil))
}

// appendRaw appends a record of this kind and payload.
func appendRaw(b []byte, mark [16]byte, r []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(r)))
	b = append(b, r...)
	return binary.LittleEndian.AppendUint32(b, checksum(mark, b[start:]))
}

func checksum(mark [16]byte, b []byte) uint32 {
	return crc32.Update(crc32.Checksum(mark[:], castagnoli), castagnoli, b)
}

// append writes records with one call to the system: they survive the end of
// the process, but maybe not a power failure.
func (j *journal) append(records ...record) error {
	var b []byte
	for _, r := range records {
		b = j.appendRecord(b, r)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.f == nil {
		return ErrClosed
	}
	if err := j.sys.do("journal"); err != nil {
		return j.error(err)
	}
	if _, err := j.f.WriteAt(b, j.size); err != nil {
		return j.error(err)
	}
	j.size += int64(len(b))
	return nil
}

// sync has the disk confirm what was appended.
func (j *journal) sync() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.f == nil {
		return ErrClosed
	}
	if err := j.sys.do("journal sync"); err != nil {
		return j.error(err)
	}
	if err := j.f.Sync(); err != nil {
		return j.error(err)
	}
	return nil
}

// rewrite replaces the file, or makes it, so that it holds exactly these
// records, and has the disk confirm that. If that fails, the old file stays.
func (j *journal) rewrite(records []record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	b := append([]byte(journalMagic), j.mark[:]...)
	for _, r := range records {
		b = j.appendRecord(b, r)
	}
	if err := j.sys.do("journal"); err != nil {
		return j.error(err)
	}
	next := j.path + ".new"
	if err := writeSynced(next, b); err != nil {
		os.Remove(next)
		return j.error(err)
	}
	// Closed first, because Windows renames nothing that is open.
	if j.f != nil {
		j.f.Close()
		j.f = nil
	}
	renameErr := os.Rename(next, j.path)
	f, err := os.OpenFile(j.path, os.O_RDWR, 0)
	if err != nil {
		return j.error(errors.Join(renameErr, err))
	}
	j.f = f
	if renameErr != nil {
		os.Remove(next)
		return j.error(renameErr)
	}
	j.size = int64(len(b))
	if folder, err := os.Open(filepath.Dir(j.path)); err == nil {
		syncFolder(folder)
		folder.Close()
	}
	return nil
}

// writeSynced makes a file, and has the disk confirm it.
func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// error says what is wrong with the journal in a sentence.
func (j *journal) error(err error) error {
	why := "they cannot be written"
	switch {
	case isNoSpace(err):
		return &NoSpaceError{Folder: filepath.Dir(j.path)}
	case isReadOnly(err):
		why = "the disk is read-only"
	case errors.Is(err, fs.ErrPermission):
		why = "you may not write there"
	}
	return &JournalError{Path: j.path, Why: why, Err: err}
}

func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.f != nil {
		j.f.Close()
		j.f = nil
	}
}

func newMark() (mark [16]byte) {
	rand.Read(mark[:])
	return mark
}

// readJournal calls each for the records of a journal, in order, until one is
// torn or damaged. It reports damaged if good records follow that one: then it
// is not merely the end of what was written. The error is ErrNothing if there is
// no journal.
func readJournal(path string, each func(kind byte, payload []byte) error) (mark [16]byte, damaged bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return mark, false, ErrNothing
	}
	if err != nil {
		return mark, false, &JournalError{Path: path, Why: "they cannot be read", Err: err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return mark, false, &JournalError{Path: path, Why: "they cannot be read", Err: err}
	}
	head := make([]byte, journalHead)
	if _, err := io.ReadFull(f, head); err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return mark, false, &JournalError{Path: path, Why: "they cannot be read", Err: err}
	} else if err != nil || string(head[:len(journalMagic)]) != journalMagic {
		return mark, false, &JournalError{Path: path, Why: "they are damaged"}
	}
	copy(mark[:], head[len(journalMagic):])
	r := bufio.NewReaderSize(f, 1<<16)
	at := int64(journalHead)
	for at < info.Size() {
		payload, err := readRecord(r, mark, info.Size()-at)
		if err == nil {
			err = each(payload[0], payload[1:])
		}
		if err != nil {
			rest, err := io.ReadAll(io.NewSectionReader(f, at+1, info.Size()-at-1))
			return mark, err != nil || holdsRecord(rest, mark), nil
		}
		at += int64(len(payload)) + 8
	}
	return mark, false, nil
}

var errTorn = errors.New("torn record")

// readRecord reads one record of at most left bytes.
func readRecord(r io.Reader, mark [16]byte, left int64) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := int64(binary.LittleEndian.Uint32(length[:]))
	if n < 1 || n > maxRecord || n+8 > left {
		return nil, errTorn
	}
	b := make([]byte, 4+n+4)
	copy(b, length[:])
	if _, err := io.ReadFull(r, b[4:]); err != nil {
		return nil, err
	}
	if checksum(mark, b[:4+n]) != binary.LittleEndian.Uint32(b[4+n:]) {
		return nil, errTorn
	}
	return b[4 : 4+n], nil
}

// holdsRecord reports whether there is a good record anywhere in b. It looks at
// the first megabyte; whoever has damaged more has damaged all.
func holdsRecord(b []byte, mark [16]byte) bool {
	b = b[:min(len(b), 1<<20)]
	for i := range b {
		if len(b)-i < 9 {
			return false
		}
		n := binary.LittleEndian.Uint32(b[i:])
		if n < 1 || n > 1<<16 || int(n)+8 > len(b)-i || b[i+4] >= endOfKinds || b[i+4] == 0 {
			continue
		}
		if _, err := readRecord(bytes.NewReader(b[i:]), mark, int64(len(b)-i)); err == nil {
			return true
		}
	}
	return false
}
