package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableEscapes makes the console f understand escape sequences, and reports
// whether it does.
func enableEscapes(f *os.File) bool {
	var mode uint32
	console := windows.Handle(f.Fd())
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
