package event_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

func TestSent(t *testing.T) {
	t.Parallel()
	e := &event.Event{Capture: event.Capture{Header: []event.Field{
		{Name: "Accept-Encoding", Value: "gzip, br"},
		{Name: "Cf-Ray", Value: "edge"},
		{Name: "Connection", Value: "keep-alive, X-Hop"},
		{Name: "Content-Length", Value: "3"},
		{Name: "content-type", Value: "application/json"},
		{Name: "Host", Value: "abc.ngrok-free.app"},
		{Name: "Proxy-Authorization", Value: "hop"},
		{Name: "Webhook-Id", Value: "b"},
		{Name: "Webhook-Id", Value: "a"},
		{Name: "X-Forwarded-For", Value: "edge"},
		{Name: "X-Hfhook-Event-Id", Value: "forged"},
		{Name: "X-Hop", Value: "hop"},
		{Name: "X-WEBHOOK-SECRET", Value: "from nowhere"},
	}}}
	want := []event.Field{
		{Name: "Accept-Encoding", Value: "gzip, br"},
		{Name: "Content-Type", Value: "application/json"},
		{Name: "Webhook-Id", Value: "b"},
		{Name: "Webhook-Id", Value: "a"},
	}
	if diff := cmp.Diff(want, e.Sent()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEdge(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"x-forwarded-for": true, "X-Forwarded-Proto": true, "FORWARDED": true, "X-Real-IP": true, "Via": true,
		"ngrok-skip-browser-warning": true, "CF-Connecting-IP": true, "Cdn-Loop": true, "True-Client-Ip": true,
		"Content-Type": false, "Webhook-Id": false, "User-Agent": false, "X-Webhook-Secret": false,
		"X-Forwarded": false, "Cfg": false, "Viable": false, "Host": false, "": false,
	} {
		if got := event.Edge(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWithoutSecret(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                         "",
		"secret=abc":               "",
		"a=1&secret=abc&b=%20;&b":  "a=1&b=%20;&b",
		"s%65cret=abc&secrets=yes": "secrets=yes",
		"Secret=other":             "Secret=other",
		"secret":                   "",
		"a;secret=abc;b":           "a;b",
		"secret=abc;b&c":           "b&c",
		"&b&&c&":                   "&b&&c&",
	} {
		if got := event.WithoutSecret(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
