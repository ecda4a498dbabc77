package tui

// What is looked for in the detail of an event.

import "fmt"

// A search is a text that is looked for in one tab of one event.
type search struct {
	text  string
	tab   tab
	hits  []hit
	at    int    // the hit that was gone to
	known string // the text that hits belong to
	asked bool   // an answer is under way
}

// on tells whether something is being looked for in the tab.
func (s *search) on(in tab) bool { return s.text != "" && s.tab == in }

// found is the line about it.
func (s *search) found() string {
	switch {
	case s.known != s.text:
		return "looking for it"
	case len(s.hits) == 0:
		return "nowhere here"
	case len(s.hits) == maxHits:
		return fmt.Sprintf("match %d of more than %s", s.at+1, count(maxHits))
	}
	return fmt.Sprintf("match %d of %s", s.at+1, count(int64(len(s.hits))))
}
