package tui

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/store"
	"hfhook/tui/webhooks"
	"hfhook/tunnel"
)

// hooked is a day with an account on the Hub: a webhook of hfhook's that points here, one
// of somebody else's, one of an earlier session, and a Job's.
func hooked() *fake {
	s := day()
	made := time.Date(2026, 9, 12, 9, 0, 0, 0, time.UTC)
	watch := func(kind, name string) []hub.Watched { return []hub.Watched{{Type: kind, Name: name}} }
	repo := []hub.Domain{hub.DomainRepo}
	hook := func(id, url string, state hub.State, watched []hub.Watched, domains []hub.Domain) lease.Hook {
		return lease.Hook{
			Webhook:  hub.Webhook{ID: id, URL: url, State: state, Watched: watched, Domains: domains, HasSecret: true},
			Activity: "https://huggingface.co/settings/webhooks/" + id + "/activity",
		}
	}
	here := hook("6390e855e30d9209411de93b", "https://amused-otter-fair.ngrok-free.app/webhooks", hub.Enabled, watch("dataset", "me/corpus"), hub.Domains())
	here.Here, here.Noted, here.Used, here.Made, here.OnQuit = true, true, true, made, lease.Disable
	here.Secret, here.LastTrigger = noon.Add(-time.Hour), noon.Add(-time.Minute)
	theirs := hook("65a14fd9e30d9209411de93b", "https://me-ci-bot.hf.space/webhooks/ci", hub.Enabled, watch("user", "me"), repo)
	old := hook("66f0c1aae30d9209411de93b", "https://3f2a.ngrok-free.app/webhooks", hub.Disabled, watch("model", "me/my-model"), repo)
	old.Old, old.Noted, old.Made, old.OnQuit = true, true, made, lease.Delete
	job := hook("67b2d300e30d9209411de93b", "", hub.Suspended, watch("dataset", "me/corpus"), repo)
	job.JobSourceID, job.HasSecret = "687f911e", false
	s.state.Hub = &lease.State{User: "me", Role: "write", Read: noon.Add(-4 * time.Second), Hooks: []lease.Hook{here, theirs, old, job}}
	s.state.Triggers = []store.Triggers{{Webhook: here.ID, N: 37}}
	return s
}

// hookless is an account without a webhook, unread one that is not known yet, hubRefused
// one whose token is not taken.
func hookless() *fake {
	s := hooked()
	s.state.Hub.Hooks = nil
	return s
}

func unread() *fake {
	s := day()
	s.state.Hub = &lease.State{}
	return s
}

func hubRefused() *fake {
	s := day()
	s.state.Hub = &lease.State{Problem: fmt.Errorf("list the webhooks: %w", hub.ErrToken), Fix: "a new token of https://huggingface.co/settings/tokens"}
	return s
}

// hookFresh is a first run with an account.
func hookFresh() *fake {
	s := fresh()
	s.state.Hub = hookless().state.Hub
	return s
}

// poisonHub puts a text into everything of the Hub that comes from outside.
func poisonHub(st *lease.State, text string) *lease.State {
	if st == nil {
		return nil
	}
	foul := *st
	foul.User, foul.Role, foul.Fix = text, text, text
	if foul.Problem != nil {
		foul.Problem = errors.New(text)
	}
	foul.Hooks = slices.Clone(st.Hooks)
	for i := range foul.Hooks {
		h := &foul.Hooks[i]
		h.ID, h.URL, h.JobSourceID, h.State, h.Was = text, "https://"+text, text, hub.State(text), text
		h.Watched, h.Domains = []hub.Watched{{Type: text, Name: text}}, []hub.Domain{hub.Domain(text)}
	}
	return &foul
}

func (s *fake) HubReload(context.Context) error { return s.call("reload the Hub") }

func (s *fake) HubPlan(_ context.Context, w lease.Request) (*lease.Change, error) {
	if err := s.fails("HubPlan"); err != nil {
		return nil, err
	}
	return &lease.Change{Title: "Change " + w.Webhook, Lines: []lease.Line{
		{Op: ' ', Text: "the webhook 6390e855"},
		{Op: '-', Text: "  url      https://3f2a.ngrok-free.app/webhooks"},
		{Op: '+', Text: "  url      https://amused-otter-fair.ngrok-free.app/webhooks"},
		{Op: '+', Text: "  secret   the one that hfhook accepts now, set again"},
		{Op: '!', Text: "65a14fd9 also points here: some events will arrive twice"},
	}, Do: func(context.Context) (string, error) { return "", nil }}, s.call("plan %+v", w)
}

