package store

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// The kinds of records.
const (
	kindHeader   = iota + 1 // what is received, first record of every journal
	kindStaging             // the name of the staging folder, before it is made
	kindTraits              // of the file system, after that: staging is ready
	kindVerified            // a piece was checked and written
	kindSynced              // the disk has confirmed these pieces
	kindLost                // these pieces are not there any more
	kindSets                // all pieces that are complete, synced, suspect
	kindFailed              // an entry is not to be had
	kindIntent              // a top-level item is about to get this final name
	kindMaking              // a folder or file is about to be made there, to take the name
	kindMade                // it was made
	kindDone                // it has that name now
	kindKept                // hash of the wanted bytes of a piece, of which the others are not kept
	kindFinished            // all is in its final place
	kindFile                // a file of several pieces, or the edge file, was made
	kindSwap                // a damaged file is about to come into staging in exchange for the entry's
	endOfKinds
)

// A record is what the journal holds. Which fields count depends on the kind.
type record struct {
	kind byte

	header header // kindHeader
	text   string // kindStaging, kindIntent, kindDone: a name
	number int    // kindVerified, kindKept: piece; kindFailed, kindIntent, kindMaking, kindMade, kindDone: entry;
	// kindFile: 0 for the edge file, else 1 + entry; kindSwap: entry; kindTraits
	id     uint64    // kindIntent, kindMade, kindFile, kindSwap: identity of a file or folder; kindMaking: time in ns since 1970
	pieces []int     // kindSynced, kindLost
	sets   [3]bitset // kindSets
	hash   [32]byte  // kindKept
}

// A header says what a journal is about.
type header struct {
	share    [32]byte
	manifest [32]byte
	boot     string
	disk     uint64 // identity of the disk that the download folder is on
	want     bitset // chosen entries
}

var errRecord = errors.New("malformed record")

// append writes kind and payload.
func (r record) append(b []byte) []byte {
	b = append(b, r.kind)
	switch r.kind {
	case kindHeader:
		b = append(b, r.header.share[:]...)
		b = append(b, r.header.manifest[:]...)
		b = appendBytes(b, []byte(r.header.boot))
		b = binary.LittleEndian.AppendUint64(b, r.header.disk)
		b = appendBytes(b, r.header.want.bytes())
	case kindStaging:
		b = appendBytes(b, []byte(r.text))
	case kindTraits, kindVerified, kindFailed:
		b = binary.AppendUvarint(b, uint64(r.number))
	case kindSynced, kindLost:
		b = binary.AppendUvarint(b, uint64(len(r.pieces)))
		for _, p := range r.pieces {
			b = binary.AppendUvarint(b, uint64(p))
		}
	case kindSets:
		for _, set := range r.sets {
			b = appendBytes(b, set.bytes())
		}
	case kindIntent, kindMaking, kindMade, kindDone:
		b = binary.AppendUvarint(b, uint64(r.number))
		b = binary.LittleEndian.AppendUint64(b, r.id)
		b = appendBytes(b, []byte(r.text))
	case kindFile, kindSwap:
		b = binary.AppendUvarint(b, uint64(r.number))
		b = binary.LittleEndian.AppendUint64(b, r.id)
	case kindKept:
		b = binary.AppendUvarint(b, uint64(r.number))
		b = append(b, r.hash[:]...)
	}
	return b
}

// parseRecord reads what append wrote, for a share of so many entries and pieces.
func parseRecord(kind byte, payload []byte, entries, pieces int) (record, error) {
	r, p := record{kind: kind}, parser{b: payload}
	switch kind {
	case kindHeader:
		copy(r.header.share[:], p.take(32))
		copy(r.header.manifest[:], p.take(32))
		r.header.boot = string(p.bytes())
		r.header.disk = p.uint64()
		r.header.want = p.set(entries)
	case kindStaging:
		r.text = string(p.bytes())
	case kindTraits:
		r.number = p.number(1 << 8)
	case kindVerified:
		r.number = p.number(pieces)
	case kindFailed:
		r.number = p.number(entries)
	case kindSynced, kindLost:
		n := p.number(len(payload) + 1)
		for range n {
			r.pieces = append(r.pieces, p.number(pieces))
		}
	case kindSets:
		for i := range r.sets {
			r.sets[i] = p.set(pieces)
		}
	case kindIntent, kindMaking, kindMade, kindDone:
		r.number = p.number(entries)
		r.id = p.uint64()
		r.text = string(p.bytes())
	case kindFile:
		r.number = p.number(entries + 1)
		r.id = p.uint64()
	case kindSwap:
		r.number = p.number(entries)
		r.id = p.uint64()
	case kindKept:
		r.number = p.number(pieces)
		copy(r.hash[:], p.take(32))
	case kindFinished:
	default:
		return r, errRecord
	}
	if p.bad || len(p.b) > 0 {
		return r, errRecord
	}
	return r, nil
}

