package source

import (
	"crypto/sha256"
	"encoding/binary"
)

// Fingerprint identifies the files as they were at the scan: which they are on
// disk, their paths, sizes and times. Two sources with the same fingerprint have
// the same stream, so that hashes of one are good for the other; it is the key of
// [Memory]. It does not depend on the device number, which changes when the
// machine or a disk is restarted.
func (s *Source) Fingerprint() [32]byte { return s.fingerprint() }

func (s *Source) computeFingerprint() (sum [32]byte) {
	h := sha256.New()
	h.Write([]byte("potluck source fingerprint 1\n"))
	hash := s.manifest.Hash() // paths, sizes and times
	h.Write(hash[:])
	var buf []byte
	for i, inode := range s.ids.inodes {
		if s.manifest.Dir(i) {
			continue // a folder has no content
		}
		if buf = binary.LittleEndian.AppendUint64(buf, inode); len(buf) >= 4096 {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	h.Write(buf)
	h.Sum(sum[:0])
	return sum
}
