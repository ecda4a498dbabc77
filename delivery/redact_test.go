package delivery

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/internal/redact"
)

// A target with the secret in its address is reached, and the secret is in nothing that is
// recorded or shown of it.
func TestRedactedTarget(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	real := handler(t, func(_ http.ResponseWriter, r *http.Request) { got <- r })
	secret := func(string) (string, bool) { return canary, true }
	for written, want := range map[string]string{
		"/hook/" + canary + "?token=" + url.QueryEscape(canary): "/hook/" + canary + "?token=" + canary,
		"/hook/%" + hex(canary[0]) + canary[1:] + "/x":          "/hook/" + canary + "/x",
		"/hook/[secret]?token=[secret]&a=1":                     "/hook/" + canary + "?token=" + canary + "&a=1",
		"/hook?a=1,header=X-Mode: " + canary + ",name=bot":      "/hook?a=1",
	} {
		target := mustTarget(t, real.Address()+written).Redacted(redact.New(canary))
		log := newMemLog()
		out := New(log, Options{Secret: secret})
		d, err := out.Send(t.Context(), &event.Event{Capture: event.Capture{Path: "/webhooks"}}, target, event.Live)
		out.sender.transport.CloseIdleConnections()
		if err != nil || d.Status != 200 {
			t.Fatalf("%s: %+v, %v", written, d, err)
		}
		r := <-got
		if path, _ := url.PathUnescape(r.URL.RequestURI()); path != want {
			t.Errorf("%s: got %s, want %s", written, path, want)
		}
		shown := []string{target.Name, target.Where(), target.Written(), target.For(&event.Event{Capture: event.Capture{Path: "/webhooks"}}), d.URL, d.Target, d.Err}
		for _, f := range d.RequestHeader {
			shown = append(shown, f.Value)
		}
		if text := strings.Join(shown, " "); strings.Contains(text, canary) {
			t.Errorf("%s: the secret is in %s", written, text)
		}
		again := mustTarget(t, target.Written()).Redacted(redact.New(canary)).WithAddressOf(target)
		if len(target.Header) == 0 && !again.Equal(target) {
			t.Errorf("%s: written as %s it is another target", written, target.Written())
		}
	}
}

func hex(b byte) string {
	return strings.ToUpper(string("0123456789abcdef"[b>>4]) + string("0123456789abcdef"[b&15]))
}

// Two targets that differ in their secret parts alone are not equal.
func TestRedactedTargetsDiffer(t *testing.T) {
	t.Parallel()
	r := redact.New(canary, "another-secret")
	one, other := mustTarget(t, "8000/"+canary).Redacted(r), mustTarget(t, "8000/another-secret").Redacted(r)
	if one.Where() != other.Where() || one.Equal(other) || !one.Equal(one.Redacted(r)) {
		t.Errorf("%s and %s", one.Where(), other.Where())
	}
	command := mustTarget(t, "exec ./job.sh '--token="+canary+"' '"+canary+"'").Redacted(r)
	if text := command.Where() + command.Written(); strings.Contains(text, canary) {
		t.Errorf("the secret is in %s", text)
	}
	if args := command.withSecrets("").Command.Args; args[2] != canary {
		t.Errorf("it is run as %v", args)
	}
}
