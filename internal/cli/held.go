package cli

// What is held for targets: listed, delivered, or given up.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/internal/visible"
	"hfhook/server"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// ownWithin is how long a hfhook dev that ends may take to give up a target.
const ownWithin = time.Second

// heldPage is how many deliveries that wait are read at once.
const heldPage = 256

func heldCommand(p *program) *cobra.Command {
	var deliver, drop, yes bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "held [TARGET]",
		Short: "List, deliver or drop events waiting for a target",
		Long: `Lists the targets that events wait for: how many, since when, and why. With a TARGET, its
name or its address, it lists these events, the oldest first.

--deliver sends them in order until the target refuses one or asks for a pause, and exits
with 6 then, or if an answer is not 2xx. If the hfhook dev of this folder has the target,
that one sends them. --drop discards them, even while dev is running: they stay in the
store, and hfhook replay can still send them. If no running hfhook dev has the target,
--drop also clears its failures.`,
		Example: "  hfhook held\n  hfhook held 8000 --deliver\n  hfhook held bot --deliver --forward 8000,name=bot\n  hfhook held bot --drop --yes",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return exit.Usagef("held takes one target, but got %q", args)
			case len(args) == 0 && (deliver || drop):
				return exit.Usagef("no target given: hfhook held lists the targets that events wait for")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				all, err := events.Held(ctx)
				if err != nil {
					return err
				}
				if len(args) == 0 {
					return printHeld(ctx, p, events, all, as)
				}
				args[0] = redactor(p).Path(args[0]) // as it is recorded
				stats, err := events.Stats(ctx)
				if err != nil {
					return err
				}
				if l, ok := leftOverFor(stats.LeftOver, args[0]); ok && drop {
					return clearLeftOver(ctx, p, events, l, yes)
				}
				h, ok := heldFor(all, args[0])
				switch {
				case !ok:
					return nothingHeld(p, all, args[0], as)
				case deliver:
					return deliverHeld(ctx, p, cmd, events, h, as)
				case drop:
					return dropHeld(ctx, p, events, h, yes)
				}
				return eachHeld(ctx, events, h.Target, func(d *event.Delivery) error { return printWaiting(ctx, p, events, d, as) })
			})
		},
	}
	f, s := cmd.Flags(), &p.settings
	f.BoolVar(&deliver, "deliver", false, "send them now")
	f.BoolVar(&drop, "drop", false, "give them up")
	f.BoolVar(&yes, "yes", false, "do not ask")
	addTargetSettings(p, f)
	addDevFlag(p, f)
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	as.Flags(cmd, "names of targets, or ids of events, only")
	for _, other := range []string{"deliver", "json", "jq", "ids", "format"} {
		cmd.MarkFlagsMutuallyExclusive("drop", other)
	}
	return cmd
}

// heldFor finds what is held for a target by its name, or by an address that is one.
func heldFor(all []store.Held, name string) (store.Held, bool) {
	names := []string{name}
	if t, err := delivery.ParseTarget(name); err == nil {
		names = append(names, t.Name)
	}
	for _, name := range names {
		if i := slices.IndexFunc(all, func(h store.Held) bool { return h.Target == name }); i >= 0 {
			return all[i], true
		}
	}
	return store.Held{}, false
}

func nothingHeld(p *program, all []store.Held, name string, as output.Format) error {
	if as != (output.Format{}) {
		return nil
	}
	text := fmt.Sprintf("no events are waiting for %q", name)
	if len(all) > 0 {
		names := make([]string, len(all))
		for i, h := range all {
			names[i] = h.Target
		}
		text += "; waiting: " + strings.Join(names, ", ")
	}
	_, err := fmt.Fprintln(p.out, visible.Line(text))
	return err
}

// heldLine is the line of --json for a target.
type heldLine struct {
	Schema int      `json:"schema"`
	Type   string   `json:"type"`
	Target string   `json:"target"`
	Events int      `json:"events"`
	Oldest event.ID `json:"oldest"`
	Since  string   `json:"since"`           // when that was received
	Error  string   `json:"error,omitempty"` // why it waits, where an attempt has told
}

