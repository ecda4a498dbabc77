package output

import (
	"bytes"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		done, total int
		want        string
	}{
		{1, 3, "\r\x1b[K##########--------------------  1 of 3  2 failed  0/s"},
		{100, 200, "\r\x1b[K###############---------------  100 of 200  2 failed  50/s"},
		{200, 200, "\r\x1b[K##############################  200 of 200  2 failed  100/s"},
	} {
		b := progress{Total: c.total, Done: c.done, Begun: begun}
		if got := b.Line(begun.Add(2*time.Second), 2); got != c.want {
			t.Errorf("%d of %d: %q", c.done, c.total, got)
		}
	}

	quiet := progress{Done: 7, Begun: begun}
	if got := quiet.Line(begun.Add(7*time.Second), 0); got != "\r\x1b[K7  1/s" {
		t.Errorf("of nobody knows how many: %q", got)
	}

	var out bytes.Buffer
	b := progress{W: &out, Total: 2, Begun: time.Now()}
	b.Step(0)
	b.Clear()
	if out.Len() > 0 {
		t.Errorf("drawn before its time: %q", &out)
	}
	b.Begun = time.Now().Add(-time.Minute)
	b.Step(0)
	drawn := out.Len()
	b.Clear()
	b.Clear()
	if drawn == 0 || out.String()[drawn:] != "\r\x1b[K" {
		t.Errorf("%q", &out)
	}
	none := progress{Total: 1, Begun: b.Begun} // no terminal
	none.Step(0)
	none.Clear()
}
