package events

// Replaying one event.

import (
	"bytes"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
)

// replayedMsg says that the replay of an event has ended.
type replayedMsg struct{ id event.ID }

// replay sends an event to every target again, or to the one that is named.
func (a *asks) replay(id event.ID, to string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		var sent []event.Delivery
		var err error
		if to == "" {
			sent, err = a.session.Replay(a.Ctx, id)
		} else {
			sent = make([]event.Delivery, 1)
			sent[0], err = a.session.ReplayTo(a.Ctx, id, to)
		}
		text, ok := describe.Replayed(id, sent, err)
		if err == nil {
			text += a.atFirst(id, sent)
		}
		return screen.ResultMsg{Text: text, Ok: ok, Ended: replayedMsg{id}, Command: describe.ReplayCommand(id, sent...)}
	})
}

// atFirst says how an answer differs from the first one of the same target, to this event
// or to its original: the end of the sentence about one replay. It is empty where there is
// nothing to compare.
func (a *asks) atFirst(of event.ID, sent []event.Delivery) string {
	if len(sent) != 1 || sent[0].Status == 0 {
		return ""
	}
	now := &sent[0]
	all, err := a.session.Deliveries(a.Ctx, of)
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(all, func(d event.Delivery) bool { return d.Target == now.Target && d.State == event.Done })
	if i < 0 || all[i].Event == now.Event && all[i].N == now.N {
		return ""
	}
	switch first := &all[i]; {
	case first.Result() != now.Result():
		return ", at first " + describe.OutcomeOf(first)
	case bytes.Equal(first.ResponseBody, now.ResponseBody):
		return fmt.Sprintf(", as at first (%s)", describe.Delta(now.Took-first.Took))
	default:
		return fmt.Sprintf(", at first another body (%s)", describe.Delta(now.Took-first.Took))
	}
}
