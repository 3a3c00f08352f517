package view

// A KeyLine is a line of the page of keys.
type KeyLine struct{ Keys, Text string }

// KeyLines are all keys that do something everywhere.
func KeyLines(w Words) []KeyLine {
	return []KeyLine{
		{"Ctrl+O", w.L("Send files…")},
		{"Ctrl+Shift+O", w.L("Send a folder…")},
		{"Ctrl+L", w.L("Enter an address…")},
		{"Ctrl+M", w.L("Send a message…")},
		{"Ctrl+T", w.L("Verify together…")},
		{"Ctrl+I", w.L("Details")},
		{"Ctrl+V", w.L("Paste")},
		{"Ctrl+Z", w.L("Undo")},
		{"Ctrl+J", w.L("Go to the first request")},
		{"Ctrl+Enter", w.L("Accept the request in front")},
		{"Ctrl+D", w.L("Decline the request in front")},
		{"Ctrl+F", w.L("Find")},
		{"Ctrl+1", w.L("Nearby")},
		{"Ctrl+2", w.L("Transfers")},
		{"Ctrl+3", w.L("Settings")},
		{"Ctrl+,", w.L("Settings")},
		{"Ctrl+P", w.L("Pause or resume all")},
		{"Ctrl+A", w.L("Choose everybody")},
		{"Ctrl+/", w.L("Keys")},
		{"Ctrl+W", w.L("Close the window")},
		{"Ctrl+Q", w.L("Quit")},
		{"Tab", w.L("Next")},
		{"Space", w.L("Tick or press")},
		{"Enter", w.L("Send to, or press")},
		{"Shift+F10", w.L("The menu of what the keyboard is on")},
		{"Esc", w.L("Back, or give up")},
	}
}

// Menu are the words of the menus.
type Menu struct {
	Potluck, Edit, Files, Help                    string
	SendFiles, SendFolder, Paste, Undo, SelectAll string
	Nearby, List, Settings, Quit, CloseWindow     string
	First, Accept, Decline, PauseAll, Find        string
	Keys, About, Mine                             string
	CardVerify, CardName, CardAuto, CardAsk       string
	CardBlock, CardDetails, CardMessage           string
	TakeLater, Address, CardUnblock               string
	OpenRow, ShowRow, RemoveRow, CheckRow         string
	Person, Clear, Front                          string
}

// MenuOf returns the words of the menus.
func MenuOf(w Words) Menu {
	return Menu{
		Potluck: w.L("Potluck"), Edit: w.L("Edit"), Files: w.L("Files"), Help: w.L("Help"),
		SendFiles: w.L("Send files…"), SendFolder: w.L("Send a folder…"), Paste: w.L("Paste"), Undo: w.L("Undo"), SelectAll: w.L("Choose everybody"),
		Nearby: w.L("Nearby"), List: w.L("Transfers"), Settings: w.L("Settings"), Quit: w.L("Quit"), CloseWindow: w.L("Close the window"),
		First: w.L("Go to the first request"), Accept: w.L("Accept the request in front"), Decline: w.L("Decline the request in front"),
		PauseAll: w.L("Pause or resume all"), Find: w.L("Find"), Keys: w.L("Keys"), About: w.L("About Potluck"), Mine: w.L("Show my QR code"),
		CardVerify: w.L("Verify together…"), CardName: w.L("Name for me…"), CardAuto: w.L("Take files without asking"),
		CardBlock: w.L("Block"), CardDetails: w.L("Details"), CardMessage: w.L("Send a message…"),
		TakeLater: w.L("Later"), Address: w.L("Enter an address…"), CardUnblock: w.L("Unblock"),
		OpenRow: w.L("Details"), ShowRow: w.L("Show in folder"), RemoveRow: w.L("Remove from the history"), CheckRow: w.L("Check and mend"),
		Person: w.L("Person"), Clear: w.L("Clear the history…"), Front: w.L("More for what is in front…"),
	}
}

// An AboutPage says what this is.
type AboutPage struct {
	Title, Text, Version, Licence, Close string
	Facts                                []Fact
}

// AboutOf returns the page about Potluck.
func AboutOf(version string, w Words) AboutPage {
	return AboutPage{
		Title: w.L("Potluck"), Text: w.L("Drop a file on a neighbour. No account, no server, no cloud: files go straight from one device to the other, encrypted."),
		Version: w.L("Version {{.Version}}", "Version", version), Licence: w.L("Free software under the MIT licence."), Close: w.L("Back"),
	}
}
