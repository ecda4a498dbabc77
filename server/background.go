package server

import (
	"context"
	"net/http"
	"sync"

	"hfhook/event"
)

// maxWaiting is how many events of one handler may wait for their turn in memory.
const maxWaiting = 10_000

// tasks are the events that are dealt with after their answers.
type tasks struct {
	mu      sync.Mutex
	running int
	closed  bool          // nothing more is taken
	idle    chan struct{} // closed when closed and none is running

	ctx    context.Context // of all handlers
	cancel context.CancelFunc
}

func newTasks() *tasks {
	t := &tasks{idle: make(chan struct{})}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// begin counts one more, unless nothing is taken any more.
func (t *tasks) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.running++
	return true
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	t.settle()
}

// settle is called with the lock held.
func (t *tasks) settle() {
	if t.closed && t.running == 0 {
		select {
		case <-t.idle:
		default:
			close(t.idle)
		}
	}
}

// close takes nothing more and returns when all is done, or ctx has ended and those
// under way were told.
func (t *tasks) close(ctx context.Context) error {
	defer t.cancel()
	t.mu.Lock()
	t.closed = true
	t.settle()
	t.mu.Unlock()
	select {
	case <-t.idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Background returns a handler that answers 202 {"status":"accepted"} at once and has the event
// dealt with by h afterwards, at most so many at a time: for work that takes longer than the Hub
// waits. What h returns is dropped, except for an error, which is logged, and recorded behind the
// answer. Its context ends with the server, and not with the request.
//
// Events that wait are in memory: after a crash they are gone, unless a Recorder has
// kept them. When 10,000 of them wait, the next one is answered 503, so that the Hub
// sends it again.
func (s *Server) Background(h Handler, atOnce int) Handler {
	slots := make(chan struct{}, max(1, atOnce))
	waiting := make(chan struct{}, maxWaiting)
	busy := &Error{Status: http.StatusServiceUnavailable, Message: "Too many events are waiting."}
	return func(ctx context.Context, e *event.Event) (any, error) {
		select {
		case waiting <- struct{}{}:
		default:
			return nil, busy
		}
		if !s.tasks.begin() {
			<-waiting
			return nil, &Error{Status: http.StatusServiceUnavailable, Message: "The server is shutting down."}
		}
		go func() {
			defer s.tasks.end()
			defer func() { <-waiting }()
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-s.tasks.ctx.Done():
				s.log.Error("the server ended before this event's turn", "path", e.Path, "event", e.ID)
				return
			}
			started := s.now()
			_, err := s.call(s.tasks.with(ctx), h, e)
			if err == nil {
				return
			}
			s.log.Error("webhook handler", "path", e.Path, "event", e.ID, "error", err)
			if rec, ok := s.opts.Recorder.(AnswerRecorder); ok {
				if under := servedIn(ctx); under != nil {
					<-under.answered // so that the failure comes last
				}
				s.recordAnswer(rec, &event.Delivery{
					Event: e.ID, Kind: event.Live, State: event.Done, Target: HandlerTarget, URL: e.Path,
					Started: started, Took: s.now().Sub(started), Err: s.redactor().Text(errorText(err)),
				})
			}
		}()
		return Answer{Status: http.StatusAccepted, Value: map[string]string{"status": "accepted"}}, nil
	}
}

// with returns a context with the values of a request's that ends with the tasks.
func (t *tasks) with(ctx context.Context) context.Context {
	return taskContext{Context: t.ctx, values: context.WithoutCancel(ctx)}
}

type taskContext struct {
	context.Context
	values context.Context
}

func (c taskContext) Value(key any) any {
	if v := c.Context.Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}

// Shutdown waits for the events that handlers of Background have accepted, and takes
// no more of them. When ctx ends first, their contexts end, too, and its cause is
// returned. Serve and ListenAndServe do this themselves; it is for a Server that is
// used as a plain http.Handler.
func (s *Server) Shutdown(ctx context.Context) error { return s.tasks.close(ctx) }
