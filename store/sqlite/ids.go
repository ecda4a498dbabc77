package sqlite

// The filter term id:, which finds an event by any of its ids.

import (
	"context"
	"math"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// mostKnownBy is how many events that were sent under other ids one term finds at most.
const mostKnownBy = 1000

// identified replaces each ID term of a filter by an Or: its text may be the prefix of an
// event's id, a Webhook-Id, or an id of a replay.
func (s *Store) identified(ctx context.Context, x filter.Expr) (filter.Expr, error) {
	each := func(list []filter.Expr) ([]filter.Expr, error) {
		var made []filter.Expr
		for _, part := range list {
			part, err := s.identified(ctx, part)
			if err != nil {
				return nil, err
			}
			made = append(made, part)
		}
		return made, nil
	}
	switch x := x.(type) {
	case filter.And:
		made, err := each(x)
		return filter.And(made), err
	case filter.Or:
		made, err := each(x)
		return filter.Or(made), err
	case filter.Not:
		made, err := s.identified(ctx, x.X)
		return filter.Not{X: made}, err
	case filter.ID:
		others, err := s.knownBy(ctx, string(x))
		if err != nil || len(others) == 0 {
			return x, err
		}
		return filter.Or{x, others}, nil
	}
	return x, nil
}

// knownBy returns the events that have a Webhook-Id, or were sent with it or with an event id
// of this prefix.
func (s *Store) knownBy(ctx context.Context, text string) (ids filter.Among, err error) {
	var id event.ID
	note := func() error {
		ids = append(ids, id)
		return nil
	}
	err = s.read.each(ctx, `SELECT id FROM events WHERE seq IN (
		SELECT seq FROM events WHERE same = ? AND delivery_id = ? UNION SELECT event FROM sent_as WHERE delivery_id = ?) ORDER BY seq LIMIT ?`,
		[]any{hashOf(text), text, text, mostKnownBy}, []any{scanID{&id}}, note)
	from, to, ok := idRange(text)
	if err != nil || !ok {
		return ids, err
	}
	_, fromRaw, err := split(from)
	if err != nil {
		return nil, err
	}
	_, toRaw, err := split(to)
	if err != nil {
		return nil, err
	}
	err = s.read.each(ctx, "SELECT DISTINCT e.id FROM sent_as s JOIN events e ON e.seq = s.event WHERE s.id BETWEEN ? AND ? LIMIT ?",
		[]any{fromRaw, toRaw, mostKnownBy}, []any{scanID{&id}}, note)
	return ids, err
}

// idRange returns the first and the last id with this prefix, if there can be any.
func idRange(text string) (from, to event.ID, ok bool) {
	ref, err := store.ParseRef(text)
	if err != nil || ref.From == "" {
		return "", "", false
	}
	return ref.From, ref.To, true
}

// among returns the condition that an event is one of these.
func (c *compiler) among(x filter.Among) string {
	var keys []any
	for _, id := range x {
		if key, _, err := split(id); err == nil {
			keys = append(keys, key)
		}
	}
	return "e.seq IN (SELECT value FROM json_each(" + c.arg(c.list(keys)) + "))"
}

// identity returns the condition that the id of an event has this prefix.
func (c *compiler) identity(x filter.ID) string {
	from, to, ok := idRange(string(x))
	if !ok {
		return "FALSE"
	}
	fromKey, fromRaw, err := split(from)
	if err != nil {
		return "FALSE"
	}
	toKey, toRaw, err := split(to)
	if err != nil {
		return "FALSE"
	}
	return "(e.seq BETWEEN " + c.arg(fromKey) + " AND " + c.arg(toKey) + " AND e.id BETWEEN " + c.arg(fromRaw) + " AND " + c.arg(toRaw) + ")"
}

// keysOf returns the first and the last key of events that a term about ids can find; ok
// reports that the term is about nothing else.
func keysOf(x filter.Expr) (first, last int64, ok bool) {
	first, last = math.MaxInt64, -1
	add := func(from, to event.ID) {
		a, _, err1 := split(from)
		b, _, err2 := split(to)
		if err1 == nil && err2 == nil {
			first, last = min(first, a), max(last, b)
		}
	}
	switch x := x.(type) {
	case filter.ID:
		if from, to, ok := idRange(string(x)); ok {
			add(from, to)
		}
		return first, last, true
	case filter.Among:
		for _, id := range x {
			add(id, id)
		}
		return first, last, true
	case filter.Or:
		for _, part := range x {
			a, b, ok := keysOf(part)
			if !ok {
				return 0, 0, false
			}
			first, last = min(first, a), max(last, b)
		}
		return first, last, true
	}
	return 0, 0, false
}
