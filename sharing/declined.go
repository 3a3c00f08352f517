package sharing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// maxDeclined is how many answers are remembered.
const maxDeclined = 1000

// declined remembers the shares that this person has declined, the oldest first,
// so that the same one is not asked about again, whatever its sharer remembers.
type declined struct {
	file   string
	saving sync.Mutex // held to write the file, so that the latest is the last
	shares []ShareID  // guarded by Device.mu
}

// decline writes down that the person does not want a share.
func (d *Device) decline(share ShareID) {
	d.declined.saving.Lock()
	defer d.declined.saving.Unlock()
	d.mu.Lock()
	list := append(slices.Clone(d.declined.shares), share)
	list = list[max(0, len(list)-maxDeclined):]
	d.declined.shares = list
	d.mu.Unlock()
	data, err := json.Marshal(list)
	if err == nil {
		err = writeFile(d.declined.file, data)
	}
	if err != nil {
		d.log.Warn("an answer could not be written down", "share", share.Short(), "err", err)
	}
}

func (d *Device) declinedLocked(share ShareID) bool {
	return slices.Contains(d.declined.shares, share)
}

// loadDeclined reads what was declined before. A damaged file is set aside.
func (d *Device) loadDeclined() {
	d.declined.file = filepath.Join(d.options.State, "declined.json")
	data, err := os.ReadFile(d.declined.file)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var list []ShareID
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if err != nil {
		aside := setAside(d.declined.file)
		d.log.Warn("the list of declined offers is damaged and was set aside", "err", err, "aside", aside)
		d.notes.add(fmt.Sprintf("The list of declined offers was damaged: what was declined may be offered again. The damaged list is kept as %s.", aside))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.declined.shares = list[max(0, len(list)-maxDeclined):]
}
