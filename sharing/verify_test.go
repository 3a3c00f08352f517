package sharing

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/store"
)

// sentAndOver lets Ben send a folder to Anna, and returns when it is over for both.
func sentAndOver(t *testing.T, o AcceptOptions) (ben, anna *party, share ShareID, root, got string) {
	t.Helper()
	ben, anna = pair(t, AcceptAsk)
	root = tree(t, t.TempDir(), 6<<20)
	share = send(t, ben, anna, root)
	accept(t, anna, share, o)
	got = next[DeliveredEvent](anna, nil).Path
	next[DeliveredEvent](ben, nil)
	over(ben, share)
	over(anna, share)
	return ben, anna, share, root, got
}

// over waits until all work on a share is done, and it is kept.
func over(p *party, share ShareID) {
	p.t.Helper()
	p.until("it is kept", func(Snapshot) bool {
		p.notifier.changed() // look again
		p.mu.Lock()
		defer p.mu.Unlock()
		k := p.keptLocked(share)
		if o := p.outgoing[share]; o != nil {
			return o.source == nil && k != nil
		}
		in := p.incoming[share]
		return in != nil && in.settled && k != nil
	})
}

// rotByte changes a byte of a file that keeps its size and time.
func rotByte(t *testing.T, path string, at int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= 0x10
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(data[at:at+1], at); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("my own work"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, p *party, share ShareID, o VerifyOptions) Verified {
	t.Helper()
	v, err := p.Verify(t.Context(), share.String(), o)
	if err != nil {
		t.Fatal(err)
	}
	if e := next[VerifiedEvent](p, nil); e.Share != share || e.OK != v.OK {
		t.Errorf("the event says %+v", e)
	}
	if s := p.Snapshot(); s.Transfers[0].Verify != nil {
		t.Error("it is still being verified")
	}
	return v
}

// leaves fails the test unless that is what the only transfer is known to be like
// since it was checked.
func leaves(t *testing.T, p *party, want Checked) {
	t.Helper()
	got := p.Snapshot().Transfers[0].Checked
	if got == nil || !got.At.Equal(want.At) || got.At.IsZero() {
		t.Fatalf("it is known to be like %+v, want %+v", got, want)
	}
	if want.At = got.At; *got != want {
		t.Errorf("it is known to be like %+v, want %+v", *got, want)
	}
}

// names fails the test unless these entries were found, below the folder.
func (e Entries) names(t *testing.T, what string, paths ...string) {
	t.Helper()
	var got []string
	for _, p := range e.Paths {
		_, rel, _ := bytes.Cut([]byte(p), []byte("/"))
		got = append(got, string(rel))
	}
	slices.Sort(got)
	slices.Sort(paths)
	if !slices.Equal(got, paths) || e.Count != len(paths) {
		t.Errorf("%s: %d, %q; want %q", what, e.Count, got, paths)
	}
}

// asSent fails the test unless a file has the same content and time as another.
func asSent(t *testing.T, want, got string) {
	t.Helper()
	a, err := os.ReadFile(want)
	b, errB := os.ReadFile(got)
	if err != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("%s is not as it was sent (%v, %v)", got, err, errB)
		return
	}
	ia, _ := os.Stat(want)
	if ib, _ := os.Stat(got); !ia.ModTime().Equal(ib.ModTime()) {
		t.Errorf("%s has time %v, want %v", got, ib.ModTime(), ia.ModTime())
	}
}

// noStaging fails the test if the download folder holds anything of ours that is
// not final.
func noStaging(t *testing.T, p *party) {
	t.Helper()
	if list, _ := filepath.Glob(filepath.Join(p.downloads, ".potluck-*")); len(list) > 0 {
		t.Errorf("staging is left: %q", list)
	}
	if list, _ := filepath.Glob(filepath.Join(p.state, "state", "shares", "*", repairName)); len(list) > 0 {
		t.Errorf("notes are left: %q", list)
	}
}

