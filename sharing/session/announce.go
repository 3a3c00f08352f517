package session

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
)

// helloPath is where a device tells that its hello has changed.
const helloPath = "/v1/hello"

// Announce tells all devices that there is a session with that our hello has
// changed. It does not wait for them to know.
func (h *Hub) Announce() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.links { // none once the hub is stopping
		h.tasks.Go(l.announce)
	}
}

// announce sends our hello as it is now.
func (l *link) announce() {
	l.announcing.Lock() // so that the latest is the last to be sent
	defer l.announcing.Unlock()
	text, err := json.Marshal(l.hub.greet(0))
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, helloPath, bytes.NewReader(text))
	if err != nil {
		return
	}
	resp, err := l.do(ctx, req)
	if err != nil {
		l.hub.log.Debug("a hello was not delivered", "device", l.id.Short(), "err", err)
		return
	}
	resp.Body.Close()
}

// hear takes a hello that has changed.
func (h *Hub) hear(w http.ResponseWriter, r *http.Request, l *link) {
	if r.Method != http.MethodPut {
		http.Error(w, "a hello is PUT", http.StatusMethodNotAllowed)
		return
	}
	AllowBody(r.Context(), maxHello)
	text, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "the hello cannot be read", http.StatusBadRequest)
		return
	}
	g, err := parseGreeting(text)
	if err != nil || g.Start != l.start {
		http.Error(w, "this is not your hello", http.StatusBadRequest)
		return
	}
	l.update(g)
	h.mu.Lock()
	h.signalLocked()
	h.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}
