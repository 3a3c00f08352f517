package store

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/windows"
)

// Errors of the system, as tests make it return them.
const (
	noSpaceError  = windows.ERROR_DISK_FULL
	readOnlyError = windows.ERROR_WRITE_PROTECT
	refusedError  = windows.ERROR_NOT_SUPPORTED
)

// checkMark returns an error unless a file has the mark of the web.
func checkMark(path string) error {
	b, err := os.ReadFile(path + ":Zone.Identifier")
	if err == nil && !strings.Contains(string(b), "ZoneId=3") {
		err = errors.New("mark without zone")
	}
	return err
}
