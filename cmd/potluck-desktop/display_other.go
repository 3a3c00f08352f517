//go:build !linux

package main

// preferX11 has no choice to make here.
func preferX11() {}
