package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"hfhook/event"
	"hfhook/store"
)

// Pin is documented at [store.Store].
func (s *Store) Pin(ctx context.Context, id event.ID, name string) error {
	return s.explain(ctx, fmt.Sprintf("pin event %q", id), s.pin(ctx, id, name))
}

func (s *Store) pin(ctx context.Context, id event.ID, name string) error {
	if name != "" {
		if err := store.CheckPin(name); err != nil {
			return err
		}
	}
	seq, raw, err := split(id)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return s.writer.do(ctx, 0, func(t *tx) error { return t.pin(seq, raw, sql.Null[string]{V: name, Valid: name != ""}) })
}

func (t *tx) pin(seq int64, id []byte, name sql.Null[string]) error {
	var old sql.Null[string]
	err := t.row("SELECT pin FROM events WHERE seq = ? AND id = ?", []any{seq, id}, &old)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case err != nil || old == name:
		return err
	}
	var other event.ID
	err = t.row("SELECT id FROM events WHERE pin = ?", []any{name}, scanID{&other})
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s is %q", store.ErrPinTaken, other, name.V)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	_, err = t.exec("UPDATE events SET pin = ? WHERE seq = ?", name, seq)
	return err
}
