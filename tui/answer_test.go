package tui

import (
	"os"
	"strings"
	"testing"

	"hfhook/tui/detail"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
)

// answeredWith is a day whose last event was answered with this body.
func answeredWith(body string) func() *fake {
	return func() *fake {
		s := day()
		e := plainEvent(0)
		d := delivered(500, 12)
		d.ResponseBody, d.ResponseSize = []byte(body), int64(len(body))
		e.deliveries = append(e.deliveries, d)
		s.add(e)
		return s
	}
}

const binaryAnswer = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x1b[2J\xff\xfe\x9b31m"

// TestBinaryAnswer is shown in hexadecimal, and as text only on request.
func TestBinaryAnswer(t *testing.T) {
	m := newTestModel(t, answeredWith(binaryAnswer)(), 100, 30)
	press(m, "k", "enter", "3")
	if text := screenText(m); !strings.Contains(text, "00000000  89 50 4e 47 0d 0a 1a 0a") {
		t.Errorf("the beginning:\n%s", text)
	}
	press(m, "enter")
	if text := screenText(m); !strings.Contains(text, "00000010  00 01 1b 5b 32 4a ff fe  9b 33 31 6d") && !strings.Contains(text, "00000010  00 01 1b 5b 32 4a ff fe 9b 33 31 6d") {
		t.Errorf("the whole:\n%s", text)
	}
	press(m, "X")
	if text := screenText(m); !strings.Contains(text, "‹89›PNG␍") || strings.ContainsAny(text, "\x1b\u009b") {
		t.Errorf("as text:\n%q", text)
	}
}

// TestWholeAnswerIsTakenAway: a text whole, JSON by its values, both into a file.
func TestWholeAnswerIsTakenAway(t *testing.T) {
	t.Chdir(t.TempDir())
	for body, want := range map[string]string{"Traceback\n  boom\n": "✓ copied the whole, 17 bytes, by the terminal", `{"error":"x"}`: "✓ copied the value of .error by the terminal"} {
		m := newTestModel(t, answeredWith(body)(), 100, 30)
		press(m, "k", "enter", "3", "enter", "y")
		if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, want) {
			t.Errorf("%q: %q, want %q", body, line, want)
		}
		press(m, "S", "ctrl+u", "f", "enter")
		if got, err := os.ReadFile("f"); string(got) != body || err != nil {
			t.Errorf("%q, %v is in the file, want %q", got, err, body)
		}
		_ = os.Remove("f")
	}
}

func TestUnreadable(t *testing.T) {
	for body, want := range map[string]bool{"": false, "text": false, "é": false, "text\xc3": false, "\x00": true, "a\xffbcdefg": true, binaryAnswer: true, "🙂"[:3]: false} {
		if got := pager.Unreadable([]byte(body)); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
}

// TestLargeAnswersAreComparedAside, since a frame has no time for it, and only once.
func TestLargeAnswersAreComparedAside(t *testing.T) {
	s := day()
	e := plainEvent(0)
	for i, last := range []string{"1", "2"} {
		d := delivered(200, 12)
		d.N, d.ResponseBody = i+1, []byte("["+strings.Repeat("0,", 20_000)+last+"]")
		e.deliveries = append(e.deliveries[:i], d)
	}
	s.add(e)
	m := newTestModel(t, s, 100, 30)
	press(m, "k", "enter")
	d := &m.root.Detail
	if d.Answer.Pair == nil || d.Answer.Diff != nil {
		t.Fatalf("before the tab is open: pair %v, diff %v", d.Answer.Pair, d.Answer.Diff)
	}
	press(m, "3")
	if text := screenText(m); !strings.Contains(text, "- .[20000]  1") || !strings.Contains(text, "+ .[20000]  2") {
		t.Errorf("no difference:\n%s", text)
	}
	known := d.Answer.Diff
	send(m, screen.ChangedMsg{State: s.State()}, detail.DetailMsg{ID: d.Item.Key.ID, Deliveries: s.extra[len(s.extra)-1].deliveries})
	if d.Answer.Diff != known {
		t.Error("the same answers are compared again")
	}
}
