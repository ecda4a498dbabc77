package server

import (
	"bytes"
	"context"
	"net/http"

	"hfhook/event"
	"hfhook/internal/capture"
)

// A Handler handles one verified event. Its result becomes the answer: a value is encoded as
// JSON with the status 200, nil as null; an [Answer] has its own status, headers and bytes; an
// error becomes a 500 without details, or what an [Error] in it says, and is logged. So is a
// panic, with its stack.
//
// The typed payload is e.Payload, the exact bytes of the body are e.Body, and the
// request itself is in the context: see [Request]. The context ends when the sender
// gives up, or after Options.Timeout.
//
// Handlers are called by many goroutines at once, and one that blocks does not delay the
// others. The Hub counts only a 2xx as delivered, and suspends a webhook that keeps failing:
// use [Server.Background] for work that takes long.
type Handler func(ctx context.Context, e *event.Event) (any, error)

// An Answer, or a pointer to one, is returned by a handler that chooses more than the value. A
// status that allows no body, such as 204, is sent without one.
type Answer struct {
	Status int         // 0 means 200
	Header http.Header // added to those of the server; a Content-Type holds
	Value  any         // added to those of the server; a Content-Type replaces the default
	Body   []byte      // sent as it is in place of Value, unless it is nil
}

// An Error is returned by a handler to reject an event in its own words: {"error": Message}
// with the status.
type Error struct {
	Status  int    // from 400 to 599
	Message string // for the sender; empty: the name of the status
	Err     error  // for the log only; may be nil
}

// Error returns the text for the log.
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
	body     bytes.Reader    // of request, to be read again
	sending  capture.Sending // of the answer
	answered chan struct{}   // closed when the answer is sent and recorded; nil if it is not recorded
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

// servedIn returns the served of a handler's context, or nil.
func servedIn(ctx context.Context) *served {
	s, _ := ctx.Value(callKey{}).(*served)
	return s
}

// Request returns the request of the event in a handler's context: with every header, including
// the secret, and a body that can be read again. It is nil outside of a handler.
func Request(ctx context.Context) *http.Request {
	if s := servedIn(ctx); s != nil {
		return s.request
	}
	return nil
}

// An again is a body that was read, to be read once more.
type again struct{ *bytes.Reader }

func (again) Close() error { return nil }
