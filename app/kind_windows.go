package app

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// powerStatus is SYSTEM_POWER_STATUS of the Windows API.
type powerStatus struct {
	acLine, battery, percent, saver byte
	left, full                      uint32
}

// noBattery is in powerStatus.battery of a machine that has none; allBits if Windows
// cannot tell.
const (
	noBattery = 128
	allBits   = 255
)

// machineKind says what machine this is: one with a battery is a "laptop", every
// other one a "desktop".
func machineKind() string {
	var s powerStatus
	ok, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus").Call(uintptr(unsafe.Pointer(&s)))
	if ok != 0 && s.battery != allBits && s.battery&noBattery == 0 {
		return "laptop"
	}
	return "desktop"
}
