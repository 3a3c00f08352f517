package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/session"
)

// bait is a share of p that is offered to a rogue.
func bait(t *testing.T, p *party, r *rogue, size int) (ShareID, [20]byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bait")
	if err := os.WriteFile(file, make([]byte, size), 0o600); err != nil {
		t.Fatal(err)
	}
	return p.share(r, file)
}

// say tells p of what the rogue makes of its share.
func (r *rogue) say(p *party, share ShareID, doc takeDoc) (status int, reply offerDoc) {
	r.t.Helper()
	status, data := r.do(p, http.MethodPut, "/v1/takes/"+share.String(), doc)
	if status == http.StatusOK {
		if err := json.Unmarshal(data, &reply); err != nil {
			r.t.Error(err)
		}
	}
	return status, reply
}

// stateOf returns the state that the share's only taker is in.
func (p *party) stateOf(share ShareID) State {
	for _, t := range p.Snapshot().Transfers {
		if t.Share == share {
			return t.Peers[0].State
		}
	}
	return ""
}

// Who was not offered a share learns nothing of it, not even that it is there.
func TestS21_S32_SharesOfOthers(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	friend := newRogue(t, ben, session.Hello{})
	stranger := newRogue(t, ben, session.Hello{})
	share, infoHash := bait(t, ben, friend, 300<<10)
	for _, of := range []ShareID{share, {}} {
		for _, req := range []struct {
			method, path string
			body         any
		}{
			{http.MethodPut, "/v1/takes/%s", takeDoc{Version: 1, State: takeRunning, Total: 1}},
			{http.MethodPut, "/v1/takes/%s", takeDoc{Version: 1, State: takeDelivered}},
			{http.MethodPut, "/v1/takes/%s", "rubbish"},
			{http.MethodGet, "/v1/shares/%s/manifest", nil},
			{http.MethodGet, "/v1/shares/%s/hashes?from=0&amended=0&failed=0", nil},
			{http.MethodPost, "/v1/shares/%s/doubt?piece=0", nil},
		} {
			if status, _ := stranger.do(ben, req.method, fmt.Sprintf(req.path, of), req.body); status != http.StatusNotFound {
				t.Errorf("%s %s: status %d", req.method, req.path, status)
			}
		}
	}
	friend.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: 300 << 10})
	silent(t, "a stranger's connection", stranger.knock(ben, infoHash))
	if s := ben.stateOf(share); s != Running {
		t.Errorf("the share is %s", s)
	}
}

// Not a byte leaves before yes, and none after the end.
func TestS21_S32_S53_NoContentWithoutYes(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	share, infoHash := bait(t, ben, r, 300<<10)
	seen := takeDoc{Version: 1, State: takeSeen}
	yes := takeDoc{Version: 3, State: takeRunning, Total: 300 << 10}

	silent(t, "before an answer", r.knock(ben, infoHash))
	r.say(ben, share, seen)
	silent(t, "when it was seen", r.knock(ben, infoHash))
	r.do(ben, http.MethodPost, "/v1/shares/"+share.String()+"/doubt?piece=0", nil)
	ben.mu.Lock()
	if n := ben.outgoing[share].takers[r.ID()].doubts; n != 0 {
		t.Errorf("%d doubts were looked into before yes", n)
	}
	ben.mu.Unlock()

	if status, doc := r.say(ben, share, yes); status != http.StatusOK || doc.State != offerOpen {
		t.Fatalf("yes: status %d, %+v", status, doc)
	}
	silent(t, "another torrent", r.knock(ben, [20]byte{1}))
	silent(t, "no torrent", r.knock(ben, [20]byte{}))
	c := r.knock(ben, infoHash)
	hello(t, c)

	// It changes its mind, and the connection is gone.
	seen.Version = 4
	r.say(ben, share, seen)
	drain(t, c)
	silent(t, "after the yes was taken back", r.knock(ben, infoHash))

	yes.Version = 5
	r.say(ben, share, yes)
	c = r.knock(ben, infoHash)
	hello(t, c)
	if _, err := ben.Cancel(t.Context(), share.String()); err != nil {
		t.Fatal(err)
	}
	drain(t, c)
	silent(t, "after the end", r.knock(ben, infoHash))

	// The old yes, once more.
	yes.Version = 1 << 40
	if status, doc := r.say(ben, share, yes); status != http.StatusOK || doc.State != offerWithdrawn {
		t.Errorf("an old yes: status %d, %+v", status, doc)
	}
	silent(t, "after an old yes", r.knock(ben, infoHash))
	if s := ben.stateOf(share); s != Withdrawn {
		t.Errorf("the share is %s", s)
	}
}

