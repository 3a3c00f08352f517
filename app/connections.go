package app

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"potluck/app/settings"
)

// manyConnections is how many are named: who runs containers has hundreds.
const manyConnections = 12

// connects refuses a network connection that this computer does not have when it is set:
// with that alone nobody would be found, and nothing would say why. One that was set before
// may be gone for a while.
func connects(said []string) func(settings.Settings) error {
	return func(s settings.Settings) error {
		all, err := net.Interfaces()
		if err != nil {
			return nil // then it cannot be told
		}
		var names []string
		for _, i := range all {
			names = append(names, i.Name)
		}
		shown := names
		if len(names) > manyConnections {
			shown = append(names[:manyConnections:manyConnections], "…")
		}
		for _, name := range s.Interfaces {
			if !slices.Contains(said, name) && !slices.Contains(names, name) {
				return fmt.Errorf("this computer has no network connection called %q; it has %s", name, strings.Join(shown, ", "))
			}
		}
		said = s.Interfaces
		return nil
	}
}
