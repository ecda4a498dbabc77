package store

import (
	"context"

	"hfhook/event"
)

// A Recorder keeps the events of a server.Server in a store, with what its handlers
// make of them: server.Options has it as Recorder.
//
//	events, err := sqlite.Open(ctx, "/data/events.db", sqlite.Options{})
//	if err != nil {
//		return err
//	}
//	defer events.Close()
//	s, err := server.New(server.Options{Recorder: store.Recorder{Store: events}})
//
// A program that runs beside, or a copy of the file on another machine, is for
// `hfhook ls is:failed --store FILE`, and for `hfhook replay --store FILE` to send what
// broke in production to a handler on a laptop. Requests that were refused are not
// kept.
type Recorder struct {
	// Store is where the events are kept: a [Store] is one, and so is anything with these
	// two methods of it.
	Store interface {
		Append(ctx context.Context, e *event.Event, opts AppendOptions) error
		PutDelivery(ctx context.Context, d *event.Delivery) error
	}
}

// keptAnswer is how much of a handler's answer is kept, in bytes, as of a target's.
const keptAnswer = 256 << 10

// Record returns once the event is durable. It sets what Append sets.
func (r Recorder) Record(ctx context.Context, e *event.Event) error {
	return r.Store.Append(ctx, e, AppendOptions{})
}

// Reject drops a refused request.
func (Recorder) Reject(event.Rejected) {}

// RecordAnswer keeps the answer of a handler as a delivery of the event.
func (r Recorder) RecordAnswer(ctx context.Context, d *event.Delivery) error {
	if len(d.ResponseBody) > keptAnswer {
		d.ResponseBody, d.ResponseCut = d.ResponseBody[:keptAnswer], true
	}
	return r.Store.PutDelivery(ctx, d)
}
