package lease

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/internal/hub"
	"hfhook/internal/hub/hubtest"
	"hfhook/server"
)

// logFailed is a transport whose calls take until their context ends, while it is told so.
type hanging struct {
	on      atomic.Bool
	entered chan struct{}
}

func (s *hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.on.Load() {
		s.entered <- struct{}{}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestSlowHub changes the secret, and ends, while a call of the Hub's API takes for ever.
func TestSlowHub(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	token, err := hub.ParseToken(hubtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	slow := &hanging{entered: make(chan struct{}, 1)}
	client, err := hub.New(hub.Settings{Endpoint: h.URL(), Token: token}, hub.Options{Transport: slow})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, h, dir, func(o *Options) { o.Client = client })
	s.up(one)
	slow.on.Store(true)
	called := make(chan error, 2)
	go func() { called <- s.Reload(t.Context()) }()
	<-slow.entered
	go func() {
		_, err := s.Plan(t.Context(), Request{Action: SwitchOff, Webhook: h.Webhooks()[0].ID}) // waits for its turn
		called <- err
	}()
	another, err := server.ParseSecret("another secret of mine")
	if err != nil {
		t.Fatal(err)
	}
	s.SetSecret(another)
	if s.wanted().Reveal() != another.Reveal() || !s.secretSince(h.Webhooks()[0].ID).IsZero() {
		t.Error("the secret is as before")
	}
	slow.on.Store(false)
	s.quit()
	for range cap(called) {
		if err := <-called; !errors.Is(err, context.Canceled) {
			t.Errorf("what was in progress ended with %v", err)
		}
	}
	wantHooks(t, "after the end", h, one+" off ours 2 me/corpus")
	if err := s.Reload(t.Context()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// TestHubThatDoesNotAnswerAtTheEnd ends while the Hub answers nothing any more: it is not waited
// for, what was left is told, and the next session or gc finds it.
func TestHubThatDoesNotAnswerAtTheEnd(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	token, err := hub.ParseToken(hubtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	slow := &hanging{entered: make(chan struct{}, 4)}
	client, err := hub.New(hub.Settings{Endpoint: h.URL(), Token: token}, hub.Options{Transport: slow})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, h, dir, func(o *Options) { o.Client, o.QuitWithin = client, 20*time.Millisecond })
	s.up(one)
	slow.on.Store(true)
	err = s.Quit(t.Context())
	if err == nil || !strings.Contains(err.Error(), "did not answer within 20ms, but may still do it") || !strings.Contains(err.Error(), h.Webhooks()[0].ID) {
		t.Errorf("at the end: %v", err)
	}
	wantHooks(t, "after the end", h, one+" on ours 2 me/corpus")
	slow.on.Store(false)
	next := open(t, h, dir, func(o *Options) { o.Watch = nil })
	change, err := next.PlanCollect(t.Context(), false)
	if err != nil || change.Do == nil {
		t.Fatalf("gc finds nothing: %+v, %v", change, err)
	}
	if _, err := change.Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantHooks(t, "after gc", h, one+" off ours 2 me/corpus")
}

// TestSecretChangesDuringACall holds that a webhook which got the secret before counts as
// one that has not got the present one.
func TestSecretChangesDuringACall(t *testing.T) {
	t.Parallel()
	h := startHub(t, hubtest.Options{})
	s := open(t, h, t.TempDir())
	s.up(one)
	id := h.Webhooks()[0].ID
	before := s.wanted()
	another, err := server.ParseSecret("another secret of mine")
	if err != nil {
		t.Fatal(err)
	}
	s.SetSecret(another)
	s.noteSecret(id, before)
	if !s.secretSince(id).IsZero() {
		t.Error("the webhook counts as one with the present secret")
	}
	s.up(two)
	wantHooks(t, "brought on", h, two+" on other 2 me/corpus")
}
