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
	total, done int       // total of 0: nobody knows
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
	b.say(func(now time.Time) string { return b.line(now, failed) })
}

// say draws another line, where it is time.
func (b *progress) say(line func(now time.Time) string) {
	now := time.Now()
	if b.w == nil || now.Sub(b.begun) < progressAfter {
		return
	}
	// What was printed meanwhile has cleared the line, so it is drawn then, too.
	if b.drawn && now.Sub(b.last) < progressEvery {
		return
	}
	b.last, b.drawn = now, true
	fmt.Fprint(b.w, line(now))
}

func (b *progress) line(now time.Time, failed int) string {
	rate := float64(b.done) / now.Sub(b.begun).Seconds()
	if b.total == 0 { // nobody knows how many there will be
		return fmt.Sprintf("\r\x1b[K%d  %.0f/s", b.done, rate)
	}
	full := progressWidth * min(b.done, b.total) / b.total
	text := fmt.Sprintf("\r\x1b[K%s%s  %d of %d", strings.Repeat("#", full), strings.Repeat("-", progressWidth-full), b.done, b.total)
	if failed > 0 {
		text += fmt.Sprintf("  %d failed", failed)
	}
	return text + fmt.Sprintf("  %.0f/s", rate)
}

// clear takes the line away before something else is printed.
func (b *progress) clear() {
	if b.drawn {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.drawn = false
	}
}

// during draws the progress of a work that does not tell it: done asks how far it is.
func (b *progress) during(work func() error, done func() int) error {
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			b.clear()
			return err
		case <-tick.C:
			if b.w != nil && time.Since(b.begun) >= progressAfter {
				b.done = done()
				b.say(func(now time.Time) string { return b.line(now, 0) })
			}
		}
	}
}
