package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// What SaveStamps writes is a line, then sections as Save writes them, then the
// SHA-256 of all this.
//
//	description  JSON, see stamped
//	identities   as in Save
//	times        of each entry the difference from that in the manifest, a varint; nothing if all are 0
const stampedAs = "potluck stamps 1\n"

// stamped is the description section.
type stamped struct {
	Manifest []byte         `json:"manifest"` // its hash
	Names    map[int][]byte `json:"names,omitempty"`
	Failed   []savedFailure `json:"failed,omitempty"`
}

// SaveStamps writes what tells whether the files of a placed source are still those
// that were received, for [LoadPlaced]. That is a few bytes for each of them.
func (s *Source) SaveStamps(w io.Writer) error {
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	if _, err := io.WriteString(out, stampedAs); err != nil {
		return err
	}
	hash := s.manifest.Hash()
	d := stamped{Manifest: hash[:], Names: make(map[int][]byte, len(s.names))}
	for i, name := range s.names {
		d.Names[i] = []byte(name)
	}
	for _, f := range s.Failures() {
		d.Failed = append(d.Failed, savedFailure{f.Entry, f.Why})
	}
	description, err := json.Marshal(d)
	if err != nil {
		return err
	}
	for _, section := range [][]byte{description, s.ids.encode(), s.encodeTimes()} {
		if err := writeSection(out, section); err != nil {
			return err
		}
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

// LoadPlaced returns the source of files that were received, as they were when
// [Source.SaveStamps] wrote what r gives. It looks at no file.
//
// The error wraps [ErrDamaged] if r gives anything else, or what belongs to another
// manifest; that takes bounded memory. Otherwise it is that of ctx or of r.
func LoadPlaced(ctx context.Context, p Places, r io.Reader) (*Source, error) {
	in := &savedReader{ctx: ctx, r: r, sum: sha256.New()}
	s := newPlaced(p)
	err := in.stamps(s)
	switch {
	case err == nil:
		return s, nil
	case in.err != nil:
		return nil, in.err
	}
	return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
}

func (in *savedReader) stamps(s *Source) error {
	line := make([]byte, len(stampedAs))
	if _, err := io.ReadFull(in, line); err != nil {
		return err
	}
	if string(line) != stampedAs {
		return errors.New("it begins differently")
	}
	var sections [3][]byte
	for i := range sections {
		var err error
		if sections[i], err = in.section(); err != nil {
			return err
		}
	}
	if err := in.checkSum(); err != nil {
		return err
	}
	var d stamped
	if err := json.Unmarshal(sections[0], &d); err != nil {
		return err
	}
	return d.apply(s, sections[1], sections[2])
}

// checkSum compares what was read so far with the checksum that comes next.
func (in *savedReader) checkSum() error {
	want := in.sum.Sum(nil)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(in, got); err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return errors.New("its checksum is wrong")
	}
	return nil
}

// apply puts stamps on a placed source, if they fit.
func (d *stamped) apply(s *Source, inodes, times []byte) error {
	n := s.manifest.Len()
	if hash := s.manifest.Hash(); !bytes.Equal(hash[:], d.Manifest) {
		return errors.New("it is about another list of files")
	}
	if err := s.ids.decode(inodes, n); err != nil {
		return err
	}
	for i, name := range d.Names {
		if i < 0 || i >= n || !isName(string(name)) {
			return fmt.Errorf("%q is no name of an entry", name)
		}
		s.names[i] = string(name)
	}
	for _, f := range d.Failed {
		if f.Entry < 0 || f.Entry >= n {
			return fmt.Errorf("there is no entry %d", f.Entry)
		}
		s.failures.add(f.Entry, f.Why)
	}
	return s.decodeTimes(times)
}

func (s *Source) encodeTimes() []byte {
	if s.times == nil {
		return nil
	}
	b := make([]byte, 0, 2*len(s.times))
	for i, t := range s.times {
		b = binary.AppendVarint(b, t-s.manifest.Time(i))
	}
	return b
}

func (s *Source) decodeTimes(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	s.times = make([]int64, s.manifest.Len())
	for i := range s.times {
		diff, size := binary.Varint(b)
		if size <= 0 {
			return errors.New("an entry has no time")
		}
		b = b[size:]
		s.times[i] = s.manifest.Time(i) + diff
	}
	if len(b) > 0 {
		return errors.New("there are more times than entries")
	}
	return nil
}
