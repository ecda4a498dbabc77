package server

import (
	"bytes"
	"context"
	"net/http"

	"hfhook/event"
	"hfhook/internal/capture"
)

// A Handler deals with one verified event. What it returns becomes the answer: a
// value is encoded as JSON with the status 200, nil as null; an [Answer] has a status,
// headers and bytes of its own; an error becomes a 500 that tells the sender nothing, or
// what an [Error] in it says, and is logged. So does a panic, with its stack in the log.
//
// The typed payload is e.Payload, the exact bytes of the body are e.Body, and the
// request itself is in the context: see [Request]. The context ends when the sender
// gives up, or after Options.Timeout.
//
// Handlers are called by many goroutines at once, and one that blocks holds up no
// other. The Hub counts only a 2xx as delivered, and suspends a webhook that goes on
// failing: work that takes long belongs behind [Server.Background].
type Handler func(ctx context.Context, e *event.Event) (any, error)

// An Answer is what a handler returns, as it is or by its address, to choose more than
// the value. A status that allows no body, such as 204, is sent without one.
type Answer struct {
	Status int         // 0 means 200
	Header http.Header // added to those of the server; a Content-Type holds
	Value  any         // encoded as JSON
	Body   []byte      // sent as it is in the place of Value, unless it is nil
}

// An Error is what a handler returns to refuse an event in words of its own:
// {"error": Message} with the status.
type Error struct {
	Status  int    // from 400 to 599
	Message string // for the sender; empty: the name of the status
	Err     error  // for the log alone; may be nil
}

// Error is what the log gets.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.message() + ": " + e.Err.Error()
	}
	return e.message()
}

func (e *Error) Unwrap() error { return e.Err }

func (e *Error) message() string {
	if e.Message != "" {
		return e.Message
	}
	return http.StatusText(e.Status)
}

type callKey struct{}

// A served is the context of a handler: that of the request, with the request in it.
type served struct {
	context.Context
	request  *http.Request
	body     bytes.Reader    // of request, once more
	sending  capture.Sending // of the answer
	answered chan struct{}   // closed when the answer is sent, and recorded; nil where none is recorded
}

func (s *served) Value(key any) any {
	switch key.(type) {
	case callKey:
		return s
	case capture.SendingKey:
		return &s.sending
	}
	return s.Context.Value(key)
}

// servedIn returns what deals with a request in a handler's context, or nil.
func servedIn(ctx context.Context) *served {
	s, _ := ctx.Value(callKey{}).(*served)
	return s
}

// Request returns the request with which the event of a handler's context came: with
// every header, the secret among them, and a body that can be read again. It is nil
// outside of a handler.
func Request(ctx context.Context) *http.Request {
	if s := servedIn(ctx); s != nil {
		return s.request
	}
	return nil
}

// An again is a body that was read, to be read once more.
type again struct{ *bytes.Reader }

func (again) Close() error { return nil }
