package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/store/sqlite"
)

// waitDefault is how long wait waits where nothing else is said.
const waitDefault = time.Minute

func waitCommand(p *program) *cobra.Command {
	var count int
	var timeout time.Duration
	var since, status, failOn string
	var as output.Format
	cmd := &cobra.Command{
		Use:   "wait [FILTER]",
		Short: "Wait for events that match a filter",
		Long: `Waits for events that match FILTER, and prints them: new ones or, with --since, earlier
ones, too. It exits with 124 if they do not arrive in time. See hfhook help filter for
FILTER; "" is any event.

--status 200 waits until such an event was answered with that status. --fail-on exits with
6 as soon as a matching event also matches that filter.`,
		Example: "  hfhook wait 'scope:discussion.comment @bot' --timeout 30s\n  hfhook wait status:200 --count 3 --since 5m -q\n  hfhook wait scope:discussion --status 200 --fail-on status:5xx",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 && status == "" && failOn == "" {
				return exit.Usagef("wait needs a filter, for example hfhook wait scope:discussion")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if count < 1 {
				return exit.Usagef("invalid --count %d: want at least 1", count)
			}
			x, err := parseFilter(args)
			if err != nil {
				return err
			}
			var failing filter.Expr
			if failOn != "" {
				if failing, err = parseFilter([]string{failOn}); err != nil {
					return fmt.Errorf("--fail-on: %w", err)
				}
				failing = both(failing, x)
			}
			if status != "" {
				answered, err := parseFilter([]string{"status:" + strconv.Quote(status)})
				if err != nil {
					return fmt.Errorf("--status: %w", err)
				}
				x = both(answered, x)
			}
			earlier := since != ""
			if earlier {
				from, err := parseFilter([]string{"since:" + strconv.Quote(since)})
				if err != nil {
					return exit.Usagef("invalid --since %q: want a time such as 5m, 14:30 or 2026-11-01", since)
				}
				x = both(from, x)
				if failing != nil {
					failing = both(from, failing)
				}
			}
			// The setting of this name is that of deliveries.
			if p.origins["timeout"] != "--timeout" {
				timeout = waitDefault
			}
			ctx := cmd.Context()
			if timeout > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeoutCause(ctx, timeout, errNotInTime)
				defer cancel()
			}
			came := 0
			err = p.makeStore(ctx, func(ctx context.Context, events *sqlite.Store) error {
				f, err := follow(ctx, events, x)
				if err != nil {
					return err
				}
				if earlier {
					f.after = beginning
				}
				wanted := following{f, func(row *event.Row) (bool, error) {
					came++
					return came == count, printRow(ctx, p, events, row, as, gapsOf(ctx, events))
				}}
				if failing == nil {
					return followAll(ctx, events, wanted)
				}
				failures := &follower{events: events, filter: failing, after: f.after, found: map[event.ID]bool{}}
				return followAll(ctx, events, following{failures, func(row *event.Row) (bool, error) {
					if err := printRow(ctx, p, events, row, as, gapsOf(ctx, events)); err != nil {
						return false, err
					}
					return false, &exit.Error{Code: exit.CodeHandler, Err: fmt.Errorf("event %s matches --fail-on %s", row.ID, failOn), Try: "hfhook show " + string(row.ID) + " --deliveries"}
				}}, wanted)
			})
			if errors.Is(err, errNotInTime) {
				return &exit.Error{Code: exitTimeout, Err: fmt.Errorf("timed out after %v: %d of %s arrived", timeout, came, output.Plural(count, "matching event"))}
			}
			return err
		},
	}
	f := cmd.Flags()
	f.IntVar(&count, "count", 1, "wait for `N` events")
	f.DurationVar(&timeout, "timeout", waitDefault, "how long to wait; 0: no limit")
	f.StringVar(&since, "since", "", "also count events since `TIME`, such as 5m, 14:30 or 2026-11-01")
	f.StringVar(&status, "status", "", "wait until an event was answered with this `status`, such as 200 or 2xx")
	f.StringVar(&failOn, "fail-on", "", "exit with 6 as soon as an event that matches FILTER also matches this `filter`, such as status:5xx")
	onlyHere(cmd, "status", "fail-on")
	as.Flags(cmd, "ids only")
	return cmd
}

// both is a filter for what matches two, of which the second may be nil.
func both(a, b filter.Expr) filter.Expr {
	switch b := b.(type) {
	case nil:
		return a
	case filter.And:
		return append(filter.And{a}, b...)
	}
	return filter.And{a, b}
}

// exitTimeout is the exit code of timeout(1).
const exitTimeout = 124

var errNotInTime = errors.New("--timeout has expired")

// makeStore opens the store for a command that can begin before there is anything in
// it.
func (p *program) makeStore(ctx context.Context, f func(context.Context, *sqlite.Store) error) (err error) {
	path, err := p.storePath()
	if err != nil {
		return err
	}
	events, err := p.openStore(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	return f(ctx, events)
}
