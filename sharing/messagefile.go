package sharing

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"potluck/sharing/manifest"
)

// maxMessagesFile bounds what is read of the texts of before.
const maxMessagesFile = 16 << 20

func (d *Device) messagesFile() string { return filepath.Join(d.options.State, "messages.json") }

// saveMessages writes down the texts that are not closed.
func (d *Device) saveMessages() error {
	d.messages.saving.Lock()
	defer d.messages.saving.Unlock()
	d.mu.Lock()
	data, err := json.Marshal(messagesDoc{Format: recordFormat, Open: d.messages.open, Heard: d.messages.heard})
	d.messages.dirty = false // what changes from here on is for the next time
	d.mu.Unlock()
	if err == nil {
		err = writeFile(d.messagesFile(), data)
	}
	if err != nil {
		d.mu.Lock()
		d.messages.dirty = true
		d.mu.Unlock()
		d.log.Warn("the texts received could not be saved", "err", err)
		return &sentenceError{"the texts received could not be written down: " + err.Error(), err}
	}
	return nil
}

// loadMessages reads the texts that were not closed. A damaged file is set aside,
// one of a newer Potluck as well, for it is to be written again.
func (d *Device) loadMessages() {
	doc, err := readMessages(d.messagesFile())
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		d.log.Warn("the texts received before cannot be read and were set aside", "err", err, "aside", setAside(d.messagesFile()))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range doc.Open[:min(len(doc.Open), maxMessages)] {
		m.Text, m.FromName = manifest.DisplayText(m.Text, MaxText), manifest.DisplayName(m.FromName, 64)
		if m.Text == "" || m.ID == "" || d.blockedLocked(m.From) {
			continue
		}
		if now := time.Now(); m.At.After(now) {
			m.At = now
		}
		d.messages.open = append(d.messages.open, m)
	}
	d.messages.heard = doc.Heard[max(0, len(doc.Heard)-maxHeardTexts):]
}

func readMessages(name string) (doc messagesDoc, err error) {
	f, err := os.Open(name)
	if err != nil {
		return doc, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxMessagesFile+1))
	switch {
	case err != nil:
		return doc, err
	case len(data) > maxMessagesFile:
		return doc, errTooLong
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return doc, err
	}
	if doc.Format != recordFormat {
		return doc, errors.New("their format is unknown")
	}
	return doc, nil
}