// hello waits for the handshake that answers knock.
func hello(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(waitLong))
	if n, err := c.Read(make([]byte, 68)); n == 0 {
		t.Fatalf("a permitted connection was refused: %v", err)
	}
}

// drain reads until the connection ends.
func drain(t *testing.T, c net.Conn) {
	t.Helper()
	buf := make([]byte, 1<<10)
	for {
		if _, err := c.Read(buf); err != nil {
			if e, ok := err.(net.Error); ok && e.Timeout() {
				t.Error("the connection stays open")
			}
			return
		}
	}
}

func TestS32_ABlockedTakerIsCutOff(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	share, infoHash := bait(t, ben, r, 300<<10)
	r.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: 300 << 10})
	c := r.knock(ben, infoHash)
	hello(t, c)
	ben.Block(r.ID())
	drain(t, c)
	ben.until("it is gone", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	ctx, cancel := context.WithTimeout(t.Context(), waitLong)
	defer cancel()
	if _, err := r.hub.Connect(ctx, ben.id(), ben.Snapshot().Self.Addr); err == nil {
		if _, alive := r.hub.Get(ben.id()); alive && len(ben.Snapshot().Neighbours) > 0 {
			t.Error("a blocked device got a session")
		}
	}
}

func TestS30_S32_ReceiptsThatProveNothing(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	other := newRogue(t, ben, session.Hello{})
	const size = 300 << 10
	share, _ := bait(t, ben, r, size)
	ben.mu.Lock()
	o := ben.outgoing[share]
	ben.mu.Unlock()
	digest, known := o.hashes.Digest()
	if !known {
		t.Fatal("not hashed")
	}
	good := func() *Receipt {
		return &Receipt{
			Share: share, Manifest: HexHash(o.manifest.Hash()), Hashes: HexHash(digest), Sharer: ben.id(),
			Entries: "0", Files: 1, Bytes: size, Time: time.Unix(1_800_000_000, 0).UTC(),
		}
	}
	deliver := func(rec *Receipt) int {
		status, _ := r.say(ben, share, takeDoc{Version: 9, State: takeDelivered, Done: size, Total: size, Receipt: rec})
		return status
	}
	if status := deliver(nil); status != http.StatusBadRequest {
		t.Errorf("no receipt: status %d", status)
	}
	for name, change := range map[string]func(*Receipt){
		"another share":     func(r *Receipt) { r.Share[0]++ },
		"another manifest":  func(r *Receipt) { r.Manifest[0]++ },
		"other content":     func(r *Receipt) { r.Hashes[0]++ },
		"not yet amended":   func(r *Receipt) { r.Amended = 1 },
		"negative":          func(r *Receipt) { r.Amended = -1 },
		"absurd":            func(r *Receipt) { r.Amended = 1 << 62 },
		"another sharer":    func(r *Receipt) { r.Sharer[0]++ },
		"more files":        func(r *Receipt) { r.Files = 2 },
		"negative files":    func(r *Receipt) { r.Files = -1 },
		"more bytes":        func(r *Receipt) { r.Bytes++ },
		"negative bytes":    func(r *Receipt) { r.Bytes = -1 },
		"no such entry":     func(r *Receipt) { r.Entries = "0-1" },
		"entry twice":       func(r *Receipt) { r.Entries = "0,0" },
		"backwards":         func(r *Receipt) { r.Entries = "1-0" },
		"huge entry":        func(r *Receipt) { r.Entries = "0-99999999999999999999" },
		"no number":         func(r *Receipt) { r.Entries = "0,\x1b[2J" },
		"a line of its own": func(r *Receipt) { r.Entries = "0\nfiles 7" },
		"empty parts":       func(r *Receipt) { r.Entries = "0," },
	} {
		rec := good()
		change(rec)
		rec.sign(r.Identity)
		if status := deliver(rec); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
	for name, spoil := range map[string]func(*Receipt){
		"no signature":        func(r *Receipt) { r.Sig = nil },
		"broken signature":    func(r *Receipt) { r.Sig[7] ^= 1 },
		"changed after":       func(r *Receipt) { r.Files = 0 },
		"no key":              func(r *Receipt) { r.Key = nil },
		"another's key":       func(r *Receipt) { r.Key = other.Public() },
		"of another device":   func(r *Receipt) { r.sign(other.Identity) },
		"in another's name":   func(r *Receipt) { r.sign(other.Identity); r.Taker = identity.IDOf(o.d.identity.Public()) },
		"signed by somebody":  func(rec *Receipt) { rec.sign(other.Identity); rec.Taker = r.ID() },
		"for another purpose": func(rec *Receipt) { rec.Sig = r.Sign("hash list run", rec.text()) },
	} {
		rec := good()
		rec.sign(r.Identity)
		spoil(rec)
		if status := deliver(rec); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if s := ben.stateOf(share); s.Final() {
		t.Errorf("the share is %s", s)
	}
	rec := good()
	rec.sign(r.Identity)
	if status := deliver(rec); status != http.StatusOK || ben.stateOf(share) != Delivered {
		t.Errorf("an honest receipt: status %d, the share is %s", status, ben.stateOf(share))
	}
}

func TestS39_TakesAndQuestionsThatCannotBe(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	share, _ := bait(t, ben, r, 300<<10)
	for name, doc := range map[string]takeDoc{
		"more than all":  {State: takeRunning, Done: 2, Total: 1},
		"negative done":  {State: takeRunning, Done: -1},
		"negative total": {State: takeRunning, Done: -2, Total: -1},
		"huge":           {State: takeRunning, Done: 1, Total: 1<<63 - 1},
		"no such state":  {State: "root"},
	} {
		if status, _ := r.say(ben, share, doc); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if s := ben.stateOf(share); s != Waiting {
		t.Errorf("the share is %s", s)
	}
	r.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: 1})
	of := "/v1/shares/" + share.String()
	for path, want := range map[string]int{
		"/hashes":                                                               http.StatusBadRequest,
		"/hashes?from=-1&amended=0&failed=0":                                    http.StatusBadRequest,
		"/hashes?from=0&amended=-1&failed=0":                                    http.StatusBadRequest,
		"/hashes?from=0&amended=0&failed=-1":                                    http.StatusBadRequest,
		"/hashes?from=x&amended=0&failed=0":                                     http.StatusBadRequest,
		"/hashes?from=1e9&amended=0&failed=0":                                   http.StatusBadRequest,
		"/hashes?from=99999999999999999999&amended=0&failed=0":                  http.StatusBadRequest,
		"/hashes?from=0&amended=9223372036854775807&failed=9223372036854775807": http.StatusOK,
	} {
		if status, _ := r.do(ben, http.MethodGet, of+path, nil); status != want {
			t.Errorf("%s: status %d", path, status)
		}
	}
	for _, piece := range []string{"", "-1", "2", "9223372036854775807", "99999999999999999999", "0x1"} {
		if status, _ := r.do(ben, http.MethodPost, of+"/doubt?piece="+piece, nil); status != http.StatusNotFound {
			t.Errorf("a doubt of piece %q: status %d", piece, status)
		}
	}
	// Waiting for what will never be ends with the one who waits.
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://device"+of+"/hashes?from=9223372036854775807&amended=0&failed=0", nil)
	done := make(chan error, 1)
	go func() {
		resp, err := r.hub.Do(ctx, ben.id(), req)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	cancel()
	<-done
}

// A doubt costs the reading of a piece, so there are not many.
func TestS39_FloodOfDoubts(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	share, _ := bait(t, ben, r, 300<<10)
	r.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: 1})
	for i := range 10 * maxDoubts {
		status, reply := r.do(ben, http.MethodPost, fmt.Sprintf("/v1/shares/%s/doubt?piece=%d", share, i%2), nil)
		var doc doubtDoc
		if err := json.Unmarshal(reply, &doc); status != http.StatusOK || err != nil || doc.Changed {
			t.Fatalf("status %d, %q", status, reply)
		}
	}
	ben.mu.Lock()
	defer ben.mu.Unlock()
	if n := ben.outgoing[share].takers[r.ID()].doubts; n != maxDoubts {
		t.Errorf("%d doubts were looked into", n)
	}
}

