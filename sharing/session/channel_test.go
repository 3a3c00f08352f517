package session

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"potluck/sharing/identity"
)

func TestChannelIsOneSession(t *testing.T) {
	seen := make(chan Channel, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/which", func(_ http.ResponseWriter, r *http.Request) {
		c, ok := ChannelOf(r.Context())
		if !ok {
			t.Error("a request by no channel")
		}
		seen <- c
	})
	anna, bea := start(t, "anna", Options{Handler: mux}), start(t, "bea", Options{})
	if _, err := anna.Channel(bea.self); !errors.Is(err, ErrNoSession) {
		t.Errorf("before there is a session: %v", err)
	}
	anna.connect(bea)
	near, err := anna.Channel(bea.self)
	if err != nil {
		t.Fatal(err)
	}
	far, err := bea.Channel(anna.self)
	if err != nil {
		t.Fatal(err)
	}
	which := func(c Channel) error {
		req, err := http.NewRequest(http.MethodGet, "http://device/which", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(t.Context(), req)
		if err == nil {
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		return err
	}
	if err := which(far); err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != near || got.Peer() != bea.self {
		t.Error("the request came by another channel")
	}

	export := func(c Channel, label string, context []byte) []byte {
		b, err := c.Export(label, context, 32)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	secret := export(near, "EXPORTER-test", []byte("a"))
	if !bytes.Equal(secret, export(far, "EXPORTER-test", []byte("a"))) {
		t.Error("the two ends do not have the same secret")
	}
	if bytes.Equal(secret, export(near, "EXPORTER-test", []byte("b"))) || bytes.Equal(secret, export(near, "EXPORTER-other", []byte("a"))) {
		t.Error("one secret for two things")
	}

	anna.Drop(bea.self, "for the test")
	<-near.Done()
	<-far.Done()
	bea.until("the session has ended", func() bool { return bea.session(anna.self) == nil })
	anna.connect(bea)
	next, err := anna.Channel(bea.self)
	if err != nil {
		t.Fatal(err)
	}
	if next == near || bytes.Equal(secret, export(next, "EXPORTER-test", []byte("a"))) {
		t.Error("another session is the same channel")
	}
	if err := which(far); !errors.Is(err, ErrLost) {
		t.Errorf("a request by the channel of before: %v", err)
	}
	if _, ok := ChannelOf(t.Context()); ok {
		t.Error("a channel of no request")
	}
	if _, err := anna.Channel(identity.ID{}); !errors.Is(err, ErrNoSession) {
		t.Errorf("nobody: %v", err)
	}
}
