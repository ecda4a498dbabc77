package server_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/server"
)

// A program with one webhook, at http://127.0.0.1:7860/webhooks/say_hello. The secret
// is that of WEBHOOK_SECRET.
func ExampleListenAndServe() {
	sayHello := func(_ context.Context, e *event.Event) (any, error) {
		return map[string]string{"hello": e.Payload.Repo.Name}, nil
	}
	if err := server.ListenAndServe("say_hello", sayHello, server.Options{}); err != nil {
		log.Fatal(err)
	}
}

// Several webhooks, an answer with a status of its own, a refusal, and work that takes
// longer than the Hub waits.
func ExampleServer() {
	s, err := server.New(server.Options{Timeout: 10 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	handlers := map[string]server.Handler{
		"comments": func(_ context.Context, e *event.Event) (any, error) {
			if !e.Payload.Event.Scope.Within(payload.ScopeDiscussionComment) {
				return server.Answer{Status: http.StatusAccepted, Value: "not for me"}, nil
			}
			return map[string]string{"repo": e.Payload.Repo.Name}, nil
		},
		"models": func(_ context.Context, e *event.Event) (any, error) {
			if e.Payload.Repo.Type != payload.TypeModel {
				return nil, &server.Error{Status: http.StatusUnprocessableEntity, Message: "only models"}
			}
			return nil, nil
		},
		"retrain": s.Background(func(ctx context.Context, e *event.Event) (any, error) {
			return nil, retrain(ctx, e.Payload.Repo.Name)
		}, 1),
	}
	for name, h := range handlers {
		if err := s.Handle(name, h); err != nil {
			log.Fatal(err)
		}
	}
	if err := s.ListenAndServe(context.Background(), "127.0.0.1:8000"); err != nil {
		log.Fatal(err)
	}
}

func retrain(context.Context, string) error { return nil }

// Around all handlers: the Hub sends a delivery again until it is answered with a 2xx,
// so one that was dealt with is not dealt with twice.
func ExampleServer_Use() {
	s, err := server.New(server.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s.Use(func(next server.Handler) server.Handler {
		return func(ctx context.Context, e *event.Event) (any, error) {
			if e.Duplicate != "" { // where a store records events
				return "seen before", nil
			}
			return next(ctx, e)
		}
	})
}

// The error for a path that is taken has the words of huggingface_hub.
func ExampleServer_Handle() {
	s, err := server.New(server.Options{})
	if err != nil {
		log.Fatal(err)
	}
	h := func(context.Context, *event.Event) (any, error) { return nil, nil }
	fmt.Println(s.Handle("say_hello", h))
	fmt.Println(s.Handle("/say_hello/", h))
	// Output:
	// <nil>
	// Webhook /webhooks/say_hello already exists.
}

// The request as it came, for what the payload does not tell.
func ExampleRequest() {
	_ = func(ctx context.Context, e *event.Event) (any, error) {
		agent := server.Request(ctx).UserAgent()
		return map[string]any{"by": strings.ToLower(agent), "bytes": len(e.Body)}, nil
	}
}

// A part of another server.
func ExampleServer_ServeHTTP() {
	s, err := server.New(server.Options{})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/webhooks/", s)
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { /* the rest of the program */ })
	log.Fatal(http.ListenAndServe("127.0.0.1:8000", mux))
}
