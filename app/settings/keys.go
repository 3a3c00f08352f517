package settings

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"potluck/sharing"
	"potluck/sharing/manifest"
)

// A Setting is one setting as people see and type it. A list is joined with
// commas.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Changed bool   `json:"changed"` // Value is not the default
	Help    string `json:"help"`
}

// A key is how one setting is read, written, and checked.
type key struct {
	name  string
	help  string
	field func(*Settings) any // pointer, to be encoded and decoded as JSON
	get   func(*Settings) string
	set   func(*Settings, string) error // returns a sentence if the value is refused

	// tried, if not nil, returns a sentence if a new value cannot be used at this
	// moment: what was chosen before stays chosen, though its disk be away.
	tried func(*Settings) error
}

// keys are all settings, in the order in which they are listed.
var keys = []key{
	{
		name: "name", help: "what others see of this device",
		field: func(s *Settings) any { return &s.Name },
		get:   func(s *Settings) string { return s.Name },
		set:   setName,
	},
	{
		name: "downloads", help: "the folder that received files go to",
		field: func(s *Settings) any { return &s.Downloads },
		get:   func(s *Settings) string { return s.Downloads },
		set:   setDownloads,
		tried: func(s *Settings) error { return sharing.Usable(s.Downloads) },
	},
	{
		name: "accept", help: "whose offers are accepted without asking: ask, paired, everyone or nobody",
		field: func(s *Settings) any { return &s.Accept },
		get:   func(s *Settings) string { return string(s.Accept) },
		set:   setAccept,
	},
	{
		name: "offers", help: "who may offer to this device, others are refused: everyone, paired or nobody",
		field: func(s *Settings) any { return &s.Offers },
		get:   func(s *Settings) string { return string(s.Offers) },
		set:   setOffers,
	},
	{
		name: "visible", help: "who finds this device: everyone, paired or nobody",
		field: func(s *Settings) any { return &s.Visible },
		get:   func(s *Settings) string { return string(s.Visible) },
		set:   setVisible,
	},
	{
		name: "openUntil", help: "until when everyone finds this device: minutes from now, such as 10, or no",
		field: func(s *Settings) any { return &s.OpenUntil },
		get:   openText,
		set:   setOpenUntil,
	},
	{
		name: "upLimit", help: "how fast all transfers together may send, such as 10 MB/s; 0 for no limit",
		field: func(s *Settings) any { return &s.UpLimit },
		get:   func(s *Settings) string { return s.UpLimit.String() },
		set:   func(s *Settings, v string) error { return setRate(&s.UpLimit, v) },
	},
	{
		name: "downLimit", help: "how fast all transfers together may receive; 0 for no limit",
		field: func(s *Settings) any { return &s.DownLimit },
		get:   func(s *Settings) string { return s.DownLimit.String() },
		set:   func(s *Settings, v string) error { return setRate(&s.DownLimit, v) },
	},
	{
		name: "internetUpLimit", help: "how fast they may send to devices outside; 0 for no other limit",
		field: func(s *Settings) any { return &s.FarUpLimit },
		get:   func(s *Settings) string { return s.FarUpLimit.String() },
		set:   func(s *Settings, v string) error { return setRate(&s.FarUpLimit, v) },
	},
	{
		name: "internetDownLimit", help: "how fast they may receive from devices outside; 0 for no other limit",
		field: func(s *Settings) any { return &s.FarDownLimit },
		get:   func(s *Settings) string { return s.FarDownLimit.String() },
		set:   func(s *Settings, v string) error { return setRate(&s.FarDownLimit, v) },
	},
	{
		name: "listen", help: "port that other devices connect to, or address and port",
		field: func(s *Settings) any { return &s.Listen },
		get:   func(s *Settings) string { return s.Listen },
		set:   setListen,
	},
	{
		name: "interfaces", help: "network interfaces to find neighbours on; empty for all",
		field: func(s *Settings) any { return &s.Interfaces },
		get:   func(s *Settings) string { return strings.Join(s.Interfaces, ",") },
		set:   setInterfaces,
	},
	{
		name: "language", help: "of the window: system, or a language such as en or vi",
		field: func(s *Settings) any { return &s.Language },
		get:   func(s *Settings) string { return s.Language },
		set:   setLanguage,
	},
	{
		name: "theme", help: "of the window: system, light or dark",
		field: func(s *Settings) any { return &s.Theme },
		get:   func(s *Settings) string { return string(s.Theme) },
		set:   setTheme,
	},
	{
		name: "textSize", help: "of the window, from 80 to 200 percent",
		field: func(s *Settings) any { return &s.TextSize },
		get:   func(s *Settings) string { return strconv.Itoa(s.TextSize) },
		set:   setTextSize,
	},
	{
		name: "tray", help: "whether Potluck goes on when its window is closed: yes or no",
		field: func(s *Settings) any { return &s.Tray },
		get:   func(s *Settings) string { return yesNo(s.Tray) },
		set:   func(s *Settings, v string) error { return setYesNo(&s.Tray, v) },
	},
	{
		name: "notifications", help: "whether offers and deliveries are told of by a hidden window: yes or no",
		field: func(s *Settings) any { return &s.Notifications },
		get:   func(s *Settings) string { return yesNo(s.Notifications) },
		set:   func(s *Settings, v string) error { return setYesNo(&s.Notifications, v) },
	},
	{
		name: "startAtLogin", help: "whether Potluck is started, hidden, when you log in: yes or no",
		field: func(s *Settings) any { return &s.StartAtLogin },
		get:   func(s *Settings) string { return yesNo(s.StartAtLogin) },
		set:   func(s *Settings, v string) error { return setYesNo(&s.StartAtLogin, v) },
	},
}

