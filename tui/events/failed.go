package events

// f: the failed events among those that the filter lets through, and all of them again.

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// failedOnly adds is:failed to the filter, or takes it away again.
func (e *Screen) failedOnly(f screen.Frame) tea.Cmd {
	term := filter.Failed.String()
	words := strings.Fields(e.List.Text)
	said := "failed events only: " + f.Label(keymap.ActFailed) + " shows all again"
	if slices.Contains(words, term) {
		words = slices.DeleteFunc(words, func(w string) bool { return w == term })
		said = "failed or not"
	} else {
		words = append(words, term)
	}
	text := strings.Join(words, " ")
	x, err := filter.Parse(text, f.Now)
	if err != nil {
		return screen.ResultCmd(screen.Plain(err), false)
	}
	if text == "" {
		x = nil
	}
	e.earlier = true
	filtered := e.filterBy(x, text, f)
	return tea.Batch(filtered, e.did(said, e.List.Command()))
}
