package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/server"
)

const canary = "canary-3f9A_secret.value"

// recorder keeps what the server gives it, as a store would.
type recorder struct {
	mu       sync.Mutex
	events   []*event.Event
	rejected []event.Rejected
	err      error
}

func (r *recorder) Record(_ context.Context, e *event.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	e.ID = event.ID(fmt.Sprintf("01JD4X7M9C8Q2R5T7V9W%06d", len(r.events)))
	r.events = append(r.events, e)
	return nil
}

func (r *recorder) Reject(no event.Rejected) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rejected = append(r.rejected, no)
}

func (r *recorder) taken() ([]*event.Event, []event.Rejected) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events, r.rejected
}

func secret(t testing.TB, text string) server.Secret {
	t.Helper()
	s, err := server.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves s on a local listener until the test ends and returns its address.
func start(t testing.TB, serve func(context.Context, net.Listener) error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return "http://" + ln.Addr().String()
}

// An extended recorder extends its server.
type extended struct {
	server.Recorder
	extension capture.Extension
}

func (e extended) Extend(capture.Server) capture.Extension { return e.extension }

func withURLs(rec server.Recorder, urls func() []string) server.Recorder {
	return extended{rec, capture.Extension{URLs: urls}}
}

// newServer returns a server that takes nothing from the environment, records, and logs
// nothing.
func newServer(t testing.TB, opts server.Options) *server.Server {
	t.Helper()
	if opts.Recorder == nil {
		opts.Recorder = &recorder{}
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Output == nil {
		opts.Output = io.Discard
	}
	opts.Open = len(opts.Secrets) == 0
	s, err := server.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pushBody(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.FromSlash("../payload/testdata/hub/constructed-repo-content-update-main-push.json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestContract(t *testing.T) {
	t.Parallel()
	valid := string(pushBody(t))
	stored := `{"id":"01JD4X7M9C8Q2R5T7V9W000000","status":"stored"}`
	big := strings.Repeat(" ", 3000) + valid
	tests := []struct {
		name, method, path string
		header             []string // of X-Webhook-Secret; nil: none
		body               string
		status             int
		answer             string
		reason             event.Reason
		allow              string
	}{
		{"root", "POST", "/webhooks", []string{canary}, valid, 200, stored, "", ""},
		{"path", "POST", "/webhooks/say_hello", []string{canary}, valid, 200, stored, "", ""},
		{"deep path", "POST", "/webhooks/a/b/c", []string{canary}, valid, 200, stored, "", ""},
		{"slashes at the end", "POST", "/webhooks/say_hello///", []string{canary}, valid, 200, stored, "", ""},
		{"root with a slash", "POST", "/webhooks/", []string{canary}, valid, 200, stored, "", ""},
		{"secret in the query", "POST", "/webhooks?secret=" + canary, nil, valid, 200, stored, "", ""},
		{"secret in an escaped query", "POST", "/webhooks?a=1&%73ecret=" + canary + "&b=2", nil, valid, 200, stored, "", ""},
		{"earlier secret", "POST", "/webhooks", []string{"previous"}, valid, 200, stored, "", ""},
		{"byte-order mark", "POST", "/webhooks", []string{canary}, "\ufeff" + valid, 200, stored, "", ""},
		{"no secret", "POST", "/webhooks", nil, valid, 401, `{"error":"x-webhook-secret header not set."}`, event.NoSecret, ""},
		{"no secret, broken body", "POST", "/webhooks", nil, "{", 401, `{"error":"x-webhook-secret header not set."}`, event.NoSecret, ""},
		{"no secret, large body", "POST", "/webhooks", nil, big, 401, `{"error":"x-webhook-secret header not set."}`, event.NoSecret, ""},
		{"wrong secret", "POST", "/webhooks", []string{"wrong"}, valid, 403, `{"error":"Invalid webhook secret."}`, event.WrongSecret, ""},
		{"empty secret", "POST", "/webhooks", []string{""}, valid, 403, `{"error":"Invalid webhook secret."}`, event.WrongSecret, ""},
		{"secret with more", "POST", "/webhooks", []string{canary + "x"}, valid, 403, `{"error":"Invalid webhook secret."}`, event.WrongSecret, ""},
		{"wrong header, right query", "POST", "/webhooks?secret=" + canary, []string{"wrong"}, valid, 403, `{"error":"Invalid webhook secret."}`, event.WrongSecret, ""},
		{"wrong secret in the query", "POST", "/webhooks?secret=wrong", nil, valid, 403, `{"error":"Invalid webhook secret."}`, event.WrongSecret, ""},
		{"too large", "POST", "/webhooks", []string{canary}, big, 413, `{"error":"Request body over 2048 bytes."}`, event.TooLarge, ""},
		{"empty", "POST", "/webhooks", []string{canary}, "", 422, `{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}`, event.BadPayload, ""},
		{"wrong type", "POST", "/webhooks", []string{canary}, strings.Replace(valid, `"private": false`, `"private": "no"`, 1), 422,
			`{"detail":[{"type":"bool_type","loc":["body","repo","private"],"msg":"Input should be a valid boolean"}]}`, event.BadPayload, ""},
		{"GET", "GET", "/webhooks", []string{canary}, "", 405, `{"detail":"Method Not Allowed"}`, event.WrongMethod, "POST"},
		{"GET without a secret", "GET", "/webhooks/x", nil, "", 405, `{"detail":"Method Not Allowed"}`, event.WrongMethod, "POST"},
		{"PUT", "PUT", "/webhooks/x", []string{canary}, valid, 405, `{"detail":"Method Not Allowed"}`, event.WrongMethod, "POST"},
		{"OPTIONS", "OPTIONS", "/webhooks", nil, "", 405, `{"detail":"Method Not Allowed"}`, event.WrongMethod, "POST"},
		{"other path", "POST", "/other", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
		{"path that only begins alike", "POST", "/webhooksx", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
		{"path with dots", "POST", "/webhooks/../admin", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
		{"path with escaped dots", "POST", "/webhooks/%2e%2e/admin", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
		{"probe without a tunnel", "POST", "/webhooks/.probe", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
		{"POST to the page", "POST", "/", []string{canary}, valid, 404, `{"detail":"Not Found"}`, event.UnknownPath, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rec := &recorder{}
			s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary), secret(t, "previous")}, Recorder: rec, MaxBody: 2048})
			url := start(t, s.ServeLocal)
			req, err := http.NewRequestWithContext(t.Context(), tt.method, url+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if tt.header != nil {
				req.Header["X-Webhook-Secret"] = tt.header
			}
			resp, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			answer, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != tt.status || string(answer) != tt.answer {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, answer, tt.status, tt.answer)
			}
			if got := resp.Header.Get("Allow"); got != tt.allow {
				t.Errorf("Allow is %q, want %q", got, tt.allow)
			}
			events, rejected := rec.taken()
			if tt.status == 200 {
				if len(events) != 1 || len(rejected) != 0 || string(events[0].Body) != tt.body {
					t.Errorf("recorded %d events and %d refusals, want the one event", len(events), len(rejected))
				}
			} else if len(events) != 0 || len(rejected) != 1 || rejected[0].Reason != tt.reason || rejected[0].Status != tt.status {
				t.Errorf("recorded %d events and %+v, want the refusal %s", len(events), rejected, tt.reason)
			}
			if printed := fmt.Sprintf("%+v %+v", events, rejected); strings.Contains(printed, canary) {
				t.Error("the secret is in what was recorded")
			}
		})
	}
}

// A body whose length is not announced is cut off at the limit all the same.
func TestTooLargeInChunks(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec, MaxBody: 2048})
	url := start(t, s.ServeLocal)
	req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/webhooks", io.MultiReader(bytes.NewReader(make([]byte, 4096))))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Webhook-Secret", canary)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 413 {
		t.Errorf("got %s, want 413", resp.Status)
	}
	if events, rejected := rec.taken(); len(events) != 0 || len(rejected) != 1 || rejected[0].Reason != event.TooLarge {
		t.Errorf("recorded %d events and %+v", len(events), rejected)
	}
}

func TestNotStoredIsNoSuccess(t *testing.T) {
	t.Parallel()
	rec := &recorder{err: errors.New("the disk is full")}
	s := newServer(t, server.Options{Recorder: rec})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("POST", "/webhooks", bytes.NewReader(pushBody(t))))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("got %d with Retry-After %q, want 503 with one", w.Code, w.Header().Get("Retry-After"))
	}
	if _, rejected := rec.taken(); len(rejected) != 1 || rejected[0].Reason != event.NotStored {
		t.Errorf("rejected %+v", rejected)
	}
}

