package output

import (
	"testing"

	"hfhook/tui/style"
)

// TestLookOf colours lines by what they say of themselves, and no others.
func TestLookOf(t *testing.T) {
	theme := style.NewTheme(true, false)
	for line, want := range map[string]style.Style{
		"INFO:     Started server process [1]":          {},
		"ERROR:    Exception in ASGI application":       theme.Failed,
		"Traceback (most recent call last):":            theme.Failed,
		"KeyError: 'eval'":                              theme.Failed,
		"json.decoder.JSONDecodeError: Expecting value": theme.Failed,
		"2026-12-01 12:00:00,123 WARNING slow":          theme.Warn,
		"[error] no such file":                          theme.Failed,
		"panic: runtime error":                          theme.Failed,
		"errors: 0":                                     {},
		"the handler got an error":                      {},
		`127.0.0.1 - - "POST /webhooks HTTP/1.1" 500 -`: {},
		"warnings are off":                              {},
	} {
		if got := lookOf(theme, line); got != want {
			t.Errorf("%q has another look", line)
		}
	}
}
