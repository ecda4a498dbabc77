package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"hfhook/internal/terminaltest"
)

// Bytes from outside are warned of on a terminal, and nowhere else.
func TestRawIsWarnedOf(t *testing.T) {
	t.Parallel()
	_, slave := terminaltest.Open(t, 80, 24)
	defer slave.Close()
	pipe, other, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer other.Close()
	for _, tt := range []struct {
		to   *os.File
		want bool
	}{{slave, true}, {other, false}} {
		var said bytes.Buffer
		warnRaw((&program{out: tt.to, err: &said}))
		if got := strings.HasPrefix(said.String(), "warning: "); got != tt.want || strings.Count(said.String(), "\n") > 1 {
			t.Errorf("said %q, want a warning: %v", said.String(), tt.want)
		}
	}
}
