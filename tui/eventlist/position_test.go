package eventlist

import (
	"testing"

	"hfhook/event"
	"hfhook/filter"
)

// With a filter an event's number is that among those that match, if all of them are known.
func TestPosition(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		filter                filter.Expr
		older, newer, loading bool
		n, of                 int64 // 0: not known
	}{
		"all events":                 {nil, false, false, false, 2, 19},
		"the newest of all":          {nil, true, false, false, 18, 19},
		"in the middle":              {nil, true, true, false, 0, 0},
		"what matches":               {filter.Pinned, false, false, false, 2, 3},
		"the newest of what matches": {filter.Pinned, true, false, false, 0, 0},
		"the oldest of what matches": {filter.Pinned, false, true, false, 0, 0},
		"what matches, not yet all":  {filter.Pinned, false, false, true, 0, 0},
	} {
		var l List
		l.Rows = []event.Row{{ID: "1"}, {ID: "2"}, {ID: "3"}}
		l.Filter, l.Older, l.Newer, l.Loading = tt.filter, tt.older, tt.newer, tt.loading
		n, of, ok := l.Position("2", 19)
		if n != tt.n || of != tt.of || ok != (tt.of > 0) {
			t.Errorf("%s: %d of %d, %t; want %d of %d", name, n, of, ok, tt.n, tt.of)
		}
	}
}
