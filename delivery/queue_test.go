package delivery

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// running runs a dispatcher; stop ends it and waits for it.
func running(t testing.TB, out *Dispatcher) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- out.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// A catcher is a handler that remembers the ids of the events that it got.
type catcher struct {
	mu  sync.Mutex
	ids []event.ID
}

func (c *catcher) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = append(c.ids, event.ID(r.Header.Get("X-Hfhook-Event-Id")))
}

func (c *catcher) got() []event.ID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]event.ID(nil), c.ids...)
}

func inOrder(n int) []event.ID {
	ids := make([]event.ID, n)
	for i := range ids {
		ids[i] = event.ID(fmt.Sprintf("%026d", i+1))
	}
	return ids
}

// serve answers at an address that was closed before.
func serve(t testing.TB, address string, h http.Handler) {
	t.Helper()
	ln, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(ln) }()
	t.Cleanup(func() { _ = server.Close() })
}

// TestOrder appends from several goroutines: each event arrives once, in the order
// of the log.
func TestOrder(t *testing.T) {
	t.Parallel()
	const events = 400
	var caught catcher
	target := handler(t, caught.ServeHTTP)
	log := newMemLog()
	for range events / 4 { // left over from an earlier process
		log.append(hubEvent("{}"), target)
	}
	out := New(log, Options{Targets: []Target{target}})
	stop := running(t, out)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for range events / 4 {
				log.append(hubEvent("{}"), target)
				out.Wake()
			}
		})
	}
	group.Wait()
	rows := log.await(t, "all deliveries", done(target, events))
	stop()
	if diff := cmp.Diff(inOrder(events), caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, d := range rows {
		if !d.OK() || d.Kind != event.Live || d.N != 1 || value(d.RequestHeader, "X-Hfhook-Replay") != "" {
			t.Fatalf("%+v", d)
		}
	}
	want := []TargetState{{Name: target.Name, URL: target.URL.String(), Address: target.URL.Host, Health: Healthy, Status: 200, Result: "200", Took: rows[events-1].Took, Event: rows[events-1].Event, Trusted: true, Timeout: DefaultTimeout, Concurrency: 1}}
	got := out.Health()
	if h := got[0]; h.Tried != events || h.Right != events || h.Since.IsZero() || h.Last.Before(h.Since) {
		t.Errorf("tried %d, right %d, since %v, last %v", h.Tried, h.Right, h.Since, h.Last)
	}
	want[0].Tried, want[0].Right, want[0].Since, want[0].Last = got[0].Tried, got[0].Right, got[0].Since, got[0].Last
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("health (-want +got):\n%s", diff)
	}
}

