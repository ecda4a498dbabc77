package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

// Append is documented at [store.Store].
func (s *Store) Append(ctx context.Context, e *event.Event, opts store.AppendOptions) error {
	r, err := newRecord(e, opts)
	if err == nil {
		err = s.writer.do(ctx, r.bytes(), r.insert)
	}
	if err != nil {
		return s.explain(ctx, "record an event", err)
	}
	r.finish()
	return nil
}

// A record is an event to be written. Everything that can be computed in advance is: while the
// writer runs, all callers wait.
type record struct {
	event   *event.Event
	opts    store.AppendOptions
	sum     [sha256.Size]byte
	same    int64 // see the column of that name
	header  []byte
	parent  []byte
	repo    payload.Repo
	what    name
	webhook string // its id
	meaning payload.Meaning

	// Set by insert: the event's id, and those of events that it repeats.
	id                       event.ID
	duplicate, key, sameBody event.ID
	sameBodyAt               time.Time
}

func newRecord(e *event.Event, opts store.AppendOptions) (*record, error) {
	r := &record{event: e, opts: opts, sum: e.SHA256, header: encodeHeader(e.Header), what: whatName("", "")}
	if r.sum == [sha256.Size]byte{} {
		r.sum = sha256.Sum256(e.Body)
	}
	if r.same = first64(r.sum); e.DeliveryID != "" {
		r.same = hashOf(e.DeliveryID)
	}
	if e.Parent != "" {
		_, parent, err := split(e.Parent)
		if err != nil {
			return nil, err
		}
		r.parent = parent
	}
	if p := e.Payload; p != nil {
		r.repo = p.Repo
		r.what = whatName(string(p.Event.Scope), string(p.Event.Action))
		r.webhook = p.Webhook.ID
		r.meaning = p.Meaning()
	}
	return r, nil
}

// finish sets what the store knows about the event once it is recorded.
func (r *record) finish() {
	e := r.event
	e.ID, e.SHA256 = r.id, r.sum
	e.Duplicate, e.Key, e.SameBody, e.SameBodyAt = r.duplicate, r.key, r.sameBody, r.sameBodyAt
}

// bytes is the memory that the record holds while it waits.
func (r *record) bytes() int64 {
	return int64(len(r.event.Body) + len(r.header) + 1024)
}

// insert writes the event and its first deliveries.
func (r *record) insert(t *tx) error {
	e := r.event
	if err := r.repeats(t); err != nil {
		return err
	}
	path, err := t.name(pathName(e.Path))
	if err != nil {
		return err
	}
	what, err := t.name(r.what)
	if err != nil {
		return err
	}
	repo, err := t.name(repoName(r.repo.Name))
	if err != nil {
		return err
	}
	var webhook sql.Null[int64]
	if r.webhook != "" {
		if webhook.V, err = t.name(hookName(r.webhook)); err != nil {
			return err
		}
		webhook.Valid = true
	}

	now := time.Now()
	t.newest = nextSeq(t.newest, now)
	id := newID(t.newest)
	if r.id, err = event.IDFromBytes(id); err != nil {
		return err
	}
	if err := r.putLive(t, now); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO events (seq, id, received, path, what, repo, repo_type, label, subject, size, origin,
			parent, duplicate, key, same_body, same_body_at, delivery_id, same, warnings, deliveries, webhook, unwanted,
			secret, holds_secret)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.newest, id, nanos(e.Received), path, what, repo, string(r.repo.Type), r.meaning.Label, r.meaning.Subject, len(e.Body), string(e.Origin),
		r.parent, column(r.duplicate), column(r.key), column(r.sameBody), sql.Null[int64]{V: nanos(r.sameBodyAt), Valid: r.sameBody != ""}, e.DeliveryID, r.same,
		len(e.Warnings), len(r.opts.Targets), webhook, sql.Null[bool]{V: true, Valid: e.Unwanted},
		sql.Null[int64]{V: int64(e.Matched), Valid: e.Matched != 0}, sql.Null[bool]{V: true, Valid: e.HoldsSecret}); err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO bodies (seq, method, query, proto, peer, tunnel, sha256, header, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		t.newest, e.Method, e.Query, e.Proto, e.Peer, e.Tunnel, r.sum[:], r.header, e.Body); err != nil {
		return err
	}
	t.events++
	return nil
}

// putLive writes a live delivery of the newest event for each target: waiting, or withheld.
func (r *record) putLive(t *tx, now time.Time) (err error) {
	all := make([]attempt, len(r.opts.Targets))
	for i, target := range r.opts.Targets {
		d := &all[i].Delivery
		*d = event.Delivery{N: i + 1, Kind: event.Live, State: event.Waiting, Target: target.Target, URL: target.URL}
		d.Attempt = ordinal(all[:i], d)
		if d.SameAs, err = r.withheld(t, target.Target, now); err != nil {
			return err
		}
		if d.SameAs != "" {
			d.State = event.Withheld
		}
	}
	speak := speakers(all)
	if err := decide(all, speak, t.name); err != nil {
		return err
	}
	for i := range all {
		if err := t.putUnsent(t.newest, &all[i]); err != nil {
			return err
		}
	}
	t.count(all, speak, 1)
	return nil
}

// hashOf returns the column events.same of an event with a Webhook-Id.
func hashOf(deliveryID string) int64 { return first64(sha256.Sum256([]byte(deliveryID))) }

func first64(sum [sha256.Size]byte) int64 { return int64(binary.BigEndian.Uint64(sum[:])) }
