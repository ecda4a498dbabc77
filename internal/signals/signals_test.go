package signals

import (
	"context"
	"errors"
	"os"
	"runtime"
	"syscall"
	"testing"
)

func TestOf(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	below, stop := context.WithCancel(ctx)
	defer stop()
	if s, ok := Of(below); ok {
		t.Errorf("%v has ended a context that goes on", s)
	}
	cancel(Ended{syscall.SIGTERM})
	if s, ok := Of(below); !ok || s != syscall.SIGTERM || ExitCode(s) != 143 {
		t.Errorf("%v, %v, exit code %d", s, ok, ExitCode(s))
	}
	other, cancelOther := context.WithCancelCause(context.Background())
	cancelOther(errors.New("terminated signal received"))
	if s, ok := Of(other); ok {
		t.Errorf("%v by the text of an error alone", s)
	}
}

func TestContext(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signals that a process can send itself")
	}
	ctx, stop := Context(context.Background())
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	if s, ok := Of(ctx); !ok || s != syscall.SIGTERM {
		t.Errorf("%v, %v", s, ok)
	}
	stop()
	ctx, stop = Context(context.Background())
	stop()
	if s, ok := Of(ctx); ok || ctx.Err() == nil {
		t.Errorf("stopped: %v, %v", s, ctx.Err())
	}
}
