package delivery

import (
	"cmp"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/attempt"
)

// Health says what is known of a target.
type Health string

// The healths of a target.
const (
	Unknown Health = "unknown" // nothing was sent yet
	Healthy Health = "up"      // the last answer was from 200 to 299
	Failing Health = "failing" // the last attempt reached it, and failed
	Away    Health = "down"    // it takes no connection: events wait for it
)

// A TargetState is what is known of a target at one moment.
type TargetState struct {
	Name    string
	URL     string
	Address string // the same as ParseTarget reads it: of a bare port 8000, not its URL
	Health  Health
	Since   time.Time     // the Health is as it is; zero: not tried yet
	Last    time.Time     // the last attempt ended
	Tried   int           // attempts of this run that were not cut off by its end
	Right   int           // of them, answered 2xx
	Status  int           // of the last attempt; 0 where it had no answer
	Result  string        // the same in a word, for example "500" or "exit 1"
	Took    time.Duration // of the last attempt
	Err     string        // why there was no whole answer, or why the queue has stopped
	InARow  int           // failures since the last success; one that is tried again counts once
	Trusted bool          // it gets the secret
	Waiting int           // events that were not sent yet, less those under way
	Sending int           // events that are under way
	Paused  bool          // somebody has asked to hold what comes
	Until   time.Time     // until when nothing is sent, since the target has asked for that; zero: it has not
	Hint    string        // what may be wrong, and where else to look; empty: nothing is known
	Routes  *Routes       // paths that its handler has; nil: nobody has looked, or what was sent was right. It is not changed

	// Kind the target was made with.
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

// after takes in an attempt.
func (s *TargetState) after(d *event.Delivery, f result) {
	if f.state() == event.Interrupted {
		return
	}
	was := s.Health
	s.Last = d.Started.Add(d.Took)
	s.Tried++
	if d.OK() {
		s.Right++
	}
	if s.Health != Away { // else the event counts already
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
