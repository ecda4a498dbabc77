package cli

// Whether an answer is what it should be.

import (
	"context"
	"slices"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/cli/output"
)

// judge compares an attempt with the baseline of its target for the event or, if it was
// sent edited, for the original. Without a comparison the answer has to be 2xx. It may be
// called by several goroutines.
func (r *replaying) judge(ctx context.Context, res *delivery.Result) (output.Verdict, error) {
	d := &res.Delivery
	v := output.Verdict{Failed: !d.OK(), Now: d}
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
	switch v.With = c; {
	case !known:
		v.Found, v.Pass = output.FoundNew, r.allowNew
		v.Failed = !d.OK() || !v.Pass
	case c.Verdict == baseline.Same:
		v.Found, v.Failed = output.FoundSame, false
	case c.Verdict == baseline.Changed:
		v.Found, v.Failed = output.FoundChanged, true
	default:
		v.Found, v.Failed = output.FoundUnknown, true
	}
	return v, nil
}
