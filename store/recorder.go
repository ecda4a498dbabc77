package store

import (
	"context"

	"hfhook/event"
)

// A Recorder records the events of a server.Server in a store, with the answers of its
// handlers. Set it as Recorder in server.Options.
//
//	events, err := sqlite.Open(ctx, "/data/events.db", sqlite.Options{})
//	if err != nil {
//		return err
//	}
//	defer events.Close()
//	s, err := server.New(server.Options{Recorder: store.Recorder{Store: events}})
//
// `hfhook ls is:failed --store FILE` reads the file while the program runs, or a copy of it,
// and `hfhook replay --store FILE` sends what failed in production to a handler on a laptop.
// Rejected requests are not kept.
type Recorder struct {
	// Store is where the events are recorded: a [Store], or anything else with these two of its
	// methods.
	Store interface {
		Append(ctx context.Context, e *event.Event, opts AppendOptions) error
		PutDelivery(ctx context.Context, d *event.Delivery) error
	}
}

// keptAnswer is how many bytes of a handler's answer are kept, as of a target's.
const keptAnswer = 256 << 10

// Record returns once the event is durable. It sets the same fields as Append.
func (r Recorder) Record(ctx context.Context, e *event.Event) error {
	return r.Store.Append(ctx, e, AppendOptions{})
}

// Reject ignores a rejected request.
func (Recorder) Reject(event.Rejected) {}

// RecordAnswer records the answer of a handler as a delivery of the event.
func (r Recorder) RecordAnswer(ctx context.Context, d *event.Delivery) error {
	if len(d.ResponseBody) > keptAnswer {
		d.ResponseBody, d.ResponseCut = d.ResponseBody[:keptAnswer], true
	}
	return r.Store.PutDelivery(ctx, d)
}
