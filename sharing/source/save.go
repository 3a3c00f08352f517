package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"slices"

	"potluck/sharing/manifest"
)

// What Save writes is a line, then sections, each a length of four bytes, big
// endian, and its content, then the SHA-256 of all this.
//
//	description  JSON, see saved
//	manifest     as manifest.Encode writes it
//	identities   the inode of each entry as the difference from the one before, a varint
const savedAs = "potluck source 1\n"

// maxSection bounds each section. A manifest's own bound is smaller.
const maxSection = 128 << 20

// ErrDamaged is wrapped in the error of [Load] when what it reads is not what
// [Source.Save] wrote.
var ErrDamaged = errors.New("the record of the shared files is damaged")

// saved is the description section. Paths and names on disk are bytes, since not
// all of them are valid UTF-8.
type saved struct {
	Paths    [][]byte       `json:"paths"`
	Tops     []savedTop     `json:"tops"`
	Names    map[int][]byte `json:"names,omitempty"`
	Renamed  []savedRenamed `json:"renamed,omitempty"`
	Renames  int            `json:"renames,omitempty"`
	LeftOut  []LeftOut      `json:"leftOut,omitempty"`
	LeftOuts int            `json:"leftOuts,omitempty"`
	Failed   []savedFailure `json:"failed,omitempty"` // the first first
}

type savedTop struct {
	Name string `json:"name"`
	Path []byte `json:"path"`
	Dir  bool   `json:"dir,omitempty"`
}

type savedRenamed struct {
	Entry int    `json:"entry"`
	From  []byte `json:"from"`
	To    string `json:"to"`
}

type savedFailure struct {
	Entry int    `json:"entry"`
	Why   Reason `json:"why"`
}

// Save writes what [Load] needs to go on with this share after a restart, failures
// included. It does not buffer w, and takes as much memory as the compressed
// manifest meanwhile.
func (s *Source) Save(w io.Writer) error {
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	if _, err := io.WriteString(out, savedAs); err != nil {
		return err
	}
	description, err := json.Marshal(s.describe())
	if err != nil {
		return err
	}
	if err := writeSection(out, description); err != nil {
		return err
	}
	var m bytes.Buffer
	if err := s.manifest.Encode(&m); err != nil {
		return err
	}
	if err := writeSection(out, m.Bytes()); err != nil {
		return err
	}
	if err := writeSection(out, s.ids.encode()); err != nil {
		return err
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

func (s *Source) describe() *saved {
	d := &saved{Renames: s.renamed.count, LeftOut: s.left.first, LeftOuts: s.left.count}
	for _, p := range s.paths {
		d.Paths = append(d.Paths, []byte(p))
	}
	for _, t := range s.tops {
		d.Tops = append(d.Tops, savedTop{t.name, []byte(t.path), t.dir})
	}
	for _, r := range s.renamed.first {
		d.Renamed = append(d.Renamed, savedRenamed{r.Entry, []byte(r.From), r.To})
	}
	d.Names = make(map[int][]byte, len(s.names))
	for i, name := range s.names {
		d.Names[i] = []byte(name)
	}
	for _, f := range s.Failures() {
		d.Failed = append(d.Failed, savedFailure{f.Entry, f.Why})
	}
	return d
}

func writeSection(w io.Writer, b []byte) error {
	if len(b) > maxSection {
		return errors.New("source: too much to be saved")
	}
	if _, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b)))); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

// Load reads what [Source.Save] wrote. It looks at no file: whether each is still
// what it was is found out when it is read.
//
// The error wraps [ErrDamaged] if r gives anything else, whatever it is; that
// takes bounded memory. Otherwise it is that of ctx or of r.
func Load(ctx context.Context, r io.Reader) (*Source, error) {
	in := &savedReader{ctx: ctx, r: r, sum: sha256.New()}
	s, err := in.source()
	switch {
	case err == nil:
		return s, nil
	case in.err != nil:
		return nil, in.err
	}
	return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
}

// A savedReader reads the parts of what was saved.
type savedReader struct {
	ctx context.Context
	r   io.Reader
	sum hash.Hash
	err error // of ctx or r, which is not the fault of what was saved
}

