package dev

// What the handler that hfhook runs has printed while it answered one request. The lines do not
// name the request, so they are matched by time.

import (
	"slices"
	"sync"
	"time"

	"hfhook/event"
)

const (
	// printedAfter is for how long after an answer a line still belongs to it: many frameworks
	// log an exception after they have answered 500.
	printedAfter = 250 * time.Millisecond

	mostPrinted  = 200 // lines for one attempt
	keptRequests = 500 // whose times are remembered
)

// Printed is what the handler has printed during an attempt.
type Printed struct {
	Lines []HandlerLine // oldest first, without hfhook's own remarks
	Mixed bool          // another request was under way then, so some lines may be about that one
}

// requests are the times of the newest attempts, oldest first.
type requests struct {
	mu  sync.Mutex
	all []*request
}

type request struct {
	event       event.ID
	target      string
	began, over time.Time // over: zero while it is under way
}

// begin notes the start of an attempt; the function that it returns notes its end.
func (r *requests) begin(d event.Delivery) (ended func()) {
	q := &request{event: d.Event, target: d.Target, began: d.Started}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= keptRequests {
		r.all = slices.Delete(r.all, 0, len(r.all)-keptRequests+1)
	}
	r.all = append(r.all, q)
	return func() {
		r.mu.Lock()
		q.over = time.Now()
		r.mu.Unlock()
	}
}

// meanwhile reports whether a target had another request than d between two times, or so
// shortly before that its output could overlap.
func (r *requests) meanwhile(d *event.Delivery, from, to time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.all, func(q *request) bool {
		itself := q.event == d.Event && q.began.Sub(d.Started).Abs() < time.Millisecond // the store rounds times
		return !itself && q.target == d.Target && q.began.Before(to) && (q.over.IsZero() || q.over.Add(printedAfter).After(from))
	})
}

// PrintedDuring returns what the handler that hfhook runs has printed from the start of an
// attempt until shortly after its end. It is empty if the attempt went elsewhere, or was made
// by an earlier session.
func (s *Session) PrintedDuring(d *event.Delivery) (p Printed) {
	if s.opts.Handler == nil || d.Target != s.opts.HandlerTarget || d.Started.IsZero() {
		return p
	}
	to := d.Started.Add(d.Took + printedAfter)
	if d.State == event.Sending {
		to = time.Now()
	}
	p.Lines = slices.DeleteFunc(s.opts.Handler.Between(d.Started, to, mostPrinted), func(l HandlerLine) bool { return l.Remark })
	p.Mixed = len(p.Lines) > 0 && s.requests.meanwhile(d, d.Started, to)
	return p
}