// TestHold has a handler that is down, then back on the same port, then down again.
func TestHold(t *testing.T) {
	t.Parallel()
	target, address := closedPort(t)
	log := newMemLog()
	const events = 30
	told := make(chan event.Delivery, 2*events)
	out := New(log, Options{Targets: []Target{target}, OnDelivery: func(d event.Delivery) { told <- d }})
	running(t, out)
	for range events {
		log.append(hubEvent("{}"), target)
		out.Wake()
	}
	refusal := "connection refused: nothing is listening on " + address
	want := event.Delivery{Event: inOrder(1)[0], N: 1, Attempt: 1, Kind: event.Live, State: event.Waiting, Target: target.Name, URL: target.URL.String() + "/webhooks/say_hello", Err: refusal}
	if diff := cmp.Diff(want, <-told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, log.all()[0]); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if h := out.Health()[0]; h.Health != Away || h.Err != refusal || h.InARow != 1 {
		t.Errorf("%+v", h)
	}

	var caught catcher
	serve(t, address, &caught)
	for _, d := range log.await(t, "what was held", done(target, events)) {
		if !d.OK() || d.Started.IsZero() {
			t.Errorf("%+v", d)
		}
	}
	if diff := cmp.Diff(inOrder(events), caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range events {
		if d := <-told; d.Event != inOrder(events)[i] || !d.OK() {
			t.Errorf("told of %+v", d)
		}
	}
}

// TestInARow: an event that was refused and is then answered badly has failed once; how a
// target is counts from the attempt that made it so.
func TestInARow(t *testing.T) {
	t.Parallel()
	var s TargetState
	for i, step := range []struct {
		status int
		result result
		want   int
		since  int // the step
	}{
		{0, refused, 1, 0}, {0, refused, 1, 0}, {500, ended, 1, 2}, {500, ended, 2, 2}, {0, refused, 3, 4}, {500, ended, 3, 5}, {200, ended, 0, 6}, {200, ended, 0, 6}, {500, ended, 1, 8},
	} {
		at := time.Unix(int64(i), 0)
		s.after(&event.Delivery{Status: step.status, State: event.Done, Started: at.Add(-time.Second), Took: time.Second}, step.result)
		if !s.Last.Equal(at) || s.Since.Unix() != int64(step.since) || s.Tried != i+1 {
			t.Errorf("step %d: it is %s since %d, after %d attempts; want since %d", i, s.Health, s.Since.Unix(), s.Tried, step.since)
		}
		if s.InARow != step.want {
			t.Errorf("step %d: %d in a row; want %d", i, s.InARow, step.want)
		}
	}
}

// TestPauses measures, by a clock that does not take its time, how often a target
// that is down is tried, and what is written meanwhile.
func TestPauses(t *testing.T) {
	t.Parallel()
	for concurrency, atFirst := range map[int]int{1: 1, 8: 3} {
		synctest.Test(t, func(t *testing.T) {
			log := newMemLog()
			target := mustTarget(t, "8000")
			target.Concurrency = concurrency
			out := New(log, Options{Targets: []Target{target}})
			start := time.Now()
			var mu sync.Mutex
			var tries []time.Duration
			out.sender.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
				mu.Lock()
				defer mu.Unlock()
				tries = append(tries, time.Since(start))
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			for range 3 {
				log.append(hubEvent("{}"), target)
			}
			stop := running(t, out)
			for range 11 {
				time.Sleep(time.Second)
				out.Wake() // a new event does not hurry the target
				synctest.Wait()
			}
			if h := out.Health()[0]; h.Health != Away || h.Waiting != 3 || h.InARow != 1 {
				t.Errorf("%+v", h)
			}
			stop()
			const ms = time.Millisecond
			want := make([]time.Duration, atFirst)
			want = append(want, 250*ms, 750*ms, 1750*ms, 3750*ms, 5750*ms, 7750*ms, 9750*ms)
			if diff := cmp.Diff(want, tries); diff != "" {
				t.Errorf("%d at once: tries (-want +got):\n%s", concurrency, diff)
			}
			if log.puts != atFirst {
				t.Errorf("%d at once: %d writes to the log", concurrency, log.puts)
			}
			for _, d := range log.all() {
				if d.State != event.Waiting {
					t.Errorf("%+v", d)
				}
			}
		})
	}
}

// TestReplaceInWork replaces a target that has an event in work, over a log that
// lets everybody own everything: the new queue waits for the old one.
func TestReplaceInWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := newMemLog()
		target := mustTarget(t, "8000")
		log.append(hubEvent("{}"), target)
		log.append(hubEvent("{}"), target)
		out := New(ownerless{log}, Options{Targets: []Target{target}})
		requests := 0
		release := make(chan struct{})
		out.sender.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() {
				defer there.Close()
				r, err := http.ReadRequest(bufio.NewReader(there))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, r.Body)
				requests++
				<-release
				_, _ = io.WriteString(there, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
			}()
			return here, nil
		}
		stop := running(t, out)
		synctest.Wait()
		out.Add(target)
		synctest.Wait()
		if requests != 1 {
			t.Errorf("%d requests at once", requests)
		}
		close(release)
		synctest.Wait()
		stop()
		if rows := log.all(); requests != 2 || !rows[0].OK() || !rows[1].OK() {
			t.Errorf("%d requests, %+v", requests, rows)
		}
	})
}

// ownerless is a memLog without any ownership.
type ownerless struct{ *memLog }

func (ownerless) Own(context.Context, string) (func(), error) { return func() {}, nil }

