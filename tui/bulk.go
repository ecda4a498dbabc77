package tui

// Many replays at once: the dialog that asks how, and the run that is under way.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// The choices of the dialog's fields.
var (
	orders = []string{"oldest first", "newest first"}
	paces  = []string{"one after another", "4 at a time", "as recorded"}
	stops  = []string{"at the first answer that is not 2xx", "never"}
)

const every = "every target"

type bulk struct {
	main *events
	ids  []event.ID // oldest first
	rows []event.Row
	to   []string // names of the targets, as the field has them
	form form
}

// newBulk asks how to replay some events. rows are those of them that are known.
func newBulk(main *events, ids []event.ID, targets []dev.Target) *bulk {
	p := &bulk{main: main, ids: ids}
	for _, r := range main.list.rows {
		if slices.Contains(ids, r.ID) {
			p.rows = append(p.rows, r)
		}
	}
	for _, t := range targets {
		p.to = append(p.to, t.Name)
	}
	if len(p.to) != 1 {
		p.to = append([]string{every}, p.to...)
	}
	p.form.fields = []field{{name: "To", choose: p.to}, {name: "Order", choose: orders}, {name: "Pace", choose: paces}, {name: "Stop", choose: stops}}
	if len(p.to) == 1 {
		p.form.at = 1
	}
	return p
}

// batch is what the form says.
func (p *bulk) batch() dev.Batch {
	b := dev.Batch{Events: slices.Clone(p.ids), Target: p.form.value("To"), StopOnFail: p.form.value("Stop") == stops[0]}
	if b.Target == every {
		b.Target = ""
	}
	if p.form.value("Order") == orders[1] {
		slices.Reverse(b.Events)
	}
	switch p.form.value("Pace") {
	case paces[1]:
		b.Concurrency = 4
	case paces[2]:
		b.Pace = 1
	}
	return b
}

// command does the same from a shell.
func (p *bulk) command(targets []dev.Target) string {
	b := p.batch()
	words := []string{"hfhook replay"}
	for _, id := range b.Events {
		words = append(words, string(id))
	}
	for _, t := range targets {
		if b.Target == "" || b.Target == t.Name {
			words = append(words, "--to "+shellWord(t.URL))
		}
	}
	if b.Concurrency > 1 {
		words = append(words, fmt.Sprintf("--concurrency %d", b.Concurrency))
	}
	if b.Pace > 0 {
		words = append(words, fmt.Sprintf("--pace %gx", b.Pace))
	}
	if b.StopOnFail {
		words = append(words, "--stop-on-fail")
	}
	return strings.Join(words, " ")
}

func (p *bulk) Name() string { return "replay" }

func (p *bulk) Keys(frame) []binding {
	down := keys(actDown)[0].as("field")
	down.quiet = false
	bindings := append(append([]binding{keys(actChoose)[0].as("replay")}, keys(actUp)...), down)
	if len(p.form.fields[p.form.at].choose) > 1 {
		bindings = append(bindings, keys(actFold)[0].as("choice"), keys(actUnfold)[0].as("choice"))
	}
	return append(append(bindings, keys(actCopyCommand, actBack)...), keys(actHelp, actQuit)...)
}

func (p *bulk) Do(a action, f frame) (step, tea.Cmd) {
	n := len(p.form.fields)
	switch a {
	case actUp:
		p.form.at = (p.form.at + n - 1) % n
	case actDown:
		p.form.at = (p.form.at + 1) % n
	case actFold:
		p.form.edit(tea.KeyPressMsg{Code: tea.KeyLeft})
	case actUnfold:
		p.form.edit(tea.KeyPressMsg{Code: tea.KeyRight})
	case actCopyCommand:
		command := p.command(f.state.Targets)
		return step{}, p.main.ask.copy("the command", plainText(command))
	case actChoose:
		p.main.marks.clear()
		return step{pop: true}, p.main.begin(p.batch(), f)
	case actBack:
		return step{pop: true}, nil
	}
	return step{}, nil
}

