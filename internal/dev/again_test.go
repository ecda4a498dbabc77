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
	"hfhook/payload/sample"
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

// TestPrevious sees which event one is compared with: of its thread, else of its repository,
// else of its kind, and in each of them rather one of its kind.
func TestPrevious(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	trigger := func(kind, repo string, num int64) *event.Event {
		e, err := s.TriggerAs(t.Context(), kind, sample.Options{Repo: repo, Num: num})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	otherRepo := trigger("discussion.comment/create", "me/other", 7)
	opened := trigger("discussion/create", "me/corpus", 13)
	comment := trigger("discussion.comment/create", "me/corpus", 13)
	closed := trigger("discussion/update", "me/corpus", 13)
	aside := trigger("discussion.comment/create", "me/corpus", 14)
	last := trigger("discussion.comment/create", "me/corpus", 13)
	settings := trigger("repo.config/update", "me/corpus", 0)
	alone := trigger("discussion.comment/create", "me/third", 1)
	for _, tt := range []struct {
		name      string
		e, before *event.Event
		want      dev.Previous
		what      string
	}{
		{"its kind in its thread", last, last, dev.Previous{ID: comment.ID, Same: dev.SameThread, SameKind: true, Where: "me/corpus#13"}, "previous comment on me/corpus#13"},
		{"another of its thread", comment, comment, dev.Previous{ID: opened.ID, Same: dev.SameThread, Where: "me/corpus#13"}, "previous event on me/corpus#13"},
		{"the next one before", last, comment, dev.Previous{ID: opened.ID, Same: dev.SameThread, Where: "me/corpus#13"}, "previous event on me/corpus#13"},
		{"its kind in its repository", aside, aside, dev.Previous{ID: comment.ID, Same: dev.SameRepo, SameKind: true, Where: "me/corpus"}, "previous comment in me/corpus"},
		{"another of its repository", settings, settings, dev.Previous{ID: last.ID, Same: dev.SameRepo, Where: "me/corpus"}, "previous event in me/corpus"},
		{"its kind", alone, alone, dev.Previous{ID: last.ID, Same: dev.SameKind, SameKind: true, Where: "me/corpus"}, "previous comment, in another repository: me/corpus"},
		{"its own kind in the thread first", closed, closed, dev.Previous{ID: comment.ID, Same: dev.SameThread, Where: "me/corpus#13"}, "previous event on me/corpus#13"},
	} {
		got, err := s.Previous(t.Context(), tt.e, tt.before.ID)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", tt.name, got, err, tt.want)
		}
		if what := got.What(string(tt.e.Row().Scope)); what != tt.what {
			t.Errorf("%s: %q, want %q", tt.name, what, tt.what)
		}
	}
	if got, err := s.Previous(t.Context(), otherRepo, otherRepo.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before the first event there is %+v, %v", got, err)
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
