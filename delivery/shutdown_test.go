package delivery

// How a dispatcher ends, and what it leaves for the next one.

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// TestShutdown ends a dispatcher with one event in work and others behind it.
func TestShutdown(t *testing.T) {
	t.Parallel()
	inWork := make(chan struct{}, 1)
	for name, test := range map[string]struct {
		grace time.Duration
		want  event.Delivery
	}{
		"answered within the grace": {time.Minute, event.Delivery{State: event.Done, Status: 200}},
		"interrupted":               {time.Nanosecond, event.Delivery{State: event.Interrupted, Err: interruption}},
	} {
		t.Run(name, func(t *testing.T) {
			release := make(chan struct{})
			target := handler(t, func(http.ResponseWriter, *http.Request) {
				inWork <- struct{}{}
				<-release
			})
			log := newMemLog()
			for range 3 {
				log.append(hubEvent("{}"), target)
			}
			out := New(log, Options{Targets: []Target{target}, Grace: test.grace})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- out.Run(ctx) }()
			<-inWork
			cancel()
			if test.grace < time.Second {
				if err := <-ended; err != nil {
					t.Error(err)
				}
				close(release)
			} else {
				close(release)
				if err := <-ended; err != nil {
					t.Error(err)
				}
			}
			rows := log.all()
			got := event.Delivery{State: rows[0].State, Status: rows[0].Status, Err: rows[0].Err}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("the one in work (-want +got):\n%s", diff)
			}
			for _, d := range rows[1:] {
				if d.State != event.Waiting || d.Err != "" {
					t.Errorf("one behind it: %+v", d)
				}
			}
			if err := out.Run(t.Context()); err == nil {
				t.Error("it runs twice")
			}
		})
	}
}

// TestShutdownConnecting ends a dispatcher while a connection is being made: what
// nobody got stays waiting.
func TestShutdownConnecting(t *testing.T) {
	t.Parallel()
	log := newMemLog()
	target := mustTarget(t, "8000")
	log.append(hubEvent("{}"), target)
	out := New(log, Options{Targets: []Target{target}, Grace: time.Nanosecond})
	dialling := make(chan struct{})
	out.sender.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		close(dialling)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	stop := running(t, out)
	<-dialling
	stop()
	if d := log.newest(t); d.State != event.Waiting || d.Err != "" || log.puts != 0 {
		t.Errorf("%+v, %d writes", d, log.puts)
	}
}

// TestLeftover sends what a process that was killed had waiting or under way.
func TestLeftover(t *testing.T) {
	t.Parallel()
	var caught catcher
	target := handler(t, caught.ServeHTTP)
	log := newMemLog()
	for range 3 {
		log.append(hubEvent("{}"), target)
	}
	log.deliveries[0].State = event.Sending
	log.deliveries[0].Started = time.Now()
	log.deliveries[1].Err = "connection refused: nothing listens there"
	running(t, New(log, Options{Targets: []Target{target}}))
	for _, d := range log.await(t, "all", done(target, 3)) {
		if !d.OK() {
			t.Errorf("%+v", d)
		}
	}
	if diff := cmp.Diff(inOrder(3), caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
