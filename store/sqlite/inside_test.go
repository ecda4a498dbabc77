package sqlite

// What cannot be seen from outside: keys, the form of headers, the plans of the
// queries, and a file that may not grow.

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

func TestNextSeq(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	base := now.UnixMilli() << 16
	tests := []struct {
		name     string
		newest   int64
		now      time.Time
		from, to int64
	}{
		{"the first", 0, now, base, base + 1<<15 - 1},
		{"after a pause", base - 5<<16, now, base, base + 1<<15 - 1},
		{"in the same millisecond", base + 1<<15, now, base + 1<<15 + 1, base + 1<<15 + 1},
		{"the millisecond is full", base + 1<<16 - 1, now, base + 1<<16, base + 1<<16},
		{"the clock was set back", base + 1000<<16, now, base + 1000<<16 + 1, base + 1000<<16 + 1},
		{"before 1970", 7, time.Unix(-1, 0), 8, 1 << 15},
		{"the end of time", 0, time.UnixMilli(math.MaxInt64), (1<<47 - 1) << 16, math.MaxInt64},
	}
	for _, tt := range tests {
		for range 100 {
			if got := nextSeq(tt.newest, tt.now); got < tt.from || got > tt.to || got <= tt.newest {
				t.Errorf("%s: nextSeq(%d) = %d; want %d to %d", tt.name, tt.newest, got, tt.from, tt.to)
				break
			}
		}
	}

	seq := nextSeq(0, now)
	id, err := event.IDFromBytes(newID(seq))
	if err != nil {
		t.Fatal(err)
	}
	if !id.Time().Equal(now) {
		t.Errorf("%s is of %v; want %v", id, id.Time(), now)
	}
	if got, _, err := split(id); got != seq || err != nil {
		t.Errorf("split(%s) = %d, %v; want %d", id, got, err, seq)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add("Content-Type", "application/json", "A", "")
	f.Add("a:b", "c: d\n", "\\", "\r\n\\n")
	f.Add("", "", "\xff\x00", "\xc3\x28")
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		want := []event.Field{{Name: name1, Value: value1}, {Name: name2, Value: value2}}
		b := encodeHeader(want)
		got, err := decodeHeader(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", b, diff)
		}
		if n := bytes.Count(b, []byte("\n")); n != 2 {
			t.Errorf("%q has %d lines; want 2", b, n)
		}
	})
}

func FuzzDecodeHeader(f *testing.F) {
	for _, s := range []string{"", "A: b\n", "A: b", "A\n", ": \n", "\\", "\\\n", "A:b\n", "\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fields, err := decodeHeader(b)
		if err != nil {
			return
		}
		again, err := decodeHeader(encodeHeader(fields))
		if diff := cmp.Diff(fields, again); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", b, err, diff)
		}
	})
}

