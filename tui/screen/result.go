package screen

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/plainerr"
	"hfhook/store"
)

// ChangedMsg says that the session has changed.
type ChangedMsg struct{ State *dev.State }

// ResultMsg is the sentence that ends an action.
type ResultMsg struct {
	Text  string
	Ok    bool
	Until func(st *dev.State, now time.Time) Outcome // looks what came of it; nil: that is all
	Late  bool                                       // it tells what came of an action that has had its sentence
	Stays bool                                       // until a key, also where it is a success: there is something to read
	Ended tea.Msg                                    // what the screens have to know besides; nil: nothing

	Command string // that does the same; empty: there is none
}

// RecordedMsg says that events were made and recorded, whose handlers have yet to answer.
type RecordedMsg struct {
	Name    string // of what was made, in a sentence
	Command string // that makes it
	Events  []event.ID
}

type TickMsg struct{}

// Plain is an error in plain words; of the store, with what to do.
func Plain(err error) string {
	if fault := (*store.Fault)(nil); errors.As(err, &fault) {
		return fault.Plain()
	}
	return plainerr.Text(err)
}

// CloseMsg takes a screen off the stack, wherever it stands, and goes on with another
// message.
type CloseMsg struct {
	Screen Screen
	Then   tea.Msg
}

// ResultCmd shows a sentence in the status line.
func ResultCmd(text string, ok bool) tea.Cmd {
	return func() tea.Msg { return ResultMsg{Text: text, Ok: ok} }
}

// An Outcome is how an action went. The zero outcome is not known yet.
type Outcome struct {
	Over bool
	Text string // empty: there is nothing to tell, or others tell it
	Ok   bool
}
