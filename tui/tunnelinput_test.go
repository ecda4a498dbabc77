package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/screen"
	"hfhook/tunnel"
)

func TestAuthtokenIsTypedUnseen(t *testing.T) {
	for _, keep := range []bool{false, true} {
		s := down()
		m := newTestModel(t, s, 100, 30)
		press(m, "k", "t", "a")
		for _, r := range canary {
			press(m, string(r))
		}
		if err := checkFrame(m); err != nil {
			t.Fatal(err)
		}
		if text := screenText(m); !strings.Contains(text, "30 characters") {
			t.Error(text)
		}
		press(m, "enter")
		if err := checkFrame(m); err != nil {
			t.Fatal(err)
		}
		want := "authtoken of 30, keep false"
		if keep {
			press(m, "down")
			want = "authtoken of 30, keep true"
		}
		press(m, "enter")
		if calls := s.called(); !slices.Contains(calls, want) || !slices.Contains(calls, "retry tunnel") {
			t.Errorf("%v", calls)
		}
		if err := checkFrame(m); err != nil || strings.Contains(m.status.Text, canary) {
			t.Errorf("%v %q", err, m.status.Text)
		}
	}
}

func TestOwnURL(t *testing.T) {
	s := down()
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "t", "o")
	for _, r := range "x.example" {
		press(m, string(r))
	}
	press(m, "enter")
	if !slices.Contains(s.called(), "use https://x.example") || m.did != "hfhook dev --url https://x.example" {
		t.Errorf("%v\n%s", s.called(), screenText(m))
	}
	press(m, "delete", "u")
	if !strings.Contains(m.status.Text, " back in the list") {
		t.Errorf("%q", m.status.Text)
	}
	s.errs["UseURL"] = errors.New("it names no host")
	press(m, "t", "o", "enter")
	if m.status.Ok || !strings.Contains(m.status.Text, "names no host") {
		t.Errorf("%q", m.status.Text)
	}
}

// TestOwnURLIsPasted behind the scheme with which the prompt begins.
func TestOwnURLIsPasted(t *testing.T) {
	for _, url := range []string{"https://x.example", "http://127.0.0.1:7071"} {
		s := down()
		m := newTestModel(t, s, 100, 30)
		press(m, "k", "t", "o")
		send(m, tea.PasteMsg{Content: url + "\n"})
		press(m, "enter")
		if !slices.Contains(s.called(), "use "+url) {
			t.Errorf("%s: %v", url, s.called())
		}
	}
}

// TestOwnURLAfterAnother is told of the one that was asked for, and not of what was wrong
// with the one before.
func TestOwnURLAfterAnother(t *testing.T) {
	s := down()
	s.state.Tunnel = tunnel.State{
		Provider: "own", Phase: tunnel.Checking, URL: "https://wrong.example",
		Problem: &tunnel.Problem{Message: "no such host"},
	}
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "t", "o")
	send(m, tea.PasteMsg{Content: "https://right.example"})
	press(m, "enter")
	send(m, screen.ChangedMsg{State: s.State()})
	if !strings.Contains(m.status.Text, "using https://right.example") {
		t.Errorf("%q", m.status.Text)
	}
	s.state.Tunnel = tunnel.State{Provider: "own", Phase: tunnel.Up, URL: "https://right.example"}
	send(m, screen.ChangedMsg{State: s.State()})
	if !strings.Contains(m.status.Text, "the tunnel is up: https://right.example") {
		t.Errorf("%q", m.status.Text)
	}
}

func TestDoctor(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "D")
	if text := screenText(m); !strings.Contains(text, "✗ tunnel   ngrok refused ␛[31mthe authtoken") || !strings.Contains(text, "Fix: copy it again") {
		t.Error(text)
	}
	if m.status.Ok || !strings.Contains(m.status.Text, "4 checks: 1 failed, 1 warning") {
		t.Errorf("%q", m.status.Text)
	}
	press(m, "c")
	if !strings.Contains(m.status.Text, "copied the report") {
		t.Errorf("%q", m.status.Text)
	}
	press(m, "D", "esc")
	if m.top().Name() != "event list" {
		t.Errorf("esc leads to %s", m.top().Name())
	}
}
