package app

import (
	"os"
	"path/filepath"
	"strings"
)

// machineKind says what machine this is: "laptop", "desktop" or "server". Where the
// firmware does not tell, as in a virtual machine, one with a battery is a laptop
// and every other one a desktop.
func machineKind() string { return kindFrom("/sys/class") }

func kindFrom(sys string) string {
	number, err := os.ReadFile(filepath.Join(sys, "dmi/id/chassis_type"))
	if kind := chassis(strings.TrimSpace(string(number))); err == nil && kind != "" {
		return kind
	}
	if batteries, _ := filepath.Glob(filepath.Join(sys, "power_supply/BAT*")); len(batteries) > 0 {
		return "laptop"
	}
	return "desktop"
}

// chassis reads the type of a chassis as SMBIOS numbers them; "" for one that does
// not tell.
func chassis(number string) string {
	switch number {
	case "8", "9", "10", "14", "30", "31", "32":
		return "laptop"
	case "3", "4", "5", "6", "7", "13", "15", "16", "24", "35", "36":
		return "desktop"
	case "17", "23", "28", "29":
		return "server"
	}
	return ""
}
