package dev

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hfhook/event"
)

func TestParseAckRule(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"500":                         "500 0s 1",
		"200,times=3":                 "200 0s 3",
		"599,delay=60s,times=all":     "599 1m0s 0",
		" 429 , delay = 1ms":          "429 1ms 1",
		"500,when=scope:repo,times=2": "500 0s 2 scope:repo",
		`500,when="a, b"`:             `500 0s 1 "a, b"`,
		"199":                         "invalid status",
		"600":                         "invalid status",
		"5e2":                         "invalid status",
		"500,delay=61s":               "up to 60s",
		"500,delay=-1s":               "up to 60s",
		"500,delay":                   "up to 60s",
		"500,times=0":                 "from 1, or all",
		"500,times=x":                 "from 1, or all",
		"500,times=1,times=2":         "twice",
		"500,when=":                   "needs a filter",
		"500,when=is:failed":          "before delivery",
		"500,when=scop:x":             "did you mean scope",
		"500,name=x":                  "unknown option",
	} {
		r, err := ParseAckRule(text)
		got := fmt.Sprint(r.Status, " ", r.Delay, " ", r.Times)
		if r.When != nil {
			got += " " + r.When.String()
		}
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzAckRule(f *testing.F) {
	f.Add(`500,delay=5s,times=2,when="a, b" scope:repo`)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseAckRule(text)
		if err == nil && (r.Status < 200 || r.Status > 599 || r.Delay < 0 || r.Delay > mostAckDelay || r.Times < 0 || r.Text != text) {
			t.Errorf("%q: %+v", text, r)
		}
	})
}

func rules(t *testing.T, texts ...string) *ackRules {
	t.Helper()
	var all []AckRule
	for _, text := range texts {
		r, err := ParseAckRule(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return newAckRules(all)
}

// The first rule that takes an event counts, until it is used up.
func TestAckRuleOrder(t *testing.T) {
	t.Parallel()
	a := rules(t, "500,when=path:/webhooks/a", "429,times=2", "503,times=all,when=path:/webhooks/a")
	for i, step := range []struct {
		path string
		want int // 0: no rule
		last bool
	}{{"/webhooks/b", 429, false}, {"/webhooks/a", 500, true}, {"/webhooks/a", 429, true}, {"/webhooks/b", 0, false}, {"/webhooks/a", 503, false}, {"/webhooks/a", 503, false}} {
		got := 0
		r, last := a.take(&event.Event{Capture: event.Capture{Path: step.path}})
		if r != nil {
			got = r.Status
		}
		if got != step.want || last != step.last {
			t.Errorf("event %d: %d, last %v; want %d, %v", i, got, last, step.want, step.last)
		}
	}
}

// At most a quarter of the connections wait; the others are answered at once, and all when
// hfhook ends.
func TestAckDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := rules(t, "500")
		ending := make(chan struct{})
		cut := make(chan string)
		wait := func(ctx context.Context) { cut <- a.wait(ctx, time.Minute, ending) }
		gone, leave := context.WithCancel(t.Context())
		go wait(gone)
		for range mostDelayed - 1 {
			go wait(t.Context())
		}
		synctest.Wait()
		if got := a.wait(t.Context(), time.Minute, ending); !strings.Contains(got, "since 256 others wait") {
			t.Errorf("one too many: %q", got)
		}
		if got := a.wait(t.Context(), 0, ending); got != "" {
			t.Errorf("without a delay: %q", got)
		}
		leave()
		if got := <-cut; !strings.Contains(got, "hung up") {
			t.Errorf("who has left: %q", got)
		}
		go wait(t.Context())
		synctest.Wait()
		begun := time.Now()
		for range mostDelayed - 1 {
			if got := <-cut; got != "" {
				t.Errorf("who waits: %q", got)
			}
		}
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("they waited for %v", took)
		}
		if got := <-cut; got != "" {
			t.Errorf("the last: %q", got)
		}
		go wait(t.Context())
		synctest.Wait()
		close(ending)
		if got := <-cut; !strings.Contains(got, "was stopped") {
			t.Errorf("at the end: %q", got)
		}
	})
}

// A rule that has no end is said every minute.
func TestSayAcks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &Session{log: slog.New(slog.DiscardHandler), changed: make(chan struct{}, 1), acks: rules(t, "500,times=2", "429,times=all,when=scope:repo")}
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute+time.Second)
		defer stop()
		if err := s.sayAcks(ctx); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range s.noticed() {
			got = append(got, n.String())
		}
		each := "--ack 429,times=all,when=scope:repo: the sender of each event that matches is told 429: stop before long, since the Hub suspends a webhook whose deliveries fail consistently"
		want := []string{"--ack 500,times=2: the sender of the next 2 events is told 500", each, each, each}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}
