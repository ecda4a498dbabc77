package event

// The outcomes of an event at its targets. Whatever counts, lists, filters or colours events
// uses these rules.

import "slices"

// An Outcome is the result of an event at one of its targets.
type Outcome struct {
	Target string // name of the target

	// Last is the attempt that decides: the newest that has ended or is under way, else the
	// newest that waits. If no attempt counts, it is the newest of all, and the outcome is
	// neither failed nor OK.
	Last Delivery

	// LeftOver reports that the running programs have targets, but not this one. Only a store
	// knows that.
	LeftOver bool
}

// A Rank orders outcomes from the worst to the best.
type Rank int

// The ranks. Those before UnderWay are failures.
const (
	NoAnswer    Rank = iota // or an incomplete answer
	ServerError             // 5xx; of a command, an exit status other than 0
	ClientError             // 4xx
	Redirected              // 3xx, and anything else that is not 2xx
	UnderWay
	StillWaiting
	Taken   // 2xx; of a command, exit status 0
	Unknown // no attempt counts
)

// Rank returns how bad the outcome is.
func (o *Outcome) Rank() Rank { return o.Last.Rank() }

// Rank returns how bad an outcome is that this attempt decides.
func (d *Delivery) Rank() Rank {
	switch {
	case !d.Counts():
		return Unknown
	case d.State == Waiting:
		return StillWaiting
	case d.State == Sending:
		return UnderWay
	case d.Err != "" || d.Status < 100:
		return NoAnswer
	case d.Status < 200:
		return Redirected
	case d.Status < 300:
		return Taken
	case d.Status < 400:
		return Redirected
	case d.Status < 500:
		return ClientError
	}
	return ServerError
}

// Failed reports whether the target did not accept the event.
func (o *Outcome) Failed() bool { return o.Rank() < UnderWay }

// OK reports whether the target accepted the event.
func (o *Outcome) OK() bool { return o.Rank() == Taken }

// Pending reports whether the outcome is still unknown.
func (o *Outcome) Pending() bool { r := o.Rank(); return r == UnderWay || r == StillWaiting }

// Counts reports whether the attempt can decide an outcome. One that was dropped, cancelled,
// withheld, interrupted or cleared cannot.
func (d *Delivery) Counts() bool {
	return !d.Cleared && (d.State == Waiting || d.State == Sending || d.State == Done)
}

// newer reports whether d takes precedence over an attempt with a smaller number.
func (d *Delivery) newer(than *Delivery) bool {
	switch {
	case d.Counts() != than.Counts():
		return d.Counts()
	case d.Counts() && (d.State == Waiting) != (than.State == Waiting):
		return than.State == Waiting
	case d.Counts() && !d.Started.IsZero() && !than.Started.IsZero():
		// A delivery that waited may be sent after a replay with a larger number.
		return !d.Started.Before(than.Started)
	}
	return true
}

// Speakers returns, for each target of an event, the index of the attempt that decides its
// outcome. The attempts are those of one event, in the order of their numbers. The targets of
// an event are those of its live deliveries; attempts at other addresses decide nothing. If an
// event has no target, each address that it was sent to counts as one. The targets are in order
// of their first attempts.
func Speakers(n int, attempt func(i int) *Delivery) []int {
	targets := false
	for i := range n {
		targets = targets || attempt(i).Kind == Live
	}
	var names []string
	var speakers []int
	for i := range n {
		if d := attempt(i); (d.Kind == Live || !targets) && !slices.Contains(names, d.Target) {
			names, speakers = append(names, d.Target), append(speakers, -1)
		}
	}
	for i := range n {
		d := attempt(i)
		at := slices.Index(names, d.Target)
		if at >= 0 && (speakers[at] < 0 || d.newer(attempt(speakers[at]))) {
			speakers[at] = i
		}
	}
	return speakers
}

// Outcomes returns the outcomes of an event, given all of its attempts in the order of their
// numbers: see [Speakers].
func Outcomes(attempts []Delivery) []Outcome {
	var all []Outcome
	for _, i := range Speakers(len(attempts), func(i int) *Delivery { return &attempts[i] }) {
		all = append(all, Outcome{Target: attempts[i].Target, Last: attempts[i]})
	}
	return all
}

// Others returns the results of an event at addresses that are not its targets, in the order of
// their first attempts. They make the event neither failed nor OK. If the event has no target
// there are none: see [Speakers].
func Others(attempts []Delivery) []Outcome {
	targets := map[string]bool{}
	for i := range attempts {
		if d := &attempts[i]; d.Kind == Live {
			targets[d.Target] = true
		}
	}
	var all []Outcome
	for i := range attempts {
		d := &attempts[i]
		if len(targets) == 0 || targets[d.Target] {
			continue
		}
		at := slices.IndexFunc(all, func(o Outcome) bool { return o.Target == d.Target })
		if at < 0 {
			all = append(all, Outcome{Target: d.Target, Last: *d})
		} else if d.newer(&all[at].Last) {
			all[at].Last = *d
		}
	}
	return all
}

// Next returns the target name and number of a further attempt at a URL, given the event's
// attempts so far. An attempt at the address of one of the event's targets belongs to that
// target, even if another name is given. number is 1 for the first attempt there.
func Next(n int, attempt func(i int) *Delivery, name, url string) (target string, number int) {
	target = name
	for i := n - 1; i >= 0; i-- {
		d := attempt(i)
		if d.Kind == Live && d.Target == name {
			target = name
			break
		}
		if d.Kind == Live && url != "" && d.URL == url {
			target = d.Target
		}
	}
	for i := range n {
		if d := attempt(i); d.Target == target {
			number = max(number, d.Attempt)
		}
	}
	return target, number + 1
}

// Worst returns the worst outcome, or nil if no attempt counts. Among equals it is the first.
func Worst(outcomes []Outcome) *Outcome {
	var worst *Outcome
	for i := range outcomes {
		if o := &outcomes[i]; o.Rank() < Unknown && (worst == nil || o.Rank() < worst.Rank()) {
			worst = o
		}
	}
	return worst
}

// Worst returns the worst of the row's outcomes, see [Worst].
func (r *Row) Worst() *Outcome { return Worst(r.Outcomes) }

// Failed reports whether any target did not accept the event.
func (r *Row) Failed() bool {
	worst := r.Worst()
	return worst != nil && worst.Failed()
}
