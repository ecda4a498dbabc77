package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// A list can be sorted by size and by duration, both ways, and goes on page by page.
func testSorted(t *testing.T, f *fixture) {
	s := f.open()
	ids := map[string]event.ID{}
	for _, tt := range []struct {
		name string
		size int
		took []int // milliseconds at each target; -1: it waits
	}{
		{"a", 300, []int{5, 900}},
		{"b", 100, nil},
		{"c", 300, []int{20}},
		{"d", 200, []int{-1}},
		{"e", 400, []int{900, -1}},
		{"f", 50, []int{0}},
	} {
		e := &event.Event{Capture: event.Capture{Body: []byte(tt.name + strings.Repeat("x", tt.size-1)), Received: time.Now(), Path: "/webhooks/" + tt.name}}
		f.appendEvent(s, e)
		ids[tt.name] = e.ID
		for i, ms := range tt.took {
			d := &event.Delivery{Event: e.ID, Kind: event.Live, Target: string(rune('p' + i)), URL: "http://127.0.0.1:1", State: event.Done, Status: 200, Took: time.Duration(ms) * time.Millisecond}
			if ms < 0 {
				d.State, d.Status, d.Took = event.Waiting, 0, 0
			}
			if err := s.PutDelivery(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
	}
	names := func(rows []event.Row) string {
		var b strings.Builder
		for _, r := range rows {
			for name, id := range ids {
				if id == r.ID {
					b.WriteString(name)
				}
			}
		}
		return b.String()
	}
	for _, tt := range []struct {
		filter string
		sort   store.Order
		want   string
	}{
		{"", store.BySize, "ecadbf"},
		{"", store.ByDuration, "eacfdb"},
		{"", store.ByTime, "fedcba"},
		{"size:>100", store.BySize, "ecad"},
		{"status:200", store.ByDuration, "eacf"},
		{"axx | exx | dxx", store.BySize, "ead"},
		{"(axx | exx | dxx) ms:>100", store.ByDuration, "ea"},
		{"axx nowhere", store.BySize, ""},
		{"path:/none", store.BySize, ""},
		{"-path:/webhooks/e", store.BySize, "cadbf"},
	} {
		for _, reverse := range []bool{false, true} {
			want := []byte(tt.want)
			if reverse {
				slices.Reverse(want)
			} else if tt.sort == store.ByTime {
				continue // that is the list without an order
			}
			x := must(filter.Parse(tt.filter, time.Now()))(t)
			for _, limit := range []int{1, 2, 50} {
				got, pages := "", 0
				for q := (store.Query{Filter: x, Sort: tt.sort, Reverse: reverse, Limit: limit}); ; {
					page := must(s.List(t.Context(), q))(t)
					got += names(page.Rows)
					if pages++; page.Next == "" || pages > 10 {
						break
					}
					q.Before = page.Next
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("%q by %q, reverse %t, %d at once (-want +got):\n%s", tt.filter, tt.sort, reverse, limit, diff)
				}
			}
		}
	}
	page := must(s.List(t.Context(), store.Query{Sort: store.ByDuration, Limit: 1}))(t)
	if took, ok := store.Slowest(&page.Rows[0]); !ok || took != 900*time.Millisecond {
		t.Errorf("the slowest took %v, %t", took, ok)
	}
}
