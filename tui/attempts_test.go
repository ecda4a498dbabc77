package tui

import (
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/tui/detail"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// editedDay is a day on which an edited copy was sent, twice.
func editedDay() *fake {
	s := day()
	e := plainEvent(0)
	e.row.Parent, e.row.Origin = fakeID(4), event.FromEdit
	e.body = strings.NewReplacer("@bot please re-run the eval on this branch", "@bot eval", `"hidden":false`, `"hidden":false,"pinned":true`).Replace(commentBody)
	first, again := delivered(200, 61), delivered(200, 59)
	first.Kind, again.Kind = event.Replay, event.Replay
	again.Started = noon.AddDate(0, 0, 1)
	for _, d := range []*event.Delivery{&first, &again} {
		d.ResponseBody = []byte(`{"job":"eval-9f2c1e","status":"queued"}`)
	}
	e.deliveries = []event.Delivery{first, again}
	s.add(e)
	return s
}

// TestAnEditedCopyIsComparedWithItsOriginal: the first attempt of it with the last of the
// original, the others with the one before.
func TestAnEditedCopyIsComparedWithItsOriginal(t *testing.T) {
	m := newTestModel(t, editedDay(), 100, 30)
	press(m, "k", "enter", "3", "up")
	for _, want := range []string{
		"compared with the original " + fakeID(4).Short(), "200 as before    time  61ms → 61ms", "body    the same",
		`sent    ~ .comment.content  "@bot please re-run the eval on this branch" → "@bot eval"`, "sent    + .comment.pinned  true", "replay     edited",
	} {
		if text := screenText(m); !strings.Contains(text, want) {
			t.Fatalf("%q is not there:\n%s", want, text)
		}
	}
	press(m, "down")
	if text := screenText(m); !strings.Contains(text, "compared with attempt 1") || strings.Contains(text, "the original") {
		t.Errorf("the second attempt:\n%s", text)
	}
}

// TestReplaySaysWhatDiffers from the answer before.
func TestReplaySaysWhatDiffers(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		want   string
	}{
		{200, "", "✓ 200 in 38ms from :8000 (replay 2 of 01JDC4Z808), as before (−23ms)"},
		{200, "x", "✓ 200 in 38ms from :8000 (replay 2 of 01JDC4Z808), before another body (−23ms)"},
		{500, "", "✓ 200 in 38ms from :8000 (replay 2 of 01JDC4Z808), before 500 in 61ms"},
	} {
		s := day()
		e := plainEvent(0)
		d := delivered(tt.status, 61)
		d.ResponseBody = []byte(tt.body)
		e.deliveries = []event.Delivery{d}
		s.add(e)
		m := newTestModel(t, s, 100, 30)
		press(m, "k", "r")
		if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, tt.want) {
			t.Errorf("%d %q: %q, want %q", tt.status, tt.body, line, tt.want)
		}
	}
}

// TestAttemptColumns sees that the table is as wide as its room, and that an attempt of
// another day has its date.
func TestAttemptColumns(t *testing.T) {
	th := style.NewTheme(true, false)
	for w := 40; w <= 250; w++ {
		c := detail.AttemptColumns(w)
		if got := style.Width(c.Row(th, " ", "1", "when", "to", "200", "61ms", "why", "payload")); got > w {
			t.Errorf("a row has %d of %d cells", got, w)
		}
		if got := c.Time(screen.Frame{Now: noon}, noon.Add(time.Millisecond)); style.Width(got) > c.When {
			t.Errorf("%d cells: %q", w, got)
		}
		if got := c.Time(screen.Frame{Now: noon}, noon.AddDate(0, 0, -1)); !strings.HasPrefix(got, "11-2") || style.Width(got) > c.When {
			t.Errorf("%d cells: yesterday is %q", w, got)
		}
	}
}
