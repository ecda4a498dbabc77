package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// plan is one over events of a log, each of which has an attempt already.
func plan(log *memLog, n int, targets ...Target) Plan {
	p := Plan{Targets: targets, Load: func(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
		e, err := log.Event(ctx, id)
		return e, []event.Delivery{{N: 1, Attempt: 1, Kind: event.Live, Target: targets[0].Name}}, err
	}}
	for range n {
		e := log.append(hubEvent(`{}`))
		_ = log.PutDelivery(context.Background(), &event.Delivery{Event: e.ID, Kind: event.Live, State: event.Done, Target: targets[0].Name})
		p.Events = append(p.Events, e.ID)
	}
	return p
}

func TestPlanOrder(t *testing.T) {
	t.Parallel()
	type sent struct{ Event, Attempt, Replay string }
	var mu sync.Mutex
	var got []sent
	take := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, sent{r.Header.Get(idHeader), r.Header.Get(attemptHeader), r.Header.Get(replayHeader)})
	}
	one, two := handler(t, take), handler(t, take)
	log := newMemLog()
	p := plan(log, 20, one, two)
	p.Events = append(p.Events, p.Events[0]) // for the second time
	var want []sent                          // by the numbers at the target, of which the first has had one attempt
	for i, id := range p.Events {
		again := i / 20
		for _, n := range []int{2 + again, 1 + again} {
			want = append(want, sent{string(id), fmt.Sprint(n), fmt.Sprint(n)})
		}
	}
	var reported []sent
	p.OnResult = func(r Result) {
		if r.For != r.Delivery.Event || r.Event.ID != r.For {
			t.Errorf("%s is reported for %s", r.Delivery.Event, r.For)
		}
		n := fmt.Sprint(r.Delivery.Attempt)
		reported = append(reported, sent{string(r.For), n, n})
	}
	tally, err := New(log, Options{}).Replay(t.Context(), p)
	if err != nil || tally != (Tally{Planned: 42, Sent: 42, Answered: 42}) {
		t.Errorf("%+v, %v", tally, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, reported); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
	if rows := log.all(); len(rows) != 21-1+42 {
		t.Errorf("%d deliveries are recorded", len(rows))
	}
}

// TestPlanUnderWay sees a replay that takes its time as under way, and then its outcome
// under the same number.
func TestPlanUnderWay(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	target := handler(t, func(http.ResponseWriter, *http.Request) { <-release })
	log := newMemLog()
	p := plan(log, 1, target)
	ended := make(chan error, 1)
	go func() {
		_, err := New(log, Options{}).Replay(t.Context(), p)
		ended <- err
	}()
	rows := log.await(t, "the replay under way", func(rows []event.Delivery) bool { return len(rows) == 2 && rows[1].State == event.Sending })
	if d := rows[1]; d.N != 2 || d.Kind != event.Replay || d.Started.IsZero() || d.URL == "" {
		t.Errorf("%+v", d)
	}
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if rows := log.all(); len(rows) != 2 || rows[1].N != 2 || !rows[1].OK() {
		t.Errorf("%+v", rows)
	}
}

// TestPlanCutOff interrupts the only attempt of a plan: that is the end of it, and no answer.
func TestPlanCutOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	end := errors.New("the end")
	target := handler(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the context does not see the connection end
		cancel(end)
		<-r.Context().Done()
	})
	log := newMemLog()
	tally, err := New(log, Options{}).Replay(ctx, plan(log, 1, target))
	if !errors.Is(err, end) || tally != (Tally{Planned: 1, Sent: 1}) {
		t.Errorf("%+v, %v", tally, err)
	}
	if d := log.newest(t); d.State != event.Interrupted {
		t.Errorf("%+v", d)
	}
}

// TestPlanConcurrency: as many attempts are under way as there may be, and no more.
func TestPlanConcurrency(t *testing.T) {
	t.Parallel()
	const together = 7
	var under atomic.Int32
	all := make(chan struct{})
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the context does not see the connection end
		switch n := under.Add(1); {
		case n == together:
			close(all)
		case n > together:
			t.Errorf("%d at once", n)
		}
		select {
		case <-all:
		case <-r.Context().Done():
		}
		under.Add(-1)
	})
	log := newMemLog()
	p := plan(log, together, target)
	p.Concurrency = together
	if tally, err := New(log, Options{}).Replay(t.Context(), p); err != nil || tally.Answered != together {
		t.Errorf("%+v, %v", tally, err)
	}
}

