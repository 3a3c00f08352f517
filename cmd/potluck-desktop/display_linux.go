package main

import "os"

// preferX11 chooses X11 where there is a choice: native Wayland does not say
// where a drop fell.
func preferX11() {
	both := os.Getenv("DISPLAY") != "" && os.Getenv("WAYLAND_DISPLAY") != ""
	if both && os.Getenv("FYNE_PLATFORM") == "" {
		_ = os.Setenv("FYNE_PLATFORM", "x11")
	}
}
