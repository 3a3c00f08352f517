package view

import (
	"strconv"
	"strings"
	"time"

	"potluck/sharing"
)

// Choices are what the person has chosen, as far as the window has to know.
type Choices struct {
	Values    map[string]string // by the keys of the settings; a key that is missing does not exist
	Visible   sharing.Audience
	OpenUntil time.Time // everybody finds this device until then; zero for not so
	Theme     string    // "system", "light" or "dark"
	TextSize  float32   // percent
	Language  string    // "system", or a tag
	KeepOn    bool      // closing the window keeps Potluck running
	Notify    bool
	Languages []Option // that can be chosen
	TrayHere  bool     // the desktop has a tray
}

// An Option is one of several values.
type Option struct{ Value, Text string }

// ChoicesOf reads the values of the settings.
func ChoicesOf(values map[string]string) Choices {
	c := Choices{
		Values: values, Visible: sharing.Audience(values["visible"]), Theme: values["theme"], Language: values["language"],
		TextSize: 100, KeepOn: yes(values["tray"]), Notify: yes(values["notifications"]),
	}
	if n, err := strconv.Atoi(strings.TrimRight(values["textSize"], " %")); err == nil && n >= 50 && n <= 300 {
		c.TextSize = float32(n)
	}
	c.OpenUntil, _ = time.Parse(time.RFC3339, values["openUntil"]) // "no" is no time
	return c
}

// yes reads a switch.
func yes(value string) bool { return value == "yes" || value == "true" || value == "on" }

// A Control is how a setting is changed.
type Control int

// The controls.
const (
	ShowFact Control = iota
	TypeText
	PickFolder
	PickOne
	Switch
	Slide
	Press
	OpenDevice
	OpenMine
)

// A SettingRow is a line of the settings: a name, a control, and what it does.
type SettingRow struct {
	Heading string // above the row, where a group begins
	Key     string
	Name    string
	Help    string
	Control Control
	Value   string
	Options []Option // PickOne
	On      bool     // Switch
	Min     float64  // Slide
	Max     float64
	Step    float64
	Do      Do
	Dish    bool // the dish of this device stands beside it
	Ref     string
}

// A SettingsPage is everything that can be chosen.
type SettingsPage struct {
	Title string
	Rows  []SettingRow
}

