package dev

// What the sender of an event is told, and the record of it.

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/server"
)

const (
	// ackWithin is how long the sender waits for a target's answer, at most. The Hub's own
	// patience is not documented.
	ackWithin = 10 * time.Second

	// keepAnswersEvery is how long what was answered waits to be recorded with others: so
	// it costs next to nothing, and a crash loses the answers of a moment, and no event.
	keepAnswersEvery = 250 * time.Millisecond
)

// acknowledge says what the sender is told once an event is on disk, and notes it.
func (s *Session) acknowledge(ctx context.Context, e *event.Event) server.Ack {
	var ack server.Ack
	answer := event.Answer{Status: http.StatusOK}
	if s.opts.AckHandler {
		ack, answer.Target, answer.Reason = s.passOn(ctx, e)
		if ack.Status != 0 {
			answer.Status = ack.Status
		}
	}
	answer.At = time.Now()
	answer.Took = max(answer.At.Sub(e.Received), 0)
	s.answers.add(e.ID, answer)
	return ack
}

// passOn waits for the answer of the first target that gets the event. Without one the
// reason says why there is none.
func (s *Session) passOn(ctx context.Context, e *event.Event) (ack server.Ack, target, reason string) {
	if e.Duplicate != "" && !s.opts.ForwardDuplicates {
		return ack, "", "the same delivery as " + string(e.Duplicate) + ", which no target gets again"
	}
	for _, t := range s.outbox.Targets() {
		if t.Wants(e) {
			target = t.Name
			break
		}
	}
	if target == "" {
		return ack, "", "no target gets it"
	}
	settled := s.answers.await(e.ID, target)
	defer s.answers.forget(e.ID, target)
	within := cmp.Or(s.opts.AckWithin, ackWithin)
	limit := time.NewTimer(within)
	defer limit.Stop()
	// What holds the event up is asked first: it may come of this very delivery, whose
	// outcome says more.
	held := s.heldUp(target)
	d, ok := s.settledAlready(ctx, e.ID, target)
	switch {
	case ok:
	case held != "":
		return ack, "", held
	default:
		select {
		case d = <-settled:
		case <-limit.C:
			return ack, "", fmt.Sprintf("%s did not answer within %v", target, within)
		case <-ctx.Done():
			return ack, "", "the sender did not wait for " + target
		case <-s.ending:
			return ack, "", "hfhook was stopped before " + target + " had answered"
		}
	}
	if d.State != event.Done {
		return ack, "", target + " is down: " + d.Err
	}
	return ackOf(&d), target, ""
}

// heldUp says why a target is sent nothing now; empty: it is.
func (s *Session) heldUp(target string) string {
	for _, st := range s.outbox.Health() {
		switch {
		case st.Name != target:
		case st.Health == delivery.Away:
			return target + " is down: " + st.Err
		case st.Paused:
			return target + " is paused"
		case !st.Until.IsZero():
			return target + " has asked to wait"
		}
	}
	return ""
}

// settledAlready is the attempt where it was over before anybody waited for it.
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

// ackOf is a target's answer, as the sender gets it: without its headers but for the
// type, and without a body that was not kept whole.
func ackOf(d *event.Delivery) server.Ack {
	if d.Err != "" || d.Status < 200 || d.Status > 599 {
		return server.Ack{Status: http.StatusBadGateway, ContentType: "application/json", Body: []byte(`{"error":"The handler gave no whole answer."}`)}
	}
	ack := server.Ack{Status: d.Status}
	if d.ResponseCut {
		return ack
	}
	ack.Body, ack.ContentType = d.ResponseBody, "text/plain; charset=utf-8"
	if ack.Body == nil {
		ack.Body = []byte{}
	}
	if d.Command() {
		return ack
	}
	ack.ContentType = ""
	for _, f := range d.ResponseHeader {
		if strings.EqualFold(f.Name, "Content-Type") {
			ack.ContentType = f.Value
		}
	}
	return ack
}

// answers are those that were given and are not recorded yet, and who waits for the
// outcome of a delivery to give one.
type answers struct {
	mu      sync.Mutex
	given   map[event.ID]event.Answer
	waiting map[awaited]chan event.Delivery
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

// await returns where the next outcome of a delivery will come.
func (a *answers) await(id event.ID, target string) <-chan event.Delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[awaited]chan event.Delivery{}
	}
	settled := make(chan event.Delivery, 1)
	a.waiting[awaited{id, target}] = settled
	return settled
}

func (a *answers) forget(id event.ID, target string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, awaited{id, target})
}

// settle tells who waits for it of an outcome.
func (a *answers) settle(d event.Delivery) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if settled, ok := a.waiting[awaited{d.Event, d.Target}]; ok && d.Kind == event.Live {
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
			if err := s.store.PutAnswers(context.WithoutCancel(ctx), given); err != nil {
				s.log.Warn("what was answered is not in the record", "events", len(given), "error", err)
			}
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}