// A taker that asks for everything and reads nothing does not keep the device
// from serving others, nor from stopping.
func TestS43_TakerThatNeverReads(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	r := newRogue(t, ben, session.Hello{})
	share, infoHash := bait(t, ben, r, 8<<20)
	r.say(ben, share, takeDoc{Version: 1, State: takeRunning, Total: 8 << 20})
	c := r.knock(ben, infoHash)
	hello(t, c)
	wire := []byte{0, 0, 0, 1, 15, 0, 0, 0, 1, 2} // have none, interested
	length := int(hashlist.PieceLength(8 << 20))
	for at := 0; at < 8<<20; at += 128 << 10 {
		piece, begin := at/length, at%length
		wire = append(wire, 0, 0, 0, 13, 6, 0, 0, 0, byte(piece), 0, byte(begin>>16), byte(begin>>8), byte(begin), 0, 2, 0, 0)
	}
	if _, err := c.Write(wire); err != nil {
		t.Fatal(err)
	}
	other := newRogue(t, ben, session.Hello{})
	file := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(file, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ben.Send(t.Context(), []string{file}, []identity.ID{other.ID()}); err != nil {
		t.Fatal(err)
	}
	ben.until("the other one has seen its offer", func(s Snapshot) bool {
		return len(s.Transfers) == 2 && s.Transfers[1].State == Waiting
	})
	before := time.Now()
	ben.stop()
	if d := time.Since(before); d > 10*time.Second {
		t.Errorf("stopping took %v", d)
	}
}

// Two devices may have one name; only one can have one key. Whoever copies it
// takes the place of the first, and nobody gets confused or stuck.
func TestS28_CopiedNameAndCopiedKey(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{Name: "Ben"})
	twin := newRogue(t, anna, session.Hello{Name: "Ben"})
	if s := anna.Snapshot(); len(s.Neighbours) != 2 || s.Neighbours[0].ID == s.Neighbours[1].ID {
		t.Errorf("neighbours: %+v", s.Neighbours)
	}
	l := twin.lure(lineOf("a", 1), 1)
	l.offer(anna)
	if e := next[OfferedEvent](anna, nil); e.From != twin.ID() {
		t.Errorf("offered: %+v", e)
	}
	first := anna.Snapshot()
	clone := newRogueAs(t, r.Identity, anna, session.Hello{Name: "Ben"})
	anna.until("one of them", func(s Snapshot) bool {
		n := 0
		for i, p := range s.Neighbours {
			if p.ID == r.ID() && !p.Since.Equal(first.Neighbours[i].Since) {
				n++
			}
		}
		return n == 1 && len(s.Neighbours) == 2
	})
	l = clone.lure(lineOf("b", 1), 1)
	l.offer(anna)
	if e := next[OfferedEvent](anna, nil); e.From != r.ID() {
		t.Errorf("offered: %+v", e)
	}
}
