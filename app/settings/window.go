package settings

import (
	"fmt"
	"strconv"
	"strings"
)

// A Theme says how light the window is.
type Theme string

// The themes.
const (
	ThemeSystem Theme = "system" // as the system has it
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// How large text may be, in percent.
const (
	MinTextSize = 80
	MaxTextSize = 200
)

func setTheme(s *Settings, v string) error {
	switch t := Theme(strings.ToLower(v)); t {
	case ThemeSystem, ThemeLight, ThemeDark:
		s.Theme = t
		return nil
	}
	return fmt.Errorf("%q is not a theme; it must be system, light or dark", v)
}

func setTextSize(s *Settings, v string) error {
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "%")))
	if err != nil || n < MinTextSize || n > MaxTextSize {
		return fmt.Errorf("%q is not a size of text; it must be a number from %d to %d, in percent", v, MinTextSize, MaxTextSize)
	}
	s.TextSize = n
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func setYesNo(to *bool, v string) error {
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "yes", "on", "true":
		*to = true
	case "no", "off", "false":
		*to = false
	default:
		return fmt.Errorf("%q is not an answer; it must be yes or no", v)
	}
	return nil
}