func TestVerifyMends(t *testing.T) {
	_, anna, share, root, got := sentAndOver(t, AcceptOptions{})
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK || v.Files != 8 || v.Bytes == 0 {
		t.Errorf("untouched: %+v", v)
	}
	rotByte(t, filepath.Join(got, "big"), 3<<20)
	rotByte(t, filepath.Join(got, "sub", "doc..pdf"), 500)
	os.Remove(filepath.Join(got, "piece"))
	os.Remove(filepath.Join(got, "empty"))
	os.Remove(filepath.Join(got, "empty folder"))
	os.RemoveAll(filepath.Join(got, "sub", "deep"))
	edit(t, filepath.Join(got, "one"))

	v := verify(t, anna, share, VerifyOptions{})
	v.Damaged.names(t, "damaged", "big", "sub/doc..pdf")
	v.Missing.names(t, "missing", "piece", "empty", "empty folder", "sub/deep", "sub/deep/.hidden")
	v.Changed.names(t, "changed", "one")
	v.Repaired.names(t, "repaired", "big", "sub/doc..pdf", "piece", "empty", "empty folder", "sub/deep", "sub/deep/.hidden")
	v.Unchecked.names(t, "unchecked")
	v.Beside.names(t, "beside")
	if v.OK || v.Error != "" {
		t.Errorf("%+v", v)
	}
	for _, name := range []string{"big", "sub/doc..pdf", "piece", "empty", "sub/deep/.hidden", "piece+1", "sub/日本 😀.txt"} {
		asSent(t, filepath.Join(root, filepath.FromSlash(name)), filepath.Join(got, filepath.FromSlash(name)))
	}
	if b, _ := os.ReadFile(filepath.Join(got, "one")); string(b) != "my own work" {
		t.Errorf("what was changed is %q now", b)
	}
	noStaging(t, anna)

	v = verify(t, anna, share, VerifyOptions{Restore: true})
	v.Changed.names(t, "changed", "one")
	v.Beside.names(t, "beside", "one (2)")
	if !v.OK || v.Repaired.Count > 0 {
		t.Errorf("restored: %+v", v)
	}
	asSent(t, filepath.Join(root, "one"), filepath.Join(got, "one (2)"))
	if b, _ := os.ReadFile(filepath.Join(got, "one")); string(b) != "my own work" {
		t.Errorf("what was changed is %q now", b)
	}
	if v = verify(t, anna, share, VerifyOptions{}); !v.OK || v.Changed.Count > 0 {
		t.Errorf("in the end: %+v", v)
	}
	onlyIn(t, anna.downloads, filepath.Base(got))
	onlyIn(t, got, "big", "sub", "piece", "piece+1", "empty", "empty folder", "one", "one (2)")
}

// Of a share of which a part was taken, the part is checked and mended, whatever it
// shares pieces with.
func TestVerifyOfAPart(t *testing.T) {
	_, anna, share, root, got := sentAndOver(t, AcceptOptions{Only: []string{"*.txt", "one", "big"}})
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK || v.Files != 3 {
		t.Errorf("untouched: %+v", v)
	}
	rotByte(t, filepath.Join(got, "sub", "日本 😀.txt"), 1000)
	rotByte(t, filepath.Join(got, "big"), 6<<20-1)
	os.Remove(filepath.Join(got, "one"))
	if err := os.Symlink("big", filepath.Join(got, "one")); err != nil {
		t.Skip("no links here")
	}
	v := verify(t, anna, share, VerifyOptions{Restore: true})
	v.Repaired.names(t, "repaired", "big", "sub/日本 😀.txt")
	v.Changed.names(t, "changed", "one")
	v.Beside.names(t, "beside", "one (2)")
	if !v.OK {
		t.Errorf("%+v", v)
	}
	asSent(t, filepath.Join(root, "one"), filepath.Join(got, "one (2)"))
	asSent(t, filepath.Join(root, "big"), filepath.Join(got, "big"))
	asSent(t, filepath.Join(root, "sub", "日本 😀.txt"), filepath.Join(got, "sub", "日本 😀.txt"))
	if target, err := os.Readlink(filepath.Join(got, "one")); err != nil || target != "big" {
		t.Errorf("the link is %q, %v", target, err)
	}
}

func TestVerifyWithNobodyHere(t *testing.T) {
	ben, anna, share, root, got := sentAndOver(t, AcceptOptions{})
	ben.stop()
	anna.until("Ben is gone", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	rotByte(t, filepath.Join(got, "big"), 100)
	rotten, err := os.ReadFile(filepath.Join(got, "big"))
	if err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(got, "one"))
	anna.awayFor = time.Hour
	waiting, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		_, err := anna.Verify(waiting, share.String(), VerifyOptions{})
		ended <- err
	}()
	anna.until("it waits", func(s Snapshot) bool {
		v := s.Transfers[0].Verify
		return v != nil && v.Repairing && v.Away
	})
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	v := verify(t, anna, share, VerifyOptions{Wait: 50 * time.Millisecond})
	v.Damaged.names(t, "damaged", "big")
	v.Repaired.names(t, "repaired")
	found := Checked{At: v.At, Damaged: 1, Changed: 1, Unchecked: v.Unchecked.Count}
	leaves(t, anna, found)
	if v.OK || v.Error != errAway.Error() || v.Unchecked.Count == 0 {
		t.Errorf("%+v", v)
	}
	if b, _ := os.ReadFile(filepath.Join(got, "big")); !bytes.Equal(b, rotten) {
		t.Error("the damaged file was touched")
	}
	noStaging(t, anna)

	// The one who sent it serves it again, though it was over and it has restarted;
	// so does Anna notice that she has.
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptAsk)
	leaves(t, anna, found)
	ben = start(t, "Ben", ben.state, AcceptAsk)
	meet(ben, anna)
	v = verify(t, anna, share, VerifyOptions{})
	v.Repaired.names(t, "repaired", "big")
	v.Changed.names(t, "changed", "one")
	v.Unchecked.names(t, "unchecked")
	leaves(t, anna, Checked{At: v.At, Changed: 1})
	asSent(t, filepath.Join(root, "big"), filepath.Join(got, "big"))
}

