package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"hfhook/event"
)

// A Handler deals with one verified event. What it returns becomes the answer: a
// value is encoded as JSON with the status 200, nil as null; an [Answer] has a status
// and headers of its own; an error becomes a 500 that tells the sender nothing, or
// what an [Error] in it says, and is logged. So does a panic.
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
// the value. A status that allows no body, as 204, is sent without the value.
type Answer struct {
	Status int         // 0 means 200
	Header http.Header // added to those of the server
	Value  any         // encoded as JSON
}

// An Error is what a handler returns to refuse an event in words of its own:
// {"error": Message} with the status.
type Error struct {
	Status  int    // from 400 to 599
	Message string // for the sender; empty: the name of the status
	Err     error  // for the log alone; may be nil
}

// Error tells what the log is to know.
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

// A DuplicateError says that a path has a handler already, in the words of
// huggingface_hub.
type DuplicateError struct{ Path string }

func (e *DuplicateError) Error() string { return "Webhook " + e.Path + " already exists." }

// Handle has the webhooks of one path dealt with by h. The path is a name or a
// path under Root, with or without slashes at its ends: "say_hello" is
// /webhooks/say_hello, and "" is Root itself. A second handler for a path is refused
// with a [*DuplicateError].
func (s *Server) Handle(path string, h Handler) error {
	full := hookPath(Root + "/" + strings.Trim(path, "/"))
	switch {
	case h == nil:
		return fmt.Errorf("handle %s: the handler is nil", full)
	case full == ProbePath || leaves(full):
		return fmt.Errorf("handle %s: this path cannot be that of a webhook: choose a name, for example say_hello", full)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.hooks[full]; taken {
		return &DuplicateError{Path: full}
	}
	s.hooks[full] = h
	s.paths = append(s.paths, full)
	return nil
}

// Use puts functions around all handlers, the first one outermost: each gets the
// handler within and returns the one to be called in its place. They see verified
// events only, also those of paths that were added before. For something around every
// request there is Options.Wrap.
func (s *Server) Use(around ...func(Handler) Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.around = append(s.around, around...)
	clear(s.wrapped)
}

// handler returns what deals with the events of a path, or nil.
func (s *Server) handler(path string) Handler {
	s.mu.RLock()
	h, ready := s.wrapped[path]
	s.mu.RUnlock()
	if ready {
		return h
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ready = s.hooks[path]; !ready {
		return nil
	}
	for i := len(s.around) - 1; i >= 0; i-- {
		h = s.around[i](h)
	}
	s.wrapped[path] = h
	return h
}

type servedKey struct{}

// A served is the context of a handler: that of the request, with the request in it.
type served struct {
	context.Context
	request  *http.Request
	body     bytes.Reader  // of request, once more
	answered chan struct{} // closed when the answer is sent, and recorded; nil where none is recorded
}

func (s *served) Value(key any) any {
	if key == (servedKey{}) {
		return s
	}
	return s.Context.Value(key)
}

// servedIn returns what deals with a request in a handler's context, or nil.
func servedIn(ctx context.Context) *served {
	s, _ := ctx.Value(servedKey{}).(*served)
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

// answer has a handler deal with an event, and answers with what became of it.
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
	var body []byte
	if err == nil && (a.Status < 200 || a.Status > 599) {
		err = fmt.Errorf("the status %d ends no request", a.Status)
	}
	if err == nil {
		body, err = encode(a.Value)
	}
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = &Error{Status: http.StatusServiceUnavailable, Message: "The handler did not finish in time.", Err: err}
		}
		a, body = Answer{}, nil
		a.Status, body = failure(err)
		s.log.Error("webhook handler", "path", e.Path, "event", e.ID, "status", a.Status, "error", err)
	}
	header := w.Header()
	for name, values := range a.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	writeBody(w, a.Status, body)
	if err != nil {
		s.refuse(r, refusal{status: a.Status, reason: event.HandlerFailed, detail: err.Error()}, int64(len(e.Body)))
	}
	if keeps {
		_ = http.NewResponseController(w).Flush() // a writer that cannot flush sends it later
		s.recordAnswer(rec, &event.Delivery{
			Event: e.ID, Kind: event.Live, State: event.Done, Target: HandlerTarget, URL: e.Path,
			Started: started, Took: s.now().Sub(started), Status: a.Status,
			ResponseBody: body, ResponseSize: int64(len(body)), Err: s.redactor().Text(errorText(err)),
		})
	}
}

// asAnswer is the value of a handler, which may be an Answer.
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

// An again is a body that was read, to be read once more.
type again struct{ *bytes.Reader }

func (again) Close() error { return nil }

// failure is the answer to an event whose handler returned an error.
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

// call runs a handler and turns a panic into an error, so that one event cannot
// take the server down.
func (s *Server) call(ctx context.Context, h Handler, e *event.Event) (value any, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			value, err = nil, http.ErrAbortHandler
		default:
			value, err = nil, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return h(ctx, e)
}

// HandlerTarget is the name under which a Recorder hears of a handler's answers, in
// the place of a target that an event is handed to.
const HandlerTarget = "handler"

// recordTimeout is how long an answer may take to be recorded.
const recordTimeout = 30 * time.Second

// recordAnswer tells a recorder of an answer that the sender has.
func (s *Server) recordAnswer(rec AnswerRecorder, d *event.Delivery) {
	ctx, cancel := context.WithTimeout(context.Background(), recordTimeout)
	defer cancel()
	if err := rec.RecordAnswer(ctx, d); err != nil {
		s.log.Error("a handler's answer was not recorded", "path", d.URL, "event", d.Event, "error", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// encode is json.Marshal with < and > as they are, as Python writes them.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
