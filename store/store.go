// Package store defines how events and their deliveries are stored: the interface, its errors
// and types. Package storetest has the tests that every backend must pass.
package store

import (
	"context"
	"errors"
	"time"

	"hfhook/event"
	"hfhook/filter"
)

// Errors that callers can distinguish. They are wrapped: use errors.Is.
var (
	ErrNotFound   = errors.New("no such event")
	ErrAmbiguous  = errors.New("more than one event matches")
	ErrNewer      = errors.New("the store was written by a newer hfhook")
	ErrDamaged    = errors.New("the store is damaged")
	ErrFull       = errors.New("the disk is full")
	ErrReadOnly   = errors.New("the store cannot be written")
	ErrUnreadable = errors.New("the store cannot be read")
	ErrBusy       = errors.New("the store is busy")
	ErrPlace      = errors.New("not a valid path for a store")
	ErrPinName    = errors.New("invalid name")
	ErrPinTaken   = errors.New("another event has this name")
	ErrNote       = errors.New("invalid note")
	ErrCompact    = errors.New("hfhook dev is running, and compacting a store of an older version would block it")
)

// A Fault is a store error that the user can fix. Err is one of the errors above, or wraps one.
type Fault struct {
	Doing string // what failed, for example "record an event"
	Err   error
	Todo  string // what to do, for example "free some space on the disk of /home/me/events.db"
}

func (f *Fault) Error() string { return f.Doing + ": " + f.Err.Error() + "; " + f.Todo }

func (f *Fault) Unwrap() error { return f.Err }

// Plain returns the fault in words for users: what is wrong and what to do, for example "the
// disk is full: free some space on the disk of /home/me/events.db".
func (f *Fault) Plain() string {
	for _, kind := range []error{ErrUnreadable, ErrFull, ErrReadOnly, ErrDamaged, ErrNewer, ErrBusy, ErrPlace, ErrGone, ErrCompact} {
		if errors.Is(f.Err, kind) {
			return kind.Error() + ": " + f.Todo
		}
	}
	return f.Error()
}