// What is recorded of a request: headers and query as they came, less the secret,
// wherever a proxy has copied it to.
func TestEventOfARequest(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
	body := pushBody(t)
	r := httptest.NewRequest("POST", "/webhooks/x/?a=1&secret="+canary+"&b=%2F", bytes.NewReader(body))
	r.Host = "amused-otter.example"
	r.Header.Set("X-Webhook-Secret", canary)
	r.Header.Set("Webhook-Id", "abc")
	r.Header["X-Many"] = []string{"second", "first"}
	r.Header.Set("X-Original-Uri", "/webhooks/x/?secret="+canary)
	s.ServeHTTP(httptest.NewRecorder(), r)
	events, _ := rec.taken()
	if len(events) != 1 {
		t.Fatalf("recorded %d events", len(events))
	}
	e := events[0]
	want := []event.Field{
		{Name: "Host", Value: "amused-otter.example"},
		{Name: "Webhook-Id", Value: "abc"},
		{Name: "X-Many", Value: "second"},
		{Name: "X-Many", Value: "first"},
		{Name: "X-Original-Uri", Value: "/webhooks/x/?secret=[secret]"},
	}
	if diff := cmp.Diff(want, e.Header); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if e.Path != "/webhooks/x" || e.Query != "a=1&b=%2F" || e.DeliveryID != "abc" || e.Origin != event.FromHub {
		t.Errorf("path %q, query %q, delivery %q, origin %q", e.Path, e.Query, e.DeliveryID, e.Origin)
	}
	if e.Payload == nil || e.Payload.Repo.Name == "" || !bytes.Equal(e.Body, body) {
		t.Error("the payload or the body is not that of the request")
	}
}

