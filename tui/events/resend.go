package events

// Replaying one event.

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/tui/describe"
	"hfhook/tui/detail"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// replayedMsg says that the replay of an event has ended.
type replayedMsg struct{ id event.ID }

// replayMany sends the selected events again, oldest first.
func (e *Screen) replayMany(ids []event.ID, as dev.ReplayAs, f screen.Frame) tea.Cmd {
	if e.Run != nil {
		return screen.ResultCmd("not sent: another replay is in progress; "+f.Label(keymap.ActStop)+" stops it", false)
	}
	words := []string{"hfhook replay"}
	for _, id := range ids[:min(len(ids), maxCommandIDs)] {
		words = append(words, string(id))
	}
	if as.New {
		words = append(words, "--as-new")
	}
	return e.StartReplays(dev.Batch{Events: ids, ReplayAs: as}, strings.Join(words, " "), f)
}

// replay sends an event to every target again.
func (a *asks) replay(id event.ID, as dev.ReplayAs) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		sent, err := a.session.Replay(a.Ctx, id, as)
		text, ok := describe.Replayed(id, sent, err)
		if err == nil {
			text += a.asBefore(id, sent)
		}
		command := describe.ReplayCommand(id, sent...)
		if as.New {
			command += " --as-new"
			if len(sent) > 0 && sent[0].SentDeliveryID != "" {
				text += ", as " + sent[0].SentDeliveryID
			}
		}
		return screen.ResultMsg{Text: text, Ok: ok, Ended: replayedMsg{id}, Command: command}
	})
}

// asBefore says how an answer differs from the one before it at the same target, to this
// event or to its original: the end of the sentence about one replay. It is empty if there
// is nothing to compare.
func (a *asks) asBefore(of event.ID, sent []event.Delivery) string {
	if len(sent) != 1 || sent[0].Status == 0 {
		return ""
	}
	now := &sent[0]
	all, err := a.session.Deliveries(a.Ctx, of)
	if err != nil {
		return ""
	}
	if of == now.Event {
		all = slices.DeleteFunc(all, func(d event.Delivery) bool { return d.N == now.N })
	}
	before := detail.LastAnswered(all, now.Target)
	if before == nil {
		return ""
	}
	longer := duration.Difference(now.Took - before.Took)
	switch c := baseline.Compare(before, now); {
	case before.Result() != now.Result():
		return ", before " + attempt.Text(before)
	case c.Verdict == baseline.Same:
		return fmt.Sprintf(", as before (%s)", longer)
	case c.Verdict == baseline.Changed:
		return fmt.Sprintf(", before another body (%s)", longer)
	default:
		return fmt.Sprintf(", could not be compared with the previous answer (%s)", longer)
	}
}
