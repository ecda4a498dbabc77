package events

// f: the failed events among those that the filter lets through, then the rejected requests,
// then what was there before.

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A focus is what f has narrowed the list to.
type focus int

const (
	onAll focus = iota
	onFailed
	onRejected
)

// narrowed is what f has done to the list, and what the next one goes back to.
type narrowed struct {
	to   focus
	x    filter.Expr
	text string
}

// failedOnly goes on to the next of failed events, rejected requests, and all.
func (e *Screen) failedOnly(f screen.Frame) tea.Cmd {
	key := f.Label(keymap.ActFailed)
	was := e.narrowed
	if was.to == onAll {
		was.x, was.text = e.List.Filter, e.List.Text
	}
	to := was.to + 1
	if to == onFailed && asksFailed(e.List.Filter) {
		to = onRejected
	}
	if to == onRejected && len(f.State.Rejected) == 0 {
		to++
	}
	e.earlier = true
	switch to {
	case onFailed:
		text := withTerm(e.List.Filter, e.List.Text, filter.Failed.String())
		x, err := filter.Parse(text, f.Now)
		if err != nil {
			return screen.ResultCmd(screen.Plain(err), false)
		}
		cmd := e.filterBy(x, text, f)
		e.narrowed = narrowed{onFailed, was.x, was.text}
		next := "all again"
		if len(f.State.Rejected) > 0 {
			next = "rejected requests"
		}
		return tea.Batch(cmd, e.did("failed events only; "+key+": "+next, e.List.Command()))
	case onRejected:
		e.List.SetRejectedOnly(true)
		e.narrowed = narrowed{onRejected, was.x, was.text}
		return tea.Batch(e.settle(f), screen.ResultCmd("rejected requests only; "+key+": all again", true))
	}
	return tea.Batch(e.widen(was, f), screen.ResultCmd(widened(was.text), true))
}

// widen goes back to what was there before f.
func (e *Screen) widen(was narrowed, f screen.Frame) tea.Cmd {
	e.List.SetRejectedOnly(false)
	return e.filterBy(was.x, was.text, f)
}

func widened(text string) string {
	if text == "" {
		return "all events again"
	}
	return "the filter of before again: " + visible.Line(text)
}

// asksFailed reports whether every event that matches has failed.
func asksFailed(x filter.Expr) bool {
	switch x := x.(type) {
	case filter.Is:
		return x == filter.Failed
	case filter.And:
		if slices.ContainsFunc(x, asksFailed) {
			return true
		}
	case filter.Same:
		return asksFailed(filter.And(x))
	}
	return false
}

// withTerm adds a term that has to hold, too, to the text of a filter.
func withTerm(x filter.Expr, text, term string) string {
	text = strings.TrimSpace(text)
	if _, isOr := x.(filter.Or); isOr {
		text = "(" + text + ")"
	}
	return strings.TrimSpace(text + " " + term)
}

// ReplayGroup sends events that failed in one way again, to the target where they did.
func (e *Screen) ReplayGroup(ids []event.ID, target, command string, f screen.Frame) tea.Cmd {
	switch {
	case e.Run != nil:
		return screen.ResultCmd("replays are running: wait for them, or stop them with "+f.Label(keymap.ActStop)+" in the list", false)
	case !slices.ContainsFunc(f.State.Targets, func(t delivery.TargetState) bool { return t.Name == target }):
		return screen.ResultCmd("not sent: this hfhook dev has no target "+visible.Line(target)+"; "+f.Label(keymap.ActTargets)+" adds one", false)
	}
	return e.StartReplays(dev.Batch{Events: ids, Target: target}, command, f)
}

// ShowFilter shows the events that match.
func (e *Screen) ShowFilter(text string, f screen.Frame) tea.Cmd {
	x, err := filter.Parse(text, f.Now)
	if err != nil {
		return screen.ResultCmd(screen.Plain(err), false)
	}
	e.earlier = true
	return tea.Batch(e.filterBy(x, text, f), e.did("filter: "+visible.Line(text), "hfhook ls "+screen.ShellWord(text)))
}

// GoTo selects an event in the list.
func (e *Screen) GoTo(id event.ID, f screen.Frame) tea.Cmd {
	e.earlier = true
	e.List.GoTo(id, e.Layout(f).ListHeight)
	return e.settle(f)
}
