// Package store keeps events and their deliveries: an interface, the errors and
// the page that every backend shares. Package storetest is the contract that a
// backend has to pass.
package store

import (
	"context"
	"errors"
	"time"

	"hfhook/event"
	"hfhook/filter"
)

// Errors that callers tell apart. They come wrapped: use errors.Is.
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
	ErrCompact    = errors.New("hfhook dev is running, and compacting a store from an older version would block it")
)

// A Fault is an error of a store that the user can do something about. Err is one of the
// errors above, or wraps one.
type Fault struct {
	Doing string // what failed, for example "record an event"
	Err   error
	Todo  string // what to do, for example "free some space on the disk of /home/me/events.db"
}

func (f *Fault) Error() string { return f.Doing + ": " + f.Err.Error() + "; " + f.Todo }

func (f *Fault) Unwrap() error { return f.Err }

// Plain is the fault in the words of a user: what is wrong and what to do, for example "the disk
// is full: free some space on the disk of /home/me/events.db".
func (f *Fault) Plain() string {
	for _, kind := range []error{ErrUnreadable, ErrFull, ErrReadOnly, ErrDamaged, ErrNewer, ErrBusy, ErrPlace, ErrGone, ErrCompact} {
		if errors.Is(f.Err, kind) {
			return kind.Error() + ": " + f.Todo
		}
	}
	return f.Error()
}

