package cli

// hfhook accept: which answers of a handler are right.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/baseline"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// acceptFlags are those of hfhook accept.
type acceptFlags struct {
	target    string
	attempt   int
	only, off bool
	as        output.Format
}

func acceptCommand(p *program) *cobra.Command {
	var flags acceptFlags
	cmd := &cobra.Command{
		Use:   "accept ID",
		Short: "Mark an answer as the right one",
		Long: `Marks what a handler answered to an event as correct. hfhook replay --fail-on-change,
its JUnit report and exported tests compare with it from then on. It takes the newest
answer of each target if that is a 2xx; --attempt selects another one. The answer is kept
with the event, and included in exports as ndjson or json.

If a target has several accepted answers, any of them matches, and fields in which they
differ, such as a time, are ignored. --only forgets the earlier ones.`,
		Example: "  hfhook accept @last\n  hfhook accept @last --target bot --attempt 2\n  hfhook accept @last --only\n  hfhook accept @last --off",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return exit.Usagef("accept takes one id, for example hfhook accept @last")
			}
			if flags.only && flags.off {
				return exit.Usagef("--only and --off cannot be used together")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("attempt") && flags.attempt < 1 {
				return exit.Usagef("--attempt %d: the first attempt has the number 1", flags.attempt)
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				id, err := events.Resolve(ctx, args[0])
				if err != nil {
					return err
				}
				return runAccept(ctx, p, events, id, &flags)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.target, "target", "", "accept the answer of this `target` (name or address)")
	f.IntVar(&flags.attempt, "attempt", 0, "the answer to this attempt, by its number in hfhook show ID --deliveries; with --target by its number there")
	f.BoolVar(&flags.only, "only", false, "forget the target's earlier accepted answers")
	f.BoolVar(&flags.off, "off", false, "forget what was accepted")
	flags.as.Flags(cmd, "the id of the event")
	return cmd
}

// runAccept carries out the flags.
func runAccept(ctx context.Context, p *program, events *sqlite.Store, id event.ID, flags *acceptFlags) error {
	made, err := events.Deliveries(ctx, id)
	if err != nil {
		return err
	}
	e, err := events.Event(ctx, id)
	if err != nil {
		return err
	}
	flags.target = redactor(p).Path(flags.target) // as it is recorded
	chosen, err := flags.choose(e, made)
	if err != nil {
		return err
	}
	now := time.Now()
	for _, d := range chosen {
		target := baseline.Target(made, d)
		forget := func(o *event.Delivery) bool {
			return !o.Accepted.IsZero() && o.N != d.N && flags.only && baseline.Target(made, o) == target
		}
		for i := range made {
			if forget(&made[i]) {
				if err := events.Accept(ctx, id, made[i].N, time.Time{}); err != nil {
					return err
				}
				made[i].Accepted = time.Time{}
			}
		}
		d.Accepted = now
		if flags.off {
			d.Accepted = time.Time{}
		}
		if err := events.Accept(ctx, id, d.N, d.Accepted); err != nil {
			return err
		}
		if err := printAccepted(p, made, d, flags.as); err != nil {
			return err
		}
	}
	return nil
}

// choose returns the attempts that are meant.
func (flags *acceptFlags) choose(e *event.Event, made []event.Delivery) ([]*event.Delivery, error) {
	show := "hfhook show " + string(e.ID) + " --deliveries"
	there := func(d *event.Delivery) bool { return flags.target == "" || isTarget(d, e, flags.target) }
	var at []*event.Delivery
	for i := range made {
		if there(&made[i]) {
			at = append(at, &made[i])
		}
	}
	if len(at) == 0 && flags.target != "" {
		return nil, &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("event %s was never sent to %s", e.ID, flags.target), Try: show}
	}
	if flags.attempt > 0 {
		i := slices.IndexFunc(at, func(d *event.Delivery) bool {
			return flags.target == "" && d.N == flags.attempt || flags.target != "" && d.Attempt == flags.attempt
		})
		if i < 0 {
			return nil, &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("event %s has no attempt %d%s", e.ID, flags.attempt, atTarget(flags.target)), Try: show}
		}
		d := at[i]
		if !answered(d) && !flags.off {
			return nil, exit.Usagef("attempt %d of event %s has no complete answer: %s", d.N, e.ID, attempt.Answer(d))
		}
		return at[i : i+1], nil
	}
	if flags.off {
		at = slices.DeleteFunc(at, func(d *event.Delivery) bool { return d.Accepted.IsZero() })
		if len(at) == 0 {
			return nil, &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("no answer to event %s is accepted%s", e.ID, atTarget(flags.target)), Try: show}
		}
		return at, nil
	}
	newest := map[string]*event.Delivery{}
	var names []string
	for _, d := range at {
		name := baseline.Target(made, d)
		if !answered(d) {
			continue
		}
		before := newest[name]
		if before == nil {
			names = append(names, name)
		}
		if before == nil || !d.Started.Before(before.Started) {
			newest[name] = d
		}
	}
	var chosen []*event.Delivery
	for _, name := range names {
		d := newest[name]
		if !d.OK() {
			return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("the newest answer of %s is %s, which is not 2xx", name, d.Result()), Try: fmt.Sprintf("hfhook accept %s --attempt %d, if it is right all the same", e.ID, d.N)}
		}
		chosen = append(chosen, d)
	}
	if len(chosen) == 0 {
		return nil, &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("event %s has no answer%s yet", e.ID, atTarget(flags.target)), Try: "hfhook replay " + string(e.ID)}
	}
	return chosen, nil
}

