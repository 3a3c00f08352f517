package sharing

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/pairing"
	"potluck/sharing/session"
)

// put makes one request about a try.
func (r *rogue) put(c session.Channel, try [pairing.TrySize]byte, what string, body any) ([]byte, int) {
	r.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.putText(c, hex.EncodeToString(try[:]), what, text)
}

func (r *rogue) putText(c session.Channel, try, what string, text []byte) ([]byte, int) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPut, "http://device/v1/pairings/"+try+"/"+what, bytes.NewReader(text))
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := c.Do(req.Context(), req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	reply, err := readBounded(resp.Body, maxReply)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply, resp.StatusCode
}

func (r *rogue) channel(id identity.ID) session.Channel {
	r.t.Helper()
	c, err := r.hub.Channel(id)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// handshake returns a side of the rogue's that keeps to the rules.
func (r *rogue) handshake(c session.Channel, role pairing.Role, try [pairing.TrySize]byte) *pairing.Handshake {
	r.t.Helper()
	secret, err := c.Export(pairing.Label, nil, pairing.Size)
	if err != nil {
		r.t.Fatal(err)
	}
	return pairing.New(role, pairing.Setting{Try: try, Self: r.ID(), Peer: c.Peer(), Secret: [pairing.Size]byte(secret)})
}

// begin tells p a commitment, and hears its own.
func (r *rogue) begin(c session.Channel, h *pairing.Handshake, try [pairing.TrySize]byte) int {
	r.t.Helper()
	mine := h.Commitment()
	reply, status := r.put(c, try, "commitment", commitmentDoc{mine[:]})
	if status != http.StatusOK {
		return status
	}
	var doc commitmentDoc
	if err := json.Unmarshal(reply, &doc); err != nil {
		r.t.Fatal(err)
	}
	if err := h.HearCommitment([pairing.Size]byte(doc.Commitment)); err != nil {
		r.t.Fatal(err)
	}
	return status
}

// reveal tells p the number, and hears its own.
func (r *rogue) reveal(c session.Channel, h *pairing.Handshake, try [pairing.TrySize]byte) {
	r.t.Helper()
	n, err := h.Number()
	if err != nil {
		r.t.Fatal(err)
	}
	reply, status := r.put(c, try, "number", numberDoc{n[:]})
	var doc numberDoc
	if err := json.Unmarshal(reply, &doc); status != http.StatusOK || err != nil {
		r.t.Fatalf("the number: %d, %q", status, reply)
	}
	if err := h.HearNumber([pairing.Size]byte(doc.Number)); err != nil {
		r.t.Fatal(err)
	}
}

func random() (b [pairing.Size]byte) {
	rand.Read(b[:])
	return b
}

// unpaired fails the test if p trusts anybody.
func (p *party) unpaired() {
	p.t.Helper()
	for _, k := range p.Snapshot().Known {
		if k.Paired || k.Trusted {
			p.t.Errorf("paired with %+v", k)
		}
	}
}

// Somebody has a session with each of two people under the other's name, and
// leads both through a pairing: the screens do not show the same.
func TestS31_SomebodyInBetween(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	toAnna := newRogue(t, anna, session.Hello{Name: "Ben"})
	toBen := newRogue(t, ben, session.Hello{Name: "Anna"})
	for _, side := range []struct {
		rogue *rogue
		to    *party
	}{{toAnna, anna}, {toBen, ben}} {
		c, try := side.rogue.channel(side.to.id()), pairing.NewTry()
		h := side.rogue.handshake(c, pairing.Leader, try)
		if status := side.rogue.begin(c, h, try); status != http.StatusOK {
			t.Fatal(status)
		}
		side.rogue.reveal(c, h, try)
		side.to.reaches(side.rogue.ID(), PairingComparing)
		if _, status := side.rogue.put(c, try, "answer", answerDoc{Same: true}); status != http.StatusOK {
			t.Errorf("the answer: %d", status)
		}
	}
	if a, b := anna.dishesWith(toAnna.ID()), ben.dishesWith(toBen.ID()); a == b {
		t.Error("both screens show the same")
	}
	anna.unpaired() // its yes alone is nothing
	ben.unpaired()
}

// Passing on what the two say, word for word, fails at the first number.
func TestS30_WordsPassedOn(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	ben := start(t, "Ben", t.TempDir(), AcceptAsk)
	toBen := newRogue(t, ben, session.Hello{Name: "Anna"})
	toAnna := newRogue(t, anna, session.Hello{Name: "Ben"})
	bens := toBen.channel(ben.id())
	toAnna.mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, r *http.Request) {
		text, err := readBounded(r.Body, maxPairingDoc)
		if err != nil {
			t.Error(err)
			return
		}
		onward, err := http.NewRequestWithContext(r.Context(), http.MethodPut, r.URL.String(), bytes.NewReader(text))
		if err != nil {
			t.Error(err)
			return
		}
		resp, err := bens.Do(r.Context(), onward)
		if err != nil {
			return // the test is over
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
		io.Copy(w, resp.Body)
	})
	if err := anna.Pair(t.Context(), toAnna.ID()); err != nil {
		t.Fatal(err)
	}
	anna.reaches(toAnna.ID(), PairingFailed)
	ben.reaches(toBen.ID(), PairingFailed)
	anna.unpaired()
	ben.unpaired()
}

