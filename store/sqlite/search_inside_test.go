package sqlite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/store/storetest"
)

func parseFilter(t testing.TB, text string) filter.Expr {
	t.Helper()
	x, err := filter.Parse(text, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// However small its steps are, a search finds the same.
func TestSmallSteps(t *testing.T) {
	t.Parallel()
	for name, steps := range map[string]steps{
		"few events": {first: 5, rows: 30, bodies: 20, bytes: 1 << 20, values: 2000, probe: 1},
		"halves":     {first: 4, rows: 64, bodies: 64, bytes: 20_000, values: 2000, probe: 7, halves: 6},
		"few bytes":  {first: 16, rows: 64, bodies: 64, bytes: 9000, values: 3, probe: 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Filter(t, func(t testing.TB) func() store.Store {
				s := openInside(t)
				s.steps = steps
				return func() store.Store { return s }
			})
		})
	}
}

// A search that takes long ends early, and goes on from there.
func TestSearchEndsEarly(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	s.steps = steps{first: 1, rows: 10, bodies: 5, bytes: 1 << 20, values: 1, probe: 1}
	for range 100 {
		if err := s.Append(t.Context(), &event.Event{Capture: event.Capture{Body: []byte("x")}}, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]int{"origin:hub": 10, "nowhere": 20} {
		calls := 1
		q := store.Query{Filter: parseFilter(t, text)}
		for ; ; calls++ {
			page, err := s.List(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if q.Before = page.Next; !page.Older {
				break
			}
		}
		// The last call may have nothing left to look at.
		if calls != want && calls != want+1 {
			t.Errorf("%s: all was looked at in %d calls; want %d", text, calls, want)
		}
	}

	why := errors.New("the reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if _, err := s.List(ctx, store.Query{Filter: parseFilter(t, "word repo:x*")}); !errors.Is(err, why) {
		t.Errorf("cancelled: %v; want the cause of the context", err)
	}
}

// What is rare is read from the index that has it, and no search reads or sorts the
// whole table.
func TestSearchPlans(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := openInside(t)
	s.steps.probe = 60
	for i := range 200 {
		e := &event.Event{Capture: event.Capture{Body: []byte("x"), Path: "/webhooks", Payload: &payload.Payload{
			Event: payload.EventInfo{Scope: "discussion", Action: "create"},
			Repo:  payload.Repo{Type: "dataset", Name: fmt.Sprint("me/corpus-", i%2)},
		}}}
		var opts store.AppendOptions
		switch i {
		case 1:
			e.Payload.Event = payload.EventInfo{Scope: "repo.config", Action: "update"}
			e.Payload.Repo.Name, e.Payload.Repo.Type = "me/rare", "space"
		case 2:
			opts.Targets = []store.Forward{{Target: "t"}}
		}
		if err := s.Append(ctx, e, opts); err != nil {
			t.Fatal(err)
		}
		if i > 2 {
			if err := s.PutDelivery(ctx, &event.Delivery{Event: e.ID, State: event.Done, Status: 200 + i/199*300}); err != nil {
				t.Fatal(err)
			}
		}
	}
	newest, err := s.Resolve(ctx, "@last")
	if err == nil {
		err = s.Note(ctx, newest, "rare")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.on.exec(ctx, "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	const several = "several indexes"
	tests := []struct{ filter, index string }{
		{"scope:repo", "events_what"},
		{"scope:discussion action:create", "events_what"},
		{"repo:me/*", "events_repo"},
		{"type:space | type:model", "events_repo_type"},
		{"-type:model", "events_repo_type"},
		{"status:200", "deliveries_outcome"},
		{"status:pending", "deliveries_outcome"},
		{"is:failed", "deliveries_outcome"},
		{"is:pinned", "events_pinned"},
		{"scope:repo repo:me/corpus-1", "events_what"},
		{"repo:me/rare scope:discussion", "events_repo"},
		{"status:200 type:space", "events_repo_type"},
		{"status:5xx repo:me/corpus-1 word", "deliveries_outcome"},
		{"repo:me/corpus-1 | repo:me/rare", "events_repo"},
		{"word", ""},
		{"path:/webhooks", ""},
		{"-repo:me/rare", ""},
		{"repo:me/rare | is:failed", several},
		{"is:synthetic | ms:>1h", several},
		{"is:duplicate | is:pinned", several},
		{"is:duplicate", "events_duplicate"},
		{"is:same-body", "events_same_body"},
		{"is:warned", "events_warned"},
		{"is:synthetic", "events_synthetic"},
		{"origin:synthetic", "events_synthetic"},
		{"is:edited", "events_edited"},
		{"origin:import", "events_imported"},
		{"origin:hub", ""},
		{"pin:a*", "events_pinned"},
		{"answer:x status:5xx", "deliveries_outcome"},
		{"header.x:1 repo:me/rare", "events_repo"},
		{"header.x:1", ""},
		{".discussion.num>1", ""},
		{"note:x | path:/webhooks", ""},
		{"note:rare", ""},
		{"since:1h", ""},
		{"status:pending | is:replayed | ms:>1", "deliveries_outcome"},
		{"status:pending | path:/webhooks", ""},
	}
	for _, tt := range tests {
		for _, q := range []store.Query{{}, {After: "00000000000000000000000000"}} {
			q.Filter = parseFilter(t, tt.filter)
			r, err := s.newSearch(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if r.source, _, err = r.choose(ctx); err != nil {
				t.Fatal(err)
			}
			index := r.source.index
			if r.source.either != nil {
				index = several
			}
			if index != tt.index {
				t.Errorf("%s is read from %q; want %q", tt.filter, index, tt.index)
			}
			query, args := r.query(r.lo, r.hi)
			plan := plan(t, s, query, args)
			if want := "USING INDEX " + tt.index + " ("; tt.index != "" && tt.index != several && !strings.Contains(plan, want) && !strings.Contains(plan, "INDEX "+tt.index) {
				t.Errorf("%s is not read from %s:\n%s", tt.filter, tt.index, plan)
			}
			if tt.filter == "note:rare" && !strings.Contains(plan, "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)\n") {
				t.Errorf("%s looks at more than the events with notes:\n%s", tt.filter, plan)
			}
			if strings.Contains(plan, "SCAN e\n") || tt.index == "" && strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%s\n%s", tt.filter, plan)
			}
		}
	}
}

func plan(t testing.TB, s *Store, query string, args []any) string {
	t.Helper()
	var step, plan string
	var ignored int
	err := s.read.eachOnce(t.Context(), "EXPLAIN QUERY PLAN "+query, args, []any{&ignored, &ignored, &ignored, &step}, func() error {
		plan += step + "\n"
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return plan
}