// An UnknownKeyError says that there is no setting of that name.
type UnknownKeyError struct{ Key string }

func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("there is no setting called %q; there are %s", e.Key, strings.Join(Keys(), ", "))
}

// Keys returns the names of all settings. A name may be written in any case.
func Keys() []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

func keyOf(name string) (*key, error) {
	for i := range keys {
		if strings.EqualFold(keys[i].name, name) {
			return &keys[i], nil
		}
	}
	return nil, &UnknownKeyError{Key: name}
}

func setName(s *Settings, v string) error {
	v = strings.TrimSpace(v)
	switch {
	case v == "":
		return errors.New("the name is empty; others need something to call this device")
	case len(v) > MaxName:
		return errors.New("the name is too long; make it shorter")
	case manifest.DisplayName(v, MaxName) != v:
		return errors.New("the name has characters in it that cannot be shown, such as control characters")
	}
	s.Name = v
	return nil
}

func setDownloads(s *Settings, v string) error {
	switch {
	case v == "":
		return errors.New("no folder is named for downloads")
	case strings.ContainsRune(v, 0):
		return errors.New("the download folder has a character in it that no folder can have")
	case !filepath.IsAbs(v):
		return fmt.Errorf("the download folder %s is not a full path", manifest.Printable(v))
	}
	if info, err := os.Stat(v); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, and downloads need a folder", manifest.Printable(v))
	}
	s.Downloads = filepath.Clean(v)
	return nil
}

func setAccept(s *Settings, v string) error {
	mode := sharing.AcceptMode(strings.ToLower(v))
	if !mode.Valid() {
		return fmt.Errorf("%q says not whose offers to accept; it must be ask, paired, everyone or nobody", v)
	}
	s.Accept = mode
	return nil
}

func setOffers(s *Settings, v string) error {
	who := sharing.Audience(strings.ToLower(v))
	if !who.Valid() {
		return fmt.Errorf("%q says not who may offer; it must be everyone, paired or nobody", v)
	}
	s.Offers = who
	return nil
}

func setVisible(s *Settings, v string) error {
	who := sharing.Audience(strings.ToLower(v))
	if !who.Valid() {
		return fmt.Errorf("%q says not who finds this device; it must be everyone, paired or nobody", v)
	}
	s.Visible = who
	return nil
}

// lowestPort is the first one that is not kept for services of the system; others
// do not believe that a device listens on such a one.
const lowestPort = 1024

func setListen(s *Settings, v string) error {
	v = strings.TrimSpace(v)
	if v == "" {
		return fmt.Errorf("the port is empty; take a number from %d to 65535, or 0 for any that is free", lowestPort)
	}
	if _, err := strconv.Atoi(v); err == nil {
		v = ":" + v
	}
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("%q is not a port such as %s, nor an address and port such as 192.168.1.5:%[2]s", v, sharing.DefaultPort)
	}
	if host != "" && host != "localhost" {
		if _, err := netip.ParseAddr(host); err != nil {
			return fmt.Errorf("%q is not an address of this machine; leave it away for all of them", host)
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n != 0 && n < lowestPort {
		return fmt.Errorf("%q is not a port for this; take a number from %d to 65535, or 0 for any that is free", port, lowestPort)
	}
	s.Listen = v
	return nil
}

func setInterfaces(s *Settings, v string) error {
	names := strings.FieldsFunc(v, func(r rune) bool { return r == ',' })
	list := make([]string, 0, len(names))
	for _, name := range names {
		name = strings.TrimSpace(name)
		if name == "" || manifest.DisplayName(name, 256) != name {
			return fmt.Errorf("%q is not the name of a network interface", name)
		}
		list = append(list, name)
	}
	if len(list) > 64 {
		return errors.New("these are too many network interfaces; leave it empty for all of them")
	}
	s.Interfaces = list
	return nil
}

func setLanguage(s *Settings, v string) error {
	v = strings.TrimSpace(v)
	if v == "" {
		v = SystemLanguage
	}
	for _, part := range strings.Split(v, "-") {
		if len(part) < 2 || len(part) > 8 || strings.ContainsFunc(part, notAlphanumeric) {
			return fmt.Errorf("%q is not a language; say en or vi, or system for that of this computer", v)
		}
	}
	s.Language = v
	return nil
}

func notAlphanumeric(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// Check returns nil if a setting can have that value, and what [Store.Set] would
// say if not.
func Check(name, value string) error {
	k, err := keyOf(name)
	if err != nil {
		return err
	}
	return k.try(value)
}

// try returns nil if the setting can have that value now, and a sentence if not.
func (k *key) try(value string) error {
	var s Settings
	if err := k.set(&s, value); err != nil || k.tried == nil {
		return err
	}
	return k.tried(&s)
}

// Describe returns every setting with its key and help, without values.
func Describe() []Setting {
	list := make([]Setting, len(keys))
	for i, k := range keys {
		list[i] = Setting{Key: k.name, Help: k.help}
	}
	return list
}
