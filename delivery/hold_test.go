package delivery

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/waittest"
)

// health waits until the state of the only target is as it should be.
func health(t *testing.T, out *Dispatcher, changed <-chan struct{}, what string, ok func(TargetState) bool) TargetState {
	t.Helper()
	limit := time.After(waittest.Limit)
	for {
		if s := out.Health()[0]; ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("gave up waiting for %s: %+v", what, out.Health()[0])
		}
	}
}

// TestPauseAndDrop holds what comes for a target, drops it, and goes on.
func TestPauseAndDrop(t *testing.T) {
	t.Parallel()
	var caught catcher
	target := handler(t, caught.ServeHTTP)
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	log.await(t, "the first", done(target, 1))

	out.Pause("", true)
	for range 3 {
		log.append(hubEvent("{}"), target)
		out.Wake()
	}
	health(t, out, changed, "three to wait", func(s TargetState) bool { return s.Paused && s.Waiting == 3 })
	if n, err := out.Drop(t.Context(), target.Name); n != 3 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
	health(t, out, changed, "none to wait", func(s TargetState) bool { return s.Waiting == 0 })
	log.append(hubEvent("{}"), target)
	log.append(hubEvent("{}"), target)
	out.Wake()
	health(t, out, changed, "two to wait", func(s TargetState) bool { return s.Waiting == 2 })
	// A target that is replaced stays paused.
	target.Timeout = time.Second
	out.Add(target)
	health(t, out, changed, "two to wait for the new one", func(s TargetState) bool { return s.Paused && s.Waiting == 2 })
	out.Pause(target.Name, false)
	log.await(t, "the rest", done(target, 3))
	all := inOrder(6)
	if diff := cmp.Diff([]event.ID{all[0], all[4], all[5]}, caught.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i, state := range []event.DeliveryState{event.Done, event.Dropped, event.Dropped, event.Dropped, event.Done, event.Done} {
		if d := log.all()[i]; d.State != state {
			t.Errorf("delivery %d is %s; want %s", i+1, d.State, state)
		}
	}
	health(t, out, changed, "all to be well", func(s TargetState) bool { return !s.Paused && s.Waiting == 0 && s.Health == Healthy })
	if n, err := out.Drop(t.Context(), "never heard of it"); n != 0 || err != nil {
		t.Errorf("dropped %d, %v", n, err)
	}
}

// TestDropInWork drops while one is under way, which ends all the same.
func TestDropInWork(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	target := handler(t, func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	})
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	for range 3 {
		log.append(hubEvent("{}"), target)
	}
	out.Wake()
	<-entered
	if _, err := out.Drop(t.Context(), target.Name); err != nil {
		t.Fatal(err)
	}
	health(t, out, changed, "none to wait", func(s TargetState) bool { return s.Waiting == 0 })
	close(leave)
	log.await(t, "the first", done(target, 1))
	// What comes after is sent: the queue has not lost count.
	log.append(hubEvent("{}"), target)
	out.Wake()
	<-entered
	rows := log.await(t, "the last", done(target, 2))
	for i, state := range []event.DeliveryState{event.Done, event.Dropped, event.Dropped, event.Done} {
		if rows[i].State != state {
			t.Errorf("delivery %d is %s; want %s", i+1, rows[i].State, state)
		}
	}
}

// TestRetryAfter has a target ask twice for time: the event is sent again, before those
// that came after it, and each attempt is kept.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	var caught catcher
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		caught.ServeHTTP(w, r)
		if calls.Add(1) <= 2 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	log := newMemLog()
	out := New(log, Options{Targets: []Target{target}})
	running(t, out)
	log.append(hubEvent("{}"), target)
	log.append(hubEvent("{}"), target)
	out.Wake()
	rows := log.await(t, "all of it", done(target, 4))
	ids := inOrder(2)
	if diff := cmp.Diff([]event.ID{ids[0], ids[0], ids[0], ids[1]}, caught.got()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	for i, want := range []struct{ n, status int }{{1, 503}, {1, 200}, {2, 503}, {3, 200}} {
		if d := rows[i]; d.N != want.n || d.Status != want.status || d.State != event.Done {
			t.Errorf("%s #%d: %s %d; want #%d %d", d.Event, d.N, d.State, d.Status, want.n, want.status)
		}
	}
}

