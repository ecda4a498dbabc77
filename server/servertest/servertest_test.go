package servertest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/server/servertest"
)

// A test of a handler: the event comes verified, and the answer is looked at.
func ExampleSend() {
	t := &testing.T{} // the test's own
	s, err := server.New(server.Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Handle("say_hello", func(_ context.Context, e *event.Event) (any, error) {
		return map[string]string{"summary": e.Payload.Summary()}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	answer := servertest.Send(t, s, servertest.Delivery{
		Path: "say_hello", Kind: "discussion/create:pr", Options: sample.Options{Repo: "me/my-model", Num: 19},
		Edit: func(p *payload.Payload) { p.Discussion.Title = "Fix the tokenizer" },
	})
	fmt.Println(answer.Code, answer.Body)
	// Output: 200 {"summary":"PR opened me/my-model#19 \"Fix the tokenizer\""}
}

func TestSend(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
	s, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.HandleAny(func(context.Context, *event.Event) (any, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		_, _ = fmt.Fprintf(w, "%s %s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), r.Header.Get("Webhook-Id"), body)
	})
	for _, tt := range []struct {
		name string
		h    http.Handler
		d    servertest.Delivery
		want int
		body string
	}{
		{"verified", s, servertest.Delivery{}, 200, ""},
		{"with another secret", s, servertest.Delivery{Secret: "wrong"}, 403, `{"error":"Invalid webhook secret."}`},
		{"without a secret", s, servertest.Delivery{Header: http.Header{"X-Webhook-Secret": nil}}, 401, `{"error":"x-webhook-secret header not set."}`},
		{"a body that is none", s, servertest.Delivery{Body: []byte("[]")}, 422, ""},
		{"to any handler", plain, servertest.Delivery{Path: "/a/b/", Body: []byte("x"), ID: "7"}, 200, "POST /webhooks/a/b application/json 7 x"},
		{"with headers", plain, servertest.Delivery{Body: []byte("x"), ID: "7", Header: http.Header{"content-type": {"text/plain"}}}, 200, "POST /webhooks text/plain 7 x"},
	} {
		answer := servertest.Send(t, tt.h, tt.d)
		if answer.Code != tt.want || tt.body != "" && answer.Body.String() != tt.body {
			t.Errorf("%s: %d %s, want %d %s", tt.name, answer.Code, answer.Body, tt.want, tt.body)
		}
	}
}

// A noted test keeps what is logged, and when it ends.
type noted struct {
	testing.TB
	lines []string
	ends  []func()
}

func (n *noted) Helper()          {}
func (n *noted) Cleanup(f func()) { n.ends = append(n.ends, f) }
func (n *noted) Log(args ...any)  { n.lines = append(n.lines, fmt.Sprint(args...)) }

// What a handler fails with is in the log of its test, but not once that has ended.
func TestLogIsTheTestsOwn(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "a secret for this test")
	s, err := server.New(server.Options{})
	if err != nil {
		t.Fatal(err)
	}
	free := make(chan struct{})
	for path, h := range map[string]server.Handler{
		"now": func(context.Context, *event.Event) (any, error) { panic("a mistake") },
		"later": s.Background(func(context.Context, *event.Event) (any, error) {
			<-free
			return nil, errors.New("after the end")
		}, 1),
	} {
		if err := s.Handle(path, h); err != nil {
			t.Fatal(err)
		}
	}
	n := &noted{TB: t}
	for _, path := range []string{"now", "later"} {
		servertest.Send(n, s, servertest.Delivery{Path: path, ID: "one"})
	}
	for _, end := range n.ends {
		end()
	}
	close(free)
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(n.lines) != 1 || !strings.Contains(n.lines[0], "a mistake") || !strings.Contains(n.lines[0], "servertest_test.go") || !strings.Contains(n.lines[0], "webhook_id=one") {
		t.Errorf("logged %q", n.lines)
	}
}
