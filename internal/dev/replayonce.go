package dev

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/store"
)

// A Once is one replay of an event to one target. What is zero is as usual.
type Once struct {
	Target   string // name of a target of the session; empty: Other is the address
	Other    string // an address, as on the command line
	Name     string // of the target at Other in the record; empty: its address
	Timeout  time.Duration
	Header   []event.Field // sent besides, in place of the target's own of these names
	Insecure bool          // accept any certificate, on this machine
	ReplayAs ReplayAs
}

// ReplayOnce sends an event to one target again, and returns the recorded attempt. A target
// that fails is not an error. It fails with ErrUnknownTarget if the session has no target of
// that name.
func (s *Session) ReplayOnce(ctx context.Context, id event.ID, o Once) (Sent, error) {
	t, err := s.onceTarget(o)
	if err != nil {
		return Sent{}, err
	}
	ctx, ended := s.replays.begin(ctx)
	defer ended()
	var sent Sent
	_, err = s.outbox.Replay(ctx, delivery.Plan{
		Events: []event.ID{id}, Targets: []delivery.Target{t}, OnResult: func(r Sent) { sent = r },
		Load: func(ctx context.Context, id event.ID) (*event.Event, []event.Delivery, error) {
			return store.NewAhead(s.store, nil, false).Event(ctx, id)
		},
	})
	return sent, err
}

func (s *Session) onceTarget(o Once) (delivery.Target, error) {
	var t delivery.Target
	if o.Target != "" {
		all := s.outbox.Targets()
		i := slices.IndexFunc(all, func(t delivery.Target) bool { return t.Name == o.Target })
		if i < 0 {
			return t, fmt.Errorf("%w of the name %q", ErrUnknownTarget, o.Target)
		}
		t = all[i]
	} else {
		var err error
		if t, err = s.parseTarget(o.Other); err != nil {
			return t, err
		}
		if o.Name != "" {
			t.Name = o.Name
		}
	}
	if o.Timeout > 0 {
		t.Timeout = o.Timeout
	}
	if t.Command == nil {
		besides := func(f event.Field) bool {
			return slices.ContainsFunc(o.Header, func(own event.Field) bool { return strings.EqualFold(own.Name, f.Name) })
		}
		t.Header = slices.Concat(slices.DeleteFunc(slices.Clone(t.Header), besides), o.Header)
		t.Insecure = t.Insecure || o.Insecure && t.Loopback() && t.URL.Scheme == "https"
	}
	t.ReplayAs = o.ReplayAs
	return t, nil
}
