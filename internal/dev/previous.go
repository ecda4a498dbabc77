package dev

import (
	"context"
	"fmt"

	"hfhook/event"
	"hfhook/store"
)

// previousWithin is among how many earlier events Like looks: a look through all of a
// large store takes longer than anybody waits for it.
const previousWithin = 5000

// PreviousOfKind returns the newest event recorded before the given one that is of e's kind:
// has its scope and action. store.ErrNotFound: there is none among the last few
// thousand.
func (s *Session) PreviousOfKind(ctx context.Context, e *event.Event, before event.ID) (event.ID, error) {
	of := e.Row()
	q := store.Query{Before: before, Limit: 500}
	for seen := 0; seen < previousWithin; {
		page, err := s.store.List(ctx, q)
		if err != nil {
			return "", fmt.Errorf("look for an event like %s: %w", e.ID.Short(), err)
		}
		for i := range page.Rows {
			if r := &page.Rows[i]; r.Scope == of.Scope && r.Action == of.Action {
				return r.ID, nil
			}
		}
		if !page.Older || len(page.Rows) == 0 {
			break
		}
		seen += len(page.Rows)
		q.Before = page.Rows[len(page.Rows)-1].ID
	}
	return "", fmt.Errorf("find an event like %s before it: %w", e.ID.Short(), store.ErrNotFound)
}
