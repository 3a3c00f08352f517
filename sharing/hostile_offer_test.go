package sharing

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"potluck/sharing/identity"
	"potluck/sharing/session"
)

func TestS39_OffersThatCannotBe(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	good := r.lure(lineOf("a", 1), 1)
	for name, change := range map[string]func(*offerDoc){
		"no salt":           func(o *offerDoc) { o.Salt = nil },
		"short salt":        func(o *offerDoc) { o.Salt = o.Salt[:31] },
		"long salt":         func(o *offerDoc) { o.Salt = append(bytes.Clone(o.Salt), 0) },
		"short hash":        func(o *offerDoc) { o.Manifest = o.Manifest[:20] },
		"long hash":         func(o *offerDoc) { o.Manifest = bytes.Repeat([]byte{1}, 8<<10) },
		"other salt":        func(o *offerDoc) { o.Salt = bytes.Repeat([]byte{9}, 32) },
		"other manifest":    func(o *offerDoc) { o.Manifest = bytes.Repeat([]byte{9}, 32) },
		"negative":          func(o *offerDoc) { o.Length = -1 },
		"most negative":     func(o *offerDoc) { o.Length = -1 << 63 },
		"over 16 TiB":       func(o *offerDoc) { o.Length = 1<<44 + 1 },
		"huge":              func(o *offerDoc) { o.Length = 1<<53 - 1 },
		"largest":           func(o *offerDoc) { o.Length = 1<<63 - 1 },
		"state":             func(o *offerDoc) { o.State = "\x1b[2J" },
		"a very long story": func(o *offerDoc) { o.Reason = strings.Repeat("x", 1<<20) },
	} {
		bad := *good
		change(&bad.doc)
		if status := bad.put(anna); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
	path := "/v1/offers/" + good.id.String()
	for _, body := range []string{"", "null", "[]", "{", strings.Repeat("[", 15<<10), `{"length":1e999}`, `{"length":"1"}`} {
		if status, _ := r.do(anna, http.MethodPut, path, body); status != http.StatusBadRequest {
			t.Errorf("%.20q: status %d", body, status)
		}
	}
	for _, path := range []string{"/v1/offers/", "/v1/offers/x", "/v1/offers/" + strings.Repeat("g", 64), "/v1/offers/..%2f..%2fx"} {
		if status, _ := r.do(anna, http.MethodPut, path, good.doc); status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, status)
		}
	}
	other := newRogue(t, anna, session.Hello{})
	copied := *good
	copied.r = other
	if status := copied.put(anna); status != http.StatusBadRequest {
		t.Errorf("somebody else's offer: status %d", status)
	}
	if n := anna.shares(); n != 0 {
		t.Errorf("%d offers are held", n)
	}
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state")
}

