// Package hubtest is the Hub on loopback, as far as webhooks are concerned: it keeps
// them, answers the calls of its API, and sends events to the URLs that were
// registered. Each request, and each answer of its own, is held to the Hub's OpenAPI
// description, https://huggingface.co/.well-known/openapi.json, whose part about
// webhooks is in testdata.
//
//	h := hubtest.New(hubtest.Options{})
//	defer h.Close()
//	// HF_ENDPOINT=h.URL() HF_TOKEN=hubtest.Token
//
// The description has no answer but 200. What is answered to a request that is
// refused is what clients of the Hub expect: 401 and 403 for the token, 404 for the
// id, 422 for a name, 400 for a body that is not as described. How often a delivery is
// tried, and when a webhook is suspended, is not published either.
package hubtest

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// The tokens that the Hub knows: one that may do all, and one that only reads.
const (
	Token     = "hf_CanaryTokenThatMayWrite000000"
	ReadToken = "hf_CanaryTokenThatOnlyReads00000"
)

// User is the one whose tokens they are.
const User = "me"

// Options are how the Hub begins. The zero value takes every name, tries a delivery
// three times at once, and suspends a webhook after two deliveries that failed.
type Options struct {
	Names        []string      // what can be watched; nil: everything
	Tries        int           // of a delivery; 0: 3
	Backoff      time.Duration // between tries
	SuspendAfter int           // deliveries that failed, one after another; 0: 2

	// Transport sends the events; nil: one that knows the system's authorities.
	Transport http.RoundTripper
}

// A Hub is running. Its methods may be called by several goroutines at once.
type Hub struct {
	opts   Options
	api    *description
	server *httptest.Server
	sender *http.Client

	mu         sync.Mutex
	hooks      []*Webhook
	faults     []plannedFault
	violations []string
	calls      int
}

// A Watched is something that a webhook watches.
type Watched struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// A Webhook is what the Hub knows of one. In answers Secret is left out.
type Webhook struct {
	ID          string    `json:"id"`
	URL         string    `json:"url,omitempty"`
	JobSourceID string    `json:"jobSourceId,omitempty"`
	Disabled    any       `json:"disabled"` // a bool or "suspended-after-failure"
	Watched     []Watched `json:"watched"`
	Domains     []string  `json:"domains"`
	HasSecret   bool      `json:"hasSecret"`
	LastTrigger string    `json:"lastTriggerAt,omitempty"`

	Secret string `json:"-"`

	failed int // deliveries, one after another
	log    []logged
}

// New starts a Hub. Close ends it.
func New(opts Options) *Hub {
	if opts.Tries == 0 {
		opts.Tries = 3
	}
	if opts.SuspendAfter == 0 {
		opts.SuspendAfter = 2
	}
	if opts.Transport == nil {
		opts.Transport = &http.Transport{DisableKeepAlives: true}
	}
	h := &Hub{opts: opts, api: newDescription(), sender: &http.Client{
		Transport:     opts.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/whoami-v2", h.whoami)
	mux.HandleFunc("GET "+root, h.list)
	mux.HandleFunc("POST "+root, h.create)
	mux.HandleFunc("GET "+root+"/{id}", h.get)
	mux.HandleFunc("POST "+root+"/{id}", h.update)
	mux.HandleFunc("DELETE "+root+"/{id}", h.remove)
	mux.HandleFunc("POST "+root+"/{id}/enable", h.enable)
	mux.HandleFunc("POST "+root+"/{id}/disable", h.disable)
	mux.HandleFunc("POST "+root+"/{id}/replay/{log}", h.replay)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.violation("unknown API call %s %s", r.Method, r.URL.Path)
		refuse(w, http.StatusNotFound, "Sorry, we can't find the page you are looking for.")
	})
	h.server = httptest.NewServer(h.guard(mux))
	return h
}

const root = "/api/settings/webhooks"

// URL is the endpoint.
func (h *Hub) URL() string { return h.server.URL }

// Close ends the Hub, and what still waits for an answer of it.
func (h *Hub) Close() {
	h.server.CloseClientConnections()
	h.server.Close()
}

// Add registers a webhook as it is and returns its id, which is made where it has
// none.
func (h *Hub) Add(w Webhook) string {
	if w.ID == "" {
		w.ID = newID()
	}
	if w.Disabled == nil {
		w.Disabled = false
	}
	w.HasSecret = w.Secret != ""
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hooks = append(h.hooks, &w)
	return w.ID
}

// Webhooks returns what is registered, the secrets too.
func (h *Hub) Webhooks() []Webhook {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Webhook
	for _, w := range h.hooks {
		all = append(all, *w)
	}
	return all
}

// Calls returns how many requests came to the API.
func (h *Hub) Calls() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.calls
}

// Violations returns what was not as the description says, of requests and of the
// Hub's own answers.
func (h *Hub) Violations() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.violations)
}

func (h *Hub) violation(format string, args ...any) string {
	text := fmt.Sprintf(format, args...)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.violations = append(h.violations, text)
	return text
}

