package session

import (
	"time"

	"golang.org/x/sys/windows"
)

// setUserTimeout makes the kernel give up a connection whose other end has not
// acknowledged anything for so long.
func setUserTimeout(fd uintptr, d time.Duration) error {
	return windows.SetsockoptInt(windows.Handle(fd), windows.IPPROTO_TCP, windows.TCP_MAXRT, int(d.Seconds()))
}
