package sharing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"potluck/sharing/identity"
	"potluck/sharing/session"
)

const (
	callTimeout = 15 * time.Second // for one exchange of documents
	tellRetry   = 500 * time.Millisecond
)

// A link tells one neighbour what it must know, for as long as one session
// lasts. What was acknowledged counts for that session only: a new session
// begins by telling everything that is not over.
type link struct {
	peer    session.Peer // guarded by Device.mu
	kick    chan struct{}
	told    map[subject]int // the version of each letter that was acknowledged; talk's alone
	parting bool            // it began with a device that was blocked by then
	idle    time.Time       // since when nothing goes on with one that is not to see this device; guarded by Device.mu
	ctx     context.Context // done when the session has ended
	cancel  context.CancelFunc

	later map[subject]later // what the other one had no room for; guarded by Device.mu
}

func newLink(p session.Peer) *link {
	l := &link{peer: p, kick: make(chan struct{}, 1), told: make(map[subject]int)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// A letter is one document for one neighbour.
type letter struct {
	share   ShareID
	about   topic
	version int
	path    string
	body    any
	heard   func(reply []byte) error // what the other side says in return
	missing func()                   // it knows nothing of the share
	more    func() (*letter, error)  // what it must know besides, by what it has said, nil for nothing; may be nil
}

// A topic is what a letter says about a share.
type topic byte

const (
	aboutShare topic = iota // how it stands between its sharer and one taker
	aboutSwarm              // who exchanges its pieces
)

// A subject is what one letter takes the place of another by.
type subject struct {
	share ShareID
	about topic
}

func (m letter) subject() subject { return subject{m.share, m.about} }

// kickLocked makes the link to peer, if there is one, look for letters.
func (d *Device) kickLocked(peer identity.ID) {
	if l := d.links[peer]; l != nil {
		select {
		case l.kick <- struct{}{}:
		default:
		}
	}
}

// talk delivers letters to the device over the link until it ends, or ctx is done.
func (d *Device) talk(ctx context.Context, id identity.ID, l *link) {
	defer l.cancel()
	defer context.AfterFunc(ctx, l.cancel)()
	ctx = l.ctx
	for ctx.Err() == nil {
		failed := false
		for _, m := range d.letters(l, id) {
			err := d.deliver(ctx, id, m)
			switch {
			case err == nil:
				l.told[m.subject()] = m.version
				d.arrived(l, m)
			case errors.Is(err, errLater):
				d.postpone(l, m)
			default:
				d.log.Debug("a letter was not delivered", "device", id.Short(), "share", m.share.Short(), "err", err)
				failed = true
			}
		}
		var again <-chan time.Time
		if failed {
			again = time.After(tellRetry)
		} else if next, waits := d.nextLater(l); waits {
			again = time.After(time.Until(next))
		}
		select {
		case <-ctx.Done():
		case <-l.kick:
		case <-again:
		}
	}
}

// letters returns what the neighbour has not acknowledged in this session, but for what
// has to wait.
func (d *Device) letters(l *link, id identity.ID) []letter {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []letter
	for _, o := range d.outgoing {
		if t := o.takers[id]; t != nil && (!t.state.Final() || !t.told) && l.told[subject{share: o.id}] != t.version {
			list = append(list, o.letterLocked(t))
		}
	}
	for _, o := range d.outgoing {
		if o.strikesLocked(id) && l.told[subject{o.id, aboutSwarm}] != o.circle.version {
			list = append(list, o.circle.letterLocked(id))
		}
	}
	for _, in := range d.incoming {
		if in.from == id && in.state != Offering && (!in.state.Final() || !in.told) && l.told[subject{share: in.id}] != in.version {
			list = append(list, in.letterLocked(l.told[subject{share: in.id}]))
		}
	}
	for _, c := range d.circlesLocked() {
		if l.told[subject{c.share, aboutSwarm}] != c.version && slices.Contains(c.confidantsLocked(), id) {
			list = append(list, c.letterLocked(id))
		}
	}
	return l.dueLocked(list)
}

// deliver sends one letter, and what follows from the reply.
func (d *Device) deliver(ctx context.Context, to identity.ID, m letter) error {
	if err := d.exchange(ctx, to, m); err != nil || m.more == nil {
		return err
	}
	next, err := m.more()
	if err != nil || next == nil {
		return err
	}
	return d.exchange(ctx, to, *next)
}

// exchange sends one letter and hands on the reply.
func (d *Device) exchange(ctx context.Context, to identity.ID, m letter) error {
	reply, status, err := d.call(ctx, to, http.MethodPut, m.path, m.body)
	switch {
	case err != nil:
		return err
	case status == http.StatusNotFound:
		m.missing()
		return nil
	case status == http.StatusOK:
		return m.heard(reply)
	case status == http.StatusTooManyRequests:
		return errLater
	}
	return fmt.Errorf("%s: status %d: %q", m.path, status, reply[:min(len(reply), 200)])
}

// call makes one bounded request of a neighbour.
func (d *Device) call(ctx context.Context, to identity.ID, method, path string, body any) (reply []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return nil, 0, err
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://device"+path, r)
	if err != nil {
		return nil, 0, err
	}
	resp, err := d.hub.Do(ctx, to, req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	reply, err = readBounded(resp.Body, maxReply)
	return reply, resp.StatusCode, err
}

var errTooLong = errors.New("the message is too long")

// readBounded reads all of r, or fails if that is more than limit bytes.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = errTooLong
	}
	return data, err
}
