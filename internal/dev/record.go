package dev

import (
	"context"
	"net/http"
	"strings"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/store"
)

// originHeader marks a request that hfhook itself sends to its server, and says what the event
// is. It is trusted on the local listener only.
const originHeader = "X-Hfhook-Origin"

// A capturing is a session as its server sees it.
type capturing struct {
	*Session
	probe http.Handler // of the tunnel; nil: there is no tunnel
}

// Extend implements capture.Session.
func (c capturing) Extend(inside capture.Server) capture.Extension {
	c.inside = inside
	return capture.Extension{Probe: c.probe, URLs: c.urls, Known: c.opts.Known}
}

// Record stores an event together with its waiting deliveries. It returns when they are on
// disk.
func (s *Session) Record(ctx context.Context, e *event.Event) error {
	s.takeOrigin(e)
	opts := store.AppendOptions{ForwardDuplicates: s.opts.ForwardDuplicates}
	targets := s.outbox.Targets()
	for _, t := range targets {
		if t.Wants(e) {
			opts.Targets = append(opts.Targets, store.Forward{Target: t.Name, URL: t.For(e)})
		}
	}
	e.Unwanted = len(targets) > 0 && len(opts.Targets) == 0
	err := s.store.Append(ctx, e, opts)
	s.health.wrote(err)
	if err != nil {
		s.change()
		return err
	}
	s.received.Add(1)
	s.noticeHeld(e)
	for _, d := range s.withheld(ctx, e) {
		s.journal.add(Entry{Delivery: &d, Send: SendCommand(e, &d)})
	}
	s.outbox.Wake()
	s.change()
	return nil
}

// takeOrigin turns the origin header into the event's origin.
func (s *Session) takeOrigin(e *event.Event) {
	kept := e.Header[:0]
	for _, f := range e.Header {
		if !strings.EqualFold(f.Name, originHeader) {
			kept = append(kept, f)
			continue
		}
		if !e.Tunnel && f.Value == string(event.Synthetic) {
			e.Origin = event.Synthetic
		}
	}
	e.Header = kept
}

// Reject remembers a rejected request. It never blocks.
func (s *Session) Reject(no event.Rejected) {
	if isSelfTest(&no) {
		return
	}
	s.rejected.add(no)
	s.journal.add(Entry{Rejected: &no})
	s.change()
}
