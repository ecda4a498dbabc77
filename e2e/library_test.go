//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/server"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// TestRecordedInProduction: a program that handles webhooks with the library keeps its
// events by one option; what broke there is found and sent again on a laptop, while the
// program runs.
func TestRecordedInProduction(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "production.db")
	events, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := server.ParseSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Options{Secrets: []server.Secret{secret}, Recorder: store.Recorder{Store: events}, Output: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Handle("bot", func(_ context.Context, e *event.Event) (any, error) {
		if e.Payload.Discussion != nil {
			return nil, errors.New("no discussions yet")
		}
		return map[string]bool{"seen_before": e.Duplicate != ""}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-served, events.Close()); err != nil {
			t.Error(err)
		}
	})
	bodies := hubBodies(t)
	url := "http://" + ln.Addr().String() + "/webhooks/bot"
	for _, want := range []string{`200 {"seen_before":false}`, `200 {"seen_before":true}`} {
		status, answer := post(t, http.DefaultClient, url, bodies["constructed-repo-create-model.json"], withSecret, "Webhook-Id: one")
		if got := http.StatusText(status) + " " + answer; got != strings.Replace(want, "200", "OK", 1) {
			t.Errorf("answered %s, want %s", got, want)
		}
	}
	broken := bodies["constructed-discussion-create.json"]
	if status, _ := post(t, http.DefaultClient, url, broken, withSecret); status != 500 {
		t.Errorf("answered %d", status)
	}

	h := newHome(t)
	if all := strings.Count(h.must("ls", "--store", file, "--json"), "\n"); all != 3 {
		t.Errorf("the store has %d events", all)
	}
	var row struct{ ID string }
	// The answer is recorded behind the sender's back, a moment later.
	for found := ""; ; {
		if found = h.must("ls", "is:failed", "--store", file, "--json"); found != "" {
			if err := json.Unmarshal([]byte(found), &row); err != nil {
				t.Fatalf("%v: %s", err, found)
			}
			break
		}
	}
	shown := h.must("show", row.ID, "--deliveries", "--store", file)
	if !strings.Contains(shown, "500") || !strings.Contains(shown, "no discussions yet") {
		t.Errorf("the delivery is shown as %s", shown)
	}
	handler := &catcher{}
	laptop := httptest.NewServer(handler)
	t.Cleanup(laptop.Close)
	h.must("replay", "--filter", "is:failed", "--store", file, "--to", laptop.URL)
	got := handler.all()
	if len(got) != 1 || got[0].path != "/webhooks/bot" || string(got[0].body) != string(broken) || got[0].header.Get("X-Webhook-Secret") != canary {
		t.Errorf("the laptop got %d events", len(got))
	}
}
