package tui

import (
	"fmt"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/internal/lease"
	"hfhook/tui/screen"
)

// refusedHub is an account with a webhook here, of which a request was refused.
func refusedHub() *fake {
	s := hooked()
	s.state.Rejected, s.state.Refused = scanned().state.Rejected[1:2], 1
	return s
}

// TestFixOnTheHub has the secret set on the webhook that a refused request is from, and on
// no other one.
func TestFixOnTheHub(t *testing.T) {
	const here, theirs, old = "6390e855e30d9209411de93b", "65a14fd9e30d9209411de93b", "66f0c1aae30d9209411de93b"
	plan := func(action lease.Action, id string) string {
		return fmt.Sprintf("plan {Action:%s Webhook:%s ", action, id)
	}
	for _, test := range []struct {
		name   string
		change func(*fake, *event.Rejected)
		keys   []string
		want   string // a call; empty: none of a plan
	}{
		{"it names one of hfhook's that points here", func(*fake, *event.Rejected) {}, nil, plan(lease.PushSecret, here)},
		{"no secret was sent", func(_ *fake, r *event.Rejected) { r.Reason, r.Evidence = event.NoSecret, nil }, nil, plan(lease.PushSecret, here)},
		{"it is done", func(*fake, *event.Rejected) {}, []string{"enter"}, "apply"},
		{"it names one that hfhook did not make", func(_ *fake, r *event.Rejected) { r.Webhook = theirs }, nil, plan(lease.TakeOver, theirs)},
		{"it names one that points elsewhere", func(_ *fake, r *event.Rejected) { r.Webhook = old }, nil, plan(lease.TakeOver, old)},
		{"another hfhook has it", func(s *fake, _ *event.Rejected) { s.state.Hub.Hooks[0].Others = true }, nil, ""},
		{"it names none of the account", func(_ *fake, r *event.Rejected) { r.Webhook = "ffffffff" }, []string{"enter"}, plan(lease.PushSecret, here)},
		{"nothing before it is chosen", func(_ *fake, r *event.Rejected) { r.Webhook = "ffffffff" }, nil, ""},
		{"it is chosen among two", func(s *fake, r *event.Rejected) { r.Webhook, s.state.Hub.Hooks[1].Here = "", true }, []string{"down", "enter"}, plan(lease.TakeOver, theirs)},
		{"it does not look like the Hub's", func(_ *fake, r *event.Rejected) { r.LooksLikeHub = false }, nil, ""},
		{"the secret was not the reason", func(_ *fake, r *event.Rejected) { r.Reason = event.BadPayload }, nil, ""},
		{"no way to the Hub", func(s *fake, _ *event.Rejected) { s.state.Hub = nil }, nil, ""},
		{"nothing is verified", func(s *fake, _ *event.Rejected) { s.state.Secret.Verified = false }, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := refusedHub()
			test.change(s, &s.state.Rejected[0])
			m := newTestModel(t, s, 100, 30)
			press(m, "!", "s")
			if menu, ok := m.top().(*screen.Menu); ok && menu.HelpName == "secret" {
				press(m, "w")
			}
			press(m, test.keys...)
			calls := strings.Join(s.called(), "\n")
			if test.want == "" && strings.Contains(calls, "plan") || !strings.Contains(calls, test.want) {
				t.Errorf("the session was asked\n%s\nwant %q", calls, test.want)
			}
			if strings.Contains(calls, "apply") && test.want != "apply" {
				t.Errorf("done without a yes: %s", calls)
			}
		})
	}
}

// Beside the list no key is named that does nothing there.
func TestFixBesideTheList(t *testing.T) {
	m := newTestModel(t, refusedHub(), 100, 30)
	press(m, "g", "up")
	for m.root.List.Selected.Rejected == 0 && m.root.List.At < len(m.root.List.Items)-1 {
		press(m, "down")
	}
	if text := screenText(m); !strings.Contains(text, "↵, then s sets your secret") {
		t.Errorf("what is to be done is not said:\n%s", text)
	}
	press(m, "enter")
	if text := screenText(m); !strings.Contains(text, "s sets your secret") || strings.Contains(text, "then s") {
		t.Errorf("after the key:\n%s", text)
	}
}
