package sharing

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"potluck/sharing/identity"
)

// recordFormat is the format of the records on disk. A record of a newer format
// is left alone.
const recordFormat = 1

// A record is what a device keeps of a share across restarts. Beside it, in the
// share's folder, lie its manifest, its hash list, and either what is needed to
// read the shared files again or the journal of the files received.
type record struct {
	Format       int           `json:"format"`
	Share        ShareID       `json:"share"`
	Direction    Direction     `json:"direction"`
	Title        string        `json:"title"`
	Files        int           `json:"files"`
	Folders      int           `json:"folders"`
	Bytes        int64         `json:"bytes"`
	Offer        offerDoc      `json:"offer"`
	Started      time.Time     `json:"started"`
	Ended        time.Time     `json:"ended,omitzero"`
	Paused       bool          `json:"paused,omitempty"`
	Hidden       bool          `json:"hidden,omitempty"`
	Failures     []failureDoc  `json:"failures,omitempty"`
	Notes        []Note        `json:"notes,omitempty"`        // sending: left out; receiving: renamed
	Renamed      []Note        `json:"renamed,omitempty"`      // sending: under another name than on disk
	FailureNotes []Note        `json:"failureNotes,omitempty"` // Failures for people
	Paths        []string      `json:"paths,omitempty"`        // as in Transfer
	Takers       []takerRecord `json:"takers,omitempty"`       // sending
	From         identity.ID   `json:"from,omitzero"`          // receiving, and the rest
	FromName     string        `json:"fromName,omitempty"`
	FromKey      []byte        `json:"fromKey,omitempty"`
	Into         string        `json:"into,omitempty"`
	Journal      string        `json:"journal,omitempty"`  // empty means firstJournal
	Leftover     []place       `json:"leftover,omitempty"` // places that are still to be cleared
	Want         []byte        `json:"want,omitempty"`     // a bit for each entry; none means all
	State        State         `json:"state,omitempty"`
	Error        string        `json:"error,omitempty"`
	Version      int           `json:"version,omitempty"`
	Told         bool          `json:"told,omitempty"`
	Total        int64         `json:"total,omitempty"`
	Checked      bool          `json:"checked,omitempty"`
	LastCheck    *Checked      `json:"lastCheck,omitempty"` // as in Transfer.Checked
	Receipt      *Receipt      `json:"receipt,omitempty"`
	Roster       *roster       `json:"roster,omitempty"`
	Untold       packed        `json:"untold,omitempty"` // sending: who does not know the roster since somebody was struck off it
}

// A takerRecord is what the sharer keeps of one taker.
type takerRecord struct {
	ID      identity.ID `json:"id"`
	Name    string      `json:"name"`
	State   State       `json:"state"`
	Error   string      `json:"error,omitempty"`
	Done    int64       `json:"done,omitempty"` // roughly, and not more
	Total   int64       `json:"total,omitempty"`
	Told    bool        `json:"told,omitempty"`
	Version int         `json:"version,omitempty"`
	Receipt *Receipt    `json:"receipt,omitempty"`
}

// records is the folder with a folder for each share.
type records struct {
	folder string
	log    *slog.Logger
	locks  *[16]sync.Mutex // of shares: what is forgotten must not be written down once more
}

// lock keeps others from writing down a share, or forgetting it, until unlock.
func (r records) lock(share ShareID) (unlock func()) {
	m := &r.locks[int(share[0])%len(r.locks)]
	m.Lock()
	return m.Unlock
}

func (r records) dir(share ShareID) string { return filepath.Join(r.folder, share.String()) }

func (r records) file(share ShareID, name string) string {
	return filepath.Join(r.dir(share), name)
}

// save replaces the record of a share.
func (r records) save(rec record) error {
	rec.Format = recordFormat
	data, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.dir(rec.Share), 0o700); err != nil {
		return err
	}
	return writeFile(r.file(rec.Share, "record.json"), data)
}

// removeTries is how often it is tried to remove a folder that somebody still writes a last
// file in.
const removeTries = 20

// remove forgets a share, which the device must not know any more.
func (r records) remove(share ShareID) {
	defer r.lock(share)()
	err := os.RemoveAll(r.dir(share))
	for try := 1; err != nil && try < removeTries; try++ {
		time.Sleep(10 * time.Millisecond)
		err = os.RemoveAll(r.dir(share))
	}
	if err != nil {
		r.log.Warn("what is kept of a share could not be removed", "share", share.Short(), "err", err)
	}
}

// load returns all records that can be read. A damaged one is set aside with all
// that belongs to it, and note told in a sentence.
func (r records) load(note func(string)) []record {
	entries, err := os.ReadDir(r.folder)
	if err != nil {
		r.log.Warn("the shares of before cannot be read", "err", err)
		return nil
	}
	var list []record
	for _, e := range entries {
		var share ShareID
		if !e.IsDir() || share.UnmarshalText([]byte(e.Name())) != nil {
			continue
		}
		rec, err := r.read(share)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			// killed before the first record was written: nothing was promised
			r.remove(share)
		case err != nil:
			// All of it goes aside, so that the share can be offered and accepted anew.
			aside := setAside(r.dir(share))
			_ = os.Chtimes(aside, time.Time{}, time.Now()) // from when on it is left alone for a while
			r.log.Warn("the record of a share is damaged and was set aside", "share", share.Short(), "err", err, "aside", aside)
			note(fmt.Sprintf("What was known of transfer %s was damaged, so that it cannot go on; it can be sent again. What is left of it is kept as %s.", share.Short(), aside))
		case rec.Format > recordFormat:
			r.log.Warn("the record of a share is from a newer Potluck and was left alone", "share", share.Short())
		default:
			list = append(list, rec)
		}
	}
	return list
}

func (r records) read(share ShareID) (record, error) {
	data, err := os.ReadFile(r.file(share, "record.json"))
	if err != nil {
		return record{}, err
	}
	var rec record
	if err := json.Unmarshal(data, &rec); err != nil {
		return record{}, err
	}
	if rec.Share != share {
		return record{}, fmt.Errorf("it is about share %s", rec.Share.Short())
	}
	return rec, nil
}

// writeFile replaces a file by one that holds data, or leaves it as it was.
func writeFile(name string, data []byte) error {
	return writeFileFrom(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// writeFileFrom replaces a file by what write writes, synced, or leaves it as it
// was.
func writeFileFrom(name string, write func(io.Writer) error) error {
	return replaceFile(name, write, true)
}

// replaceFile replaces a file by what write writes, or leaves it as it was. What
// was not synced may be lost with the power, though not when the program dies.
func replaceFile(name string, write func(io.Writer) error, sync bool) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriterSize(f, 64<<10)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil && sync {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// setAside gives a damaged file or folder another name, and returns that.
func setAside(name string) string {
	for i := 1; i < 1000; i++ {
		aside := fmt.Sprintf("%s.damaged-%d", name, i)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			if err := os.Rename(name, aside); err != nil {
				return ""
			}
			return aside
		}
	}
	return ""
}
