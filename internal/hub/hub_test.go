package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/hub"
	"hfhook/internal/hub/hubtest"
	"hfhook/server"
)

const canarySecret = "canary-secret-of-the-webhook"

func start(t *testing.T, opts hubtest.Options) *hubtest.Hub {
	t.Helper()
	h := hubtest.New(opts)
	t.Cleanup(func() {
		h.Close()
		for _, v := range h.Violations() {
			t.Errorf("not as the API's description says: %s", v)
		}
	})
	return h
}

func connect(t *testing.T, endpoint, token string) *hub.Client {
	t.Helper()
	parsed, err := hub.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	c, err := hub.New(hub.Settings{Endpoint: endpoint, Token: parsed}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func secret(t *testing.T, text string) server.Secret {
	t.Helper()
	s, err := server.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var corpus = []hub.Watched{{Type: "dataset", Name: "me/corpus"}}

// TestCalls makes each of the eight calls.
func TestCalls(t *testing.T) {
	t.Parallel()
	h := start(t, hubtest.Options{})
	c := connect(t, h.URL()+"/", hubtest.Token)
	ctx := t.Context()

	if all, err := c.List(ctx); err != nil || len(all) != 0 {
		t.Fatalf("the list of none: %v, %v", all, err)
	}
	watched := []hub.Watched{{Type: "bucket", Name: "me/files"}, {Type: "kernel", Name: "me/fast"}}
	made, err := c.Create(ctx, hub.Spec{URL: "https://example.com/webhooks", Watched: watched, Domains: hub.Domains(), Secret: secret(t, canarySecret)})
	if err != nil {
		t.Fatal(err)
	}
	want := &hub.Webhook{ID: made.ID, URL: "https://example.com/webhooks", State: hub.Enabled, Watched: watched, Domains: hub.Domains(), HasSecret: true}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	if got := h.Webhooks()[0].Secret; got != canarySecret {
		t.Errorf("the Hub got the secret %q", got)
	}
	if all, err := c.List(ctx); err != nil || cmp.Diff([]hub.Webhook{*want}, all) != "" {
		t.Errorf("the list: %v, %v", all, err)
	}
	if w, err := c.Disable(ctx, made.ID); err != nil || w.State != hub.Disabled {
		t.Errorf("disabled: %+v, %v", w, err)
	}
	if w, err := c.Enable(ctx, made.ID); err != nil || w.State != hub.Enabled {
		t.Errorf("enabled: %+v, %v", w, err)
	}
	if w, err := c.Get(ctx, made.ID); err != nil || cmp.Diff(want, w) != "" {
		t.Errorf("got: %+v, %v", w, err)
	}

	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer receiver.Close()
	if _, err := c.Update(ctx, made.ID, hub.Change{URL: receiver.URL, Watched: corpus}); err != nil {
		t.Fatal(err)
	}
	sent, err := h.Emit(ctx, []byte(`{"event":{"scope":"repo.content"},"repo":{"type":"dataset","name":"me/corpus"},"webhook":{"id":"x"}}`))
	if err != nil || len(sent) != 1 {
		t.Fatalf("sent %v, %v", sent, err)
	}
	if status, err := c.Replay(ctx, made.ID, sent[0].ID); err != nil || status != http.StatusAccepted {
		t.Errorf("replayed: %d, %v", status, err)
	}
	if w, err := c.Get(ctx, made.ID); err != nil || w.LastTrigger.IsZero() {
		t.Errorf("after an event: %+v, %v", w, err)
	}
	if err := c.Delete(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := c.Get(ctx, made.ID); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("a deleted webhook: %v", err)
	}
}

// TestWhoami holds whose token it is, and whether it may change anything.
func TestWhoami(t *testing.T) {
	t.Parallel()
	h := start(t, hubtest.Options{})
	for token, write := range map[string]bool{hubtest.Token: true, hubtest.ReadToken: false} {
		a, err := connect(t, h.URL(), token).Whoami(t.Context())
		if err != nil || a.Name != hubtest.User || a.Token != "laptop" || a.MayWrite() != write {
			t.Errorf("%+v, %v; want a token that may write: %t", a, err, write)
		}
	}
	if _, err := connect(t, h.URL(), "hf_unknown").Whoami(t.Context()); !errors.Is(err, hub.ErrToken) {
		t.Errorf("an unknown token: %v", err)
	}
	h.Fail(1, "GET", hubtest.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: "{}"})
	if _, err := connect(t, h.URL(), hubtest.Token).Whoami(t.Context()); !errors.Is(err, hub.ErrNotHub) {
		t.Errorf("an answer without a name: %v", err)
	}
}

// TestUpdate holds that what is not changed stays.
func TestUpdate(t *testing.T) {
	t.Parallel()
	begin := hubtest.Webhook{
		URL: "https://example.com/old", Secret: canarySecret,
		Watched: []hubtest.Watched{{Type: "user", Name: "me"}, {Type: "org", Name: "us"}}, Domains: []string{"discussion"},
	}
	for _, test := range []struct {
		name   string
		begin  func(*hubtest.Webhook)
		change hub.Change
		want   func(*hubtest.Webhook)
	}{
		{"URL", nil, hub.Change{URL: "https://example.com/new"}, func(w *hubtest.Webhook) { w.URL = "https://example.com/new" }},
		{"watched", nil, hub.Change{Watched: corpus}, func(w *hubtest.Webhook) { w.Watched = []hubtest.Watched{{Type: "dataset", Name: "me/corpus"}} }},
		{"domains", nil, hub.Change{Domains: hub.Domains()}, func(w *hubtest.Webhook) { w.Domains = []string{"repo", "discussion"} }},
		{"secret", nil, hub.Change{Secret: secret(t, "another")}, func(w *hubtest.Webhook) { w.Secret = "another" }},
		{"job for URL", nil, hub.Change{JobSourceID: "j1"}, func(w *hubtest.Webhook) { w.URL, w.JobSourceID = "", "j1" }},
		{"job stays", func(w *hubtest.Webhook) { w.URL, w.JobSourceID = "", "j1" }, hub.Change{Domains: hub.Domains()}, func(w *hubtest.Webhook) { w.Domains = []string{"repo", "discussion"} }},
		{"URL for job", func(w *hubtest.Webhook) { w.URL, w.JobSourceID = "", "j1" }, hub.Change{URL: "https://example.com/new"}, func(w *hubtest.Webhook) { w.URL, w.JobSourceID = "https://example.com/new", "" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, hubtest.Options{})
			w := begin
			if test.begin != nil {
				test.begin(&w)
			}
			id := h.Add(w)
			if _, err := connect(t, h.URL(), hubtest.Token).Update(t.Context(), id, test.change); err != nil {
				t.Fatal(err)
			}
			w.ID, w.Disabled, w.HasSecret = id, false, true
			test.want(&w)
			if diff := cmp.Diff(view(w), view(h.Webhooks()[0])); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestInlineJob holds that a webhook whose Job can't be sent back is left alone.
func TestInlineJob(t *testing.T) {
	t.Parallel()
	h := start(t, hubtest.Options{})
	id := h.Add(hubtest.Webhook{Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}})
	c := connect(t, h.URL(), hubtest.Token)
	if _, err := c.Update(t.Context(), id, hub.Change{Domains: hub.Domains()}); !errors.Is(err, hub.ErrInlineJob) {
		t.Errorf("%v", err)
	}
	if w, err := c.Update(t.Context(), id, hub.Change{URL: "https://example.com"}); err != nil || w.URL != "https://example.com" {
		t.Errorf("a URL in its place: %+v, %v", w, err)
	}
}

// view is what a test compares of a webhook of the fake.
func view(w hubtest.Webhook) map[string]any {
	return map[string]any{"id": w.ID, "url": w.URL, "job": w.JobSourceID, "disabled": w.Disabled, "watched": w.Watched, "domains": w.Domains, "secret": w.Secret}
}

func TestState(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]hub.State{`true`: hub.Disabled, `false`: hub.Enabled, `"suspended-after-failure"`: hub.Suspended, `"banned"`: "banned"} {
		var got hub.State
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`7`, `null`, `{}`} {
		if err := json.Unmarshal([]byte(text), new(hub.State)); err == nil {
			t.Errorf("%s is a state", text)
		}
	}
}

// TestErrors holds the kind of each failure, what it tells, and that it tells no
// secret.
func TestErrors(t *testing.T) {
	t.Parallel()
	redirect := hubtest.Fault{Status: http.StatusFound, Header: http.Header{"Location": {"https://elsewhere.example/login?token=x"}}}
	echo := hubtest.Refusal(http.StatusBadRequest, "Bearer "+hubtest.Token+" and "+canarySecret+" and https://me:canary+pass@example.com?secret=canary%26url are not good")
	list := hubtest.Fault{Status: http.StatusBadRequest, Body: `{"error":["one","two"]}`}
	errs := hubtest.Fault{Status: http.StatusBadRequest, Body: `{"errors":[{"message":"three"}]}`}
	long := hubtest.Refusal(http.StatusBadRequest, strings.Repeat("long ", 1000))
	for _, test := range []struct {
		name  string
		token string
		fault hubtest.Fault
		kind  error
		tells string
	}{
		{"unknown token", "hf_unknown", hubtest.Fault{}, hub.ErrToken, "401 Unauthorized: Invalid username or password. (request Root=1-"},
		{"read-only token", hubtest.ReadToken, hubtest.Fault{}, hub.ErrForbidden, "This token has only read access"},
		{"unknown name", hubtest.Token, hubtest.Fault{}, hub.ErrRefused, `422 Unprocessable Entity: dataset "me/corpus" does not exist`},
		{"no webhook in it", hubtest.Token, hubtest.Fault{Status: 200, Body: `{}`}, hub.ErrNotHub, "the answer has no webhook"},
		{"no JSON", hubtest.Token, hubtest.Fault{Status: 200, Body: `{`}, hub.ErrNotHub, "unexpected end"},
		{"404 of a call without an id", hubtest.Token, hubtest.Refusal(404, "no"), hub.ErrRefused, "404 Not Found: no"},
		{"HTML", hubtest.Token, hubtest.HTML(200), hub.ErrNotHub, "it is an HTML page"},
		{"HTML 404", hubtest.Token, hubtest.HTML(404), hub.ErrNotHub, "it is an HTML page"},
		{"HTML 502", hubtest.Token, hubtest.HTML(502), hub.ErrRefused, "502 Bad Gateway: it is an HTML page; the result is unknown"},
		{"redirect", hubtest.Token, redirect, hub.ErrNotHub, "it redirects to https://elsewhere.example/login; redirects are not followed"},
		{"long wait", hubtest.Token, hubtest.Limited("Retry-After", "120"), hub.ErrLimited, "it asks to wait 2m0s"},
		{"long limit", hubtest.Token, hubtest.Limited("RateLimit", `"api";r=0;t=299`), hub.ErrLimited, "it asks to wait 4m59s"},
		{"500 to a create", hubtest.Token, hubtest.Refusal(500, "oops"), hub.ErrUncertain, "500 Internal Server Error: oops; the result is unknown"},
		{"cut off", hubtest.Token, hubtest.Fault{Cut: true, Body: `{"webh`}, hub.ErrUncertain, "the connection was closed"},
		{"echo", hubtest.Token, echo, hub.ErrRefused, "Bearer [token] and [secret] and https://me:[secret]@example.com?secret=[secret] are not good"},
		{"list of errors", hubtest.Token, list, hub.ErrRefused, ": one; two"},
		{"errors", hubtest.Token, errs, hub.ErrRefused, ": three"},
		{"long message", hubtest.Token, long, hub.ErrRefused, "…"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, hubtest.Options{Names: []string{}})
			if test.fault.Status != 0 || test.fault.Cut {
				h.Fail(1, "", test.fault)
			}
			_, err := connect(t, h.URL(), test.token).Create(t.Context(), hub.Spec{URL: "https://me:canary+pass@example.com?secret=canary%26url", Watched: corpus, Domains: hub.Domains(), Secret: secret(t, canarySecret)})
			if !errors.Is(err, test.kind) || !strings.Contains(fmt.Sprint(err), test.tells) {
				t.Errorf("%v\nis not %q, or does not tell %q", err, test.kind, test.tells)
			}
			text := fmt.Sprintf("%v %+v %#v", err, err, err)
			if strings.Contains(text, test.token) || strings.Contains(text, canarySecret) || len(text) > 5000 {
				t.Errorf("it tells too much: %s", text)
			}
			if h.Calls() != 1 {
				t.Errorf("%d calls were made", h.Calls())
			}
		})
	}
}

// TestNothingIsSent holds that some failures come before the first request.
func TestNothingIsSent(t *testing.T) {
	t.Parallel()
	h := start(t, hubtest.Options{})
	token, _ := hub.ParseToken(hubtest.Token)
	for _, test := range []struct {
		settings hub.Settings
		want     error
	}{
		{hub.Settings{Endpoint: h.URL()}, hub.ErrNoToken},
		{hub.Settings{Endpoint: h.URL(), Token: token, Offline: true}, hub.ErrOffline},
	} {
		c, err := hub.New(test.settings, hub.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.List(t.Context()); !errors.Is(err, test.want) {
			t.Errorf("%v, want %v", err, test.want)
		}
	}
	if h.Calls() != 0 {
		t.Errorf("%d calls were made", h.Calls())
	}
	if _, err := hub.New(hub.Settings{Endpoint: "ftp://me:pass@x"}, hub.Options{}); err == nil || strings.Contains(err.Error(), "pass") {
		t.Errorf("an endpoint that is none: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	if err := connect(t, gone.URL, hubtest.Token).Delete(t.Context(), "x"); !errors.Is(err, hub.ErrUnreachable) || errors.Is(err, hub.ErrUncertain) {
		t.Errorf("nobody listens: %v", err)
	}
	h := start(t, hubtest.Options{})
	h.Fail(1, "", hubtest.Fault{Cut: true})
	if _, err := connect(t, h.URL(), hubtest.Token).List(t.Context()); !errors.Is(err, hub.ErrUnreachable) {
		t.Errorf("a list that is cut off: %v", err)
	}
}

// TestCanceled ends a call whose answer does not come.
func TestCanceled(t *testing.T) {
	t.Parallel()
	h := start(t, hubtest.Options{})
	h.Fail(1, "", hubtest.Fault{Slow: true})
	cause := errors.New("the user left")
	ctx, cancel := context.WithCancelCause(t.Context())
	arrived := &arrival{called: make(chan struct{})}
	token, _ := hub.ParseToken(hubtest.Token)
	c, err := hub.New(hub.Settings{Endpoint: h.URL(), Token: token}, hub.Options{Transport: arrived})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-arrived.called
		cancel(cause)
	}()
	if _, err := c.List(ctx); !errors.Is(err, cause) {
		t.Errorf("%v, want %v", err, cause)
	}
}

// arrival tells when a request is sent.
type arrival struct{ called chan struct{} }

func (a *arrival) RoundTrip(r *http.Request) (*http.Response, error) {
	close(a.called)
	return http.DefaultTransport.RoundTrip(r)
}

func TestTarget(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		w    hub.Webhook
		want string
	}{
		{hub.Webhook{URL: "https://example.com/webhooks?a=1&b=%20"}, "https://example.com/webhooks?a=1&b=%20"},
		{hub.Webhook{URL: "https://example.com/?a=1&secret=canary&b=2"}, "https://example.com/?a=1&secret=[secret]&b=2"},
		{hub.Webhook{URL: "https://example.com/?SECRET=canary"}, "https://example.com/?SECRET=[secret]"},
		{hub.Webhook{URL: "https://example.com/?s%65cret=canary"}, "https://example.com/?s%65cret=[secret]"},
		{hub.Webhook{URL: "https://example.com/?%zz=canary"}, "https://example.com/?%zz=[secret]"},
		{hub.Webhook{URL: "https://me:canary@example.com/"}, "https://me:[secret]@example.com/"},
		{hub.Webhook{URL: "https://exa mple.com/%zz?secret=canary"}, "https://exa mple.com/%zz"},
		{hub.Webhook{URL: "https://me:canary@exa mple.com/"}, "[a URL that can't be read]"},
		{hub.Webhook{JobSourceID: "j1"}, "job j1"},
		{hub.Webhook{Job: &hub.Job{SpaceID: "me/space"}}, "job in the space me/space"},
		{hub.Webhook{Job: &hub.Job{DockerImage: "python:3"}}, "job in the image python:3"},
		{hub.Webhook{}, "job"},
	} {
		if got := test.w.Target(); got != test.want || strings.Contains(got, "canary") {
			t.Errorf("%s is shown as %s, want %s", test.w.URL, got, test.want)
		}
	}
}

func TestParseWatched(t *testing.T) {
	t.Parallel()
	for _, kind := range hub.WatchedTypes() {
		if w, err := hub.ParseWatched(kind + ":a/b:c"); err != nil || w != (hub.Watched{Type: kind, Name: "a/b:c"}) {
			t.Errorf("%s: %v, %v", kind, w, err)
		}
	}
	for _, bad := range []string{"", "me/corpus", "dataset:", ":me", "datasets:me/corpus"} {
		if _, err := hub.ParseWatched(bad); err == nil {
			t.Errorf("%q can be watched", bad)
		}
	}
}
