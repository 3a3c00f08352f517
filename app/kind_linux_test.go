package app

import "testing"

func TestChassis(t *testing.T) {
	for number, want := range map[string]string{"9": "laptop", "10": "laptop", "3": "desktop", "23": "server", "1": "", "": "", "x": ""} {
		if got := chassis(number); got != want {
			t.Errorf("chassis %q is a %q, want %q", number, got, want)
		}
	}
}
