package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// woken waits for a value.
func (f *fixture) woken(what string, ch <-chan struct{}) {
	f.t.Helper()
	select {
	case _, ok := <-ch:
		if !ok {
			f.t.Fatalf("%s: the channel was closed", what)
		}
	case <-f.soon().Done():
		f.t.Fatalf("%s: nobody was woken", what)
	}
}

// ended waits for the end of a channel, and lets a last value pass.
func (f *fixture) ended(what string, ch <-chan struct{}) {
	f.t.Helper()
	for ctx := f.soon(); ; {
		select {
		case _, ok := <-ch:
			if !ok {
				return
			}
		case <-ctx.Done():
			f.t.Fatalf("%s: the channel is still open", what)
		}
	}
}

func testWatch(t *testing.T, f *fixture) {
	s := f.open()
	f.append(s)
	a, b := s.Watch(t.Context()), s.Watch(t.Context())
	if cap(a) != 1 {
		t.Errorf("room for %d values; want 1", cap(a))
	}
	select {
	case <-a:
		t.Error("woken by what was recorded before")
	default:
	}

	e := f.append(s)
	for _, ch := range []<-chan struct{}{a, b} {
		select {
		case <-ch:
		default:
			t.Error("nobody was woken at once by an event of this handle")
		}
	}
	f.put(s, &event.Delivery{Event: e.ID})
	f.woken("a delivery", a)

	// A burst that nobody reads is one value, and holds up nobody.
	f.appendMany(s, 100)
	f.woken("a burst", a)
	f.woken("a burst, the other channel", b)
}

// What another handle records is seen soon.
func testWatchOther(t *testing.T, f *fixture) {
	s, other := f.open(), f.open()
	ch := s.Watch(t.Context())
	for range 3 {
		e := f.append(other)
		// A value may come from before; what it says is to look.
		for {
			f.woken("another handle", ch)
			if got := must(s.List(t.Context(), store.Query{Limit: 1}))(t); got.Rows[0].ID == e.ID {
				break
			}
		}
	}
}

func testWatchEnds(t *testing.T, f *fixture) {
	s := f.open()
	ctx, cancel := context.WithCancel(t.Context())
	ch, other := s.Watch(ctx), s.Watch(t.Context())
	cancel()
	f.ended("the context ended", ch)
	f.append(s)
	f.woken("the one that goes on", other)
	f.ended("watched with a context that has ended", s.Watch(ctx))

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	f.ended("the store was closed", other)
	f.ended("watched when it was closed", s.Watch(t.Context()))
}

func testOwn(t *testing.T, f *fixture) {
	a, b := f.open(), f.open()
	release := must(a.Own(t.Context(), "target"))(t)
	must(a.Own(t.Context(), "another\x00/../target"))(t)

	busy := func(s store.Store) {
		t.Helper()
		why := errors.New("waited long enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, why)
		defer cancel()
		if _, err := s.Own(ctx, "target"); !errors.Is(err, why) {
			t.Errorf("a second owner: %v; want the cause of the context", err)
		}
	}
	busy(b)
	busy(a)

	type result struct {
		release func()
		err     error
	}
	next := make(chan result, 1)
	go func() {
		release, err := b.Own(f.soon(), "target")
		next <- result{release, err}
	}()
	release()
	release() // a second call gives up nothing that another owns
	got := <-next
	if got.err != nil {
		t.Fatal(got.err)
	}
	release()
	busy(a)

	// Closing gives up too, and ends who waits.
	go func() {
		release, err := b.Own(f.soon(), "another\x00/../target")
		next <- result{release, err}
	}()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-next; got.err == nil {
		t.Error("own by a store that was closed succeeded")
	}
	must(a.Own(f.soon(), "target"))(t)()
}
