package source

// What differs between systems is in the twins folder_unix.go and
// folder_windows.go:
//
//	type folder                                     an open folder
//	openFolder(path) (*folder, error)               follows links: for what a person named
//	(*folder) folder(name) (*folder, error)         a folder in it, never through a link
//	(*folder) list() (listing, error)               what is in it; on an error, what was read so far
//	(*folder) stat(rel) (fileInfo, error)           of the thing itself, not of a link's target
//	(*folder) open(rel) (file, error)               never through a link, never waiting for a pipe
//	(*folder) close()
//
//	type file                                       an open file
//	(file) ReadAt(p, off) (int, error)
//	(file) stat() (fileInfo, error)
//	(file) close()
//
// A rel is a path below the folder with the separator of the system.

// A kind is as much of a file's mode as matters here.
type kind uint8

const (
	isFile kind = iota
	isFolder
	isLink
	isSpecial
)

// fileInfo is what is remembered and compared of a file.
type fileInfo struct {
	kind  kind
	size  int64
	mtime int64  // nanoseconds since 1970
	dev   uint64 // 0 if not known
	ino   uint64 // 0 if not known
}

// A listing is what a folder holds.
type listing struct {
	names []string
	info  func(name string) (fileInfo, error) // safe for use by several goroutines
}
