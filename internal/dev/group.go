package dev

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// A group owns goroutines: the first error or panic of one ends the context of all, and is its
// cause. A panic must not reach the runtime, which would end the process and leave the terminal
// in the screen's mode.
type group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	log    *slog.Logger
	wg     sync.WaitGroup
}

func newGroup(parent context.Context, log *slog.Logger) *group {
	ctx, cancel := context.WithCancelCause(parent)
	return &group{ctx: ctx, cancel: cancel, log: log}
}

// run starts a goroutine of the group.
func (g *group) run(what string, f func(context.Context) error) {
	g.wg.Go(func() {
		if err := guarded(g.log, what, func() error { return f(g.ctx) }); err != nil && g.ctx.Err() == nil {
			g.log.Error("stopped", "part", what, "error", err)
			g.cancel(fmt.Errorf("%s: %w", what, err))
		}
	})
}

// guarded calls f, and turns a panic into an error.
func guarded(log *slog.Logger, what string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("panic", "in", what, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// stop ends the context and waits for the goroutines.
func (g *group) stop(cause error) {
	g.cancel(cause)
	g.wg.Wait()
}
