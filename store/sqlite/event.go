package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
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
	var r eventRow
	r.ID = id
	err = s.read.row(ctx, "SELECT "+eventColumns+eventTables+" WHERE e.seq = ? AND e.id = ?", []any{seq, raw}, r.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return r.event(), nil
}

// eventColumns reads an event of eventTables into an eventRow.
const (
	eventColumns = `e.received, p.name, e.origin, e.parent, e.duplicate, e.key, e.same_body, e.same_body_at, e.delivery_id, e.unwanted, e.secret, e.holds_secret, e.pin, n.note, ` + answerColumns + `,
	b.method, b.query, b.proto, b.peer, b.tunnel, b.sha256, b.header, b.body`
	eventTables = `
	FROM events e JOIN bodies b ON b.seq = e.seq` + eventJoins
	eventJoins = `
	LEFT JOIN names p ON p.id = e.path LEFT JOIN notes n ON n.seq = e.seq LEFT JOIN answers a ON a.seq = e.seq`
)

// An eventRow is an event that is being read.
type eventRow struct {
	event.Event
	sum []byte
}

// dest returns where to scan eventColumns.
func (r *eventRow) dest() []any {
	e := &r.Event
	return slices.Concat(
		[]any{scanTime{&e.Received}, orZero(&e.Path), &e.Origin, scanID{&e.Parent}, scanID{&e.Duplicate}, scanID{&e.Key}, scanID{&e.SameBody}, scanTime{&e.SameBodyAt}, &e.DeliveryID, orZero(&e.Unwanted), orZero(&e.Matched), orZero(&e.HoldsSecret), orZero(&e.Pin), orZero(&e.Note)},
		answerDest(&e.Answer),
		[]any{&e.Method, &e.Query, &e.Proto, &e.Peer, &e.Tunnel, &r.sum, scanHeader{&e.Header}, scanBody{&e.Body}})
}

// event returns a copy of the event that was scanned, with what its body says.
func (r *eventRow) event() *event.Event {
	e := r.Event
	copy(e.SHA256[:], r.sum)
	// What the body says is not stored a second time. An event made by hand may contain
	// anything.
	var warnings []payload.Warning
	e.Payload, warnings = payload.ParseLenient(e.Body)
	e.Warnings = e.AllWarnings(warnings)
	return &e
}

// maxBodies is how many bytes of bodies Events returns.
const maxBodies = 4 << 20

// Events is documented at [store.Store].
func (s *Store) Events(ctx context.Context, ids []event.ID) ([]store.Attempted, error) {
	found, err := s.events(ctx, ids)
	if err == nil {
		err = s.addAttempts(ctx, found)
	}
	if err != nil {
		return nil, s.explain(ctx, fmt.Sprintf("read %d events", len(ids)), err)
	}
	return found, nil
}

func (s *Store) events(ctx context.Context, ids []event.ID) (found []store.Attempted, err error) {
	var keys []int64
	asked := make([]event.ID, 0, len(ids))
	for _, id := range ids {
		if key, _, err := split(id); err == nil { // no event has any other
			keys, asked = append(keys, key), append(asked, id)
		}
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	var r eventRow
	var at, size int
	// CROSS JOIN makes SQLite read the events in the order of the list.
	err = s.read.each(ctx, "SELECT l.key, e.id, "+eventColumns+` FROM json_each(?) l CROSS JOIN events e ON e.seq = l.value CROSS JOIN bodies b ON b.seq = e.seq`+eventJoins,
		[]any{string(list)}, append([]any{&at, scanID{&r.ID}}, r.dest()...), func() error {
			if r.ID != asked[at] {
				return nil
			}
			if size += len(r.Body); size > maxBodies && len(found) > 0 {
				return errEnough
			}
			found = append(found, store.Attempted{Event: r.event()})
			return nil
		})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return found, err
}

// addAttempts reads the attempts of events.
func (s *Store) addAttempts(ctx context.Context, events []store.Attempted) error {
	keys := make([]int64, len(events))
	for i := range events {
		var err error
		if keys[i], _, err = split(events[i].Event.ID); err != nil {
			return err
		}
	}
	list, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	var at int
	var d event.Delivery
	return s.read.each(ctx, "SELECT l.key, d.n, d.attempt, d.kind, d.target, d.url FROM json_each(?) l CROSS JOIN deliveries d ON d.event = l.value ORDER BY l.key, d.n",
		[]any{string(list)}, []any{&at, &d.N, orZero(&d.Attempt), &d.Kind, &d.Target, &d.URL}, func() error {
			d.Event = events[at].Event.ID
			events[at].Attempts = append(events[at].Attempts, d)
			return nil
		})
}
