package sharing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/session"
	"potluck/sharing/swarm"
)

// A rogue is a device that speaks the protocol and keeps to none of its rules.
type rogue struct {
	*identity.Identity
	t     *testing.T
	hub   *session.Hub
	swarm *swarm.Swarm
	mux   *http.ServeMux
	takes chan takeDoc // what it was told of its offers; the oldest are dropped
	salts uint64
	stop  func()

	mu     sync.Mutex // guards the rest
	offers map[ShareID]offerDoc
}

// newRogue starts a rogue and connects it to p.
func newRogue(t *testing.T, p *party, hello session.Hello) *rogue {
	t.Helper()
	id, err := identity.Load(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return newRogueAs(t, id, p, hello)
}

func newRogueAs(t *testing.T, id *identity.Identity, p *party, hello session.Hello) *rogue {
	t.Helper()
	r := &rogue{Identity: id, t: t, mux: http.NewServeMux(), takes: make(chan takeDoc, 100), offers: make(map[ShareID]offerDoc)}
	var err error
	r.hub, err = session.New(session.Options{
		Identity: id, Listen: "127.0.0.1:0", Hello: func() session.Hello { return hello }, Handler: r.mux,
		Pieces: func(peer identity.ID, c net.Conn) { r.swarm.Accept(peer, c) },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.swarm, err = swarm.New(swarm.Options{
		Self: id.ID(), Dial: r.hub.DialPieces, May: func(identity.ID, [20]byte) bool { return true },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.mux.HandleFunc("PUT /v1/offers/{share}", func(w http.ResponseWriter, _ *http.Request) { writeDoc(w, takeDoc{State: takeSeen}) })
	r.mux.HandleFunc("PUT /v1/takes/{share}", r.hearTake)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { r.hub.Run(ctx) })
	running.Go(func() { r.swarm.Run(ctx) })
	r.stop = func() { cancel(); running.Wait() }
	t.Cleanup(r.stop)
	if _, err := r.hub.Connect(t.Context(), p.id(), p.Snapshot().Self.Addr); err != nil {
		t.Fatal(err)
	}
	p.until("the rogue is there", func(s Snapshot) bool {
		for _, n := range s.Neighbours {
			if n.ID == id.ID() {
				return true
			}
		}
		return false
	})
	return r
}

// hearTake answers what it is told with its offer.
func (r *rogue) hearTake(w http.ResponseWriter, req *http.Request) {
	var share ShareID
	var doc takeDoc
	if share.UnmarshalText([]byte(req.PathValue("share"))) != nil || json.NewDecoder(req.Body).Decode(&doc) != nil {
		http.Error(w, "what?", http.StatusBadRequest)
		return
	}
	for {
		select {
		case r.takes <- doc:
			r.mu.Lock()
			defer r.mu.Unlock()
			writeDoc(w, r.offers[share])
			return
		default:
			<-r.takes
		}
	}
}

// do makes a request of p.
func (r *rogue) do(p *party, method, path string, body any) (status int, reply []byte) {
	r.t.Helper()
	var b io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		b = strings.NewReader(body)
	default:
		data, err := json.Marshal(body)
		if err != nil {
			r.t.Fatal(err)
		}
		b = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, "http://device"+path, b)
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := r.hub.Do(req.Context(), p.id(), req)
	if err != nil {
		r.t.Errorf("%s %s: %v", method, path, err)
		return 0, nil
	}
	defer resp.Body.Close()
	reply, _ = io.ReadAll(resp.Body)
	return resp.StatusCode, reply
}

var packer, _ = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))

// A lure is an offer of a rogue.
type lure struct {
	r       *rogue
	id      ShareID
	doc     offerDoc
	list    []byte // the manifest as it is sent
	content []byte
	spec    swarm.Spec
	hashes  *hashlist.List
}

// lure makes an offer of these lines of a manifest, whatever they are.
func (r *rogue) lure(lines string, length int64) *lure {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.salts++
	salt := [32]byte{1}
	binary.BigEndian.PutUint64(salt[8:], r.salts)
	hash := sha256.Sum256([]byte(lines))
	l := &lure{
		r: r, id: shareID(r.ID(), salt, hash), list: packer.EncodeAll([]byte(lines), nil),
		doc: offerDoc{Version: 1, Salt: salt[:], Manifest: hash[:], Length: length, State: offerOpen},
	}
	r.offers[l.id] = l.doc
	return l
}

// file makes an honest offer of one file, with its hash list.
func (r *rogue) file(name string, content []byte) *lure {
	l := r.lure(fmt.Sprintf(`{"p":%q,"s":%d,"m":0}`+"\n", name, len(content)), int64(len(content)))
	l.content = content
	l.spec = swarm.Spec{Length: l.doc.Length, PieceLength: hashlist.PieceLength(l.doc.Length), Salt: torrentSalt(l.id)}
	l.hashes = hashlist.New(l.id, l.doc.Length, r.Public())
	for from := int64(0); from < l.doc.Length; from += l.spec.PieceLength {
		h := hashlist.Sum(content[from:min(from+l.spec.PieceLength, l.doc.Length)])
		if _, err := l.hashes.Append(r, [][32]byte{h}); err != nil {
			r.t.Fatal(err)
		}
	}
	return l
}

func (l *lure) path(what string) string { return "/v1/shares/" + l.id.String() + what }

// offer makes the offer, and answers for its manifest.
func (l *lure) offer(p *party) (status int) {
	l.r.mux.HandleFunc("GET "+l.path("/manifest"), func(w http.ResponseWriter, _ *http.Request) { w.Write(l.list) })
	return l.put(p)
}

func (l *lure) put(p *party) (status int) {
	l.r.t.Helper()
	status, _ = l.r.do(p, http.MethodPut, "/v1/offers/"+l.id.String(), l.doc)
	return status
}

// withdraw takes the offer back.
func (l *lure) withdraw(p *party, why string) {
	l.r.t.Helper()
	doc := l.doc
	doc.State, doc.Reason, doc.Version = offerWithdrawn, why, 2
	if status, _ := l.r.do(p, http.MethodPut, "/v1/offers/"+l.id.String(), doc); status != http.StatusOK {
		l.r.t.Errorf("withdrawn: status %d", status)
	}
}

// answer answers requests for hashes and doubts.
func (l *lure) answer(hashes func() hashesDoc, changed bool) {
	l.r.mux.HandleFunc("GET "+l.path("/hashes"), func(w http.ResponseWriter, _ *http.Request) { writeDoc(w, hashes()) })
	l.r.mux.HandleFunc("POST "+l.path("/doubt"), func(w http.ResponseWriter, _ *http.Request) { writeDoc(w, doubtDoc{Changed: changed}) })
}

func (l *lure) honest() hashesDoc { return hashesDoc{Runs: l.hashes.Runs(0)} }

// serve lets p fetch the content, as read gives it.
func (l *lure) serve(p *party, read func(piece int, b []byte, off int64)) {
	l.r.t.Helper()
	t, err := l.r.swarm.Add(l.spec, identity.ID{}, &lureStorage{l, read})
	if err != nil {
		l.r.t.Fatal(err)
	}
	t.SetHolders([]identity.ID{p.id()})
}

// lureStorage has all pieces of a lure.
type lureStorage struct {
	*lure
	read func(piece int, b []byte, off int64)
}

func (s *lureStorage) ReadAt(piece int, b []byte, off int64) (int, error) {
	n := copy(b, s.content[int64(piece)*s.spec.PieceLength+off:])
	s.read(piece, b[:n], off)
	return n, nil
}
func (s *lureStorage) WriteAt(int, []byte, int64) (int, error) { return 0, errors.New("no") }
func (s *lureStorage) Verify(int) error                        { return nil }
func (s *lureStorage) Complete(int) bool                       { return true }

// knock opens a connection for pieces with p, and names a torrent.
func (r *rogue) knock(p *party, infoHash [20]byte) net.Conn {
	r.t.Helper()
	c, err := r.hub.DialPieces(r.t.Context(), p.id())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { c.Close() })
	self := r.ID()
	hello := append([]byte("\x13BitTorrent protocol\x00\x00\x00\x00\x00\x10\x00\x04"), infoHash[:]...)
	hello = append(append(hello, "-PL0001-"...), self[:12]...)
	if _, err := c.Write(hello); err != nil {
		r.t.Log("knocking:", err) // refused already
	}
	return c
}

