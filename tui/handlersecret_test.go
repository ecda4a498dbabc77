package tui

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hfhook/internal/dev"
	"hfhook/tui/keymap"
)

// refusedHere has the newest event answered with 401 by the only target, with a webhook on the
// Hub that hfhook manages.
func refusedHere() *fake {
	s := hooked()
	t := &s.state.Targets[0]
	t.Health, t.Status, t.Result, t.InARow = dev.Failing, http.StatusUnauthorized, "401", 1
	return s
}

// TestHandlerSecretGoesFurther enters the secret of a handler, keeps it for later runs and sets
// it on the Hub's webhook.
func TestHandlerSecretGoesFurther(t *testing.T) {
	plan := func(s *fake) string {
		i := slices.IndexFunc(s.called(), func(call string) bool { return strings.HasPrefix(call, "plan ") })
		if i < 0 {
			return ""
		}
		return s.called()[i]
	}
	for _, tt := range []struct {
		name  string
		keys  []string
		calls []string // besides the plan
		plans bool
		top   string
	}{
		{"for this run", []string{"e", "x", "y", "enter", "r"}, []string{"give 8000 a secret"}, false, "event list"},
		{"not entered", []string{"e", "esc"}, nil, false, "event list"},
		{"kept", []string{"e", "x", "y", "enter", "f", "r"}, []string{"give 8000 a secret", "keep the secret of 8000"}, false, "event list"},
		{"kept and set on the Hub", []string{"e", "x", "enter", "f", "w", "enter", "r"}, []string{"give 8000 a secret", "keep the secret of 8000", "apply"}, true, "event list"},
		{"set on the Hub and kept", []string{"e", "x", "enter", "w", "enter", "f"}, []string{"give 8000 a secret", "apply", "keep the secret of 8000"}, true, "event list"},
		{"set on the Hub at once", []string{"w", "x", "enter", "enter", "r"}, []string{"give 8000 a secret", "apply"}, true, "event list"},
		{"the change is cancelled", []string{"w", "x", "enter", "esc", "f"}, []string{"give 8000 a secret", "keep the secret of 8000"}, true, "event list"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := refusedHere()
			m := newTestModel(t, s, 100, 30)
			press(m, append([]string{"s"}, tt.keys...)...)
			planned := plan(s)
			calls := slices.DeleteFunc(s.called(), func(call string) bool { return strings.HasPrefix(call, "plan ") || strings.HasPrefix(call, "replay ") })
			if !slices.Equal(calls, tt.calls) {
				t.Errorf("called %v, want %v", calls, tt.calls)
			}
			if tt.plans != strings.Contains(planned, "Handler:8000") || tt.plans != strings.Contains(planned, "6390e855e30d9209411de93b") {
				t.Errorf("planned %q", planned)
			}
			if got := m.top().Name(); got != tt.top {
				t.Errorf("on the screen is %s:\n%s", got, screenText(m))
			}
		})
	}

	s := refusedHere()
	s.state.Hub.Hooks[0].Noted = false // somebody else's
	m := newTestModel(t, s, 100, 30)
	press(m, "s")
	if text := screenText(m); strings.Contains(text, "on the Hub's webhook") {
		t.Errorf("a webhook is offered that hfhook does not manage:\n%s", text)
	}
	s.errs["KeepHandlerSecret"] = errors.New("no \x1b[2J")
	press(m, "e", "x", "enter", "f")
	if text := screenText(m); m.status.Ok || !strings.Contains(text, "no ") {
		t.Errorf("a failure is not told:\n%s", text)
	}
}

// TestNoWebhookWithoutAURL: what the Hub cannot send to is said before the form.
func TestNoWebhookWithoutAURL(t *testing.T) {
	s := hooked()
	s.state.NoReach = "there is no public URL yet, so the Hub cannot send events here"
	m := newTestModel(t, s, 100, 30)
	press(m, "w", keymap.KeyTable[keymap.ActAddHook].Keys[0])
	if text := screenText(m); m.top().Name() != "webhooks on the Hub" || !strings.Contains(text, "no public URL yet") || !strings.Contains(text, "t in the list gets a public URL") {
		t.Errorf("on %s:\n%s", m.top().Name(), text)
	}
}

// TestEscapeClosesTheOfferAlone: esc closes the list of candidates, and again the filter bar.
func TestEscapeClosesTheOfferAlone(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/", "s", "t", "a", "t")
	if !strings.Contains(screenText(m), "complete: tab") {
		t.Fatalf("nothing is offered:\n%s", screenText(m))
	}
	press(m, "esc")
	if text := screenText(m); strings.Contains(text, "complete: tab") || m.top().Name() != "filter" {
		t.Errorf("on %s:\n%s", m.top().Name(), text)
	}
	press(m, "u") // typing brings it back
	if !strings.Contains(screenText(m), "complete: tab") {
		t.Errorf("nothing is offered again:\n%s", screenText(m))
	}
	if press(m, "esc", "esc"); m.top().Name() != "event list" {
		t.Errorf("on %s", m.top().Name())
	}
}
