package cli

// Where events went last: what a replay goes to if nothing says where.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/store"
	"hfhook/tui/screen"
)

// lastTargets returns where some events went last, if that is on this machine and the same
// for all of them. Otherwise the error says what to type.
func lastTargets(ctx context.Context, p *program, events store.Store, ids []event.ID) ([]delivery.Target, error) {
	var all []string
	for i, id := range ids {
		words, err := lastWords(ctx, events, id)
		if err != nil {
			return nil, err
		}
		if i > 0 && !slices.Equal(words, all) {
			return nil, &exit.Error{Code: exit.CodeUsage, Err: errors.New("no hfhook dev with a target runs in this project, and the last targets of these events differ"), Try: "hfhook replay " + string(ids[0]) + toWords(slices.Concat(all, words)) + ", or another place with --to"}
		}
		all = words
	}
	if len(all) == 0 {
		return nil, &exit.Error{Code: exit.CodeUsage, Err: errors.New("no hfhook dev with a target runs in this project, and the event was never sent"), Try: "hfhook replay " + string(ids[0]) + " --to http://127.0.0.1:8000, or another place"}
	}
	targets, err := parseTargets(all)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(targets, func(t delivery.Target) bool { return t.Command == nil && !t.Loopback() }); at >= 0 {
		return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("its last target is on another host, %s: name it to send there again", targets[at].URL.Host), Try: "hfhook replay " + string(ids[0]) + toWords(all)}
	}
	return targets, settleTargets(p, targets)
}

// lastWords are the targets that an event went to last, as --to has them: those that it was
// recorded with or, if it was sent to another address since, that one. What was not sent does
// not count, unless nothing was. An edited copy that was never sent goes where its original
// went.
func lastWords(ctx context.Context, events store.Store, id event.ID) ([]string, error) {
	e, err := events.Event(ctx, id)
	if err != nil {
		return nil, err
	}
	made, err := events.Attempts(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(made) == 0 && e.Parent != "" {
		words, err := lastWords(ctx, events, e.Parent)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil // the original was deleted
		}
		return words, err
	}
	var last *event.Delivery
	for i := range made {
		if d := &made[i]; last == nil || !d.Started.Before(last.Started) {
			last = d
		}
	}
	atTarget := func(d event.Delivery) bool { return d.Kind == event.Live && d.Target == last.Target }
	if last != nil && !slices.ContainsFunc(made, atTarget) {
		return []string{delivery.WrittenTo(last, e)}, nil
	}
	var words []string
	outcomes := event.Outcomes(made)
	for i := range outcomes {
		words = append(words, delivery.WrittenTo(&outcomes[i].Last, e))
	}
	return words, nil
}

// toWords are the flags that name targets.
func toWords(words []string) string {
	var b strings.Builder
	var seen []string
	for _, word := range words {
		if !slices.Contains(seen, word) {
			seen = append(seen, word)
			b.WriteString(" --to " + screen.ShellWord(word))
		}
	}
	return b.String()
}
