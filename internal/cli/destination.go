package cli

// Where a command sends recorded events, and who sends them: the running hfhook dev of the folder,
// which has the secret and the targets, or else this process.

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/local"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// A destination is where events are sent.
type destination struct {
	targets []delivery.Target
	dev     *local.Client     // sends them; nil: this process does
	own     map[string]bool   // names of targets that the hfhook dev has
	texts   map[string]string // of other targets, as --to has them, by name
}

func (d *destination) close() {
	if d.dev != nil {
		d.dev.Close()
	}
}

// chooseDestination returns the targets of --to or, without it, those of the hfhook dev that
// runs in this folder, else those of the configuration. It fails with dev.ErrNoTarget.
func chooseDestination(ctx context.Context, p *program, cmd *cobra.Command, t *targetFlags) (d *destination, err error) {
	configured, err := readTargets(p, cmd, nil)
	if err != nil {
		return nil, err
	}
	d = &destination{own: map[string]bool{}, texts: map[string]string{}}
	if d.dev, err = findStoreDev(ctx, p); err != nil {
		return nil, err
	}
	known := configured
	if d.dev != nil {
		if known, err = d.ownTargets(ctx, p, configured); err != nil {
			return nil, err
		}
		if p.origins["secret-file"] == "--secret-file" { // another secret is to be sent
			d.close()
			d.dev = nil
		}
	}
	if len(t.to) == 0 {
		if d.targets = known; len(known) == 0 {
			err = dev.ErrNoTarget
		}
		return d, err
	}
	for _, text := range t.to {
		name := redactor(p).Path(text)
		if i := slices.IndexFunc(known, func(t delivery.Target) bool { return t.Name == name }); i >= 0 {
			d.targets = append(d.targets, known[i])
			continue
		}
		parsed, err := parseTargets([]string{text})
		if err != nil {
			return nil, err
		}
		if err := settleTargets(p, parsed); err != nil {
			return nil, err
		}
		if d.own[parsed[0].Name] { // it has an address of its own here
			delete(d.own, parsed[0].Name)
		}
		d.texts[parsed[0].Name] = text
		d.targets = append(d.targets, parsed...)
	}
	return d, distinct(d.targets)
}

// ownTargets returns the targets of the hfhook dev, or those of the configuration if it has
// none.
func (d *destination) ownTargets(ctx context.Context, p *program, configured []delivery.Target) ([]delivery.Target, error) {
	st, err := d.dev.State(ctx)
	if err != nil {
		return nil, err
	}
	var targets []delivery.Target
	for _, has := range st.Targets {
		t, err := delivery.ParseTarget(has.To)
		if err != nil {
			return nil, fmt.Errorf("read the target %s of the running hfhook dev: %w", has.Name, err)
		}
		t.Name = has.Name
		d.own[t.Name] = true
		targets = append(targets, t)
	}
	if len(targets) == 0 {
		return configured, nil
	}
	return targets, settleTargets(p, targets)
}

// sender sends events to the destination.
func (d *destination) sender(p *program, events *sqlite.Store) (*delivery.Dispatcher, error) {
	if d.dev == nil {
		return p.sender(events)
	}
	return delivery.New(events, delivery.Options{SendFor: func(ctx context.Context, id event.ID, t delivery.Target) (event.Delivery, bool, error) {
		made, err := d.dev.Replay(ctx, id, d.request(p, t))
		if err != nil {
			return event.Delivery{}, false, err
		}
		all, err := events.Deliveries(ctx, id)
		if err != nil {
			return event.Delivery{}, false, err
		}
		i := slices.IndexFunc(all, func(d event.Delivery) bool { return d.N == made.N })
		if i < 0 {
			return event.Delivery{}, false, fmt.Errorf("attempt %d of event %s: %w", made.N, id, store.ErrNotFound)
		}
		return all[i], made.Refused, nil
	}}), nil
}

// request returns the request to the running hfhook dev for an attempt.
func (d *destination) request(p *program, t delivery.Target) local.Replay {
	given := func(flag string) bool { return p.origins[flag] == "--"+flag }
	as := t.ReplayAs
	r := local.Replay{AsNew: as.New, Exact: as.Exact, Unmarked: as.Unmarked, NewEventID: as.NewEventID, Compare: as.ForComparison}
	own := d.own[t.Name]
	if own {
		r.Target = t.Name
	} else {
		bare := t
		bare.Header = nil
		r.To, r.Name, r.Insecure = d.texts[t.Name], t.Name, t.Insecure
		if r.To == "" {
			r.To = bare.Written()
		}
	}
	if !own || given("timeout") {
		r.Timeout = t.Timeout.String()
	}
	if !own || given("header") {
		for _, f := range t.Header {
			r.Header = append(r.Header, f.Name+": "+f.Value)
		}
	}
	switch {
	case given("no-verify"):
		r.Secret = "never"
	case t.URL != nil && slices.Contains(p.settings.sendSecretTo, t.URL.Hostname()):
		r.Secret = "always"
	}
	return r
}

// atLast sends the events to their last targets, if no target is given.
func (d *destination) atLast(ctx context.Context, p *program, events *sqlite.Store, ids []event.ID) (err error) {
	if len(d.targets) == 0 {
		d.targets, err = lastTargets(ctx, p, events, ids)
	}
	return err
}
