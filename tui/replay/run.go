package replay

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
	"hfhook/internal/attempt"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A Run is many replays that are under way. Its results come from another
// goroutine.
type Run struct {
	ids     []event.ID // in the order in which they are sent
	targets int
	stop    context.CancelCauseFunc
	change  change // of failed events, once it has ended

	mu      sync.Mutex
	sent    map[event.ID]int // attempts of the event
	taken   map[event.ID]int // of them, with an answer from 200 to 299
	done    int
	failed  int
	last    event.Delivery    // the newest
	trouble event.Delivery    // the newest that was not taken; N is 0 if there is none
	gone    map[event.ID]bool // events that were deleted meanwhile
}

// RunEndedMsg says that a run has ended.
type RunEndedMsg struct{ Run *Run }

var errStopped = errors.New("stopped")

func (r *Run) planned() int { return len(r.ids) * r.targets }

// Halt stops it after the attempts that are under way.
func (r *Run) Halt() { r.stop(errStopped) }

// note takes a result.
func (r *Run) note(s dev.Sent) {
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
func (r *Run) noteGone(id event.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[id] = true
}

// StartRun starts many replays, one batch at a time.
func StartRun(r *screen.Runner, s Session, b dev.Batch, command string, f screen.Frame) (*Run, tea.Cmd) {
	a := &asks{r, s}

	n := len(f.State.Targets)
	if b.Target != "" || b.Other != "" {
		n = 1
	}
	ctx, stop := context.WithCancelCause(a.Ctx)
	run := &Run{ids: b.Events, targets: n, stop: stop, sent: map[event.ID]int{}, taken: map[event.ID]int{}, gone: map[event.ID]bool{}}
	b.OnResult, b.OnGone = run.note, run.noteGone
	return run, a.Cmd(func() tea.Msg {
		defer run.stop(nil)
		before, _ := a.failing(ctx, b.Events) // without it the sentence has the answers alone
		tally, err := a.session.ReplayMany(ctx, b)
		if errors.Is(context.Cause(ctx), errStopped) {
			err = errStopped // also where the last of them was under way
		}
		if len(before) > 0 {
			if after, err := a.failing(a.Ctx, b.Events); err == nil {
				run.change = run.changed(before, after)
			}
		}
		return screen.ResultMsg{Text: run.sentence(tally, err), Ok: err == nil && run.Left() == nil, Ended: RunEndedMsg{run}, Command: command}
	})
}

// sentence says how it ended, and what is left.
func (r *Run) sentence(tally dev.Tally, err error) string {
	text := fmt.Sprintf("%s of %s sent, %s answered 2xx", style.Count(int64(tally.Sent)), style.Plural(int64(r.planned()), "replay"), style.Count(int64(tally.Answered)))
	r.mu.Lock()
	trouble, gone := r.trouble, len(r.gone)
	r.mu.Unlock()
	if changed := r.change.String(); changed != "" {
		text = fmt.Sprintf("%s; %s of %s sent", changed, style.Count(int64(tally.Sent)), style.Plural(int64(r.planned()), "replay"))
		trouble = event.Delivery{}
	}
	unrecorded := errors.Is(err, dev.ErrUnrecorded)
	switch {
	case errors.Is(err, errStopped):
		text = "stopped: " + text
	case err != nil && !unrecorded:
		text += "; " + screen.Plain(err)
	case trouble.N > 0:
		text += fmt.Sprintf("; %s to %s", attempt.Text(&trouble), trouble.Event.Short())
	}
	if unrecorded {
		text += "; not recorded: " + screen.Plain(err)
	}
	if gone > 0 {
		text += fmt.Sprintf("; %s deleted meanwhile", style.Plural(int64(gone), "event"))
	}
	if left := r.Left(); left != nil {
		if left.unsent > 0 {
			text += fmt.Sprintf("; %s not sent", style.Count(int64(left.unsent)))
		}
		text += ": R sends the rest"
	}
	return text
}

// A Remainder is what a run has left: the events that a target did not take, and those
// that were not sent to all of them.
type Remainder struct {
	Ids            []event.ID // oldest first
	failed, unsent int        // events
}

// Left is nil where all was sent and taken.
func (r *Run) Left() *Remainder {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest Remainder
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
		rest.Ids = append(rest.Ids, id)
	}
	if len(rest.Ids) == 0 {
		return nil
	}
	slices.Sort(rest.Ids)
	return &rest
}

func (r *Remainder) name() string {
	text := fmt.Sprintf("the remaining %s of the last run", style.Count(int64(len(r.Ids))))
	var parts []string
	if r.failed > 0 {
		parts = append(parts, style.Count(int64(r.failed))+" failed")
	}
	if r.unsent > 0 {
		parts = append(parts, style.Count(int64(r.unsent))+" not sent")
	}
	return text + " (" + strings.Join(parts, ", ") + ")"
}

// Progress is the status line meanwhile.
func (r *Run) Progress(t *style.Theme) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := fmt.Sprintf("%s %s of %s replayed", t.Mark.Busy, style.Count(int64(r.done)), style.Count(int64(r.planned())))
	if r.done > 0 {
		text += fmt.Sprintf(", %s: %s", r.last.Event.Short(), attempt.Text(&r.last))
	}
	if r.failed > 0 {
		text += ", " + t.Failed.Paint(style.Count(int64(r.failed))+" not 2xx")
	}
	return text
}

// dryRun shows what would be sent.
func (a *asks) dryRun(b dev.Batch, command string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		all := len(b.Events)
		b.Events = b.Events[:min(all, maxListed)]
		sent, err := a.session.Preview(a.Ctx, b)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		var text strings.Builder
		for _, s := range sent {
			fmt.Fprintf(&text, "%s %s\n", s.Event.Method, s.Delivery.URL)
			for _, field := range s.Delivery.RequestHeader {
				fmt.Fprintf(&text, "  %s: %s\n", field.Name, field.Value)
			}
			fmt.Fprintf(&text, "  body %s  sha256 %s\n\n", style.Plural(int64(len(s.Event.Body)), "byte"), fmt.Sprintf("%x", s.Event.SHA256))
		}
		title := "what would be sent: " + style.Plural(int64(len(sent)), "request")
		if all > len(b.Events) {
			title += fmt.Sprintf(" of the first %s of %s events", style.Count(int64(len(b.Events))), style.Count(int64(all)))
		}
		command := strings.Replace(command, "hfhook replay", "hfhook replay --dry-run", 1)
		return screen.PushMsg{Screen: pager.NewDocument(a.Runner, "dry run", command, func(f screen.Frame) []string {
			t := f.Theme
			return []string{
				t.Lead(" "+t.Bold.Paint("Dry run")+"  "+title, t.Dim.Paint("nothing was sent")+" ", f.W),
				t.Cut(t.Dim.Paint(" $ "+visible.Line(command)), f.W),
			}
		}, nil, []byte(text.String()))}
	})
}