// A Store keeps events and deliveries. All methods may be called by several
// goroutines at once, and other processes may use the same store meanwhile.
// Every error wraps what was being done; a context's end is returned as its
// cause.
type Store interface {
	// Append records an event and returns when it is durable: a crash after that
	// loses nothing. It sets e.ID, which is larger than that of every event
	// recorded before, also by another process, and e.Key, e.Duplicate and e.SameBody.
	// For each of the targets it records a delivery in the same transaction, numbered
	// from 1. It fails with ErrFull, ErrReadOnly, ErrBusy or ErrGone, and then nothing was
	// recorded that could be found later.
	//
	// The state of a delivery is waiting, or withheld if the event can be nothing but
	// the same delivery on its way here once more: the newest event with the same
	// DeliveryID and body that was handed, or waits to be handed, to this target has no
	// failure there, and its sender was not answered yet, or with 2xx in the last 15 s, or
	// in the last 5 minutes if that answer was lost or is not known. In doubt an event is
	// handed on.
	Append(ctx context.Context, e *event.Event, opts AppendOptions) error

	// AppendOnce is Append, with no deliveries, of an event that a file tells of. If it
	// was recorded before, which is decided in the transaction, there is true, nothing is
	// recorded, and e gets ID and Duplicate of the one that is there.
	AppendOnce(ctx context.Context, e *event.Event, m Match) (there bool, err error)

	// PutDelivery records an attempt, durably. With d.N of 0 it is a new one: N
	// is set to the next number of the event, and if it went to the address of one of
	// the event's targets it is one at that target, and Target is set to its name.
	// Otherwise it replaces the attempt N, as when one that waited was sent. Attempt and
	// Cleared are set in both cases. ErrNotFound: no such event or attempt.
	PutDelivery(ctx context.Context, d *event.Delivery) error

	// Event returns one event whole. ErrNotFound.
	Event(ctx context.Context, id event.ID) (*event.Event, error)

	// Deliveries returns the attempts of an event, by number. An event without
	// any, or no event, has none.
	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Accept says of the answer to the attempt n of an event that it is right, or no longer
	// where at is zero. A target may have several. ErrNotFound: no such event or attempt.
	Accept(ctx context.Context, id event.ID, n int, at time.Time) error

	// Attempts is Deliveries without headers and bodies.
	Attempts(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// Waiting returns live deliveries of a target that were not sent, oldest
	// event first, without headers and bodies: at most limit of them, of events
	// after the given one. The state is waiting, or sending where a process ended
	// before it had the answer.
	Waiting(ctx context.Context, target string, after event.ID, limit int) ([]event.Delivery, error)

	// Held returns what waits for each target that something waits for, by name. It
	// takes a time that grows with what waits.
	Held(ctx context.Context) ([]Held, error)

	// Drop gives up the live deliveries of a target that wait, of events up to the given
	// one or, where that is empty, of all, and returns how many: they are not sent any more. It works in parts, as Delete.
	// What is under way is not dropped, but may be counted where the log does not say so
	// yet; its outcome is recorded all the same.
	Drop(ctx context.Context, target string, through event.ID) (int, error)

	// Clear gives up all that a target has left, for a target that no running program
	// has: what waits for it is dropped, and its failures decide no outcome any more. It
	// works in parts, as Delete.
	Clear(ctx context.Context, target string) (Cleared, error)

	// SetTargets says which targets this program sends to, in the order in which it shows
	// them, in place of those that it said before. That lasts until the store is closed or
	// the process ends.
	SetTargets(ctx context.Context, targets []string) error

	// Targets returns the targets of all programs that have called SetTargets and still
	// run or, if none does, of those that ran last. What other targets have left is left
	// over: see event.Outcome and Stats. If no program has ever called SetTargets, nothing
	// is.
	Targets(ctx context.Context) ([]string, error)

	// PutAnswers records what the senders of events were told. Of an answer that is
	// recorded already only the Arrival is, if it was not known. Of an event that is gone
	// nothing is recorded.
	PutAnswers(ctx context.Context, answers map[event.ID]event.Answer) error

	// Own returns once this process is the only one, of all that use the store,
	// that sends the waiting deliveries of the target, or with ctx's cause. The
	// release gives that up; the end of the process does too.
	Own(ctx context.Context, target string) (release func(), err error)

	// List returns a page of rows. It takes a time that does not grow with the
	// store: a search that would take longer ends early, and Page.Next tells where to
	// go on.
	List(ctx context.Context, q Query) (Page, error)

	// Resolve finds the event that a person means by ref: an ID or an unambiguous
	// prefix of one in any letter case, the name that it is pinned by, its Webhook-Id,
	// of which the first event with it is meant, an ID or a Webhook-Id that it was sent
	// under, @last, @-2 (the one before the last), or @failed (the newest that failed at a target, unless
	// that is left over). ErrNotFound, ErrAmbiguous.
	Resolve(ctx context.Context, ref string) (event.ID, error)

	// Pin gives an event a name, in place of one that it had, or takes it away where
	// name is empty. Prune spares an event that has one. ErrNotFound; ErrPinName for
	// what CheckPin refuses; ErrPinTaken where another event has the name.
	Pin(ctx context.Context, id event.ID, name string) error

	// Note keeps a text with an event, in place of one that it had, or takes it away
	// where text is empty. It is no reason for Prune to spare the event. ErrNotFound;
	// ErrNote for what CheckNote refuses.
	Note(ctx context.Context, id event.ID, text string) error

	// Delete takes events away with their bodies and deliveries, and returns how many
	// there were. The Duplicate of an event becomes the earliest that is left; its Key,
	// Parent and SameBody stay. Their IDs
	// are not given out again. It works in parts, so that a capture does not wait for
	// it: what was deleted before an error stays deleted, and is counted.
	Delete(ctx context.Context, ids ...event.ID) (int, error)

	// Prune deletes, as Delete does, the events that were recorded before a time, less
	// those that are pinned, and returns how many. If dry is set it only counts them.
	Prune(ctx context.Context, before time.Time, dry bool) (int, error)

	// Shrink deletes, as Delete does, the oldest events that are not pinned, until no more
	// than most bytes of the store are used: not one more than it takes. If dry is set it
	// deletes nothing, and estimates.
	Shrink(ctx context.Context, most int64, dry bool) (Shrunk, error)

	// Compact gives space that is free inside the store back to the disk. It works in
	// parts, as Delete. ErrCompact: it would hold up a program that receives events.
	Compact(ctx context.Context) error

	// Watch returns a channel that gets a value after something was recorded, by
	// this process at once and by another within 200 ms. It has room for one
	// value, so a burst is seen once. It ends with ctx and is then closed.
	Watch(ctx context.Context) <-chan struct{}

	// Stats returns counts, in a time that does not grow with the store.
	Stats(ctx context.Context) (Stats, error)

	// Triggers counts, for each webhook of the Hub, the events that it sent since a
	// time, each delivery once, the busiest first. It looks at no more than the newest
	// 20,000 events, so it takes a time that does not grow with the store.
	Triggers(ctx context.Context, since time.Time) ([]Triggers, error)

	// PutSpan records a time in which events could be received. With sp.ID of 0 it is a
	// new one, and ID is set; otherwise it replaces that one. ErrNotFound: there is none.
	PutSpan(ctx context.Context, sp *Span) error

	// Spans returns the newest spans, of all sessions that used the store, at most limit
	// of them, in the order in which they were recorded.
	Spans(ctx context.Context, limit int) ([]Span, error)

	// Known returns texts of a kind that events have had, also events that are no longer
	// there: at most limit of them, first the one that was new last.
	Known(ctx context.Context, kind KnownKind, limit int) ([]string, error)

	// Loss returns what happened last to the files of the store while it was open, or nil.
	// It does not wait, and channels of Watch get a value when it changes. While a loss
	// lasts, who wants to record is refused with ErrGone, and who reads waits for some
	// seconds before that. What waited for a target that this process owns is kept in memory:
	// Waiting, Event and PutDelivery know it.
	Loss() *Loss

	// Check looks for damage. It reads the whole store. ErrDamaged.
	Check(ctx context.Context) error

	// Close waits for what is being written and releases the store. Calls after
	// it fail.
	Close() error
}

// AppendOptions say which deliveries an event is recorded with.
type AppendOptions struct {
	Targets           []Forward // where the event is to be sent, in the order of their numbers
	ForwardDuplicates bool      // withhold nothing
}

// A Match says which of the events that were recorded is the one that a file tells of:
// the earliest with its body, path, DeliveryID and time of receipt.
type Match struct {
	AnyTime bool              // the file says no time: an imported event matches whenever it came
	Taken   map[event.ID]bool // those that other parts of the same file are
}

// A Forward names a target and the address that the event will be sent to.
type Forward struct{ Target, URL string }

// A Query asks for a page of rows that match a filter, newest first. Where both Before
// and After are empty it is the newest page.
type Query struct {
	Filter filter.Expr // nil: all
	Before event.ID    // rows older than this event
	After  event.ID    // rows newer than this event: those nearest to it, still newest first
	Limit  int         // at most this many rows; 0 means 50

	// With a Sort, or Reverse, rows come in another order; Before is then the last row of the
	// page before, and After is not used. All that matches is looked at for each page, so
	// that takes a time that grows with the store, and ends with ctx.
	Sort    Order
	Reverse bool // the other way round
}

// A Page is a part of a list.
type Page struct {
	Rows []event.Row // newest first

	// There are events before the last row, and after the first one. With a filter
	// there may be none among them that matches, except for the side to which the query
	// went: there it is false once nothing is left to be looked at.
	Older, Newer bool

	// Next is where the query goes on, if it does: as Before, or as After where that
	// was set. With a filter the page before it may have less rows than the limit, or
	// none.
	Next event.ID
}

// Shrunk is what Shrink has done. If Used is still more than it was to be, the events that
// are left are pinned, or there are none.
type Shrunk struct {
	Deleted int
	Left    int64 // events
	Used    int64 // bytes, for example Stats
}

// Stats are counts over the whole store.
type Stats struct {
	Events   int64
	Failed   int64 // events that failed at a target, unless that is left over
	Waiting  int64 // deliveries that were not sent yet, less those that are left over
	Bytes    int64 // on disk
	File     int64 // of them: the file without what is beside it
	Used     int64 // of the file: the rest is filled before it grows
	Schema   int   // version of the layout
	Location string
	Newest   time.Time // zero where there are no events

	// What targets have left that no running program has, by name. An event is counted at
	// each of them.
	LeftOver []LeftOver
}

// Triggers is how often a webhook of the Hub has sent an event. The Hub allows 1,000 in
// 24 hours.
type Triggers struct {
	Webhook string // its id
	N       int
}

// A KnownKind is a sort of texts that many events share.
type KnownKind string

// The kinds.
const (
	KnownRepos    KnownKind = "repo"
	KnownPaths    KnownKind = "path"
	KnownScopes   KnownKind = "scope"
	KnownWebhooks KnownKind = "webhook" // ids
	KnownTargets  KnownKind = "target"  // names
)
