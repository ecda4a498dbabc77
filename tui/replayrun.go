package tui

// Many replays that are under way, what is left of them when they were stopped, and
// what would be sent.

import (
	"context"

	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// A replayRun is many replays that are under way. Its results come from another
// goroutine.
type replayRun struct {
	ids     []event.ID // in the order in which they are sent
	targets int
	stop    context.CancelCauseFunc

	mu      sync.Mutex
	sent    map[event.ID]int // attempts of the event
	taken   map[event.ID]int // of them, with an answer from 200 to 299
	done    int
	failed  int
	last    event.Delivery    // the newest
	trouble event.Delivery    // the newest that was not taken; N is 0 where there is none
	gone    map[event.ID]bool // events that were deleted meanwhile
}

// runEndedMsg says that a run has ended.
type runEndedMsg struct{ run *replayRun }

var errStopped = errors.New("stopped")

func (r *replayRun) planned() int { return len(r.ids) * r.targets }

// halt stops it after the attempts that are under way.
func (r *replayRun) halt() { r.stop(errStopped) }

// note takes a result.
func (r *replayRun) note(s dev.Sent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent[s.For]++
	r.done++
	r.last = s.Delivery
	r.last.ResponseBody, r.last.ResponseHeader, r.last.RequestHeader = nil, nil, nil
	if s.Delivery.OK() {
		r.taken[s.For]++
		return
	}
	r.failed++
	r.trouble = r.last
}

// noteGone takes note of an event that was deleted meanwhile.
func (r *replayRun) noteGone(id event.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[id] = true
}

// startRun starts many replays, one batch at a time.
func startRun(a *asks, b dev.Batch, command string, f frame) (*replayRun, tea.Cmd) {
	n := len(f.state.Targets)
	if b.Target != "" || b.Other != "" {
		n = 1
	}
	ctx, stop := context.WithCancelCause(a.ctx)
	run := &replayRun{ids: b.Events, targets: n, stop: stop, sent: map[event.ID]int{}, taken: map[event.ID]int{}, gone: map[event.ID]bool{}}
	b.OnResult, b.OnGone = run.note, run.noteGone
	return run, a.cmd(func() tea.Msg {
		defer run.stop(nil)
		tally, err := a.session.ReplayMany(ctx, b)
		if errors.Is(context.Cause(ctx), errStopped) {
			err = errStopped // also where the last of them was under way
		}
		return resultMsg{text: run.sentence(tally, err), ok: err == nil && run.left() == nil, ended: runEndedMsg{run}, command: command}
	})
}

// sentence says how it ended, and what is left.
func (r *replayRun) sentence(tally dev.Tally, err error) string {
	text := fmt.Sprintf("%s of %s sent, %s answered 2xx", count(int64(tally.Sent)), plural(int64(r.planned()), "replay"), count(int64(tally.Answered)))
	r.mu.Lock()
	trouble, gone := r.trouble, len(r.gone)
	r.mu.Unlock()
	unrecorded := errors.Is(err, dev.ErrUnrecorded)
	switch {
	case errors.Is(err, errStopped):
		text = "stopped: " + text
	case err != nil && !unrecorded:
		text += "; " + plain(err)
	case trouble.N > 0:
		text += fmt.Sprintf("; %s to %s", outcomeOf(&trouble), trouble.Event.Short())
	}
	if unrecorded {
		text += "; not recorded: " + plain(err)
	}
	if gone > 0 {
		text += fmt.Sprintf("; %s deleted meanwhile", plural(int64(gone), "event"))
	}
	if left := r.left(); left != nil {
		if left.unsent > 0 {
			text += fmt.Sprintf("; %s not sent", count(int64(left.unsent)))
		}
		text += ": R goes on"
	}
	return text
}

// outcomeOf is the answer to an attempt in few words.
func outcomeOf(d *event.Delivery) string {
	if result := d.Result(); result != "" {
		return fmt.Sprintf("%s in %s", result, took(d.Took))
	}
	return "no answer"
}

// A remainder is what a run has left: the events that a target did not take, and those
// that were not sent to all of them.
type remainder struct {
	ids            []event.ID // oldest first
	failed, unsent int        // events
}

// left is nil where all was sent and taken.
func (r *replayRun) left() *remainder {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest remainder
	seen := map[event.ID]bool{}
	for _, id := range r.ids {
		switch {
		case seen[id] || r.gone[id] || r.taken[id] >= r.targets:
			continue
		case r.sent[id] < r.targets:
			rest.unsent++
		default:
			rest.failed++
		}
		seen[id] = true
		rest.ids = append(rest.ids, id)
	}
	if len(rest.ids) == 0 {
		return nil
	}
	slices.Sort(rest.ids)
	return &rest
}

func (r *remainder) name() string {
	text := fmt.Sprintf("the %s left of the last run", count(int64(len(r.ids))))
	var parts []string
	if r.failed > 0 {
		parts = append(parts, count(int64(r.failed))+" failed")
	}
	if r.unsent > 0 {
		parts = append(parts, count(int64(r.unsent))+" not sent")
	}
	return text + " (" + strings.Join(parts, ", ") + ")"
}

// progress is the status line meanwhile.
func (r *replayRun) progress(t *theme) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := fmt.Sprintf("%s %s of %s replayed", t.mark.busy, count(int64(r.done)), count(int64(r.planned())))
	if r.done > 0 {
		text += fmt.Sprintf(", %s: %s", r.last.Event.Short(), outcomeOf(&r.last))
	}
	if r.failed > 0 {
		text += ", " + t.failed.paint(count(int64(r.failed))+" not 2xx")
	}
	return text
}

// dryRun shows what would be sent.
func (a *asks) dryRun(b dev.Batch, command string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		all := len(b.Events)
		b.Events = b.Events[:min(all, maxListed)]
		sent, err := a.session.Preview(a.ctx, b)
		if err != nil {
			return resultMsg{text: err.Error()}
		}
		var text strings.Builder
		for _, s := range sent {
			fmt.Fprintf(&text, "%s %s\n", s.Event.Method, s.Delivery.URL)
			for _, field := range s.Delivery.RequestHeader {
				fmt.Fprintf(&text, "  %s: %s\n", field.Name, field.Value)
			}
			fmt.Fprintf(&text, "  body %s  sha256 %s\n\n", plural(int64(len(s.Event.Body)), "byte"), fmt.Sprintf("%x", s.Event.SHA256))
		}
		title := "what would be sent: " + plural(int64(len(sent)), "request")
		if all > len(b.Events) {
			title += fmt.Sprintf(" of the first %s of %s events", count(int64(len(b.Events))), count(int64(all)))
		}
		command := strings.Replace(command, "hfhook replay", "hfhook replay --dry-run", 1)
		return pushMsg{screen: newDocument(a.runner, "dry run", command, func(f frame) []string {
			t := f.theme
			return []string{
				t.lead(" "+t.mark.back+" "+t.bold.paint("Dry run")+"  "+title, t.dim.paint("nothing was sent")+" ", f.w),
				t.cut(t.dim.paint(" $ "+visible.Line(command)), f.w),
			}
		}, nil, []byte(text.String()))}
	})
}
