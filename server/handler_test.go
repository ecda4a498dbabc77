package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/server"
)

// deliver posts the example of a push with the right secret.
func deliver(t testing.TB, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", path, bytes.NewReader(pushBody(t)))
	r.Header.Set("X-Webhook-Secret", canary)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func handle(t testing.TB, s *server.Server, path string, h server.Handler) {
	t.Helper()
	if err := s.Handle(path, h); err != nil {
		t.Fatal(err)
	}
}

func TestHandlers(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	rec := &recorder{}
	s := newServer(t, server.Options{
		Secrets: []server.Secret{secret(t, canary)}, Recorder: rec, Timeout: time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	returns := func(v any, err error) server.Handler {
		return func(context.Context, *event.Event) (any, error) { return v, err }
	}
	hush := errors.New("hush: the upstream is down")
	handle(t, s, "say_hello/", func(_ context.Context, e *event.Event) (any, error) {
		return map[string]string{"repo": e.Payload.Repo.Name}, nil
	})
	handle(t, s, "/nested/path/", returns("<&>", nil))
	handle(t, s, "nothing", returns(nil, nil))
	handle(t, s, "", returns([]int{1}, nil))
	handle(t, s, "accepted", returns(server.Answer{Status: 202, Header: http.Header{"x-queue": {"7"}}, Value: true}, nil))
	handle(t, s, "by_address", returns(&server.Answer{Status: 202, Value: true}, nil))
	handle(t, s, "no_answer", returns((*server.Answer)(nil), nil))
	handle(t, s, "empty", returns(server.Answer{Status: 204, Value: true}, nil))
	handle(t, s, "fails", returns(nil, hush))
	handle(t, s, "refuses", returns(nil, fmt.Errorf("look it up: %w", &server.Error{Status: 409, Message: "Not now.", Err: hush})))
	handle(t, s, "refuses_in_short", returns(nil, &server.Error{Status: 404}))
	handle(t, s, "strange", returns(nil, &server.Error{Status: 200, Message: "fine?"}))
	handle(t, s, "impossible", returns(server.Answer{Status: 99}, nil))
	handle(t, s, "unwritable", returns(func() {}, nil))
	handle(t, s, "panics", func(context.Context, *event.Event) (any, error) { panic(hush) })
	handle(t, s, "slow", func(ctx context.Context, _ *event.Event) (any, error) {
		<-ctx.Done()
		return nil, fmt.Errorf("ask the model: %w", ctx.Err())
	})
	const failed = `500 {"detail":"Internal Server Error"}`
	tests := []struct{ path, want, logged string }{
		{"/webhooks/say_hello", `200 {"repo":"some-user/some-repo"}`, ""},
		{"/webhooks/say_hello//", `200 {"repo":"some-user/some-repo"}`, ""},
		{"/webhooks/nested/path", `200 "<&>"`, ""},
		{"/webhooks/nothing/", `200 null`, ""},
		{"/webhooks", `200 [1]`, ""},
		{"/webhooks/", `200 [1]`, ""},
		{"/webhooks/accepted", `202 true`, ""},
		{"/webhooks/by_address", `202 true`, ""},
		{"/webhooks/no_answer", `200 null`, ""},
		{"/webhooks/empty", `204 `, ""},
		{"/webhooks/fails", failed, "upstream is down"},
		{"/webhooks/refuses", `409 {"error":"Not now."}`, "look it up: Not now.: hush"},
		{"/webhooks/refuses_in_short", `404 {"error":"Not Found"}`, "error=\"Not Found\""},
		{"/webhooks/strange", failed, "fine?"},
		{"/webhooks/impossible", failed, "status 99"},
		{"/webhooks/unwritable", failed, "encode the answer"},
		{"/webhooks/panics", failed, "panic: hush"},
		{"/webhooks/slow", `503 {"error":"The handler did not finish in time."}`, "ask the model"},
		{"/webhooks/other", `404 {"detail":"Not Found"}`, ""},
		{"/webhooks/Say_Hello", `404 {"detail":"Not Found"}`, ""},
	}
	for _, tt := range tests {
		log.Reset()
		w := deliver(t, s, tt.path)
		if got := fmt.Sprintf("%d %s", w.Code, w.Body); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.path, got, tt.want)
		}
		lines := strings.Count(log.String(), "\n")
		if tt.logged == "" && lines != 0 || tt.logged != "" && (lines != 1 || !strings.Contains(log.String(), tt.logged)) {
			t.Errorf("%s: logged %q, want one line with %q", tt.path, log.String(), tt.logged)
		}
		if tt.path == "/webhooks/panics" && !strings.Contains(log.String(), "handler_test.go") {
			t.Errorf("the log does not tell where: %s", log.String())
		}
		if tt.path == "/webhooks/accepted" && w.Header().Get("X-Queue") != "7" {
			t.Errorf("headers %v", w.Header())
		}
	}
	if _, rejected := rec.taken(); len(rejected) != 10 || rejected[0].Reason != event.HandlerFailed {
		t.Errorf("rejected %d: %+v", len(rejected), rejected)
	}
}

func TestHandleRefuses(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	other := newServer(t, server.Options{})
	h := func(context.Context, *event.Event) (any, error) { return nil, nil }
	handle(t, s, "say_hello", h)
	handle(t, other, "say_hello", h) // several servers in one process know nothing of each other
	for _, again := range []string{"say_hello", "/say_hello", "say_hello/", "//say_hello//"} {
		err := s.Handle(again, h)
		duplicate, ok := errors.AsType[*server.DuplicateError](err)
		if !ok || duplicate.Path != "/webhooks/say_hello" || err.Error() != "Webhook /webhooks/say_hello already exists." {
			t.Errorf("%s: %v", again, err)
		}
	}
	for _, path := range []string{"..", "a/../b", ".probe", "/./"} {
		if err := s.Handle(path, h); err == nil {
			t.Errorf("%s is taken", path)
		}
	}
	if err := s.Handle("nil", nil); err == nil {
		t.Error("a handler that is nil is taken")
	}
}

// What http.ErrAbortHandler means to net/http, it means here.
func TestHandlerAborts(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) { panic(http.ErrAbortHandler) })
	url := start(t, s.ServeLocal)
	resp, err := http.Post(url+"/webhooks/x", "application/json", bytes.NewReader(pushBody(t)))
	if err == nil {
		resp.Body.Close()
		t.Errorf("answered %s", resp.Status)
	}
}

