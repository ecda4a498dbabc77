package cli

// Whether an answer is what it should be.

import (
	"context"
	"fmt"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/jsondiff"
)

// A verdict is what is to be said of an attempt.
type verdict struct {
	failed   bool
	compared bool            // with before
	changed  bool            // it differs from before
	before   *event.Delivery // the first answer that is recorded
	now      *event.Delivery
	body     *jsondiff.Diff
}

// judge compares an attempt with the first recorded answer to the event or, if it was
// sent edited, to its original; without one to compare with, the answer has to be 2xx.
// It may be called by several goroutines.
func (r *replaying) judge(ctx context.Context, res *delivery.Result) (verdict, error) {
	d := &res.Delivery
	v := verdict{failed: !d.OK(), now: d}
	if !r.compare || d.Err != "" {
		return v, nil
	}
	// The attempt is recorded, and counts, when somebody has ended the replay, too.
	all, err := r.events.Deliveries(context.WithoutCancel(ctx), res.For)
	if err != nil {
		return v, err
	}
	for i := range all {
		if all[i].State == event.Done && all[i].Err == "" {
			v.before = &all[i]
			break
		}
	}
	if v.before == nil || v.before.Event == d.Event && v.before.N == d.N {
		return v, nil
	}
	v.compared = true
	v.body = jsondiff.Compare(v.before.ResponseBody, d.ResponseBody, r.ignore...)
	cut := v.before.ResponseCut || d.ResponseCut
	v.changed = v.before.Result() != d.Result() || !v.body.Same() || cut && v.before.ResponseSize != d.ResponseSize
	v.failed = v.changed
	return v, nil
}

// text says for people what has changed; it is empty where nothing has.
func (v *verdict) text() string {
	if !v.changed {
		return ""
	}
	text := ""
	if v.before.Result() != v.now.Result() {
		text += fmt.Sprintf("status %s → %s\n", v.before.Result(), v.now.Result())
	}
	if (v.before.ResponseCut || v.now.ResponseCut) && v.before.ResponseSize != v.now.ResponseSize {
		text += fmt.Sprintf("body of %d → %d bytes, of which the first %s are kept\n", v.before.ResponseSize, v.now.ResponseSize, size(delivery.MaxResponseBody))
	}
	if !v.body.Same() {
		text += v.body.String() + "\n"
	}
	return text
}
