package cli

// A replay under way: sends, prints what came of it, and says how it ended.

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/drafts"
	"hfhook/internal/duration"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// writeReport writes the report to the file of --junit.
func (r *replaying) writeReport(spent time.Duration) error {
	if r.junit == "" {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	err := enc.Encode(output.TestSuite{Name: "hfhook replay", Tests: len(r.cases), Failures: r.failed, Seconds: output.Seconds(spent), Cases: r.cases})
	if err == nil {
		b.WriteString("\n")
		err = os.WriteFile(r.junit, b.Bytes(), 0o666)
	}
	if err != nil {
		return fmt.Errorf("write the report of --junit: %w", err)
	}
	return nil
}

// replaying is a replay.
type replaying struct {
	*program
	events  *sqlite.Store
	sender  *delivery.Dispatcher
	targets []delivery.Target
	recipe  recipe
	request event.Edit // of method, path and headers

	ids    []event.ID
	ahead  *store.Ahead              // reads ids
	staged map[event.ID]*event.Event // what ids stand for that are none yet; nil: nothing

	as          output.Format
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
	because output.TallyOfCompared
	refused map[string]bool // names of targets that took no connection
	cases   []output.TestCase
}

// load returns the event that is to be sent, which has no ID where it is a new one.
func (r *replaying) load(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
	if e, ok := r.staged[id]; ok {
		return e, nil, nil
	}
	if r.ahead == nil {
		r.ahead = store.NewAhead(r.events, r.ids, r.pace > 0)
	}
	original, made, err := r.ahead.Event(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	e, err := r.edited(original)
	if err != nil || e != original {
		return e, nil, err
	}
	return e, made, nil
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
	bar := output.NewProgress(r.program.err, r.program.env, len(r.ids)*len(r.targets))
	var unprinted error
	plan := delivery.Plan{
		Events: r.ids, Targets: r.targets, Skip: r.skip, Gone: r.gone, Load: r.load, Record: r.record, Concurrency: r.concurrency, Pace: r.pace,
		OnResult: func(res delivery.Result) {
			bar.Clear()
			if err := r.result(ctx, &res); err != nil && unprinted == nil {
				unprinted = err
				stop(err)
			}
			bar.Step(r.failed)
		},
	}
	if r.stopOnFail {
		plan.StopOn = func(res delivery.Result) bool {
			v, err := r.judge(ctx, &res)
			return err != nil || v.Failed
		}
	}
	start := time.Now()
	tally, err := r.sender.Replay(ctx, plan)
	bar.Clear()
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
		return &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("%s not right: %v", output.OutOf(r.failed, tally.Sent, "answer"), r.because), Try: cmp.Or(r.another(), "hfhook show ID --deliveries shows the answers; hfhook accept ID --attempt N accepts one")}
	case r.failed > 0:
		return &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("%s not 2xx", output.OutOf(r.failed, tally.Sent, "answer")), Try: cmp.Or(r.another(), "hfhook show @failed --deliveries shows the answer")}
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
			return cmp.Or(tryPorts(otherServices(t), "--to "), "start the handler on "+strings.Join(t.Addresses(), " or ")+", or use another target with --to")
		}
	}
	return ""
}

func (r *replaying) summary(tally delivery.Tally, spent time.Duration) string {
	text := fmt.Sprintf("sent %d of %d in %s, %d answered 2xx", tally.Sent, tally.Planned, duration.Text(spent), tally.Answered)
	if left := tally.Planned - tally.Sent; left > 0 {
		text += fmt.Sprintf(", %d not sent", left)
	}
	return text
}

// replayLine is the line of --json: a delivery with what the replay knows of it.
type replayLine struct {
	output.DeliveryLine
	Parent      event.ID        `json:"parent,omitempty"`   // of an edited event
	Compared    output.Compared `json:"compared,omitempty"` // with the baseline
	Baseline    int             `json:"baseline,omitempty"` // number of the attempt that is compared with
	Why         string          `json:"why,omitempty"`      // it could not be compared, or what the differences do not show
	Changed     *bool           `json:"changed,omitempty"`  // if it could be compared
	StatusWas   int             `json:"status_was,omitempty"`
	Differences []fieldLine     `json:"differences,omitempty"`
	Text        string          `json:"text,omitempty"` // the difference of bodies that are no JSON
}

func newReplayLine(res *delivery.Result, v *output.Verdict) replayLine {
	line := replayLine{DeliveryLine: output.NewDeliveryLine(&res.Delivery), Parent: res.Event.Parent, Compared: v.Found, Why: v.With.Why}
	if v.With.Was != nil {
		line.Baseline = v.With.Was.N
	}
	if v.Found == output.FoundSame || v.Found == output.FoundChanged {
		changed := v.Found == output.FoundChanged
		line.Changed = &changed
	}
	if v.Found == output.FoundChanged {
		line.StatusWas = v.With.Was.Status
		if v.With.Body != nil {
			line.Differences, line.Text = fieldLines(v.With.Body)
		}
	}
	return line
}

// attemptLine is the line of an attempt, with a note behind its number.
func attemptLine(d *event.Delivery, note string) string {
	text := fmt.Sprintf("%s  %s from %s (attempt %d%s)", d.Event, attempt.Text(d), d.URL, d.N, note)
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
	if v.Failed {
		r.failed++
		if r.because == nil {
			r.because = output.TallyOfCompared{}
		}
		found := v.Found
		if found == output.FoundNew && !d.OK() {
			found = ""
		}
		r.because[found]++
	}
	r.rest.note(res.For, d.Target, !v.Failed)
	if res.Refused {
		if r.refused == nil {
			r.refused = make(map[string]bool)
		}
		r.refused[res.Delivery.Target] = true
	}
	if r.junit != "" {
		r.cases = append(r.cases, output.NewTestCase(res, v))
	}
	if r.as.IDs {
		_, err := fmt.Fprintln(r.out, d.Event)
		return err
	}
	if r.as.JSON {
		return output.WriteLine(r.out, newReplayLine(res, &v))
	}
	note := ""
	if res.Event.ID != res.For && r.staged == nil {
		note = ", edited copy of " + res.For.Short()
	}
	var b strings.Builder
	b.WriteString(attemptLine(d, note))
	for line := range strings.Lines(visible.Block(v.Text())) {
		b.WriteString("    " + line)
	}
	if _, err := fmt.Fprint(r.out, b.String()); err != nil {
		return fmt.Errorf("print attempt %d of event %s: %w", d.N, d.Event, err)
	}
	return nil
}