// Even who accepts everything gets nothing of what cannot be meant honestly.
func TestS01_S05_S08_S16_ManifestsThatCannotBe(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	dir := func(path string) string { return `{"p":"` + path + `","d":true,"m":0}` + "\n" }
	for name, l := range map[string]*lure{
		"out":            r.lure(lineOf("../a", 1), 1),
		"out later":      r.lure(dir("a")+lineOf("a/../../b", 1), 1),
		"backslash":      r.lure(lineOf(`a\\..\\..\\b`, 1), 1),
		"absolute":       r.lure(lineOf("/etc/passwd", 1), 1),
		"drive":          r.lure(lineOf("C:/a", 1), 1),
		"UNC":            r.lure(lineOf(`\\\\host\\a`, 1), 1),
		"NUL":            r.lure(lineOf(`a\u0000b`, 1), 1),
		"dot":            r.lure(lineOf(".", 1), 1),
		"twice":          r.lure(lineOf("a", 1)+lineOf("a", 1), 2),
		"file as folder": r.lure(lineOf("a", 1)+lineOf("a/b", 1), 2),
		"no folder":      r.lure(lineOf("a/b", 1), 1),
		"negative":       r.lure(lineOf("a", -1), 1),
		"overflow":       r.lure(lineOf("a", 1<<62)+lineOf("b", 1<<62), 1),
		"nothing":        r.lure("", 0),
		"other length":   r.lure(lineOf("a", 1), 2),
		"bomb":           r.lure(strings.Repeat("\x00", 64<<20), 1),
		"not UTF-8":      r.lure(lineOf("a\xff", 1), 1),
		"cut off":        r.lure(`{"p":"a`, 1),
	} {
		if name == "nothing" {
			l.list = []byte{}
		}
		if status := l.offer(anna); status != http.StatusOK {
			t.Fatalf("%s: status %d", name, status)
		}
		e := next(anna, func(e FailedEvent) bool { return e.Share == l.id })
		if !e.Final || !strings.HasPrefix(e.Error, "the offer was refused") {
			t.Errorf("%s: %+v", name, e)
		}
		clean(t, e)
	}
	swapped := r.lure(lineOf("a", 1), 1)
	swapped.list = r.lure(lineOf("b", 1), 1).list
	swapped.offer(anna)
	if e := next(anna, func(e FailedEvent) bool { return e.Share == swapped.id }); !strings.Contains(e.Error, "not the list of files") {
		t.Errorf("another list: %+v", e)
	}
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state")
}

// A list of files may not come for ever, nor keep what was taken back.
func TestS32_WithdrawnWhileTheListIsOnItsWay(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	for range 50 {
		l := r.lure(lineOf("a", 1), 1)
		asked, gone := make(chan struct{}, 10), make(chan struct{}, 10)
		r.mux.HandleFunc("GET "+l.path("/manifest"), func(w http.ResponseWriter, req *http.Request) {
			w.Write(l.list[:4])
			w.(http.Flusher).Flush()
			asked <- struct{}{}
			<-req.Context().Done()
			gone <- struct{}{}
		})
		if status := l.put(anna); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		<-asked
		l.withdraw(anna, "never mind")
		<-gone
		anna.until("it is forgotten", func(Snapshot) bool { return anna.shares() == 0 })
	}
}

// Skippable frames mean nothing and may come for ever.
func TestS16_ListWithoutEnd(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("a", 1), 1)
	r.mux.HandleFunc("GET "+l.path("/manifest"), func(w http.ResponseWriter, _ *http.Request) {
		frame := append([]byte{0x50, 0x2a, 0x4d, 0x18, 0, 0x40, 0, 0}, make([]byte, 1<<14)...)
		for {
			if _, err := w.Write(frame); err != nil {
				return
			}
		}
	})
	l.put(anna)
	if e := next[FailedEvent](anna, nil); !e.Final || e.Share != l.id {
		t.Errorf("%+v", e)
	}
}

// An offer can cross the end of the share on its way.
func TestAnOfferOfWhatIsOver(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("a", 1), 1)
	r.mux.HandleFunc("GET "+l.path("/manifest"), http.NotFound)
	l.put(anna)
	anna.until("dropped", func(Snapshot) bool {
		anna.mu.Lock()
		defer anna.mu.Unlock()
		return len(anna.incoming) == 0
	})
	if s := anna.Snapshot(); len(s.Offers)+len(s.Transfers) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestTheListOfFilesOfWhatIsOver(t *testing.T) {
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	meet(ben, anna)
	r := newRogue(t, ben, session.Hello{})
	share, err := ben.Send(t.Context(), []string{tree(t, t.TempDir(), 1<<20)}, []identity.ID{r.ID(), anna.id()})
	if err != nil {
		t.Fatal(err)
	}
	path := "/v1/shares/" + share.String() + "/manifest"
	if status, _ := r.do(ben, http.MethodGet, path, nil); status != http.StatusOK {
		t.Errorf("status %d while it is offered", status)
	}
	r.say(ben, share, takeDoc{Version: 1, State: takeCancelled})
	if status, _ := r.do(ben, http.MethodGet, path, nil); status != http.StatusNotFound {
		t.Errorf("status %d after it was cancelled", status)
	}
}

