package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
)

// exampleSecret is set on the Hub, too.
var exampleSecret = server.MustParseSecret("a secret for the examples")

// request is one of the Hub's.
func exampleRequest(path, kind string, opts sample.Options) *http.Request {
	body, err := sample.New(kind, opts)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body)))
	r.Header.Set("X-Webhook-Secret", exampleSecret.Reveal())
	return r
}

// post sends a handler a request of the Hub's and prints its answer.
func post(h http.Handler, path, kind string, opts sample.Options) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, exampleRequest(path, kind, opts))
	fmt.Println(w.Code, w.Body)
}

func newExample(opts server.Options) *server.Server {
	opts.Secrets = []server.Secret{exampleSecret}
	s, err := server.New(opts)
	if err != nil {
		panic(err)
	}
	return s
}

// A path of its own for each handler; an error says what the sender is told.
func ExampleServer_Handle() {
	s := newExample(server.Options{})
	sayHello := func(_ context.Context, e *event.Event) (any, error) {
		if e.Payload.Repo.Type != payload.TypeModel {
			return nil, &server.Error{Status: http.StatusUnprocessableEntity, Message: "only models"}
		}
		return map[string]string{"hello": e.Payload.Repo.Name}, nil
	}
	fmt.Println(s.Handle("say_hello", sayHello))
	fmt.Println(s.Handle("/say_hello/", sayHello))

	post(s, "/webhooks/say_hello", "repo/create", sample.Options{Repo: "model:me/small"})
	post(s, "/webhooks/say_hello", "repo/create", sample.Options{Repo: "dataset:me/corpus"})
	post(s, "/webhooks/other", "repo/create", sample.Options{})
	// Output:
	// <nil>
	// Webhook /webhooks/say_hello already exists.
	// 200 {"hello":"me/small"}
	// 422 {"error":"only models"}
	// 404 {"detail":"Not Found"}
}

// Handlers by what happened, on one URL. What the Hub adds below a scope is an update of it.
func ExampleServer_On() {
	s := newExample(server.Options{})
	err := s.On(payload.KindCommentCreate, func(_ context.Context, e *event.Event) (any, error) {
		return "comment: " + *e.Payload.Comment.Content, nil
	})
	if err != nil {
		fmt.Println(err)
	}
	err = s.On(payload.KindConfigUpdate, func(_ context.Context, e *event.Event) (any, error) {
		return "settings: " + string(e.Payload.Event.Scope), nil
	})
	if err != nil {
		fmt.Println(err)
	}
	post(s, "/webhooks", "discussion.comment/create", sample.Options{Content: "hello"})
	post(s, "/webhooks", "repo.config.dois/update", sample.Options{})
	post(s, "/webhooks", "repo/create", sample.Options{})

	fmt.Println(s.On("repo.content/create", nil) != nil) // the Hub has no such kind
	// Output:
	// 200 "comment: hello"
	// 200 "settings: repo.config.dois"
	// 200 null
	// true
}

