package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"potluck/assets"
	"potluck/ui/banner"
	"potluck/ui/view"
)

var appIcon = fyne.NewStaticResource("icon.png", assets.Icon)

// An iconSet are the icons that stand beside words.
type iconSet struct {
	nearby, transfers, settings, send, folder, file, more, back fyne.Resource
}

// icons returns them. The toolkit has none before there is an app.
func icons() iconSet {
	return iconSet{
		nearby: theme.AccountIcon(), transfers: theme.HistoryIcon(), settings: theme.SettingsIcon(), send: theme.MailSendIcon(),
		folder: theme.FolderIcon(), file: theme.FileIcon(), more: theme.MoreHorizontalIcon(), back: theme.NavigateBackIcon(),
	}
}

// drawings are the icons that were drawn for Potluck. There is one of each, so that
// what shows the same one twice can tell.
var drawings = func() map[string]fyne.Resource {
	all := map[string]fyne.Resource{}
	for _, name := range []string{"laptop", "desktop", "server", "phone", "shield-check", "tray", "tray-waiting"} {
		if svg, err := assets.Icons.ReadFile("icons/" + name + ".svg"); err == nil {
			all[name] = fyne.NewStaticResource(name+".svg", svg)
		}
	}
	return all
}()

// kindIcon is what kind of device somebody has; nil if that is not known.
func kindIcon(kind string) fyne.Resource {
	switch kind {
	case "laptop", "desktop", "server", "phone":
		return drawings[kind]
	}
	return nil
}

// trayIcon is the icon at the edge of the screen, with a dot when something waits.
func trayIcon(waiting bool) fyne.Resource {
	if waiting {
		return theme.NewThemedResource(drawings["tray-waiting"])
	}
	return theme.NewThemedResource(drawings["tray"])
}

// trustIcon is what stands beside the word for who somebody is.
func trustIcon(t view.Trust) (fyne.Resource, fyne.ThemeColorName) {
	switch t {
	case view.Verified:
		return drawings["shield-check"], theme.ColorNameSuccess
	case view.OtherDevice:
		return theme.ErrorIcon(), theme.ColorNameError
	case view.BlockedDevice:
		return theme.VisibilityOffIcon(), theme.ColorNamePlaceHolder
	}
	return theme.QuestionIcon(), theme.ColorNamePlaceHolder
}

// toneColor is the colour of words and icons.
func toneColor(t view.Tone) fyne.ThemeColorName {
	switch t {
	case view.Active:
		return theme.ColorNamePrimary
	case view.Good:
		return theme.ColorNameSuccess
	case view.Warn:
		return theme.ColorNameWarning
	case view.Bad:
		return theme.ColorNameError
	}
	return theme.ColorNamePlaceHolder
}

// bannerTone is the ground of a remark.
func bannerTone(t view.Tone) banner.Tone {
	switch t {
	case view.Good:
		return banner.OK
	case view.Warn:
		return banner.Warn
	case view.Bad:
		return banner.Bad
	}
	return banner.Info
}

// iconOf draws an icon of a row or a button.
func iconOf(i view.Icon) fyne.Resource {
	switch i {
	case view.Down:
		return theme.DownloadIcon()
	case view.Up:
		return theme.UploadIcon()
	case view.Wait:
		return theme.HistoryIcon()
	case view.PauseIcon:
		return theme.MediaPauseIcon()
	case view.Play:
		return theme.MediaPlayIcon()
	case view.Close:
		return theme.CancelIcon()
	case view.Check:
		return theme.ConfirmIcon()
	case view.Fault:
		return theme.ErrorIcon()
	case view.FolderIcon:
		return theme.FolderOpenIcon()
	case view.Again:
		return theme.ViewRefreshIcon()
	}
	return nil
}