func (s *fake) HubApply(context.Context, *lease.Change) (string, error) {
	if err := s.fails("HubApply"); err != nil {
		return "", err
	}
	return "6390e855 points here now", s.call("apply")
}

func (s *fake) SelfTest(context.Context) (time.Duration, error) {
	return 38 * time.Millisecond, s.call("selftest")
}

// TestHubLink holds the header to what is known of the Hub: only what is not well has words.
func TestHubLink(t *testing.T) {
	change := func(f func(*lease.State)) *fake { s := hooked(); f(s.state.Hub); return s }
	for _, test := range []struct {
		name string
		s    *fake
		want string
	}{
		{"left alone", day(), ""},
		{"not read", unread(), ""},
		{"one hook", hooked(), "37/1000 today"},
		{"none points here", hookless(), "0/1000 today"},
		{"no token", change(func(st *lease.State) { st.Problem = hub.ErrNoToken }), ""},
		{"offline", change(func(st *lease.State) { st.Problem = hub.ErrOffline }), ""},
		{"bad token", hubRefused(), "✗ Hub: bad token"},
		{"unreachable", change(func(st *lease.State) { st.Problem = hub.ErrUnreachable }), "✗ Hub: unreachable"},
		{"suspended", change(func(st *lease.State) { st.Hooks[0].State = hub.Suspended }), "✗ webhook suspended"},
		{"disabled", change(func(st *lease.State) { st.Hooks[0].State = hub.Disabled }), "! webhook disabled"},
		{"paused", change(func(st *lease.State) { st.Hooks[0].State, st.Paused = hub.Disabled, true }), "! webhook paused"},
		{"two", change(func(st *lease.State) { st.Hooks[1].Here = true }), "37/1000 today"},
	} {
		m := newTestModel(t, test.s, 100, 30)
		if first, _, _ := strings.Cut(screenText(m), "\n"); !strings.Contains(first, test.want) || strings.Contains(first, "ebhook ") != strings.Contains(test.want, "webhook ") || strings.Contains(first, "Hub") != strings.Contains(test.want, "Hub") {
			t.Errorf("%s: %q, want %q", test.name, first, test.want)
		}
	}
}

// TestNextStep holds that nobody is told to set up a webhook that is there.
func TestNextStep(t *testing.T) {
	s := hookFresh()
	const byHand = "huggingface.co/settings/webhooks"
	if text := screenText(newTestModel(t, s, 100, 30)); !strings.Contains(text, byHand) {
		t.Errorf("without a webhook:\n%s", text)
	}
	s.state.Hub = hooked().state.Hub
	if text := screenText(newTestModel(t, s, 100, 30)); strings.Contains(text, byHand) || !strings.Contains(text, "6390e855 points here") {
		t.Errorf("with one:\n%s", text)
	}
}

// TestReadiness holds what the checklist says of the way to this machine, and of webhooks
// that are there but send nothing.
func TestReadiness(t *testing.T) {
	change := func(f func(*fake)) *fake { s := hookFresh(); f(s); return s }
	with := func(f func(*lease.Hook)) *fake {
		s := hookFresh()
		s.state.Hub = hooked().state.Hub
		s.state.Hub.Hooks = s.state.Hub.Hooks[:1]
		f(&s.state.Hub.Hooks[0])
		return s
	}
	for what, test := range map[string]struct {
		s    *fake
		want []string
	}{
		"up":         {hookFresh(), []string{"Ready to receive at https://amused-otter-fair.ngrok-free.app/webhooks", "w  Create the webhook on the Hub for me", "with your hf login as me"}},
		"connecting": {change(func(s *fake) { s.state.Tunnel.Phase = tunnel.Connecting }), []string{"hfhook is listening on", "t  Change the tunnel", "ngrok: connecting", "needs a public URL"}},
		"down":       {change(func(s *fake) { s.state.Tunnel.Phase = tunnel.Down }), []string{"hfhook is listening on", "ngrok: not up"}},
		"disabled":   {with(func(h *lease.Hook) { h.State = hub.Disabled }), []string{"w  Check the webhook 6390e855, and enable it"}},
		"elsewhere":  {with(func(h *lease.Hook) { h.Here, h.Old = false, true }), []string{"w  Point webhook 6390e855 here, or create one"}},
		"handler": {change(func(s *fake) {
			s.state.Targets[0].Health, s.state.Ports = dev.Unknown, map[string]bool{s.state.Targets[0].Name: true}
		}), []string{"✓ http://127.0.0.1:8000/webhooks is listening"}},
	} {
		text := screenText(newTestModel(t, test.s, 100, 40))
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: there is no %q in\n%s", what, want, text)
			}
		}
	}
}

