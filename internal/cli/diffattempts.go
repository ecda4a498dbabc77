package cli

import (
	"context"
	"fmt"
	"slices"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// diffAttempts compares the answers to two attempts of an event.
func (p *program) diffAttempts(ctx context.Context, events *sqlite.Store, ref string, numbers []int, ignore []jsontree.Path, as format) error {
	id, err := events.Resolve(ctx, ref)
	if err != nil {
		return err
	}
	all, err := events.Deliveries(ctx, id)
	if err != nil {
		return err
	}
	var sides [2]*event.Delivery
	for i, n := range numbers {
		at := slices.IndexFunc(all, func(d event.Delivery) bool { return d.N == n })
		if at < 0 {
			return &failure{code: exitNotFound, err: fmt.Errorf("event %s has no attempt %d", id, n), try: "hfhook show " + string(id) + " --deliveries"}
		}
		sides[i] = &all[at]
	}
	a, b := sides[0], sides[1]
	if as != (format{}) { // what differs between the answers' bodies, as between two events'
		return p.diff(&event.Event{ID: id, Body: a.ResponseBody}, &event.Event{ID: id, Body: b.ResponseBody}, ignore, as)
	}
	d := jsondiff.Compare(a.ResponseBody, b.ResponseBody, ignore...)
	about := func(d *event.Delivery) string {
		return visible.Line(fmt.Sprintf("attempt %d  %s in %s  %s  %s", d.N, outcome(d), took(d.Took), d.Kind, d.URL))
	}
	if _, err := fmt.Fprintf(p.out, "--- %s\n+++ %s\n%s\n", about(a), about(b), visible.Block(d.String())); err != nil {
		return err
	}
	if !d.Same() || outcome(a) != outcome(b) {
		return errDiffer
	}
	return nil
}
