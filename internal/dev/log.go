package dev

import (
	"context"
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
	Text  string // message and attributes, for example `listening (addr 127.0.0.1:4665)`
}

// A Log is a slog.Handler that keeps the newest records, for the screen, including those of
// handlers made from it by WithAttrs and WithGroup. It is safe for concurrent use. The zero
// value is not usable: use NewLog.
type Log struct {
	ring   *ring
	attrs  []slog.Attr // of WithAttrs, each with its whole name
	prefix string      // of WithGroup
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
	attrs := slices.Clone(l.attrs)
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, l.flat(a)...)
		return true
	})
	l.ring.mu.Lock()
	defer l.ring.mu.Unlock()
	if len(l.ring.records) == keptRecords {
		l.ring.records = slices.Delete(l.ring.records, 0, 1)
	}
	l.ring.records = append(l.ring.records, Record{At: r.Time, Level: r.Level, Text: sentence(r.Message, attrs)})
	return nil
}

// WithAttrs implements slog.Handler.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *l
	with.attrs = slices.Clone(l.attrs)
	for _, a := range attrs {
		with.attrs = append(with.attrs, l.flat(a)...)
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

// flat is an attribute with its whole name, or those of a group. One without a value is none.
func (l *Log) flat(a slog.Attr) (all []slog.Attr) {
	value := a.Value.Resolve()
	if value.Kind() != slog.KindGroup {
		if value.String() == "" || a.Equal(slog.Attr{}) {
			return nil
		}
		return []slog.Attr{{Key: l.prefix + a.Key, Value: value}}
	}
	inner := *l
	if a.Key != "" {
		inner.prefix += a.Key + "."
	}
	for _, member := range value.Group() {
		all = append(all, inner.flat(member)...)
	}
	return all
}

// sentence is a record for people: what happened, why, what to do, and the rest in brackets.
func sentence(message string, attrs []slog.Attr) string {
	why, fix := "", ""
	var rest []string
	for _, a := range attrs {
		switch a.Key {
		case "error", "why":
			why += ": " + a.Value.String()
		case "fix":
			fix = ". Try: " + a.Value.String()
		default:
			rest = append(rest, a.Key+" "+a.Value.String())
		}
	}
	text := message + why
	if len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text + fix
}
