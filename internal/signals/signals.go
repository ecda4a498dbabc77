// Package signals ends a context by a signal, and reports which one it was.
//
//	ctx, stop := signals.Context(context.Background())
//	defer stop()
//	…
//	if s, ok := signals.Of(ctx); ok { os.Exit(signals.ExitCode(s)) }
//
// SIGINT and SIGTERM always end it, even if the process was started to ignore them, as
// shells start commands in the background. SIGHUP and SIGQUIT that were ignored at the
// start stay ignored, which is what nohup asks for.
package signals

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// An Ended is the cause of a context that a signal has ended.
type Ended struct{ Signal syscall.Signal }

func (e Ended) Error() string { return e.Signal.String() + " signal received" }

// Of returns the signal that ended ctx. It reports false if ctx goes on, or has ended for
// another reason.
func Of(ctx context.Context) (syscall.Signal, bool) {
	var e Ended
	ok := errors.As(context.Cause(ctx), &e)
	return e.Signal, ok
}

// ExitCode is the exit code of a process that a signal has ended, as shells have it.
func ExitCode(s syscall.Signal) int { return 128 + int(s) }

// Context returns a context that the first SIGINT, SIGTERM or SIGHUP ends, with an Ended
// as its cause. The second one ends the process at once, so that nothing that hangs can
// keep it. stop gives the signals back.
func Context(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	if quitIgnored() {
		signal.Ignore(syscall.SIGQUIT) // Go has made it end the process
	}
	wanted := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		wanted = append(wanted, syscall.SIGHUP)
	}
	got, done := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(got, wanted...)
	go func() {
		for {
			select {
			case s := <-got:
				if ctx.Err() != nil {
					die(s.(syscall.Signal))
				}
				cancel(Ended{s.(syscall.Signal)})
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(got)
		close(done)
		cancel(context.Canceled)
	}
}

// die ends the process as a signal does by itself or, if it was started to ignore that
// one, with the same exit code.
func die(s syscall.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(s)
	}
	os.Exit(ExitCode(s))
}