func TestS38_S41_HundredsOfOffers(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	r.mux.HandleFunc("GET /v1/shares/{share}/manifest", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "later", http.StatusTooManyRequests) })
	heard := make(chan int)
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			n := 0
			for range 800 / 8 {
				switch status := r.lure(lineOf("a", 1), 1).put(anna); status {
				case http.StatusOK:
					n++
				case http.StatusTooManyRequests:
				default:
					t.Errorf("status %d", status)
				}
			}
			heard <- n
		})
	}
	sum := 0
	for range 8 {
		sum += <-heard
	}
	work.Wait()
	if sum != maxOffersOfPeer || anna.shares() != maxOffersOfPeer {
		t.Errorf("%d offers were heard, %d are held", sum, anna.shares())
	}
	// another one is heard all the same
	other := newRogue(t, anna, session.Hello{})
	l := other.lure(lineOf("a", 1), 1)
	l.offer(anna)
	next(anna, func(e OfferedEvent) bool { return e.Share == l.id })
	// and those of a device that went away are forgotten in time
	r.stop()
	anna.until("it is gone", func(s Snapshot) bool { return len(s.Neighbours) == 1 })
	anna.mu.Lock()
	for _, in := range anna.incoming {
		if in.from == r.ID() {
			in.goneSince = in.started.Add(-2 * forgetOffer)
		}
	}
	anna.mu.Unlock()
	anna.until("its offers are gone", func(Snapshot) bool {
		anna.notifier.changed() // look again
		return anna.shares() == 1
	})
}

func TestS38_RefusedOffersAreNotKeptForEver(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	for range 3 * maxRefused {
		l := r.lure(lineOf("../a", 1), 1)
		for l.offer(anna) == http.StatusTooManyRequests {
			t.Fatal("an offer that is over takes up room")
		}
		next(anna, func(e FailedEvent) bool { return e.Share == l.id })
		for doc := range r.takes {
			if doc.State == takeFailed {
				break
			}
		}
	}
	anna.until("few are kept", func(s Snapshot) bool { return len(s.Transfers) <= maxRefused && anna.shares() <= maxRefused })
}

// However often and however fast it is offered, a share arrives once.
func TestS19_TheSameOfferManyTimes(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptEveryone)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("empty", 0), 0)
	l.answer(func() hashesDoc { return hashesDoc{Checked: true} }, false)
	l.offer(anna) // sets up the answers
	var work sync.WaitGroup
	for range 32 {
		work.Go(func() {
			if status := l.put(anna); status != http.StatusOK {
				t.Errorf("status %d", status)
			}
		})
	}
	next(anna, func(e DeliveredEvent) bool { return e.Share == l.id })
	work.Wait()
	for range 3 {
		l.put(anna)
	}
	onlyIn(t, anna.downloads, "empty")
}

func TestS32_OffersThatFlap(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("a", 1), 1)
	l.offer(anna)
	l.withdraw(anna, "")
	for range 100 {
		for l.put(anna) != http.StatusOK { // the last one is still being put away
		}
		l.withdraw(anna, "flap")
	}
	anna.until("all is quiet", func(s Snapshot) bool { return len(s.Offers) == 0 && anna.shares() == 0 })
	if _, err := anna.Accept(t.Context(), l.id.String(), AcceptOptions{}); err == nil {
		t.Error("what was withdrawn was accepted")
	}
	onlyIn(t, filepath.Dir(anna.downloads), "key.pem", "state")
}

