package sqlite

// Data of attempts outside of their own row: accepted answers, and the ids that replays were
// sent with.

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// layoutJudged adds the columns and tables of this file.
const layoutJudged = `
ALTER TABLE deliveries ADD COLUMN response_sha256 /* of the whole answer as it was sent, or NULL: not known */ BLOB;
ALTER TABLE deliveries ADD COLUMN decoded_size    /* bytes of the answer without its content coding, or NULL: not known */ INTEGER;
ALTER TABLE deliveries ADD COLUMN decoded_sha256  /* of that; empty: as response_sha256 */ BLOB;
ALTER TABLE deliveries ADD COLUMN for_comparison  /* 1: made to compare its answer with the right one */ INTEGER;

CREATE TABLE accepted (          -- answers that a person has called right
	event INTEGER NOT NULL,            -- events.seq
	n     INTEGER NOT NULL,            -- deliveries.n
	at    INTEGER NOT NULL,
	PRIMARY KEY (event, n)
) WITHOUT ROWID;

CREATE TABLE sent_as (           -- attempts that were sent under ids of their own
	event       INTEGER NOT NULL,      -- events.seq
	n           INTEGER NOT NULL,      -- deliveries.n
	id          BLOB,                  -- in place of the event's id
	delivery_id TEXT,                  -- in place of its Webhook-Id
	PRIMARY KEY (event, n)
) WITHOUT ROWID;
CREATE INDEX sent_as_id          ON sent_as(id);
CREATE INDEX sent_as_delivery_id ON sent_as(delivery_id);`

// Accept is documented at [store.Store].
func (s *Store) Accept(ctx context.Context, id event.ID, n int, at time.Time) error {
	seq, raw, err := split(id)
	if err != nil {
		err = fmt.Errorf("%w: %w", store.ErrNotFound, err)
	} else {
		err = s.writer.do(ctx, 0, func(t *tx) error { return t.accept(seq, raw, n, at) })
	}
	return s.explain(ctx, fmt.Sprintf("accept an answer to event %q", id), err)
}

func (t *tx) accept(seq int64, id []byte, n int, at time.Time) error {
	var key int64
	err := t.row("SELECT d.id FROM events e JOIN deliveries d ON d.event = e.seq AND d.n = ? WHERE e.seq = ? AND e.id = ?", []any{n, seq, id}, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w with an attempt %d", store.ErrNotFound, n)
	}
	if err != nil {
		return err
	}
	if at.IsZero() {
		_, err = t.exec("DELETE FROM accepted WHERE event = ? AND n = ?", seq, n)
	} else {
		_, err = t.exec("INSERT OR REPLACE INTO accepted (event, n, at) VALUES (?, ?, ?)", seq, n, nanos(at))
	}
	return err
}

// putSentAs records the ids that an attempt was sent with, if they differ from the event's.
func (t *tx) putSentAs(seq int64, d *event.Delivery, replaced bool) error {
	if replaced {
		if _, err := t.exec("DELETE FROM sent_as WHERE event = ? AND n = ?", seq, d.N); err != nil {
			return err
		}
	}
	if d.SentID == "" && d.SentDeliveryID == "" {
		return nil
	}
	_, err := t.exec("INSERT INTO sent_as (event, n, id, delivery_id) VALUES (?, ?, ?, nullif(?, ''))", seq, d.N, column(d.SentID), d.SentDeliveryID)
	return err
}

// judgedColumns and judgedJoins read this data for the table deliveries, called d; judged
// returns where to scan it, after response_size.
const (
	judgedColumns = "d.response_sha256, d.decoded_size, d.decoded_sha256, d.for_comparison, s.id, s.delivery_id, c.at"
	judgedJoins   = `
	LEFT JOIN sent_as s ON s.event = d.event AND s.n = d.n
	LEFT JOIN accepted c ON c.event = d.event AND c.n = d.n`
)

func judged(d *event.Delivery) []any {
	return []any{scanSent{d}, orZero(&d.ResponseDecoded.Size), scanDecoded{d}, orZero(&d.ForComparison), scanID{&d.SentID}, orZero(&d.SentDeliveryID), scanTime{&d.Accepted}}
}

// sums are the columns from response_sha256 to decoded_sha256.
func sums(d *event.Delivery) []any {
	var sent, decoded []byte
	var size sql.Null[int64]
	if d.ResponseSent.Known() {
		sent = d.ResponseSent.SHA256[:]
	}
	if d.ResponseDecoded.Known() {
		decoded, size = d.ResponseDecoded.SHA256[:], sql.Null[int64]{V: d.ResponseDecoded.Size, Valid: true}
		if d.ResponseDecoded == d.ResponseSent {
			decoded = []byte{}
		}
	}
	return []any{sent, size, decoded}
}

// scanSent reads response_sha256.
type scanSent struct{ d *event.Delivery }

func (s scanSent) Scan(v any) error {
	s.d.ResponseSent = event.Sum{}
	b, ok := v.([]byte)
	if !ok {
		return nil
	}
	if len(b) != len(s.d.ResponseSent.SHA256) {
		return fmt.Errorf("%w: a SHA-256 of %d bytes", store.ErrDamaged, len(b))
	}
	s.d.ResponseSent.Size = s.d.ResponseSize
	copy(s.d.ResponseSent.SHA256[:], b)
	return nil
}

// scanDecoded reads decoded_sha256, after the size.
type scanDecoded struct{ d *event.Delivery }

func (s scanDecoded) Scan(v any) error {
	sum := &s.d.ResponseDecoded
	sum.SHA256 = [len(sum.SHA256)]byte{}
	switch b, ok := v.([]byte); {
	case !ok:
		*sum = event.Sum{}
	case len(b) == 0:
		*sum = s.d.ResponseSent
	case len(b) != len(sum.SHA256):
		return fmt.Errorf("%w: a SHA-256 of %d bytes", store.ErrDamaged, len(b))
	default:
		copy(sum.SHA256[:], b)
	}
	return nil
}