func TestPlanStop(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 3 {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	log := newMemLog()
	p := plan(log, 50, target)
	p.StopOn = func(r Result) bool { return !r.Delivery.OK() }
	tally, err := New(log, Options{}).Replay(t.Context(), p)
	if err != nil || tally != (Tally{Planned: 50, Sent: 3, Answered: 2}) || asked.Load() != 3 {
		t.Errorf("%+v, %v, %d requests", tally, err, asked.Load())
	}
	refused := slices.DeleteFunc(log.all(), func(d event.Delivery) bool { return d.Status != http.StatusTeapot })
	if len(refused) != 1 || refused[0].N != 2 {
		t.Errorf("refused: %+v", refused)
	}
}

// TestPlanInterrupted: what is under way when somebody ends it is recorded as that, and
// nothing else is begun.
func TestPlanInterrupted(t *testing.T) {
	t.Parallel()
	errEnd := errors.New("interrupt")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var asked atomic.Int32
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if asked.Add(1) == 3 {
			cancel(errEnd)
			<-r.Context().Done()
		}
	})
	log := newMemLog()
	p := plan(log, 50, target)
	tally, err := New(log, Options{}).Replay(ctx, p)
	if !errors.Is(err, errEnd) || tally != (Tally{Planned: 50, Sent: 3, Answered: 2}) || asked.Load() != 3 {
		t.Errorf("%+v, %v, %d requests", tally, err, asked.Load())
	}
	if d := log.newest(t); d.State != event.Interrupted || d.Status != 0 || d.Err == "" {
		t.Errorf("%+v", d)
	}

	tally, err = New(log, Options{}).Replay(ctx, p)
	if !errors.Is(err, errEnd) || tally.Sent != 0 || asked.Load() != 3 {
		t.Errorf("after its end: %+v, %v, %d requests", tally, err, asked.Load())
	}
}

// TestPlanRecord: an event that is made for the plan is recorded when it is sent, once
// for all targets, and not at all if it is not sent.
func TestPlanRecord(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) == "bad" {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	other := target
	other.Name = "other"
	log := newMemLog()
	p := plan(log, 5, target, other)
	bad := p.Events[2]
	p.Load = func(_ context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
		e := hubEvent("good")
		if id == bad {
			e = hubEvent("bad")
		}
		e.Parent = id
		return &e, nil, nil
	}
	var made []event.ID
	p.Record = func(_ context.Context, e *event.Event) error {
		made = append(made, e.Parent)
		e.ID = log.append(*e).ID
		return nil
	}
	p.StopOn = func(r Result) bool { return !r.Delivery.OK() }
	var numbers []int
	p.OnResult = func(r Result) {
		if r.Event.Parent != r.For || r.Delivery.Event != r.Event.ID {
			t.Errorf("%+v is reported for %s", r.Delivery, r.For)
		}
		numbers = append(numbers, r.Delivery.N)
	}
	if tally, err := New(log, Options{}).Replay(t.Context(), p); err != nil || tally.Sent != 5 {
		t.Errorf("%+v, %v", tally, err)
	}
	if diff := cmp.Diff(p.Events[:3], made); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 1, 2, 1}, numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}

	errFull := errors.New("the disk is full")
	p.Record = func(context.Context, *event.Event) error { return errFull }
	if tally, err := New(log, Options{}).Replay(t.Context(), p); !errors.Is(err, errFull) || tally.Sent != 0 {
		t.Errorf("%+v, %v", tally, err)
	}
}