// Any body whose secret is right, without a payload.
func ExampleServer_HandleRaw() {
	s := newExample(server.Options{})
	err := s.HandleRaw("anything", func(ctx context.Context, e *event.Event) (any, error) {
		return fmt.Sprintf("%d bytes from %s", len(e.Body), server.Request(ctx).RemoteAddr), nil
	})
	if err != nil {
		fmt.Println(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/webhooks/anything", strings.NewReader("not JSON"))
	r.Header.Set("X-Webhook-Secret", exampleSecret.Reveal())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 "8 bytes from 192.0.2.1:1234"
}

// A status, a header and bytes of the handler's own.
func ExampleAnswer() {
	s := newExample(server.Options{})
	err := s.Handle("text", func(_ context.Context, e *event.Event) (any, error) {
		return server.Answer{
			Status: http.StatusAccepted,
			Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
			Body:   []byte(e.Payload.Summary()),
		}, nil
	})
	if err != nil {
		fmt.Println(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, exampleRequest("/webhooks/text", "repo/create", sample.Options{}))
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Body)
	// Output:
	// 202 text/plain; charset=utf-8
	// created me/corpus
}

// Work that takes longer than the Hub waits.
func ExampleServer_Background() {
	s := newExample(server.Options{})
	retrain := func(_ context.Context, e *event.Event) (any, error) {
		fmt.Println("training on", e.Payload.Repo.Name)
		return nil, nil
	}
	if err := s.Handle("retrain", s.Background(retrain, 1)); err != nil {
		fmt.Println(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, exampleRequest("/webhooks/retrain", "repo.content/update", sample.Options{}))
	if err := s.Shutdown(context.Background()); err != nil { // Serve does this itself
		fmt.Println(err)
	}
	fmt.Println(w.Code, w.Body)
	// Output:
	// training on me/corpus
	// 202 {"status":"accepted"}
}

// Around all handlers: the Hub sends a delivery again until it is answered with a 2xx,
// so one that was dealt with is not dealt with twice.
func ExampleServer_Use() {
	s := newExample(server.Options{})
	var done sync.Map
	s.Use(func(next server.Handler) server.Handler {
		return func(ctx context.Context, e *event.Event) (any, error) {
			if _, again := done.LoadOrStore(e.DeliveryID, true); again {
				return "seen before", nil
			}
			return next(ctx, e)
		}
	})
	if err := s.Handle("once", func(context.Context, *event.Event) (any, error) { return "done", nil }); err != nil {
		fmt.Println(err)
	}
	for range 2 {
		r := exampleRequest("/webhooks/once", "repo/create", sample.Options{})
		r.Header.Set("Webhook-Id", "6390e855e30d9209411de93b")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 "done"
	// 200 "seen before"
}

// A part of another server.
func ExampleServer_Mount() {
	s := newExample(server.Options{})
	if err := s.HandleAny(func(_ context.Context, e *event.Event) (any, error) { return e.Path, nil }); err != nil {
		fmt.Println(err)
	}
	mux := http.NewServeMux()
	s.Mount(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the rest of the program") })
	post(mux, "/webhooks", "repo/create", sample.Options{})
	post(mux, "/webhooks/some/path", "repo/create", sample.Options{})
	post(mux, "/about", "repo/create", sample.Options{})
	// Output:
	// 200 "/webhooks"
	// 200 "/webhooks/some/path"
	// 200 the rest of the program
}

// The request as it came, for what the payload does not say.
func ExampleRequest() {
	s := newExample(server.Options{})
	err := s.Handle("agent", func(ctx context.Context, e *event.Event) (any, error) {
		return map[string]any{"by": server.Request(ctx).UserAgent(), "path": e.Path}, nil
	})
	if err != nil {
		fmt.Println(err)
	}
	r := exampleRequest("/webhooks/agent", "repo/create", sample.Options{})
	r.Header.Set("User-Agent", "the Hub")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 {"by":"the Hub","path":"/webhooks/agent"}
}

// A handler of net/http, or of any framework on top of it, without a Server.
func ExampleReadEvent() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := server.ReadEvent(r, exampleSecret)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		fmt.Fprint(w, e.Payload.Summary())
	})
	post(h, "/hub", "discussion.comment/create", sample.Options{Num: 19, Content: "LGTM"})

	r := exampleRequest("/hub", "repo/create", sample.Options{})
	r.Header.Set("X-Webhook-Secret", "a guess")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// 200 comment me/corpus#19 "LGTM"
	// 403 the request has a wrong webhook secret
}

// Header and body of a request that something else has received, such as a function in a
// cloud.
func ExampleParseEvent() {
	body, err := sample.New("repo/create", sample.Options{Repo: "model:me/small"})
	if err != nil {
		fmt.Println(err)
		return
	}
	header := http.Header{"x-webhook-secret": {exampleSecret.Reveal()}, "webhook-id": {"6390e855e30d9209411de93b"}}
	e, err := server.ParseEvent(header, body, exampleSecret)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.DeliveryID, e.Payload.Summary())
	// Output: 6390e855e30d9209411de93b created me/small
}
