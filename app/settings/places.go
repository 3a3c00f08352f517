package settings

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"github.com/adrg/xdg"
)

// Places are the folders of one device. Both are absolute.
type Places struct {
	Config string // settings and key
	State  string // what must survive a restart: journals, history, known devices
}

// PlacesFor returns where a device keeps its things. An empty state means the
// places that this system has for such things; else everything is below the
// folder state, so that several devices can live side by side.
//
// Nothing is created.
func PlacesFor(state string) (Places, error) {
	if state != "" {
		dir, err := filepath.Abs(state)
		if err != nil {
			return Places{}, fmt.Errorf("the state folder: %w", err)
		}
		return Places{Config: dir, State: dir}, nil
	}
	name := "Potluck"
	if runtime.GOOS == "linux" {
		name = "potluck"
	}
	p := Places{Config: filepath.Join(xdg.ConfigHome, name), State: filepath.Join(xdg.StateHome, name)}
	if !filepath.IsAbs(p.Config) || !filepath.IsAbs(p.State) {
		return Places{}, errors.New("this user has no home folder to keep the state in; name a folder with --state")
	}
	return p, nil
}

// SettingsFile is where the settings lie.
func (p Places) SettingsFile() string { return filepath.Join(p.Config, "settings.json") }

// ToldFile is there when the person has been told that closing the window keeps
// Potluck running.
func (p Places) ToldFile() string { return filepath.Join(p.State, "told") }

// KeyFile is where the device's key lies.
func (p Places) KeyFile() string { return filepath.Join(p.Config, "device.key") }
