package delivery

// What a panic of the log does to its target.

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
)

// TestPanics has a log that panics, once in each of its methods.
func TestPanics(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"own", "waiting", "event", "put sending", "put done"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			var logged safeBuffer
			var caught catcher
			called := make(chan struct{})
			target := handler(t, func(w http.ResponseWriter, r *http.Request) {
				caught.ServeHTTP(w, r)
				if call == "put sending" { // which only a slow handler brings about
					<-called
				}
			})
			log := newMemLog()
			var once sync.Once
			log.fail = func(c string) (err error) {
				if c == call {
					once.Do(func() { close(called); err = errPanic })
				}
				return err
			}
			log.append(hubEvent("{}"), target)
			out := New(panicking{log}, Options{Targets: []Target{target}, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
			running(t, out)
			d := log.await(t, "the delivery", done(target, 1))[0]
			if !d.OK() {
				t.Errorf("%+v", d)
			}
			if !strings.Contains(logged.String(), "panic") {
				t.Errorf("logged: %s", logged.String())
			}
			// A lost outcome means a second sending, and nothing else does.
			if n := len(caught.got()); n != 1 && (call != "put done" || n != 2) {
				t.Errorf("the handler got it %d times", n)
			}
		})
	}
}

var errPanic = errors.New("panic")

// panicking is a memLog that panics where that would return errPanic.
type panicking struct{ *memLog }

func check(err error) {
	if errors.Is(err, errPanic) {
		panic("in the log")
	}
}

func (p panicking) Own(ctx context.Context, target string) (func(), error) {
	release, err := p.memLog.Own(ctx, target)
	check(err)
	return release, err
}

func (p panicking) Waiting(ctx context.Context, target string, after event.ID, limit int) ([]event.Delivery, error) {
	rows, err := p.memLog.Waiting(ctx, target, after, limit)
	check(err)
	return rows, err
}

func (p panicking) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	e, err := p.memLog.Event(ctx, id)
	check(err)
	return e, err
}

func (p panicking) PutDelivery(ctx context.Context, d *event.Delivery) error {
	err := p.memLog.PutDelivery(ctx, d)
	check(err)
	return err
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