// No statement that a store has prepared reads a whole table.
func TestPlans(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := openInside(t)
	e := &event.Event{Capture: event.Capture{Body: []byte("x")}}
	for range 2 {
		if err := s.Append(ctx, e, store.AppendOptions{Targets: []store.Forward{{Target: "t"}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutDelivery(ctx, &event.Delivery{Event: e.ID, State: event.Done}); err != nil {
		t.Fatal(err)
	}
	for _, q := range []store.Query{{}, {Before: e.ID}, {After: e.ID}} {
		if _, err := s.List(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	for _, ref := range []string{"@last", "@failed", string(e.ID[:3])} {
		s.Resolve(ctx, ref)
	}
	s.Event(ctx, e.ID)
	s.Deliveries(ctx, e.ID)
	s.Waiting(ctx, "t", "", 1)
	s.Stats(ctx)
	answers := map[event.ID]event.Answer{e.ID: {Status: 200}}
	for seq := range int64(answersAtOnce) {
		id, err := event.IDFromBytes(newID(seq))
		if err != nil {
			t.Fatal(err)
		}
		answers[id] = event.Answer{Status: 200}
	}
	if err := s.PutAnswers(ctx, answers); err != nil {
		t.Fatal(err)
	}

	// Statistics of a store that was small must not lead a large one astray.
	if _, err := s.writer.on.exec(ctx, "ANALYZE"); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, queries := range []iter.Seq[string]{maps.Keys(s.read.byText), maps.Keys(s.writer.on.byText), maps.Keys(s.writer.on.direct.byText)} {
		for query := range queries {
			if !strings.HasPrefix(query, "SELECT") && !strings.HasPrefix(query, "UPDATE") && !strings.HasPrefix(query, "INSERT INTO answers") {
				continue
			}
			var plan []string
			var step string
			var ignored int
			args := make([]any, strings.Count(query, "?"))
			err := s.read.each(ctx, "EXPLAIN QUERY PLAN "+query, args, []any{&ignored, &ignored, &ignored, &step}, func() error {
				plan = append(plan, step)
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", query, err)
			}
			all := strings.Join(plan, "\n")
			for _, step := range plan {
				// These end with the limit, or at the first row.
				inOrder := strings.Contains(query, "LIMIT") && !strings.Contains(all, "TEMP B-TREE")
				few := regexp.MustCompile(`counters|pragma_user_version|sessions|tallies|json_each|CONSTANT ROW|codes|VALUES|^SCAN a$`).MatchString(step)
				if strings.HasPrefix(step, "SCAN") && !inOrder && !few {
					t.Errorf("%s\n%s", query, all)
				}
			}
			if strings.Contains(all, "TEMP B-TREE") {
				t.Errorf("sorts: %s\n%s", query, all)
			}
			for _, index := range []string{"deliveries_outcome", "events_same", "deliveries_waiting", "deliveries_event", "sqlite_autoindex_names_1"} {
				seen[index] = seen[index] || strings.Contains(all, index)
			}
		}
	}
	for index, used := range seen {
		if !used {
			t.Errorf("no query uses the index %s", index)
		}
	}
}

// A commit is on the disk when it returns, and readers write nothing.
func TestPragmas(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	for _, tt := range []struct {
		on     *statements
		pragma string
		want   int64
	}{
		{s.writer.on, "synchronous", 2}, {s.writer.on, "fullfsync", 1}, {s.writer.on, "checkpoint_fullfsync", 1},
		{s.writer.on, "wal_autocheckpoint", 1000}, {s.writer.on, "journal_size_limit", 64 << 20},
		{s.read, "query_only", 1}, {s.watch.file, "query_only", 1},
	} {
		var got int64
		if err := tt.on.row(t.Context(), "PRAGMA "+tt.pragma, nil, &got); err != nil || got != tt.want {
			t.Errorf("%s = %d, %v; want %d", tt.pragma, got, err, tt.want)
		}
	}
}

// Keys go on from the newest that was ever given out, by whichever clock.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	ahead := time.Now().Add(24*time.Hour).UnixMilli() << 16
	if _, err := s.writer.on.exec(t.Context(), "UPDATE counters SET newest = ?", ahead); err != nil {
		t.Fatal(err)
	}
	for i := range int64(3) {
		e := &event.Event{}
		if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		if seq, _, err := split(e.ID); err != nil || seq != ahead+1+i {
			t.Errorf("event %d has the key %d, %v; want %d", i, seq, err, ahead+1+i)
		}
	}
}

// Events whose hashes begin with the same 64 bits are no duplicates for that.
func TestCollision(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	add := func(deliveryID, body string) *event.Event {
		t.Helper()
		e := &event.Event{Capture: event.Capture{DeliveryID: deliveryID, Body: []byte(body)}}
		if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		return e
	}
	add("", "a")
	add("a", "b")
	for _, e := range []*event.Event{{Capture: event.Capture{Body: []byte("x")}}, {Capture: event.Capture{DeliveryID: "x", Body: []byte("y")}}} {
		r, err := newRecord(e, store.AppendOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.writer.on.exec(t.Context(), "UPDATE events SET same = ?", r.same); err != nil {
			t.Fatal(err)
		}
		if got := add(e.DeliveryID, string(e.Body)); got.Duplicate != "" || got.SameBody != "" {
			t.Errorf("%q with body %q repeats %q and %q", e.DeliveryID, e.Body, got.Duplicate, got.SameBody)
		}
		if got := add(e.DeliveryID, string(e.Body)); got.Duplicate == "" && got.SameBody == "" {
			t.Errorf("%q with body %q repeats nothing", e.DeliveryID, e.Body)
		}
	}
}

func openInside(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A file that may grow no more is a full disk; a small event still finds its place
// beside a large one that does not, and with room all goes on.
func TestFullFile(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	limit := func(pages int) {
		t.Helper()
		if _, err := s.writer.on.exec(context.Background(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(100)
	ids := make(map[event.ID]bool)
	add := func(size int) error {
		e := &event.Event{Capture: event.Capture{Body: bytes.Repeat([]byte{'x'}, size)}}
		err := s.Append(t.Context(), e, store.AppendOptions{})
		if err == nil {
			ids[e.ID] = true
		}
		return err
	}
	var err error
	for err == nil {
		err = add(20_000)
	}
	if !errors.Is(err, store.ErrFull) || !strings.HasSuffix(err.Error(), "free some space on the disk of "+s.file()) {
		t.Errorf("Append: %v; want ErrFull and what to do", err)
	}
	recorded := len(ids)
	if recorded == 0 {
		t.Fatal("nothing was recorded before the file was full")
	}
	if err := add(10); err != nil {
		t.Errorf("a small one: %v", err)
	}
	if err := s.PutDelivery(t.Context(), &event.Delivery{Event: "01JD4X7M9C8Q2R5T7V9WABCDEF"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("PutDelivery: %v; want ErrNotFound", err)
	}
	page, err := s.List(t.Context(), store.Query{Limit: 1000})
	if err != nil || len(page.Rows) != len(ids) {
		t.Errorf("%d rows, %v; want %d", len(page.Rows), err, len(ids))
	}
	limit(math.MaxInt32)
	if err := add(20_000); err != nil {
		t.Error(err)
	}
	for id := range ids {
		if _, err := s.Event(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// A body is the caller's: what is read later is not written over it.
func TestBodiesAreKept(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	a, b := appendBody(t, s, `{"a":1}`), appendBody(t, s, `{"b":2}`)
	first, err := s.Event(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // over each of the connections
		if _, err := s.Event(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if string(first.Body) != `{"a":1}` {
		t.Errorf("the body became %s", first.Body)
	}
}

// slowToPrepare are connections that prepare one statement only when they are let.
type slowToPrepare struct {
	*sql.DB
	slow       string
	began, let chan struct{}
}

func (s slowToPrepare) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if query == s.slow {
		close(s.began)
		<-s.let
	}
	return s.DB.PrepareContext(ctx, query)
}

// TestPreparedStatementsDoNotWait asks with a statement that is prepared while another one
// waits for a connection.
func TestPreparedStatementsDoNotWait(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	const quick, slow = "SELECT 1", "SELECT 2"
	on := slowToPrepare{DB: db, slow: slow, began: make(chan struct{}), let: make(chan struct{})}
	s := &statements{on: on}
	if _, err := s.prepare(t.Context(), quick); err != nil {
		t.Fatal(err)
	}
	prepared := make(chan error, 1)
	go func() {
		_, err := s.prepare(t.Context(), slow)
		prepared <- err
	}()
	<-on.began
	if _, err := s.prepare(t.Context(), quick); err != nil { // it never returned when it waited
		t.Error(err)
	}
	close(on.let)
	if err := errors.Join(<-prepared, s.close()); err != nil {
		t.Error(err)
	}
}
