package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

// Event is documented at [store.Store].
func (s *Store) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	if s.at.gone.Load() != nil {
		if e := s.kept.event(id); e != nil {
			return e, nil
		}
	}
	e, err := s.event(ctx, id)
	if isLost(err) {
		if e := s.kept.event(id); e != nil {
			return e, nil
		}
	}
	if err != nil {
		return nil, s.explain(ctx, fmt.Sprintf("read event %q", id), err)
	}
	return e, nil
}

func (s *Store) event(ctx context.Context, id event.ID) (*event.Event, error) {
	seq, raw, err := split(id)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrNotFound, err)
	}
	e := event.Event{ID: id}
	var sum []byte
	err = s.read.row(ctx, `SELECT e.received, p.name, e.origin, e.parent, e.duplicate, e.key, e.same_body, e.same_body_at, e.delivery_id, e.unwanted, e.secret, e.holds_secret, e.pin, n.note, `+answerColumns+`,
			b.method, b.query, b.proto, b.peer, b.tunnel, b.sha256, b.header, b.body
		FROM events e JOIN bodies b ON b.seq = e.seq LEFT JOIN names p ON p.id = e.path LEFT JOIN notes n ON n.seq = e.seq LEFT JOIN answers a ON a.seq = e.seq
		WHERE e.seq = ? AND e.id = ?`, []any{seq, raw},
		slices.Concat(
			[]any{scanTime{&e.Received}, orZero(&e.Path), &e.Origin, scanID{&e.Parent}, scanID{&e.Duplicate}, scanID{&e.Key}, scanID{&e.SameBody}, scanTime{&e.SameBodyAt}, &e.DeliveryID, orZero(&e.Unwanted), orZero(&e.Matched), orZero(&e.HoldsSecret), orZero(&e.Pin), orZero(&e.Note)},
			answerDest(&e.Answer),
			[]any{&e.Method, &e.Query, &e.Proto, &e.Peer, &e.Tunnel, &sum, scanHeader{&e.Header}, scanBody{&e.Body}})...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	copy(e.SHA256[:], sum)
	// What the body says is not stored a second time. An event made by hand may contain
	// anything.
	var warnings []payload.Warning
	e.Payload, warnings = payload.ParseLenient(e.Body)
	e.Warnings = e.AllWarnings(warnings)
	return &e, nil
}
