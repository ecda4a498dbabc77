package dev

// Answers that --ack STATUS has the sender of an event told, to see what the Hub does with them.

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/capture"
)

const (
	// mostAckDelay is how long a rule may let the sender wait.
	mostAckDelay = time.Minute

	// mostDelayed is how many answers may wait at once: a quarter of the connections that a
	// listener has, so that there is always room for other events.
	mostDelayed = capture.MaxConns / 4

	// sayAcksEvery is how often it is said that every event is answered by a rule.
	sayAcksEvery = time.Minute
)

// An AckRule is an --ack that is a status.
type AckRule struct {
	Text   string // as it was written, for example "500,times=2"
	Status int
	Delay  time.Duration
	Times  int         // how many events it answers; 0: all
	When   filter.Expr // which; nil: whatever comes
}

// ParseAckRule reads a rule: STATUS[,delay=TIME][,times=N|all][,when=FILTER].
func ParseAckRule(text string) (AckRule, error) {
	status, options, _ := strings.Cut(text, ",")
	r := AckRule{Text: text, Times: 1}
	var err error
	if r.Status, err = strconv.Atoi(strings.TrimSpace(status)); err != nil || r.Status < 200 || r.Status > 599 {
		return r, fmt.Errorf("invalid status %q: want 200 to 599", status)
	}
	var seen []string
	err = delivery.EachOption(options, func(option, value string, _ bool) (err error) {
		if slices.Contains(seen, option) {
			return fmt.Errorf("%s= stands there twice", option)
		}
		seen = append(seen, option)
		value = strings.TrimSpace(value)
		switch option {
		case "delay":
			if r.Delay, err = time.ParseDuration(value); err != nil || r.Delay < 0 || r.Delay > mostAckDelay {
				return fmt.Errorf("invalid delay=%s: want a time up to 60s, for example delay=5s", value)
			}
		case "times":
			if value == "all" {
				r.Times = 0
				return nil
			}
			if r.Times, err = strconv.Atoi(value); err != nil || r.Times < 1 {
				return fmt.Errorf("invalid times=%s: want a number from 1, or all", value)
			}
		case "when":
			r.When, err = delivery.ParseWhen(value)
			return err
		default:
			return fmt.Errorf("unknown option %q: want delay=, times= and when=, for example 500,delay=5s,times=2,when=scope:discussion", option)
		}
		return nil
	})
	return r, err
}

// name is how the rule is called in answers and messages.
func (r *AckRule) name() string { return event.ByRule + r.Text }

// ackRules are the rules of a session, and how often each was used.
type ackRules struct {
	rules []AckRule

	mu      sync.Mutex
	used    []int // by place in rules
	delayed int   // answers that wait
}

func newAckRules(rules []AckRule) *ackRules {
	return &ackRules{rules: rules, used: make([]int, len(rules))}
}

// take is the first rule that takes an event; it is then used once more. nil: there is none.
// last reports whether it is used up by that.
func (a *ackRules) take(e *event.Event) (r *AckRule, last bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.rules {
		r := &a.rules[i]
		if (r.Times == 0 || a.used[i] < r.Times) && delivery.Takes(r.When, e) {
			a.used[i]++
			return r, a.used[i] == r.Times
		}
	}
	return nil, false
}

// wait has an answer wait for its delay, if not too many do. It returns why it did not, or not
// for all of it.
func (a *ackRules) wait(ctx context.Context, delay time.Duration, ending <-chan struct{}) (cut string) {
	if delay == 0 {
		return ""
	}
	a.mu.Lock()
	full := a.delayed >= mostDelayed
	if !full {
		a.delayed++
	}
	a.mu.Unlock()
	if full {
		return fmt.Sprintf("without the delay, since %d others wait", mostDelayed)
	}
	defer func() {
		a.mu.Lock()
		a.delayed--
		a.mu.Unlock()
	}()
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ""
	case <-ctx.Done():
		return "but the sender hung up before"
	case <-ending:
		return "before the delay, since hfhook was stopped"
	}
}

// answerByRule is what a rule has the sender of an event told; nil: no rule is for it. Only a
// webhook that hfhook has made may hear of it, since the Hub suspends one whose deliveries
// fail, and an event that hfhook itself has made.
func (s *Session) answerByRule(ctx context.Context, e *event.Event) *event.Answer {
	if len(s.acks.rules) == 0 {
		return nil
	}
	if e.Origin != event.Synthetic && !s.madeWebhook(e) {
		s.noticeSpared(e)
		return nil
	}
	r, last := s.acks.take(e)
	if r == nil {
		return nil
	}
	if last {
		s.Notify(Notice{About: "hub", Text: r.name() + " is used up", OK: true})
	}
	answer := &event.Answer{Status: r.Status, Reason: r.name()}
	if cut := s.acks.wait(ctx, r.Delay, s.ending); cut != "" {
		answer.Reason += ", " + cut
	}
	return answer
}

// madeWebhook reports whether an event comes from a webhook that hfhook has made.
func (s *Session) madeWebhook(e *event.Event) bool {
	if s.opts.Hub == nil || e.Payload == nil {
		return false
	}
	h := s.opts.Hub.State().Hook(e.Payload.Webhook.ID)
	return h != nil && h.Noted && !h.Taken
}

// noticeSpared says of a webhook, once, that no rule is for its events.
func (s *Session) noticeSpared(e *event.Event) {
	id := ""
	if e.Payload != nil {
		id = e.Payload.Webhook.ID
	}
	s.noticing.Lock()
	told := s.spared[id]
	s.spared[id] = true
	s.noticing.Unlock()
	if !told {
		s.Notify(Notice{About: "hub", Text: fmt.Sprintf("%s is not for the webhook %.8s: hfhook has not created it, and the Hub could suspend it", s.acks.rules[0].name(), id), Fix: "have --watch create one"})
	}
}

// sayAcks says at the start what rules there are, and then as often as sayAcksEvery that of
// those that have no end.
func (s *Session) sayAcks(ctx context.Context) error {
	for i := range s.acks.rules {
		s.Notify(s.acks.rules[i].notice())
	}
	tick := time.NewTicker(sayAcksEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for i := range s.acks.rules {
			if r := &s.acks.rules[i]; r.Times == 0 {
				s.Notify(r.notice())
			}
		}
	}
}

// notice says which events a rule answers.
func (r *AckRule) notice() Notice {
	which := fmt.Sprintf("of the next %d events", r.Times)
	switch r.Times {
	case 0:
		which = "of each event"
	case 1:
		which = "of the next event"
	}
	if r.When != nil {
		which += " that matches"
	}
	n := Notice{About: "hub", Text: fmt.Sprintf("%s: the sender %s is told %d", r.name(), which, r.Status)}
	if r.Times == 0 && (r.Status < 200 || r.Status > 299) {
		n.Fix = "stop before long, since the Hub suspends a webhook whose deliveries fail consistently"
	}
	return n
}