// A device that leads does not get away with what is against the rules, and is
// told no number of ours unless it is committed to its own.
func TestS32_PairingInAnotherOrder(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	for name, attack := range map[string]func(r *rogue, c session.Channel, try [pairing.TrySize]byte) (status int){
		"a number before the commitment": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			n := random()
			_, status := r.put(c, try, "number", numberDoc{n[:]})
			return status
		},
		"an answer before the commitment": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			_, status := r.put(c, try, "answer", answerDoc{Same: true})
			return status
		},
		"an answer before the number": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			r.begin(c, r.handshake(c, pairing.Leader, try), try)
			_, status := r.put(c, try, "answer", answerDoc{Same: true})
			return status
		},
		"a number that does not fit": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			r.begin(c, r.handshake(c, pairing.Leader, try), try)
			n := random()
			_, status := r.put(c, try, "number", numberDoc{n[:]})
			return status
		},
		"a second commitment": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			r.begin(c, r.handshake(c, pairing.Leader, try), try)
			n := random()
			_, status := r.put(c, try, "commitment", commitmentDoc{n[:]})
			return status
		},
		"another try beside the first": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			r.begin(c, r.handshake(c, pairing.Leader, try), try)
			n := random()
			_, status := r.put(c, pairing.NewTry(), "commitment", commitmentDoc{n[:]})
			return status
		},
		"the number of a try for another": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			h := r.handshake(c, pairing.Leader, try)
			r.begin(c, h, try)
			n, _ := h.Number()
			_, status := r.put(c, pairing.NewTry(), "number", numberDoc{n[:]})
			return status
		},
		"a short commitment": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			_, status := r.put(c, try, "commitment", commitmentDoc{[]byte("short")})
			return status
		},
		"a short number": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			r.begin(c, r.handshake(c, pairing.Leader, try), try)
			_, status := r.put(c, try, "number", numberDoc{[]byte("short")})
			return status
		},
		"a long document": func(r *rogue, c session.Channel, try [pairing.TrySize]byte) int {
			_, status := r.put(c, try, "commitment", commitmentDoc{make([]byte, maxPairingDoc)})
			return status
		},
		"no name of a try": func(r *rogue, c session.Channel, _ [pairing.TrySize]byte) int {
			n := random()
			text, _ := json.Marshal(commitmentDoc{n[:]})
			_, status := r.putText(c, "00", "commitment", text)
			return status
		},
	} {
		r := newRogue(t, anna, session.Hello{Name: "Ben"})
		c, try := r.channel(anna.id()), pairing.NewTry()
		if status := attack(r, c, try); status == http.StatusOK {
			t.Errorf("%s was heard", name)
		}
		if x, ok := anna.pairingWith(r.ID()); ok && x.State != PairingFailed && x.State != PairingStarting {
			t.Errorf("%s: the pairing is %s", name, x.State)
		}
		anna.unpaired()
		r.stop()
	}
}

// A device that follows does not get away with it either.
func TestS32_PairingWithOneThatCheats(t *testing.T) {
	for name, cheat := range map[string]func(mux *http.ServeMux){
		"our own words sent back": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, r *http.Request) {
				text, _ := readBounded(r.Body, maxPairingDoc)
				w.Write(text)
			})
		},
		"a number that does not fit": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/commitment", func(w http.ResponseWriter, _ *http.Request) {
				n := random()
				writeDoc(w, commitmentDoc{n[:]})
			})
			mux.HandleFunc("PUT /v1/pairings/{try}/number", func(w http.ResponseWriter, _ *http.Request) {
				n := random()
				writeDoc(w, numberDoc{n[:]})
			})
		},
		"no number": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, _ *http.Request) { writeDoc(w, struct{}{}) })
		},
		"a long answer": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, _ *http.Request) {
				w.Write(bytes.Repeat([]byte(" "), 2*maxPairingDoc))
			})
		},
		"not a word that it knows": func(*http.ServeMux) {},
		"too many": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "no", http.StatusTooManyRequests)
			})
		},
		"busy for ever": func(mux *http.ServeMux) {
			mux.HandleFunc("PUT /v1/pairings/{try}/{what}", func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "wait", http.StatusConflict)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			anna := start(t, "Anna", t.TempDir(), AcceptAsk)
			anna.patience.start = time.Second // for the one that is busy
			r := newRogue(t, anna, session.Hello{Name: "Ben"})
			cheat(r.mux)
			if err := anna.Pair(t.Context(), r.ID()); err != nil {
				t.Fatal(err)
			}
			if x := anna.reaches(r.ID(), PairingFailed); x.Error == "" {
				t.Errorf("it says %q", x.Error)
			}
			anna.unpaired()
		})
	}
}

