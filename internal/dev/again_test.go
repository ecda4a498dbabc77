package dev_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/server"
	"hfhook/store"
)

func TestReplayTo(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	handler := func(name string) delivery.Target {
		srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got <- name + " " + r.Header.Get("X-Hfhook-Replay")
		}))
		t.Cleanup(srv.Close)
		tg := target(t, srv.URL+",name="+name)
		return tg
	}
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Targets: []delivery.Target{handler("one"), handler("two")}})
	e, err := s.Trigger(t.Context(), "repo/create")
	if err != nil {
		t.Fatal(err)
	}
	<-got
	<-got
	d, err := s.ReplayTo(t.Context(), e.ID, "two", dev.ReplayAs{})
	if err != nil || d.Status != http.StatusOK || d.Kind != event.Replay || d.Target != "two" {
		t.Errorf("got %+v, %v", d, err)
	}
	if first := <-got; first != "two 2" {
		t.Errorf("it went to %q", first)
	}
	if _, err := s.ReplayTo(t.Context(), e.ID, "three", dev.ReplayAs{}); !errors.Is(err, dev.ErrNoTarget) {
		t.Errorf("to a target that is not there: %v", err)
	}
	if _, err := s.ReplayTo(t.Context(), "01JD4X7M9C0000000000000000", "two", dev.ReplayAs{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of an event that is not there: %v", err)
	}
	if len(got) > 0 {
		t.Errorf("it went to %q too", <-got)
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	trigger := func(kind string) *event.Event {
		e, err := s.Trigger(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	trigger("discussion/create")
	first := trigger("discussion.comment/create")
	trigger("discussion.comment/update")
	second := trigger("discussion.comment/create:pr")
	trigger("repo/create")
	third := trigger("discussion.comment/create")
	for before, want := range map[event.ID]event.ID{third.ID: second.ID, second.ID: first.ID, first.ID: ""} {
		got, err := s.PreviousOfKind(t.Context(), third, before)
		if got != want || (want == "") != errors.Is(err, store.ErrNotFound) {
			t.Errorf("before %s there is %q, %v; want %q", before, got, err, want)
		}
	}
}

func TestForgetRejected(t *testing.T) {
	t.Parallel()
	secret, err := server.ParseSecret("a secret of the test")
	if err != nil {
		t.Fatal(err)
	}
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{Secrets: []server.Secret{secret}})
	for _, path := range []string{"/1", "/2", "/3"} {
		send(t, s.State().LocalURL+path, body(t))
	}
	await(t, s, "the refusals", func() bool { return len(s.State().Rejected) == 3 })
	s.ForgetRejected(s.State().Rejected[1])
	await(t, s, "forgetting one", func() bool { return len(s.State().Rejected) == 2 })
	st := s.State()
	if st.Rejected[0].Path != "/webhooks/1" || st.Rejected[1].Path != "/webhooks/3" || st.Refused != 3 || st.Secret.Bad != 2 {
		t.Errorf("left are %+v, %d refused, %d bad", st.Rejected, st.Refused, st.Secret.Bad)
	}
	s.ForgetAllRejected()
	await(t, s, "forgetting all", func() bool { return len(s.State().Rejected) == 0 })
	if st := s.State(); st.Refused != 3 || st.Secret.Bad != 0 {
		t.Errorf("%d refused, %d bad", st.Refused, st.Secret.Bad)
	}
}
