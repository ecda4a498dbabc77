package dev

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/store"
)

// originHeader marks a request that hfhook itself sends to its server, and says what the event
// is. It is trusted on the local listener only.
const originHeader = "X-Hfhook-Origin"

// storedHeader is in the answer to such a request: the id of the event, which is on disk.
const storedHeader = "X-Hfhook-Event-Id"

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
	e.Capture = takeOrigin(e.Capture)
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

// takeOrigin turns the origin's header into the event's origin.
func takeOrigin(c event.Capture) event.Capture {
	isOrigin := func(f event.Field) bool { return strings.EqualFold(f.Name, originHeader) }
	if !slices.ContainsFunc(c.Header, isOrigin) {
		return c
	}
	if !c.Tunnel && slices.Contains(c.Values(originHeader), string(event.Synthetic)) {
		c.Origin = event.Synthetic
	}
	c.Header = slices.DeleteFunc(slices.Clone(c.Header), isOrigin)
	return c
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
