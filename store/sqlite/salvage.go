package sqlite

// Copies everything readable of a damaged store into a new one, page by page, including rows
// that no index or tree refers to.

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

// Salvaged says what the new store has of the damaged one.
type Salvaged struct {
	Events   int
	Counted  int64      // number of events according to the damaged store; -1: unknown
	Attempts int        // delivery attempts
	Rebuilt  int        // events of which only the body was left: time and path are not known
	Changed  []event.ID // events whose body differs from the received one; they have a note about that
	NoBody   int        // events that are left out because their body was lost
	Unread   int        // pages that could not be read from disk
}

// Salvage reads the file of a damaged store, and the -wal beside it, and writes everything
// readable into a new store. It does not change the damaged one, which must not be written
// meanwhile. The new store must not exist yet.
func Salvage(ctx context.Context, from, to string) (done Salvaged, err error) {
	defer func() { err = explain(ctx, to, "save what can be read of "+from, err) }()
	if err := checkPlace(from); err != nil {
		return done, err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return done, fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	at, err := lookAt(from, from)
	if err != nil {
		return done, err
	}
	foreign, err := foreignWAL(ctx, from, at)
	if err != nil {
		return done, err
	}
	im, err := openImage(from, !foreign)
	if err != nil {
		return done, err
	}
	defer im.close()
	if to, err = filepath.Abs(to); err != nil {
		return done, err
	}
	if err := create(to); err != nil {
		return done, err
	}
	if err := salvageInto(ctx, im, to, &done); err != nil {
		return done, errors.Join(err, os.Remove(to))
	}
	return done, nil
}

// outcomesSince is the first schema version with outcomes.
const outcomesSince = 8

// A salvage is a run of Salvage.
type salvage struct {
	im      *image
	conn    *sql.Conn
	columns map[string][]tableColumn // of each table, in the order of the record
	inserts map[string]*sql.Stmt
	done    *Salvaged
	counted int64
	newest  int64
}

// tableColumn is a column of a table according to the schema.
type tableColumn struct{ name, kind string }

func salvageInto(ctx context.Context, im *image, to string, done *Salvaged) (err error) {
	db := pool(to, 1, []string{"synchronous(OFF)", "temp_store(MEMORY)", "cache_size(-65536)"})
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, prepareParts+"; PRAGMA journal_mode = OFF; BEGIN"); err != nil {
		return err
	}
	s := &salvage{im: im, conn: conn, inserts: map[string]*sql.Stmt{}, done: done, counted: -1}
	version := s.version()
	for _, m := range migrations[:version] {
		if _, err := conn.ExecContext(ctx, m.sql+m.then); err != nil {
			return err
		}
	}
	if err := s.readColumns(ctx); err != nil {
		return err
	}
	if err := s.copy(ctx); err != nil {
		return err
	}
	if err := s.putRight(ctx, version); err != nil {
		return err
	}
	for v := version; v < schemaVersion; v++ {
		if err := migrations[v].run(ctx, conn, func(int64, int64) {}); err != nil {
			return fmt.Errorf("to layout %d: %w", v+1, err)
		}
	}
	if err := s.noteChanged(ctx); err != nil {
		return err
	}
	done.Counted, done.Unread = s.counted, im.unread
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("UPDATE counters SET store = randomblob(16), %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", stamped, applicationID, schemaVersion), 0); err != nil {
		return err
	}
	for _, stmt := range s.inserts {
		_ = stmt.Close()
	}
	return syncFile(to)
}

// syncFile syncs a file to disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// version returns the schema version, or the newest if the file does not say.
func (s *salvage) version() int {
	page, ok := s.im.page(1)
	if !ok || binary.BigEndian.Uint32(page[68:]) != applicationID {
		return schemaVersion
	}
	if v := int(binary.BigEndian.Uint32(page[60:])); v > 0 && v < schemaVersion {
		return v
	}
	return schemaVersion
}

// salvaged are the tables whose rows are copied. Rows of the last two are found only from their
// roots; tallies and sessions are not copied.
var salvaged = []string{"events", "bodies", "deliveries", "names", "notes", "answers", "spans", "accepted", "sent_as"}

