package hub_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hfhook/internal/hub"
)

// answers are a transport that gives one after another, and the last again and
// again; one without a status never comes.
type answers struct {
	list  []answer
	calls int
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	next := a.list[min(a.calls, len(a.list)-1)]
	a.calls++
	if next.status == 0 {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	h := next.header
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: next.status, Header: h, Body: io.NopCloser(strings.NewReader(next.body)), Request: r}, nil
}

// TestRetries holds which calls are made again, how often and after what time, on a
// clock of the test's own.
func TestRetries(t *testing.T) {
	t.Parallel()
	limited := func(name, value string) answer {
		return answer{status: 429, header: http.Header{name: {value}}}
	}
	failed := answer{status: 503}
	list := func(ctx context.Context, c *hub.Client) error { _, err := c.List(ctx); return err }
	create := func(ctx context.Context, c *hub.Client) error { _, err := c.Create(ctx, hub.Spec{}); return err }
	enable := func(ctx context.Context, c *hub.Client) error { _, err := c.Enable(ctx, "x"); return err }
	replay := func(ctx context.Context, c *hub.Client) error { _, err := c.Replay(ctx, "x", "y"); return err }
	remove := func(ctx context.Context, c *hub.Client) error { return c.Delete(ctx, "x") }
	empty, made := answer{status: 200, body: "[]"}, answer{status: 200, body: `{"webhook":{}}`}
	for _, test := range []struct {
		name     string
		call     func(context.Context, *hub.Client) error
		answers  []answer
		calls    int
		min, max time.Duration
		want     error
	}{
		{"Retry-After", list, []answer{limited("Retry-After", "7"), empty}, 2, 7 * time.Second, 7 * time.Second, nil},
		{"Retry-After as a date", list, []answer{limited("Retry-After", "Sat, 01 Jan 2000 00:00:09 GMT"), empty}, 2, 9 * time.Second, 9 * time.Second, nil},
		{"RateLimit", create, []answer{limited("Ratelimit", `"api";r=0;t=11`), made}, 2, 11 * time.Second, 11 * time.Second, nil},
		{"nonsense", list, []answer{limited("Retry-After", "soon"), empty}, 2, 500 * time.Millisecond, 750 * time.Millisecond, nil},
		{"negative", list, []answer{limited("Retry-After", "-5"), empty}, 2, 500 * time.Millisecond, 750 * time.Millisecond, nil},
		{"huge", list, []answer{limited("Retry-After", "99999999999999999999"), empty}, 2, 500 * time.Millisecond, 750 * time.Millisecond, nil},
		{"too long", list, []answer{limited("Retry-After", "31")}, 1, 0, 0, hub.ErrLimited},
		{"limited for ever", list, []answer{limited("Retry-After", "1")}, 4, 3 * time.Second, 3 * time.Second, hub.ErrLimited},
		{"failing for ever", list, []answer{failed}, 4, 3500 * time.Millisecond, 5250 * time.Millisecond, hub.ErrRefused},
		{"enable", enable, []answer{failed, made}, 2, 500 * time.Millisecond, 750 * time.Millisecond, nil},
		{"create is not repeated", create, []answer{failed}, 1, 0, 0, hub.ErrUncertain},
		{"nor a replay", replay, []answer{failed}, 1, 0, 0, hub.ErrUncertain},
		{"deleted, but not told", remove, []answer{failed, {status: 404}}, 2, 500 * time.Millisecond, 750 * time.Millisecond, nil},
		{"never there", remove, []answer{{status: 404}}, 1, 0, 0, hub.ErrNotFound},
		{"no body", remove, []answer{{status: 204}}, 1, 0, 0, nil},
		{"no answer", list, []answer{{}}, 1, 10 * time.Second, 10 * time.Second, hub.ErrUnreachable},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				token, _ := hub.ParseToken("hf_x")
				transport := &answers{list: test.answers}
				var waited time.Duration
				c, err := hub.New(hub.Settings{Token: token}, hub.Options{Transport: transport, Waiting: func(d time.Duration, because error) {
					if because == nil {
						t.Error("no reason is told")
					}
					waited += d
				}})
				if err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				if err := test.call(t.Context(), c); !errors.Is(err, test.want) {
					t.Errorf("%v, want %v", err, test.want)
				}
				took := time.Since(begin)
				if took < test.min || took > test.max || transport.calls != test.calls {
					t.Errorf("%d calls in %s, want %d in %s to %s", transport.calls, took, test.calls, test.min, test.max)
				}
				if waited > 0 && waited != took {
					t.Errorf("it waited %s and told %s", took, waited)
				}
			})
		})
	}
}

// TestTokenStaysAtHome holds what a request carries.
func TestTokenStaysAtHome(t *testing.T) {
	t.Parallel()
	token, _ := hub.ParseToken("hf_x")
	var got []string
	c, err := hub.New(hub.Settings{Endpoint: "https://hub.example/mirror", Token: token}, hub.Options{UserAgent: "hfhook/1", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		got = append(got, r.Method+" "+r.URL.String()+" "+r.Header.Get("Authorization")+" "+r.Header.Get("User-Agent"))
		to := []string{"https://evil.example/", "https://sub.hub.example/", "http://hub.example/", "/elsewhere"}[len(got)-1]
		return &http.Response{StatusCode: 307, Header: http.Header{"Location": {to}}, Body: http.NoBody, Request: r}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := c.List(t.Context()); !errors.Is(err, hub.ErrNotHub) {
			t.Error(err)
		}
	}
	for _, request := range got {
		if request != "GET https://hub.example/mirror/api/settings/webhooks Bearer hf_x hfhook/1" {
			t.Error(request)
		}
	}
	if len(got) != 4 {
		t.Errorf("%d requests", len(got))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
