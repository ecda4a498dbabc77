package sqlite

// Files of older layouts are brought up to date, with what is in them.

import (
	"fmt"
	"path/filepath"
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
	for _, step := range append(append([]string{}, migrations[:version]...), rows,
		fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)) {
		if _, err := db.ExecContext(t.Context(), step); err != nil {
			t.Fatalf("%v\n%s", err, step)
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
	e := &event.Event{DeliveryID: deliveryID, Body: []byte(body)}
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
	e := &event.Event{Body: []byte("x")}
	if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	if newest, _ := anID(t, 1005); e.SameBody != newest {
		t.Errorf("the next one has the body of %q; want %q", e.SameBody, newest)
	}
}
