package dev_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
)

// TestPutTarget adds and changes targets as the form on the screen does.
func TestPutTarget(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	put := func(f dev.TargetForm, want ...string) {
		t.Helper()
		if err := s.PutTarget(f); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
		if got := s.TargetWords(); !slices.Equal(got, want) {
			t.Errorf("after %+v the targets are %q, want %q", f, got, want)
		}
	}
	refuse := func(f dev.TargetForm, words string) {
		t.Helper()
		before := s.TargetWords()
		if err := s.PutTarget(f); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%+v: %v, want %q", f, err, words)
		}
		if got := s.TargetWords(); !slices.Equal(got, before) {
			t.Errorf("after an error the targets are %q, and were %q", got, before)
		}
	}
	refuse(dev.TargetForm{To: ""}, "")
	refuse(dev.TargetForm{To: "8000", Timeout: "soon"}, "soon")
	refuse(dev.TargetForm{To: "8000", When: "scope:"}, "scope")
	refuse(dev.TargetForm{To: "8000", Concurrency: "0"}, "concurrency")
	put(dev.TargetForm{To: "18000/hook,header=X-Api: 1", Name: "app"}, "18000/hook,name=app,header=X-Api: …")
	refuse(dev.TargetForm{To: "18001", Name: "app"}, `"app"`)
	put(dev.TargetForm{To: "18001", When: "scope:repo", Timeout: "5s", Concurrency: "4"}, "18000/hook,name=app,header=X-Api: …", "18001,when=scope:repo,timeout=5s,concurrency=4")
	refuse(dev.TargetForm{Was: "app", To: "18000", Name: "127.0.0.1:18001"}, "127.0.0.1:18001")
	// What the form does not show stays: the header.
	put(dev.TargetForm{Was: "app", To: "18002", Name: "api"}, "18002,name=api,header=X-Api: …", "18001,when=scope:repo,timeout=5s,concurrency=4")
	s.RemoveTarget("127.0.0.1:18001")
	if got := s.TargetWords(); len(got) != 1 {
		t.Errorf("after one was removed the targets are %q", got)
	}
	// The configuration does not know what was added here, and leaves it.
	configured := []delivery.Target{target(t, "18005,name=configured")}
	if !s.SetTargets(configured) || s.SetTargets(configured) {
		t.Error("SetTargets reports the wrong thing")
	}
	if got := s.TargetWords(); len(got) != 2 || !strings.HasPrefix(got[0], "18005") || !strings.HasPrefix(got[1], "18002") {
		t.Errorf("with the configuration the targets are %q", got)
	}
	if !s.SetTargets(nil) || len(s.TargetWords()) != 1 {
		t.Errorf("without the configuration the targets are %q", s.TargetWords())
	}
}

// TestHeld holds what comes for a paused target: it is sent by hand, moved with the target,
// or dropped.
func TestHeld(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("Webhook-Id") }))
	t.Cleanup(server.Close)
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, server.URL+",name=app")}, Journal: true})
	s.PauseTargets("app", true)
	waiting := func(n int) func() bool { return func() bool { return s.State().Targets[0].Waiting == n } }
	_, first := send(t, s.State().LocalURL, body(t), "Webhook-Id", "one")
	await(t, s, "the event that waits", waiting(1))
	if st := s.State().Targets[0]; !st.Paused || len(got) != 0 {
		t.Errorf("%+v, and it got %d", st, len(got))
	}
	if err := s.PutTarget(dev.TargetForm{Was: "app", To: server.URL, Name: "other"}); err == nil {
		t.Error("a target that events wait for gets another name")
	}
	if n, err := s.DropHeld(t.Context(), ""); err == nil {
		t.Errorf("%d were dropped for no target", n)
	}
	if n, err := s.DropHeld(t.Context(), "app"); n != 1 || err != nil {
		t.Errorf("%d were dropped, %v", n, err)
	}
	await(t, s, "the drop", waiting(0))
	if d := last(t, events, first); d.State != event.Dropped {
		t.Errorf("%+v", d)
	}
	send(t, s.State().LocalURL, body(t), "Webhook-Id", "two")
	await(t, s, "the event that waits", waiting(1))
	s.PauseTargets("", false)
	if name := <-got; name != "two" {
		t.Errorf("it got %s", name)
	}
	await(t, s, "the end of the pause", func() bool { st := s.State().Targets[0]; return !st.Paused && st.Waiting == 0 })
	if !slices.ContainsFunc(s.Journal(), func(e dev.Entry) bool { return e.Target != nil && e.Target.Paused }) {
		t.Error("the pause is not in the journal")
	}
}

// TestDeliverHeld tries again at once what waits for a target that was down.
func TestDeliverHeld(t *testing.T) {
	t.Parallel()
	r := newReturning(t)
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{target(t, r.address+",name=app")}})
	send(t, s.State().LocalURL, body(t), "Webhook-Id", "one")
	await(t, s, "the refusal", func() bool { return s.State().Targets[0].Health == dev.Away })
	r.start(map[string]int{"one": 200}, "")
	s.DeliverHeld("")
	if name := <-r.got; name != "one" {
		t.Errorf("it got %s", name)
	}
	await(t, s, "the delivery", func() bool { st := s.State().Targets[0]; return st.Waiting == 0 && st.Health == dev.Healthy })
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		host  string
		local bool
	}{
		"8000":                 {"127.0.0.1", true},
		"localhost:8000/hook":  {"localhost", true},
		"https://app.example":  {"app.example", false},
		"http://192.168.0.7:1": {"192.168.0.7", false},
		"exec ./job.sh":        {"", true},
	} {
		if host, local, err := dev.Address(text); host != want.host || local != want.local || err != nil {
			t.Errorf("%s: %s, %v, %v", text, host, local, err)
		}
	}
	if host, _, err := dev.Address("70000"); err == nil {
		t.Errorf("the port 70000 is at %s", host)
	}
}
