package storetest

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

func idsOf(page store.Page) []event.ID {
	var ids []event.ID
	for _, row := range page.Rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// Pages of every size cover all events once, from either end.
func testPages(t *testing.T, f *fixture) {
	s := f.open()
	const n = 13
	ids := f.appendMany(s, n)
	slices.Reverse(ids) // newest first, as pages are
	list := func(q store.Query) store.Page {
		t.Helper()
		return must(s.List(t.Context(), q))(t)
	}
	for limit := 1; limit <= n+1; limit++ {
		var back []event.ID
		for q := (store.Query{Limit: limit}); ; {
			page := list(q)
			if got, want := page.Newer, len(back) > 0; got != want {
				t.Errorf("limit %d, after %d rows back: Newer = %v", limit, len(back), got)
			}
			back = append(back, idsOf(page)...)
			if got, want := page.Older, len(back) < n; got != want {
				t.Errorf("limit %d, %d rows back: Older = %v", limit, len(back), got)
			}
			if !page.Older || len(page.Rows) != limit {
				break
			}
			q.Before = page.Rows[len(page.Rows)-1].ID
		}
		if diff := cmp.Diff(ids, back); diff != "" {
			t.Errorf("limit %d, back (-want +got):\n%s", limit, diff)
		}

		forth := []event.ID{ids[n-1]}
		for q := (store.Query{Limit: limit, After: ids[n-1]}); ; {
			page := list(q)
			if !page.Older {
				t.Errorf("limit %d, after %d rows forth: Older = false", limit, len(forth))
			}
			forth = append(idsOf(page), forth...)
			if got, want := page.Newer, len(forth) < n; got != want {
				t.Errorf("limit %d, %d rows forth: Newer = %v", limit, len(forth), got)
			}
			if !page.Newer || len(page.Rows) != limit {
				break
			}
			q.After = page.Rows[0].ID
		}
		if diff := cmp.Diff(ids, forth); diff != "" {
			t.Errorf("limit %d, forth (-want +got):\n%s", limit, diff)
		}
	}

	tests := []struct {
		name         string
		q            store.Query
		want         []event.ID
		older, newer bool
	}{
		{"all", store.Query{}, ids, false, false},
		{"before the oldest", store.Query{Before: ids[n-1]}, nil, false, true},
		{"after the newest", store.Query{After: ids[0]}, nil, true, false},
		{"between", store.Query{After: ids[5], Before: ids[2]}, ids[3:5], true, true},
		{"between, the nearest to After", store.Query{After: ids[9], Before: ids[2], Limit: 2}, ids[7:9], true, true},
		{"before an ID that no event has", store.Query{Before: "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", Limit: 2}, ids[:2], true, false},
		{"just before an event", store.Query{After: neighbour(t, ids[3], -1)}, ids[:4], true, false},
		{"just behind an event", store.Query{Before: neighbour(t, ids[3], 1)}, ids[3:], false, true},
		{"around an event", store.Query{After: neighbour(t, ids[3], -1), Before: neighbour(t, ids[3], 1)}, ids[3:4], true, true},
		{"after an ID that no event has", store.Query{After: "00000000000000000000000000", Limit: 2}, ids[n-2:], false, true},
	}
	for _, tt := range tests {
		page := list(tt.q)
		if diff := cmp.Diff(tt.want, idsOf(page)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if page.Older != tt.older || page.Newer != tt.newer {
			t.Errorf("%s: Older, Newer = %v, %v; want %v, %v", tt.name, page.Older, page.Newer, tt.older, tt.newer)
		}
	}
	for _, q := range []store.Query{{Before: "x"}, {After: "x"}} {
		if _, err := s.List(t.Context(), q); err == nil {
			t.Errorf("List(%+v) succeeded", q)
		}
	}

	f.appendMany(s, 50)
	if page := list(store.Query{}); len(page.Rows) != 50 {
		t.Errorf("without a limit %d rows; want 50", len(page.Rows))
	}
}

// neighbour is the ID one above or one below another.
func neighbour(t testing.TB, id event.ID, delta int64) event.ID {
	t.Helper()
	raw, err := id.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	n := new(big.Int).SetBytes(raw)
	near, err := event.IDFromBytes(n.Add(n, big.NewInt(delta)).FillBytes(make([]byte, len(raw))))
	if err != nil {
		t.Fatal(err)
	}
	return near
}

// Events that come while somebody pages change neither what lies behind nor skip
// anything before.
func testPagesWhileAppending(t *testing.T, f *fixture) {
	s, other := f.open(), f.open()
	const n, more = 40, 60
	ids := f.appendMany(s, n)

	appended := make(chan []event.ID, 1)
	go func() {
		defer close(appended)
		var ids []event.ID
		for range more {
			e := f.event()
			if err := other.Append(t.Context(), e, store.AppendOptions{}); err != nil {
				t.Error(err)
				return
			}
			ids = append(ids, e.ID)
		}
		appended <- ids
	}()

	var back []event.ID
	for q := (store.Query{Before: ids[n-1], Limit: 3}); ; {
		page := must(s.List(t.Context(), q))(t)
		back = append(back, idsOf(page)...)
		if !page.Older {
			break
		}
		q.Before = page.Rows[len(page.Rows)-1].ID
	}
	slices.Reverse(back)
	if diff := cmp.Diff(ids[:n-1], back); diff != "" {
		t.Errorf("back (-want +got):\n%s", diff)
	}

	// What is newer than the last that was seen is never missed.
	forth, last := []event.ID(nil), ids[n-1]
	for ctx := f.soon(); len(forth) < more; {
		page, err := s.List(ctx, store.Query{After: last, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		got := idsOf(page)
		slices.Reverse(got)
		if len(got) > 0 {
			forth, last = append(forth, got...), got[len(got)-1]
		}
	}
	if diff := cmp.Diff(<-appended, forth); diff != "" {
		t.Errorf("forth (-want +got):\n%s", diff)
	}
}

func testRow(t *testing.T, f *fixture) {
	s := f.open()
	e := f.event()
	e.Warnings = []payload.Warning{{Path: ".a", Text: "b"}, {Path: ".c", Text: "d"}}
	f.appendEvent(s, e)
	again := *e
	again.ID, again.Origin, again.Parent = "", event.FromEdit, e.ID
	f.appendEvent(s, &again)
	plain := &event.Event{Capture: event.Capture{Body: []byte("no payload"), Path: "/"}}
	f.appendEvent(s, plain)

	meaning := e.Payload.Meaning()
	row := event.Row{
		ID: e.ID, Received: e.Received, Path: e.Path, Scope: "discussion.comment", Action: "create", RepoType: "dataset", Repo: "me/corpus",
		Label: meaning.Label, Subject: meaning.Subject, Size: int64(len(e.Body)), Origin: event.FromHub, Warnings: 2,
	}
	second := row
	second.ID, second.Origin, second.Parent, second.Duplicate = again.ID, event.FromEdit, e.ID, e.ID
	third := event.Row{ID: plain.ID, Path: "/", Size: 10}

	d := delivery(e.ID)
	old := event.Delivery{Event: e.ID, Kind: event.Live, State: event.Done, Target: "old", Status: 200}
	f.put(s, &old)
	f.put(s, d)
	row.Outcomes = []event.Outcome{{Target: "old", Last: old}}
	row.Deliveries = 2
	row.Last = d.Summary()

	want := []event.Row{third, second, row}
	page := must(s.List(t.Context(), store.Query{}))(t)
	if diff := cmp.Diff(want, page.Rows, kept); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if row.Label == "" || row.Subject == "" {
		t.Errorf("label %q, subject %q of a comment", row.Label, row.Subject)
	}
}

func testResolve(t *testing.T, f *fixture) {
	s := f.open()
	for _, ref := range []string{"@last", "@-1", "@failed", "0", ""} {
		if id, err := s.Resolve(t.Context(), ref); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("in an empty store %q is %q, %v; want ErrNotFound", ref, id, err)
		}
	}
	ids := f.appendMany(s, 5)
	put := func(id event.ID, status int, err string) {
		f.put(s, &event.Delivery{Event: id, Kind: event.Live, State: event.Done, Target: "t", Status: status, Err: err})
	}
	put(ids[0], 500, "")
	put(ids[1], 0, "refused")
	put(ids[2], 500, "")
	put(ids[2], 200, "") // and then it was taken
	put(ids[4], 204, "")

	// The longest prefix that two events share, and the shortest that is one's own.
	shared := func(a, b event.ID) int {
		n := 0
		for n < len(a) && a[n] == b[n] {
			n++
		}
		return n
	}
	own := 0
	for i := range ids {
		if i != 2 {
			own = max(own, shared(ids[2], ids[i])+1)
		}
	}
	whole := string(ids[2])
	tests := []struct {
		ref  string
		want event.ID
		err  error
	}{
		{"@last", ids[4], nil},
		{"@-1", ids[4], nil},
		{"@-2", ids[3], nil},
		{"@-5", ids[0], nil},
		{"@-6", "", store.ErrNotFound},
		{"@failed", ids[1], nil},
		{whole, ids[2], nil},
		{strings.ToLower(whole), ids[2], nil},
		{whole[:own], ids[2], nil},
		{strings.ToLower(whole[:own]), ids[2], nil},
		{whole[:25], ids[2], nil},
		{whole[:own-1], "", store.ErrAmbiguous},
		{whole[:1], "", store.ErrAmbiguous},
		{"0", "", store.ErrAmbiguous},
		{"1", "", store.ErrNotFound},
		{"4", "", store.ErrNotFound},
		{"7", "", store.ErrNotFound},
		{"7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "", store.ErrNotFound},
		{"00000000000000000000000000", "", store.ErrNotFound},
		{"8", "", store.ErrNotFound},
		{"Z", "", store.ErrNotFound},
		{"", "", store.ErrNotFound},
		{"@", "", store.ErrNotFound},
		{"@-0", "", store.ErrNotFound},
		{"@pin", "", store.ErrNotFound},
		{"%", "", store.ErrNotFound},
		{whole + "0", "", store.ErrNotFound},
		{"' OR 1=1 --", "", store.ErrNotFound},
	}
	for _, tt := range tests {
		got, err := s.Resolve(t.Context(), tt.ref)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("Resolve(%q) = %q, %v; want %q, %v", tt.ref, got, err, tt.want, tt.err)
		}
	}
	// Any prefix is either one event or several, as its length says.
	for n := 1; n <= len(whole); n++ {
		got, err := s.Resolve(t.Context(), whole[:n])
		if n < own && !errors.Is(err, store.ErrAmbiguous) || n >= own && (err != nil || got != ids[2]) {
			t.Errorf("the first %d characters, of which %d are its own: %q, %v", n, own, got, err)
		}
	}
}

func testStats(t *testing.T, f *fixture) {
	s := f.open()
	want := func(what string, events, failed, waiting int64) {
		t.Helper()
		got := must(s.Stats(t.Context()))(t)
		if got.Events != events || got.Failed != failed || got.Waiting != waiting {
			t.Errorf("%s: %d events, %d failed, %d waiting; want %d, %d, %d", what, got.Events, got.Failed, got.Waiting, events, failed, waiting)
		}
	}
	a := f.append(s)
	want("one event", 1, 0, 0)
	b := f.append(s, "one", "two")
	want("two to send", 2, 0, 2)
	targets := []string{"one", "two"}
	done := func(id event.ID, n, status int, err string) {
		target := "t"
		if n > 0 {
			target = targets[n-1]
		}
		f.put(s, &event.Delivery{Event: id, N: n, Kind: event.Live, State: event.Done, Target: target, Status: status, Err: err})
	}
	done(b.ID, 1, 500, "")
	want("the first failed, the second waits", 2, 1, 1)
	done(b.ID, 2, 200, "")
	want("the first failed, the second was taken", 2, 1, 0)
	done(b.ID, 2, 302, "")
	want("both failed", 2, 1, 0)
	done(b.ID, 1, 200, "")
	want("a redirect", 2, 1, 0)
	done(b.ID, 2, 200, "")
	want("both were taken", 2, 0, 0)
	done(b.ID, 2, 200, "the answer ended early")
	want("an answer that is not whole", 2, 1, 0)
	f.put(s, &event.Delivery{Event: b.ID, Kind: event.Replay, State: event.Done, Target: "two", Status: 299})
	want("a replay was taken", 2, 0, 0)
	f.put(s, &event.Delivery{Event: a.ID, Kind: event.Replay, State: event.Done, Target: "t", Err: "refused"})
	want("no answer", 2, 1, 0)
	for _, state := range []event.DeliveryState{event.Waiting, event.Sending, event.Dropped, event.Withheld, event.Interrupted} {
		f.put(s, &event.Delivery{Event: a.ID, N: 1, Kind: event.Live, State: state, Target: "t", Status: 500})
		waiting := int64(0)
		if state == event.Waiting {
			waiting = 1
		}
		want(string(state), 2, 0, waiting)
	}
	for i := range 20 {
		e := f.append(s, "t")
		if i%2 == 0 {
			f.put(s, &event.Delivery{Event: e.ID, N: 1, Kind: event.Live, State: event.Done, Target: "t", Status: 404})
		}
	}
	want("many", 22, 10, 10)

	got := must(f.open().Stats(t.Context()))(t)
	if got.Events != 22 || got.Failed != 10 || got.Waiting != 10 {
		t.Errorf("another handle: %+v", got)
	}
	if got.Bytes <= 0 || got.Used <= 0 || got.Schema <= 0 || got.Location == "" {
		t.Errorf("bytes, schema, location: %+v", got)
	}
	if e := f.event(); !got.Newest.Equal(e.Received) {
		t.Errorf("newest %v; want %v", got.Newest, e.Received)
	}
}

// delivery returns an attempt with every field set.
func delivery(id event.ID) *event.Delivery {
	return &event.Delivery{
		Event: id, Kind: event.Replay, State: event.Done, Target: "127.0.0.1:8000", URL: "http://127.0.0.1:8000/webhooks/\xff?a=\x00",
		Started: time.Date(2026, 11, 23, 12, 0, 1, 987654321, time.UTC), Took: 61234567 * time.Nanosecond, Status: 503, Exited: true, Exit: 3, Err: "the answer ended early: \x1b[31m\xff",
		RequestHeader:  []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Hfhook-Attempt", Value: "2"}},
		ResponseHeader: []event.Field{{Name: "Set-Cookie", Value: "b=\xff"}, {Name: "Set-Cookie", Value: "a"}},
		ResponseBody:   []byte("\x00\xffnope\r\n"), ResponseSize: 1 << 40, ResponseCut: true,
		ResponseSent: event.Sum{Size: 1 << 40, SHA256: [32]byte{1, 0, 2}}, ResponseDecoded: event.Sum{Size: 1 << 41, SHA256: [32]byte{3}},
		SentID: "01JD4X7M9C8Q2R5T7V9WABCDEF", SentDeliveryID: "e390e855e30d9209411de93b", ForComparison: true,
		Phases: event.Phases{Connect: 1, Write: 2 * time.Microsecond, FirstByte: 3 * time.Millisecond, Body: 4 * time.Second},
	}
}
