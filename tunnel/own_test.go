package tunnel

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// A URL of the user's own that forwards here, then does not, then does again.
func TestOwn(t *testing.T) {
	var forward atomic.Pointer[httputil.ReverseProxy]
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := forward.Load(); p != nil {
			p.ServeHTTP(w, r)
			return
		}
		_, _ = io.WriteString(w, "a page")
	}))
	defer front.Close()

	r := run(t, service{provider: Own{URL: front.URL + "/hooks/"}, client: front.Client()}, nil)
	got := r.awaitFunc(t, "the problem", func(s State) bool { return s.Problem != nil })
	if got.Phase != Checking || got.URL != front.URL+"/hooks" || got.Problem.Message != notReached+"it answers 200 OK" ||
		got.Problem.Cause != "Another program answers at the URL." || got.Retry.IsZero() || got.Provider != "own" {
		t.Errorf("%+v, %+v", got, got.Problem)
	}

	local := httptest.NewServer(http.StripPrefix("/hooks/webhooks/.probe", r.ProbeHandler()))
	defer local.Close()
	u, err := url.Parse(local.URL)
	if err != nil {
		t.Fatal(err)
	}
	forward.Store(httputil.NewSingleHostReverseProxy(u))
	r.Retry()
	r.await(t, Up)

	forward.Store(nil)
	seen := len(r.rec.all())
	r.Retry()
	r.awaitAfter(t, seen, "the loss", func(s State) bool { return s.Phase == Checking && s.Problem != nil })
	r.stop(t)
}

func TestOwnURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://a.example":         "https://a.example",
		"https://a.example/":        "https://a.example",
		"https://a.example:8443//":  "https://a.example:8443",
		"http://127.0.0.1:8080/x/":  "http://127.0.0.1:8080/x",
		"https://me:hush@a.example": "!",
		"https://a.example?x=1":     "!",
		"https://a.example/?":       "!",
		"https://a.example#x":       "!",
		"a.example":                 "!",
		"ftp://a.example":           "!",
		"https://":                  "!",
		"https://a b":               "!",
		"":                          "!",
	} {
		got := "!"
		conn, err := Own{URL: text}.Open(t.Context(), "")
		if err == nil {
			got = conn.URL()
		} else if p, ok := err.(*Problem); !ok || !p.Fatal || strings.Contains(p.Message, "hush") {
			t.Errorf("%q: %v", text, err)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
