package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hazards are what went wrong in programs of this kind, by number; each has a
// test whose name holds it: TestS07_…. Whoever defends against another one adds
// its number here.
var hazards = []string{
	"S01", // paths that leave the folder
	"S02", // backslashes as separators on one system only
	"S03", // names of Windows devices
	"S04", // streams, and dots and spaces at the end of a name
	"S05", // NUL in a path
	"S06", // control characters at a terminal, in a log, in a notification
	"S07", // names that show another ending than they have
	"S08", // names that one system tells apart and another does not
	"S09", // what arrives can be run
	"S10", // names without end
	"S11", // honest names that are refused
	"S12", // links put in the way while files arrive
	"S13", // links in what is shared lead out of it
	"S14", // a link in the place of a file
	"S16", // what is small on the way and large here
	"S18", // somebody else's files deleted
	"S19", // files overwritten
	"S21", // what is off is off in the window only
	"S22", // a full disk or a folder without rights noticed too late
	"S26", // lines that are not one line
	"S28", // another device under a known name
	"S29", // what was heard changes what is trusted
	"S30", // parts of different conversations put together
	"S31", // short codes that are guessed
	"S32", // consent got around by the order of messages
	"S33", // bytes sent to the wrong device
	"S34", // certificates that are not checked
	"S35", // redirects and proxies followed
	"S38", // made-up devices by the thousand
	"S39", // lengths that are negative, huge, or lie
	"S40", // depth without end
	"S41", // millions of files in an offer
	"S42", // questions without end
	"S43", // connections that are held for nothing
	"S44", // handshakes that are never finished
	"S45", // a slow watcher holds up the engine
	"S47", // messages that end the process
	"S48", // wrong pieces
	"S49", // shares named to those who may not have them
	"S53", // anything made on disk before yes
	"S56", // secrets in logs
	"S58", // keys and sockets that others can read
}

func TestEveryHazardHasATest(t *testing.T) {
	name := regexp.MustCompile(`^func Test((?:S\d\d_)+)`)
	var found []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if m := name.FindStringSubmatch(line); m != nil {
				found = append(found, strings.Split(strings.TrimSuffix(m[1], "_"), "_")...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hazards {
		if !slices.Contains(found, h) {
			t.Errorf("no test is named Test%s_…", h)
		}
	}
	for _, h := range found {
		if !slices.Contains(hazards, h) {
			t.Errorf("%s has a test, and is not listed here", h)
		}
	}
}
