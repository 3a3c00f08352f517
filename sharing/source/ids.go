package source

import "sort"

// identities remembers which file each entry is: an inode for each, and the
// device only where it differs from that of the entry before.
//
// Device numbers hold until the next restart of the machine at most, so they
// are not saved: devices is empty in a loaded source.
type identities struct {
	inodes  []uint64
	devices []deviceRun
}

// A deviceRun is the device of the entries from first on.
type deviceRun struct {
	first int
	dev   uint64
}

func (x *identities) add(dev, ino uint64) {
	if last := len(x.devices) - 1; last < 0 || x.devices[last].dev != dev {
		x.devices = append(x.devices, deviceRun{len(x.inodes), dev})
	}
	x.inodes = append(x.inodes, ino)
}

// last returns the device of the entry added last, or 0.
func (x *identities) last() uint64 { return x.device(len(x.inodes) - 1) }

// matches reports whether i is the file seen as the given entry, as far as both
// are known.
func (x *identities) matches(entry int, i fileInfo) bool {
	if ino := x.inodes[entry]; ino != 0 && i.ino != 0 && ino != i.ino {
		return false
	}
	dev := x.device(entry)
	return dev == 0 || i.dev == 0 || dev == i.dev
}

// device returns 0 if it is not known.
func (x *identities) device(entry int) uint64 {
	n := sort.Search(len(x.devices), func(n int) bool { return x.devices[n].first > entry })
	if n == 0 {
		return 0
	}
	return x.devices[n-1].dev
}