func appendBytes(b, text []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// A parser takes values off the front of b. Once something is missing, it is bad
// and yields zeros.
type parser struct {
	b   []byte
	bad bool
}

func (p *parser) take(n int) []byte {
	if p.bad || n > len(p.b) {
		p.bad = true
		return nil
	}
	b := p.b[:n]
	p.b = p.b[n:]
	return b
}

func (p *parser) uint64() uint64 {
	if b := p.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// number reads a number below limit.
func (p *parser) number(limit int) int {
	n, size := binary.Uvarint(p.b)
	if p.bad || size <= 0 || n >= uint64(limit) {
		p.bad = true
		return 0
	}
	p.b = p.b[size:]
	return int(n)
}

func (p *parser) bytes() []byte { return p.take(p.number(len(p.b) + 1)) }

func (p *parser) set(n int) bitset {
	set, ok := bitsetOf(p.bytes(), n)
	if !ok {
		p.bad = true
		return newBitset(n)
	}
	return set
}

// notes are what the records of a journal come to.
type notes struct {
	header   header
	staging  string // the name of the staging folder, made or not
	ready    bool   // it was made, and the traits are known
	traits   int
	complete bitset // pieces that were verified
	synced   bitset
	suspect  bitset
	failed   bitset
	intents  map[int]intent // of items that are not done
	places   places
	files    map[int]fileID // by entry, or edgeFile
	kept     map[int][32]byte
	swapped  map[int]fileID // damaged files that came into staging, by entry
	finished bool
}

// An intent is a final name that a top-level item was about to get.
type intent struct {
	name   string
	id     fileID // of the item, when it was still in staging
	making int64  // when something was about to be made there to take the name, in ns since 1970; or 0
	made   fileID // of what was made; 0 if that is not known
}

func newNotes(entries, pieces int) *notes {
	return &notes{
		complete: newBitset(pieces),
		synced:   newBitset(pieces),
		suspect:  newBitset(pieces),
		failed:   newBitset(entries),
		intents:  map[int]intent{},
		places:   places{done: newBitset(entries), name: map[int]string{}},
		files:    map[int]fileID{},
		kept:     map[int][32]byte{},
		swapped:  map[int]fileID{},
	}
}

// apply adds a record.
func (n *notes) apply(r record) {
	switch r.kind {
	case kindHeader:
		n.header = r.header
	case kindStaging:
		n.staging = r.text
		n.ready = false
	case kindTraits:
		n.traits, n.ready = r.number, true
	case kindVerified:
		n.complete.set(r.number)
		n.suspect.clear(r.number)
		n.synced.clear(r.number)
	case kindSynced:
		for _, p := range r.pieces {
			if n.complete.has(p) {
				n.synced.set(p)
			}
		}
	case kindLost:
		for _, p := range r.pieces {
			n.complete.clear(p)
			n.synced.clear(p)
			n.suspect.clear(p)
		}
	case kindSets:
		n.complete, n.synced, n.suspect = r.sets[0], r.sets[1], r.sets[2]
	case kindFailed:
		n.failed.set(r.number)
	case kindIntent:
		n.intents[r.number] = intent{name: r.text, id: fileID(r.id)}
	case kindMaking:
		in := n.intents[r.number]
		in.making = int64(r.id)
		n.intents[r.number] = in
	case kindMade:
		in := n.intents[r.number]
		in.made = fileID(r.id)
		n.intents[r.number] = in
	case kindDone:
		delete(n.intents, r.number)
		n.places.set(r.number, r.text, "") // no text: the local name
	case kindKept:
		n.kept[r.number] = r.hash
	case kindSwap:
		n.swapped[r.number] = fileID(r.id)
	case kindFile:
		n.files[r.number-1] = fileID(r.id)
	case kindFinished:
		n.finished = true
	}
}

// records returns the shortest journal that comes to the same.
func (n *notes) records() []record {
	list := []record{{kind: kindHeader, header: n.header}}
	if n.staging != "" {
		list = append(list, record{kind: kindStaging, text: n.staging})
	}
	if n.ready {
		list = append(list, record{kind: kindTraits, number: n.traits})
	}
	list = append(list, record{kind: kindSets, sets: [3]bitset{n.complete, n.synced, n.suspect}})
	n.failed.members(func(e int) { list = append(list, record{kind: kindFailed, number: e}) })
	n.places.done.members(func(e int) {
		list = append(list, record{kind: kindDone, number: e, text: n.places.name[e]})
	})
	for _, e := range slices.Sorted(maps.Keys(n.intents)) {
		in := n.intents[e]
		list = append(list, record{kind: kindIntent, number: e, text: in.name, id: uint64(in.id)})
		if in.making != 0 {
			list = append(list, record{kind: kindMaking, number: e, id: uint64(in.making)})
		}
		if in.made != 0 {
			list = append(list, record{kind: kindMade, number: e, id: uint64(in.made)})
		}
	}
	for _, e := range slices.Sorted(maps.Keys(n.files)) {
		list = append(list, record{kind: kindFile, number: e + 1, id: uint64(n.files[e])})
	}
	for _, p := range slices.Sorted(maps.Keys(n.kept)) {
		list = append(list, record{kind: kindKept, number: p, hash: n.kept[p]})
	}
	for _, e := range slices.Sorted(maps.Keys(n.swapped)) {
		list = append(list, record{kind: kindSwap, number: e, id: uint64(n.swapped[e])})
	}
	if n.finished {
		list = append(list, record{kind: kindFinished})
	}
	return list
}