// TestRetryAfterWaits: nothing is sent before the time is over, unless a person wants it,
// and a target that asks for ever is left alone in the end.
func TestRetryAfterWaits(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	log := newMemLog()
	changed := make(chan struct{}, 1)
	out := New(log, Options{Targets: []Target{target}, OnChange: func() { poke(changed) }})
	running(t, out)
	log.append(hubEvent("{}"), target)
	out.Wake()
	for n := 1; n < maxTries; n++ {
		s := health(t, out, changed, "a pause", func(s TargetState) bool { return !s.Until.IsZero() && s.Waiting == 1 })
		if left := time.Until(s.Until); left > maxRetryAfter || left < maxRetryAfter-time.Minute {
			t.Errorf("nothing is sent for %v", left)
		}
		if d := log.newest(t); d.N != n+1 || d.State != event.Waiting || d.Err != "answered 429 and asked to wait 1h00m; retried after 10m00s" {
			t.Errorf("#%d %s: %s", d.N, d.State, d.Err)
		}
		out.Deliver(target.Name)
		log.await(t, "the next try", done(target, n+1))
	}
	health(t, out, changed, "it to be given up", func(s TargetState) bool { return s.Waiting == 0 })
	if d := log.newest(t); d.N != maxTries || d.State != event.Done || d.Status != 429 {
		t.Errorf("#%d %s %d", d.N, d.State, d.Status)
	}
}

func TestRetryAfterValue(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]struct{ asked, gets time.Duration }{
		"30":                            {30 * time.Second, 30 * time.Second},
		" 0 ":                           {0, pauseFirst},
		"100000":                        {100000 * time.Second, maxRetryAfter},
		"Mon, 23 Nov 2026 12:00:05 GMT": {5 * time.Second, 5 * time.Second},
		"Mon, 23 Nov 2026 11:00:00 GMT": {0, pauseFirst},
		"":                              {},
		"-1":                            {},
		"soon":                          {},
		"1e9":                           {},
		"99999999999999999999":          {},
	} {
		d := event.Delivery{Status: 503, ResponseHeader: []event.Field{{Name: "retry-after", Value: value}}}
		if asked, gets := retryAfter(&d, now); asked != want.asked || gets != want.gets {
			t.Errorf("%q: asked for %v, gets %v; want %v, %v", value, asked, gets, want.asked, want.gets)
		}
		d.Status = 500
		if _, gets := retryAfter(&d, now); gets != 0 {
			t.Errorf("%q with a 500: gets %v", value, gets)
		}
	}
}

// TestForeignDrop has another process drop what a target that is down holds: its number
// is right a little later.
func TestForeignDrop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := newMemLog()
		target := Target{Name: "paused", URL: mustTarget(t, "127.0.0.1:1").URL}
		out := New(log, Options{Targets: []Target{target}})
		stop := running(t, out)
		out.Pause(target.Name, true)
		for range 3 {
			log.append(hubEvent("{}"), target)
		}
		out.Wake()
		synctest.Wait()
		if n := out.Health()[0].Waiting; n != 3 {
			t.Errorf("%d wait; want 3", n)
		}
		if _, err := log.Drop(t.Context(), target.Name, ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recountEvery)
		out.Wake()
		synctest.Wait()
		if n := out.Health()[0].Waiting; n != 0 {
			t.Errorf("%d wait; want none", n)
		}
		stop()
	})
}

// TestSet changes the targets as an edited configuration does: those that stay go on.
func TestSet(t *testing.T) {
	t.Parallel()
	var one, two catcher
	first, second := handler(t, one.ServeHTTP), handler(t, two.ServeHTTP)
	first.Name, second.Name = "first", "second"
	log := newMemLog()
	out := New(log, Options{Targets: []Target{first}})
	running(t, out)
	log.append(hubEvent("{}"), first)
	out.Wake()
	log.await(t, "the first", done(first, 1))

	out.Set([]Target{second, first})
	if s := out.Health(); len(s) != 2 || s[0].Name != "second" || s[1].Name != "first" || s[1].Health != Healthy {
		t.Errorf("%+v", s)
	}
	moved := second
	moved.Name = "first"
	log.append(hubEvent("{}"), first, second)
	out.Set([]Target{moved})
	log.await(t, "what waits for the name", done(first, 2))
	if s := out.Health(); len(s) != 1 || s[0].URL != second.URL.String() {
		t.Errorf("%+v", s)
	}
	log.append(hubEvent("{}"), first)
	out.Wake()
	log.await(t, "the third", done(first, 3))
	out.Set(nil)
	if s := out.Health(); len(s) != 0 {
		t.Errorf("%+v", s)
	}
}
