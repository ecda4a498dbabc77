package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
)

// sweepBatch is how many entries of the index are looked up in the store at once.
const sweepBatch = 1000

// sweep removes entries from the index of events that are not in the store any more. It runs
// once for each open store, because other processes may have found the index locked, and after
// each time that this one did.
func (x *indexer) sweep(ctx context.Context) (err error) {
	if x.store.words.swept.Swap(true) {
		return nil
	}
	defer func() {
		if err != nil {
			x.store.words.swept.Store(false)
		}
	}()
	conn, err := x.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // does nothing after COMMIT
	upto, err := x.begin(ctx, conn)
	if err != nil {
		return err
	}
	var wanted, there int64
	if err := x.store.read.row(ctx, "SELECT events - (SELECT count(*) FROM events WHERE seq > ?) FROM counters", []any{upto}, &wanted); err != nil {
		return err
	}
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM words_docsize").Scan(&there); err != nil {
		return err
	}
	for from := int64(0); there > wanted && from < upto; {
		if from, err = x.sweepNext(ctx, conn, from); err != nil {
			return fmt.Errorf("take deleted events out of the index of words: %w", err)
		}
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// sweepNext does so for the next entries after a key, and returns the last one's key.
func (x *indexer) sweepNext(ctx context.Context, conn *sql.Conn, from int64) (last int64, err error) {
	var list []byte
	err = conn.QueryRowContext(ctx, "SELECT json_group_array(id), ifnull(max(id), ?) FROM (SELECT id FROM words_docsize WHERE id > ? ORDER BY id LIMIT ?)",
		int64(math.MaxInt64), from, sweepBatch).Scan(&list, &last)
	if err != nil {
		return 0, err
	}
	var gone []int64
	var seq int64
	err = x.store.read.each(ctx, "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM events WHERE seq = value)",
		[]any{string(list)}, []any{&seq}, func() error {
			gone = append(gone, seq)
			return nil
		})
	if err != nil || len(gone) == 0 {
		return last, err
	}
	keys, err := json.Marshal(gone)
	if err != nil {
		return 0, err
	}
	_, err = conn.ExecContext(ctx, "DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))", string(keys))
	return last, err
}
