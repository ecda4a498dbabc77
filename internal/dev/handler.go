package dev

// The user's own handler, which runs together with the session.

import (
	"context"
	"errors"
	"sync"

	"hfhook/internal/handler"
)

type (
	Handler     = handler.State
	HandlerLine = handler.Line
)

// lastHandler is the handler's state that was reported last.
type lastHandler struct {
	mu    sync.Mutex
	state handler.State
}

// startHandler runs the handler, if there is one, in a group of its own, since it must outlast
// the deliveries to it.
func (s *Session) startHandler(ctx context.Context) *group {
	own := newGroup(ctx, s.log)
	if s.opts.Handler == nil {
		return own
	}
	own.run("handler", func(ctx context.Context) error {
		err := s.opts.Handler.Run(ctx, s.handlerChanged)
		if errors.Is(err, handler.ErrEnded) {
			own.cancel(err) // this ends such a session
			return nil
		}
		return err
	})
	return own
}

// handlerChanged reports the handler's phases, and publishes a new State after each change,
// including new output.
func (s *Session) handlerChanged() {
	h := &s.handler
	h.mu.Lock()
	st := s.opts.Handler.State()
	if st.Phase != h.state.Phase || st.Starts != h.state.Starts {
		h.state = st
		s.journal.add(Entry{Handler: &st})
		poke(s.moved)
	}
	h.mu.Unlock()
	s.change()
}

func (s *Session) handlerState() *handler.State {
	if s.opts.Handler == nil {
		return nil
	}
	st := s.opts.Handler.State()
	return &st
}

// RestartHandler restarts the handler that hfhook runs, or starts it if it has ended. It
// returns at once.
func (s *Session) RestartHandler() {
	if s.opts.Handler != nil {
		s.opts.Handler.Restart("on request")
	}
}

// HandlerOutput returns up to n lines of the handler's output, oldest first, skipping the
// newest up lines; and how many lines are kept, and how many there were in all.
func (s *Session) HandlerOutput(up, n int) (lines []HandlerLine, kept int, ever int64) {
	if s.opts.Handler == nil {
		return nil, 0, 0
	}
	return s.opts.Handler.Lines(up, n)
}
