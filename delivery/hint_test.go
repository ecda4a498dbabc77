package delivery

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/port"
)

// TestRoutes sends to handlers that have their webhook on a path of their own.
func TestRoutes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		description string
		status      int
		found       []string
		text        string
		use         string
	}{
		"one path":   {`{"paths":{"/hooks/hf":{"post":{}}}}`, 404, []string{"/hooks/hf"}, "404: your handler has POST /hooks/hf, hfhook sent POST /webhooks/say_hello", "/hooks/hf"},
		"two paths":  {`{"paths":{"/hooks/b":{"post":{}},"/hooks/a":{"post":{}}}}`, 405, []string{"/hooks/a", "/hooks/b"}, "405: your handler has POST /hooks/a and /hooks/b, hfhook sent POST /webhooks/say_hello", "/hooks/a"},
		"not a word": {``, 404, nil, "404: your handler has no POST /webhooks/say_hello, and does not say which paths it has", "/PATH"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := handler(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && r.URL.Path == tt.use {
					return
				}
				if r.URL.Path == "/openapi.json" && tt.description != "" {
					_, _ = fmt.Fprint(w, tt.description)
					return
				}
				w.WriteHeader(tt.status)
			})
			log := newMemLog()
			changed := make(chan struct{}, 1)
			out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
			running(t, out)
			log.append(hubEvent("{}"), target)
			out.Wake()
			health(t, out, changed, "a hint", func(s TargetState) bool { return s.Hint != "" })
			st := out.Health()[0]
			if want := (&Routes{Sent: "/webhooks/say_hello", Status: tt.status, Found: tt.found}); !cmp.Equal(want, st.Routes) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(want, st.Routes))
			}
			if want := tt.text + ". Use " + target.address() + tt.use + " as the target"; st.Hint != want || st.Routes.Text() != tt.text {
				t.Errorf("hint %q, text %q; want %q", st.Hint, st.Routes.Text(), want)
			}

			there, err := target.At(tt.use)
			if err != nil {
				t.Fatal(err)
			}
			if there.Name != target.Name {
				t.Errorf("the target's name became %q; want %q", there.Name, target.Name)
			}
			out.Set([]Target{there})
			log.append(hubEvent("{}"), there)
			out.Wake()
			if tt.use != "/PATH" {
				health(t, out, changed, "an answer there", func(s TargetState) bool { return s.Health == Healthy && s.Routes == nil && s.Hint == "" })
			}
		})
	}
}

// TestRightRoute has a handler answer 404 on the path that it says it has: the answer is about
// something else.
func TestRightRoute(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, `{"paths":{"/webhooks/say_hello":{"post":{}}}}`)
	})
	q := newQueue(New(newMemLog(), Options{Targets: []Target{target}, OnChange: func() {}}), target)
	for path, wrong := range map[string]bool{"/webhooks/say_hello": false, "/webhooks": true} {
		q.hinted = time.Time{}
		q.lookForRoute(&event.Delivery{URL: target.URL.String() + path, Status: http.StatusNotFound})
		q.hints.Wait()
		if st := q.snapshot(); (st.Hint != "") != wrong || (st.Routes != nil) != wrong {
			t.Errorf("%s: hint %q", path, st.Hint)
		}
		q.state.Hint, q.state.Routes = "", nil
	}
}

// TestSecretHint sends to handlers that answer 401: one always, and one that has accepted the
// secret before.
func TestSecretHint(t *testing.T) {
	t.Parallel()
	var ok atomic.Bool
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if !ok.Load() {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, Secret: func(string) (string, bool) { return canary, true }, OnChange: func() { poke(changed) }})
	running(t, out)
	send := func() {
		log.append(hubEvent("{}"), target)
		out.Wake()
	}
	send()
	health(t, out, changed, "a hint", func(s TargetState) bool {
		return strings.HasPrefix(s.Hint, "401: your handler may expect another secret")
	})
	ok.Store(true)
	send()
	health(t, out, changed, "no hint", func(s TargetState) bool { return s.Health == Healthy && s.Hint == "" })
	ok.Store(false)
	send()
	health(t, out, changed, "the 401", func(s TargetState) bool { return s.Tried == 3 })
	if hint := out.Health()[0].Hint; hint != "" {
		t.Errorf("after a 200 the hint is %q", hint)
	}
}

// TestLearn asks a handler for its paths before anything is sent to it.
func TestLearn(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/openapi.json" {
			t.Errorf("asked for %s %s", r.Method, r.URL)
		}
		_, _ = fmt.Fprint(w, `{"paths":{"/":{"post":{}}}}`)
	})
	out := New(newMemLog(), Options{Targets: []Target{target}})
	out.Learn(t.Context(), target.Name)
	st := out.Health()[0]
	if want := (&Routes{Found: []string{"/"}}); !cmp.Equal(want, st.Routes) || st.Hint != "" {
		t.Errorf("hint %q (-want +got):\n%s", st.Hint, cmp.Diff(want, st.Routes))
	}
}

// TestRedirectHint sends to a handler that answers at another path, as FastAPI does for a
// slash.
func TestRedirectHint(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Path+"/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	health(t, out, changed, "a hint", func(s TargetState) bool {
		return s.Hint == "it redirects to "+target.URL.String()+"/webhooks/say_hello/, and hfhook does not follow redirects: use that address as the target"
	})
}

func TestListenHint(t *testing.T) {
	t.Parallel()
	services := []port.Service{{Port: "7860"}, {Port: "8000", Program: "uvicorn"}, {Port: "3000", Program: "node"}, {Port: "9000"}, {Port: "9001"}}
	for want, n := range map[string]int{
		"": 0,
		"port 7860 is listening: is your handler there?":                                                 1,
		"ports 7860, 8000 (uvicorn) and 3000 (node) are listening: is your handler there?":               3,
		"ports 7860, 8000 (uvicorn), 3000 (node), 9000 and 1 more are listening: is your handler there?": 5,
	} {
		if got := listenHint(services[:n]); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}

// TestRoutesOfReplay has a replay sent to a path that the handler does not have: the next path is
// asked for as after an event.
func TestRoutesOfReplay(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	target, err := target.At("//wrong")
	if err != nil {
		t.Fatal(err)
	}
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	e := log.append(hubEvent("{}"))
	if _, err := out.Send(t.Context(), e, target, event.Replay); err != nil {
		t.Fatal(err)
	}
	health(t, out, changed, "a hint", func(s TargetState) bool {
		return s.Routes.Text() == "404: your handler has no POST /wrong, and does not say which paths it has"
	})
}
