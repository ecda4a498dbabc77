package cli

// A replay under way: sends, prints what came of it, and says how it ended.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/drafts"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// replaying is a replay.
type replaying struct {
	*program
	events  *sqlite.Store
	sender  *delivery.Dispatcher
	targets []delivery.Target
	recipe  recipe
	request event.Edit // of method, path and headers

	ids    []event.ID
	staged map[event.ID]*event.Event // what ids stand for that are none yet; nil: nothing

	as          format
	pace        float64
	concurrency int
	stopOnFail  bool
	compare     bool // with the baseline
	allowNew    bool
	ignore      []jsontree.Path
	junit       string

	done    map[sending]bool // by the replay that this one goes on with
	before  *drafts.Draft    // what that one has kept; nil: there is none
	resumed bool             // it goes on with another one
	rest    *remaining
	again   string // the command that goes on with this one

	failed  int
	because tallyOfCompared
	refused map[string]bool // names of targets that took no connection
	cases   []testCase
}

// load returns the event that is to be sent, which has no ID where it is a new one.
func (r *replaying) load(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
	if e, ok := r.staged[id]; ok {
		return e, nil, nil
	}
	original, err := r.events.Event(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	e, err := r.edited(original)
	if err != nil || e != original {
		return e, nil, err
	}
	made, err := r.events.Attempts(ctx, id)
	return e, made, err
}

func (r *replaying) record(ctx context.Context, e *event.Event) error {
	e.Received = time.Now()
	return r.events.Append(ctx, e, store.AppendOptions{})
}

// run sends the events and prints each attempt.
func (r *replaying) run(ctx context.Context) error {
	if err := r.writeReport(0); err != nil { // before anything is sent for it
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	bar := newProgress(r.program, len(r.ids)*len(r.targets))
	var unprinted error
	plan := delivery.Plan{
		Events: r.ids, Targets: r.targets, Skip: r.skip, Gone: r.gone, Load: r.load, Record: r.record, Concurrency: r.concurrency, Pace: r.pace,
		OnResult: func(res delivery.Result) {
			bar.clear()
			if err := r.result(ctx, &res); err != nil && unprinted == nil {
				unprinted = err
				stop(err)
			}
			bar.step(r.failed)
		},
	}
	if r.stopOnFail {
		plan.StopOn = func(res delivery.Result) bool {
			v, err := r.judge(ctx, &res)
			return err != nil || v.failed
		}
	}
	start := time.Now()
	tally, err := r.sender.Replay(ctx, plan)
	bar.clear()
	if unprinted != nil {
		err = unprinted
	}
	err = errors.Join(err, r.writeReport(time.Since(start)))
	if err != nil || tally.Planned > 1 || tally.Sent < tally.Planned {
		text := r.summary(tally, time.Since(start))
		if unprinted == nil && ctx.Err() != nil {
			text = "interrupted: " + text
		}
		fmt.Fprintln(r.err, text)
	}
	r.endRemaining(tally.Sent < tally.Planned)
	switch {
	case err != nil:
		return err
	case r.failed > 0 && r.compare:
		return &failure{code: exitHandler, err: fmt.Errorf("%s not right: %v", outOf(r.failed, tally.Sent, "answer"), r.because), try: cmp.Or(r.another(), "hfhook show ID --deliveries shows the answers; hfhook accept ID --attempt N accepts one")}
	case r.failed > 0:
		return &failure{code: exitHandler, err: fmt.Errorf("%s not 2xx", outOf(r.failed, tally.Sent, "answer")), try: cmp.Or(r.another(), "hfhook show @failed --deliveries shows the answer")}
	}
	return nil
}

// another is what to try if a target took no connection, or is reached through a proxy.
func (r *replaying) another() string {
	for _, t := range r.targets {
		if bypass := r.sender.Bypass(t); bypass != "" {
			return bypass
		}
		if r.refused[t.Name] {
			return cmp.Or(tryElsewhere(elsewhere(t), "--to "), "start the handler on "+strings.Join(t.Addresses(), " or ")+", or use another target with --to")
		}
	}
	return ""
}

func (r *replaying) summary(tally delivery.Tally, spent time.Duration) string {
	text := fmt.Sprintf("sent %d of %d in %s, %d answered 2xx", tally.Sent, tally.Planned, took(spent), tally.Answered)
	if left := tally.Planned - tally.Sent; left > 0 {
		text += fmt.Sprintf(", %d not sent", left)
	}
	return text
}

// replayLine is the line of --json: a delivery with what the replay knows of it.
type replayLine struct {
	deliveryLine
	Parent      event.ID    `json:"parent,omitempty"`   // of an edited event
	Compared    compared    `json:"compared,omitempty"` // with the baseline
	Baseline    int         `json:"baseline,omitempty"` // number of the attempt that is compared with
	Why         string      `json:"why,omitempty"`      // it could not be compared, or what the differences do not show
	Changed     *bool       `json:"changed,omitempty"`  // if it could be compared
	StatusWas   int         `json:"status_was,omitempty"`
	Differences []fieldLine `json:"differences,omitempty"`
	Text        string      `json:"text,omitempty"` // the difference of bodies that are no JSON
}

func newReplayLine(res *delivery.Result, v *verdict) replayLine {
	line := replayLine{deliveryLine: newDeliveryLine(&res.Delivery), Parent: res.Event.Parent, Compared: v.found, Why: v.with.Why}
	if v.with.Was != nil {
		line.Baseline = v.with.Was.N
	}
	if v.found == foundSame || v.found == foundChanged {
		changed := v.found == foundChanged
		line.Changed = &changed
	}
	if v.found == foundChanged {
		line.StatusWas = v.with.Was.Status
		if v.with.Body != nil {
			line.Differences, line.Text = fieldLines(v.with.Body)
		}
	}
	return line
}

// attemptLine is the line of an attempt, with a note behind its number.
func attemptLine(d *event.Delivery, note string) string {
	text := fmt.Sprintf("%s  %s in %s from %s (attempt %d%s)", d.Event, outcome(d), took(d.Took), d.URL, d.N, note)
	if why := cmp.Or(d.Err, d.Advice()); why != "" {
		text += ": " + why
	}
	return visible.Line(text) + "\n"
}

// result prints an attempt.
func (r *replaying) result(ctx context.Context, res *delivery.Result) error {
	d := &res.Delivery
	v, err := r.judge(ctx, res)
	if err != nil {
		return err
	}
	if v.failed {
		r.failed++
		if r.because == nil {
			r.because = tallyOfCompared{}
		}
		found := v.found
		if found == foundNew && !d.OK() {
			found = ""
		}
		r.because[found]++
	}
	r.rest.note(res.For, d.Target, !v.failed)
	if res.Refused {
		if r.refused == nil {
			r.refused = make(map[string]bool)
		}
		r.refused[res.Delivery.Target] = true
	}
	if r.junit != "" {
		r.cases = append(r.cases, newTestCase(res, v))
	}
	if r.as.ids {
		_, err := fmt.Fprintln(r.out, d.Event)
		return err
	}
	if r.as.json {
		return writeLine(r.out, newReplayLine(res, &v))
	}
	note := ""
	if res.Event.ID != res.For && r.staged == nil {
		note = ", edited copy of " + res.For.Short()
	}
	var b strings.Builder
	b.WriteString(attemptLine(d, note))
	for line := range strings.Lines(visible.Block(v.text())) {
		b.WriteString("    " + line)
	}
	if _, err := fmt.Fprint(r.out, b.String()); err != nil {
		return fmt.Errorf("print attempt %d of event %s: %w", d.N, d.Event, err)
	}
	return nil
}
