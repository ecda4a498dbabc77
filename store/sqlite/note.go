package sqlite

import (
	"context"
	"fmt"

	"hfhook/event"
	"hfhook/store"
)

// Note is documented at [store.Store].
func (s *Store) Note(ctx context.Context, id event.ID, text string) error {
	return s.explain(ctx, fmt.Sprintf("note something about event %q", id), s.note(ctx, id, text))
}

func (s *Store) note(ctx context.Context, id event.ID, text string) error {
	if err := store.CheckNote(text); err != nil {
		return err
	}
	seq, raw, err := split(id)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	return s.writer.do(ctx, int64(len(text)), func(t *tx) error {
		var there bool
		if err := t.row("SELECT EXISTS (SELECT 1 FROM events WHERE seq = ? AND id = ?)", []any{seq, raw}, &there); err != nil {
			return err
		}
		if !there {
			return store.ErrNotFound
		}
		if text == "" {
			_, err := t.exec("DELETE FROM notes WHERE seq = ?", seq)
			return err
		}
		_, err := t.exec("INSERT INTO notes (seq, note) VALUES (?, ?) ON CONFLICT (seq) DO UPDATE SET note = excluded.note", seq, text)
		return err
	})
}
