package main

import (
	"os"

	"potluck/app/settings"
)

// told reports whether the person knows that closing the window keeps Potluck
// running.
func told(places settings.Places) bool {
	_, err := os.Stat(places.ToldFile())
	return err == nil
}

// tell remembers that.
func tell(places settings.Places) error { return os.WriteFile(places.ToldFile(), nil, 0o600) }
