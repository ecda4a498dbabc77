package dev

// The answer to the sender of an event, and its record.

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/server"
)

const (
	// ackWithin is how long the sender waits for a target's answer, at most. How long the Hub
	// waits is not documented.
	ackWithin = 10 * time.Second

	// lookForAnswer is how often the store is asked for a target's answer, since another
	// process may send to the target.
	lookForAnswer = 100 * time.Millisecond

	// keepAnswersEvery is how long answers wait to be recorded together: so recording costs
	// next to nothing, and a crash loses the answers of a moment, but no event.
	keepAnswersEvery = 250 * time.Millisecond
)

// acknowledge answers the sender once an event is on disk, and has the answer recorded. It is
// the handler of every path.
func (s *Session) acknowledge(ctx context.Context, e *event.Event) (any, error) {
	var ack server.Answer
	answer := event.Answer{Status: http.StatusOK}
	if ruled := s.answerByRule(ctx, e); ruled != nil {
		answer = *ruled
		if ack.Status = answer.Status; ack.Status == http.StatusNoContent || ack.Status == http.StatusNotModified {
			ack.Body = []byte{} // they have none
		}
	} else if s.opts.AckHandler {
		ack, answer.Target, answer.Reason = s.passOn(ctx, e)
		if ack.Status != 0 {
			answer.Status = ack.Status
		}
	}
	if ack.Body == nil && ack.Value == nil {
		ack.Value = capture.Stored{ID: e.ID, Status: "stored"}
	}
	if e.Origin == event.Synthetic {
		ack.Header = ack.Header.Clone()
		if ack.Header == nil {
			ack.Header = http.Header{}
		}
		ack.Header.Set(storedHeader, string(e.ID))
	}
	answer.At = time.Now()
	answer.Took = max(answer.At.Sub(e.Received), 0)
	if answer.Status < 200 || answer.Status > 299 || answer.ByRule() {
		// A sender that gets this answer may send the event again at once, and it is then
		// forwarded: so the answer must be in the store before it is sent. One by a rule is in the row.
		s.putAnswers(ctx, map[event.ID]event.Answer{e.ID: answer})
		s.change()
	}
	capture.OnSent(ctx, func(how event.Arrival) {
		answer.Arrival = how
		s.answers.add(e.ID, answer)
	})
	return ack, nil
}

// passOn waits for the answer of the first target that wants the event: to this event or, if
// that is withheld, to the event that the target gets instead. Without an answer, reason says
// why.
func (s *Session) passOn(ctx context.Context, e *event.Event) (ack server.Answer, target, reason string) {
	for _, t := range s.outbox.Targets() {
		if t.Wants(e) {
			target = t.Name
			break
		}
	}
	if target == "" {
		return ack, "", "no target matches"
	}
	id := e.ID
	for _, d := range s.withheld(ctx, e) {
		if d.Target == target {
			id = d.SameAs
		}
	}
	settled, forget := s.answers.await(id, target)
	defer forget()
	within := cmp.Or(s.opts.AckWithin, ackWithin)
	limit := time.NewTimer(within)
	defer limit.Stop()
	look := time.NewTicker(lookForAnswer)
	defer look.Stop()
	// Check first what holds the event up: it may be this very delivery, whose result says
	// more.
	held := s.heldUp(target)
	d, ok := s.settledAlready(ctx, id, target)
	if !ok && held != "" {
		return ack, "", held
	}
	for !ok {
		select {
		case d = <-settled:
			ok = true
		case <-look.C:
			d, ok = s.settledAlready(ctx, id, target)
		case <-limit.C:
			return ack, "", fmt.Sprintf("%s did not answer within %v", target, within)
		case <-ctx.Done():
			return ack, "", "the sender hung up before " + target
		case <-s.ending:
			return ack, "", "hfhook was stopped before " + target + " had answered"
		}
	}
	switch d.State {
	case event.Done:
	case event.Interrupted:
		return ack, "", "hfhook was stopped before " + target + " had answered"
	default:
		return ack, "", target + " is down: " + d.Err
	}
	return ackOf(&d), target, ""
}