// TestMeter holds what is said of the day's allowance, and that it is said of the
// webhook that points here.
func TestMeter(t *testing.T) {
	for n, want := range map[int]string{0: "0/1000 today", 37: "37/1000 today", 1200: "1200/1000 today"} {
		s := hooked()
		s.state.Triggers = []store.Triggers{{Webhook: "other", N: 5}, {Webhook: s.state.Hub.Hooks[0].ID, N: n}}
		if first, _, _ := strings.Cut(screenText(newTestModel(t, s, 120, 30)), "\n"); !strings.Contains(first, want) {
			t.Errorf("%q, want %q", first, want)
		}
	}
	for what, test := range map[string]struct {
		s    *fake
		want string
	}{
		"without a webhook": {hookless(), "✓ :8000   0/1000 today"},
		"without the Hub":   {day(), "✓ :8000   my-bot"},
	} {
		if first, _, _ := strings.Cut(screenText(newTestModel(t, test.s, 100, 30)), "\n"); !strings.Contains(first, test.want) {
			t.Errorf("%s: %q, want %q", what, first, test.want)
		}
	}
}

// TestWebhooksAreReadAgain: what is shown is asked for again if it is not of now.
func TestWebhooksAreReadAgain(t *testing.T) {
	for age, want := range map[time.Duration]int{time.Second: 0, time.Minute: 1} {
		s := hooked()
		s.state.Hub.Read = noon.Add(-age)
		m := newTestModel(t, s, 100, 30)
		press(m, "w")
		if got := strings.Count(strings.Join(s.called(), "\n"), "reload the Hub"); got != want {
			t.Errorf("read %s ago: %d times read again, want %d", age, got, want)
		}
	}
}

// TestHookKeys does to webhooks what the keys say, and sees what the session is asked.
func TestHookKeys(t *testing.T) {
	const here, theirs, old = "6390e855e30d9209411de93b", "65a14fd9e30d9209411de93b", "66f0c1aae30d9209411de93b"
	plan := func(action lease.Action, id string) string {
		return fmt.Sprintf("plan {Action:%s Webhook:%s ", action, id)
	}
	for _, test := range []struct {
		keys []string
		want string // a call; empty: none of a plan
	}{
		{[]string{"w", "s"}, plan(lease.PushSecret, here)},
		{[]string{"w", "E"}, plan(lease.SwitchOff, here)},
		{[]string{"w", "delete"}, plan(lease.Remove, here)},
		{[]string{"w", "E", "enter"}, "apply"},
		{[]string{"w", "E", "esc"}, plan(lease.SwitchOff, here)},
		{[]string{"w", "c", "down", "enter"}, plan(lease.SetOnQuit, here)},
		{[]string{"w", "c", "x"}, "apply"},
		{[]string{"w", "down", "p", "y"}, plan(lease.TakeOver, theirs)},
		{[]string{"w", "down", "p", "l"}, "KeepSecret:true"},
		{[]string{"w", "down", "down", "p"}, plan(lease.TakeOver, old)},
		{[]string{"w", "down", "down", "E"}, plan(lease.SwitchOn, old)},
		{[]string{"w", "down", "e"}, ""},
		{[]string{"w", "down", "s"}, ""},
		{[]string{"w", "down", "E"}, ""},
		{[]string{"w", "down", "delete"}, ""},
		{[]string{"w", "p"}, ""},
		{[]string{"w", "a", "enter"}, ""},
		{[]string{"w", "a", "u", "s", "e", "r", ":", "m", "e", "tab", "right", "enter"}, "plan {Action:add Webhook: Watched:[user:me] Domains:[repo] "},
		{[]string{"w", "e", "tab", "left", "enter"}, "plan {Action:edit Webhook:" + here + " Watched:[dataset:me/corpus] Domains:[discussion] "},
		{[]string{"w", "ctrl+r"}, "reload the Hub"},
		{[]string{"w", "v"}, "selftest"},
	} {
		s := hooked()
		m := newTestModel(t, s, 100, 30)
		press(m, test.keys...)
		calls := strings.Join(s.called(), "\n")
		if test.want == "" && strings.Contains(calls, "plan") || !strings.Contains(calls, test.want) {
			t.Errorf("%v: the session was asked\n%s\nwant %q", test.keys, calls, test.want)
		}
		if slices.Contains(test.keys, "esc") && strings.Contains(calls, "apply") {
			t.Errorf("%v: %s", test.keys, calls)
		}
	}
}

