package cli

// Whether an answer is what it should be.

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/baseline"
)

// A verdict is what is to be said of an attempt.
type verdict struct {
	failed bool
	found  compared // empty: the answer was to be 2xx, and no more
	with   baseline.Comparison
	now    *event.Delivery
	pass   bool // by --allow-new
}

// A compared says in a word what a comparison with the baseline has found, as JSON has it.
type compared string

const (
	foundSame    compared = "same"
	foundChanged compared = "changed"
	foundUnknown compared = "unknown" // they could not be compared
	foundNew     compared = "new"     // there is nothing to compare with
)

// comparedWords are the verdicts of a comparison.
var comparedWords = map[baseline.Verdict]compared{baseline.Same: foundSame, baseline.Changed: foundChanged, baseline.Unknown: foundUnknown}

// judge compares an attempt with the baseline of its target for the event or, if it was
// sent edited, for the original. Without a comparison the answer has to be 2xx. It may be
// called by several goroutines.
func (r *replaying) judge(ctx context.Context, res *delivery.Result) (verdict, error) {
	d := &res.Delivery
	v := verdict{failed: !d.OK(), now: d}
	if !r.compare {
		return v, nil
	}
	// The attempt is recorded, and counts, when somebody has ended the replay, too.
	made, err := r.events.Deliveries(context.WithoutCancel(ctx), res.For)
	if err != nil {
		return v, err
	}
	if d.Event == res.For { // an answer is not compared with itself
		made = slices.DeleteFunc(made, func(m event.Delivery) bool { return m.N == d.N })
	}
	c, known := baseline.Of(made, d.Target, d.URL, r.ignore).Compare(d)
	switch v.with = c; {
	case !known:
		v.found, v.pass = foundNew, r.allowNew
		v.failed = !d.OK() || !v.pass
	case c.Verdict == baseline.Same:
		v.found, v.failed = foundSame, false
	case c.Verdict == baseline.Changed:
		v.found, v.failed = foundChanged, true
	default:
		v.found, v.failed = foundUnknown, true
	}
	return v, nil
}

// text says for people what the comparison has found, in lines; it is empty where there is
// nothing to say.
func (v *verdict) text() string {
	text := ""
	switch {
	case v.now.Status == 0 && !v.now.Exited: // there was no answer, which is said anyway
	case v.found == foundNew && !v.pass && v.now.OK():
		text = "nothing to compare with: accept this answer with hfhook accept, or allow it with --allow-new"
	case v.found == foundChanged, v.found == foundUnknown:
		text = v.with.String()
	}
	if text != "" {
		text += "\n"
	}
	return text
}

// A tallyOfCompared counts what made answers fail.
type tallyOfCompared map[compared]int

func (t tallyOfCompared) String() string {
	var parts []string
	for _, f := range []struct {
		of   compared
		text string
	}{{foundChanged, "changed"}, {foundUnknown, "could not be compared"}, {foundNew, "with nothing to compare with"}, {"", "not 2xx"}} {
		if n := t[f.of]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, f.text))
		}
	}
	return strings.Join(parts, ", ")
}
