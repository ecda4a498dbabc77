package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/tui/screen"
	"hfhook/tui/targets"
)

// TestSentAndAnswered sends a synthetic event whose handler takes its time: one sentence
// says that it was sent, a second one what was answered. Nothing waits meanwhile.
func TestSentAndAnswered(t *testing.T) {
	under := func(state event.DeliveryState) event.Delivery {
		return event.Delivery{Kind: event.Live, State: state, URL: "http://127.0.0.1:8000/webhooks", Target: "8000", Started: noon}
	}
	for _, tt := range []struct {
		name   string
		first  []event.Delivery
		second []event.Delivery
		target func(*dev.Target)
		want   string
		ok     bool
	}{
		{"answered", []event.Delivery{under(event.Sending)}, []event.Delivery{delivered(200, 38)}, nil, "200 in 38ms from :8000 (discussion/create:pr, ", true},
		{"refused", []event.Delivery{under(event.Waiting)}, []event.Delivery{delivered(500, 38)}, nil, "500 in 38ms from :8000 (discussion/create:pr, ", false},
		{"no answer", []event.Delivery{under(event.Waiting)}, []event.Delivery{{State: event.Done, URL: "http://127.0.0.1:8000/", Err: "it broke"}}, nil, "no answer after 0.0ms from :8000: it broke", false},
		{"held", []event.Delivery{under(event.Sending)}, []event.Delivery{under(event.Waiting)}, func(t *dev.Target) { t.Health = dev.Away }, "is queued for 8000", true},
		{"paused", []event.Delivery{under(event.Sending)}, []event.Delivery{under(event.Waiting)}, func(t *dev.Target) { t.Paused = true }, "is queued for 8000", true},
		{"one of two", []event.Delivery{under(event.Sending), delivered(200, 9)}, []event.Delivery{delivered(200, 9), delivered(404, 9)}, nil, "200 in 9.0ms from :8000, 404 in 9.0ms from :8000", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := day()
			s.extra[7].deliveries = tt.first
			m := newTestModel(t, s, 100, 30)
			press(m, "n", "down", "down", "enter")
			if want := "sent discussion/create:pr as " + fakeID(7).Short() + " to :8000"; m.status.Text != want || m.root.Busy() {
				t.Fatalf("at once the status line says %q, want %q", m.status.Text, want)
			}
			s.extra[7].deliveries = tt.second
			if tt.target != nil {
				tt.target(&s.state.Targets[0])
			}
			send(m, screen.ChangedMsg{State: s.State()})
			if !strings.Contains(m.status.Text, tt.want) || m.status.Ok != tt.ok || m.status.Command != "hfhook trigger discussion/create:pr" || (len(m.root.Sent) > 0) != (tt.target != nil) {
				t.Errorf("later it says %q (%v, %s)", m.status.Text, m.status.Ok, m.status.Command)
			}
			if tt.target == nil {
				return
			}
			said := len(m.past.Results)
			send(m, screen.ChangedMsg{State: s.State()})
			if len(m.past.Results) != said {
				t.Error("that it is held is said twice")
			}
			s.state.Targets[0] = day().state.Targets[0]
			s.extra[7].deliveries = []event.Delivery{delivered(200, 38)}
			send(m, screen.ChangedMsg{State: s.State()})
			if !strings.Contains(m.status.Text, "200 in 38ms from :8000") || len(m.root.Sent) > 0 {
				t.Errorf("once it is there again the status line says %q", m.status.Text)
			}
		})
	}
}

// TestLateSentencesWaitForFailures: what comes late takes no place of a failure that
// nobody has read, and stands in the log.
func TestLateSentencesWaitForFailures(t *testing.T) {
	s := day()
	s.extra[7].deliveries = []event.Delivery{{State: event.Sending}}
	m := newTestModel(t, s, 100, 30)
	press(m, "n", "down", "down", "enter")
	send(m, screen.ResultMsg{Text: "the disk is full"})
	s.extra[7].deliveries = []event.Delivery{delivered(200, 38)}
	send(m, screen.ChangedMsg{State: s.State()})
	if m.status.Text != "the disk is full" || !strings.Contains(lastSaid(m), "200 in 38ms from :8000 (discussion/create:pr") {
		t.Errorf("the status line says %q, the log %q", m.status.Text, lastSaid(m))
	}
}

