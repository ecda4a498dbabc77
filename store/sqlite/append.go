package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
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
	e.ID, e.Duplicate, e.SHA256 = r.id, r.duplicate, r.sum
	return nil
}

// A record is an event on its way to the disk. What can be worked out before it is
// its turn, is: the writer has all the callers waiting.
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

	id, duplicate event.ID // set by insert
}

func newRecord(e *event.Event, opts store.AppendOptions) (*record, error) {
	r := &record{event: e, opts: opts, sum: e.SHA256, header: encodeHeader(e.Header), what: whatName("", "")}
	if r.sum == [sha256.Size]byte{} {
		r.sum = sha256.Sum256(e.Body)
	}
	hash := r.sum
	if e.DeliveryID != "" {
		hash = sha256.Sum256([]byte(e.DeliveryID))
	}
	r.same = int64(binary.BigEndian.Uint64(hash[:]))
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

// bytes is the memory that the record holds while it waits.
func (r *record) bytes() int64 {
	return int64(len(r.event.Body) + len(r.header) + 1024)
}

// insert writes the event and the deliveries that it begins with.
func (r *record) insert(t *tx) error {
	e := r.event
	duplicate, err := r.earliest(t)
	if err != nil {
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

	t.newest = nextSeq(t.newest, time.Now())
	id := newID(t.newest)
	if r.id, err = event.IDFromBytes(id); err != nil {
		return err
	}
	targets := r.opts.Targets
	if duplicate != nil && !r.opts.ForwardDuplicates {
		targets = nil
	}
	var last sql.Null[int64]
	for i, target := range targets {
		d := event.Delivery{N: i + 1, Kind: event.Live, State: event.Waiting, Target: target.Target, URL: target.URL}
		if last.V, err = t.putDelivery(sql.Null[int64]{}, t.newest, &d); err != nil {
			return err
		}
		last.Valid = true
		t.countState("", event.Waiting)
	}
	if _, err := t.exec(`INSERT INTO events (seq, id, received, path, what, repo, repo_type, label, subject, size, origin,
			parent, duplicate, delivery_id, same, warnings, deliveries, last, webhook)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.newest, id, nanos(e.Received), path, what, repo, string(r.repo.Type), r.meaning.Label, r.meaning.Subject, len(e.Body), string(e.Origin),
		r.parent, duplicate, e.DeliveryID, r.same, len(e.Warnings), len(targets), last, webhook); err != nil {
		return err
	}
	if _, err := t.exec("INSERT INTO bodies (seq, method, query, proto, peer, tunnel, sha256, header, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		t.newest, e.Method, e.Query, e.Proto, e.Peer, e.Tunnel, r.sum[:], r.header, e.Body); err != nil {
		return err
	}
	t.events++
	return nil
}

// earliest looks for the first event that was the same delivery: one with the same
// delivery id or, where both have none, with the same body. It also sets r.duplicate.
func (r *record) earliest(t *tx) (id []byte, err error) {
	r.duplicate = ""
	// Few events share the 64 bits, so what is compared beside them is no cost.
	err = t.row(`SELECT id FROM events e WHERE same = ? AND delivery_id = ?
			AND (delivery_id <> '' OR ? = (SELECT sha256 FROM bodies b WHERE b.seq = e.seq))
		ORDER BY seq LIMIT 1`, []any{r.same, r.event.DeliveryID, r.sum[:]}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		r.duplicate, err = event.IDFromBytes(id)
	}
	return id, err
}
