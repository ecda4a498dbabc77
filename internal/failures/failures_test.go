package failures

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// fake is a store of events, the oldest first, which gives two rows at once.
type fake []event.Event

func (f fake) sent(i int) []event.Delivery {
	var all []event.Delivery
	for n, field := range f[i].Header { // a target and its answer, of which the name has the status
		target, status, _ := strings.Cut(field.Name, " ")
		d := event.Delivery{Event: f[i].ID, N: n + 1, Kind: event.Live, State: event.Done, Target: target, URL: "http://127.0.0.1/" + target, ResponseBody: []byte(field.Value)}
		fmt.Sscan(status, &d.Status)
		all = append(all, d)
	}
	return all
}

func (f fake) List(_ context.Context, q store.Query) (p store.Page, err error) {
	match := filter.Compile(q.Filter)
	for i := len(f) - 1; i >= 0; i-- {
		row := f[i].Row()
		row.Outcomes = event.Outcomes(f.sent(i))
		ok, err := match(&row, filter.RestOf(&f[i]))
		if err != nil {
			return p, err
		}
		if !ok || q.Before != "" && row.ID >= q.Before {
			continue
		}
		if len(p.Rows) == 2 {
			p.Next = p.Rows[1].ID
			break
		}
		for j := range row.Outcomes {
			row.Outcomes[j].Last = row.Outcomes[j].Last.Summary()
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (f fake) Event(_ context.Context, id event.ID) (*event.Event, error) {
	for i := range f {
		if f[i].ID == id {
			return &f[i], nil
		}
	}
	return nil, store.ErrNotFound
}

func (f fake) Deliveries(_ context.Context, id event.ID) ([]event.Delivery, error) {
	for i := range f {
		if f[i].ID == id {
			return f.sent(i), nil
		}
	}
	return nil, nil
}

// Events are grouped by what failed at each target; the filter says which failures are meant.
func TestCollect(t *testing.T) {
	t.Parallel()
	var s fake
	for i, answers := range [][]event.Field{
		{{Name: "a 500", Value: "KeyError: 'x' at 12"}, {Name: "b 200", Value: "ok"}},
		{{Name: "a 500", Value: "KeyError: 'x' at 13"}, {Name: "b 500", Value: "KeyError: 'x' at 14"}},
		{{Name: "a 200", Value: "KeyError: 'x' at 15"}, {Name: "b 200", Value: "ok"}},
		{{Name: "a 502", Value: `say "\x" | (not) ` + "\x00\xff\u202e" + `*?`}},
		{{Name: "a 500", Value: ""}},
	} {
		s = append(s, event.Event{ID: event.ID(fmt.Sprintf("01JD4X7M9C8Q2R5T7V9WABCDE%d", i)), Capture: event.Capture{Received: time.Unix(int64(i), 0), Header: answers, Path: "/webhooks"}})
	}
	for _, tt := range []struct {
		filter string
		most   int
		want   []string
	}{
		{"", 100, []string{"2 a 500 KeyError: 'x' at …", "1 a 500, without a reason", "1 a 502 say \"\\x\" | (not) \x00\ufffd\u202e*?", "1 b 500 KeyError: 'x' at …"}},
		{"target:b", 100, []string{"1 b 500 KeyError: 'x' at …"}},
		{"answer:keyerror target:a", 100, []string{"2 a 500 KeyError: 'x' at …"}},
		{"", 2, []string{"1 a 500, without a reason", "1 a 502 say \"\\x\" | (not) \x00\ufffd\u202e*?"}},
		{"status:404", 100, nil},
	} {
		x, err := filter.Parse(tt.filter, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		r, err := Collect(t.Context(), s, x, tt.most, func(event.ID) {})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range r.Groups {
			got = append(got, fmt.Sprintf("%d %s %s", len(g.Events), g.Target, g.Says()))
			found, err := filter.Parse(g.Filter(), time.Now())
			if err != nil {
				t.Fatalf("the filter of a group: %v", err)
			}
			if page, err := s.List(t.Context(), store.Query{Filter: found}); err != nil || len(page.Rows) == 0 || page.Rows[0].ID != g.Newest.ID && g.Reason != "" {
				t.Errorf("%s does not find the group's events: %v, %v", g.Filter(), page.Rows, err)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || (r.Upto != "") != (tt.most == 2) {
			t.Errorf("%q, Upto %q (-want +got):\n%s", tt.filter, r.Upto, diff)
		}
	}
}