// The words of a try on one session are nothing on the next.
func TestPairingStaysOnItsSession(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{Name: "Ben"})
	c, try := r.channel(anna.id()), pairing.NewTry()
	h := r.handshake(c, pairing.Leader, try)
	r.begin(c, h, try)
	r.reveal(c, h, try)
	anna.reaches(r.ID(), PairingComparing)

	r.hub.Drop(anna.id(), "for the test")
	anna.reaches(r.ID(), PairingFailed)
	anna.until("the session has ended", func(s Snapshot) bool { return len(s.Neighbours) == 0 })
	if _, err := r.hub.Connect(t.Context(), anna.id(), anna.Snapshot().Self.Addr); err != nil {
		t.Fatal(err)
	}
	again := r.channel(anna.id())
	n, err := h.Number()
	if err != nil {
		t.Fatal(err)
	}
	if _, status := r.put(again, try, "number", numberDoc{n[:]}); status != http.StatusNotFound {
		t.Errorf("the number on another session: %d", status)
	}
	if _, status := r.put(again, try, "answer", answerDoc{Same: true}); status != http.StatusNotFound {
		t.Errorf("the answer on another session: %d", status)
	}
	if err := anna.AnswerPairing(t.Context(), r.ID(), true); err == nil {
		t.Error("the person could answer what is over")
	}
	anna.unpaired()
}

// One that begins and says nothing more is never shown.
func TestPairingThatIsOnlyBegun(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	anna.patience.start = 50 * time.Millisecond
	r := newRogue(t, anna, session.Hello{Name: "Ben"})
	c, try := r.channel(anna.id()), pairing.NewTry()
	r.begin(c, r.handshake(c, pairing.Leader, try), try)
	anna.until("it is forgotten", func(s Snapshot) bool { return len(s.Pairings) == 0 })
	select {
	case e := <-anna.events:
		if p, ok := e.(PairingEvent); ok {
			t.Errorf("the person is told of %+v", p)
		}
	default:
	}
}

// Nobody can ask the person again and again.
func TestS42_FloodOfPairings(t *testing.T) {
	anna := start(t, "Anna", t.TempDir(), AcceptAsk)
	r := newRogue(t, anna, session.Hello{Name: "Ben"})
	c := r.channel(anna.id())
	anna.patience.pause = 0
	asked := 0
	for range 3 * maxBegunOf {
		try := pairing.NewTry()
		if r.begin(c, r.handshake(c, pairing.Leader, try), try) != http.StatusOK {
			break
		}
		asked++
		if n := len(anna.Snapshot().Pairings); n != 1 {
			t.Fatalf("%d questions at once", n)
		}
		r.put(c, try, "answer", answerDoc{Reason: endCancelled})
		anna.reaches(r.ID(), PairingFailed)
	}
	if asked != maxBegunOf {
		t.Errorf("one device asked %d times, want %d", asked, maxBegunOf)
	}

	// Many devices are no way around it.
	crowd := 0
	for range maxPairingsHere + 1 {
		other := newRogue(t, anna, session.Hello{Name: "Ben"})
		c, try := other.channel(anna.id()), pairing.NewTry()
		if other.begin(c, other.handshake(c, pairing.Leader, try), try) == http.StatusOK {
			crowd++
		}
	}
	if crowd != maxPairingsHere {
		t.Errorf("%d devices ask at once, want %d", crowd, maxPairingsHere)
	}
	anna.mu.Lock()
	count := len(anna.begun)
	anna.mu.Unlock()
	if count > maxBegun {
		t.Errorf("%d beginnings are remembered", count)
	}
	// The person can begin all the same, and with the one that was too keen.
	if err := anna.Pair(t.Context(), r.ID()); err != nil {
		t.Error(err)
	}
}
