package sharing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	tokens "golang.org/x/time/rate"

	"potluck/sharing/identity"
	"potluck/sharing/manifest"
	"potluck/sharing/session"
)

// Limits on short texts. What is over them is refused, and the sender told.
const (
	// MaxText is how many bytes a text may have.
	MaxText = 16 << 10

	maxMessagesOfPeer = 8              // not closed yet, of one device
	maxMessages       = 64             // of all devices; the last ones are for paired devices
	maxHeardTexts     = 256            // remembered, so that one sent twice is shown once
	maxMessageDoc     = 6*MaxText + 64 // every byte can be six in JSON
	textEvery         = 3 * time.Second
)

const (
	sendTextFor = 10 * time.Second // how long a device is tried that is not here just now
	sendTextTry = 500 * time.Millisecond
)

// A Message is a short text that another person sent, and that the person here
// has not closed yet.
type Message struct {
	ID       string      `json:"id"` // for CloseMessage
	From     identity.ID `json:"from"`
	FromName string      `json:"fromName"` // the alias where there is one
	Paired   bool        `json:"paired"`
	Twin     bool        `json:"twin,omitempty"` // as in Neighbour
	Text     string      `json:"text"`           // cleaned for display, may have several lines, at most MaxText bytes
	At       time.Time   `json:"at"`             // when it came
}

// A messageDoc is a text on its way: PUT /v1/messages/{id}.
type messageDoc struct {
	Text string `json:"text"`
}

// messages are the texts received. Its fields are guarded by Device.mu, but for
// saving.
type messages struct {
	open   []Message // oldest first; names and standing are filled in when they are shown
	heard  []string  // IDs of the latest that came, closed or not
	dirty  bool      // not all of this is written down
	limits map[identity.ID]*tokens.Limiter
	saving sync.Mutex // held to write them down, so that the last state stays
}