func printHeld(ctx context.Context, p *program, events *sqlite.Store, all []store.Held, as output.Format) error {
	if len(all) == 0 && as == (output.Format{}) {
		_, err := fmt.Fprintln(p.out, "no events are waiting")
		return err
	}
	for _, h := range all {
		if as.IDs {
			if _, err := fmt.Fprintln(p.out, visible.Line(h.Target)); err != nil {
				return err
			}
			continue
		}
		line := heldLine{Schema: 1, Type: "held", Target: h.Target, Events: h.Events, Oldest: h.Oldest, Since: output.Stamp(h.Oldest.Time())}
		first, err := events.Waiting(ctx, h.Target, "", 1)
		if err != nil {
			return err
		}
		if len(first) > 0 {
			line.Error = first[0].Err
		}
		if as.JSON {
			if err := output.WriteLine(p.out, line); err != nil {
				return err
			}
			continue
		}
		text := fmt.Sprintf("%-24s %s since %s", h.Target, output.Plural(h.Events, "event"), h.Oldest.Time().Local().Format("2006-01-02 15:04:05"))
		if line.Error != "" {
			text += ": " + line.Error
		}
		if _, err := fmt.Fprintln(p.out, visible.Line(text)); err != nil {
			return err
		}
	}
	return nil
}

// eachHeld calls f with each delivery that waits for a target, the oldest first.
func eachHeld(ctx context.Context, events *sqlite.Store, target string, f func(*event.Delivery) error) error {
	for after := event.ID(""); ; {
		page, err := events.Waiting(ctx, target, after, heldPage)
		if err != nil {
			return err
		}
		for i := range page {
			if err := f(&page[i]); err != nil {
				return err
			}
		}
		if len(page) < heldPage {
			return nil
		}
		after = page[len(page)-1].Event
	}
}

// printWaiting prints an event that waits.
func printWaiting(ctx context.Context, p *program, events *sqlite.Store, d *event.Delivery, as output.Format) error {
	switch {
	case as.IDs:
		_, err := fmt.Fprintln(p.out, d.Event)
		return err
	case as.JSON:
		return output.WriteLine(p.out, output.NewDeliveryLine(d))
	}
	e, err := events.Event(ctx, d.Event)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	row := e.Row()
	row.Outcomes = []event.Outcome{{Target: d.Target, Last: *d}}
	return output.WriteRow(p.out, &row)
}

// leftOverFor finds what is left over at a target by its name, or by an address that is one.
func leftOverFor(all []store.LeftOver, name string) (store.LeftOver, bool) {
	names := []string{name}
	if t, err := delivery.ParseTarget(name); err == nil {
		names = append(names, t.Name)
	}
	for _, l := range all {
		if slices.Contains(names, l.Target) {
			return l, true
		}
	}
	return store.LeftOver{}, false
}

// clearLeftOver gives up what a target has left that no running hfhook has.
func clearLeftOver(ctx context.Context, p *program, events *sqlite.Store, l store.LeftOver, yes bool) error {
	if l.Failed+l.Waiting > 1 && !yes {
		what := fmt.Sprintf("what is left over at %s: %s, %d waiting", visible.Line(l.Target), output.Plural(int(l.Failed), "failure"), l.Waiting)
		if err := p.agreed(ctx, "Give up "+what+"? The events and attempts stay in the store.", what+" would be dropped", "nothing was dropped"); err != nil {
			return err
		}
	}
	done, err := events.Clear(ctx, l.Target)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%d waiting dropped, %d failed cleared\n", done.Waiting, done.Failed)
	return err
}

func dropHeld(ctx context.Context, p *program, events *sqlite.Store, h store.Held, yes bool) error {
	if h.Events > 1 && !yes {
		what := fmt.Sprintf("%s for %s", output.Plural(h.Events, "event"), visible.Line(h.Target))
		err := p.agreed(ctx, "Give up "+what+"? They stay in the store.", what+" would be dropped", "nothing was dropped")
		if err != nil {
			return err
		}
	}
	n, err := events.Drop(ctx, h.Target, "")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, output.Plural(n, "event"), "dropped")
	return err
}

// deliverHeld sends what is held, as a hfhook dev that has the target would.
func deliverHeld(ctx context.Context, p *program, cmd *cobra.Command, events *sqlite.Store, h store.Held, as output.Format) error {
	if found, err := findStoreDev(ctx, p); err != nil {
		return err
	} else if found != nil {
		defer found.Close()
		st, err := found.State(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(st.Targets, func(t local.Target) bool { return t.Name == h.Target }) {
			return deliverByDev(ctx, p, events, found, h.Target, as)
		}
	}
	mine, cancel := context.WithTimeout(ctx, ownWithin)
	release, err := events.Own(mine, h.Target)
	cancel()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		return &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("a hfhook dev of another folder has the target %s and delivers its events as soon as possible", h.Target), Try: "hfhook status shows it; run this command in its folder"}
	case err != nil:
		return err
	}
	defer release()
	target, err := heldTarget(p, cmd, h.Target)
	if err != nil {
		return err
	}
	secret, err := p.secrets()
	if err != nil {
		return err
	}
	return sendHeld(ctx, p, events, target, secret.present(), as)
}

