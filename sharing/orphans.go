package sharing

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/manifest"
	"potluck/sharing/store"
)

const (
	// orphanAfter is how long what belongs to a damaged record is left alone: the
	// share may be offered again meanwhile, and its person look what there is.
	orphanAfter = 7 * 24 * time.Hour

	// orphanLook is how often it is looked for such.
	orphanLook = 24 * time.Hour

	// maxRecord bounds what is read of a damaged record.
	maxRecord = 16 << 20
)

// asideName is what a damaged record is called, with all that belongs to it.
var asideName = regexp.MustCompile(`^([0-9a-f]{64})\.damaged-[0-9]+$`)

// intoField is where a damaged record may still say what was received into.
var intoField = regexp.MustCompile(`"into":("(?:[^"\\]|\\.)*")`)

// tendOrphans clears away, until ctx is done, the staging folders of shares whose
// record was damaged.
func (d *Device) tendOrphans(ctx context.Context) {
	look := time.NewTicker(orphanLook)
	defer look.Stop()
	for {
		d.clearOrphans(ctx, time.Now())
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// clearOrphans clears away what has lain for long enough. The notes of the store
// among what was set aside prove what was made here, and nothing else is touched.
func (d *Device) clearOrphans(ctx context.Context, now time.Time) {
	entries, err := os.ReadDir(d.records.folder)
	if err != nil {
		return // the device has received nothing yet
	}
	for _, e := range entries {
		info, err := e.Info()
		named := asideName.FindStringSubmatch(e.Name())
		if err != nil || named == nil || !e.IsDir() || now.Sub(info.ModTime()) < orphanAfter || ctx.Err() != nil {
			continue
		}
		var share ShareID
		if share.UnmarshalText([]byte(named[1])) == nil {
			d.clearOrphan(share, filepath.Join(d.records.folder, e.Name()))
		}
	}
}

// clearOrphan clears away what was received of a share whose notes are in a folder.
func (d *Device) clearOrphan(share ShareID, aside string) {
	m, err := readManifest(filepath.Join(aside, "manifest"))
	if err != nil {
		return // then nobody can tell what is ours
	}
	journals, _ := os.ReadDir(aside)
	for _, j := range journals {
		if !j.IsDir() || !strings.HasPrefix(j.Name(), firstJournal) {
			continue
		}
		for _, folder := range d.likelyFolders(aside) {
			err := store.DiscardLeft(store.Options{
				Folder: folder, State: filepath.Join(aside, j.Name()), Share: share, Manifest: m,
				Hashes: hashlist.New(share, m.StreamLength(), nil), Log: d.log,
			})
			if errors.Is(err, store.ErrNothing) || mayGoLater(err) {
				continue
			}
			d.log.Info("what was left of a damaged record was cleared away", "share", share.Short(), "folder", folder, "err", err)
			break
		}
	}
}

// likelyFolders returns where something may have been received to that nobody
// knows of any more: where the record says, as far as it can be read, and where
// other things are received to.
func (d *Device) likelyFolders(aside string) (list []string) {
	if f, err := os.Open(filepath.Join(aside, "record.json")); err == nil {
		data, _ := readBounded(f, maxRecord)
		f.Close()
		for _, found := range intoField.FindAllSubmatch(data, 10) {
			var into string
			if json.Unmarshal(found[1], &into) == nil {
				list = append(list, into)
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	list = append(list, d.settings.Downloads)
	for _, in := range d.incoming {
		list = append(list, in.rec.Into)
		if in.choice != nil {
			list = append(list, in.choice.into)
		}
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(folder string) bool { return !filepath.IsAbs(folder) })
}

// readManifest reads a list of files that was kept.
func readManifest(name string) (*manifest.Manifest, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return manifest.Decode(f)
}
