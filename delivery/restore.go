package delivery

import (
	"net/url"
	"strings"

	"hfhook/event"
	"hfhook/internal/redact"
)

// withSecret returns an event as its request came, with the secret in the path and in the
// query wherever it was blacked out when the event was recorded. It is for sending alone.
func withSecret(e *event.Event, secret string) *event.Event {
	if !strings.Contains(e.Path, redact.Mark) && !strings.Contains(e.Query, redact.Mark) {
		return e
	}
	restored := *e
	restored.Path = strings.ReplaceAll(e.Path, redact.Mark, url.PathEscape(secret))
	restored.Query = strings.ReplaceAll(e.Query, redact.Mark, url.QueryEscape(secret))
	return &restored
}
