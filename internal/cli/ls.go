package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// lsPage is how many events are read at once.
const lsPage = 200

func lsCommand(p *program) *cobra.Command {
	var n int
	var name, order string
	var reverse bool
	var as output.Format
	cmd := &cobra.Command{
		Use:   "ls [FILTER]",
		Short: "List the newest events, all or those that match a filter",
		Long: `Lists the newest events, or those that match FILTER: see hfhook help filter. Put -- before
a filter that starts with -.

--sort duration lists the slowest first, by the target that took longest, and --sort size
the largest; --reverse reverses the order. Both read all matching events.

--save saves FILTER under a name in .hfhook.toml: F1 to F9 of the screen apply those.`,
		Example: "  hfhook ls --save failed 'status:5xx since:today'\n  hfhook ls -n 50\n  hfhook ls 'scope:discussion status:5xx since:2h'\n  hfhook ls --json 'repo:me/* \"two words\"' | jq .summary",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if n < 1 {
				return exit.Usagef("invalid -n %d: want at least 1", n)
			}
			x, err := parseFilter(args)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("save") {
				if err := keepFilter(p, name, strings.Join(args, " ")); err != nil {
					return err
				}
			}
			sorted, err := sortedAs(order)
			if err != nil {
				return err
			}
			return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
				gaps := sync.OnceValues(gapsOf(ctx, events))
				found := false
				show := func(row *event.Row) error {
					found = true
					return printRow(ctx, p, events, row, as, gaps)
				}
				var err error
				if sorted != store.ByTime || reverse {
					err = eachSorted(ctx, p, events, store.Query{Filter: x, Sort: sorted, Reverse: reverse}, n, func(row *event.Row) error {
						if as != (output.Format{}) {
							return show(row)
						}
						found = true
						return output.WriteRowAnd(p.out, row, sortedValue(row, sorted))
					})
				} else {
					err = newestShown(ctx, p, events, x, n, show)
				}
				if err == nil && !found {
					fmt.Fprintln(p.err, visible.Line(noneText(args)))
				}
				return err
			})
		},
	}
	cmd.Flags().IntVarP(&n, "number", "n", 20, "how many events")
	cmd.Flags().StringVar(&name, "save", "", "also save the filter under this `name` in .hfhook.toml")
	cmd.Flags().StringVar(&order, "sort", "time", "what to sort by: `time`, duration or size, the newest, slowest or largest first")
	cmd.Flags().BoolVar(&reverse, "reverse", false, "sort the other way round")
	as.Flags(cmd, "ids only")
	return cmd
}

// sortedAs reads --sort.
func sortedAs(order string) (store.Order, error) {
	switch order {
	case "time":
		return store.ByTime, nil
	case string(store.ByDuration), string(store.BySize):
		return store.Order(order), nil
	}
	return "", exit.Usagef("invalid --sort %q: want time, duration or size", order)
}

// sortedValue is what a row is sorted by, if the row does not show it anyway.
func sortedValue(row *event.Row, by store.Order) string {
	switch by {
	case store.BySize:
		return output.Size(row.Size)
	case store.ByDuration:
		if took, ok := store.Slowest(row); ok {
			return duration.Text(took)
		}
		return "not answered"
	}
	return ""
}

// eachSorted calls f with the first n events of a query with an order.
func eachSorted(ctx context.Context, p *program, events store.Store, q store.Query, n int, f func(*event.Row) error) error {
	bar := output.NewProgress(p.err, p.env, 0)
	defer bar.Clear()
	bar.Say(func(time.Time) string { return "\r\x1b[Ksorting" })
	for n > 0 {
		q.Limit = min(n, lsPage)
		page, err := events.List(ctx, q)
		if err != nil {
			return err
		}
		bar.Clear()
		for i := range page.Rows {
			if err := f(&page.Rows[i]); err != nil {
				return err
			}
		}
		n -= len(page.Rows)
		if q.Before = page.Next; page.Next == "" {
			break
		}
	}
	return nil
}

// noneText says that no event matches the arguments of a command as a filter.
func noneText(args []string) string {
	text := strings.TrimSpace(strings.Join(args, " "))
	if text == "" {
		return "no events yet"
	}
	return "no event matches " + text
}