// TestHookFails holds that what the Hub refuses is said.
func TestHookFails(t *testing.T) {
	for _, method := range []string{"HubPlan", "HubApply"} {
		s := hooked()
		s.errs[method] = errors.New("422 Unprocessable Entity: no\x1b[2J way")
		m := newTestModel(t, s, 100, 30)
		press(m, "w", "s")
		if method == "HubApply" {
			press(m, "enter")
		}
		if text := screenText(m); !strings.Contains(text, "no‹ESC›[2J way") && !strings.Contains(text, "422 Unprocessable Entity: no") {
			t.Errorf("%s:\n%s", method, text)
		}
	}
}

// TestHookSays holds that a change, which may take a while, is told when it is asked for
// and when it is made, with how long that took.
func TestHookSays(t *testing.T) {
	m := newTestModel(t, hooked(), 100, 30)
	press(m, "w", "s", "enter")
	if !regexp.MustCompile(`^6390e855 points here now \([0-9.]+m?s\)$`).MatchString(m.status.Text) {
		t.Errorf("%q", m.status.Text)
	}
	press(m, "L")
	if text := screenText(m); !strings.Contains(text, "asking the Hub: ") {
		t.Error(text)
	}
}

// TestHubInTheBanner says what becomes of the webhook while the tunnel is down.
func TestHubInTheBanner(t *testing.T) {
	s := down()
	s.state.Hub = hooked().state.Hub
	s.state.Hub.PauseAt = noon.Add(90 * time.Second)
	if text := screenText(newTestModel(t, s, 100, 30)); !strings.Contains(text, "At 14:37:30 the webhook is disabled, before the Hub suspends it") {
		t.Errorf("before:\n%s", text)
	}
	s.state.Hub.Paused, s.state.Hub.PauseAt = true, time.Time{}
	if text := screenText(newTestModel(t, s, 100, 30)); !strings.Contains(text, "The webhook is disabled until then") {
		t.Errorf("after:\n%s", text)
	}
}

// TestHookCommands: each change on the Hub is one that a command makes, too.
func TestHookCommands(t *testing.T) {
	st := hooked().State()
	me := []hub.Watched{{Type: "user", Name: "me"}}
	for _, tt := range []struct {
		request lease.Request
		want    string
	}{
		{lease.Request{Action: lease.Add, Watched: me, Domains: []hub.Domain{hub.DomainRepo}}, "hfhook webhooks create --watch user:me --domain repo --url " + st.HookURL + " --own-secret"},
		{lease.Request{Action: lease.Edit, Webhook: "65a1", Watched: me}, "hfhook webhooks update 65a1 --watch user:me"},
		{lease.Request{Action: lease.TakeOver, Webhook: "65a1"}, "hfhook webhooks update 65a1 --url " + st.HookURL + " --own-secret"},
		{lease.Request{Action: lease.TakeOver, Webhook: "65a1", KeepSecret: true}, "hfhook webhooks update 65a1 --url " + st.HookURL},
		{lease.Request{Action: lease.PushSecret, Webhook: "65a1"}, "hfhook webhooks update 65a1 --own-secret"},
		{lease.Request{Action: lease.SwitchOn, Webhook: "65a1"}, "hfhook webhooks enable 65a1"},
		{lease.Request{Action: lease.SwitchOff, Webhook: "65a1"}, "hfhook webhooks disable 65a1"},
		{lease.Request{Action: lease.Remove, Webhook: "65a1"}, "hfhook webhooks delete 65a1"},
		{lease.Request{Action: lease.SetOnQuit, OnQuit: lease.Keep}, "hfhook dev --on-quit keep"},
	} {
		if got := webhooks.HookCommand(tt.request, st); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.request.Action, got, tt.want)
		}
	}
}
