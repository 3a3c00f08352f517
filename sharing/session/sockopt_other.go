//go:build !linux && !darwin && !windows

package session

import "time"

// setUserTimeout does nothing: the keep-alive of TCP and that of the session
// have to find out.
func setUserTimeout(uintptr, time.Duration) error { return nil }
