package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/tui/replay"
)

// outcomes is a day with three targets of different outcomes, and with one that no hfhook has any
// more.
func outcomes() *fake {
	s := day()
	s.count, s.extra = 0, nil
	s.state.Targets = []dev.Target{
		{Name: "app", URL: "http://127.0.0.1:46211", Health: dev.Failing, Status: 500, Result: "500", InARow: 2, Timeout: 30 * time.Second, Concurrency: 1, Trusted: true},
		{Name: "ok", URL: "http://127.0.0.1:46998", Health: dev.Healthy, Status: 200, Result: "200", Took: 15 * time.Millisecond, Timeout: 30 * time.Second, Concurrency: 1, Trusted: true},
		{Name: "staging", URL: "http://127.0.0.1:46999", Health: dev.Away, Waiting: 8, Timeout: 30 * time.Second, Concurrency: 1, Trusted: true},
	}
	s.state.Store.Failed = 2
	s.state.Store.LeftOver = []store.LeftOver{{Target: "old", Failed: 1, Waiting: 2}}
	at := func(target, port string, state event.DeliveryState, status int, body string) event.Delivery {
		d := event.Delivery{Kind: event.Live, State: state, Target: target, URL: "http://127.0.0.1:" + port + "/webhooks", Started: noon.Add(-1500 * time.Millisecond)}
		switch state {
		case event.Waiting:
			d.Started = time.Time{}
		case event.Done:
			d.Status, d.Took, d.ResponseBody = status, 15*time.Millisecond, []byte(body)
		}
		return d
	}
	elsewhere := at("127.0.0.1:9000", "9000", event.Done, 204, "")
	elsewhere.Kind = event.Replay
	const good = `{"ok":true}`
	add := func(when, label, subject string, attempts ...event.Delivery) {
		s.extra = append(s.extra, row(when, label, payload.TypeDataset, subject, payload.ScopeDiscussionComment, payload.ActionCreate, attempts...))
	}
	add("14:35:10.000", "settings", "me/corpus public→private", at("old", "46000", event.Done, 500, "no"), at("ok", "46998", event.Done, 200, good))
	add("14:35:20.000", "push main", "me/corpus new→c6cb36d", at("ok", "46998", event.Done, 200, good), at("old", "46000", event.Waiting, 0, ""))
	add("14:35:30.000", "comment", `me/corpus#20 "well"`, at("app", "46211", event.Done, 200, good), at("ok", "46998", event.Done, 200, good))
	add("14:35:40.000", "comment", `me/corpus#20 "slow"`, at("app", "46211", event.Sending, 0, ""), at("ok", "46998", event.Done, 200, good))
	add("14:35:50.000", "comment", `me/corpus#20 "Does the…"`, at("ok", "46998", event.Done, 200, good), at("staging", "46999", event.Waiting, 0, ""))
	add("14:35:58.000", "comment", `me/corpus#20 "boom"`, at("app", "46211", event.Done, 500, `{"error":"KeyError: 'eval'"}`), at("ok", "46998", event.Done, 200, good), at("staging", "46999", event.Waiting, 0, ""), elsewhere)
	return s
}

// What is left over at a target that is gone stands below the targets, and c gives it up.
func TestLeftOverIsCleared(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		left       store.LeftOver
		keys, want string // of the calls
	}{
		{store.LeftOver{Target: "old", Failed: 1, Waiting: 2}, "T G c c", "clear old"},
		{store.LeftOver{Target: "old", Failed: 1, Waiting: 2}, "T down down down c n", ""},
		{store.LeftOver{Target: "old", Waiting: 1}, "T down down down c", "clear old"},
		{store.LeftOver{Target: "old", Failed: 1, Waiting: 2}, "T c c p x e esc", `pause "app" true`},
	} {
		s := outcomes()
		s.state.Store.LeftOver = []store.LeftOver{tt.left}
		m := newTestModel(t, s, 100, 30)
		press(m, strings.Fields(tt.keys)...)
		if got := strings.Join(s.called(), "|"); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.keys, got, tt.want)
		}
	}
}

// The command line of "all failed" does not mean what is left over.
func TestAllFailedIsOfThisRun(t *testing.T) {
	t.Parallel()
	s := outcomes()
	m := newTestModel(t, s, 100, 30)
	press(m, "up", "R", "left")
	want := "hfhook replay --filter 'is:failed target:app | is:failed target:ok | is:failed target:staging' "
	if got := m.top().(*replay.Dialog).Command(); !strings.HasPrefix(got, want) {
		t.Errorf("%s; want %s", got, want)
	}
	press(m, "enter")
	if got := strings.Join(s.called(), "|"); !strings.HasPrefix(got, "replay ["+string(fakeID(5))+"] ") {
		t.Errorf("%s was asked for", got)
	}
}
