package manifest

// A list is a slice that grows without copying what it holds, and so without
// needing twice its memory while it does.
type list[T any] struct {
	blocks [][]T
	n      int
}

const blockBits = 12

func (l *list[T]) add(v T) {
	if l.n>>blockBits == len(l.blocks) {
		size := 1 << blockBits
		if l.n == 0 {
			size = 16 // most manifests are small
		}
		l.blocks = append(l.blocks, make([]T, 0, size))
	}
	last := &l.blocks[len(l.blocks)-1]
	*last = append(*last, v)
	l.n++
}

func (l *list[T]) at(i int) *T { return &l.blocks[i>>blockBits][i&(1<<blockBits-1)] }

// A nameList holds names end to end, in blocks that none of them crosses.
type nameList struct {
	blocks [][]byte
}

const nameBlock = 1 << 16

// add keeps name and returns where.
func (l *nameList) add(name []byte) uint32 {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last])+len(name) > nameBlock {
		size := nameBlock
		if last < 0 {
			size = 256
		}
		l.blocks = append(l.blocks, make([]byte, 0, size))
		last++
	}
	at := len(l.blocks[last])
	l.blocks[last] = append(l.blocks[last], name...)
	return uint32(last*nameBlock + at)
}

// at returns the name of length n that was kept at where. It must not be
// changed.
func (l *nameList) at(where uint32, n int) []byte {
	start := where % nameBlock
	return l.blocks[where/nameBlock][start : int(start)+n]
}

// A record is what is kept of an entry, in 24 bytes. Its path is its name
// behind that of the folder it is in, and its size is the distance to the next
// record's offset.
type record struct {
	offset int64  // in the stream
	mod    int64  // nanoseconds since 1970
	name   uint32 // where the name is
	bits   uint32 // the folder it is in (20 bits), the length of the name (11), is a folder (1)
}

// noFolder stands for the folder of an entry that is in none.
const noFolder = 1<<20 - 1

func newRecord(parent int, name uint32, nameLen int, dir bool, offset, mod int64) record {
	bits := uint32(parent)<<12 | uint32(nameLen)<<1
	if dir {
		bits |= 1
	}
	return record{offset: offset, mod: mod, name: name, bits: bits}
}

func (r *record) dir() bool    { return r.bits&1 != 0 }
func (r *record) nameLen() int { return int(r.bits >> 1 & (1<<11 - 1)) }
func (r *record) parent() int  { return int(r.bits >> 12) }
