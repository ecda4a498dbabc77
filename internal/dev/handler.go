package dev

// The developer's own handler, which is run beside the session.

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

// lastHandler is the state of the handler that was told last.
type lastHandler struct {
	mu    sync.Mutex
	state handler.State
}

// startHandler runs the handler, if there is one, in a group of its own, since it has to
// last as long as deliveries are made to it.
func (s *Session) startHandler(ctx context.Context) *group {
	own := newGroup(ctx, s.log)
	if s.opts.Handler == nil {
		return own
	}
	own.run("handler", func(ctx context.Context) error {
		err := s.opts.Handler.Run(ctx, s.handlerChanged)
		if errors.Is(err, handler.ErrEnded) {
			own.cancel(err) // which is how such a session ends
			return nil
		}
		return err
	})
	return own
}

// handlerChanged tells of the handler's phases, and asks for a new State after each
// change, also of its output.
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

// RestartHandler ends the handler that is run beside and starts it again, or starts it
// where it has ended. It returns at once.
func (s *Session) RestartHandler() {
	if s.opts.Handler != nil {
		s.opts.Handler.Restart("on request")
	}
}

// HandlerOutput returns up to n lines of what the handler has printed, oldest first, that
// come before the newest up ones; and how many are kept, and how many there ever were.
func (s *Session) HandlerOutput(up, n int) (lines []HandlerLine, kept int, ever int64) {
	if s.opts.Handler == nil {
		return nil, 0, 0
	}
	return s.opts.Handler.Lines(up, n)
}
