package desk

import (
	"context"
	"encoding/json"
)

// The scripts are fixed; what they are told comes as arguments.
const (
	chooseFiles = `function run(a){const p=$.NSOpenPanel.openPanel;p.canChooseFiles=a[1]!=="folder";p.canChooseDirectories=a[1]==="folder";` +
		`p.allowsMultipleSelection=a[1]!=="folder";p.message=a[0];if(a[2])p.directoryURL=$.NSURL.fileURLWithPath(a[2]);$.NSApplication.sharedApplication.setActivationPolicy(1);` +
		`$.NSApplication.sharedApplication.activateIgnoringOtherApps(true);if(p.runModal!=1)return"[]";` +
		`return JSON.stringify(ObjC.deepUnwrap(p.URLs.valueForKey("path")))}`
	copiedFiles = `function run(){const u=$.NSPasteboard.generalPasteboard.readObjectsForClassesOptions($([$.NSURL.class]),` +
		`$({NSPasteboardURLReadingFileURLsOnlyKey:true}));return u?JSON.stringify(ObjC.deepUnwrap(u.valueForKey("path"))):"[]"}`
)

func choose(ctx context.Context, q question) ([]string, error) {
	kind := "files"
	if q.folder {
		kind = "folder"
	}
	return script(ctx, chooseFiles, q.title, kind, q.at)
}

func copied(ctx context.Context) []string {
	paths, err := script(ctx, copiedFiles)
	if err != nil {
		return nil // nothing was copied
	}
	return paths
}

// script runs a script that prints a list of paths.
func script(ctx context.Context, text string, args ...string) ([]string, error) {
	out, err := run(ctx, "osascript", append([]string{"-l", "JavaScript", "-e", `ObjC.import("AppKit");` + text, "--"}, args...)...)
	if err != nil {
		return nil, err
	}
	var paths []string
	err = json.Unmarshal([]byte(out), &paths)
	return paths, err
}

func show(ctx context.Context, path string) error {
	_, err := run(ctx, "open", "-R", "--", path)
	return err
}

func open(ctx context.Context, path string) error {
	_, err := run(ctx, "open", "--", path)
	return err
}

// Tray reports whether the desktop has a place for an icon.
func Tray() bool { return true }

// Notifies reports whether the desktop has something that shows notifications.
func Notifies() bool { return true }
