package dev_test

// A target that goes away and comes back gets events again.

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/store"
)

// A returning target answers at an address of its own, with a status and a body that depend
// on the event, and can be stopped and started.
type returning struct {
	t       *testing.T
	address string
	got     chan string // the delivery of each request
	server  *http.Server
}

func newReturning(t *testing.T) *returning {
	t.Helper()
	return &returning{t: t, address: freeAddress(t), got: make(chan string, 100)}
}

// start answers by the name of the delivery.
func (r *returning) start(answer map[string]int, text string) {
	r.t.Helper()
	ln, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		name := req.Header.Get("Webhook-Id")
		w.WriteHeader(answer[name])
		_, _ = fmt.Fprintf(w, `{"text":%q}`, text)
		r.got <- name
	})}
	server := r.server
	go func() { _ = server.Serve(ln) }()
	r.t.Cleanup(func() { _ = server.Close() })
}

// lastRestart stops the target, starts it with other answers, and returns what the session has
// sent because of that.
func (r *returning) restart(s *dev.Session, answer map[string]int, text string) *dev.HandlerRestart {
	r.t.Helper()
	before := int64(0)
	if c := s.State().HandlerRestart; c != nil {
		before = c.N
	}
	_ = r.server.Close()
	await(r.t, s, "that the target is away", func() bool { st := s.State(); return st.Health(&st.Targets[0]) == dev.Away })
	r.start(answer, text)
	var c *dev.HandlerRestart
	await(r.t, s, "the replay after the restart", func() bool { c = s.State().HandlerRestart; return c != nil && c.N > before })
	return c
}

func TestRestartReplay(t *testing.T) {
	t.Parallel()
	well := map[string]int{"one": 200, "two": 200, "three": 200}
	for _, tt := range []struct {
		choice dev.OnRestart
		sent   []string
		want   string // of the line
	}{
		{dev.RestartLast, []string{"three"}, "same body"},
		{dev.RestartFailed, []string{"two"}, "500 → 200 in"},
		{dev.RestartPinned, []string{"one", "two"}, "2 replays, 2 answered 2xx, 1 changed"},
	} {
		t.Run(string(tt.choice), func(t *testing.T) {
			t.Parallel()
			r := newReturning(t)
			r.start(map[string]int{"one": 200, "two": 500, "three": 201}, "first")
			s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
				Targets: []delivery.Target{target(t, r.address+",name=app")}, OnRestart: tt.choice, Journal: true,
			})
			ids := map[string]event.ID{}
			for _, name := range []string{"one", "two", "three"} {
				_, ids[name] = send(t, s.State().LocalURL, body(t), "Webhook-Id", name)
				<-r.got
				await(t, s, "the delivery", func() bool { return last(t, events, ids[name]).State == event.Done })
				if name == "three" {
					continue
				}
				if err := s.Pin(t.Context(), ids[name], name); err != nil {
					t.Fatal(err)
				}
			}
			well := map[string]int{"one": 200, "two": 200, "three": 201}
			c := r.restart(s, well, "first")
			var sent []string
			for range c.Results {
				sent = append(sent, <-r.got)
			}
			if !slices.Equal(sent, tt.sent) || len(r.got) > 0 {
				t.Errorf("sent %q and %d more, want %q", sent, len(r.got), tt.sent)
			}
			if !c.OK() || c.Err != "" || c.Target != "app" || !strings.Contains(c.String(), tt.want) {
				t.Errorf("%q, %+v", c, c)
			}
			for i, result := range c.Results {
				if id := ids[tt.sent[i]]; result.Now.Event != id || result.Before == nil || result.Before.Event != id || result.Now.Kind != event.Replay {
					t.Errorf("%s: %+v", tt.sent[i], result)
				}
			}
			entries := s.Journal()
			if !slices.ContainsFunc(entries, func(e dev.Entry) bool { return e.HandlerRestart != nil && e.HandlerRestart.N == c.N }) {
				t.Errorf("not in the journal: %+v", entries)
			}
		})
	}
	t.Run(string(dev.RestartNone), func(t *testing.T) {
		t.Parallel()
		r := newReturning(t)
		r.start(well, "first")
		s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
			Targets: []delivery.Target{target(t, r.address)}, OnRestart: dev.RestartNone,
		})
		send(t, s.State().LocalURL, body(t), "Webhook-Id", "one")
		<-r.got
		_ = r.server.Close()
		await(t, s, "that the target is away", func() bool { st := s.State(); return st.Health(&st.Targets[0]) == dev.Away })
		send(t, s.State().LocalURL, body(t), "Webhook-Id", "two") // waits
		r.start(well, "second")
		send(t, s.State().LocalURL, body(t), "Webhook-Id", "three")
		if got := []string{<-r.got, <-r.got}; !slices.Equal(got, []string{"two", "three"}) || s.State().HandlerRestart != nil {
			t.Errorf("it got %q, and is told of %v", got, s.State().HandlerRestart)
		}
	})
}

