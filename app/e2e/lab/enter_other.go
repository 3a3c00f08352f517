//go:build !linux

package lab

import "errors"

// Enter runs main and returns its exit code: a lab is made of Linux's
// namespaces.
func Enter(main func() int) int {
	missing = errors.New("the lab is made of Linux's network namespaces")
	return main()
}

// BuildWindows does nothing: there is no lab to run it in.
func BuildWindows(string) {}
