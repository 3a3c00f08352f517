package sharing

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"potluck/sharing/session"
)

// hashWait is how long a request for hashes waits for news.
const hashWait = 10 * time.Second

// handler answers the requests of neighbours. Every request names a share, or a
// try to pair; what it may do depends on which device asks, as its session has
// proved.
func (d *Device) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /v1/offers/{share}", d.withShare(d.putOffer))
	mux.HandleFunc("PUT /v1/takes/{share}", d.withShare(d.putTake))
	mux.HandleFunc("GET /v1/shares/{share}/manifest", d.withShare(d.unlessBlocked(d.getManifest)))
	mux.HandleFunc("GET /v1/shares/{share}/hashes", d.withShare(d.unlessBlocked(d.getHashes)))
	mux.HandleFunc("POST /v1/shares/{share}/doubt", d.withShare(d.unlessBlocked(d.postDoubt)))
	mux.HandleFunc("PUT /v1/swarms/{share}", d.withShare(d.unlessBlocked(d.putSwarm)))
	mux.HandleFunc("POST /v1/dial", d.postDial)
	mux.HandleFunc("PUT /v1/pairings/{try}/commitment", d.withTry(d.putCommitment))
	mux.HandleFunc("PUT /v1/pairings/{try}/number", d.withTry(d.putNumber))
	mux.HandleFunc("PUT /v1/pairings/{try}/answer", d.withTry(d.putAnswer))
	mux.HandleFunc("PUT /v1/messages/{id}", d.putMessage)
	return mux
}

// A shareHandler answers a request of peer about a share.
type shareHandler func(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID)

// unlessBlocked answers blocked devices as if there were no such share. What they
// say of shares that are over is heard without it.
func (d *Device) unlessBlocked(f shareHandler) shareHandler {
	return func(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
		if d.isBlocked(peer.ID) {
			http.Error(w, "no such share", http.StatusNotFound)
			return
		}
		f(w, r, peer, share)
	}
}

// withShare reads what all requests have in common.
func (d *Device) withShare(f shareHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		peer, ok := session.PeerOf(r.Context())
		var share ShareID
		if !ok || share.UnmarshalText([]byte(r.PathValue("share"))) != nil {
			http.Error(w, "no such share", http.StatusNotFound)
			return
		}
		f(w, r, peer, share)
	}
}

// readDoc reads a JSON document from a request, and answers for it if that fails.
func readDoc(w http.ResponseWriter, r *http.Request, doc any, limit int64) bool {
	session.AllowBody(r.Context(), limit+1)
	data, err := readBounded(r.Body, limit)
	if err == nil {
		err = json.Unmarshal(data, doc)
	}
	if err != nil {
		http.Error(w, "unreadable document: "+err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func writeDoc(w http.ResponseWriter, doc any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(doc) // an error means that the neighbour is gone
}

// putOffer hears what a sharer says of a share that it offers to us.
func (d *Device) putOffer(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	var doc offerDoc
	if !readDoc(w, r, &doc, maxOffer) {
		return
	}
	if err := doc.check(share, peer.ID); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	take, err := d.hearOffer(peer, share, doc)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTooManyRequests)
		return
	}
	writeDoc(w, take)
}

// putTake hears what a taker says of a share of ours.
func (d *Device) putTake(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	o, ok := d.shareFor(peer, share)
	if !ok {
		http.Error(w, "no such share", http.StatusNotFound)
		return
	}
	var doc takeDoc
	if !readDoc(w, r, &doc, maxTake) {
		return
	}
	if err := doc.check(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	offer, err := o.hearTake(peer.ID, doc)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	writeDoc(w, offer)
}

// getManifest serves the names and sizes of a share to those it is offered to.
func (d *Device) getManifest(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	o, ok := d.shareFor(peer, share)
	if !ok || o.manifest == nil || o.isOverFor(peer.ID) {
		http.Error(w, "no such share", http.StatusNotFound)
		return
	}
	if !o.beginManifest(peer.ID) {
		http.Error(w, "it is being sent already", http.StatusTooManyRequests)
		return
	}
	defer o.endManifest(peer.ID)
	w.Header().Set("Content-Type", "application/zstd")
	if err := o.manifest.Encode(w); err != nil {
		d.log.Debug("a manifest was not sent", "device", peer.ID.Short(), "err", err)
	}
}

// getHashes serves the hash list, waiting a while for news.
func (d *Device) getHashes(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	o, ok := d.shareFor(peer, share)
	in, isFellow := d.takenWith(peer, share)
	if (!ok || o.hashes == nil || o.isOverFor(peer.ID)) && !isFellow {
		http.Error(w, "no such share", http.StatusNotFound)
		return
	}
	query := r.URL.Query()
	at := progress{checked: query.Get("checked") == "true"}
	for name, n := range map[string]*int{"from": &at.hashes, "amended": &at.amended, "failed": &at.failed} {
		var err error
		if *n, err = strconv.Atoi(query.Get(name)); err != nil || *n < 0 {
			http.Error(w, name+" must be a number", http.StatusBadRequest)
			return
		}
	}
	if isFellow {
		writeDoc(w, in.news(r.Context(), at))
		return
	}
	o.lookForTaker(peer.ID)
	writeDoc(w, o.news(r.Context(), peer.ID, at))
}

// postDoubt makes us look at a piece again that a receiver found wrong.
func (d *Device) postDoubt(w http.ResponseWriter, r *http.Request, peer session.Peer, share ShareID) {
	o, ok := d.shareFor(peer, share)
	piece, err := strconv.Atoi(r.URL.Query().Get("piece"))
	if !ok || err != nil || o.hashes == nil || piece < 0 || piece >= o.hashes.Len() {
		http.Error(w, "no such share", http.StatusNotFound)
		return
	}
	if !o.mayDoubt(peer.ID) {
		writeDoc(w, doubtDoc{})
		return
	}
	changed, err := o.doubt(r.Context(), piece)
	if changed {
		o.doubtWasRight(peer.ID)
	}
	if err != nil {
		http.Error(w, "the piece could not be read", http.StatusInternalServerError)
		return
	}
	writeDoc(w, doubtDoc{Changed: changed, Lapsed: changed && o.hasLapsed(piece)})
}

// takenWith returns the share that this device takes, or took, and peer may have.
func (d *Device) takenWith(peer session.Peer, share ShareID) (*incoming, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	in := d.incoming[share]
	if in == nil || d.circleLocked(share) == nil || !in.circle.hasLocked(peer.ID) {
		return nil, false
	}
	return in, true
}

// shareFor returns the share of ours that peer was offered.
func (d *Device) shareFor(peer session.Peer, share ShareID) (*outgoing, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.outgoing[share]
	if o == nil || o.takers[peer.ID] == nil {
		return nil, false
	}
	return o, true
}
