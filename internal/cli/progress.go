package cli

// The progress of work that takes longer than a second.

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// A progress is one line at the bottom of a terminal. It is used by one goroutine.
type progress struct {
	w           io.Writer // nil where there is no terminal
	total, done int
	begun, last time.Time
	drawn       bool
}

const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
	progressWidth = 30 // cells
)

// newProgress draws on stderr if that is a terminal.
func newProgress(p *program, total int) *progress {
	bar := &progress{total: total, begun: time.Now()}
	if f, ok := p.err.(*os.File); ok && isatty.IsTerminal(f.Fd()) && p.env("TERM") != "dumb" {
		bar.w = p.err
	}
	return bar
}

// step counts one more, and draws the line where it is time.
func (b *progress) step(failed int) {
	b.done++
	now := time.Now()
	if b.w == nil || now.Sub(b.begun) < progressAfter {
		return
	}
	// What was printed meanwhile has cleared the line, so it is drawn then, too.
	if b.drawn && now.Sub(b.last) < progressEvery {
		return
	}
	b.last, b.drawn = now, true
	fmt.Fprint(b.w, b.line(now, failed))
}

func (b *progress) line(now time.Time, failed int) string {
	full := progressWidth * b.done / max(b.total, 1)
	rate := float64(b.done) / now.Sub(b.begun).Seconds()
	return fmt.Sprintf("\r\x1b[K%s%s  %d of %d  %d failed  %.0f/s",
		strings.Repeat("#", full), strings.Repeat("-", progressWidth-full), b.done, b.total, failed, rate)
}

// clear takes the line away before something else is printed.
func (b *progress) clear() {
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.drawn = false
	}
}
