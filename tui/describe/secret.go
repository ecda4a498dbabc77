package describe

// Why a handler answers 401 or 403, as far as hfhook knows, and the key that helps.

import (
	"net/http"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// refusesSecret reports whether an attempt may have failed for its secret.
func refusesSecret(d *event.Delivery) bool {
	return d.State == event.Done && (d.Status == http.StatusUnauthorized || d.Status == http.StatusForbidden)
}

// SecretText says why an attempt was answered 401 or 403, if the Advice of the attempt does not;
// empty for any other answer.
func SecretText(f screen.Frame, d *event.Delivery) string {
	if !refusesSecret(d) || d.Advice() != "" {
		return ""
	}
	st := f.State
	i := slices.IndexFunc(st.Targets, func(t dev.Target) bool { return t.Name == d.Target })
	sent := slices.ContainsFunc(d.RequestHeader, func(field event.Field) bool { return strings.EqualFold(field.Name, event.SecretHeader) })
	key := f.Label(keymap.ActHandlerSecret)
	switch {
	case d.Command():
		return ""
	case !st.Secret.Verified:
		return "no secret was sent: hfhook runs without one (--no-verify)"
	case !sent:
		return "no secret was sent with this attempt"
	case i >= 0 && st.Targets[i].Right > 0:
		return "your handler has accepted this secret before, so the secret is not the reason"
	case st.Handler != nil && len(st.Targets) == 1:
		return "your handler was started with hfhook's secret in WEBHOOK_SECRET: does it read another variable? " + key + " enters or copies a secret"
	}
	return "your handler may expect another secret: " + key + " enters it, or copies hfhook's"
}

// SecretTarget is the target whose newest answer may be about the secret; empty: there is none.
// It is the named one if that is one of them.
func SecretTarget(st *dev.State, name string) (target string) {
	for i := range st.Targets {
		t := &st.Targets[i]
		if t.Health != dev.Failing || t.Status != http.StatusUnauthorized && t.Status != http.StatusForbidden || !st.Secret.Verified {
			continue
		}
		if t.Name == name {
			return name
		}
		if target == "" {
			target = t.Name
		}
	}
	return target
}
