package sqlite

// Files of older layouts are brought up to date, with what is in them.

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/store"
)

// oldFile makes a file of an older layout that has some rows.
func oldFile(t *testing.T, version int, rows string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "events.db")
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	db := pool(path, 1, writerPragmas)
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	steps := append(slices.Clone(migrations[:version]), migration{sql: rows},
		migration{sql: fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)})
	for _, step := range steps {
		if err := step.run(t.Context(), conn, func(int64, int64) {}); err != nil {
			t.Fatalf("%v\n%s", err, step.sql)
		}
	}
	return path
}

// openOld opens such a file as everybody does.
func openOld(t *testing.T, version int, rows string) *Store {
	t.Helper()
	s, err := Open(t.Context(), oldFile(t, version, rows), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if stats, err := s.Stats(t.Context()); err != nil || stats.Schema != schemaVersion {
		t.Errorf("layout %d, %v; want %d", stats.Schema, err, schemaVersion)
	}
	return s
}

// anID is the ID of the event with a key.
func anID(t *testing.T, seq int64) (id event.ID, blob string) {
	t.Helper()
	raw := make([]byte, 16)
	for i := range 8 {
		raw[i] = byte(seq >> (56 - 8*i))
	}
	id, err := event.IDFromBytes(raw)
	if err != nil {
		t.Fatal(err)
	}
	return id, fmt.Sprintf("x'%x'", raw)
}

// oldEvent inserts an event in the columns of the first layout.
func oldEvent(t *testing.T, seq int64, duplicate int64, deliveryID, body string) (insert string) {
	t.Helper()
	e := &event.Event{Capture: event.Capture{DeliveryID: deliveryID, Body: []byte(body)}}
	r, err := newRecord(e, store.AppendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, id := anID(t, seq)
	of := "NULL"
	if duplicate != 0 {
		_, of = anID(t, duplicate)
	}
	return fmt.Sprintf(`INSERT INTO events (seq, id, received, path, what, repo, repo_type, label, subject, size, origin, duplicate, delivery_id, same, warnings, deliveries)
		VALUES (%d, %s, %d, 1, 1, 1, 'space', '', '', %d, 'hub', %s, '%s', %d, 0, 0);
		INSERT INTO bodies (seq, method, query, proto, peer, tunnel, sha256, body) VALUES (%[1]d, 'POST', '', '', '', 0, x'%[8]x', x'%[9]x');
		UPDATE counters SET events = events + 1, newest = %[1]d;`, seq, id, seq*int64(time.Second), len(body), of, deliveryID, r.same, r.sum, body)
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	s := openOld(t, 1, oldEvent(t, 1<<20, 0, "", "x"))
	page, err := s.List(t.Context(), store.Query{Filter: parseFilter(t, "type:space")})
	want, _ := anID(t, 1<<20)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].ID != want {
		t.Errorf("List = %+v, %v; want the event", page, err)
	}
}

// An event without a Webhook-Id was the same delivery as one with the same body, and is
// now marked with that.
func TestMigrateSameBody(t *testing.T) {
	t.Parallel()
	s := openOld(t, 6, oldEvent(t, 1001, 0, "", "x")+oldEvent(t, 1002, 1001, "", "x")+oldEvent(t, 1003, 0, "a", "x")+
		oldEvent(t, 1004, 1003, "a", "x")+oldEvent(t, 1005, 1001, "", "x")+oldEvent(t, 1006, 0, "", "y"))
	type marks struct{ Duplicate, Key, SameBody event.ID }
	body, _ := anID(t, 1001)
	delivery, _ := anID(t, 1003)
	for seq, want := range map[int64]marks{1001: {}, 1002: {SameBody: body}, 1003: {}, 1004: {Duplicate: delivery, Key: delivery}, 1005: {SameBody: body}, 1006: {}} {
		id, _ := anID(t, seq)
		e, err := s.Event(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, marks{e.Duplicate, e.Key, e.SameBody}); diff != "" {
			t.Errorf("%d (-want +got):\n%s", seq, diff)
		}
		if at := time.Unix(1001, 0); want.SameBody != "" && !e.SameBodyAt.Equal(at) {
			t.Errorf("%d: the other is of %v; want %v", seq, e.SameBodyAt, at)
		}
	}
	e := &event.Event{Capture: event.Capture{Body: []byte("x")}}
	if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	if newest, _ := anID(t, 1005); e.SameBody != newest {
		t.Errorf("the next one has the body of %q; want %q", e.SameBody, newest)
	}
}

// A store of any earlier layout is brought up to date, with its events and what became of
// them.
func TestMigrateOutcomes(t *testing.T) {
	t.Parallel()
	type old struct {
		kind, state, target string
		status              int
		err                 string
	}
	events := []struct {
		attempts []old
		want     string // target, number, attempt at the target and rank of each outcome
	}{
		{nil, ""},
		{[]old{{"live", "done", "a", 500, ""}, {"live", "done", "b", 200, ""}}, "a 1 1 1; b 2 1 6; "},
		{[]old{{"live", "done", "a", 500, ""}, {"live", "done", "b", 200, ""}, {"replay", "done", "a", 204, ""}}, "a 3 2 6; b 2 1 6; "},
		{[]old{{"live", "done", "a", 404, ""}, {"replay", "done", "a", 0, "interrupted: hfhook stopped before the answer was complete"}}, "a 1 1 2; "},
		{[]old{{"live", "waiting", "a", 0, ""}, {"live", "dropped", "b", 0, ""}}, "a 1 1 5; b 2 1 7; "},
		{[]old{{"live", "sending", "a", 0, ""}, {"replay", "done", "c", 500, ""}}, "a 1 1 5; "}, // its process is not known, so it is gone
		{[]old{{"replay", "done", "c", 500, ""}, {"replay", "done", "d", 0, "refused"}, {"replay", "done", "c", 200, ""}}, "c 3 2 6; d 2 1 0; "},
	}
	for layout := 1; layout < 8; layout++ {
		rows, id := "", 0
		for i, e := range events {
			seq := int64(i + 1)
			rows += oldEvent(t, seq, 0, fmt.Sprint(i), "x") + fmt.Sprintf("UPDATE events SET deliveries = %d WHERE seq = %d;", len(e.attempts), seq)
			for n, d := range e.attempts {
				id++
				rows += fmt.Sprintf(`INSERT INTO deliveries (id, event, n, kind, state, target, url, started, took, status, err, connect, write, first_byte, read, response_size, response_cut)
					VALUES (%d, %d, %d, '%s', '%s', '%s', 'http://%[6]s:8000/webhooks', %[1]d, 1000000, %[7]d, '%[8]s', 0, 0, 0, 0, 0, 0);`, id, seq, n+1, d.kind, d.state, d.target, d.status, d.err)
			}
		}
		s := openOld(t, layout, rows)
		page, err := s.List(t.Context(), store.Query{Filter: parseFilter(t, "type:space")})
		if err != nil || len(page.Rows) != len(events) {
			t.Fatalf("layout %d: %d rows, %v; want %d", layout, len(page.Rows), err, len(events))
		}
		for i, e := range events {
			var got strings.Builder
			for _, o := range page.Rows[len(events)-1-i].Outcomes {
				got.WriteString(fmt.Sprintf("%s %d %d %d; ", o.Target, o.Last.N, o.Last.Attempt, o.Rank()))
			}
			if got.String() != e.want {
				t.Errorf("layout %d, event %d: outcomes %q; want %q", layout, i, got.String(), e.want)
			}
		}
		stats, err := s.Stats(t.Context())
		if err != nil || stats.Schema != schemaVersion || stats.Failed != 3 || stats.Waiting != 2 {
			t.Errorf("layout %d: %+v, %v", layout, stats, err)
		}
		if last, err := s.Resolve(t.Context(), "@failed"); err != nil || last != page.Rows[0].ID {
			t.Errorf("layout %d: @failed is %s, %v", layout, last, err)
		}
		if ds, err := s.Deliveries(t.Context(), page.Rows[3].ID); err != nil || ds[1].State != event.Interrupted {
			t.Errorf("layout %d: %+v, %v; want one that was interrupted", layout, ds, err)
		}
		// It is what a new file is.
		if diff := cmp.Diff(layoutOf(t, openInside(t)), layoutOf(t, s)); diff != "" {
			t.Errorf("layout %d (-new +brought up to date):\n%s", layout, diff)
		}
	}
}

// layoutOf lists the tables, columns and indexes of a store.
func layoutOf(t testing.TB, s *Store) []string {
	t.Helper()
	var all []string
	var line string
	err := s.read.each(t.Context(), `SELECT s.type || ' ' || s.name || ' ' || ifnull(c.name, '') FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) c ORDER BY 1`, nil, []any{&line}, func() error {
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