func TestPlanErrors(t *testing.T) {
	t.Parallel()
	target := handler(t, func(w http.ResponseWriter, r *http.Request) {})
	t.Run("load", func(t *testing.T) {
		t.Parallel()
		log := newMemLog()
		p := plan(log, 10, target)
		log.remove(p.Events[4])
		tally, err := New(log, Options{}).Replay(t.Context(), p)
		if !errors.Is(err, errGone) || tally.Sent > 4 {
			t.Errorf("%+v, %v", tally, err)
		}
	})
	t.Run("record", func(t *testing.T) {
		t.Parallel()
		errFull := errors.New("the disk is full")
		log := newMemLog()
		p := plan(log, 10, target)
		log.failing(func(call string) error {
			if call == "put done" {
				return errFull
			}
			return nil
		})
		tally, err := New(log, Options{}).Replay(t.Context(), p)
		if !errors.Is(err, errFull) || tally.Sent != 0 {
			t.Errorf("%+v, %v", tally, err)
		}
	})
	t.Run("nothing listens", func(t *testing.T) {
		t.Parallel()
		log := newMemLog()
		closed, _ := closedPort(t)
		tally, err := New(log, Options{}).Replay(t.Context(), plan(log, 3, closed))
		if err != nil || tally != (Tally{Planned: 3, Sent: 3}) {
			t.Errorf("%+v, %v", tally, err)
		}
	})
}

// TestPlanGone deletes events of a plan, one before it is sent and one while it is: they
// are passed over, and others are sent.
func TestPlanGone(t *testing.T) {
	t.Parallel()
	errGone := errors.New("gone")
	log := newMemLog()
	sent := 0
	target := handler(t, func(http.ResponseWriter, *http.Request) { sent++ })
	p := plan(log, 4, target)
	load := p.Load
	p.Load = func(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
		if id == p.Events[1] {
			return nil, nil, errGone
		}
		return load(ctx, id)
	}
	var mu sync.Mutex
	var gone []event.ID
	p.Gone = func(id event.ID, err error) bool {
		mu.Lock()
		defer mu.Unlock()
		gone = append(gone, id)
		return errors.Is(err, errGone)
	}
	puts := 0
	log.fail = func(call string) error {
		if call == "put done" {
			if puts++; puts == 2 { // of the third event
				return errGone
			}
		}
		return nil
	}
	tally, err := New(log, Options{}).Replay(t.Context(), p)
	if err != nil || tally != (Tally{Planned: 4, Sent: 2, Answered: 2}) || sent != 3 {
		t.Errorf("%+v, %v, and %d were sent", tally, err, sent)
	}
	slices.Sort(gone)
	if diff := cmp.Diff(p.Events[1:3], gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
}

func TestPacer(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		speed float64
		gaps  []time.Duration // of the recording
		want  []time.Duration // since the begin
	}{
		{0, []time.Duration{0, time.Hour}, []time.Duration{0, 0}},
		{1, []time.Duration{0, time.Second, 90 * time.Second}, []time.Duration{0, time.Second, 91 * time.Second}},
		{10, []time.Duration{0, time.Second, 90 * time.Second}, []time.Duration{0, 100 * time.Millisecond, 9100 * time.Millisecond}},
		{0.5, []time.Duration{0, time.Second}, []time.Duration{0, 2 * time.Second}},
		{1, []time.Duration{0, time.Second, -10 * time.Second, 11 * time.Second}, []time.Duration{0, time.Second, time.Second, 2 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := pacer{speed: c.speed}
			begin, received := time.Now(), first
			for i, gap := range c.gaps {
				received = received.Add(gap)
				if !p.wait(t.Context(), received, nil) {
					t.Error("the wait was ended")
				}
				if got := time.Since(begin); got != c.want[i] {
					t.Errorf("pace %v: event %d is due after %v, want %v", c.speed, i, got, c.want[i])
				}
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p := pacer{speed: 1}
		halted := make(chan struct{})
		p.wait(t.Context(), first, halted)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if p.wait(ctx, first.Add(time.Hour), halted) {
			t.Error("the end was not seen")
		}
		time.AfterFunc(time.Second, func() { close(halted) })
		if begin := time.Now(); p.wait(t.Context(), first.Add(time.Hour), halted) || time.Since(begin) != time.Second {
			t.Error("the stop was not seen")
		}
	})
}