// guard looks at the token, and lets planned faults come before the right answer.
func (h *Hub) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "Root=1-"+newID())
		if fault, ok := h.fault(r); ok && !fault.give(w, r, next) {
			return
		}
		switch r.Header.Get("Authorization") {
		case "Bearer " + Token:
		case "Bearer " + ReadToken:
			if r.Method != http.MethodGet {
				refuse(w, http.StatusForbidden, "This token has only read access")
				return
			}
		default:
			refuse(w, http.StatusUnauthorized, "Invalid username or password.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("X-Error-Message", message)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}

// answer sends v, which has to be as the description says.
func (h *Hub) answer(w http.ResponseWriter, r *http.Request, v any) {
	text, err := json.Marshal(v)
	if err == nil {
		err = h.api.checkAnswer(r, text)
	}
	if err != nil {
		h.violation("the answer to %s %s: %v", r.Method, r.URL.Path, err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(text)
}

// whoami answers as the Hub does to huggingface_hub's HfApi.whoami, with what hfhook
// reads of it. It is not in the part of the description that is about webhooks.
func (h *Hub) whoami(w http.ResponseWriter, r *http.Request) {
	role := "write"
	if r.Header.Get("Authorization") == "Bearer "+ReadToken {
		role = "read"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "user", "id": "628b753283ef59b5be89e937", "name": User,
		"auth": map[string]any{"type": "access_token", "accessToken": map[string]any{"displayName": "laptop", "role": role}},
	})
}

// webhook is the body of most answers.
func webhook(w Webhook) any {
	return struct {
		Webhook Webhook `json:"webhook"`
	}{w}
}

func (h *Hub) list(w http.ResponseWriter, r *http.Request) {
	if !h.checkNoBody(w, r) {
		return
	}
	all := h.Webhooks()
	if all == nil {
		all = []Webhook{}
	}
	h.answer(w, r, all)
}

func (h *Hub) get(w http.ResponseWriter, r *http.Request) {
	h.change(w, r, func(*Webhook) {})
}

func (h *Hub) enable(w http.ResponseWriter, r *http.Request) {
	h.change(w, r, func(hook *Webhook) { hook.Disabled, hook.failed = false, 0 })
}

func (h *Hub) disable(w http.ResponseWriter, r *http.Request) {
	h.change(w, r, func(hook *Webhook) { hook.Disabled = true })
}

// change carries out a call about one webhook that has no body.
func (h *Hub) change(w http.ResponseWriter, r *http.Request, f func(*Webhook)) {
	if !h.checkNoBody(w, r) {
		return
	}
	hook, ok := h.edit(r.PathValue("id"), f)
	if !ok {
		refuse(w, http.StatusNotFound, "Webhook not found")
		return
	}
	h.answer(w, r, webhook(hook))
}

// edit changes a webhook under the lock and returns it as it is then.
func (h *Hub) edit(id string, f func(*Webhook)) (Webhook, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, hook := range h.hooks {
		if hook.ID == id {
			f(hook)
			return *hook, true
		}
	}
	return Webhook{}, false
}

func (h *Hub) remove(w http.ResponseWriter, r *http.Request) {
	if !h.checkNoBody(w, r) {
		return
	}
	h.mu.Lock()
	before := len(h.hooks)
	h.hooks = slices.DeleteFunc(h.hooks, func(hook *Webhook) bool { return hook.ID == r.PathValue("id") })
	gone := len(h.hooks) < before
	h.mu.Unlock()
	if !gone {
		refuse(w, http.StatusNotFound, "Webhook not found")
		return
	}
	h.answer(w, r, struct{}{})
}

// spec is the body of create and update.
type spec struct {
	Watched     []Watched `json:"watched"`
	Domains     []string  `json:"domains"`
	URL         string    `json:"url"`
	JobSourceID string    `json:"jobSourceId"`
	Secret      *string   `json:"secret"`
}

func (h *Hub) create(w http.ResponseWriter, r *http.Request) {
	s, ok := h.readSpec(w, r)
	if !ok {
		return
	}
	if (s.URL == "") == (s.JobSourceID == "") {
		refuse(w, http.StatusBadRequest, "Exactly one of url, job and jobSourceId is required")
		return
	}
	hook := Webhook{Watched: s.Watched, Domains: s.Domains, URL: s.URL, JobSourceID: s.JobSourceID}
	if s.Secret != nil {
		hook.Secret = *s.Secret
	}
	id := h.Add(hook)
	hook, _ = h.edit(id, func(*Webhook) {})
	h.answer(w, r, webhook(hook))
}

func (h *Hub) update(w http.ResponseWriter, r *http.Request) {
	s, ok := h.readSpec(w, r)
	if !ok {
		return
	}
	hook, ok := h.edit(r.PathValue("id"), func(hook *Webhook) {
		hook.Watched, hook.Domains = s.Watched, s.Domains
		hook.URL, hook.JobSourceID = s.URL, s.JobSourceID
		if s.Secret != nil {
			hook.Secret, hook.HasSecret = *s.Secret, *s.Secret != ""
		}
	})
	if !ok {
		refuse(w, http.StatusNotFound, "Webhook not found")
		return
	}
	h.answer(w, r, webhook(hook))
}

func (h *Hub) readSpec(w http.ResponseWriter, r *http.Request) (spec, bool) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = h.api.checkRequest(r, body)
	}
	var s spec
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, h.violation("%s %s: %v", r.Method, r.URL.Path, err))
		return spec{}, false
	}
	for _, watched := range s.Watched {
		if h.opts.Names != nil && !slices.Contains(h.opts.Names, watched.Name) {
			refuse(w, http.StatusUnprocessableEntity, fmt.Sprintf("%s %q does not exist", watched.Type, watched.Name))
			return spec{}, false
		}
	}
	return s, true
}

// checkNoBody holds a call without a body to the description.
func (h *Hub) checkNoBody(w http.ResponseWriter, r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err == nil && len(body) > 0 {
		err = fmt.Errorf("it has a body: %q", body)
	}
	if err == nil {
		err = h.api.checkRequest(r, nil)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, h.violation("%s %s: %v", r.Method, r.URL.Path, err))
	}
	return err == nil
}

// newID makes an id as the Hub's are: 24 hexadecimal digits.
func newID() string {
	var id [12]byte
	_, _ = rand.Read(id[:])
	return hex.EncodeToString(id[:])
}