// A secret is blacked out wherever a request has it besides its body, one of a few letters as
// a whole value only; in the body it is warned of.
func TestSecretInARequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		secret, path, wantPath, wantQuery, agent, wantAgent string
		holds                                               bool
	}{
		{canary, "/webhooks/" + canary + "/x?token=" + canary + ";secret=" + canary + "&a=1" + canary, "/webhooks/[secret]/x", "token=[secret]&a=1[secret]", "x/" + canary, "x/[secret]", true},
		{"k3y", "/webhooks/k3y/xk3y?token=k3y&secret=k3y;b=%6b3y&a=1k3y", "/webhooks/[secret]/xk3y", "token=[secret];b=[secret]&a=1k3y", "k3y", "[secret]", false},
	} {
		rec := &recorder{}
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, "another"), secret(t, tt.secret)}, Recorder: rec})
		for _, sent := range []string{tt.secret, "wrong"} {
			body := strings.Replace(string(pushBody(t)), "{", `{"x": "`+tt.secret+`",`, 1)
			r := httptest.NewRequest("POST", tt.path, strings.NewReader(body))
			r.Header.Set("X-Webhook-Secret", sent)
			r.Header.Set("Webhook-Id", tt.secret)
			r.Header.Set("User-Agent", tt.agent)
			s.ServeHTTP(httptest.NewRecorder(), r)
		}
		events, rejected := rec.taken()
		if len(events) != 1 || len(rejected) != 1 {
			t.Fatalf("%d events, %+v", len(events), rejected)
		}
		e, no := events[0], rejected[0]
		if e.Path != tt.wantPath || e.Query != tt.wantQuery || e.DeliveryID != "" || e.Values("Webhook-Id")[0] != "[secret]" || e.Values("User-Agent")[0] != tt.wantAgent {
			t.Errorf("%s: path %q, query %q, delivery %q, headers %v", tt.secret, e.Path, e.Query, e.DeliveryID, e.Header)
		}
		if no.Path != tt.wantPath || no.UserAgent != tt.wantAgent || strings.Contains(fmt.Sprintf("%+v", no), canary) {
			t.Errorf("%s: %+v", tt.secret, no)
		}
		if warned := strings.Contains(fmt.Sprint(e.Warnings), "the body contains the webhook secret"); warned != tt.holds || e.HoldsSecret != tt.holds {
			t.Errorf("%s: warnings %v", tt.secret, e.Warnings)
		}
		if e.Matched != 2 || e.Secret() != "previous" {
			t.Errorf("%s: verified with the secret %d, %s", tt.secret, e.Matched, e.Secret())
		}
	}
}

