package dev

// What a handler gets again after it was restarted: edit code, save, see.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/duration"
	"hfhook/internal/jsondiff"
	"hfhook/store"
)

// OnRestart says which events a target gets again when it is back.
type OnRestart string

// The choices of OnRestart.
const (
	RestartNone   OnRestart = "none"
	RestartLast   OnRestart = "last"   // the newest event that the target gets
	RestartFailed OnRestart = "failed" // those whose last attempt there has failed
	RestartPinned OnRestart = "pinned" // those that are pinned
)

// wholeResults is the number of results for which a HandlerRestart has the fields that differ;
// further results are only counted.
const wholeResults = 20

// A HandlerRestart is a target that was away, or that another process now runs, with the events
// that it was sent because of that, and its answers.
type HandlerRestart struct {
	N       int64 // counts those of the session, from 1
	Target  string
	URL     string
	At      time.Time // when it accepted connections again
	Results []Comparison
	Err     string // why there are not more results
}

// A Comparison is an attempt and the previous one to the same target.
type Comparison struct {
	Now    event.Delivery
	Before *event.Delivery  // nil: this is the first that has ended
	Body   *jsondiff.Diff   // the difference between the recorded answers; nil if there is nothing to compare
	Found  baseline.Verdict // the verdict, if Body is not nil
	Why    string           // why the answers could not be compared, or what Body does not show
}

// Compare compares an attempt with the previous one, nil if it is the first.
func Compare(now event.Delivery, before *event.Delivery) Comparison {
	c := Comparison{Now: now, Before: before}
	if before != nil && before.Err == "" && now.Err == "" {
		found := baseline.Compare(before, &now)
		c.Found, c.Why, c.Body = found.Verdict, found.Why, found.Body
		if c.Body == nil { // their sums are equal
			c.Body = jsondiff.Compare(before.ResponseBody, now.ResponseBody)
		}
	}
	return c
}

// kept returns the part of the comparison that is kept, one of so many.
func (c Comparison) kept(of int) Comparison {
	if of <= wholeResults {
		return c
	}
	c.Now = c.Now.Summary()
	if c.Before != nil {
		before := c.Before.Summary()
		c.Before = &before
	}
	if c.Body != nil {
		c.Body = &jsondiff.Diff{Counts: c.Body.Counts}
	}
	return c
}

// before returns the last of the earlier attempts to the target of now that has ended, or nil.
func before(now *event.Delivery, earlier []event.Delivery) *event.Delivery {
	for i := range slices.Backward(earlier) {
		if d := &earlier[i]; d.Target == now.Target && d.State == event.Done && d.N != now.N {
			return d
		}
	}
	return nil
}

// Changed reports whether the target's answer differs from the previous one. Its duration does
// not count.
func (c *Comparison) Changed() bool {
	switch {
	case c.Before == nil:
		return false
	case c.Before.Status != c.Now.Status, (c.Before.Err == "") != (c.Now.Err == ""):
		return true
	case c.Body == nil:
		return false
	}
	return c.Found == baseline.Changed
}

// String returns the comparison in one line, for example "500 → 200 in 61ms (before: 198ms),
// body: 2 changed, 1 added". It contains text from outside.
func (c *Comparison) String() string {
	text := answer(&c.Now)
	if c.Before == nil {
		return text + ", never answered before"
	}
	before := attempt.Answer(c.Before)
	alike := before == attempt.Answer(&c.Now)
	if !alike {
		text = before + " → " + text
	}
	switch {
	case c.Before.Err == "":
		text += " (before: " + duration.Text(c.Before.Took) + ")"
	case alike && c.Before.Err == c.Now.Err:
		return text + ", as before"
	}
	switch {
	case c.Body == nil:
	case c.Found == baseline.Unknown:
		text += ", body could not be compared: " + c.Why
	case c.Body.Same() && c.Why != "":
		text += ", " + c.Why
	case c.Body.Same():
		text += ", same body"
	default:
		text += ", body: " + differences(c.Body)
	}
	return text
}

func differences(d *jsondiff.Diff) string {
	var parts []string
	for _, kind := range []jsondiff.Change{jsondiff.Changed, jsondiff.Added, jsondiff.Removed} {
		if n := d.Counts[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind))
		}
	}
	return strings.Join(parts, ", ")
}

// answer returns an attempt's result in words, with its error.
func answer(d *event.Delivery) string {
	if d.Err != "" {
		return attempt.Text(d) + ": " + d.Err
	}
	return attempt.Text(d)
}

// OK reports whether everything was sent and answered with 2xx.
func (c *HandlerRestart) OK() bool {
	return c.Err == "" && !slices.ContainsFunc(c.Results, func(r Comparison) bool { return !r.Now.OK() })
}

