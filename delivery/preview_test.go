package delivery

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// TestPreview: what is shown of an attempt before it is made is what it then sends.
func TestPreview(t *testing.T) {
	t.Parallel()
	target := handler(t, func(http.ResponseWriter, *http.Request) {})
	for name, e := range map[string]event.Event{
		"from the Hub": hubEvent(`{"event":{}}`),
		"bare":         {Capture: event.Capture{Method: "POST", Path: "/webhooks", Query: "a=1"}},
	} {
		for _, secret := range []string{canary, ""} {
			t.Run(fmt.Sprintf("%s, secret %t", name, secret != ""), func(t *testing.T) {
				t.Parallel()
				log := newMemLog()
				out := New(log, Options{Secret: func(string) (string, bool) { return secret, secret != "" }})
				recorded := log.append(e)
				before := log.all()
				seen := out.Preview(recorded, target, nil)
				if diff := cmp.Diff(before, log.all()); diff != "" {
					t.Errorf("recorded:\n%s", diff)
				}
				made, err := out.Send(t.Context(), recorded, target, event.Replay)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(made.RequestHeader, seen.RequestHeader); diff != "" {
					t.Errorf("(-sent +shown):\n%s", diff)
				}
				if seen.URL != made.URL || seen.N != made.N || strings.Contains(strings.Join(headerLines(seen.RequestHeader), "\n"), canary) {
					t.Errorf("%+v", seen)
				}
			})
		}
	}
}

func headerLines(fields []event.Field) []string {
	var lines []string
	for _, f := range fields {
		lines = append(lines, f.Name+": "+f.Value)
	}
	return lines
}