func TestPublicSideShowsNoHealth(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	local, public := start(t, s.ServeLocal), start(t, s.ServeTunnel)
	for url, want := range map[string]int{local + "/healthz": 200, public + "/healthz": 404, local + "/": 200, public + "/": 200} {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("GET %s: %d, want %d", url, resp.StatusCode, want)
		}
	}
}

// A page whose name was bound to this machine's address gets nothing.
func TestForeignHostIsNotAnswered(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Recorder: withURLs(&recorder{}, func() []string { return []string{"https://own.example", "http://127.0.0.1:4665"} })})
	for host, want := range map[string]int{
		"127.0.0.1:4665": 200, "localhost:4665": 200, "[::1]:4665": 200, "own.example": 200, "OWN.example.": 200, "192.168.1.2:4665": 200,
		"attacker.example": 404, "localhost.attacker.example": 404, "": 404,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestInstructionsPage(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{
		Secrets:  []server.Secret{secret(t, canary)},
		Recorder: withURLs(&recorder{}, func() []string { return []string{`https://a.example/"><script>`} }),
	})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/", nil))
	page := w.Body.String()
	for _, want := range []string{"/webhooks", "Required.", "https://huggingface.co/settings/webhooks"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, never := range []string{canary, "<script", "http-equiv", " style="} {
		if strings.Contains(page, never) {
			t.Errorf("the page has %q", never)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("policy %q", csp)
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	t.Parallel()
	s := secret(t, canary)
	hidden := struct{ inner server.Secret }{s}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{s, &s, hidden, &hidden, []server.Secret{s}, map[string]server.Secret{"s": s}} {
			if text := fmt.Sprintf(format, v); strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T prints the secret: %s", format, v, text)
			}
		}
	}
	if text, err := json.Marshal(map[string]any{"s": s, "h": hidden}); err != nil || strings.Contains(string(text), canary) {
		t.Errorf("JSON is %s, %v", text, err)
	}
	if s.Reveal() != canary || s.Len() != len(canary) {
		t.Error("the secret is lost")
	}
}

func TestParseSecret(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"x": true, "two words": true, "~!@#": true,
		"": false, " x": false, "x ": false, "x\n": false, "é": false, "\x7f": false, "a\tb": false,
	} {
		if _, err := server.ParseSecret(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A sender that goes away in the middle of a body leaves no event.
func TestBodyThatEndsEarly(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	s := newServer(t, server.Options{Recorder: rec})
	url := start(t, s.ServeLocal)
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{\"event\":")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	conn.Close()
	if !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
		t.Errorf("answered %q, want a 400", answer)
	}
	if events, rejected := rec.taken(); len(events) != 0 || len(rejected) != 1 || rejected[0].Reason != event.BadBody {
		t.Errorf("recorded %d events and %+v", len(events), rejected)
	}
}