// String returns the result in one line.
func (c *HandlerRestart) String() string {
	var text string
	switch n := len(c.Results); n {
	case 0:
		text = "nothing to replay"
	case 1:
		text = c.Results[0].String() + " (" + c.Results[0].Now.Event.Short() + ")"
	default:
		good, changed, unknown := 0, 0, 0
		for i := range c.Results {
			if c.Results[i].Now.OK() {
				good++
			}
			if c.Results[i].Changed() {
				changed++
			}
			if r := &c.Results[i]; r.Body != nil && r.Found == baseline.Unknown {
				unknown++
			}
		}
		text = fmt.Sprintf("%d replays, %d answered 2xx, %d changed", n, good, changed)
		if unknown > 0 {
			text += fmt.Sprintf(", %d could not be compared", unknown)
		}
	}
	if c.Err != "" {
		text += "; " + c.Err
	}
	return "handler is back: " + text
}

// candidates returns the events that a target gets again when it is back, oldest first. Events
// that wait for it are sent anyway.
func (s *Session) candidates(ctx context.Context, t delivery.Target) ([]event.ID, error) {
	q := store.Query{Limit: 100}
	switch s.opts.OnRestart {
	case RestartFailed:
		q.Filter = filter.Same{filter.Failed, filter.Target(t.Name)}
	case RestartPinned:
		q.Filter = filter.Pinned
	}
	var found []event.ID
	for {
		page, err := s.store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			wanted, over, err := s.candidate(ctx, t, &page.Rows[i])
			if err != nil {
				return nil, err
			}
			if wanted {
				found = append(found, page.Rows[i].ID)
			}
			if over {
				slices.Reverse(found)
				return found, nil
			}
		}
		if q.Before = page.Next; page.Next == "" {
			slices.Reverse(found)
			return found, nil
		}
	}
}

// candidate reports whether the target gets the event again. over reports that it gets no older
// ones: the last was found, or is being sent.
func (s *Session) candidate(ctx context.Context, t delivery.Target, row *event.Row) (wanted, over bool, err error) {
	e, err := s.store.Event(ctx, row.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, false, nil // deleted meanwhile
	}
	if err != nil || !t.Wants(e) {
		return false, false, err
	}
	last := s.opts.OnRestart == RestartLast
	at := slices.IndexFunc(row.Outcomes, func(o event.Outcome) bool { return o.Target == t.Name })
	if at >= 0 && row.Outcomes[at].Pending() {
		return false, last, nil // it is sent anyway
	}
	if s.opts.OnRestart == RestartFailed && (at < 0 || !row.Outcomes[at].Failed()) {
		return false, false, nil
	}
	return true, last, nil
}

// replayAfterRestart sends the events to a target that is back, one after another, and reports
// the results.
func (s *Session) replayAfterRestart(ctx context.Context, t delivery.Target, at time.Time, v *restartReplay) {
	c := &HandlerRestart{Target: t.Name, URL: t.URL.String(), At: at}
	var gone atomic.Int64 // events that were deleted meanwhile
	found, err := s.candidates(ctx, t)
	s.outbox.Back(t.Name) // only now, so that events that waited are not replayed
	if err == nil {
		plan := delivery.Plan{Events: found, Targets: []delivery.Target{t}}
		var had sync.Map // by event, until its result is known: the earlier attempts
		plan.Load = func(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
			e, err := s.store.Event(ctx, id)
			if err != nil {
				return nil, nil, err
			}
			earlier, err := s.store.Deliveries(ctx, id)
			had.Store(id, earlier)
			return e, earlier, err
		}
		plan.Gone = func(_ event.ID, err error) bool {
			deleted := errors.Is(err, store.ErrNotFound)
			if deleted {
				gone.Add(1)
			}
			return deleted
		}
		plan.OnResult = func(r delivery.Result) {
			earlier, _ := had.LoadAndDelete(r.For)
			attempts, _ := earlier.([]event.Delivery)
			c.Results = append(c.Results, Compare(r.Delivery, before(&r.Delivery, attempts)).kept(len(found)))
		}
		// If the handler rejects the first, it is not asked again and again.
		plan.StopOn = func(r delivery.Result) bool { return r.Delivery.Status == 0 || v.over.Load() }
		_, err = s.outbox.Replay(ctx, plan)
	}
	switch {
	case ctx.Err() != nil || v.over.Load():
		return
	case err != nil:
		c.Err = err.Error()
	case len(c.Results)+int(gone.Load()) < len(found):
		c.Err = fmt.Sprintf("%d more were not sent", len(found)-len(c.Results)-int(gone.Load()))
	}
	c.N = 1
	if last := s.lastRestart.Load(); last != nil {
		c.N = last.N + 1
	}
	s.lastRestart.Store(c)
	s.journal.add(Entry{HandlerRestart: c})
	s.change()
}