// A Store records events and deliveries. It is safe for concurrent use, and several processes
// may use the same store. Every error says what was being done; if a context ends, its cause is
// returned.
type Store interface {
	// Append records an event and returns when it is durable: a crash after that loses nothing.
	// It sets e.ID, which is larger than that of every event recorded before by any process,
	// and e.Key, e.Duplicate and e.SameBody. In the same transaction it records a delivery for
	// each of the targets, numbered from 1. It fails with ErrFull, ErrReadOnly, ErrBusy or
	// ErrGone, and then nothing was recorded.
	//
	// The state of a delivery is waiting, or withheld if the event is certainly a repeat of the
	// same delivery: the newest event with the same DeliveryID and body that was sent, or waits
	// to be sent, to this target has not failed there, and its sender was not answered yet, or
	// with 2xx in the last 15 s, or in the last 5 minutes if that answer was lost or is not
	// known. In doubt an event is sent.
	Append(ctx context.Context, e *event.Event, opts AppendOptions) error

	// AppendOnce is like Append without deliveries, for an event that was read from a file. If
	// the event was recorded before, which is decided in the transaction, it returns true and
	// records nothing, and e gets the ID and Duplicate of the recorded one.
	AppendOnce(ctx context.Context, e *event.Event, m Match) (there bool, err error)

	// PutDelivery records an attempt, durably. If d.N is 0 it is a new one: N is set to the
	// next number of the event, and if it went to the address of one of the event's targets,
	// Target is set to the name of that target. Otherwise it replaces attempt N, for example
	// when a waiting one was sent. Attempt and Cleared are set in both cases. It fails with
	// ErrNotFound if there is no such event or attempt.
	PutDelivery(ctx context.Context, d *event.Delivery) error

	// PutDeliveries is PutDelivery for several attempts, which are recorded in their order, and
	// returns the error of each. They share a transaction as far as none of them fails.
	PutDeliveries(ctx context.Context, ds []*event.Delivery) []error

	// Event returns a complete event, or ErrNotFound.
	Event(ctx context.Context, id event.ID) (*event.Event, error)

	// Events returns complete events in the order of ids, without those that do not exist, and
	// only as many as have 4 MiB of bodies together: the first in any case.
	Events(ctx context.Context, ids []event.ID) ([]Attempted, error)

	// Deliveries returns the attempts of an event, by number. It returns none for an unknown
	// event.
	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Accept marks the answer to attempt n of an event as correct, or removes the mark if at is
	// zero. A target may have several marked answers. It fails with ErrNotFound if there is no
	// such event or attempt.
	Accept(ctx context.Context, id event.ID, n int, at time.Time) error

	// Attempts is like Deliveries, without headers and bodies.
	Attempts(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Waiting returns live deliveries of a target that were not sent, oldest event first,
	// without headers and bodies: at most limit of them, of events after the given one. Their
	// state is waiting, or sending if a process ended before it had the answer.
	Waiting(ctx context.Context, target string, after event.ID, limit int) ([]event.Delivery, error)

	// Held returns what waits for each target, by name. Its duration grows with the number of
	// waiting deliveries.
	Held(ctx context.Context) ([]Held, error)

	// Drop discards the waiting live deliveries of a target, of events up to the given one, or
	// of all if that is empty, and returns how many. It works in parts, like Delete. Deliveries
	// under way are not dropped, but may be counted if the log does not show that they are
	// under way; their results are recorded.
	Drop(ctx context.Context, target string, through event.ID) (int, error)

	// Clear discards everything that a target has left, for a target that no running program
	// has: its waiting deliveries are dropped, and its failures decide no outcome any more. It
	// works in parts, like Delete.
	Clear(ctx context.Context, target string) (Cleared, error)

	// SetTargets declares the targets of this program in display order, replacing earlier ones.
	// The declaration lasts until the store is closed or the process ends.
	SetTargets(ctx context.Context, targets []string) error

	// Targets returns the targets of all running programs that have called SetTargets or, if
	// none is running, of those that ran last. What other targets have left is left over: see
	// event.Outcome and Stats. If no program has ever called SetTargets, nothing is left over.
	Targets(ctx context.Context) ([]string, error)

	// PutAnswers records the answers to the senders of events. If an answer is already
	// recorded, only its Arrival is updated, if it was not known. Answers to deleted events are
	// ignored.
	PutAnswers(ctx context.Context, answers map[event.ID]event.Answer) error

	// Own waits until this process is the only one that sends the waiting deliveries of the
	// target, of all that use the store. It returns ctx's cause if ctx ends first. Release, or
	// the end of the process, ends the ownership.
	Own(ctx context.Context, target string) (release func(), err error)

	// List returns a page of rows. Its duration does not grow with the store: a search that
	// would take longer ends early, and Page.Next says where to continue.
	List(ctx context.Context, q Query) (Page, error)

	// Resolve finds the event that ref refers to: an ID or an unambiguous prefix of one in any
	// letter case; the name that it is pinned by; its Webhook-Id, which means the first event
	// that has it; an ID or a Webhook-Id that it was sent under; @last; @-2 (the one before the
	// last); or @failed (the newest that failed at a target, unless that is left over). It
	// fails with ErrNotFound or ErrAmbiguous.
	Resolve(ctx context.Context, ref string) (event.ID, error)

	// Pin names an event, replacing an earlier name, or removes its name if name is empty.
	// Prune keeps named events. It fails with ErrNotFound; with ErrPinName if CheckPin rejects
	// the name; and with ErrPinTaken if another event has the name.
	Pin(ctx context.Context, id event.ID, name string) error

	// Note attaches a text to an event, replacing an earlier one, or removes it if text is
	// empty. Prune deletes events with notes. It fails with ErrNotFound, and with ErrNote if
	// CheckNote rejects the text.
	Note(ctx context.Context, id event.ID, text string) error

	// Delete deletes events with their bodies and deliveries, and returns how many there were.
	// The Duplicate of an event becomes the earliest that is left; its Key, Parent and SameBody
	// stay. IDs are not used again. It works in parts, so that captures do not wait for it:
	// events that were deleted before an error stay deleted, and are counted.
	Delete(ctx context.Context, ids ...event.ID) (int, error)

	// Prune deletes events that were recorded before a time, except pinned ones, and returns
	// how many. It works like Delete. If dry is set it only counts them.
	Prune(ctx context.Context, before time.Time, dry bool) (int, error)

	// Shrink deletes the oldest events that are not pinned until no more than most bytes of the
	// store are used. It works like Delete, and deletes no more than necessary. If dry is set
	// it deletes nothing, and estimates.
	Shrink(ctx context.Context, most int64, dry bool) (Shrunk, error)

	// Compact returns free space inside the store to the disk. It works in parts, like Delete.
	// It fails with ErrCompact if it would delay a program that receives events.
	Compact(ctx context.Context) error

	// Watch returns a channel that gets a value after something was recorded: at once if by
	// this process, within 200 ms if by another. It has room for one value, so a burst is seen
	// once. It is closed when ctx ends.
	Watch(ctx context.Context) <-chan struct{}

	// Stats returns counts. Its duration does not grow with the store.
	Stats(ctx context.Context) (Stats, error)

	// Triggers returns for each webhook of the Hub how many events it sent since a time, each
	// delivery counted once, the busiest first. It reads at most the newest 20,000 events, so
	// its duration does not grow with the store.
	Triggers(ctx context.Context, since time.Time) ([]Triggers, error)

	// PutSpan records a time in which events could be received. If sp.ID is 0 it is a new one,
	// and ID is set; otherwise it replaces that one, or fails with ErrNotFound.
	PutSpan(ctx context.Context, sp *Span) error

	// Spans returns the newest spans of all sessions that used the store, at most limit of
	// them, in the order in which they were recorded.
	Spans(ctx context.Context, limit int) ([]Span, error)

	// Known returns values of a kind that events have had, including deleted ones: at most
	// limit of them, the most recent first.
	Known(ctx context.Context, kind KnownKind, limit int) ([]string, error)

	// Loss returns what happened last to the files of the store while it was open, or nil. It
	// does not block, and channels of Watch get a value when it changes. While a loss lasts,
	// recording fails with ErrGone, and reading waits some seconds before it fails. Waiting
	// deliveries of targets that this process owns are kept in memory, for Waiting, Event and
	// PutDelivery.
	Loss() *Loss

	// Check looks for damage. It reads the complete store. It fails with ErrDamaged.
	Check(ctx context.Context) error

	// Close waits for writes under way and releases the store. Later calls fail.
	Close() error
}

// AppendOptions say which deliveries an event is recorded with.
type AppendOptions struct {
	Targets           []Forward // where the event is to be sent, in the order of their numbers
	ForwardDuplicates bool      // withhold nothing
}

// A Match selects the recorded event that equals one from a file: the earliest with the same
// body, path, DeliveryID and time of receipt.
type Match struct {
	AnyTime bool              // the file has no time: an imported event matches whatever its time
	Taken   map[event.ID]bool // matches of other parts of the same file
}

// A Forward names a target and the address that the event will be sent to.
type Forward struct{ Target, URL string }

// Attempted is a complete event with what its attempts must show to number a further one: N,
// Attempt, Kind, Target and URL.
type Attempted struct {
	Event    *event.Event
	Attempts []event.Delivery
}

// A Query selects a page of rows that match a filter, newest first. If both Before and After
// are empty it is the newest page.
type Query struct {
	Filter filter.Expr // nil: all
	Before event.ID    // rows older than this event
	After  event.ID    // rows newer than this event: the nearest ones, still newest first
	Limit  int         // at most this many rows; 0 means 50

	// With a Sort or Reverse the order differs; Before is then the last row of the previous
	// page, and After is not used. Each page reads everything that matches, so its duration
	// grows with the store; it ends with ctx.
	Sort    Order
	Reverse bool // in reverse order
}

// A Page is a part of a list.
type Page struct {
	Rows []event.Row // newest first

	// Whether there are events before the last row, and after the first one. With a filter they
	// may not match, except in the direction of the query: there it is false once nothing is
	// left to search.
	Older, Newer bool

	// Next is where the query continues, if it does: as Before, or as After if that was set.
	// With a filter the page may have fewer rows than the limit, or none.
	Next event.ID
}

// Shrunk is the result of Shrink. If Used is still too large, all remaining events are pinned,
// or there are none.
type Shrunk struct {
	Deleted int
	Left    int64 // events
	Used    int64 // bytes, like Stats.Used
}

// Stats are counts over the whole store.
type Stats struct {
	Events   int64
	Failed   int64 // events that failed at a target, unless that is left over
	Waiting  int64 // deliveries that were not sent yet, except those that are left over
	Bytes    int64 // on disk
	File     int64 // of those, the main file
	Used     int64 // of the file; the rest is free space that is used before the file grows
	Schema   int   // version of the schema
	Location string
	Newest   time.Time // zero if there are no events

	// What targets of no running program have left, by name. An event is counted for each of
	// them.
	LeftOver []LeftOver
}

// Triggers is how often a webhook of the Hub has sent an event. The Hub allows 1,000 in 24
// hours.
type Triggers struct {
	Webhook string // its id
	N       int
}

// A KnownKind is a kind of values that many events share.
type KnownKind string

// The kinds.
const (
	KnownRepos    KnownKind = "repo"
	KnownPaths    KnownKind = "path"
	KnownScopes   KnownKind = "scope"
	KnownWebhooks KnownKind = "webhook" // ids
	KnownTargets  KnownKind = "target"  // names
)