// TestAnsweredWhileAsked has the answer come while the question is under way, of which the
// reply is then an old one: it is asked again.
func TestAnsweredWhileAsked(t *testing.T) {
	s := day()
	s.extra[7].deliveries = []event.Delivery{{State: event.Sending}}
	m := newTestModel(t, s, 100, 30)
	ask := m.root.Await(screen.RecordedMsg{Name: "x", Events: []event.ID{fakeID(7)}}, m.frame())
	reply := answers(ask)
	s.extra[7].deliveries = []event.Delivery{delivered(200, 38)}
	send(m, screen.ChangedMsg{State: s.State()})
	send(m, reply...)
	if !strings.Contains(m.status.Text, "200 in 38ms from :8000 (x, ") {
		t.Errorf("%q, %d are open", m.status.Text, len(m.root.Sent))
	}
}

// TestSentToNobody: the sentence says so where no target gets the event, and nothing more
// where it is deleted.
func TestSentToNobody(t *testing.T) {
	for _, targets := range []bool{true, false} {
		s := day()
		s.extra[7].deliveries = nil
		want := "no target's filter matches"
		if !targets {
			s.state.Targets, want = nil, "no target to send it to"
		}
		m := newTestModel(t, s, 100, 30)
		press(m, "n", "down", "down", "enter")
		if !strings.Contains(m.status.Text, want) {
			t.Errorf("%q", m.status.Text)
		}
	}
	m := newTestModel(t, fresh(), 100, 30) // its store has no such event
	press(m, "n", "enter")
	if m.status.Text != "sent repo.content/update as "+fakeID(7).Short()+" to :8000" || len(m.root.Sent) > 0 {
		t.Errorf("%q, %d", m.status.Text, len(m.root.Sent))
	}
}

// TestWhatCameOfIt follows what was begun to its end.
func TestWhatCameOfIt(t *testing.T) {
	for _, tt := range []struct {
		name    string
		session func() *fake
		keys    []string
		then    func(*fake)
		later   time.Duration
		want    string
		ok      bool
	}{
		{"the tunnel comes up", down, []string{"t", "t"}, func(s *fake) { s.state.Tunnel.Phase, s.state.Tunnel.Problem = healthy().state.Tunnel.Phase, nil }, 0, "the tunnel is up: https://amused-otter-fair.ngrok-free.app", true},
		{"the tunnel is refused", down, []string{"t", "t"}, func(s *fake) { s.state.Tunnel.Attempt++ }, 0, "the tunnel is not up: ", false},
		{"held events go out", targeted, []string{"T", "down", "s"}, func(s *fake) { t := &s.state.Targets[1]; t.Waiting, t.Health, t.Result = 0, dev.Healthy, "200" }, 0, "no more events are waiting for audit: last answer 200 in", true},
		{"they are refused", targeted, []string{"T", "down", "s"}, func(s *fake) { t := &s.state.Targets[1]; t.Waiting, t.Health, t.Result = 0, dev.Failing, "500" }, 0, "last answer 500 in", false},
		{"they stay", targeted, []string{"T", "down", "s"}, func(s *fake) { t := &s.state.Targets[1]; t.Health, t.Until = dev.Away, time.Time{} }, targets.HeldWithin, "is not listening: ", false},
		{"they are asked to wait", targeted, []string{"T", "down", "s"}, func(s *fake) { t := &s.state.Targets[1]; t.Until, t.Result = noon.Add(time.Minute), "503" }, 0, "audit answered 503 and asked to wait: 3 events still waiting", false},
		{"the handler is back", served, []string{"H", "K"}, func(s *fake) { h := *s.state.Handler; h.Starts++; s.state.Handler = &h }, 0, "the handler is running again: start 4, pid 4711", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.session()
			m := newTestModel(t, s, 100, 30)
			now := noon
			m.clock = func() time.Time { return now }
			press(m, tt.keys...)
			begun := m.status.Text
			if len(m.pursued) != 1 || begun == "" {
				t.Fatalf("%d are followed after %q:\n%s", len(m.pursued), begun, screenText(m))
			}
			tt.then(s)
			now = now.Add(tt.later)
			m.now = now
			send(m, screen.ChangedMsg{State: s.State()})
			if !strings.Contains(m.status.Text, tt.want) || m.status.Ok != tt.ok || len(m.pursued) > 0 || m.status.Text == begun {
				t.Errorf("after %q it says %q", begun, m.status.Text)
			}
		})
	}
	m := newTestModel(t, down(), 100, 30)
	press(m, "t", "t")
	m.now = m.now.Add(pursuedFor)
	if m.pursue(); len(m.pursued) > 0 {
		t.Error("it is followed for ever")
	}
}