func atTarget(name string) string {
	if name == "" {
		return ""
	}
	return " at " + name
}

// answered reports whether an attempt has a whole answer.
func answered(d *event.Delivery) bool {
	return d.State == event.Done && d.Err == "" && d.Result() != ""
}

// isTarget reports whether a person who writes the text means the target of an attempt.
func isTarget(d *event.Delivery, e *event.Event, text string) bool {
	if d.Target == text || d.URL == text {
		return true
	}
	t, err := delivery.ParseTarget(text)
	return err == nil && (t.Name == d.Target || t.For(e) == d.URL)
}

// acceptedLine is the line of --json.
type acceptedLine struct {
	Schema   int      `json:"schema"`
	Type     string   `json:"type"` // accepted, or forgotten
	Event    event.ID `json:"event"`
	N        int      `json:"n"`
	Attempt  int      `json:"attempt"` // at the target
	Target   string   `json:"target"`  // its name
	URL      string   `json:"url"`
	Status   int      `json:"status"`
	Exit     *int     `json:"exit,omitempty"`
	Accepted int      `json:"accepted"` // how many answers of the target are
	Ignored  []string `json:"ignored"`  // paths to what differs between them
}

func printAccepted(p *program, made []event.Delivery, d *event.Delivery, as output.Format) error {
	target := baseline.Target(made, d)
	b := baseline.Of(made, target, "", nil)
	line := acceptedLine{Schema: 1, Type: "accepted", Event: d.Event, N: d.N, Attempt: d.Attempt, Target: target, URL: d.URL, Status: d.Status, Ignored: []string{}}
	if d.Accepted.IsZero() {
		line.Type = "forgotten"
	}
	if d.Exited {
		line.Exit = &d.Exit
	}
	for i := range made {
		if !made[i].Accepted.IsZero() && baseline.Target(made, &made[i]) == target {
			line.Accepted++
		}
	}
	for _, path := range b.Ignored() {
		line.Ignored = append(line.Ignored, path.String())
	}
	switch {
	case as.JSON:
		return output.WriteLine(p.out, line)
	case as.IDs:
		_, err := fmt.Fprintln(p.out, d.Event)
		return err
	}
	text := fmt.Sprintf("%s  accepted: %s answers %s (attempt %d)", d.Event, target, d.Result(), d.N)
	if line.Type == "forgotten" {
		text = fmt.Sprintf("%s  no longer accepted: %s of %s (attempt %d)", d.Event, d.Result(), target, d.N)
	}
	if len(line.Ignored) > 0 {
		text += fmt.Sprintf("; %d answers are accepted, so fields in which they differ are ignored: %s", line.Accepted, strings.Join(line.Ignored, " "))
	}
	_, err := fmt.Fprintln(p.out, visible.Line(text))
	return err
}
