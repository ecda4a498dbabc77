package dev

// Events that arrive again: targets that need not get them, and the answer to the sender.

import (
	"context"

	"mvdan.cc/sh/v3/syntax"

	"hfhook/delivery"
	"hfhook/event"
)

// withheld returns the deliveries of a newly recorded event that its targets do not get,
// because they have the same one from an earlier event.
func (s *Session) withheld(ctx context.Context, e *event.Event) []event.Delivery {
	if e.Duplicate == "" || s.opts.ForwardDuplicates {
		return nil
	}
	all, err := s.store.Deliveries(ctx, e.ID)
	if err != nil {
		s.log.Warn("read what was withheld", "event", e.ID, "error", err)
		return nil
	}
	var held []event.Delivery
	for _, d := range all {
		if d.State == event.Withheld {
			held = append(held, d)
		}
	}
	return held
}

// SendCommand returns the command that sends a withheld delivery to its target all the same.
func SendCommand(e *event.Event, d *event.Delivery) string {
	command := "hfhook replay " + string(e.ID)
	if to, err := syntax.Quote(delivery.WrittenTo(d, e), syntax.LangPOSIX); err == nil {
		command += " --to " + to
	}
	return command
}
