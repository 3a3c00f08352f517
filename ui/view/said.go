package view

import "slices"

// sentences are those of the engine, of the settings and of the desktop that the
// person can come to see. The places stand for names, paths and amounts; what
// stands in {{.Why}} is one of the clauses.
var sentences = slices.Concat(folderSentences, transferSentences, pairingSentences, settingsSentences)

// folderSentences say that a folder or its disk is in the way, so that another one
// helps.
var folderSentences = []string{
	"the disk of {{.Folder}} is full: make room and try again",
	"not enough space in {{.Folder}}: {{.Need}} needed, {{.Free}} free; make room and try again",
	"cannot receive into {{.Folder}}: you may not write there",
	"cannot receive into {{.Folder}}: the disk is read-only",
	"cannot receive into {{.Folder}}: it was removed, or its disk is not connected",
	"cannot receive into {{.Folder}}: the disk that was received onto before is not connected",
	"cannot receive into {{.Folder}}: its disk does not take names as long as those that are sent",
	"cannot receive into {{.Folder}}: its disk does not take files as large as those that are sent",
	"cannot receive into {{.Folder}}: there is no such folder, nor the one above it",
	"cannot receive into {{.Folder}}: it is not a folder",
	"cannot receive into {{.Folder}}: the disk refuses to be written to",
}

// transferSentences are about what is sent and received.
var transferSentences = []string{
	"received files were changed or deleted before they were complete; what is missing has to be fetched again",
	"what arrives is not what was offered; there may be a defect in the other device or its disk",
	"the other device no longer shares this",
	"the other device does not share with this one any more",
	"nothing of it could be sent: {{.What}}: {{.Why}}",
	"nothing of it could be sent",
	"it takes no offers",
	"it takes no offers from this device",
	"its device is gone",
	"its device was blocked",
	"this device was blocked",
	"this device is blocked",
	"it was cancelled",
	"it was withdrawn",
	"this offer has been answered already",
	"the offer was withdrawn",
	"the list of files of this offer is still on its way; try again in a moment",
	"the list of files of this transfer is no longer kept",
	"nothing is chosen of this offer; choose something, or decline it",
	"this transfer is over",
	"this transfer has ended",
	"this transfer is still going on",
	"this transfer has not ended; cancel it first",
	"this transfer is being moved already",
	"this transfer has not begun yet; try again in a moment",
	"this transfer goes to that folder already",
	"some of this has its final place in {{.Folder}} already; make room there, and it goes on",
	"everybody has all of this already",
	"all of this is here already",
	"this has ended; ask {{.Name}} to send it again",
	"what was shared is not there any more; send it from where it is now",
	"it is no longer known what was shared here; send it again",
	"there is nothing to send: only links or special files were found",
	"there are more than 1,048,576 files and folders: share fewer at a time",
	"this is more than 16 TiB, which is too much for one share: send it in parts",
	`"{{.Path}}" cannot be shared: {{.Why}}`,
	"the text did not reach {{.Name}}, which is not here now",
	"{{.Name}} takes nothing from this device",
	"{{.Name}} takes no more texts just now; there are some that nobody has read yet",
	"{{.Name}} has a Potluck that knows no texts yet",
	"{{.Name}} did not take the text; try again later",
	"that is this device itself; name another one",
	"this is being verified already",
	"nobody who has it is here just now; verify it again when the device that sent it is back",
	"nothing comes from the devices that have it; they may have it no longer, or not as it was sent",
	"nothing of it is in {{.Folder}}; if it is on a disk that is not connected, connect that and try again",
	"the device at {{.Address}} is blocked here; unblock it first",
	"no Potluck device answers at {{.Address}}; check the address, and that Potluck runs there and lets itself be found",
	"only the offers of verified devices can be accepted without asking",
	"this desktop has no program that shows folders; look into {{.Folder}} yourself",
	"this desktop has no program that opens this file; it is in {{.Folder}}",
	"this desktop has no program that opens links; the link is {{.Link}}",
	"this is a program, or can start one; it is not opened from here",
	"what was received is not there any more; it may have been moved or renamed",
}

// pairingSentences are about verifying a device.
var pairingSentences = []string{
	"the dishes were not the same; somebody may be in between, so try again on another network",
	"the other person saw other dishes; somebody may be in between, so try again on another network",
	"the devices did not understand each other; somebody may be in between, so try again on another network",
	"it was cancelled on the other device",
	"nobody answered on the other device in time",
	"nobody answered on the other device in time; try again",
	"nobody answered in time; try again",
	"the other device did not answer in time; try again",
	"the other device is asked too often; try again in ten minutes",
	"the other device knows nothing of it; it may need a newer Potluck",
	"the connection was lost; try again",
	"this device is not here now; it must be near, and Potluck must run on it",
	"this device is blocked; unblock it first",
	"this device has just gone",
	"too many devices are being verified at the same time; end one of these first",
	"there is nothing to compare yet; try again in a moment",
	"this is over already",
}