// TestSlowTarget shows that a target that hangs or fails delays no other.
func TestSlowTarget(t *testing.T) {
	t.Parallel()
	const events = 20
	release := make(chan struct{})
	slow := handler(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	failing := handler(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
	down, _ := closedPort(t)
	var caught catcher
	quick := handler(t, caught.ServeHTTP)
	log := newMemLog()
	targets := []Target{slow, failing, down, quick}
	out := New(log, Options{Targets: targets, Grace: time.Nanosecond})
	running(t, out)
	for range events {
		log.append(hubEvent("{}"), targets...)
		out.Wake()
	}
	log.await(t, "the quick target", done(quick, events))
	log.await(t, "the failing target", done(failing, events))
	rows := log.await(t, "the slow target", func(rows []event.Delivery) bool { return rows[0].State == event.Sending })
	if rows[0].Started.IsZero() || rows[0].Err != "" {
		t.Errorf("%+v", rows[0])
	}
	if diff := cmp.Diff(inOrder(events), caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	health := out.Health()
	if h := health[1]; h.Health != Failing || h.Status != 500 || h.InARow != events {
		t.Errorf("failing: %+v", h)
	}
	if h := health[0]; h.Health != Unknown || h.URL != slow.URL.String() {
		t.Errorf("slow: %+v", h)
	}
	if diff := cmp.Diff(targets, out.Targets(), cmp.AllowUnexported()); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

// TestTimeout shows that an event whose handler hangs is given up, and the next one
// is sent.
func TestTimeout(t *testing.T) {
	t.Parallel()
	var first atomic.Bool
	target := raw(t, func(conn net.Conn, _ *http.Request) {
		if !first.Swap(true) {
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	})
	slowly, quickly := target, target
	slowly.Timeout, quickly.Timeout = 200*time.Millisecond, time.Minute
	log := newMemLog()
	log.append(hubEvent("{}"), target)
	log.append(hubEvent("{}"), target)
	out := New(log, Options{Targets: []Target{slowly}})
	out.opts.OnDelivery = func(event.Delivery) { out.Add(quickly) } // only the first is to be short of time
	running(t, out)
	rows := log.await(t, "both", done(target, 2))
	if rows[0].Err != "no answer within 200ms" || rows[0].Status != 0 || !rows[1].OK() {
		t.Errorf("%+v", rows)
	}
}

// TestConcurrency has a handler that answers only once enough events are in work.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	const at = 8
	var mu sync.Mutex
	inside, most := 0, 0
	full := make(chan struct{})
	target := handler(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		inside++
		if most = max(most, inside); inside == at {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		mu.Unlock()
		<-full
		mu.Lock()
		inside--
		mu.Unlock()
	})
	target.Concurrency = at
	log := newMemLog()
	for range 5 * at {
		log.append(hubEvent("{}"), target)
	}
	out := New(log, Options{Targets: []Target{target}})
	running(t, out)
	for _, d := range log.await(t, "all", done(target, 5*at)) {
		if !d.OK() {
			t.Errorf("%+v", d)
		}
	}
	if most != at {
		t.Errorf("%d at once, want %d", most, at)
	}
}

// TestDeleted deletes events that wait, as another process may.
func TestDeleted(t *testing.T) {
	t.Parallel()
	target, address := closedPort(t)
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	for range 4 {
		log.append(hubEvent("{}"), target)
	}
	running(t, out)
	log.await(t, "the refusal", func(rows []event.Delivery) bool { return rows[0].Err != "" })
	ids := inOrder(4)
	log.remove(ids[0])
	log.remove(ids[2])
	var caught catcher
	serve(t, address, &caught)
	log.await(t, "the others", done(target, 2))
	if diff := cmp.Diff([]event.ID{ids[1], ids[3]}, caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	log.append(hubEvent("{}"), target)
	out.Wake()
	log.await(t, "one more", done(target, 3))
	for out.Health()[0].Waiting != 0 {
		<-changed
	}
}

// TestDeletedInWork deletes an event that the handler has: its outcome has no place
// in the log any more, and the queue goes on.
func TestDeletedInWork(t *testing.T) {
	t.Parallel()
	log := newMemLog()
	var once sync.Once
	target := handler(t, func(_ http.ResponseWriter, r *http.Request) {
		once.Do(func() { log.remove(event.ID(r.Header.Get("X-Hfhook-Event-Id"))) })
	})
	log.append(hubEvent("{}"), target)
	log.append(hubEvent("{}"), target)
	running(t, New(log, Options{Targets: []Target{target}}))
	rows := log.await(t, "the second", done(target, 1))
	if len(rows) != 1 || rows[0].Event != inOrder(2)[1] || !rows[0].OK() {
		t.Errorf("%+v", rows)
	}
}

// TestAddRemove takes a target away and adds it again, and replaces one.
func TestAddRemove(t *testing.T) {
	t.Parallel()
	var caught, second catcher
	target := handler(t, caught.ServeHTTP)
	log := newMemLog()
	out := New(log, Options{})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	out.Remove("never heard of it")
	out.Add(target)
	log.await(t, "the first", done(target, 1))
	out.Remove(target.Name)
	if n := len(out.Targets()) + len(out.Health()); n != 0 {
		t.Errorf("%d targets are left", n)
	}
	log.append(hubEvent("{}"), target)
	out.Wake()
	out.Add(target)
	out.Add(target)
	log.await(t, "the second", done(target, 2))

	moved := handler(t, second.ServeHTTP)
	moved.Name = target.Name
	out.Add(moved)
	log.append(hubEvent("{}"), target)
	out.Wake()
	rows := log.await(t, "the third", done(target, 3))
	if diff := cmp.Diff(moved.For(&event.Event{Capture: event.Capture{Path: "/webhooks/say_hello"}}), rows[2].URL); diff != "" {
		t.Errorf("the address (-want +got):\n%s", diff)
	}
	if len(out.Targets()) != 1 || len(caught.got()) != 2 || len(second.got()) != 1 {
		t.Errorf("%v, %v then %v", out.Targets(), caught.got(), second.got())
	}
}

// TestOwned has two dispatchers, as of two processes, on one log: one sends, and
// the other takes over when that ends.
func TestOwned(t *testing.T) {
	t.Parallel()
	const events = 50
	var caught catcher
	target := handler(t, caught.ServeHTTP)
	log := newMemLog()
	one, two := New(log, Options{Targets: []Target{target}}), New(log, Options{Targets: []Target{target}})
	stopOne := running(t, one)
	running(t, two)
	add := func() {
		for range events {
			log.append(hubEvent("{}"), target)
			one.Wake()
			two.Wake()
		}
	}
	add()
	log.await(t, "the first half", done(target, events))
	stopOne()
	add()
	log.await(t, "the second half", done(target, 2*events))
	if diff := cmp.Diff(inOrder(2*events), caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFullLog has a log that can't be used for a while: the handler gets each event
// once, the queue says what is wrong, and goes on when the log does.
func TestFullLog(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"own", "waiting", "event", "put done"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			full := errors.New("the disk is full")
			var caught catcher
			target := handler(t, caught.ServeHTTP)
			log := newMemLog()
			log.fail = func(c string) error {
				if c == call {
					return full
				}
				return nil
			}
			for range 3 {
				log.append(hubEvent("{}"), target)
			}
			changed := make(chan struct{}, 1)
			out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
			running(t, out)
			for out.Health()[0].Err != full.Error() {
				<-changed
			}
			log.failing(nil)
			log.await(t, "all", done(target, 3))
			if diff := cmp.Diff(inOrder(3), caught.got()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for out.Health()[0].Err != "" {
				<-changed
			}
		})
	}
}

// TestWaitingCount holds the number of waiting events to the log, over more rows
// than are read at once; the one under way is counted apart.
func TestWaitingCount(t *testing.T) {
	t.Parallel()
	const events = 3*countAtOnce + 7
	proceed := make(chan struct{})
	target := handler(t, func(http.ResponseWriter, *http.Request) { <-proceed })
	log := newMemLog()
	for range events {
		log.append(hubEvent("{}"), target)
	}
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }, Grace: time.Nanosecond})
	running(t, out)
	waits := func(n, sending int) {
		for st := out.Health()[0]; st.Waiting != n || st.Sending != sending; st = out.Health()[0] {
			<-changed
		}
	}
	waits(events-1, 1)
	log.append(hubEvent("{}"), target)
	out.Wake()
	waits(events, 1)
	proceed <- struct{}{}
	waits(events-1, 1)
	close(proceed)
	waits(0, 0)
}

// TestReplayBeside shows that a replay does not wait for the queue, and that its
// outcome counts for the target.
func TestReplayBeside(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Hfhook-Replay") == "" {
			<-release
		}
		w.WriteHeader(http.StatusTeapot)
	})
	log := newMemLog()
	e := log.append(hubEvent("{}"), target)
	out := New(log, Options{Targets: []Target{target}})
	running(t, out)
	log.await(t, "the live delivery", func(rows []event.Delivery) bool { return rows[0].State == event.Sending })
	d, err := out.Send(t.Context(), e, target, event.Replay)
	if err != nil || d.N != 2 || d.Status != http.StatusTeapot {
		t.Errorf("%+v, %v", d, err)
	}
	if h := out.Health()[0]; h.Health != Failing || h.Status != http.StatusTeapot || h.InARow != 1 {
		t.Errorf("%+v", h)
	}
	close(release)
	log.await(t, "both", done(target, 2))
}

// TestEachChangeIsTold changes a target's state from several sides at once: each change is
// told once, and nothing else is.
func TestEachChangeIsTold(t *testing.T) {
	t.Parallel()
	var told atomic.Int64
	q := &queue{out: &Dispatcher{opts: Options{OnChange: func() { told.Add(1) }}}}
	changes := int64(0) // the queue's lock protects it
	var all sync.WaitGroup
	for side := range 4 {
		all.Go(func() {
			for i := range 20_000 {
				q.change(func() {
					if waiting := (side + i) % 3; waiting != q.state.Waiting {
						q.state.Waiting = waiting
						changes++
					}
				})
			}
		})
	}
	all.Wait()
	if told.Load() != changes {
		t.Errorf("%d changes were told as %d", changes, told.Load())
	}
}
