package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"hfhook/event"
	"hfhook/internal/capture"
)

// maxWaiting is how many events may wait for one handler, in memory.
const maxWaiting = 10_000

// tasks are the events that are handled after their answers. They belong to the server: the
// last Serve to end waits for them.
type tasks struct {
	mu      sync.Mutex
	running int
	serving int           // calls of Serve in progress
	closed  bool          // no more events are accepted
	idle    chan struct{} // closed while no event is being handled

	ctx    context.Context // of all handlers
	cancel context.CancelFunc
}

func newTasks() *tasks {
	t := &tasks{idle: make(chan struct{})}
	close(t.idle)
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// begin adds a task, and returns its context; nil if no more are accepted.
func (t *tasks) begin() context.Context {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	if t.running == 0 {
		t.idle = make(chan struct{})
	}
	t.running++
	return t.ctx
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running--; t.running == 0 {
		close(t.idle)
	}
}

// enter and leave count the calls of Serve. leave reports whether it was the last one.
func (t *tasks) enter() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.serving++
}

func (t *tasks) leave() (last bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.serving--
	return t.serving == 0
}

// wait returns when all tasks are done. If ctx ends first, it cancels the remaining ones and
// returns how many they are.
func (t *tasks) wait(ctx context.Context) (cutOff int) {
	t.mu.Lock()
	idle := t.idle
	t.mu.Unlock()
	select {
	case <-idle:
		return 0
	default:
	}
	select {
	case <-idle:
		return 0
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancel()
	if !t.closed {
		t.ctx, t.cancel = context.WithCancel(context.Background()) // for later tasks
	}
	return t.running
}

// Background returns a handler that answers 202 {"status":"accepted"} at once and calls h
// afterwards, at most so many calls at a time: for work that takes longer than the Hub waits.
// The result of h is dropped, except for an error, which is logged, and recorded after the
// answer. Its context ends with the server, and not with the request or the first Serve that
// ends.
//
// Waiting events are in memory: a crash loses them, unless a Recorder has recorded them. When
// 10,000 of them wait, the next one is answered 503, so that the Hub sends it again.
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
		life := s.tasks.begin()
		if life == nil {
			<-waiting
			return nil, &Error{Status: http.StatusServiceUnavailable, Message: "The server is shutting down."}
		}
		go func() {
			defer s.tasks.end()
			defer func() { <-waiting }()
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-life.Done():
				s.logger(ctx).Error("the server stopped before handling this event", "path", e.Path, which(e))
				return
			}
			started := s.now()
			_, err := s.call(taskContext{Context: life, values: context.WithoutCancel(ctx)}, h, e)
			if err == nil {
				return
			}
			s.logFailure(ctx, e, err)
			if rec, ok := s.opts.Recorder.(AnswerRecorder); ok {
				if under := servedIn(ctx); under != nil {
					<-under.answered // so that the failure is recorded last
				}
				s.recordAnswer(ctx, rec, &event.Delivery{
					Event: e.ID, Kind: event.Live, State: event.Done, Target: capture.HandlerTarget, URL: e.Path,
					Started: started, Took: s.now().Sub(started), Err: s.redactor().Text(errorText(err)),
				})
			}
		}()
		return Answer{Status: http.StatusAccepted, Value: map[string]string{"status": "accepted"}}, nil
	}
}

// A taskContext has the values of a request, and ends with the tasks.
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

// Shutdown waits for the events that handlers of Background have accepted, and accepts no more.
// If ctx ends first, their contexts end, too, and the error says how many were cut off. The
// last Serve to end waits for them itself; Shutdown is for a Server that is used as a plain
// http.Handler.
func (s *Server) Shutdown(ctx context.Context) error {
	s.tasks.close()
	if n := s.tasks.wait(ctx); n > 0 {
		return fmt.Errorf("shut down: cut off %s: %w", count(n, "background event"), context.Cause(ctx))
	}
	return nil
}

// close makes the tasks accept no more events.
func (t *tasks) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

// count returns a number of things in words.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
