// Package login has a program started when the person logs in, by what each
// system has for that: a file in the autostart folder, a value in the registry, a
// launch agent. It touches nothing but its own entry.
package login

import (
	"fmt"
	"os"
)

// A Program is what is started.
type Program struct {
	ID   string   // required; names the entry, as in "net.potluck.Potluck"
	Name string   // required; what people call it
	Path string   // required; absolute
	Args []string // without spaces or quotation marks
}

// Self returns this very program with arguments.
func Self(id, name string, args ...string) (Program, error) {
	path, err := os.Executable()
	if err != nil {
		return Program{}, fmt.Errorf("finding out what to start at login: %w", err)
	}
	return Program{ID: id, Name: name, Path: path, Args: args}, nil
}

// Set has the program started at login, or not any more. What is so already is
// left alone.
func Set(p Program, on bool) error {
	if err := set(p, on); err != nil {
		return fmt.Errorf("starting at login cannot be changed: %w", err)
	}
	return nil
}
