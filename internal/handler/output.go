package handler

// The output of a handler: all of it goes to the sink, the end of it is kept.

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"hfhook/internal/redact"
)

const (
	keptLines = 2000
	keptBytes = 1 << 20
	maxLine   = 8 << 10 // bytes of a line that are kept
)

// A Line is a line that the handler has printed, as it is: whoever shows it makes it
// harmless. A carriage return ends one, too.
type Line struct {
	At     time.Time
	Text   string
	Remark bool // by hfhook, on the handler
}

// output splits what is written to it into lines.
type output struct {
	redact  redact.Redactor
	sink    func([]Line)
	changed func()

	writing  sync.Mutex // held while the sink is called
	part     []byte     // of a line whose end has not come
	more     int        // bytes of that line that are not in part
	returned bool       // the last line was ended by a carriage return

	mu    sync.Mutex
	lines []Line // oldest first
	bytes int    // of their texts
	total int64  // lines ever
}

// Write never fails.
func (o *output) Write(b []byte) (int, error) {
	o.writing.Lock()
	defer o.writing.Unlock()
	n, now := len(b), time.Now()
	var lines []Line
	for len(b) > 0 {
		returned := o.returned
		if o.returned = false; returned && b[0] == '\n' {
			b = b[1:]
			continue
		}
		end := bytes.IndexAny(b, "\r\n")
		if end < 0 {
			o.grow(b)
			break
		}
		o.grow(b[:end])
		o.returned = b[end] == '\r'
		b = b[end+1:]
		lines = append(lines, o.take(now))
	}
	o.keep(lines)
	return n, nil
}

// grow adds to the line that has no end yet.
func (o *output) grow(b []byte) {
	room := max(maxLine+o.redact.Reach()-len(o.part), 0)
	o.part = append(o.part, b[:min(room, len(b))]...)
	o.more += max(len(b)-room, 0)
}

// take ends that line.
func (o *output) take(now time.Time) Line {
	text := string(o.redact.Bytes(o.part, maxLine))
	if cut := max(len(o.part)-maxLine, 0) + o.more; cut > 0 {
		text += fmt.Sprintf("… and %d bytes more", cut)
	}
	o.part, o.more = o.part[:0], 0
	return Line{At: now, Text: text}
}

// end ends a line that is left without one.
func (o *output) end() {
	o.writing.Lock()
	defer o.writing.Unlock()
	if len(o.part) > 0 {
		o.keep([]Line{o.take(time.Now())})
	}
}

func (o *output) remark(text string) {
	o.writing.Lock()
	defer o.writing.Unlock()
	o.keep([]Line{{At: time.Now(), Text: o.redact.Text(text), Remark: true}})
}

func (o *output) keep(lines []Line) {
	if len(lines) == 0 {
		return
	}
	if o.sink != nil {
		o.sink(lines)
	}
	o.mu.Lock()
	o.lines = append(o.lines, lines...)
	o.total += int64(len(lines))
	for _, l := range lines {
		o.bytes += len(l.Text)
	}
	drop := 0
	for len(o.lines)-drop > keptLines || o.bytes > keptBytes {
		o.bytes -= len(o.lines[drop].Text)
		drop++
	}
	o.lines = slices.Delete(o.lines, 0, drop)
	o.mu.Unlock()
	o.changed()
}

// Between returns what was printed in a span of time, of the lines that are kept, oldest
// first and at most n of them: those that came last.
func (h *Handler) Between(from, to time.Time, n int) []Line {
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	lines := h.out.lines
	first := sort.Search(len(lines), func(i int) bool { return !lines[i].At.Before(from) })
	end := sort.Search(len(lines), func(i int) bool { return lines[i].At.After(to) })
	return slices.Clone(lines[max(first, end-n):max(first, end)])
}

// Lines returns up to n lines of the output, oldest first, that come before the newest
// up ones, and how many lines are kept, and how many there ever were. The newest 2,000
// are kept, or fewer where they are longer than 1 MiB together.
func (h *Handler) Lines(up, n int) (lines []Line, kept int, ever int64) {
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	kept = len(h.out.lines)
	end := max(kept-max(up, 0), 0)
	return slices.Clone(h.out.lines[max(end-n, 0):end]), kept, h.out.total
}
