// Package manifest describes what is in a share: the names, sizes and times of
// its files and folders, and nothing else. It is what a receiver sees before
// saying yes, and the one door through which a foreign name enters Potluck.
//
// # Making one
//
// The sharer adds what it found, in any order, and builds:
//
//	var b manifest.Builder
//	for _, found := range walk {
//		if err := b.Add(manifest.Entry{Path: found.path, Size: found.size, ModTime: found.time}); err != nil {
//			return err
//		}
//	}
//	m, err := b.Build()
//
// A [Manifest] never changes. It puts the files one after another, in the order
// of their paths, into one stream: [Manifest.Offset] says where a file begins
// in it and [Manifest.At] which file holds a byte of it.
//
// # On the wire
//
// [Manifest.Encode] writes one JSON object a line, compressed with zstd:
//
//	{"p":"Photos","d":true,"m":1763700000000000000}
//	{"p":"Photos/sea.jpg","s":2481234,"m":1763700000000000000}
//
// p is the path, s the size in bytes, m the time of the last change in
// nanoseconds since 1970, d marks a folder. There is exactly one way to write a
// manifest, so [Manifest.Hash], the SHA-256 of the uncompressed lines, names
// its content: no spaces, members in the order shown, numbers without leading
// zeros, and in a path only the quotation mark, the backslash (each behind a
// backslash) and the characters below U+0020 (as \u00 and two lower-case hex
// digits) are escaped. The lines are in strictly increasing byte order of their
// paths; every folder on the way to an entry is an entry of its own.
//
// # What is refused, and what is renamed
//
// [Decode] trusts nothing. What tries to escape (.., an absolute path, a drive),
// contradicts itself (the same path twice, a file used as a folder) or is beyond
// the limits refuses the whole manifest with an [InvalidError], and it does so on
// every system alike, in bounded memory.
//
// What is merely impossible or unwise on the receiver's system gets a visible
// other name instead: [Localize] gives every entry a local path that is legal
// there and unique, says what it renamed, and leaves the rest alone.
//
// # Showing names
//
// A foreign name can still lie on a screen. [Printable] is for terminals and
// logs, [DisplayName] for the names of devices, and [Kind] tells what a file
// really is, whatever its name pretends.
package manifest
