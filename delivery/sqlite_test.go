package delivery_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

const secret = "canary-0123456789"

// body is a payload of about the size of the Hub's.
func body(n int) []byte {
	return fmt.Appendf(nil, `{"event":{"action":"update","scope":"repo.content"},"repo":{"type":"model","name":"me/m%d","id":"%024d","private":false,"url":{"web":"https://huggingface.co/me/m%d"},"owner":{"id":"%024d"}},"webhook":{"id":"%024d","version":3},"padding":"%s"}`,
		n, n, n, 1, 1, strings.Repeat("x", 1500))
}

func openStore(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// record does what the server's recorder does.
func record(t testing.TB, s *sqlite.Store, n int, targets ...delivery.Target) *event.Event {
	t.Helper()
	e := &event.Event{Capture: event.Capture{Method: "POST", Path: "/webhooks", Body: body(n), Origin: event.FromHub, Header: []event.Field{{Name: "Content-Type", Value: "application/json"}}}}
	var opts store.AppendOptions
	for _, target := range targets {
		opts.Targets = append(opts.Targets, store.Forward{Target: target.Name, URL: target.For(e)})
	}
	opts.ForwardDuplicates = true
	if err := s.Append(context.Background(), e, opts); err != nil {
		t.Fatal(err)
	}
	return e
}

// TestStore records events while the handler is down, ends, and starts again on the
// same file: the handler gets all of them, whole and in order.
func TestStore(t *testing.T) {
	t.Parallel()
	const events = 40
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target, err := delivery.ParseTarget(ln.Addr().String() + ",name=handler")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "events.db")
	opts := delivery.Options{Targets: []delivery.Target{target}, Secret: func(string) (string, bool) { return secret, true }}
	var want []event.ID

	// The listener is there but nobody answers: the first event is under way, the
	// others wait behind it, when the process ends.
	first := openStore(t, path)
	out := delivery.New(first, delivery.Options{Targets: opts.Targets, Secret: opts.Secret, Grace: 1})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- out.Run(ctx) }()
	for n := range events / 2 {
		want = append(want, record(t, first, n, target).ID)
		out.Wake()
	}
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex
	var got []event.ID
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, event.ID(r.Header.Get("X-Hfhook-Event-Id")))
		_, _ = fmt.Fprint(w, r.Header.Get("X-Webhook-Secret"))
	})}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })

	second := openStore(t, path)
	finished := make(chan event.Delivery, events)
	opts.OnDelivery = func(d event.Delivery) { finished <- d }
	out = delivery.New(second, opts)
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	go func() { ended <- out.Run(ctx) }()
	for n := range events / 2 {
		want = append(want, record(t, second, events+n, target).ID)
		out.Wake()
	}
	for range events - 1 { // the first one was interrupted, and is not sent again
		if d := <-finished; !d.OK() || string(d.ResponseBody) != "[secret]" {
			t.Errorf("%+v", d)
		}
	}
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	interrupted, err := second.Deliveries(t.Context(), want[0])
	if err != nil || len(interrupted) != 1 || interrupted[0].State != event.Interrupted {
		t.Errorf("%+v, %v", interrupted, err)
	}
	e, err := second.Event(t.Context(), want[0])
	if err != nil {
		t.Fatal(err)
	}
	if d, err := out.Send(t.Context(), e, target, event.Replay); err != nil || !d.OK() || d.N != 2 {
		t.Errorf("replay: %+v, %v", d, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	stats, err := second.Stats(t.Context())
	if err != nil || stats.Waiting != 0 || stats.Failed != 0 || stats.Events != events {
		t.Errorf("%+v, %v", stats, err)
	}
}
