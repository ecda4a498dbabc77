package sqlite

import "context"

// A tx is a write transaction, with the state that its jobs share: keys, changes of counters,
// and names that were looked up.
type tx struct {
	w      *writer
	before int64 // the last key that was given out by others
	newest int64 // the last key that was given out
	names  map[name]int64

	// Changes of the counters and tallies.
	events  int64
	tallies map[tally]int64

	changed bool
}

// begin takes the lock that only one process can have. The newest key is read under it, so keys
// grow in the order of all commits.
func (w *writer) begin() (*tx, error) {
	ctx := context.Background()
	err := retryBusy(ctx, func() error {
		_, err := w.on.exec(ctx, "BEGIN IMMEDIATE")
		return err
	})
	if isBusy(err) {
		return nil, err
	}
	t := &tx{w: w}
	if gone := w.checkBase(); gone != nil { // this explains any other error
		t.rollback()
		return nil, gone
	}
	if err != nil {
		return nil, err
	}
	var id []byte
	if err := t.row("SELECT newest, store FROM counters", nil, &t.newest, &id); err != nil {
		t.rollback()
		return nil, err
	}
	w.foundBase(t.newest, id)
	t.before = t.newest
	return t, nil
}

func (t *tx) commit() error {
	if !t.changed {
		t.rollback()
		return nil
	}
	if _, err := t.exec("UPDATE counters SET events = events + ?, newest = ?, "+stamped, t.events, t.newest, int64(t.w.inode)); err != nil {
		return err
	}
	if err := t.keepTallies(); err != nil {
		return err
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return err
	}
	t.w.wrote, t.w.last = true, committed{t.before, t.events}
	t.w.names.keep(t.names)
	t.w.noteBase()
	t.w.changed()
	return nil
}

// rollback may be called after SQLite has rolled back by itself.
func (t *tx) rollback() {
	t.w.on.exec(context.Background(), "ROLLBACK")
}

func (t *tx) exec(query string, args ...any) (key int64, err error) {
	t.changed = true
	return t.w.on.exec(context.Background(), query, args...)
}

func (t *tx) row(query string, args []any, dest ...any) error {
	return t.w.on.row(context.Background(), query, args, dest...)
}