func (in *savedReader) Read(p []byte) (int, error) {
	if in.err = in.ctx.Err(); in.err != nil {
		return 0, in.err
	}
	n, err := in.r.Read(p)
	in.sum.Write(p[:n])
	if err != nil && err != io.EOF {
		in.err = err
	}
	return n, err
}

func (in *savedReader) source() (*Source, error) {
	line := make([]byte, len(savedAs))
	if _, err := io.ReadFull(in, line); err != nil {
		return nil, err
	}
	if string(line) != savedAs {
		return nil, errors.New("it begins differently")
	}
	var d saved
	description, err := in.section()
	if err == nil {
		err = json.Unmarshal(description, &d)
	}
	if err != nil {
		return nil, err
	}
	encoded, err := in.section()
	if err != nil {
		return nil, err
	}
	inodes, err := in.section()
	if err != nil {
		return nil, err
	}
	if err := in.checkSum(); err != nil {
		return nil, err
	}
	m, err := manifest.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, err
	}
	return d.source(m, inodes)
}

// section reads a section; it takes no more memory than there is to be read.
func (in *savedReader) section() ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, err
	}
	length := int64(binary.BigEndian.Uint32(head[:]))
	if length > maxSection {
		return nil, errors.New("a section is too long")
	}
	b, err := io.ReadAll(io.LimitReader(in, length))
	if err == nil && int64(len(b)) < length {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// source puts a source together, if the parts fit.
func (d *saved) source(m *manifest.Manifest, inodes []byte) (*Source, error) {
	tops := make([]top, len(d.Tops))
	for i, t := range d.Tops {
		tops[i] = top{path: string(t.Path), dir: t.Dir, name: t.Name}
		if !filepath.IsAbs(tops[i].path) {
			return nil, fmt.Errorf("%q is not an absolute path", t.Path)
		}
	}
	paths := make([]string, len(d.Paths))
	for i, p := range d.Paths {
		paths[i] = string(p)
	}
	s := newSource(m, paths, tops)
	if err := s.checkTops(); err != nil {
		return nil, err
	}
	if err := s.ids.decode(inodes, m.Len()); err != nil {
		return nil, err
	}
	s.names = make(map[int]string, len(d.Names))
	for i, name := range d.Names {
		if i < 0 || i >= m.Len() || !isName(string(name)) {
			return nil, fmt.Errorf("%q is no name of an entry", name)
		}
		s.names[i] = string(name)
	}
	s.left = leftOut{d.LeftOut, d.LeftOuts}
	s.renamed.count = d.Renames
	for _, r := range d.Renamed {
		s.renamed.first = append(s.renamed.first, manifest.Renamed{Entry: r.Entry, From: string(r.From), To: r.To})
	}
	for _, f := range d.Failed {
		if f.Entry < 0 || f.Entry >= m.Len() {
			return nil, fmt.Errorf("there is no entry %d", f.Entry)
		}
		s.failures.add(f.Entry, f.Why)
	}
	return s, nil
}

// checkTops checks that tops are the top-level items of the manifest.
func (s *Source) checkTops() error {
	n := 0
	for i := range s.manifest.Len() {
		if s.manifest.Parent(i) >= 0 {
			continue
		}
		n++
		t, ok := s.topOf[s.manifest.Name(i)]
		if !ok || s.tops[t].dir != s.manifest.Dir(i) {
			return fmt.Errorf("it is not known where %q is", s.manifest.Name(i))
		}
	}
	if n != len(s.tops) {
		return errors.New("it names other items than its list of files")
	}
	return nil
}

// isName reports whether name is one step down a path.
func isName(name string) bool {
	return name == filepath.Base(name) && filepath.IsLocal(name) && name != "."
}

func (x *identities) encode() []byte {
	b := make([]byte, 0, 2*len(x.inodes))
	var last uint64
	for _, inode := range x.inodes {
		b = binary.AppendVarint(b, int64(inode-last))
		last = inode
	}
	return b
}

func (x *identities) decode(b []byte, n int) error {
	x.inodes = slices.Grow(x.inodes, n)
	var last uint64
	for range n {
		diff, size := binary.Varint(b)
		if size <= 0 {
			return errors.New("an entry has no identity")
		}
		b, last = b[size:], last+uint64(diff)
		x.inodes = append(x.inodes, last)
	}
	if len(b) > 0 {
		return errors.New("there are more identities than entries")
	}
	return nil
}
