package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// liarVar names the command that lies. [BuildLiar] makes it.
const liarVar = "POTLUCK_LIAR"

// The liar is the command itself, but for what the package for pieces is given
// to read from: so it speaks the protocol of today, whatever that is.
const (
	liarPackage = "sharing/swarm"
	liarDoor    = "func (s *Swarm) add("
	liarBehind  = "func (s *Swarm) addHonestly("
	liarSource  = `package swarm

import "potluck/sharing/identity"

// add adds a storage that is right here and wrong for others.
func (s *Swarm) add(spec Spec, sharer identity.ID, storage Storage) (*Torrent, error) {
	return s.addHonestly(spec, sharer, liar{storage})
}

type liar struct{ Storage }

func (l liar) ReadAt(piece int, b []byte, off int64) (int, error) {
	n, err := l.Storage.ReadAt(piece, b, off)
	if n > 0 && piece%3 == 0 {
		b[n-1] ^= 0x40
	}
	return n, err
}
`
)

// BuildLiar builds the command once more, into the folder, as [Host.Liar] needs
// it: of all that others fetch from it, every third piece is wrong. What it keeps
// itself is right. It is for [Main].
func BuildLiar(folder string) error {
	path := filepath.Join(folder, "potluck-liar")
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "potluck").Output()
	if err != nil {
		return fmt.Errorf("where is the module: %w", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(module)), liarPackage)
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "potluck-liar-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)

	replaced := map[string]string{}
	put := func(name, text string) error {
		replaced[filepath.Join(dir, name)] = filepath.Join(scratch, name)
		return os.WriteFile(filepath.Join(scratch, name), []byte(text), 0o600)
	}
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		if changed := strings.Replace(string(text), liarDoor, liarBehind, 1); changed != string(text) {
			if err := put(filepath.Base(source), changed); err != nil {
				return err
			}
		}
	}
	if len(replaced) != 1 {
		return fmt.Errorf("%d files of %s have %q, want 1", len(replaced), liarPackage, liarDoor)
	}
	if err := put("liar_of_the_lab.go", liarSource); err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return err
	}
	list := filepath.Join(scratch, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return err
	}
	if err := build(path, "-overlay", list); err != nil {
		return err
	}
	return os.Setenv(liarVar, path)
}