func (p *bulk) Update(tea.Msg, frame) tea.Cmd { return nil }

func (p *bulk) Moves(frame) time.Duration { return 0 }

func (p *bulk) Idle(frame) (left, right string) {
	return "replays go from here to the handler: they cost no Hub trigger and no tunnel traffic", ""
}

func (p *bulk) View(f frame) []string {
	t := f.theme
	lines := header(f, arrange(f.w, f.h, noBanner))
	lines = append(lines, " "+t.bold.paint("Replay "+plural(int64(len(p.ids)), "event")), t.line(f.w, ""))
	foot := []string{t.line(f.w, "as a command"), " " + t.cut(visible.Line(p.command(f.state.Targets)), f.w-2), t.line(f.w, "")}
	fields := min(len(p.form.fields), max(f.h-len(lines)-len(foot), 1))
	for i := max(p.form.at-fields+1, 0); i < max(p.form.at+1, fields); i++ {
		field := &p.form.fields[i]
		mark, look := " ", style{}
		if i == p.form.at {
			mark, look = t.mark.cursor, t.bold
		}
		lines = append(lines, mark+" "+t.dim.paint(t.fit(field.name, 6))+" "+look.paint(t.mark.back+" "+visible.Line(field.value())+" "+t.mark.arrow))
	}
	lines = append(lines, t.line(f.w, ""))
	room := max(f.h-len(lines)-len(foot), 0)
	for i := range p.rows[:min(len(p.rows), room)] {
		r := &p.rows[i]
		first := ""
		if r.Deliveries > 0 {
			cells := eventCells(item{row: r}, f)
			first = "last time " + cells.status
		}
		lines = append(lines, t.lead(" "+t.link.paint(r.ID.Short())+"  "+t.fit(visible.Line(r.Label), 14)+" "+visible.Line(r.Repo), t.dim.paint(first)+" ", f.w))
	}
	return append(t.fill(lines, f.w, f.h-len(foot)), foot...)
}

// A bulkRun is many replays that are under way.
type bulkRun struct {
	planned      int
	done, failed atomic.Int64
	stop         context.CancelCauseFunc
}

var errStopped = errors.New("stopped")

// begin starts many replays, one batch at a time.
func (e *events) begin(b dev.Batch, f frame) tea.Cmd {
	if e.run != nil {
		return resultCmd("a replay of many is under way: ctrl+x stops it", false)
	}
	n := len(f.state.Targets)
	if b.Target != "" {
		n = 1
	}
	ctx, stop := context.WithCancelCause(e.ask.ctx)
	e.run = &bulkRun{planned: len(b.Events) * n, stop: stop}
	return e.ask.replayMany(ctx, b, e.run)
}

func (a *asks) replayMany(ctx context.Context, b dev.Batch, run *bulkRun) tea.Cmd {
	b.OnResult = func(r dev.Sent) {
		run.done.Add(1)
		if !r.Delivery.OK() {
			run.failed.Add(1)
		}
	}
	return a.cmd(func() tea.Msg {
		defer run.stop(nil)
		tally, err := a.session.ReplayMany(ctx, b)
		text := fmt.Sprintf("%s of %s sent, %s answered 2xx", count(int64(tally.Sent)), plural(int64(run.planned), "replay"), count(int64(tally.Answered)))
		if err != nil {
			text += fmt.Sprintf("; %v", err)
		}
		return resultMsg{text: text, ok: err == nil && tally.Answered == tally.Planned, run: run}
	})
}

// progress is the status line meanwhile.
func (r *bulkRun) progress(t *theme) string {
	text := fmt.Sprintf("%s replay %s of %s", t.mark.busy, count(r.done.Load()), count(int64(r.planned)))
	if n := r.failed.Load(); n > 0 {
		text += ", " + t.failed.paint(count(n)+" not 2xx")
	}
	return text
}