// SettingsOf returns the settings. It is not part of a [View], since nothing that
// the engine does changes it while somebody types.
func SettingsOf(s sharing.Snapshot, c Choices, home string, w Words) SettingsPage {
	p := SettingsPage{Title: w.L("Settings")}
	heading := ""
	group := func(text string) { heading = text }
	add := func(r SettingRow) {
		if r.Key != "" {
			value, exists := c.Values[r.Key]
			if !exists {
				return
			}
			switch {
			case r.Control == PickFolder:
				r.Value = Folder(value, home)
			case r.Key == "listen":
				r.Value = strings.TrimPrefix(value, ":") // the port alone, unless an address was chosen
			default:
				r.Value = value
			}
			if r.Key == "visible" && !c.OpenUntil.IsZero() && c.openFor(time.Time{}) > 0 {
				r.Value = string(OpenForNow)
			}
			r.On = yes(value)
		}
		r.Heading, heading = heading, ""
		p.Rows = append(p.Rows, r)
	}
	everybody := func() []Option {
		var list []Option
		for _, a := range audiences {
			list = append(list, Option{string(a), audienceText(a, w)})
		}
		return list
	}

	seen := func() []Option {
		var list []Option
		for _, c := range WhoSees(c, time.Time{}, w) {
			list = append(list, Option{string(c.Audience), c.Text})
		}
		return list
	}

	group(w.L("You"))
	add(SettingRow{Key: "name", Name: w.L("Name"), Help: w.L("Others see this name next to your dish."), Control: TypeText})
	add(SettingRow{Name: w.L("Dish"), Help: w.L("Your dish comes from this device and cannot be chosen."), Dish: true})
	add(SettingRow{Name: w.L("My QR code"), Help: w.L("It leads others to this device where it does not show up by itself."), Control: OpenMine, Value: w.L("Show my QR code")})

	group(w.L("Receiving"))
	add(SettingRow{Key: "downloads", Name: w.L("Folder"), Help: w.L("Received files go here; nothing is ever overwritten."), Control: PickFolder})
	add(SettingRow{Key: "offers", Name: w.L("Offers from"), Help: w.L("Who may offer you files."), Control: PickOne, Options: everybody()})
	add(SettingRow{Key: "accept", Name: w.L("Without asking"), Help: w.L("Whose files are taken without asking."), Control: PickOne, Options: []Option{
		{"ask", w.L("Always ask")}, {"paired", w.L("Verified people")}, {"everyone", w.L("Everyone nearby")}, {"nobody", w.L("Take nothing")},
	}})

	group(w.L("Who sees me"))
	add(SettingRow{Key: "visible", Name: w.L("Visible to"), Help: w.L("Who finds this device on the network."), Control: PickOne, Options: seen()})

	group(w.L("Speed"))
	add(SettingRow{Key: "upLimit", Name: w.L("Sending at most"), Help: w.L("Local transfers are free unless you set a limit."), Control: PickOne, Options: limits(c.Values["upLimit"], w)})
	add(SettingRow{Key: "downLimit", Name: w.L("Receiving at most"), Help: w.L("Local transfers are free unless you set a limit."), Control: PickOne, Options: limits(c.Values["downLimit"], w)})
	outside := w.L("For devices outside this network. The limit above counts for them, too.")
	add(SettingRow{Key: "internetUpLimit", Name: w.L("Sending outside"), Help: outside, Control: PickOne, Options: limits(c.Values["internetUpLimit"], w)})
	add(SettingRow{Key: "internetDownLimit", Name: w.L("Receiving from outside"), Help: outside, Control: PickOne, Options: limits(c.Values["internetDownLimit"], w)})

	group(w.L("Window"))
	add(SettingRow{Key: "tray", Name: w.L("Keep running"), Help: w.L("Closing the window keeps Potluck running."), Control: Switch})
	add(SettingRow{Key: "startAtLogin", Name: w.L("Start at login"), Help: w.L("Start when I log in, hidden."), Control: Switch})
	add(SettingRow{Key: "notifications", Name: w.L("Notices"), Help: w.L("Notices never show names."), Control: Switch})

	group(w.L("Look"))
	add(SettingRow{Key: "theme", Name: w.L("Theme"), Control: PickOne, Help: w.L("Light, dark, or as the system is."), Options: []Option{
		{"system", w.L("System")}, {"light", w.L("Light")}, {"dark", w.L("Dark")},
	}})
	add(SettingRow{Key: "textSize", Name: w.L("Text size"), Help: w.L("How large words and pictures are."), Control: Slide, Min: 80, Max: 200, Step: 10})
	add(SettingRow{
		Key: "language", Name: w.L("Language"), Help: w.L("Changes at once."), Control: PickOne,
		Options: append([]Option{{"system", w.L("System")}}, c.Languages...),
	})

	group(w.L("Devices"))
	verified := 0
	for _, k := range s.Known {
		if !k.Paired && !k.Blocked && k.Alias == "" {
			continue
		}
		if k.Paired {
			verified++
		}
		help := trustText(trustOf(k.Paired, false), w)
		if k.Blocked {
			help = w.L("Blocked")
		}
		if k.Trusted {
			help = join(help, w.L("Files taken without asking"))
		}
		add(SettingRow{Name: name(knownName(k), w), Help: help, Control: OpenDevice, Value: w.L("Details"), Ref: k.ID.String()})
	}
	if verified == 0 {
		add(SettingRow{Name: w.L("No verified devices yet."), Help: w.L("Open the menu of somebody nearby and choose to verify together.")})
	}

	group(w.L("Advanced"))
	add(SettingRow{Key: "listen", Name: w.L("Port"), Help: w.L("Other devices connect here."), Control: TypeText})
	add(SettingRow{Key: "interfaces", Name: w.L("Network connections"), Help: w.L("Which of this computer's connections to use, by name, such as wlan0; empty for all."), Control: TypeText})
	add(SettingRow{Name: w.L("Reset"), Help: w.L("Put everything back as it was at first."), Control: Press, Value: w.L("Reset…"), Do: ResetSettings})
	return p
}

// limitText is the speed that what goes one way is held to: that for this network, or
// that for devices outside where it is the only one. It is "" where both may be meant, or
// neither is set.
func (c Choices) limitText(d sharing.Direction, w Words) string {
	near, far := c.Values["downLimit"], c.Values["internetDownLimit"]
	if d == sharing.Sending {
		near, far = c.Values["upLimit"], c.Values["internetUpLimit"]
	}
	none := func(value string) bool { return value == "" || value == "0" }
	switch {
	case none(near) == none(far):
		return ""
	case none(near):
		near = far
	}
	for _, o := range limits(near, w) {
		if o.Value == near {
			return o.Text
		}
	}
	return ""
}

// limits are the speeds that can be chosen, and the one that is in force.
func limits(now string, w Words) []Option {
	list := []Option{{"0", w.L("No limit")}}
	have := now == "" || now == "0"
	for _, mb := range []int64{1, 2, 5, 10, 20, 50, 100} {
		o := Option{strconv.FormatInt(mb, 10) + " MB/s", speed(mb*1e6, w)}
		have = have || o.Value == now
		list = append(list, o)
	}
	if !have {
		list = append(list, Option{now, clean(now)})
	}
	return list
}