// SendText sends a short text to the devices in to. When it returns nil, every
// one of them has it, and has written it down. A device that is not here is
// waited for, though not for long; nothing is tried later. The error has a
// sentence for each device that did not get the text; the others have it.
func (d *Device) SendText(ctx context.Context, text string, to []identity.ID) error {
	text = manifest.DisplayText(text, len(text))
	switch {
	case text == "":
		return errors.New("there is nothing to send: the text is empty")
	case len(text) > MaxText:
		return fmt.Errorf("the text has %d bytes, and %d are allowed; send it as a file", len(text), MaxText)
	case len(to) == 0:
		return errors.New("there is nobody to send to: name a neighbour")
	case slices.Contains(to, d.identity.ID()):
		return errors.New("that is this device itself: name another one")
	}
	d.mu.Lock()
	for _, peer := range to {
		if d.links[peer] == nil {
			d.hintKnownLocked(peer, time.Now())
		}
	}
	d.mu.Unlock()
	var random [16]byte
	rand.Read(random[:]) // never fails
	id := hex.EncodeToString(random[:])
	to = slices.Compact(slices.SortedFunc(slices.Values(to), identity.ID.Compare))
	errs := make([]error, len(to))
	var wg sync.WaitGroup
	for i, peer := range to {
		wg.Go(func() { errs[i] = d.sendText(ctx, peer, id, text) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// sendText brings one text to one device.
func (d *Device) sendText(ctx context.Context, to identity.ID, id, text string) error {
	patient, cancel := context.WithTimeout(ctx, sendTextFor)
	defer cancel()
	for {
		_, status, err := d.call(patient, to, http.MethodPut, "/v1/messages/"+id, messageDoc{Text: text})
		if err == nil {
			return d.textRefused(to, status)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		select {
		case <-patient.Done():
			return &sentenceError{fmt.Sprintf("the text did not reach %s, which is not here now", d.nameOf(to)), err}
		case <-time.After(sendTextTry): // it is sent again with the same ID
		}
	}
}

// textRefused is the sentence for what a device answered to a text; nil if it
// took it.
func (d *Device) textRefused(to identity.ID, status int) error {
	name := d.nameOf(to)
	switch status {
	case http.StatusOK:
		return nil
	case http.StatusForbidden:
		return stateError("%s takes nothing from this device", name)
	case http.StatusTooManyRequests:
		return stateError("%s takes no more texts just now; there are some that nobody has read yet", name)
	case http.StatusNotFound:
		return stateError("%s has a Potluck that knows no texts yet", name)
	}
	return &sentenceError{name + " did not take the text; try again later", fmt.Errorf("status %d", status)}
}

// nameOf is what people here call a device.
func (d *Device) nameOf(id identity.ID) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.links[id]; l != nil {
		return d.nameLocked(id, l.peer.Hello.Name)
	}
	if k := d.known[id]; k != nil {
		return k.shown()
	}
	return id.Short()
}

// CloseMessage takes a message that was read out of the snapshot. The error is
// [ErrNotFound] if there is none, or says that this could not be written down.
func (d *Device) CloseMessage(ctx context.Context, id string) error {
	d.mu.Lock()
	n := len(d.messages.open)
	d.messages.open = slices.DeleteFunc(d.messages.open, func(m Message) bool { return m.ID == id })
	closed := len(d.messages.open) < n
	d.mu.Unlock()
	if !closed {
		return fmt.Errorf("no message is called %q here: %w", id, ErrNotFound)
	}
	d.notifier.changed()
	return d.saveMessages()
}

// putMessage hears a text from a neighbour.
func (d *Device) putMessage(w http.ResponseWriter, r *http.Request) {
	peer, ok := session.PeerOf(r.Context())
	id := r.PathValue("id")
	if raw, err := hex.DecodeString(id); !ok || err != nil || len(raw) != 16 {
		http.Error(w, "not the ID of a message", http.StatusBadRequest)
		return
	}
	var doc messageDoc
	if !readDoc(w, r, &doc, maxMessageDoc) {
		return
	}
	text := manifest.DisplayText(doc.Text, MaxText)
	if len(doc.Text) > MaxText || text == "" || !utf8.ValidString(doc.Text) {
		http.Error(w, "not a text that can be shown", http.StatusBadRequest)
		return
	}
	switch err := d.hearMessage(peer, id, text); {
	case errors.Is(err, errNotWelcome):
		http.Error(w, err.Error(), http.StatusForbidden)
	case errors.Is(err, errTooManyTexts):
		http.Error(w, err.Error(), http.StatusTooManyRequests)
	case err != nil:
		http.Error(w, "the text could not be kept", http.StatusInternalServerError)
	default:
		writeDoc(w, struct{}{})
	}
}

var (
	errNotWelcome   = errors.New("it takes nothing from this device")
	errTooManyTexts = errors.New("too many texts")
)

// hearMessage keeps a text, writes it down, and tells the person of it.
func (d *Device) hearMessage(peer session.Peer, id, text string) error {
	m := Message{
		ID: messageID(peer.ID, id), From: peer.ID, FromName: manifest.DisplayName(peer.Hello.Name, 64), Text: text, At: time.Now(),
	}
	d.mu.Lock()
	if slices.Contains(d.messages.heard, m.ID) { // the answer was lost, or it could not be written down
		dirty := d.messages.dirty
		d.mu.Unlock()
		if dirty {
			return d.saveMessages()
		}
		return nil
	}
	if err := d.admitMessageLocked(m); err != nil {
		d.mu.Unlock()
		return err
	}
	d.messages.open = append(d.messages.open, m)
	d.messages.heard = append(d.messages.heard, m.ID)
	d.messages.dirty = true
	if n := len(d.messages.heard); n > maxHeardTexts {
		d.messages.heard = slices.Clone(d.messages.heard[n-maxHeardTexts:])
	}
	shown := d.messageViewLocked(m, d.claimsLocked())
	d.mu.Unlock()
	err := d.saveMessages()
	d.notifier.tell(MessageEvent{shown})
	return err
}

// messageID names a text here: its sender chooses only a part of it.
func messageID(from identity.ID, id string) string {
	sum := sha256.Sum256([]byte("potluck message\x00" + from.String() + strings.ToLower(id)))
	return hex.EncodeToString(sum[:16])
}

// admitMessageLocked returns an error if there is no room for a text, or its
// sender is not to send any.
func (d *Device) admitMessageLocked(m Message) error {
	if d.blockedLocked(m.From) || !d.settings.Offers.has(d.pairedLocked(m.From)) {
		return errNotWelcome
	}
	ofPeer := 0
	for _, other := range d.messages.open {
		if other.From == m.From {
			ofPeer++
		}
	}
	room := maxMessages
	if !d.pairedLocked(m.From) {
		room -= maxMessagesOfPeer // strangers cannot keep everybody else out
	}
	if ofPeer >= maxMessagesOfPeer || len(d.messages.open) >= room {
		return errTooManyTexts
	}
	for id, l := range d.messages.limits { // those that are full again need not be remembered
		if l.TokensAt(m.At) >= maxMessagesOfPeer {
			delete(d.messages.limits, id)
		}
	}
	l := d.messages.limits[m.From]
	if l == nil {
		l = tokens.NewLimiter(tokens.Every(textEvery), maxMessagesOfPeer)
		d.messages.limits[m.From] = l
	}
	if !l.AllowN(m.At, 1) {
		return errTooManyTexts
	}
	return nil
}

func (d *Device) messageViewLocked(m Message, paired claims) Message {
	m.Paired, m.Twin = d.pairedLocked(m.From), d.twinLocked(paired, m.From, d.ownNameLocked(m.From, m.FromName))
	m.FromName = d.nameLocked(m.From, m.FromName)
	return m
}

// A messagesDoc is how texts are kept.
type messagesDoc struct {
	Format int       `json:"format"`
	Open   []Message `json:"open"`
	Heard  []string  `json:"heard"`
}
