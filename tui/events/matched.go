package events

// What a filter has matched in a payload, to be marked there.

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/screen"
)

// filterValue opens the filter with the value under the cursor added to it.
func (e *Screen) filterValue(f screen.Frame) (screen.Step, tea.Cmd) {
	term := e.Detail.ValueTerm()
	if term == "" {
		return screen.Step{}, nil
	}
	text := strings.TrimSpace(e.List.Text + " " + term)
	if slices.Contains(strings.Fields(e.List.Text), term) {
		text = e.List.Text
	}
	bar := newFilterBar(e, text)
	bar.follow = false
	e.whole, e.InDetail = false, false
	return screen.Step{Pop: true, Push: bar}, tea.Batch(bar.apply(text, f), e.ask.words(e.Detail.Event))
}
