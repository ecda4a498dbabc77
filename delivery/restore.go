package delivery

import (
	"net/url"
	"strings"

	"hfhook/event"
	"hfhook/internal/redact"
)

// withSecret returns an event with the secret restored in its path and query, where it was
// masked when the event was recorded. Use it only to send.
func withSecret(e *event.Event, secret string) *event.Event {
	if !strings.Contains(e.Path, redact.Mark) && !strings.Contains(e.Query, redact.Mark) {
		return e
	}
	restored := *e
	restored.Path = strings.ReplaceAll(e.Path, redact.Mark, url.PathEscape(secret))
	restored.Query = strings.ReplaceAll(e.Query, redact.Mark, url.QueryEscape(secret))
	return &restored
}
