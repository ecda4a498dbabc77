package detail

// What is looked for in the detail of an event.

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
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

	fields []string // what is looked through in the tab headers, in the order of its lines
}

// on reports whether something is being looked for in the tab.
func (s *search) on(in Tab) bool { return s.Text != "" && s.tab == in }

// found is the line about it.
func (s *search) found() string {
	switch {
	case s.known != s.Text:
		return "searching…"
	case len(s.hits) == 0:
		return "not found"
	case len(s.hits) == jsonview.MaxHits:
		return fmt.Sprintf("match %d of more than %s", s.at+1, style.Count(jsonview.MaxHits))
	}
	return fmt.Sprintf("match %d of %s", s.at+1, style.Count(int64(len(s.hits))))
}

// hit is the match that was gone to in a tab, or nil.
func (s *search) hit(in Tab) *jsonview.Hit {
	if !s.on(in) || s.at >= len(s.hits) {
		return nil
	}
	return &s.hits[s.at]
}

// find looks for a text in one tab of an event.
func (a *asks) find(e *event.Event, sent []event.Delivery, s search) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := FoundMsg{id: e.ID, text: s.Text, tab: s.tab}
		switch s.tab {
		case TabRaw:
			msg.hits = jsonview.FindBytes(e.Body, s.Text)
		case TabHeaders:
			for i, text := range s.fields {
				msg.hits = append(msg.hits, jsonview.FindText(text, s.Text, []int{i})...)
			}
		case TabDeliveries:
			for i := range sent {
				msg.hits = append(msg.hits, findAttempt(&sent[i], i, s.Text)...)
			}
		default:
			msg.hits = jsonview.FindNodes(e.Body, s.Text, e.Payload != nil)
		}
		msg.hits = msg.hits[:min(len(msg.hits), jsonview.MaxHits)]
		return msg
	})
}

// findAttempt looks through what is known of an attempt: where it went, what came back.
func findAttempt(d *event.Delivery, i int, text string) (hits []jsonview.Hit) {
	parts := []string{d.URL, d.Target, string(d.Kind), d.Result(), d.Err, d.Advice()}
	for _, field := range slices.Concat(d.RequestHeader, d.ResponseHeader) {
		parts = append(parts, field.Name+": "+field.Value)
	}
	for _, part := range append(parts, string(d.ResponseBody)) {
		hits = append(hits, jsonview.FindText(part, text, []int{i})...)
	}
	return hits
}