// heldUp says why nothing is sent to a target now; empty: events are sent.
func (s *Session) heldUp(target string) string {
	for _, st := range s.outbox.Health() {
		switch {
		case st.Name != target:
		case st.Health == delivery.Away:
			return target + " is down: " + st.Err
		case st.Paused:
			return target + " is paused"
		case !st.Until.IsZero():
			return target + " asked to wait"
		}
	}
	return ""
}

// settledAlready returns the attempt if the store says that it has ended.
func (s *Session) settledAlready(ctx context.Context, id event.ID, target string) (event.Delivery, bool) {
	all, err := s.store.Deliveries(ctx, id)
	if err != nil {
		return event.Delivery{}, false
	}
	for _, d := range all {
		if d.Target == target && d.Kind == event.Live && (d.State == event.Done || d.State == event.Waiting && d.Err != "") {
			return d, true
		}
	}
	return event.Delivery{}, false
}

// ackOf returns a target's answer as the sender gets it: no headers but the content type, and
// no body that was cut.
func ackOf(d *event.Delivery) server.Answer {
	if d.Err != "" || d.Status < 200 || d.Status > 599 {
		return server.Answer{Status: http.StatusBadGateway, Value: map[string]string{"error": "The handler gave no complete answer."}}
	}
	ack := server.Answer{Status: d.Status}
	if d.ResponseCut {
		return ack
	}
	if ack.Body = d.ResponseBody; ack.Body == nil {
		ack.Body = []byte{}
	}
	if d.Command() {
		ack.Header = http.Header{"Content-Type": {"text/plain; charset=utf-8"}}
		return ack
	}
	for _, f := range d.ResponseHeader {
		if strings.EqualFold(f.Name, "Content-Type") {
			ack.Header = http.Header{"Content-Type": {f.Value}}
		}
	}
	return ack
}

// answers are those that were sent but not recorded yet, and the requests that wait for the
// result of a delivery.
type answers struct {
	mu      sync.Mutex
	given   map[event.ID]event.Answer
	waiting map[awaited][]chan event.Delivery
	some    chan struct{} // one slot: given is not empty
}

type awaited struct {
	event  event.ID
	target string
}

func (a *answers) add(id event.ID, answer event.Answer) {
	a.mu.Lock()
	if a.given == nil {
		a.given = map[event.ID]event.Answer{}
	}
	a.given[id] = answer
	a.mu.Unlock()
	poke(a.some)
}

func (a *answers) take() map[event.ID]event.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	given := a.given
	a.given = nil
	return given
}

// await returns a channel for the next result of a delivery, until forget is called.
func (a *answers) await(id event.ID, target string) (settled <-chan event.Delivery, forget func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[awaited][]chan event.Delivery{}
	}
	key, mine := awaited{id, target}, make(chan event.Delivery, 1)
	a.waiting[key] = append(a.waiting[key], mine)
	return mine, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.waiting[key] = slices.DeleteFunc(a.waiting[key], func(c chan event.Delivery) bool { return c == mine })
		if len(a.waiting[key]) == 0 {
			delete(a.waiting, key)
		}
	}
}

// settle passes a result to those who wait for it.
func (a *answers) settle(d event.Delivery) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if d.Kind != event.Live {
		return
	}
	for _, settled := range a.waiting[awaited{d.Event, d.Target}] {
		select {
		case settled <- d:
		default: // it has one
		}
	}
}

// keepAnswers records what was answered until ctx ends, and then the rest.
func (s *Session) keepAnswers(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
		case <-s.answers.some:
			select {
			case <-ctx.Done():
			case <-time.After(keepAnswersEvery):
			}
		}
		if given := s.answers.take(); len(given) > 0 {
			s.putAnswers(ctx, given)
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// putAnswers records answers, even if ctx has ended. One that is not recorded counts as
// unknown.
func (s *Session) putAnswers(ctx context.Context, given map[event.ID]event.Answer) {
	if err := s.store.PutAnswers(context.WithoutCancel(ctx), given); err != nil {
		s.log.Warn("the answer was not recorded", "events", len(given), "error", err)
	}
}
