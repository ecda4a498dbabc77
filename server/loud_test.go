package server_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/payload/sample"
	"hfhook/server"
)

// loudProgram is set in the process that is the program of TestNothingVanishes.
const loudProgram = "HFHOOK_LOUD_PROGRAM"

// TestMain is a program that uses the library, if it is asked to, or the tests.
func TestMain(m *testing.M) {
	if os.Getenv(loudProgram) == "" {
		os.Exit(m.Run())
	}
	s, err := server.New(server.Options{})
	if err != nil {
		panic(err)
	}
	for name, h := range map[string]server.Handler{
		"fails":  func(context.Context, *event.Event) (any, error) { return nil, errors.New("the disk is full") },
		"panics": func(context.Context, *event.Event) (any, error) { return thatPanics(nil), nil },
		"gateway": func(context.Context, *event.Event) (any, error) {
			return nil, &server.Error{Status: 502, Err: errors.New("the model is away")}
		},
		"later": s.Background(func(context.Context, *event.Event) (any, error) { return nil, errors.New("too late") }, 1),
	} {
		if err := s.Handle(name, h); err != nil {
			panic(err)
		}
	}
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		panic(err)
	}
	for _, path := range []string{"fails", "panics", "gateway", "later"} {
		r := httptest.NewRequest("POST", "/webhooks/"+path, strings.NewReader(string(body)))
		r.Header.Set("Webhook-Id", "id-of-"+path)
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		panic(err)
	}
}

func thatPanics(p *sample.Options) string { return p.Repo }

// TestNothingVanishes reads what a program that sets no Options has on its stderr.
func TestNothingVanishes(t *testing.T) {
	t.Parallel()
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), loudProgram+"=1", "WEBHOOK_SECRET=", "WEBHOOK_SECRET_PREVIOUS=")
	var stderr strings.Builder
	program.Stderr = &stderr
	if err := program.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	for _, want := range []string{
		"no webhook secret",
		"path=/webhooks/fails webhook_id=id-of-fails status=500 error=\"the disk is full\"",
		"path=/webhooks/panics webhook_id=id-of-panics status=500 error=\"panic: runtime error: invalid memory address",
		"loud_test.go:", "thatPanics",
		"path=/webhooks/gateway webhook_id=id-of-gateway status=502 error=\"Bad Gateway: the model is away\"",
		"path=/webhooks/later webhook_id=id-of-later error=\"too late\"",
	} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr lacks %s:\n%s", want, &stderr)
		}
	}
}
