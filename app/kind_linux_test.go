package app

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMachineKind(t *testing.T) {
	for name, c := range map[string]struct {
		chassis string // "-": none
		battery bool
		want    string
	}{
		"laptop":                {"9\n", true, "laptop"},
		"convertible":           {"31\n", false, "laptop"},
		"tower":                 {"7\n", false, "desktop"},
		"rack":                  {"23\n", false, "server"},
		"virtual machine":       {"1\n", false, "desktop"},
		"laptop that is silent": {"2\n", true, "laptop"},
		"board":                 {"-", false, "desktop"},
		"nonsense":              {"x", false, "desktop"},
	} {
		sys := t.TempDir()
		for _, folder := range []string{"dmi/id", "power_supply"} {
			if err := os.MkdirAll(filepath.Join(sys, folder), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if c.chassis != "-" {
			if err := os.WriteFile(filepath.Join(sys, "dmi/id/chassis_type"), []byte(c.chassis), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if c.battery {
			if err := os.Mkdir(filepath.Join(sys, "power_supply/BAT0"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if got := kindFrom(sys); got != c.want {
			t.Errorf("%s: a %q, want %q", name, got, c.want)
		}
	}
}
