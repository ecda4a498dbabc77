package describe

// A webhook of the Hub in a few words.

import (
	"strings"

	"hfhook/internal/hub"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
)

// SeenToday is how many events of a webhook came here in the last 24 hours.
func SeenToday(f screen.Frame, id string) int {
	for _, tr := range f.State.Triggers {
		if tr.Webhook == id {
			return tr.N
		}
	}
	return 0
}

func ShortID(id string) string {
	if len(id) > 8 {
		id = id[:8]
	}
	return visible.Line(id)
}

func StateWord(s hub.State) string {
	if s == hub.Suspended {
		return "suspended"
	}
	return visible.Line(string(s))
}

func WatchedWords(w *hub.Webhook) string {
	var text strings.Builder
	for i, item := range w.Watched {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(item.String())
	}
	return text.String()
}
