package delivery

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/port"
)

// TestWebhooks finds what handlers of several kinds say of themselves.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pages map[string]string
		want  []string
	}{
		"FastAPI":         {map[string]string{"/openapi.json": `{"paths":{"/webhooks/say_hello":{"post":{}},"/webhooks/a.b-c":{},"/webhooks/say_hello/":{}}}`}, []string{"/webhooks/a.b-c", "/webhooks/say_hello"}},
		"WebhooksServer":  {map[string]string{"/": `<script>window.gradio_config = {"value":"- POST https://x.gradio.live/webhooks/say_hello\n"}</script>`}, []string{"/webhooks/say_hello"}},
		"nothing of both": {map[string]string{"/openapi.json": `{"paths":{"/hook":{}}}`, "/": "hello"}, nil},
		"no pages":        {nil, nil},
	} {
		target := handler(t, func(w http.ResponseWriter, r *http.Request) {
			page, ok := tt.pages[r.URL.Path]
			if r.Method != http.MethodGet || !ok {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			_, _ = fmt.Fprint(w, page)
		})
		if diff := cmp.Diff(tt.want, new(localDialer).webhooks(t.Context(), target)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := new(localDialer).webhooks(t.Context(), mustTarget(t, "127.0.0.1:1")); got != nil {
		t.Errorf("found %q where nothing is", got)
	}
}

// TestPathHint sends to a handler that has its webhook on a path of its own.
func TestPathHint(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/openapi.json" {
			_, _ = fmt.Fprint(w, `{"paths":{"/webhooks/other":{}}}`)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	health(t, out, changed, "a hint", func(s TargetState) bool {
		return s.Hint == "it has no webhook at /webhooks/say_hello, but one at /webhooks/other: use --path and that URL on the Hub"
	})
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
