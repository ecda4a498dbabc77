package dev

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// A group owns goroutines: the first error or panic of one ends the context of all,
// with it as the cause. A panic must not reach the runtime, which would end the
// process and leave the terminal as the screen had set it.
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
		defer func() {
			if p := recover(); p != nil {
				g.log.Error("panic", "in", what, "panic", p, "stack", string(debug.Stack()))
				g.cancel(fmt.Errorf("%s: panic: %v", what, p))
			}
		}()
		if err := f(g.ctx); err != nil && g.ctx.Err() == nil {
			g.log.Error("stopped", "part", what, "error", err)
			g.cancel(fmt.Errorf("%s: %w", what, err))
		}
	})
}

// stop ends the context and waits for the goroutines.
func (g *group) stop(cause error) {
	g.cancel(cause)
	g.wg.Wait()
}
