//go:build !linux

// Bench measures how fast files move. It needs Linux's network namespaces.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: needs Linux, for hosts on one machine")
	os.Exit(1)
}
