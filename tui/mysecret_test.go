package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/keymap"
	"hfhook/tui/rejected"
	"hfhook/tui/screen"
)

// wrongSecret is a day on which the secret here has quotes around it, and hfhook keeps it.
func wrongSecret() *fake {
	s := day()
	r := &s.state.Rejected[0]
	r.Evidence = &event.Evidence{Where: "X-Webhook-Secret", Sent: event.Print{Length: 30, Text: "9f2c 11ab"}, Wanted: event.Print{Length: 32, Text: "51bc 08e4"},
		Hint: "equal without the quotes around yours", Cause: "your own copy has quotes around it, as in a file of variables that is read as it is.", Fix: "quotes"}
	s.state.Secret.Made, s.state.Secret.Source = true, "/home/me/.local/state/hfhook/secret"
	return s
}

// lastSaid is the newest result of an action.
func lastSaid(m *model) string {
	if n := len(m.past.Results); n > 0 {
		return m.past.Results[n-1].Text
	}
	return ""
}

// unseen sends messages, after none of which the canary is anywhere.
func unseen(t *testing.T, m *model, msgs ...tea.Msg) {
	t.Helper()
	for _, msg := range msgs {
		send(m, msg)
		if text := strings.Join(m.lines(), "\n"); strings.Contains(text, canary) || strings.Contains(m.status.Text+m.did+m.status.Command, canary) {
			t.Fatalf("the secret is shown:\n%s", text)
		}
		for _, r := range m.past.Results {
			if strings.Contains(r.Text, canary) {
				t.Fatalf("the secret is in the log: %s", r.Text)
			}
		}
	}
}

// TestMySecretIsTypedUnseen types and pastes a secret: the session gets it, and no frame,
// no sentence, no command and no record of the log has it.
func TestMySecretIsTypedUnseen(t *testing.T) {
	for _, paste := range []bool{false, true} {
		s := scanned()
		m := newTestModel(t, s, 100, 30)
		press(m, "!", "up", "up", "up", "s")
		if paste {
			unseen(t, m, tea.PasteMsg{Content: canary})
		} else {
			for _, r := range canary {
				unseen(t, m, keyMsg(string(r)))
			}
		}
		if text := screenText(m); !strings.Contains(text, "30 characters") || !strings.Contains(text, "***") {
			t.Errorf("what is typed is not counted:\n%s", text)
		}
		asked := m.top().(*screen.Prompt)
		unseen(t, m, keyMsg("enter"))
		if !slices.Contains(s.called(), "secret of 30") || asked.Input.Value() != "" {
			t.Errorf("%v", s.called())
		}
		unseen(t, m, screen.ChangedMsg{State: s.State()})
		text := screenText(m)
		for _, want := range []string{"secret changed for this run: 30 characters (fingerprint c0de 4711)", "Your secret was changed here", "WEBHOOK_SECRET"} {
			if !strings.Contains(text, want) {
				t.Errorf("the screen does not say %q:\n%s", want, text)
			}
		}
		if m.did != "read -rs WEBHOOK_SECRET; export WEBHOOK_SECRET; hfhook dev" {
			t.Errorf("the command is %q", m.did)
		}
		unseen(t, m, keyMsg("L"), keyMsg("esc"), keyMsg("y"))
	}
}

// TestMySecretIsFixedAndKept removes the mistake that was found, and keeps the result when
// that is chosen.
func TestMySecretIsFixedAndKept(t *testing.T) {
	for _, tt := range []struct {
		keys []string
		want []string
		said string
	}{
		{[]string{"enter", "enter"}, []string{"fix by quotes"}, "for this run only"},
		{[]string{"m", "f"}, []string{"fix by quotes", "keep the secret"}, "is saved in /home/me/.local/state/hfhook/secret"},
		{[]string{"t", "x", "y", "enter", "esc"}, []string{"secret of 2"}, "2 characters"},
		{[]string{"esc"}, nil, ""},
		{[]string{"t", "x", "esc"}, nil, ""},
	} {
		s := wrongSecret()
		m := newTestModel(t, s, 100, 30)
		press(m, append([]string{"!", "s"}, tt.keys...)...)
		if got := s.called(); !slices.Equal(got, tt.want) || !strings.Contains(lastSaid(m), tt.said) {
			t.Errorf("%v: %v, %q", tt.keys, got, lastSaid(m))
		}
	}
	s := wrongSecret()
	s.errs["FixSecret"] = errors.New("no \x1b[2J")
	m := newTestModel(t, s, 100, 30)
	press(m, "!", "s", "enter")
	if text := screenText(m); m.status.Ok || !strings.Contains(text, "your secret is unchanged: no") {
		t.Errorf("a failure is not told:\n%s", text)
	}
}

// TestUpOnTheRejectedScreen: k, the arrow and a key of the user's go up, and s does not.
func TestUpOnTheRejectedScreen(t *testing.T) {
	for _, tt := range []struct {
		keys  keymap.Keymap
		key   string
		moves bool
	}{{nil, "up", true}, {nil, "k", true}, {nil, "s", false}, {keymap.Keymap{"up": {"ctrl+p"}}, "ctrl+p", true}, {keymap.Keymap{"my-secret": {"f5"}}, "f5", false}} {
		if err := tt.keys.Check(); err != nil {
			t.Fatal(err)
		}
		m := newTestModel(t, scanned(), 100, 30)
		press(m, "!", "up", "up", "up") // to the one with a wrong secret
		m.opts.Keys = tt.keys
		m.restyle()
		at := m.top().(*rejected.Screen).At(m.frame())
		press(m, tt.key)
		p, still := m.top().(*rejected.Screen)
		if still != tt.moves || still && p.At(m.frame()) != at-1 {
			t.Errorf("%v: %q", tt.keys, tt.key)
		}
	}
}
