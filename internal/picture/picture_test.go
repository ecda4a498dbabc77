package picture

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// TestAnimation checks that a row that stays is drawn once, and one that changes is
// visible in its own time alone.
func TestAnimation(t *testing.T) {
	t.Parallel()
	got := Animation(20, 2, []Frame{
		{Text: "title\n\x1b[31mfailed & lost\x1b[0m", Hold: time.Second},
		{Text: "title\ngood", Hold: 3 * time.Second},
	})
	for dec := xml.NewDecoder(strings.NewReader(got)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in:\n%s", err, got)
		}
	}
	for text, n := range map[string]int{
		">title ": 1, ">failed &amp; lost<": 1, ">good ": 1, "animation-duration:4.0s": 1,
		"@keyframes f0-1{0.00%{visibility:visible}25.00%{visibility:hidden}}": 1,
		"@keyframes f1-2{0%{visibility:hidden}25.00%{visibility:visible}}":    1,
	} {
		if found := strings.Count(got, text); found != n {
			t.Errorf("%q is there %d times, want %d:\n%s", text, found, n, got)
		}
	}
}