// TestRestartReplayThatFails: a handler that does not take the first event gets no second one.
func TestRestartReplayThatFails(t *testing.T) {
	t.Parallel()
	r := newReturning(t)
	r.start(map[string]int{"one": 500, "two": 500}, "broken")
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Targets: []delivery.Target{target(t, r.address)}, OnRestart: dev.RestartFailed,
	})
	for _, name := range []string{"one", "two"} {
		_, id := send(t, s.State().LocalURL, body(t), "Webhook-Id", name)
		<-r.got
		await(t, s, "the delivery", func() bool { return last(t, events, id).State == event.Done })
	}
	_ = r.server.Close()
	await(t, s, "that the target is away", func() bool { st := s.State(); return st.Health(&st.Targets[0]) == dev.Away })
	ln, err := net.Listen("tcp", r.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() { // takes a request, and hangs up
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_ = conn.Close()
		}
	}()
	var c *dev.HandlerRestart
	await(t, s, "the replay after the restart", func() bool { c = s.State().HandlerRestart; return c != nil })
	if c.OK() || len(c.Results) != 1 || !strings.Contains(c.Err, "1 more") || !strings.Contains(c.String(), "no answer after ") {
		t.Errorf("%q: %+v", c, c)
	}
}

func TestComparison(t *testing.T) {
	t.Parallel()
	attempt := func(status int, text string, change ...func(*event.Delivery)) event.Delivery {
		d := event.Delivery{State: event.Done, Status: status, Took: 61 * time.Millisecond, ResponseBody: []byte(text), ResponseSize: int64(len(text))}
		for _, f := range change {
			f(&d)
		}
		return d
	}
	failed := func(text string) event.Delivery {
		return event.Delivery{State: event.Done, Took: 1500 * time.Millisecond, Err: text}
	}
	cut := func(size int64) func(*event.Delivery) {
		return func(d *event.Delivery) { d.ResponseCut, d.ResponseSize = true, size }
	}
	summed := func(body string) func(*event.Delivery) {
		return func(d *event.Delivery) { d.ResponseDecoded = event.SumOf([]byte(body)) }
	}
	took := func(some time.Duration) func(*event.Delivery) { return func(d *event.Delivery) { d.Took = some } }
	for name, tt := range map[string]struct {
		before  *event.Delivery
		now     event.Delivery
		changed bool
		text    string
	}{
		"the first":       {nil, attempt(200, "{}"), false, "200 in 61ms, never answered before"},
		"the same":        {new(attempt(200, "{}", took(1234*time.Microsecond))), attempt(200, "{}"), false, "200 in 61ms (before: 1.2ms), same body"},
		"another status":  {new(attempt(500, "{}")), attempt(200, "{}"), true, "500 → 200 in 61ms (before: 61ms), same body"},
		"another body":    {new(attempt(200, `{"a":1,"b":2}`)), attempt(200, `{"a":2,"c":3}`), true, "200 in 61ms (before: 61ms), body: 1 changed, 1 added, 1 removed"},
		"no answer now":   {new(attempt(200, "{}")), failed("reset"), true, "200 → no answer after 1.5s: reset (before: 61ms)"},
		"an answer now":   {new(failed("reset")), attempt(200, "{}"), true, "no answer → 200 in 61ms"},
		"as bad":          {new(failed("reset")), failed("reset"), false, "no answer after 1.5s: reset, as before"},
		"bad in two ways": {new(failed("reset")), failed("refused"), false, "no answer after 1.5s: refused"},
		"as cut": {new(attempt(200, "{}", cut(70_000))), attempt(200, "{}", cut(70_000)), false,
			"200 in 61ms (before: 61ms), body could not be compared: only the first 2 B of the answer to attempt 0 were recorded, without a SHA-256 of the rest"},
		"cut elsewhere": {new(attempt(200, "{}", cut(70_000))), attempt(200, "{}", cut(80_000)), true, "200 in 61ms (before: 61ms), the bodies have 70000 and 80000 bytes"},
		"cut at its end": {new(attempt(200, "{}", cut(70_000), summed("a"))), attempt(200, "{}", cut(70_000), summed("b")), true,
			"200 in 61ms (before: 61ms), the bodies of 1 byte and 1 byte differ by their SHA-256"},
		"cut, and the same": {new(attempt(200, "{}", cut(70_000), summed("a"))), attempt(200, "{}", cut(70_000), summed("a")), false, "200 in 61ms (before: 61ms), same body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dev.Compare(tt.now, tt.before)
			if got := c.Changed(); got != tt.changed {
				t.Errorf("Changed() = %v", got)
			}
			if diff := cmp.Diff(tt.text, c.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
	nothing := &dev.HandlerRestart{}
	if !nothing.OK() || !strings.Contains(nothing.String(), "nothing to replay") {
		t.Errorf("%q", nothing)
	}
	stopped := &dev.HandlerRestart{Err: "the disk is full", Results: []dev.Comparison{{Now: attempt(200, "")}}}
	if stopped.OK() || !strings.HasSuffix(stopped.String(), "; the disk is full") {
		t.Errorf("%q", stopped)
	}
}

// All that failed is sent, and not one page of the store; what another target took is not.
func TestHandlerRestartOfMany(t *testing.T) {
	t.Parallel()
	const many = 105 // a page of the store has 100
	answers := map[string]int{"well": 200}
	for i := range many {
		answers[fmt.Sprint(i)] = 500
	}
	r := newReturning(t)
	r.got = make(chan string, 2*many+2)
	r.start(answers, "first")
	s, events, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{
		Targets: []delivery.Target{target(t, r.address+",name=app")}, OnRestart: dev.RestartFailed,
	})
	_, well := send(t, s.State().LocalURL, body(t), "Webhook-Id", "well")
	var id event.ID
	for i := range many {
		_, id = send(t, s.State().LocalURL, body(t), "Webhook-Id", fmt.Sprint(i))
	}
	await(t, s, "the deliveries", func() bool { return last(t, events, id).State == event.Done })
	for range many + 1 {
		<-r.got
	}
	now := map[string]int{}
	for i := range many {
		now[fmt.Sprint(i)] = 200
	}
	c := r.restart(s, now, "second")
	if len(c.Results) != many || c.Err != "" || !strings.HasPrefix(c.String(), "handler is back: 105 replays, 105 answered 2xx") {
		t.Errorf("%d results, %q", len(c.Results), c)
	}
	if first := <-r.got; first != "0" {
		t.Errorf("the first that was sent is %s", first)
	}
	if n := len(attempts(t, events, well)); n != 1 {
		t.Errorf("what was well has %d attempts", n)
	}
}

func attempts(t *testing.T, events store.Store, id event.ID) []event.Delivery {
	t.Helper()
	all, err := events.Deliveries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
