package detail

// What is looked for in the detail of an event.

import (
	"fmt"

	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

// A search is a text that is looked for in one tab of one event.
type search struct {
	Text  string
	tab   Tab
	hits  []jsonview.Hit
	at    int    // the hit that was gone to
	known string // the text that hits belong to
	asked bool   // an answer is under way
}

// on reports whether something is being looked for in the tab.
func (s *search) on(in Tab) bool { return s.Text != "" && s.tab == in }

// found is the line about it.
func (s *search) found() string {
	switch {
	case s.known != s.Text:
		return "searching…"
	case len(s.hits) == 0:
		return "nowhere here"
	case len(s.hits) == jsonview.MaxHits:
		return fmt.Sprintf("match %d of more than %s", s.at+1, style.Count(jsonview.MaxHits))
	}
	return fmt.Sprintf("match %d of %s", s.at+1, style.Count(int64(len(s.hits))))
}
