package hubtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func start(t *testing.T, opts Options) *Hub {
	t.Helper()
	h := New(opts)
	t.Cleanup(h.Close)
	return h
}

// call makes a request as a client would write it by hand.
func call(t *testing.T, h *Hub, method, path, body string, header ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+Token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

const spec1 = `{"watched":[{"type":"bucket","name":"me/files"}],"domains":["repo"],"url":"https://example.com"}`

// TestDescription holds that requests which the API's description does not have are
// found out, each by its own fault.
func TestDescription(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, method, path, body, header string }{
		{"no domains", "POST", root, `{"watched":[{"type":"model","name":"a"}],"url":"https://example.com"}`, ""},
		{"empty list", "POST", root, `{"watched":[],"domains":["repo"],"url":"https://example.com"}`, ""},
		{"the plural", "POST", root, strings.Replace(spec1, `"repo"`, `"discussions"`, 1), ""},
		{"unknown type", "POST", root, strings.Replace(spec1, "bucket", "datasets", 1), ""},
		{"no URL", "POST", root, strings.Replace(spec1, "https://example.com", "nowhere", 1), ""},
		{"secret of other characters", "POST", root, strings.Replace(spec1, `"url"`, `"secret":"é","url"`, 1), ""},
		{"unknown key", "POST", root, strings.Replace(spec1, `"url"`, `"URL"`, 1), ""},
		{"unknown key below", "POST", root, strings.Replace(spec1, `"name"`, `"id":"x","name"`, 1), ""},
		{"two values", "POST", root, spec1 + "{}", ""},
		{"no JSON", "POST", root, "{", ""},
		{"other type of content", "POST", root, spec1, "Content-Type: text/plain"},
		{"body if none is", "POST", root + "/x/enable", "{}", ""},
		{"no body where one is", "POST", root + "/x", "", ""},
		{"query", "GET", root + "?limit=1", "", ""},
		{"unknown action", "POST", root + "/x/suspend", "", ""},
		{"unknown method", "PUT", root + "/x", spec1, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := start(t, Options{})
			var header []string
			if test.header != "" {
				header = append(header, test.header)
			}
			status, body := call(t, h, test.method, test.path, test.body, header...)
			if status < 400 || len(h.Violations()) != 1 {
				t.Errorf("%d %s; %q", status, body, h.Violations())
			}
		})
	}
	h := start(t, Options{})
	if status, body := call(t, h, "POST", root, spec1); status != http.StatusOK || h.Violations() != nil {
		t.Errorf("what is right: %d %s; %q", status, body, h.Violations())
	}
}

// TestAnswersAreChecked holds that the Hub finds out its own answers, too.
func TestAnswersAreChecked(t *testing.T) {
	t.Parallel()
	h := start(t, Options{})
	h.Add(Webhook{ID: "short", Watched: []Watched{}, Domains: []string{}})
	if _, body := call(t, h, "GET", root, ""); len(h.Violations()) != 1 {
		t.Errorf("%s: %q", body, h.Violations())
	}
}

// A receiver answers with one status after another, the last for ever, and keeps what
// it got.
type receiver struct {
	mu       sync.Mutex
	statuses []int
	got      []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, fmt.Sprint(req.Header.Get("Webhook-Id"), " ", req.Header.Get("X-Webhook-Secret"), " ", string(body)))
	status := r.statuses[0]
	if len(r.statuses) > 1 {
		r.statuses = r.statuses[1:]
	}
	w.Header().Set("Location", "/")
	w.WriteHeader(status)
}

const push = `{"event":{"scope":"repo.content"},"repo":{"type":"dataset","name":"me/corpus"},"webhook":{"id":"OLD"}}`

// TestDeliveries holds what a failure is, that it is tried again under the same
// Webhook-Id, that a replay has that id, and when a webhook is suspended.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	r := &receiver{statuses: []int{302, 500, 204, 404}}
	target := httptest.NewServer(r)
	defer target.Close()
	h := start(t, Options{})
	id := h.Add(Webhook{URL: target.URL, Secret: "s3cret", Watched: []Watched{{"user", "me"}}, Domains: []string{"repo"}})

	first, err := h.Emit(t.Context(), []byte(push))
	if err != nil || len(first) != 1 || !first[0].OK() || !slices.Equal(first[0].Statuses, []int{302, 500, 204}) {
		t.Fatalf("%+v, %v", first, err)
	}
	want := first[0].ID + " s3cret " + strings.Replace(push, "OLD", id, 1)
	if diff := cmp.Diff([]string{want, want, want}, r.got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if status, body := call(t, h, "POST", root+"/"+id+"/replay/"+first[0].ID, ""); status != http.StatusOK || body != `{"status":404}` || r.got[3] != want {
		t.Errorf("the replay: %d %s, sent %s", status, body, r.got[3])
	}
	for range 2 {
		if got := h.Webhooks()[0].Disabled; got != false {
			t.Errorf("disabled: %v", got)
		}
		if sent, err := h.Emit(t.Context(), []byte(push)); err != nil || len(sent) != 1 || sent[0].OK() {
			t.Errorf("%+v, %v", sent, err)
		}
	}
	if got := h.Webhooks()[0].Disabled; got != "suspended-after-failure" {
		t.Errorf("after two failures: %v", got)
	}
	if sent, err := h.Emit(t.Context(), []byte(push)); err != nil || len(sent) != 0 {
		t.Errorf("a suspended webhook: %+v, %v", sent, err)
	}
	if v := h.Violations(); v != nil {
		t.Error(v)
	}
}

// TestWhoGetsAnEvent holds watched things and domains to the events.
func TestWhoGetsAnEvent(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(&receiver{statuses: []int{200}})
	defer target.Close()
	corpus := []Watched{{"dataset", "me/corpus"}}
	for _, test := range []struct {
		name string
		w    Webhook
		want int
	}{
		{"repository", Webhook{URL: target.URL, Watched: corpus, Domains: []string{"discussion", "repo"}}, 1},
		{"organization", Webhook{URL: target.URL, Watched: []Watched{{"org", "me"}}, Domains: []string{"repo"}}, 1},
		{"other type", Webhook{URL: target.URL, Watched: []Watched{{"model", "me/corpus"}}, Domains: []string{"repo"}}, 0},
		{"other owner", Webhook{URL: target.URL, Watched: []Watched{{"user", "m"}}, Domains: []string{"repo"}}, 0},
		{"other domain", Webhook{URL: target.URL, Watched: corpus, Domains: []string{"discussion"}}, 0},
		{"disabled", Webhook{URL: target.URL, Watched: corpus, Domains: []string{"repo"}, Disabled: true}, 0},
		{"job", Webhook{JobSourceID: "j", Watched: corpus, Domains: []string{"repo"}}, 0},
	} {
		h := start(t, Options{})
		h.Add(test.w)
		if sent, err := h.Emit(t.Context(), []byte(push)); err != nil || len(sent) != test.want {
			t.Errorf("%s: %+v, %v", test.name, sent, err)
		}
	}
}
