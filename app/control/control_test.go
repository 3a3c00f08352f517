package control_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/app/control"
	"potluck/app/control/controltest"
	"potluck/app/instance"
	"potluck/sharing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A stand is a fake device, and a client of it.
type stand struct {
	*control.Client
	*controltest.Stand
}

func serve(t *testing.T) *stand {
	t.Helper()
	s := &stand{Stand: controltest.Serve(t, "self")}
	client, err := control.Connect(t.Context(), s.Folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	s.Client = client
	return s
}

func TestNothingRuns(t *testing.T) {
	if _, err := control.Connect(t.Context(), t.TempDir()); !errors.Is(err, instance.ErrNotRunning) {
		t.Errorf("got %v", err)
	}
}

func TestWhatCanBeSeen(t *testing.T) {
	s := serve(t)
	s.Engine.Meet("anna", "ben")
	got, err := s.Client.Snapshot(t.Context())
	if want := s.Engine.Snapshot(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	v, err := s.Version(t.Context())
	if err != nil || v.Version != "1.2.3" || v.PID == 0 || v.Up < 0 {
		t.Errorf("version %+v, %v", v, err)
	}
}

func TestCommands(t *testing.T) {
	s := serve(t)
	s.Engine.Meet("anna")
	ctx := t.Context()
	share, err := s.Client.Send(ctx, []string{"/photos", "/notes"}, controltest.ID("anna"))
	if err != nil || share != controltest.Share("/photos") {
		t.Fatalf("send: %v, %v", share, err)
	}
	transfer, err := s.Transfer(ctx, share)
	if err != nil || transfer.Share != share || len(transfer.Peers) != 1 {
		t.Errorf("transfer: %+v, %v", transfer, err)
	}
	if _, err := s.Transfer(ctx, controltest.Share("another")); control.CodeOf(err) != control.NotFound {
		t.Errorf("another transfer: %v", err)
	}
	o := sharing.AcceptOptions{Into: "/tmp/a b", Only: []string{"*.jpg", "ä/ö"}}
	if _, err := s.Client.Accept(ctx, share.Short(), o); err != nil || !reflect.DeepEqual(s.Engine.Accepted(), o) {
		t.Errorf("accept: %+v, %v", s.Engine.Accepted(), err)
	}
	for name, do := range map[string]func(context.Context, string) (sharing.ShareID, error){
		"decline": s.Client.Decline, "pause": s.Client.Pause, "resume": s.Client.Resume, "cancel": s.Client.Cancel,
	} {
		if got, err := do(ctx, share.Short()); err != nil || got != share {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if _, err := do(ctx, "../../v1/x y?"); control.CodeOf(err) != control.NotFound || !strings.Contains(err.Error(), "../../v1/x y?") {
			t.Errorf("%s of nothing: %v", name, err)
		}
		s.Engine.Fail(name, fmt.Errorf("it is over: %w", sharing.ErrState))
		if _, err := do(ctx, share.Short()); control.CodeOf(err) != control.State || !strings.HasPrefix(err.Error(), "it is over") {
			t.Errorf("%s at the wrong time: %v", name, err)
		}
	}
	s.Engine.Verifies(sharing.Verified{Bytes: 9, Damaged: sharing.Entries{Count: 1, Paths: []string{"a"}}})
	if v, err := s.Client.Verify(ctx, share.Short(), sharing.VerifyOptions{Restore: true}); err != nil || v.Damaged.Count != 1 || v.Share != share {
		t.Errorf("verify: %+v, %v", v, err)
	}
	if list := s.Engine.Commands(); !strings.Contains(list[len(list)-1], "--restore") {
		t.Errorf("commands %q", list)
	}
	s.Engine.Fail("send", errors.New("/photos is not there"))
	if _, err := s.Client.Send(ctx, []string{"/photos"}, controltest.ID("anna")); err == nil || err.Error() != "/photos is not there" {
		t.Errorf("send: %v", err)
	}
}

func TestSendRefuses(t *testing.T) {
	s := serve(t)
	anna, self := controltest.ID("anna"), controltest.ID("self")
	for name, err := range map[string]error{
		"nothing":  second(s.Client.Send(t.Context(), nil, anna)),
		"relative": second(s.Client.Send(t.Context(), []string{"photos"}, anna)),
		"nobody":   second(s.Client.Send(t.Context(), []string{"/photos"})),
		"self":     second(s.Client.Send(t.Context(), []string{"/photos"}, self)),
	} {
		if c := control.CodeOf(err); c != control.Invalid && c != control.Self {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := s.Engine.Commands(); len(got) > 0 {
		t.Errorf("commands %q", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSettings(t *testing.T) {
	s := serve(t)
	ctx := t.Context()
	if got, err := s.Set(ctx, "name", "bea"); err != nil || got.Value != "bea" || s.Stand.Settings.Current().Name != "bea" {
		t.Errorf("set: %+v, %v", got, err)
	}
	if got, err := s.Setting(ctx, "name"); err != nil || got.Value != "bea" {
		t.Errorf("get: %+v, %v", got, err)
	}
	list, err := s.Client.Settings(ctx)
	if err != nil || !reflect.DeepEqual(list, s.Stand.Settings.List()) {
		t.Errorf("list: %+v, %v", list, err)
	}
	if got, err := s.Reset(ctx, "name"); err != nil || got.Changed {
		t.Errorf("reset: %+v, %v", got, err)
	}
	if _, err := s.Set(ctx, "accept", "all"); err == nil || !strings.Contains(err.Error(), "everyone") {
		t.Errorf("a wrong value: %v", err)
	}
	if _, err := s.Set(ctx, "no/such key", "x"); control.CodeOf(err) != control.NotFound {
		t.Errorf("a wrong key: %v", err)
	}
}

func TestStop(t *testing.T) {
	s := serve(t)
	events, err := s.Events(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	if err := s.Client.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-s.Stopped
	for {
		if _, err := events.Next(); err != nil {
			if err != io.EOF {
				t.Errorf("the stream ended with %v", err)
			}
			break
		}
	}
	if _, err := s.Client.Snapshot(t.Context()); !errors.Is(err, instance.ErrNotRunning) {
		t.Errorf("after the stop: %v", err)
	}
}

// A command that would take for ever does not keep the device from stopping.
func TestStopDoesNotWaitForCommands(t *testing.T) {
	s := serve(t)
	found := make(chan error)
	go func() {
		_, err := s.Client.Find(t.Context(), "anna", time.Hour)
		found <- err
	}()
	s.Engine.AwaitWatcher()
	s.Stand.Stop()
	if err := <-found; control.CodeOf(err) != control.Stopping {
		t.Errorf("got %v", err)
	}
}

func TestHostileRequests(t *testing.T) {
	s := serve(t)
	raw := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return instance.Dial(ctx, s.Folder)
		},
	}}
	for _, c := range []struct {
		method, path, kind, body string
		want                     int
	}{
		{"POST", "/v1/send", "text/plain", `{"paths": ["/a"]}`, 400},
		{"POST", "/v1/send", "application/json", `{"paths": "/a"}`, 400},
		{"POST", "/v1/send", "application/json", `{"paths": ["/a"], "to": ["zz"]}`, 400},
		{"POST", "/v1/send", "application/json", `{} {}`, 400},
		{"POST", "/v1/send", "application/json", "", 400},
		{"POST", "/v1/send", "application/json", `{"paths": ["` + strings.Repeat("x", 17<<20), 400},
		{"POST", "/v1/find", "application/json", `{"who": " "}`, 400},
		{"POST", "/v1/offers/1/accept", "application/json", `{"into": "x"}`, 400},
		{"GET", "/v1/send", "", "", 405},
		{"GET", "/", "", "", 404},
		{"DELETE", "/v1/settings/colour", "", "", 404},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, "http://x"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", c.kind)
		response, err := raw.Do(request)
		if err != nil {
			if len(c.body) > 16<<20 {
				continue // the server hung up in the middle of it
			}
			t.Errorf("%s %s: %v", c.method, c.path, err)
			continue
		}
		response.Body.Close()
		if response.StatusCode != c.want {
			t.Errorf("%s %s %.40q: %s, want %d", c.method, c.path, c.body, response.Status, c.want)
		}
	}
	if got := s.Engine.Commands(); len(got) > 0 {
		t.Errorf("commands %q", got)
	}
}
