package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"hfhook/store"
)

// applicationID marks the file as a store of hfhook: "hfhk" in ASCII.
const applicationID = 0x6866686b

// A migration is a step to the next schema version: statements, then Go code that fills in
// data, then statements again.
type migration struct {
	sql  string
	fill func(ctx context.Context, conn *sql.Conn, progress func(done, total int64)) error // nil: nothing
	then string
}

// migrations lead from an empty file to the newest schema, one version per step. A step that
// was released is never changed. The comments stay in the file, where the schema command of any
// SQLite client shows them.
var migrations = []migration{
	0: {sql: `
CREATE TABLE events (            -- one row for each event: what a list shows of it
	seq         INTEGER PRIMARY KEY,   -- first 64 bits of id, so in the order of recording
	id          BLOB    NOT NULL,      -- ULID, 16 bytes
	received    INTEGER NOT NULL,      -- nanoseconds since 1970, as all times here; 0: not known
	path        INTEGER NOT NULL,      -- names.id
	what        INTEGER NOT NULL,      -- names.id of scope and action
	repo        INTEGER NOT NULL,      -- names.id
	repo_type   TEXT    NOT NULL,
	label       TEXT    NOT NULL,      -- what happened, in a word or two
	subject     TEXT    NOT NULL,      -- to what
	size        INTEGER NOT NULL,      -- bytes of the body
	origin      TEXT    NOT NULL,      -- hub, synthetic, import, edit
	parent      BLOB,                  -- id of the event that this is an edited copy of
	duplicate   BLOB,                  -- id of the earliest event that was the same delivery
	delivery_id TEXT    NOT NULL,      -- the Hub's Webhook-Id
	same        INTEGER NOT NULL,      -- 64 bits of a hash of delivery_id or, without one, of the body
	warnings    INTEGER NOT NULL,      -- how many
	deliveries  INTEGER NOT NULL,      -- how many: deliveries.n of the newest
	last        INTEGER,               -- deliveries.id of the newest
	status      INTEGER                -- of the newest: 0 without a whole answer, NULL until it is done
);
CREATE INDEX events_repo   ON events(repo);
CREATE INDEX events_what   ON events(what);
CREATE INDEX events_same   ON events(same);
CREATE INDEX events_status ON events(status) WHERE status IS NOT NULL;
CREATE INDEX events_failed ON events(seq) WHERE status NOT BETWEEN 200 AND 299;

CREATE TABLE bodies (            -- the rest of an event
	seq    INTEGER PRIMARY KEY,        -- events.seq
	method TEXT    NOT NULL,
	query  TEXT    NOT NULL,
	proto  TEXT    NOT NULL,
	peer   TEXT    NOT NULL,
	tunnel INTEGER NOT NULL,           -- 1: came through the tunnel
	sha256 BLOB    NOT NULL,           -- of the body
	header BLOB,                       -- lines of "name: value"; \n, \r, \\ and \: stand for these bytes
	body   BLOB                        -- as received; NULL: empty
);

CREATE TABLE deliveries (        -- one row for each attempt to hand an event to a target
	id              INTEGER PRIMARY KEY,
	event           INTEGER NOT NULL,  -- events.seq
	n               INTEGER NOT NULL,  -- from 1, within the event
	kind            TEXT    NOT NULL,  -- live, replay
	state           TEXT    NOT NULL,  -- waiting, sending, done, dropped
	target          TEXT    NOT NULL,
	url             TEXT    NOT NULL,
	started         INTEGER NOT NULL,
	took            INTEGER NOT NULL,  -- nanoseconds, as the four phases
	status          INTEGER NOT NULL,  -- 0: no answer
	err             TEXT    NOT NULL,
	connect         INTEGER NOT NULL,
	write           INTEGER NOT NULL,
	first_byte      INTEGER NOT NULL,
	read            INTEGER NOT NULL,  -- of the answer's body
	response_size   INTEGER NOT NULL,  -- bytes read
	response_cut    INTEGER NOT NULL,  -- 1: response_body is only its beginning
	request_header  BLOB,              -- as bodies.header
	response_header BLOB,
	response_body   BLOB
);
CREATE UNIQUE INDEX deliveries_event ON deliveries(event, n);
CREATE INDEX deliveries_waiting ON deliveries(target, event, n)
	WHERE kind = 'live' AND state IN ('waiting', 'sending');

CREATE TABLE names (             -- texts that many events share
	id     INTEGER PRIMARY KEY,
	kind   TEXT NOT NULL,              -- path, what, repo
	name   TEXT NOT NULL,              -- for what: the scope
	action TEXT NOT NULL,              -- for what
	UNIQUE (kind, name, action)
);

CREATE TABLE counters (          -- its only row is changed with the rows that it counts
	events  INTEGER NOT NULL,
	failed  INTEGER NOT NULL,          -- events whose newest delivery is done, and was not taken
	waiting INTEGER NOT NULL,          -- deliveries with the state waiting
	newest  INTEGER NOT NULL           -- largest events.seq ever given out
);
INSERT INTO counters VALUES (0, 0, 0, 0);`},

	2 - 1: {sql: `
CREATE INDEX events_repo_type ON events(repo_type);
CREATE INDEX events_pending   ON events(seq) WHERE status IS NULL AND last IS NOT NULL;`},

	3 - 1: {sql: `
ALTER TABLE events ADD COLUMN pin /* the name that a person gave the event, or NULL */ TEXT;
CREATE UNIQUE INDEX events_pin ON events(pin) WHERE pin IS NOT NULL;
CREATE INDEX events_pinned     ON events(seq) WHERE pin IS NOT NULL;`},

	4 - 1: {sql: `
ALTER TABLE events ADD COLUMN webhook /* names.id of the sender's id, or NULL: recorded before this column */ INTEGER;

CREATE TABLE notes (             -- what people wrote about events
	seq  INTEGER PRIMARY KEY,          -- events.seq
	note TEXT NOT NULL
);

CREATE TABLE spans (             -- when events could be received
	id    INTEGER PRIMARY KEY,
	run   INTEGER NOT NULL,            -- start of the session
	began INTEGER NOT NULL,
	ended INTEGER NOT NULL,            -- moved on every few seconds while it lasts
	why   TEXT NOT NULL                -- what ended the time before it: started, tunnel, paused, store
);`},

	5 - 1: {sql: `
ALTER TABLE deliveries ADD COLUMN exit /* exit status of a command, or NULL: status is 200 for 0 and 500 for any other */ INTEGER;

CREATE TABLE answers (           -- what the senders of events were told
	seq    INTEGER PRIMARY KEY,        -- events.seq
	at     INTEGER NOT NULL,
	took   INTEGER NOT NULL,           -- nanoseconds since the request was there
	status INTEGER NOT NULL,
	target TEXT    NOT NULL,           -- whose answer it was; empty: hfhook's own
	reason TEXT    NOT NULL            -- why it was hfhook's own although a target's was asked for
);`},

	6 - 1: {sql: `
ALTER TABLE counters ADD COLUMN store /* 16 random bytes: what is kept beside the file names them */ BLOB;
UPDATE counters SET store = randomblob(16);`},

	7 - 1: {sql: `
ALTER TABLE events ADD COLUMN key          /* id of the first event with this delivery_id, which targets get for all of them; NULL: this one */ BLOB;
ALTER TABLE events ADD COLUMN same_body    /* without a delivery_id: id of the newest earlier event without one that has the same body */ BLOB;
ALTER TABLE events ADD COLUMN same_body_at /* when that was received */ INTEGER;
ALTER TABLE deliveries ADD COLUMN same_as  /* with the state withheld: id of the event that the target has instead */ BLOB;
ALTER TABLE deliveries ADD COLUMN owner    /* of one under way: name of the lock that its process has */ TEXT;
CREATE INDEX deliveries_sending ON deliveries(event) WHERE state = 'sending';
ALTER TABLE answers ADD COLUMN arrival     /* written, lost, or NULL: not known */ TEXT;
UPDATE events SET same_body = duplicate, duplicate = NULL, same_body_at = (
	SELECT received FROM events e WHERE e.same = events.same AND e.id = events.duplicate ORDER BY e.seq LIMIT 1)
	WHERE duplicate IS NOT NULL AND delivery_id = '';
UPDATE events SET key = duplicate WHERE duplicate IS NOT NULL;`},

	// The outcomes of events at their targets; fillOutcomes does the rest.
	8 - 1: {sql: `
ALTER TABLE events ADD COLUMN unwanted /* 1: there were targets, and the when= of none took it */ INTEGER;
ALTER TABLE deliveries ADD COLUMN attempt /* from 1, within the event and the target */ INTEGER NOT NULL DEFAULT 1;
ALTER TABLE deliveries ADD COLUMN cleared /* 1: a person has given up what was left over there */ INTEGER;
ALTER TABLE deliveries ADD COLUMN outcome /* see outcome.go; NULL: another attempt says what became of the event there */ INTEGER;
DROP INDEX events_status;
DROP INDEX events_failed;
DROP INDEX events_pending;
ALTER TABLE events DROP COLUMN status;
ALTER TABLE events DROP COLUMN last;
ALTER TABLE counters DROP COLUMN failed;
ALTER TABLE counters DROP COLUMN waiting;

CREATE TABLE tallies (           -- changed with the rows that they count
	kind    TEXT    NOT NULL,          -- failed: events; waiting: deliveries
	targets TEXT    NOT NULL,          -- JSON list of the targets at which they did; of an event without targets an empty one
	n       INTEGER NOT NULL,
	PRIMARY KEY (kind, targets)
) WITHOUT ROWID;

CREATE TABLE sessions (          -- programs that send to targets: each has a lock beside the file while it runs
	id      TEXT    PRIMARY KEY,       -- of the lock
	began   INTEGER NOT NULL,
	targets TEXT    NOT NULL           -- JSON list, in the order in which they are shown
) WITHOUT ROWID;`, fill: fillOutcomes, then: `
CREATE INDEX deliveries_outcome ON deliveries(outcome, event) WHERE outcome >= 0;`},

	9 - 1: {sql: `
ALTER TABLE events ADD COLUMN secret       /* which of the accepted secrets it came with: 1 the present one, 2 the one before; NULL: not known */ INTEGER;
ALTER TABLE events ADD COLUMN holds_secret /* 1: a secret is in the body; NULL: none is known to be */ INTEGER;`},

	10 - 1: {sql: layoutJudged},
	11 - 1: {sql: `
ALTER TABLE spans ADD COLUMN closed /* 1: it ended at ended; NULL: it lasts, or ended at some moment after that */ INTEGER;
ALTER TABLE spans ADD COLUMN via    /* public URL where events came in, local, or NULL: not known */ TEXT;`},

	12 - 1: {sql: `
ALTER TABLE counters ADD COLUMN stamp /* 8 random bytes of the commit before, and 8 of this one */ BLOB;
ALTER TABLE counters ADD COLUMN inode /* of the file that this was written to, 0: not known */ INTEGER NOT NULL DEFAULT 0;`},

	13 - 1: {sql: layoutRare},
}

