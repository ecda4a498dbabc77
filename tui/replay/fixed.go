package replay

// What a replay of failed events has changed: which are fixed, and which still fail. That is
// asked of the store before and after, so it is what the list shows: a target that was not
// replayed to counts, too.

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/attempt"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tui/eventlist"
	"hfhook/tui/style"
)

// failing returns those of some events that are failed now, each with the result that it is
// failed by.
func (a *asks) failing(ctx context.Context, ids []event.ID) (map[event.ID]string, error) {
	meant := map[event.ID]bool{}
	for _, id := range ids {
		meant[id] = true
	}
	found := map[event.ID]string{}
	last := slices.Max(ids)
	for q := (store.Query{Filter: filter.Failed, After: eventlist.JustBefore(slices.Min(ids)), Limit: eventlist.WindowRows}); ; {
		page, err := a.session.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			if r := &page.Rows[i]; meant[r.ID] && r.Failed() {
				found[r.ID] = attempt.Answer(&r.Worst().Last)
			}
		}
		if q.After = page.Next; !page.Newer || q.After == "" || q.After >= last {
			return found, nil
		}
	}
}

// A change is what a replay of many has made of events that had failed.
type change struct {
	fixed, failing, newly int             // events
	results               map[string]bool // of those that fail
}

// changed compares which of the events that were sent had failed, and which do now.
func (r *Run) changed(before, after map[event.ID]string) change {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := change{results: map[string]bool{}}
	for id := range r.sent {
		_, was := before[id]
		result, is := after[id]
		switch {
		case is && was:
			c.failing++
		case is:
			c.newly++
		case was && !r.gone[id]:
			c.fixed++
		}
		if is {
			c.results[result] = true
		}
	}
	return c
}

// String is for example "fixed 1, still failing 2 (418, 500)"; empty if nothing had failed.
func (c change) String() string {
	if c.fixed+c.failing == 0 {
		return ""
	}
	text := fmt.Sprintf("fixed %s, still failing %s", style.Count(int64(c.fixed)), style.Count(int64(c.failing)))
	if c.newly > 0 {
		text += fmt.Sprintf(", newly failing %s", style.Count(int64(c.newly)))
	}
	if results := slices.Sorted(maps.Keys(c.results)); len(results) > 0 {
		text += " (" + visible.Line(strings.Join(results[:min(len(results), 4)], ", ")) + ")"
	}
	return text
}