// heldTarget is where the events for a target go: as the configuration says, or to the
// address that is its name.
func heldTarget(p *program, cmd *cobra.Command, name string) (delivery.Target, error) {
	known, err := readTargets(p, cmd, nil)
	if err != nil {
		return delivery.Target{}, err
	}
	if i := slices.IndexFunc(known, func(t delivery.Target) bool { return t.Name == name }); i >= 0 {
		return known[i], nil
	}
	t, err := delivery.ParseTarget(name)
	if err != nil || t.Name != name {
		return t, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("the address of %s is neither in the configuration nor given by a flag", name), Try: fmt.Sprintf("--forward '8000,name=%s'", name)}
	}
	one := []delivery.Target{t}
	return one[0], settleTargets(p, one)
}

// An ownLog is the store of a target that is owned already. Where an attempt can't be
// recorded it says so, and does not wait until it can.
type ownLog struct {
	*sqlite.Store
	failed func(error)
}

// Own is documented at [delivery.Log].
func (ownLog) Own(context.Context, string) (release func(), err error) { return func() {}, nil }

// PutDelivery is documented at [delivery.Log].
func (l ownLog) PutDelivery(ctx context.Context, d *event.Delivery) error {
	err := l.Store.PutDelivery(ctx, d)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		l.failed(err)
	}
	return err
}

// sendHeld sends what waits for a target until nothing does, or the target takes no more.
func sendHeld(ctx context.Context, p *program, events *sqlite.Store, target delivery.Target, secret server.Secret, as output.Format) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	moved := make(chan struct{}, 1)
	attempts := make(chan event.Delivery, heldPage)
	out := delivery.New(ownLog{events, stop}, delivery.Options{
		Targets:      []delivery.Target{target},
		Secret:       func(string) (string, bool) { return secret.Reveal(), !secret.IsZero() },
		SendSecretTo: p.settings.sendSecretTo, Proxy: http.ProxyFromEnvironment,
		OnChange: func() {
			select {
			case moved <- struct{}{}:
			default:
			}
		},
		OnDelivery: func(d event.Delivery) {
			if d.State == event.Done {
				attempts <- d
			}
		},
	})
	ended := make(chan error, 1)
	go func() {
		ended <- out.Run(ctx)
		close(attempts)
	}()
	var sent, failed int
	var printed error
	show := func(d *event.Delivery) {
		sent++
		if !d.OK() {
			failed++
		}
		if err := printAttempt(p, d, as); err != nil && printed == nil {
			printed = err
			stop(err)
		}
	}
	why, err := untilSent(ctx, p, events, out, moved, attempts, show)
	stop(nil)
	for d := range attempts {
		show(&d)
	}
	if err = cmp.Or(printed, err, <-ended); err != nil {
		return err
	}
	return heldResult(ctx, events, target.Name, sent, failed, why)
}

// heldResult says what came of sending what was held: why is the reason if something still is.
func heldResult(ctx context.Context, events *sqlite.Store, target string, sent, failed int, why string) error {
	left, err := events.Held(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	h, _ := heldFor(left, target)
	switch {
	case h.Events > 0:
		wait := "wait"
		if h.Events == 1 {
			wait = "waits"
		}
		return &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("%d sent, %s still %s: %s", sent, output.Plural(h.Events, "event"), wait, why), Try: "try again when the handler accepts them"}
	case failed > 0:
		return &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("%s not 2xx", output.OutOf(failed, sent, "answer")), Try: "hfhook show @failed --deliveries shows the answer"}
	}
	return nil
}

// printAttempt prints an attempt at what was held.
func printAttempt(p *program, d *event.Delivery, as output.Format) (err error) {
	switch {
	case as.IDs:
		_, err = fmt.Fprintln(p.out, d.Event)
	case as.JSON:
		err = output.WriteLine(p.out, output.NewDeliveryLine(d))
	default:
		_, err = fmt.Fprint(p.out, attemptLine(d, ""))
	}
	return err
}

// untilSent returns once nothing waits for the one target of out, or says why what waits
// is not sent now.
func untilSent(ctx context.Context, p *program, events *sqlite.Store, out *delivery.Dispatcher, moved <-chan struct{}, attempts <-chan event.Delivery, show func(*event.Delivery)) (why string, err error) {
	for {
		st := out.Health()[0]
		switch {
		case st.Health == delivery.Away:
			return st.Err, nil
		case !st.Until.IsZero():
			return fmt.Sprintf("answered %s and asked to wait until %s", st.Result, st.Until.Local().Format("15:04:05")), nil
		}
		rows, err := events.Waiting(ctx, st.Name, "", 1)
		if err != nil || len(rows) == 0 {
			return "", err
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case d := <-attempts:
			show(&d)
		case <-moved:
		}
	}
}
