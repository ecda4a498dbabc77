package delivery

import (
	"cmp"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
)

// Health is the state of a target, as far as it is known.
type Health string

// The healths of a target.
const (
	Unknown Health = "unknown" // nothing was sent yet
	Healthy Health = "up"      // the last answer was from 200 to 299
	Failing Health = "failing" // the last attempt connected, and failed
	Away    Health = "down"    // accepts no connection: events wait for it
)

// A TargetState describes a target at one moment.
type TargetState struct {
	Name    string
	URL     string
	Address string // as ParseTarget reads it: 8000 for a bare port, not its URL
	Health  Health
	Since   time.Time     // start of the present Health; zero: not tried yet
	Last    time.Time     // end of the last attempt
	Event   event.ID      // of the last attempt
	Tried   int           // attempts of this run that the end of the run did not cut off
	Right   int           // of those, answered 2xx
	Status  int           // of the last attempt; 0: no answer
	Result  string        // the same as text, for example "500" or "exit 1"
	Took    time.Duration // of the last attempt
	Err     string        // why there was no complete answer, or why the queue has stopped
	InARow  int           // failures since the last success; retries of one event count once
	Trusted bool          // it gets the secret
	Waiting int           // events that were not sent yet, without those under way
	Sending int           // events that are under way
	Paused  bool          // a person has paused it
	Until   time.Time     // nothing is sent before, as the target has asked; zero: it has not
	Hint    string        // what may be wrong, and where else to look; empty: nothing is known
	Routes  *Routes       // paths of its handler; nil: nobody has looked, or the path was right. It is never changed

	// What the target was created with.
	When        string // filter; empty: all events
	Timeout     time.Duration
	Concurrency int
	Extra       string // in words: headers by name, variables, certificates
}

func newState(t Target) TargetState {
	s := TargetState{Name: t.Name, URL: t.Where(), Address: t.address(), Health: Unknown, Timeout: t.timeout(), Concurrency: max(t.Concurrency, 1)}
	if t.When != nil {
		s.When = t.When.String()
	}
	var extra []string
	for _, f := range t.Header {
		extra = append(extra, f.Name)
	}
	if len(extra) > 0 {
		extra = []string{"headers " + strings.Join(extra, ", ")}
	}
	if t.Insecure {
		extra = append(extra, "any certificate")
	}
	if t.Command != nil {
		var names []string
		for _, own := range t.Command.Env {
			name, _, _ := strings.Cut(own, "=")
			names = append(names, name)
		}
		if len(names) > 0 {
			extra = append(extra, "variables "+strings.Join(names, ", "))
		}
	}
	s.Extra = strings.Join(extra, "; ")
	return s
}

// Attempt is the last attempt in words, for example "200 in 38ms".
func (s *TargetState) Attempt() string {
	return attempt.Took(cmp.Or(s.Result, attempt.NoAnswer), s.Result != "", s.Took)
}

// after updates the state with the result of an attempt.
func (s *TargetState) after(d *event.Delivery, f result) {
	if f.state() == event.Interrupted {
		return
	}
	was := s.Health
	s.Last, s.Event = d.Started.Add(d.Took), d.Event
	s.Tried++
	if d.OK() {
		s.Right++
	}
	if s.Health != Away { // else the event is counted already
		s.InARow++
	}
	s.Status, s.Result, s.Took, s.Err = d.Status, d.Result(), d.Took, d.Err
	switch {
	case f == refused:
		s.Health = Away
	case d.OK():
		s.Health, s.InARow, s.Hint, s.Routes = Healthy, 0, "", nil
	default:
		s.Health = Failing
	}
	if s.Health != was {
		s.Since = s.Last
	}
}
