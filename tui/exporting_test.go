package tui

import (
	"os"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/tui/detail"
	"hfhook/tui/exporting"
	"hfhook/tui/screen"
)

func TestExport(t *testing.T) {
	t.Chdir(t.TempDir())
	one := fakeID(7)
	for _, tt := range []struct {
		name    string
		keys    []string
		file    string // that is written; empty: none
		holds   string // in it
		command string
		status  string
	}{
		{"curl", []string{"k", "x", "enter"}, one.Short() + ".sh", "curl 'http://127.0.0.1:8000/webhooks'", "hfhook export " + string(one) + " --as curl -o " + one.Short() + ".sh",
			"✓ saved 1 event as curl, without the secret and 1 header of tunnels and credentials (it is taken from WEBHOOK_SECRET)"},
		{"a test under a name", []string{"k", "x", "left", "left", "down", "down", "ctrl+u", "a", ".", "g", "o", "enter"}, "a.go", "package ", "hfhook export " + string(one) + " --as go --allow-new -o a.go", "✓ saved 1 event as go"},
		{"several", []string{"g", "space", "space", "x", "left", "left", "left", "left", "enter"}, "events.ndjson", string(fakeID(1)), "hfhook export " + string(fakeID(0)) + " " + string(fakeID(1)) + " --as ndjson -o events.ndjson", "✓ saved 2 events as ndjson"},
		{"several in a form for one", []string{"g", "space", "space", "x", "right", "right", "enter"}, "", "", "hfhook export " + string(fakeID(0)) + " " + string(fakeID(1)) + " --as raw -o events.http", "✗ not written: raw holds one event, but 2 are selected"},
		{"without a name", []string{"k", "x", "up", "up", "ctrl+u", "enter"}, "", "", "hfhook export " + string(one) + " --as curl -o ''", "✗ not written: the file has no name"},
		{"to the clipboard", []string{"k", "x", "down", "right", "enter"}, "", "", "hfhook export " + string(one) + " --as curl", "✓ copied 1 event as curl, without the secret"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := day()
			m := newTestModel(t, s, 160, 30)
			press(m, tt.keys[:len(tt.keys)-1]...)
			p, ok := m.top().(*exporting.Dialog)
			if !ok {
				t.Fatalf("%T is on top", m.top())
			}
			if got := p.Command(); got != tt.command {
				t.Errorf("the command is %s, want %s", got, tt.command)
			}
			press(m, "enter")
			if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, tt.status) {
				t.Errorf("the status line is %q, want %q", line, tt.status)
			}
			if tt.file == "" {
				return
			}
			got, err := os.ReadFile(tt.file)
			if err != nil || !strings.Contains(string(got), tt.holds) || strings.Contains(string(got), canary) {
				t.Errorf("the file is %.200q, %v", got, err)
			}
		})
	}
}

// TestCopiedCommandsHoldNoSecret looks at what the copy menu's commands are made of.
func TestCopiedCommandsHoldNoSecret(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k")
	for _, c := range m.root.Copies() {
		text, err := c.Text(t.Context())
		if err != nil || strings.Contains(text, canary) {
			t.Errorf("%s: %v, %.100q", c.What, err, text)
		}
		if c.Key == "c" && !strings.Contains(text, `X-Webhook-Secret: '"${WEBHOOK_SECRET`) && !strings.Contains(text, "WEBHOOK_SECRET") {
			t.Errorf("the command takes the secret from nowhere: %s", text)
		}
	}
}

func TestMarkAttempts(t *testing.T) {
	a := &asks{Runner: &screen.Runner{}}
	d := detail.New(a.Runner, a.session)
	for n := range 4 {
		d.Deliveries = append(d.Deliveries, event.Delivery{N: n + 1, State: event.Done})
	}
	pair := func() [2]int {
		was, is, _ := d.Pair()
		return [2]int{was.N, is.N}
	}
	d.Attempt = 0
	if got := pair(); got != [2]int{1, 2} {
		t.Errorf("of the first: %v", got)
	}
	d.Attempt = 3
	if got := pair(); got != [2]int{3, 4} {
		t.Errorf("with the one before: %v", got)
	}
	d.MarkAttempt()
	d.Attempt = 0
	if got := pair(); got != [2]int{1, 4} {
		t.Errorf("with the marked one: %v", got)
	}
	d.Attempt = 1
	d.MarkAttempt()
	d.Attempt = 2
	if got := pair(); got != [2]int{2, 4} {
		t.Errorf("of two marked ones: %v", got)
	}
	d.MarkAttempt()
	if got := pair(); got != [2]int{2, 3} {
		t.Errorf("a third mark starts over: %v", got)
	}
	d.MarkAttempt()
	if len(d.Paired) != 0 {
		t.Errorf("marks are %v", d.Paired)
	}
	d.Deliveries = d.Deliveries[:1]
	d.Attempt = 0
	if _, _, ok := d.Pair(); ok {
		t.Error("one attempt is a pair")
	}
}
