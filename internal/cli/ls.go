package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// lsPage is how many events are read at once.
const lsPage = 200

func (p *program) lsCommand() *cobra.Command {
	var n int
	var asJSON, ids bool
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "List the newest events",
		Example: "  hfhook ls -n 50\n  hfhook ls --json | jq .summary",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if n < 1 {
				return usagef("-n %d: at least one event has to be asked for", n)
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				return p.list(ctx, events, n, asJSON, ids)
			})
		},
	}
	cmd.Flags().IntVarP(&n, "number", "n", 20, "how many events")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	cmd.Flags().BoolVarP(&ids, "ids", "q", false, "print ids only")
	cmd.MarkFlagsMutuallyExclusive("json", "ids")
	return cmd
}

// list prints the newest n events, newest first.
func (p *program) list(ctx context.Context, events store.Store, n int, asJSON, ids bool) error {
	q := store.Query{}
	for n > 0 {
		q.Limit = min(n, lsPage)
		page, err := events.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			row := &page.Rows[i]
			switch {
			case ids:
				_, err = fmt.Fprintln(p.out, row.ID)
			case asJSON:
				err = p.printEvent(ctx, events, row.ID)
			default:
				err = writeRow(p.out, row)
			}
			if err != nil {
				return err
			}
			q.Before = row.ID
		}
		n -= len(page.Rows)
		if !page.Older {
			break
		}
	}
	return nil
}

func (p *program) printEvent(ctx context.Context, events store.Store, id event.ID) error {
	e, err := events.Event(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	return writeLine(p.out, newEventLine(e))
}

// withStore opens the store for a command that reads it or adds to it.
func (p *program) withStore(ctx context.Context, f func(context.Context, *sqlite.Store) error) (err error) {
	path, err := p.storePath()
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return &failure{code: exitNotFound, err: fmt.Errorf("there is no event store at %s yet", path), try: "hfhook trigger discussion.comment/create makes a first event"}
	}
	events, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	return f(ctx, events)
}
