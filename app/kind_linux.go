package app

import (
	"os"
	"strings"
)

// machineKind says what machine this is, as far as its firmware tells: "laptop",
// "desktop", "server" or "".
func machineKind() string {
	number, err := os.ReadFile("/sys/class/dmi/id/chassis_type")
	if err != nil {
		return ""
	}
	return chassis(strings.TrimSpace(string(number)))
}

// chassis reads the type of a chassis as SMBIOS numbers them.
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
