//go:build !linux

package app

// machineKind says nothing here: there is no place to look it up that tells the
// truth on every machine.
func machineKind() string { return "" }
