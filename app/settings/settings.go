package settings

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"potluck/sharing"
	"potluck/sharing/manifest"
)

// MaxName is how many bytes the name of a device may have.
const MaxName = 64

// SystemLanguage is the language setting that follows the system.
const SystemLanguage = "system"

// Settings are all settings, each with a value.
type Settings struct {
	Name       string             `json:"name"`       // what others see
	Downloads  string             `json:"downloads"`  // absolute
	Listen     string             `json:"listen"`     // "host:port"
	Accept     sharing.AcceptMode `json:"accept"`     // whose offers need no answer
	Offers     sharing.Audience   `json:"offers"`     // who may offer
	Visible    sharing.Audience   `json:"visible"`    // who finds this device
	OpenUntil  time.Time          `json:"openUntil"`  // everybody finds it until then, whatever Visible says; see OpenAt
	Interfaces []string           `json:"interfaces"` // to find neighbours on; empty means all
	UpLimit    Rate               `json:"upLimit"`    // how fast content may leave
	DownLimit  Rate               `json:"downLimit"`  // how fast it may come in

	// The same for content that leaves the local network or comes from outside.
	FarUpLimit   Rate `json:"internetUpLimit"`
	FarDownLimit Rate `json:"internetDownLimit"`

	Language string `json:"language"` // "system", or as in "vi"

	// What only the window looks at.
	Theme         Theme `json:"theme"`
	TextSize      int   `json:"textSize"`      // percent, from MinTextSize to MaxTextSize
	Tray          bool  `json:"tray"`          // Potluck goes on when the window is closed
	Notifications bool  `json:"notifications"` // of offers and deliveries
	StartAtLogin  bool  `json:"startAtLogin"`  // hidden
}

// Defaults returns the settings of a person who has changed none.
func Defaults() Settings {
	return Settings{
		Name:      defaultName(),
		Downloads: defaultDownloads(),
		Listen:    ":" + sharing.DefaultPort,
		Accept:    sharing.AcceptAsk,
		Offers:    sharing.AudienceEveryone,
		Visible:   sharing.AudienceEveryone,
		Language:  SystemLanguage,

		Theme:         ThemeSystem,
		TextSize:      100,
		Notifications: true,
	}
}

// defaultDownloads is a folder of our own, so that nothing received can take
// the place of something that another program looks for.
func defaultDownloads() string {
	folder := xdg.UserDirs.Download
	if !filepath.IsAbs(folder) {
		folder = xdg.Home
	}
	return filepath.Join(folder, "Potluck")
}

// DownloadsHome returns the folder below which all that leads to the downloads may
// be made: the person's home, and "" where the downloads are not what they are by
// default. What a person chose, and is gone, may be on a disk that is out.
func (s Settings) DownloadsHome() string {
	if s.Downloads != defaultDownloads() {
		return ""
	}
	return xdg.Home
}

// defaultName tells the machines of one person apart, and the people of one
// machine.
func defaultName() string {
	var login string
	if u, err := user.Current(); err == nil {
		login = u.Username
	}
	host, _ := os.Hostname()
	return nameFor(login, host)
}

// impersonal are logins that say nothing about who somebody is.
var impersonal = map[string]bool{
	"": true, "root": true, "admin": true, "administrator": true, "user": true, "system": true, "nobody": true,
}

// nameFor makes a name that is easy to type from a login and a host name.
func nameFor(login, host string) string {
	if _, after, ok := strings.Cut(login, `\`); ok {
		login = after // DOMAIN\login
	}
	host, _, _ = strings.Cut(host, ".")
	switch {
	case impersonal[strings.ToLower(login)] || strings.Contains(strings.ToLower(host), strings.ToLower(login)):
	case host == "" || host == "localhost":
		host = login
	default:
		host = login + "-" + host
	}
	if host == "" {
		host = "potluck"
	}
	return manifest.DisplayName(host, MaxName)
}