func TestUse(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
	var order []string
	note := func(name string) func(server.Handler) server.Handler {
		return func(next server.Handler) server.Handler {
			return func(ctx context.Context, e *event.Event) (any, error) {
				order = append(order, name)
				return next(ctx, e)
			}
		}
	}
	s.Use(note("first"), note("second"))
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) { order = append(order, "handler"); return nil, nil })
	deliver(t, s, "/webhooks/x")
	s.Use(note("third"), func(server.Handler) server.Handler {
		return func(context.Context, *event.Event) (any, error) {
			return nil, &server.Error{Status: 429}
		}
	})
	if w := deliver(t, s, "/webhooks/x"); w.Code != 429 {
		t.Errorf("answered %d", w.Code)
	}
	w := httptest.NewRecorder() // without the secret nobody is called
	s.ServeHTTP(w, httptest.NewRequest("POST", "/webhooks/x", bytes.NewReader(pushBody(t))))
	if want := []string{"first", "second", "handler", "first", "second", "third"}; !slices.Equal(order, want) || w.Code != 401 {
		t.Errorf("called %v, want %v; answered %d", order, want, w.Code)
	}
}

// The request of a handler is whole: its headers, and its body once more.
func TestRequestOfAHandler(t *testing.T) {
	t.Parallel()
	var wrapped []int
	s := newServer(t, server.Options{
		Secrets: []server.Secret{secret(t, canary)},
		Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Wrapped", "yes")
				next.ServeHTTP(w, r)
				wrapped = append(wrapped, 1)
			})
		},
	})
	handle(t, s, "x", func(ctx context.Context, e *event.Event) (any, error) {
		r := server.Request(ctx)
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return []any{r.Method, r.Header.Get("X-Webhook-Secret") == canary, bytes.Equal(body, e.Body), len(e.Body)}, nil
	})
	w := deliver(t, s, "/webhooks/x")
	if want := fmt.Sprintf(`["POST",true,true,%d]`, len(pushBody(t))); w.Body.String() != want || w.Header().Get("X-Wrapped") != "yes" {
		t.Errorf("%s, want %s; headers %v", w.Body, want, w.Header())
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/none", nil)) // refused ones, too
	if len(wrapped) != 2 || server.Request(t.Context()) != nil {
		t.Errorf("wrapped %d requests", len(wrapped))
	}
}