// settingsSentences say why a value is refused, and why there is no engine.
var settingsSentences = []string{
	"the name is empty; others need something to call this device",
	"the name is too long; make it shorter",
	"the name has characters in it that cannot be shown, such as control characters",
	"the port is empty; take a number from 1024 to 65535, or 0 for any that is free",
	`"{{.Text}}" is not a port such as {{.Example}}, nor an address and port such as {{.Other}}`,
	`"{{.Text}}" is not an address of this machine; leave it away for all of them`,
	`"{{.Text}}" is not a port for this; take a number from 1024 to 65535, or 0 for any that is free`,
	`"{{.Text}}" is not the name of a network interface`,
	`this computer has no network connection called "{{.Text}}"; it has {{.Names}}`,
	"these are too many network interfaces; leave it empty for all of them",
	"{{.Path}} is a file, and downloads need a folder",
	"this device is not running",
	`a Potluck without a window runs already for this person; end "potluck serve", and start this again`,
	"a Potluck is running on this state folder already",
}

// openings are how sentences begin that go on with what the system said: that is
// left away.
var openings = []string{
	"port {{.Port}} is used by another program or kept back by the system; choose another one",
	"the address {{.Address}} cannot be listened on",
	"the offer was refused",
	"this cannot be shared",
	"the list of files of this transfer cannot be read",
	"cannot use the notes about a transfer",
	"what is known of other devices could not be written down",
	"the texts received could not be written down",
	"the state of the transfer could not be written down",
	"the settings cannot be saved",
	"the settings cannot be read",
	"the settings in {{.Path}} were written by a newer Potluck",
	"the device key in {{.Path}} is damaged",
	"the state folder cannot be made",
	"the state folder cannot be locked",
}

// alike are what is said in the words of another one.
var alike = map[string]string{
	"the address {{.Address}} cannot be listened on": "this computer cannot be reached at {{.Address}}",

	"nobody who has it is here just now; verify it again when the device that sent it is back": checkAgain,

	"this is being verified already":                           checking,
	"this transfer is over":                                    "this transfer has ended",
	"all of this is here already":                              "this transfer has ended",
	"the offer was withdrawn":                                  "it was withdrawn",
	"this device is blocked":                                   "this device is blocked; unblock it first",
	"this device has just gone":                                "its device is gone",
	"it was cancelled on the other device":                     "it was cancelled",
	"nobody answered on the other device in time":              "nobody answered in time; try again",
	"nobody answered on the other device in time; try again":   "nobody answered in time; try again",
	"the other device did not answer in time; try again":       "nobody answered in time; try again",
	"the list of files of this transfer cannot be read":        "the list of files of this transfer is no longer kept",
	"cannot use the notes about a transfer":                    cannotKeep,
	"what is known of other devices could not be written down": cannotKeep,
	"the texts received could not be written down":             cannotKeep,
	"the state of the transfer could not be written down":      cannotKeep,
	"the settings cannot be saved":                             cannotKeep,
	"the settings cannot be read":                              cannotStart,
	"the state folder cannot be made":                          cannotStart,
	"the state folder cannot be locked":                        cannotStart,
	"there is no such file or folder":                          "it is no longer there",
}

const (
	// What the command line calls verifying is a button here.
	checkAgain = "nobody who has it is here just now; press \"Check and mend\" again when the device that sent it is back"
	checking   = "this is being checked already"

	cannotKeep  = "Potluck cannot write down what it has to remember; see that its disk is not full"
	cannotStart = "Potluck cannot use its own folder; see that it belongs to you and that its disk is not full"
)

// clauses say why something cannot be had.
var clauses = []string{
	"it is a symbolic link",
	"it is a socket, a device or a pipe",
	"it could not be read",
	"there is no permission to read it",
	"it lies too many folders deep",
	"its name cannot be sent",
	"it changed after it was offered",
	"it is no longer there",
	"on the sender's disk it is not what it was when it was offered, though nobody seems to have changed it",
	"on the sender's disk it, or a file sent along with it, is not what it was when it was offered",
	"there is no such file or folder",
	"it is neither a file nor a folder",
}
