package sqlite

// The tallies: how many events failed at which targets, and how many deliveries wait for
// each. An event that failed at two targets counts once, under both names; so the events
// that failed at any of some targets are a sum over few rows, whatever the targets.

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/store"
)

// A tally is the key of a row.
type tally struct{ kind, targets string }

// The kinds of tallies.
const (
	tallyFailed  = "failed"
	tallyWaiting = "waiting"
)

// listOf returns the column targets.
func listOf(targets ...string) string {
	if targets == nil {
		targets = []string{}
	}
	list, _ := json.Marshal(targets) // a list of texts always can
	return string(list)
}

// count adds n to a count of an event.
func (t *tx) count(attempts []attempt, speakers []int, n int64) {
	free := true
	for i := range attempts {
		a := &attempts[i]
		free = free && a.Kind != event.Live
		t.countWaiting(a, n)
	}
	var failed []string
	for _, i := range speakers {
		if attempts[i].Rank() < event.UnderWay {
			failed = append(failed, attempts[i].Target)
		}
	}
	t.countFailed(failed, free, n)
}

// countFailed adds n to the events that failed at these targets, if any. If free is set the
// event has no target, and these are addresses.
func (t *tx) countFailed(targets []string, free bool, n int64) {
	switch {
	case len(targets) == 0:
	case free:
		t.tally(tally{tallyFailed, listOf()}, n)
	default:
		targets = slices.Sorted(slices.Values(targets))
		t.tally(tally{tallyFailed, listOf(targets...)}, n)
	}
}

// countWaiting adds n if the attempt waits.
func (t *tx) countWaiting(a *attempt, n int64) {
	if a.State == event.Waiting {
		t.tally(tally{tallyWaiting, listOf(a.Target)}, n)
	}
}

func (t *tx) tally(key tally, n int64) {
	if t.tallies == nil {
		t.tallies = make(map[tally]int64)
	}
	t.tallies[key] += n
}

// keepTallies writes the changes of the tallies.
func (t *tx) keepTallies() error {
	for key, n := range t.tallies {
		if n == 0 {
			continue
		}
		if _, err := t.exec("INSERT INTO tallies (kind, targets, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", key.kind, key.targets, n); err != nil {
			return err
		}
		if n < 0 {
			if _, err := t.exec("DELETE FROM tallies WHERE kind = ? AND targets = ? AND n = 0", key.kind, key.targets); err != nil {
				return err
			}
		}
	}
	return nil
}

// tallied adds up the tallies: those of present targets in stats.Failed and Waiting, those of
// others in stats.LeftOver.
func (s *Store) tallied(ctx context.Context, p presence, stats *store.Stats) error {
	left := map[string]*store.LeftOver{}
	var kind, list string
	var n int64
	err := s.read.each(ctx, "SELECT kind, targets, n FROM tallies ORDER BY kind, targets", nil, []any{&kind, &list, &n}, func() error {
		var targets []string
		if err := json.Unmarshal([]byte(list), &targets); err != nil {
			return err
		}
		counted := len(targets) == 0
		for _, target := range targets {
			if !p.leftOver(target) {
				counted = true
				continue
			}
			if left[target] == nil {
				left[target] = &store.LeftOver{Target: target}
			}
			if kind == tallyFailed {
				left[target].Failed += n
			} else {
				left[target].Waiting += n
			}
		}
		if counted && kind == tallyFailed {
			stats.Failed += n
		} else if counted {
			stats.Waiting += n
		}
		return nil
	})
	for _, l := range left {
		stats.LeftOver = append(stats.LeftOver, *l)
	}
	slices.SortFunc(stats.LeftOver, func(a, b store.LeftOver) int { return strings.Compare(a.Target, b.Target) })
	return err
}
