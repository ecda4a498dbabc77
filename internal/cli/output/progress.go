package output

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
	W           io.Writer // nil if there is no terminal
	Total, Done int       // total of 0: nobody knows
	Begun, last time.Time
	drawn       bool
}

const (
	ProgressAfter = time.Second
	progressEvery = 100 * time.Millisecond
	progressWidth = 30 // cells
)

// NewProgress draws on stderr if that is a terminal.
func NewProgress(err io.Writer, env func(string) string, total int) *progress {
	bar := &progress{Total: total, Begun: time.Now()}
	if f, ok := err.(*os.File); ok && isatty.IsTerminal(f.Fd()) && env("TERM") != "dumb" {
		bar.W = err
	}
	return bar
}

// Step counts one more, and draws the line where it is time.
func (b *progress) Step(failed int) {
	b.Done++
	b.Say(func(now time.Time) string { return b.Line(now, failed) })
}

// Say draws another line, where it is time.
func (b *progress) Say(line func(now time.Time) string) {
	now := time.Now()
	if b.W == nil || now.Sub(b.Begun) < ProgressAfter {
		return
	}
	// What was printed meanwhile has cleared the line, so it is drawn then, too.
	if b.drawn && now.Sub(b.last) < progressEvery {
		return
	}
	b.last, b.drawn = now, true
	fmt.Fprint(b.W, line(now))
}

// Line is the text of the line.
func (b *progress) Line(now time.Time, failed int) string {
	rate := float64(b.Done) / now.Sub(b.Begun).Seconds()
	if b.Total == 0 { // nobody knows how many there will be
		return fmt.Sprintf("\r\x1b[K%d  %.0f/s", b.Done, rate)
	}
	full := progressWidth * min(b.Done, b.Total) / b.Total
	text := fmt.Sprintf("\r\x1b[K%s%s  %d of %d", strings.Repeat("#", full), strings.Repeat("-", progressWidth-full), b.Done, b.Total)
	if failed > 0 {
		text += fmt.Sprintf("  %d failed", failed)
	}
	return text + fmt.Sprintf("  %.0f/s", rate)
}

// Clear takes the line away before something else is printed.
func (b *progress) Clear() {
	if b.drawn {
		fmt.Fprint(b.W, "\r\x1b[K")
		b.drawn = false
	}
}

// During draws the progress of a work that does not tell it: done asks how far it is.
func (b *progress) During(work func() error, done func() int) error {
	ended := make(chan error, 1)
	go func() { ended <- work() }()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			b.Clear()
			return err
		case <-tick.C:
			if b.W != nil && time.Since(b.Begun) >= ProgressAfter {
				b.Done = done()
				b.Say(func(now time.Time) string { return b.Line(now, 0) })
			}
		}
	}
}
