// Package routes finds out on which paths a handler takes POST, without sending it one: by its
// OpenAPI description, by the page that lists its webhooks, and by the Allow header of OPTIONS.
package routes

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	within   = time.Second // for all that is asked
	readMost = 4 << 20     // bytes of a page
	mostPath = 200         // bytes of a path
	most     = 20          // paths
)

// candidates are the paths that handlers of webhooks often have. They are asked for by OPTIONS,
// if the handler has no description.
var candidates = []string{"/", "/webhooks", "/webhook", "/hook", "/hooks", "/hf", "/hooks/hf", "/api/webhook", "/api/webhooks"}

// noPath is a path that no handler has. One that takes POST there by its Allow header says so
// of every path, which tells nothing.
const noPath = "/a-path-that-hfhook-looks-for"

// page finds webhooks on the page that huggingface_hub's WebhooksServer and hfhook's own server
// show, for example /webhooks/say_hello.
var page = regexp.MustCompile(`/webhooks/[A-Za-z0-9_][A-Za-z0-9_.-]*`)

// A Handler is what is asked.
type Handler struct {
	Client *http.Client        // which follows no redirects
	Base   *url.URL            // scheme and host
	Change func(*http.Request) // changes each request before it is sent; nil: nothing is changed
}

// Described returns the paths on which the handler takes POST by its OpenAPI description, sorted;
// none if it has none. Paths for webhooks hide the others, and paths with parameters are left out.
func (h Handler) Described(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	text, _ := h.get(ctx, "/openapi.json")
	var description struct {
		Paths map[string]struct {
			Post json.RawMessage `json:"post"`
		} `json:"paths"`
	}
	if json.Unmarshal(text, &description) != nil {
		return nil
	}
	var paths []string
	for path, methods := range description.Paths {
		if methods.Post != nil {
			paths = append(paths, path)
		}
	}
	return tidy(paths)
}

// Find returns the paths on which the handler takes POST, as far as it says, sorted. sent is one
// that it has just refused.
func (h Handler) Find(ctx context.Context, sent string) []string {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if paths := h.Described(ctx); len(paths) > 0 {
		return paths
	}
	if text, ok := h.get(ctx, "/"); ok {
		var paths []string
		for _, path := range page.FindAll(text, most) {
			paths = append(paths, strings.TrimRight(string(path), ".-"))
		}
		if len(paths) > 0 {
			return tidy(paths)
		}
	}
	if h.takesPost(ctx, noPath) {
		return nil
	}
	var paths []string
	for _, path := range append([]string{sent}, candidates...) {
		if h.takesPost(ctx, path) {
			paths = append(paths, path)
		}
	}
	return tidy(paths)
}

// tidy sorts paths, and leaves out what cannot be sent to.
func tidy(paths []string) []string {
	paths = slices.DeleteFunc(paths, func(path string) bool {
		_, err := url.ParseRequestURI(path)
		return err != nil || !strings.HasPrefix(path, "/") || len(path) > mostPath || strings.ContainsAny(path, "{}?#")
	})
	about := func(path string) bool { return strings.Contains(strings.ToLower(path), "hook") }
	if slices.ContainsFunc(paths, about) {
		paths = slices.DeleteFunc(paths, func(path string) bool { return !about(path) })
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	return paths[:min(len(paths), most)]
}

// get reads a page, and reports whether there is one.
func (h Handler) get(ctx context.Context, path string) ([]byte, bool) {
	resp := h.ask(ctx, http.MethodGet, path)
	if resp == nil {
		return nil, false
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, readMost))
	return text, err == nil && resp.StatusCode == http.StatusOK
}

// takesPost reports whether the handler says that a path takes POST.
func (h Handler) takesPost(ctx context.Context, path string) bool {
	resp := h.ask(ctx, http.MethodOptions, path)
	if resp == nil {
		return false
	}
	_ = resp.Body.Close()
	return slices.ContainsFunc(strings.Split(strings.Join(resp.Header.Values("Allow"), ","), ","), func(method string) bool {
		return strings.EqualFold(strings.TrimSpace(method), http.MethodPost)
	})
}

// ask returns nil if there is no answer.
func (h Handler) ask(ctx context.Context, method, path string) *http.Response {
	req, err := http.NewRequestWithContext(ctx, method, h.Base.Scheme+"://"+h.Base.Host+path, nil)
	if err != nil {
		return nil
	}
	if h.Change != nil {
		h.Change(req)
	}
	req.Header.Set("User-Agent", "hfhook")
	resp, err := h.Client.Do(req)
	if err != nil {
		return nil
	}
	return resp
}
