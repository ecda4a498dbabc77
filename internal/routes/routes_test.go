package routes_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/routes"
)

// TestFind asks handlers of several kinds.
func TestFind(t *testing.T) {
	t.Parallel()
	pages := func(pages map[string]string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if page, ok := pages[r.URL.Path]; ok && r.Method == http.MethodGet {
				_, _ = fmt.Fprint(w, page)
				return
			}
			w.WriteHeader(http.StatusNotFound)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks/hf", func(http.ResponseWriter, *http.Request) {})
	for name, tt := range map[string]struct {
		handler http.Handler
		want    []string
	}{
		"FastAPI":                {pages(map[string]string{"/openapi.json": `{"paths":{"/hooks/hf":{"post":{}},"/health":{"get":{}}}}`}), []string{"/hooks/hf"}},
		"FastAPI on the root":    {pages(map[string]string{"/openapi.json": `{"paths":{"/":{"post":{},"get":{}}}}`}), []string{"/"}},
		"webhooks among others":  {pages(map[string]string{"/openapi.json": `{"paths":{"/items":{"post":{}},"/webhooks/a":{"post":{}},"/webhooks/b":{"post":{}}}}`}), []string{"/webhooks/a", "/webhooks/b"}},
		"parameters":             {pages(map[string]string{"/openapi.json": `{"paths":{"/hooks/{name}":{"post":{}}}}`}), nil},
		"a hostile description":  {pages(map[string]string{"/openapi.json": `{"paths":{"/a\u001b[31m":{"post":{}},"no/path":{"post":{}},"/?q":{"post":{}},"/` + strings.Repeat("x", 300) + `":{"post":{}}}}`}), nil},
		"no JSON":                {pages(map[string]string{"/openapi.json": `<html>`}), nil},
		"WebhooksServer":         {pages(map[string]string{"/": `{"value":"- POST https://x.gradio.live/webhooks/say_hello\n"}`}), []string{"/webhooks/say_hello"}},
		"a route of net/http":    {mux, []string{"/hooks/hf"}},
		"Allow for every path":   {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Allow", "GET, POST") }), nil},
		"405 without Allow":      {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }), nil},
		"a redirect to the page": {http.RedirectHandler("/openapi.json", http.StatusFound), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				asked = append(asked, r.Method)
				mu.Unlock()
				tt.handler.ServeHTTP(w, r)
			}))
			defer s.Close()
			base, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			if diff := cmp.Diff(tt.want, routes.Handler{Client: client, Base: base}.Find(t.Context(), "/webhooks")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, method := range asked {
				if method != http.MethodGet && method != http.MethodOptions {
					t.Errorf("sent %s", method)
				}
			}
		})
	}
}