// silent fails the test unless the connection ends without a byte.
func silent(t *testing.T, what string, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(waitLong))
	b, err := io.ReadAll(c)
	var timeout net.Error
	if len(b) > 0 || errors.As(err, &timeout) && timeout.Timeout() {
		t.Errorf("%s: %d bytes came, %v", what, len(b), err)
	}
}

// shares returns how many shares of others the device holds in memory.
func (p *party) shares() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.incoming)
}

// clean fails the test if v, as a person sees it, could play tricks.
func clean(t *testing.T, v any) {
	t.Helper()
	for _, r := range fmt.Sprintf("%+v", v) {
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("%U in %+q", r, fmt.Sprintf("%+v", v))
			return
		}
	}
}

// share sends content from p to the rogue, and returns the torrent's name.
func (p *party) share(r *rogue, path string) (ShareID, [20]byte) {
	p.t.Helper()
	id, err := p.Send(context.Background(), []string{path}, []identity.ID{r.ID()})
	if err != nil {
		p.t.Fatal(err)
	}
	p.until("it is hashed", func(s Snapshot) bool {
		return len(s.Transfers) == 1 && s.Transfers[0].Hashed == s.Transfers[0].Bytes && s.Transfers[0].State == Waiting
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	return id, p.outgoing[id].infoHash
}

func lineOf(path string, size int) string {
	return fmt.Sprintf(`{"p":"%s","s":%d,"m":0}`+"\n", path, size)
}