// What is shared again is not hashed again, arrives under another name, and is mended
// like anything else.
func TestVerifyOfWhatWasSharedAgain(t *testing.T) {
	ben, anna, _, root, first := sentAndOver(t, AcceptOptions{})
	share := send(t, ben, anna, root)
	accept(t, anna, share, AcceptOptions{})
	got := next[DeliveredEvent](anna, nil).Path
	over(ben, share)
	over(anna, share)
	rotByte(t, filepath.Join(got, "big"), 3<<20)
	os.RemoveAll(filepath.Join(got, "sub"))
	v, err := anna.Verify(t.Context(), share.String(), VerifyOptions{})
	if err != nil || !v.OK || v.Repaired.Count != 6 {
		t.Errorf("%+v, %v", v, err)
	}
	if got == first {
		t.Errorf("both are at %s", got)
	}
	for _, name := range []string{"big", "sub/doc..pdf", "sub/deep/.hidden", "sub/日本 😀.txt"} {
		asSent(t, filepath.Join(root, filepath.FromSlash(name)), filepath.Join(got, filepath.FromSlash(name)))
	}
}

// When the one who sent it is gone, somebody else who has received it mends it.
func TestVerifyFromAFellow(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	carl := start(t, "Carl", t.TempDir(), AcceptEveryone)
	meet(ben, carl)
	ben.limit(64<<10, 0) // so that both hear of each other before they have it
	root := tree(t, t.TempDir(), 6<<20)
	share, err := ben.Send(t.Context(), []string{root}, []identity.ID{anna.id(), carl.id()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*party{anna, carl} {
		p.until("it knows of the other one", func(Snapshot) bool {
			p.notifier.changed() // look again
			p.mu.Lock()
			defer p.mu.Unlock()
			in := p.incoming[share]
			return in != nil && len(in.circle.roster.takers()) == 2
		})
	}
	ben.limit(0, 0)
	got := next[DeliveredEvent](anna, nil).Path
	next[DeliveredEvent](carl, nil)
	for _, p := range []*party{ben, anna, carl} {
		over(p, share)
	}
	ben.stop()
	meet(anna, carl)
	anna.until("Carl is here, and Ben is not", func(s Snapshot) bool { return len(s.Neighbours) == 1 && s.Neighbours[0].ID == carl.id() })
	rotByte(t, filepath.Join(got, "big"), 3<<20)
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK || v.Repaired.Count != 1 {
		t.Errorf("%+v", v)
	}
	asSent(t, filepath.Join(root, "big"), filepath.Join(got, "big"))
}

// While a share goes on for others, whoever has it already may come again.
func TestVerifyWhileTheShareGoesOn(t *testing.T) {
	ben, anna := pair(t, AcceptEveryone)
	ben.idleAfter = 50 * time.Millisecond
	root := tree(t, t.TempDir(), 6<<20)
	share, err := ben.Send(t.Context(), []string{root}, []identity.ID{anna.id(), {1}})
	if err != nil {
		t.Fatal(err)
	}
	got := next[DeliveredEvent](anna, nil).Path
	next[DeliveredEvent](ben, nil)
	over(anna, share)
	rotByte(t, filepath.Join(got, "big"), 3<<20)
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK || v.Repaired.Count != 1 {
		t.Errorf("%+v", v)
	}
	asSent(t, filepath.Join(root, "big"), filepath.Join(got, "big"))
	if s := ben.Snapshot(); s.Transfers[0].State != Offering {
		t.Errorf("Ben's share is %s", s.Transfers[0].State)
	}
}

// A file of the sender that is not what it was is not served.
func TestVerifyWithASenderWhoseFilesChanged(t *testing.T) {
	_, anna, share, root, got := sentAndOver(t, AcceptOptions{})
	rotByte(t, filepath.Join(got, "piece"), 7)
	rotByte(t, filepath.Join(got, "big"), 7)
	rotByte(t, filepath.Join(root, "piece"), 8)
	edit(t, filepath.Join(root, "one"))
	anna.stallAfter = time.Second
	cancelled(t, anna, share, "when nobody here has it", func(func()) error {
		anna.until("that is said", func(s Snapshot) bool { return s.Transfers[0].Verify.Away })
		_, err := anna.Cancel(t.Context(), share.String())
		return err
	})
	v := verify(t, anna, share, VerifyOptions{Wait: 2 * time.Second})
	v.Repaired.names(t, "repaired", "big")
	if v.OK || v.Error != errStill.Error() {
		t.Errorf("%+v", v)
	}
	asSent(t, filepath.Join(root, "big"), filepath.Join(got, "big"))
	noStaging(t, anna)
}

func TestVerifyIsCancelled(t *testing.T) {
	ben, anna, share, _, got := sentAndOver(t, AcceptOptions{})
	ben.limit(64<<10, 0)
	for at := range int64(20) {
		rotByte(t, filepath.Join(got, "big"), at*256<<10)
	}
	for how, end := range map[string]func(cancel func()) error{
		"by the context": func(cancel func()) error { cancel(); return nil },
		"by a command": func(func()) error {
			_, err := anna.Cancel(t.Context(), share.Short())
			return err
		},
	} {
		cancelled(t, anna, share, how, end)
	}
	cancelled(t, anna, share, "by forgetting it", func(func()) error { return anna.Forget(t.Context(), share.Short()) })
	if list, _ := os.ReadDir(anna.records.folder); len(list) > 0 {
		t.Errorf("records are left: %v", list)
	}
}

// cancelled begins a repair and ends it.
func cancelled(t *testing.T, p *party, share ShareID, how string, end func(cancel func()) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := p.Verify(ctx, share.String(), VerifyOptions{})
		failed <- err
	}()
	p.until("it is repaired", func(s Snapshot) bool { return s.Transfers[0].Verify != nil && s.Transfers[0].Verify.Repairing })
	if _, err := p.Verify(t.Context(), share.String(), VerifyOptions{}); !errors.Is(err, ErrState) {
		t.Errorf("a second one: %v", err)
	}
	if err := end(cancel); err != nil {
		t.Errorf("%s: %v", how, err)
	}
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("%s: %v", how, err)
	}
	for _, known := range p.Snapshot().Transfers { // nothing was mended
		if known.Checked == nil || known.Checked.Damaged == 0 || known.Checked.OK() {
			t.Errorf("%s: it is known to be like %+v", how, known.Checked)
		}
	}
	noStaging(t, p)
}