// parseFilter reads the arguments of a command as one filter.
func parseFilter(args []string) (filter.Expr, error) {
	x, err := filter.Parse(strings.Join(args, " "), time.Now())
	if err != nil {
		return nil, &exit.Error{Code: exit.CodeUsage, Err: err, Try: "hfhook help filter"}
	}
	return x, nil
}

// newestShown is newest, and says on a terminal how far a long search is.
func newestShown(ctx context.Context, p *program, events store.Store, x filter.Expr, n int, f func(*event.Row) error) error {
	bar, found := output.NewProgress(p.err, p.env, 0), 0
	defer bar.Clear()
	return search(ctx, events, x, n, func(row *event.Row) error {
		bar.Clear()
		found++
		return f(row)
	}, func(back event.ID) {
		bar.Say(func(time.Time) string {
			return fmt.Sprintf("\r\x1b[Ksearched back to %s, %d found", back.Time().Local().Format("2006-01-02 15:04:05"), found)
		})
	})
}

// newest calls f with the newest n events that match, newest first.
func newest(ctx context.Context, events store.Store, x filter.Expr, n int, f func(*event.Row) error) error {
	return search(ctx, events, x, n, f, func(event.ID) {})
}

// search is newest that calls looked after each part of the store that it has looked at.
func search(ctx context.Context, events store.Store, x filter.Expr, n int, f func(*event.Row) error, looked func(back event.ID)) error {
	for q := (store.Query{Filter: x}); n > 0; {
		q.Limit = min(n, lsPage)
		page, err := events.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			if err := f(&page.Rows[i]); err != nil {
				return err
			}
		}
		n -= len(page.Rows)
		if q.Before = page.Next; page.Next == "" {
			break
		}
		looked(page.Next)
	}
	return nil
}

// shownSpans is how many of the times in which events could be received are looked at.
const shownSpans = 1000

// gapsOf returns what reads the gaps of a store.
func gapsOf(ctx context.Context, events store.Store) func() ([]store.Gap, error) {
	return func() ([]store.Gap, error) {
		spans, err := events.Spans(ctx, shownSpans)
		return store.Gaps(spans), err
	}
}

// printRow prints an event; gaps gives those in which it may have been sent first.
func printRow(ctx context.Context, p *program, events store.Store, row *event.Row, as output.Format, gaps func() ([]store.Gap, error)) error {
	switch {
	case as.IDs:
		_, err := fmt.Fprintln(p.out, row.ID)
		return err
	case as.JSON:
		return printEvent(ctx, p, events, row, gaps)
	}
	return output.WriteRow(p.out, row)
}

func printEvent(ctx context.Context, p *program, events store.Store, row *event.Row, gaps func() ([]store.Gap, error)) error {
	e, err := events.Event(ctx, row.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	offline, err := gaps()
	if err != nil {
		return err
	}
	line := output.NewEventLine(e, offline)
	line.Outcomes = output.OutcomeParts(row.Outcomes)
	return output.WriteLine(p.out, line)
}

// errNoStore is what withStore fails with before there was a first event.
var errNoStore = errors.New("there is no event store yet")

// withStore opens the store for a command that adds to it or changes it.
func (p *program) withStore(ctx context.Context, f func(context.Context, *sqlite.Store) error) error {
	return withStoreBy(ctx, p, func(path string) (*sqlite.Store, error) {
		return p.openStore(ctx, path, sqlite.Options{MustExist: true})
	}, f)
}

// withStoreToRead opens the store for a command that only reads it.
func withStoreToRead(ctx context.Context, p *program, f func(context.Context, *sqlite.Store) error) error {
	return withStoreBy(ctx, p, func(path string) (*sqlite.Store, error) { return openToRead(ctx, p, path) }, f)
}

func withStoreBy(ctx context.Context, p *program, open func(path string) (*sqlite.Store, error), f func(context.Context, *sqlite.Store) error) (err error) {
	path, err := p.storePath()
	if err != nil {
		return err
	}
	events, err := open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("%w at %s", errNoStore, path), Try: "hfhook trigger discussion.comment/create creates one"}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	return f(ctx, events)
}
