package source

import "golang.org/x/sys/unix"

// openFile opens a file below the folder in one system call, in which the kernel
// itself refuses every link on the way. Old kernels and some containers do not
// know or allow that call.
func (d *folder) openFile(rel string) (int, error) {
	if len(rel) > maxPath {
		return d.openStepwise(rel)
	}
	fd, err := retry(func() (int, error) {
		return unix.Openat2(d.fd, rel, &unix.OpenHow{
			Flags:   fileFlags,
			Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS,
		})
	})
	switch err {
	case unix.ENOSYS, unix.EPERM, unix.EAGAIN, unix.EINVAL:
		return d.openStepwise(rel)
	}
	return fd, err
}
