package dev_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/port/porttest"
	"hfhook/internal/waittest"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// waitLimit is when a test gives up.
const waitLimit = waittest.Limit

// begin starts a session on the store at path, and returns it with a function that
// ends it and waits.
func begin(t *testing.T, path string, opts dev.Options) (*dev.Session, *sqlite.Store, func()) {
	t.Helper()
	events, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	opts.Store, opts.Listener = events, listen(t)
	ctx, cancel := context.WithCancel(context.Background())
	s, err := dev.Start(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	ended := false
	end := func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := s.Wait(); !errors.Is(err, context.Canceled) {
			t.Errorf("the session ended with %v", err)
		}
		if err := events.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	}
	t.Cleanup(end)
	return s, events, end
}

// await looks again after each change until it sees what it wants.
func await(t *testing.T, s *dev.Session, what string, seen func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	changed := s.Watch(ctx)
	for !seen() {
		<-changed
		if ctx.Err() != nil {
			t.Fatalf("%s did not come", what)
		}
	}
}

func target(t *testing.T, url string) delivery.Target {
	t.Helper()
	tg, err := delivery.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	return tg
}

func body(t *testing.T) []byte {
	t.Helper()
	b, err := sample.New("repo.content/update", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func send(t *testing.T, url string, body []byte, header ...string) (int, event.ID) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ ID event.ID }
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(text, &answer)
	return resp.StatusCode, answer.ID
}

func last(t *testing.T, events store.Store, id event.ID) event.Delivery {
	t.Helper()
	all, err := events.Deliveries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return event.Delivery{}
	}
	return all[len(all)-1]
}

func TestTriggerAndReplay(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 10)
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r
		_, _ = io.WriteString(w, "ok")
	}))
	t.Cleanup(handler.Close)
	secret, err := server.ParseSecret("a secret of the test")
	if err != nil {
		t.Fatal(err)
	}
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Secrets: []server.Secret{secret}, SecretSource: "a test", Path: "/webhooks/x", Targets: []delivery.Target{target(t, handler.URL)},
	})
	for _, name := range s.Kinds() {
		e, err := s.Trigger(t.Context(), name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e.Origin != event.Synthetic || e.Path != "/webhooks/x" || e.DeliveryID == "" {
			t.Errorf("%s: origin %s, path %s, delivery %q", name, e.Origin, e.Path, e.DeliveryID)
		}
		if r := <-got; r.Header.Get("X-Hfhook-Origin") != "" || r.Header.Get("X-Webhook-Secret") != "a secret of the test" || r.URL.Path != "/webhooks/x" {
			t.Errorf("%s: the handler got %s with %v", name, r.URL, r.Header)
		}
		await(t, s, "the delivery", func() bool { d := last(t, events, e.ID); return d.OK() })
	}
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	<-got
	sent, err := s.Replay(t.Context(), e.ID, dev.ReplayAs{})
	if err != nil || len(sent) != 1 || !sent[0].OK() || sent[0].Kind != event.Replay || sent[0].N != 2 {
		t.Errorf("replay: %+v, %v", sent, err)
	}
	if _, err := s.Trigger(t.Context(), "repo/explode"); err == nil {
		t.Error("an unknown event was triggered")
	}
	await(t, s, "the counts", func() bool {
		st := s.State()
		return st.Received == int64(len(s.Kinds()))+1 && st.Store.Events == st.Received
	})
	if st := s.State(); !st.Secret.Verified || st.Secret.Length != 20 || st.Targets[0].Health != delivery.Healthy {
		t.Errorf("state %+v", st)
	}
}

func TestReplayWithoutTarget(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Replay(t.Context(), e.ID, dev.ReplayAs{}); !errors.Is(err, dev.ErrNoTarget) {
		t.Errorf("replay: %v", err)
	}
	if _, err := s.Replay(t.Context(), "01JD4X7M9C8Q2R5T7V9WABCDEF", dev.ReplayAs{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("replay of no event: %v", err)
	}
}

// freeAddress is one at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	number, err := porttest.Free()
	if err != nil {
		t.Fatal(err)
	}
	return "127.0.0.1:" + number
}

// Whether something listens where a target is, is known before anything was sent there.
func TestHealthBeforeTheFirstEvent(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, address)}})
	health := func() dev.Health { st := s.State(); return st.Health(&st.Targets[0]) }
	await(t, s, "the listener", func() bool { return health() == dev.Healthy })
	ln.Close()
	await(t, s, "its end", func() bool { return health() == dev.Away })
	if health := s.State().Targets[0].Health; health != dev.Unknown {
		t.Errorf("nothing was sent, and the target is %s", health)
	}
}

// What waits for a handler outlives the session.
func TestHeldOverARestart(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	path := filepath.Join(t.TempDir(), "events.db")
	s, events, end := begin(t, path, dev.Options{Targets: []delivery.Target{target(t, address)}})
	var ids []event.ID
	for range 5 {
		_, id := send(t, s.State().LocalURL, body(t))
		ids = append(ids, id)
	}
	await(t, s, "the refusal", func() bool { return s.State().Targets[0].Health == delivery.Away })
	if d := last(t, events, ids[4]); d.State != event.Waiting {
		t.Errorf("the delivery is %+v", d)
	}
	end()

	got := make(chan event.ID, 10)
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- event.ID(r.Header.Get("X-Hfhook-Event-Id")) })}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	begin(t, path, dev.Options{Targets: []delivery.Target{target(t, address)}})
	for _, id := range ids {
		select {
		case arrived := <-got:
			if arrived != id {
				t.Errorf("%s arrived, want %s", arrived, id)
			}
		case <-time.After(waitLimit):
			t.Fatalf("%s did not arrive", id)
		}
	}
}

// A stranger's word about the origin counts on this machine only.
func TestOriginThroughTheTunnel(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	e := &event.Event{Capture: event.Capture{Received: time.Now(), Method: "POST", Path: "/webhooks", Body: body(t), Origin: event.FromHub, Tunnel: true,
		Header: []event.Field{{Name: "A", Value: "1"}, {Name: "X-Hfhook-Origin", Value: "synthetic"}, {Name: "Z", Value: "2"}}}}
	if err := s.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if e.Origin != event.FromHub || len(e.Header) != 2 {
		t.Errorf("origin %s, headers %v", e.Origin, e.Header)
	}
}
