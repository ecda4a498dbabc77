package server

// Calls a handler: its answer, the log, and the record of the answer.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/capture"
)

// answer calls the handler for an event, and writes the answer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, h Handler, e *event.Event) {
	started := s.now()
	under := &served{Context: r.Context(), request: r}
	under.body.Reset(e.Body)
	r.Body = again{&under.body}
	rec, keeps := s.opts.Recorder.(AnswerRecorder)
	if keeps {
		under.answered = make(chan struct{})
		defer close(under.answered)
	}
	ctx := context.Context(under)
	if s.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.opts.Timeout)
		defer cancel()
	}
	value, err := s.call(ctx, h, e)
	if err == http.ErrAbortHandler {
		panic(err) // asks for no answer at all
	}
	a := asAnswer(value)
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	if err == nil && (a.Status < 200 || a.Status > 599) {
		err = fmt.Errorf("invalid status %d in the answer of a handler: want one from 200 to 599", a.Status)
	}
	body, isJSON := a.Body, a.Body == nil
	if err == nil && isJSON {
		body, err = encode(a.Value)
	}
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = &Error{Status: http.StatusServiceUnavailable, Message: "The handler did not finish in time.", Err: err}
		}
		a, isJSON = Answer{}, true
		a.Status, body = failure(err)
		s.logFailure(ctx, e, err, slog.Int("status", a.Status))
	}
	header := w.Header()
	for name, values := range a.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	// A client that has the complete answer may close the connection at once, so this is
	// checked before.
	open := under.sending.Sent == nil || r.Context().Err() == nil
	writeBody(w, a.Status, body, isJSON)
	if err != nil {
		s.refuse(r, refusal{status: a.Status, reason: event.HandlerFailed, detail: err.Error()}, int64(len(e.Body)))
	}
	if under.sending.Sent != nil {
		under.sending.Sent(arrival(w, open))
	}
	if keeps {
		_ = http.NewResponseController(w).Flush() // a writer that cannot flush sends it later
		s.recordAnswer(ctx, rec, &event.Delivery{
			Event: e.ID, Kind: event.Live, State: event.Done, Target: capture.HandlerTarget, URL: e.Path,
			Started: started, Took: s.now().Sub(started), Status: a.Status,
			ResponseBody: body, ResponseSize: int64(len(body)), Err: s.redactor().Text(errorText(err)),
		})
	}
}

// arrival sends the rest of an answer, and reports whether it reached the connection. What
// happens beyond that, for example behind a tunnel, is not known.
func arrival(w http.ResponseWriter, open bool) event.Arrival {
	switch err := http.NewResponseController(w).Flush(); {
	case errors.Is(err, http.ErrNotSupported):
		return ""
	case err != nil || !open:
		return event.Lost
	}
	return event.Written
}

// asAnswer returns the value of a handler, which may be an Answer.
func asAnswer(value any) Answer {
	switch a := value.(type) {
	case Answer:
		return a
	case *Answer:
		if a != nil {
			return *a
		}
		return Answer{}
	}
	return Answer{Value: value}
}

// failure returns the answer to an event whose handler returned an error.
func failure(err error) (status int, body []byte) {
	var own *Error
	if errors.As(err, &own) && own.Status >= 400 && own.Status <= 599 {
		if body, err := encode(errorAnswer{own.message()}); err == nil {
			return own.Status, body
		}
	}
	body, _ = encode(detailAnswer{"Internal Server Error"})
	return http.StatusInternalServerError, body
}

// call runs a handler and turns a panic into an error, so that one event cannot take the
// server down.
func (s *Server) call(ctx context.Context, h Handler, e *event.Event) (value any, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			value, err = nil, http.ErrAbortHandler
		default:
			value, err = nil, &panicError{p, debug.Stack()}
		}
	}()
	return h(ctx, e)
}

// A panicError is the panic of a handler.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// logFailure logs a handler's error, or its panic with the stack.
func (s *Server) logFailure(ctx context.Context, e *event.Event, err error, more ...slog.Attr) {
	attrs := append([]slog.Attr{slog.String("path", e.Path), which(e)}, more...)
	attrs = append(attrs, slog.Any("error", err))
	if p := (*panicError)(nil); errors.As(err, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	s.logger(ctx).LogAttrs(ctx, slog.LevelError, "webhook handler", attrs...)
}

// which identifies an event in the log: by its id or, if it is not recorded, by the Hub's
// delivery id.
func which(e *event.Event) slog.Attr {
	switch {
	case e.ID != "":
		return slog.String("event", string(e.ID))
	case e.DeliveryID != "":
		return slog.String("webhook_id", e.DeliveryID)
	}
	return slog.Attr{}
}

// logger returns the logger for a request.
func (s *Server) logger(ctx context.Context) *slog.Logger {
	if s.opts.Logger == nil {
		if l := capture.Logger(ctx); l != nil {
			return l
		}
	}
	return s.log
}

// recordTimeout is how long recording an answer may take.
const recordTimeout = 30 * time.Second

// recordAnswer passes an answer that was sent to the recorder.
func (s *Server) recordAnswer(ctx context.Context, rec AnswerRecorder, d *event.Delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := rec.RecordAnswer(ctx, d); err != nil {
		s.logger(ctx).Error("a handler's answer was not recorded", "path", d.URL, "event", d.Event, "error", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