func (s *salvage) readColumns(ctx context.Context) error {
	s.columns = map[string][]tableColumn{}
	for _, table := range append([]string{"counters"}, salvaged...) {
		rows, err := s.conn.QueryContext(ctx, "SELECT name, type FROM pragma_table_info(?)", table)
		if err != nil {
			return err
		}
		for rows.Next() {
			var c tableColumn
			if err := rows.Scan(&c.name, &c.kind); err != nil {
				return errors.Join(err, rows.Close())
			}
			s.columns[table] = append(s.columns[table], c)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// copy copies the rows of all tables: rows at their proper place first, so that stray rows with
// the same key do not replace them.
func (s *salvage) copy(ctx context.Context) error {
	roots := map[string]uint32{}
	err := s.im.tree(1, func(r stored) error {
		row, ok := values(r.data) // type, name, tbl_name, rootpage, sql
		if !ok || len(row) < 5 || row[0] != "table" {
			return nil
		}
		name, _ := row[1].(string)
		if root, ok := row[3].(int64); ok && root > 1 && root <= int64(s.im.pages) {
			roots[name] = uint32(root)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if root, ok := roots["counters"]; ok {
		if err := s.im.tree(root, s.takeCounters); err != nil {
			return err
		}
	}
	for _, table := range salvaged {
		if err := s.im.tree(roots[table], func(r stored) error { return s.put(ctx, table, r) }); err != nil {
			return err
		}
	}
	return s.im.lost(func(r stored) error {
		row, ok := values(r.data)
		if !ok {
			return nil
		}
		table := s.tableOf(r.key, row)
		if table == "" {
			return nil
		}
		return s.put(ctx, table, r)
	})
}

func (s *salvage) takeCounters(r stored) error {
	row, ok := values(r.data)
	for i, c := range s.columns["counters"] {
		if !ok || i >= len(row) {
			break
		}
		n, isNumber := row[i].(int64)
		switch {
		case c.name == "events" && isNumber:
			s.counted = n
		case c.name == "newest" && isNumber:
			s.newest = n
		}
	}
	return nil
}

// tableOf guesses the table of a row from its values, or returns nothing.
func (s *salvage) tableOf(key int64, row []any) string {
	text := func(i int, among ...string) bool {
		v, ok := at[string](row, i)
		return ok && (among == nil || slices.Contains(among, v))
	}
	number := func(i int) bool { _, ok := at[int64](row, i); return ok }
	blob := func(i, size int) bool { v, ok := at[[]byte](row, i); return ok && len(v) == size }
	if len(row) == 0 || row[0] != nil { // the key
		return ""
	}
	switch n := len(row); {
	case blob(1, 16) && n > 15:
		if id, _ := at[[]byte](row, 1); int64(binary.BigEndian.Uint64(id)) == key {
			return "events"
		}
	case n == 9 && text(1) && text(2) && text(3) && text(4) && blob(6, sha256.Size):
		return "bodies"
	case n > 15 && number(1) && number(2) && text(3) && text(4) && text(5) && text(6):
		return "deliveries"
	case n == 4 && text(1, "path", "what", "repo", "webhook", "target") && text(2) && text(3):
		return "names"
	case n == 2 && text(1):
		return "notes"
	case n >= 6 && n <= 7 && number(1) && number(2) && number(3) && text(4) && text(5):
		return "answers"
	case n >= 5 && n <= 7 && number(1) && number(2) && number(3) && text(4):
		return "spans"
	}
	return ""
}

func at[T any](row []any, i int) (v T, ok bool) {
	if i < len(row) {
		v, ok = row[i].(T)
	}
	return v, ok
}

// put saves a row, unless it does not fit its table, or its key is taken.
func (s *salvage) put(ctx context.Context, table string, r stored) error {
	columns := s.columns[table]
	row, ok := values(r.data)
	if !ok || len(row) > len(columns) || len(row) == 0 {
		return nil
	}
	if row[0] == nil {
		row[0] = r.key
	}
	switch table {
	case "events":
		if id, _ := at[[]byte](row, 1); len(id) != 16 || int64(binary.BigEndian.Uint64(id)) != r.key {
			return nil
		}
		s.newest = max(s.newest, r.key)
	case "bodies":
		body, _ := at[[]byte](row, 8)
		if r.missing > len(body) {
			return nil
		}
		body = body[:len(body)-r.missing]
		if r.missing > 0 {
			row[8] = body
		}
		s.newest = max(s.newest, r.key)
	default:
		if r.missing > 0 {
			return nil
		}
	}
	for i, v := range row {
		if !fitsColumn(columns[i].kind, v) {
			return nil
		}
	}
	key := fmt.Sprint(table, len(row))
	stmt := s.inserts[key]
	if stmt == nil {
		var names []string
		for _, c := range columns[:len(row)] {
			names = append(names, c.name)
		}
		var err error
		if stmt, err = s.conn.PrepareContext(ctx, "INSERT OR IGNORE INTO "+table+" ("+strings.Join(names, ", ")+") VALUES (?"+strings.Repeat(", ?", len(row)-1)+")"); err != nil {
			return err
		}
		s.inserts[key] = stmt
	}
	_, err := stmt.ExecContext(ctx, row...)
	return err
}

// fitsColumn reports whether hfhook could have written a value into a column of this kind.
func fitsColumn(kind string, v any) bool {
	switch v.(type) {
	case nil:
		return true
	case int64:
		return kind == "INTEGER"
	case string:
		return kind == "TEXT"
	case []byte:
		return kind == "BLOB"
	}
	return false
}

// putRight makes the tables consistent.
func (s *salvage) putRight(ctx context.Context, version int) error {
	if err := s.checkBodies(ctx); err != nil {
		return err
	}
	one := func(query string, n any) error { return s.conn.QueryRowContext(ctx, query).Scan(n) }
	if err := one("SELECT count(*) FROM events WHERE seq NOT IN (SELECT seq FROM bodies)", &s.done.NoBody); err != nil {
		return err
	}
	cleanUp := []string{
		"DELETE FROM events WHERE seq NOT IN (SELECT seq FROM bodies)",
		"DELETE FROM deliveries WHERE event NOT IN (SELECT seq FROM events)",
		"UPDATE events SET deliveries = (SELECT ifnull(max(n), 0) FROM deliveries WHERE event = seq) WHERE deliveries <> (SELECT ifnull(max(n), 0) FROM deliveries WHERE event = seq)",
		fmt.Sprintf("UPDATE counters SET events = (SELECT count(*) FROM events), newest = max(%d, (SELECT ifnull(max(seq), 0) FROM events))", s.newest),
	}
	for table, key := range map[string]string{"notes": "seq", "answers": "seq", "accepted": "event", "sent_as": "event"} {
		if len(s.columns[table]) > 0 {
			cleanUp = append(cleanUp, "DELETE FROM "+table+" WHERE "+key+" NOT IN (SELECT seq FROM events)")
		}
	}
	// Outcomes are computed again. Older schemas get them by their migration.
	if version >= outcomesSince {
		cleanUp = append(cleanUp, "UPDATE deliveries SET outcome = NULL WHERE outcome IS NOT NULL", "DELETE FROM names WHERE kind = 'target'")
	}
	for _, query := range cleanUp {
		if _, err := s.conn.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	if version >= outcomesSince {
		if err := fillOutcomes(ctx, s.conn, func(int64, int64) {}); err != nil {
			return err
		}
	}
	return errors.Join(one("SELECT count(*) FROM events", &s.done.Events), one("SELECT count(*) FROM deliveries", &s.done.Attempts))
}

// checkBodies compares bodies with their SHA-256, and restores rows of events, and names, that
// were lost.
func (s *salvage) checkBodies(ctx context.Context) error {
	type found struct {
		seq    int64
		header []byte
		body   []byte
		sum    []byte
		id     []byte
		names  int // of three that are there
	}
	for seq := int64(-1); ; {
		rows, err := s.conn.QueryContext(ctx, `SELECT b.seq, b.header, b.body, b.sha256, e.id,
			(SELECT count(*) FROM names WHERE id = e.what AND kind = 'what') + (SELECT count(*) FROM names WHERE id = e.repo AND kind = 'repo') + (SELECT count(*) FROM names WHERE id = e.path AND kind = 'path')
			FROM bodies b LEFT JOIN events e ON e.seq = b.seq WHERE b.seq > ? ORDER BY b.seq LIMIT 16`, seq)
		if err != nil {
			return err
		}
		var all []found
		for rows.Next() {
			var f found
			if err := rows.Scan(&f.seq, &f.header, &f.body, &f.sum, &f.id, &f.names); err != nil {
				return errors.Join(err, rows.Close())
			}
			all, seq = append(all, f), f.seq
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(all) == 0 {
			return err
		}
		for _, f := range all {
			e := &event.Event{Capture: event.Capture{Received: time.UnixMilli(f.seq >> 16), Path: "/webhooks", Body: f.body, SHA256: sha256.Sum256(f.body), Origin: event.FromHub}}
			e.Header, _ = decodeHeader(f.header)
			e.Payload, _ = payload.ParseLenient(e.Body)
			if f.id == nil {
				f.id = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(f.seq)), 0)
				err = s.rebuild(ctx, e, f.seq, f.id)
			} else if f.names < 3 {
				err = s.rename(ctx, e, f.seq)
			}
			if err != nil {
				return err
			}
			if bytes.Equal(f.sum, e.SHA256[:]) {
				continue
			}
			if _, err := s.conn.ExecContext(ctx, "UPDATE events SET size = ? WHERE seq = ?", len(f.body), f.seq); err != nil {
				return err
			}
			if _, err := s.conn.ExecContext(ctx, "UPDATE bodies SET sha256 = ? WHERE seq = ?", e.SHA256[:], f.seq); err != nil {
				return err
			}
			id, err := event.IDFromBytes(f.id)
			if err != nil {
				return err
			}
			s.done.Changed = append(s.done.Changed, id)
		}
	}
}

// name returns the key of a name.
func (s *salvage) name(ctx context.Context, n name) (key int64, err error) {
	if _, err := s.conn.ExecContext(ctx, "INSERT OR IGNORE INTO names (kind, name, action) VALUES (?, ?, ?)", n.kind, n.name, n.action); err != nil {
		return 0, err
	}
	err = s.conn.QueryRowContext(ctx, "SELECT id FROM names WHERE kind = ? AND name = ? AND action = ?", n.kind, n.name, n.action).Scan(&key)
	return key, err
}

// namesOf returns the keys of the names of an event, and of its path.
func (s *salvage) namesOf(ctx context.Context, r *record) (what, repo, path int64, err error) {
	if what, err = s.name(ctx, r.what); err != nil {
		return 0, 0, 0, err
	}
	if repo, err = s.name(ctx, repoName(r.repo.Name)); err != nil {
		return 0, 0, 0, err
	}
	path, err = s.name(ctx, pathName(r.event.Path))
	return what, repo, path, err
}

// rebuild makes the row of an event from its body.
func (s *salvage) rebuild(ctx context.Context, e *event.Event, seq int64, id []byte) error {
	for _, f := range e.Header {
		if strings.EqualFold(f.Name, "Webhook-Id") {
			e.DeliveryID = f.Value
		}
	}
	r, err := newRecord(e, store.AppendOptions{})
	if err != nil {
		return err
	}
	what, repo, path, err := s.namesOf(ctx, r)
	if err != nil {
		return err
	}
	s.done.Rebuilt++
	_, err = s.conn.ExecContext(ctx, `INSERT INTO events (seq, id, received, path, what, repo, repo_type, label, subject, size, origin, delivery_id, same, warnings, deliveries)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
		seq, id, nanos(e.Received), path, what, repo, string(r.repo.Type), r.meaning.Label, r.meaning.Subject, len(e.Body), string(e.Origin), e.DeliveryID, r.same)
	return err
}

// rename restores the lost names of an event.
func (s *salvage) rename(ctx context.Context, e *event.Event, seq int64) error {
	r, err := newRecord(e, store.AppendOptions{})
	if err != nil {
		return err
	}
	what, repo, path, err := s.namesOf(ctx, r)
	if err != nil {
		return err
	}
	for column, key := range map[string]int64{"what": what, "repo": repo, "path": path} {
		if _, err := s.conn.ExecContext(ctx, "UPDATE events SET "+column+" = ? WHERE seq = ? AND NOT EXISTS (SELECT 1 FROM names WHERE id = events."+column+" AND kind = ?)", key, seq, column); err != nil {
			return err
		}
	}
	return nil
}

// changedNote is the note of an event whose body differs from the received one.
const changedNote = "damaged: this body is not as it was received"

func (s *salvage) noteChanged(ctx context.Context) error {
	for _, id := range s.done.Changed {
		seq, _, err := split(id)
		if err != nil {
			return err
		}
		if _, err := s.conn.ExecContext(ctx, "INSERT INTO notes (seq, note) VALUES (?, ?) ON CONFLICT DO UPDATE SET note = excluded.note || '; ' || note", seq, changedNote); err != nil {
			return err
		}
	}
	return nil
}