// What a repair left that was interrupted is cleared away when the device starts.
func TestDeathWhileRepairing(t *testing.T) {
	_, anna, share, _, got := sentAndOver(t, AcceptOptions{})
	anna.mu.Lock()
	v := anna.incoming[share].deliveryLocked()
	anna.mu.Unlock()
	r, err := v.open()
	if err != nil {
		t.Fatal(err)
	}
	item, err := store.Create(r.options(repairName, nil))
	if err != nil {
		t.Fatal(err)
	}
	item.Close()
	anna.stop()
	anna = start(t, "Anna", anna.state, AcceptAsk)
	noStaging(t, anna)
	onlyIn(t, anna.downloads, filepath.Base(got))
	if v := verify(t, anna, share, VerifyOptions{}); !v.OK {
		t.Errorf("%+v", v)
	}
}

// Without the notes of which files were delivered, they are found all the same; what
// is damaged of our own is told and kept.
func TestVerifyWithoutStamps(t *testing.T) {
	_, anna, share, _, got := sentAndOver(t, AcceptOptions{})
	stamps := anna.records.file(share, stampsName)
	edit(t, filepath.Join(got, "one"))
	if err := os.Remove(stamps); err != nil {
		t.Fatal(err)
	}
	v := verify(t, anna, share, VerifyOptions{})
	v.Changed.names(t, "changed", "one")
	v.Damaged.names(t, "damaged")
	b, err := os.ReadFile(stamps)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(stamps, b, 0o600); err != nil {
		t.Fatal(err)
	}
	v = verify(t, anna, share, VerifyOptions{})
	v.Changed.names(t, "changed", "one")
	if notes := anna.Notes(); len(notes) != 1 {
		t.Errorf("notes %q", notes)
	}
	if kept, err := os.ReadFile(stamps + ".damaged-1"); err != nil || !bytes.Equal(kept, b) {
		t.Errorf("the damaged notes: %v", err)
	}
	if err := os.Remove(anna.records.file(share, "hashes")); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Verify(t.Context(), share.String(), VerifyOptions{}); err == nil {
		t.Error("it was verified against nothing")
	}
	if err := os.Rename(anna.downloads, anna.downloads+" away"); err != nil {
		t.Fatal(err)
	}
	if _, err := anna.Verify(t.Context(), share.String(), VerifyOptions{}); err == nil {
		t.Error("it was verified without its folder")
	}
}
