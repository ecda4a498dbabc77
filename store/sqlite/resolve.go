package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"hfhook/event"
	"hfhook/store"
)

// Resolve is documented at [store.Store].
func (s *Store) Resolve(ctx context.Context, ref string) (event.ID, error) {
	id, err := s.resolve(ctx, ref)
	if err != nil {
		return "", s.explain(ctx, fmt.Sprintf("look for event %q", ref), err)
	}
	return id, nil
}

func (s *Store) resolve(ctx context.Context, text string) (id event.ID, err error) {
	ref, err := store.ParseRef(text)
	if err != nil {
		return "", err
	}
	switch {
	case ref.Failed:
		return s.lastFailed(ctx)
	case ref.Back > 0:
		err = s.read.row(ctx, "SELECT id FROM events ORDER BY seq DESC LIMIT 1 OFFSET ?", []any{ref.Back - 1}, scanID{&id})
	case ref.Pin != "":
		err = s.read.row(ctx, "SELECT id FROM events WHERE pin = ?", []any{ref.Pin}, scanID{&id})
	case ref.From != "":
		id, err = s.unambiguous(ctx, ref.From, ref.To)
	default:
		err = sql.ErrNoRows
	}
	if ref.DeliveryID != "" && (errors.Is(err, sql.ErrNoRows) || errors.Is(err, store.ErrNotFound)) {
		err = s.read.row(ctx, `SELECT id FROM events e WHERE e.seq = (
			SELECT min(seq) FROM (SELECT seq FROM events WHERE same = ? AND delivery_id = ? UNION ALL SELECT event FROM sent_as WHERE delivery_id = ?))`,
			[]any{hashOf(ref.DeliveryID), ref.DeliveryID, ref.DeliveryID}, scanID{&id})
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", store.ErrNotFound
	}
	return id, err
}

// lastFailed returns the newest event that failed at a target that is not left over.
func (s *Store) lastFailed(ctx context.Context) (id event.ID, err error) {
	p, err := s.presence(ctx)
	if err != nil {
		return "", err
	}
	codes, err := s.outcomeCodes(ctx)
	if err != nil {
		return "", err
	}
	var wanted []int64
	for _, c := range codes {
		if c.failed() && (c.free || !p.leftOver(c.target)) {
			wanted = append(wanted, c.code)
		}
	}
	list, err := json.Marshal(wanted)
	if err != nil {
		return "", err
	}
	err = s.read.row(ctx, `SELECT id FROM events WHERE seq = (
		SELECT max((SELECT max(event) FROM deliveries INDEXED BY deliveries_outcome WHERE outcome >= 0 AND outcome = j.value)) FROM json_each(?) j)`, []any{string(list)}, scanID{&id})
	if errors.Is(err, sql.ErrNoRows) {
		return "", store.ErrNotFound
	}
	return id, err
}

// unambiguous returns the only event with an ID between two, or that was sent under such an ID.
func (s *Store) unambiguous(ctx context.Context, from, to event.ID) (event.ID, error) {
	fromSeq, fromRaw, err := split(from)
	if err != nil {
		return "", err
	}
	toSeq, toRaw, err := split(to)
	if err != nil {
		return "", err
	}
	var id event.ID
	var fit []event.ID
	note := func() error {
		if !slices.Contains(fit, id) {
			fit = append(fit, id)
		}
		if len(fit) > 1 {
			return errEnough
		}
		return nil
	}
	err = s.read.each(ctx, "SELECT id FROM events WHERE seq BETWEEN ? AND ? AND id BETWEEN ? AND ? ORDER BY seq LIMIT 2",
		[]any{fromSeq, toSeq, fromRaw, toRaw}, []any{scanID{&id}}, note)
	if err == nil {
		err = s.read.each(ctx, "SELECT e.id FROM sent_as s JOIN events e ON e.seq = s.event WHERE s.id BETWEEN ? AND ?",
			[]any{fromRaw, toRaw}, []any{scanID{&id}}, note)
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	switch {
	case err != nil:
		return "", err
	case len(fit) == 0:
		return "", store.ErrNotFound
	case len(fit) > 1:
		return "", fmt.Errorf("%w, as %s and %s: write more of the id", store.ErrAmbiguous, fit[0], fit[1])
	}
	return fit[0], nil
}
