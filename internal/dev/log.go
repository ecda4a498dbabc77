package dev

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// keptRecords is how many records a Log keeps.
const keptRecords = 1000

// A Record is one record of a Log.
type Record struct {
	At    time.Time
	Level slog.Level
	Text  string // message and attributes, for example `listening addr=127.0.0.1:4665`
}

// A Log is a slog.Handler that keeps the newest records, for the screen, including those of
// handlers made from it by WithAttrs and WithGroup. It is safe for concurrent use. The zero
// value is not usable: use NewLog.
type Log struct {
	ring   *ring
	attrs  string // of WithAttrs, as text
	prefix string // of WithGroup
}

type ring struct {
	mu      sync.Mutex
	records []Record // oldest first
}

// NewLog returns an empty Log.
func NewLog() *Log { return &Log{ring: new(ring)} }

// Records returns the newest records, oldest first.
func (l *Log) Records() []Record {
	l.ring.mu.Lock()
	defer l.ring.mu.Unlock()
	return slices.Clone(l.ring.records)
}

// Enabled implements slog.Handler: it keeps everything from Info on.
func (l *Log) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// Handle implements slog.Handler.
func (l *Log) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message + l.attrs)
	r.Attrs(func(a slog.Attr) bool {
		b.WriteString(l.text(a))
		return true
	})
	l.ring.mu.Lock()
	defer l.ring.mu.Unlock()
	if len(l.ring.records) == keptRecords {
		l.ring.records = slices.Delete(l.ring.records, 0, 1)
	}
	l.ring.records = append(l.ring.records, Record{At: r.Time, Level: r.Level, Text: b.String()})
	return nil
}

// WithAttrs implements slog.Handler.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *l
	for _, a := range attrs {
		with.attrs += l.text(a)
	}
	return &with
}

// WithGroup implements slog.Handler.
func (l *Log) WithGroup(name string) slog.Handler {
	with := *l
	if name != "" {
		with.prefix += name + "."
	}
	return &with
}

func (l *Log) text(a slog.Attr) string {
	value := a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return ""
	}
	if value.Kind() == slog.KindGroup {
		inner := *l
		if a.Key != "" {
			inner.prefix += a.Key + "."
		}
		var b strings.Builder
		for _, member := range value.Group() {
			b.WriteString(inner.text(member))
		}
		return b.String()
	}
	return fmt.Sprintf(" %s%s=%s", l.prefix, a.Key, value)
}
