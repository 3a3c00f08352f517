package login

import (
	"errors"
	"strings"

	"golang.org/x/sys/windows/registry"
)

// set keeps a value of the person's own part of the registry.
func set(p Program, on bool) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\Microsoft\Windows\CurrentVersion\Run`, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if !on {
		if err := key.DeleteValue(p.ID); !errors.Is(err, registry.ErrNotExist) {
			return err
		}
		return nil
	}
	return key.SetStringValue(p.ID, strings.Join(append([]string{`"` + p.Path + `"`}, p.Args...), " "))
}
