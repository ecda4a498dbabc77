package baseline

// Which answer is the right one.

import (
	"slices"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
)

// A Baseline is the answer that a target should give to an event. Its zero value says that
// none is known.
type Baseline struct {
	answers []*event.Delivery // that are right, the newest first
	ignore  []jsontree.Path
}

// Of returns the baseline of a target, which has this name and gets the event at this address,
// among all attempts of one event, in the order of their numbers: the answers that a person has
// accepted or, if there are none, the newest 2xx of an attempt that was not made for a comparison
// and whose answer was not another one than the baseline of that time. It does not change the
// attempts, and refers to them.
//
// A target that the event was never sent to by this name stands for the one at the same
// address, else for the only one that the event has.
//
// What the paths of ignore lead to makes no difference, and neither does what differs
// between two accepted answers.
func Of(attempts []event.Delivery, target, url string, ignore []jsontree.Path) Baseline {
	b := Baseline{ignore: ignore}
	made := at(attempts, target, url)
	for _, d := range made {
		if !d.Accepted.IsZero() && unanswered(d) == "" {
			b.answers = append(b.answers, d)
		}
	}
	if len(b.answers) > 0 {
		slices.SortStableFunc(b.answers, func(x, y *event.Delivery) int { return y.Accepted.Compare(x.Accepted) })
		return b
	}
	slices.SortStableFunc(made, func(x, y *event.Delivery) int { return x.Started.Compare(y.Started) })
	var newest *event.Delivery
	for _, d := range made {
		if d.ForComparison || !d.OK() {
			continue
		}
		if newest == nil {
			newest = d
		} else if c := Compare(newest, d, ignore...); c.Verdict == Same {
			newest = d
		}
	}
	if newest != nil {
		b.answers = append(b.answers, newest)
	}
	return b
}

// Target returns the name of the target that an attempt counts for: its own, or that of the
// one that it was made to be compared with.
func Target(attempts []event.Delivery, d *event.Delivery) string {
	if name := newPlaces(attempts).standsFor(d.Target, d.URL); name != "" {
		return name
	}
	return d.Target
}

// at returns the attempts at a target, and those that were made elsewhere to be compared with
// it.
func at(attempts []event.Delivery, target, url string) []*event.Delivery {
	p := newPlaces(attempts)
	name := p.standsFor(target, url)
	if name == "" {
		return nil
	}
	var made []*event.Delivery
	for i := range attempts {
		d := &attempts[i]
		if p.standsFor(d.Target, d.URL) == name {
			made = append(made, d)
		}
	}
	return made
}

// places are the targets of an event, by name. What was sent for a comparison makes no
// target of the place where it went, until an answer from there is accepted.
type places struct {
	addresses map[string]string // names of the targets by the addresses that the event was sent to
	names     []string          // of all
	accepted  []string          // names of places where an answer to a comparison was accepted
	only      string            // the only target that the event has; empty if it has several, or none
}

func newPlaces(attempts []event.Delivery) places {
	p := places{addresses: map[string]string{}}
	var live []string
	for i := range attempts {
		switch d := &attempts[i]; {
		case !d.ForComparison:
			p.names = append(p.names, d.Target)
			if d.URL != "" {
				p.addresses[d.URL] = d.Target
			}
			if d.Kind == event.Live {
				live = append(live, d.Target)
			}
		case !d.Accepted.IsZero():
			p.accepted = append(p.accepted, d.Target)
		}
	}
	for _, names := range [][]string{live, p.names, p.accepted} {
		names = slices.Clone(names)
		slices.Sort(names)
		if names = slices.Compact(names); len(names) > 0 {
			if len(names) == 1 {
				p.only = names[0]
			}
			break
		}
	}
	return p
}

// standsFor is the name of the target that one of this name and address stands for; empty if
// that is none.
func (p places) standsFor(target, url string) string {
	named, there := p.addresses[url]
	switch {
	case slices.Contains(p.names, target):
		return target
	case there:
		return named
	case p.only != "":
		return p.only
	case slices.Contains(p.accepted, target):
		return target
	}
	return ""
}

// Answer returns the answer that counts, nil if none is known.
func (b Baseline) Answer() *event.Delivery {
	if len(b.answers) == 0 {
		return nil
	}
	return b.answers[0]
}

// Answers returns all answers that are right, the newest first.
func (b Baseline) Answers() []*event.Delivery { return b.answers }

// Compare compares an answer with the baseline. Of several accepted answers it has to be
// like one of them, except for what differs between those of the same status. ok is false if
// there is nothing to compare it with.
func (b Baseline) Compare(is *event.Delivery) (c Comparison, ok bool) {
	alike := slices.DeleteFunc(slices.Clone(b.answers), func(d *event.Delivery) bool { return d.Result() != is.Result() })
	if len(alike) == 0 {
		alike = b.answers
	}
	if len(alike) == 0 {
		return c, false
	}
	for _, was := range alike {
		if c := Compare(was, is, b.ignore...); c.Verdict == Same {
			return c, true
		}
	}
	return Compare(alike[0], is, slices.Concat(b.ignore, learned(alike))...), true
}

// Ignored returns the paths that are left out of a comparison with the baseline: those
// that were given, and what differs between accepted answers of the status of the newest.
func (b Baseline) Ignored() []jsontree.Path {
	if len(b.answers) == 0 {
		return b.ignore
	}
	alike := slices.DeleteFunc(slices.Clone(b.answers), func(d *event.Delivery) bool { return d.Result() != b.answers[0].Result() })
	return slices.Concat(b.ignore, learned(alike))
}

// learned are the paths to what differs between the first answer and the others.
func learned(answers []*event.Delivery) []jsontree.Path {
	var paths []jsontree.Path
	for _, other := range answers[1:] {
		if other.ResponseCut || answers[0].ResponseCut {
			continue
		}
		for _, f := range jsondiff.Compare(other.ResponseBody, answers[0].ResponseBody).Fields {
			if f.Change == jsondiff.Equal {
				continue
			}
			// What cannot be written as a path is the whole of a text.
			if p, err := jsontree.ParsePath(f.Path); err == nil {
				paths = append(paths, p)
			}
		}
	}
	return paths
}

// Before returns the attempt before the one with the number n at the same target that was
// answered or failed, nil if there is none.
func Before(attempts []event.Delivery, n int) *event.Delivery {
	i := slices.IndexFunc(attempts, func(d event.Delivery) bool { return d.N == n })
	if i < 0 {
		return nil
	}
	var before *event.Delivery
	for k := range attempts {
		d := &attempts[k]
		if d.Target != attempts[i].Target || d.State != event.Done || k == i {
			continue
		}
		earlier := d.Started.Before(attempts[i].Started) || d.Started.Equal(attempts[i].Started) && d.N < n
		if earlier && (before == nil || !d.Started.Before(before.Started)) {
			before = d
		}
	}
	return before
}