func TestS06_S07_S26_ForeignWordsAreCleaned(t *testing.T) {
	const evil = "\x1b[31m\u202egpj.exe\u2066\r\nroot# \u200b"
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{Name: evil, Kind: evil, Version: evil, OS: evil})
	l := r.lure(lineOf(`\u001b[2J`+"\u202e"+`a.exe`, 1), 1)
	l.offer(anna)
	e := next[OfferedEvent](anna, nil)
	clean(t, e)
	if len(e.FromName) > 64 || e.Programs != 1 {
		t.Errorf("%+v", e)
	}
	clean(t, anna.Snapshot())
	l.withdraw(anna, evil+strings.Repeat("x", 10<<10))
	gone := next[OfferGoneEvent](anna, nil)
	clean(t, gone)
	if len(gone.Reason) > 4*maxSentence {
		t.Errorf("a reason of %d bytes", len(gone.Reason))
	}
	share, _ := anna.share(r, tree(t, t.TempDir(), 1000))
	r.do(anna, http.MethodPut, "/v1/takes/"+share.String(), takeDoc{Version: 9, State: takeStuck, Error: evil})
	clean(t, next[AnsweredEvent](anna, nil))
	clean(t, next[FailedEvent](anna, nil))
	s := anna.Snapshot()
	s.Transfers[0].Paths = nil
	clean(t, s)
}

// Requests whose bodies never end take up no more than their own session.
func TestS43_SlowRequests(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	l := r.lure(lineOf("a", 1), 1)
	bodies := make(chan *io.PipeWriter, 40)
	var work sync.WaitGroup
	for range cap(bodies) {
		body, slow := io.Pipe()
		work.Go(func() {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://device/v1/offers/"+l.id.String(), body)
			if resp, err := r.hub.Do(t.Context(), anna.id(), req); err == nil {
				resp.Body.Close()
			}
		})
		if _, err := slow.Write([]byte("{")); err != nil {
			t.Fatal(err)
		}
		bodies <- slow
	}
	other := newRogue(t, anna, session.Hello{})
	o := other.lure(lineOf("a", 1), 1)
	o.offer(anna)
	next(anna, func(e OfferedEvent) bool { return e.Share == o.id })
	anna.stop()
	r.stop()
	close(bodies)
	for slow := range bodies {
		slow.Close()
	}
	work.Wait()
}

// Lists of files that wait for an answer are held within a budget.
func TestS41_ListsWaitForRoom(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	first := r.lure(lineOf("a", 1), 1)
	first.offer(anna)
	next(anna, func(e OfferedEvent) bool { return e.Share == first.id })
	anna.mu.Lock()
	anna.incoming[first.id].weight = maxNamesOfPeer // as if it were a long list
	anna.mu.Unlock()
	second := r.lure(lineOf("b", 1), 1)
	second.offer(anna)
	if n := anna.shares(); n != 2 {
		t.Fatalf("%d offers", n)
	}
	if s := anna.Snapshot(); len(s.Offers) != 1 {
		t.Errorf("%d lists are held", len(s.Offers))
	}
	if _, err := anna.Decline(t.Context(), first.id.String()); err != nil {
		t.Fatal(err)
	}
	next(anna, func(e OfferedEvent) bool { return e.Share == second.id })
}

// An offer that nobody has answered changes nothing on disk but what is
// remembered of its device.
func TestS53_NothingIsMadeBeforeYes(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{})
	list := func() (names []string) {
		err := filepath.WalkDir(anna.state, func(path string, e fs.DirEntry, err error) error {
			if !strings.Contains(filepath.Base(path), "known.json") { // nor what it is written to first
				names = append(names, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := list()
	l := r.file("film", content(3<<20))
	l.answer(l.honest, false)
	l.serve(anna, right)
	l.offer(anna)
	next[OfferedEvent](anna, nil)
	c := anna.Snapshot()
	if len(c.Offers) != 1 || len(c.Transfers) != 0 {
		t.Errorf("%+v", c)
	}
	if after := list(); !slices.Equal(before, after) {
		t.Errorf("before: %q\nafter: %q", before, after)
	}
	if _, err := anna.Accept(t.Context(), l.id.String(), AcceptOptions{}); err != nil {
		t.Fatal(err)
	}
	next[DeliveredEvent](anna, nil) // so that it would have come
	onlyIn(t, anna.downloads, "film")
}
