package app

import (
	"strings"

	"golang.org/x/sys/unix"
)

// machineKind says what machine this is: "laptop" or "desktop", or "" for a Mac whose
// model has a number and no name.
func machineKind() string {
	model, err := unix.Sysctl("hw.model")
	switch {
	case err != nil:
		return ""
	case strings.HasPrefix(model, "MacBook"):
		return "laptop"
	case strings.HasPrefix(model, "Macmini"), strings.HasPrefix(model, "MacPro"), strings.HasPrefix(model, "iMac"):
		return "desktop"
	}
	return ""
}