// A handler that blocks holds up no other event, whatever was announced of its size.
func TestBlockedHandlerStallsNobody(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	blocked, free := make(chan struct{}), make(chan struct{})
	handle(t, s, "blocks", func(context.Context, *event.Event) (any, error) {
		blocked <- struct{}{}
		<-free
		return nil, nil
	})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) { return "quick", nil })
	url := start(t, s.ServeLocal)
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			// In chunks: nobody knows how long it will be.
			resp, err := http.Post(url+"/webhooks/blocks", "", io.MultiReader(bytes.NewReader(pushBody(t))))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
		})
		<-blocked
	}
	resp, err := http.Post(url+"/webhooks/x", "", bytes.NewReader(pushBody(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, err := io.ReadAll(resp.Body); err != nil || string(answer) != `"quick"` {
		t.Errorf("answered %s %v", answer, err)
	}
	close(free)
	wg.Wait()
}

func TestBackground(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
	began, free := make(chan string), make(chan struct{})
	var mu sync.Mutex
	running, most := 0, 0
	handle(t, s, "x", s.Background(func(ctx context.Context, e *event.Event) (any, error) {
		mu.Lock()
		running++
		most = max(most, running)
		mu.Unlock()
		began <- server.Request(ctx).URL.Path + " " + e.Payload.Repo.Name
		<-free
		mu.Lock()
		defer mu.Unlock()
		running--
		panic("one that nobody waits for")
	}, 2))
	const events = 5
	for range events {
		if w := deliver(t, s, "/webhooks/x"); w.Code != 202 || w.Body.String() != `{"status":"accepted"}` {
			t.Fatalf("answered %d %s", w.Code, w.Body)
		}
	}
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(context.Background()) }()
	for i := range events {
		if got := <-began; got != "/webhooks/x some-user/some-repo" {
			t.Errorf("called with %s", got)
		}
		if i > 0 {
			free <- struct{}{}
		}
	}
	free <- struct{}{}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if most > 2 {
		t.Errorf("%d at a time", most)
	}
	if w := deliver(t, s, "/webhooks/x"); w.Code != 503 {
		t.Errorf("answered %d after the end", w.Code)
	}
}

// What does not end is told to, and named as the cause.
func TestShutdownEndsTheBackground(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
	began, ended := make(chan struct{}), make(chan struct{})
	handle(t, s, "x", s.Background(func(ctx context.Context, _ *event.Event) (any, error) {
		close(began)
		<-ctx.Done()
		close(ended)
		return nil, nil
	}, 1))
	deliver(t, s, "/webhooks/x")
	<-began
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if err := s.Shutdown(ctx); err == nil || err.Error() != "shut down: cut off 1 background event: enough" {
		t.Errorf("%v", err)
	}
	<-ended
}

// answers is a recorder that keeps what handlers make of events.
type answers struct {
	recorder
	mu   sync.Mutex
	made []event.Delivery
}

func (a *answers) RecordAnswer(_ context.Context, d *event.Delivery) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.made = append(a.made, *d)
	return nil
}

func TestAnswersAreRecorded(t *testing.T) {
	t.Parallel()
	rec := &answers{}
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: rec})
	handle(t, s, "good", func(context.Context, *event.Event) (any, error) { return "yes", nil })
	handle(t, s, "bad", func(context.Context, *event.Event) (any, error) { return nil, errors.New("cannot use " + canary) })
	handle(t, s, "later", s.Background(func(context.Context, *event.Event) (any, error) { return nil, errors.New("out of memory") }, 1))
	for _, name := range []string{"good", "bad", "later"} {
		deliver(t, s, "/webhooks/"+name)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, d := range rec.made {
		if d.Event != rec.events[min(i, 2)].ID || d.Target != capture.HandlerTarget || d.State != event.Done || d.Started.IsZero() {
			t.Errorf("%+v", d)
		}
		got = append(got, fmt.Sprintf("%s %d %s %v %s", d.URL, d.Status, d.ResponseBody, d.OK(), d.Err))
	}
	want := []string{
		`/webhooks/good 200 "yes" true `,
		`/webhooks/bad 500 {"detail":"Internal Server Error"} false cannot use [secret]`,
		`/webhooks/later 202 {"status":"accepted"} true `,
		`/webhooks/later 0  false out of memory`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