// schemaVersion is the newest schema, which PRAGMA user_version of the file has.
var schemaVersion = len(migrations)

// identify reads the schema version, 0 for an empty file. It writes nothing.
func identify(ctx context.Context, conn *sql.Conn) (version int, err error) {
	var app, tables int
	err = conn.QueryRowContext(ctx, `SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id a, pragma_user_version v`).Scan(&app, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case app == applicationID && version > schemaVersion:
		return version, fmt.Errorf("%w: it has schema version %d, this hfhook supports %d", store.ErrNewer, version, schemaVersion)
	case app != applicationID && (app != 0 || version != 0 || tables != 0):
		return 0, fmt.Errorf("%w: it is the database of another program", store.ErrPlace)
	}
	return version, nil
}

// migrate updates the file to the newest schema, completely or not at all. It calls progress
// now and then.
func migrate(ctx context.Context, conn *sql.Conn, progress func(done, total int64)) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	// Another process may have done it since identify was last asked.
	version, err := identify(ctx, conn)
	if err != nil {
		return err
	}
	// A step may read all rows; the usual cache of the writer is too small for that.
	if _, err := conn.ExecContext(ctx, "PRAGMA cache_size = -131072"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA cache_size = -4096")
	for ; version < schemaVersion; version++ {
		if err := migrations[version].run(ctx, conn, progress); err != nil {
			return fmt.Errorf("to layout %d: %w", version+1, err)
		}
	}
	if _, err := conn.ExecContext(ctx, "UPDATE counters SET "+stamped, 0); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", applicationID, schemaVersion)); err != nil {
		return err
	}
	return nil
}

func (m migration) run(ctx context.Context, conn *sql.Conn, progress func(done, total int64)) error {
	if _, err := conn.ExecContext(ctx, m.sql); err != nil {
		return err
	}
	if m.fill != nil {
		if err := m.fill(ctx, conn, progress); err != nil {
			return err
		}
	}
	_, err := conn.ExecContext(ctx, m.then)
	return err
}
