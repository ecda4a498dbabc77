package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"hfhook/filter"
	"hfhook/store/sqlite"
)

func (p *program) pruneCommand() *cobra.Command {
	var keep string
	var dry bool
	var as format
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Delete old events, but for those that are pinned",
		Long: `Deletes the events that were recorded before the time of --keep, with their bodies and
deliveries, those that wait included. What is pinned stays. hfhook dev may run
meanwhile. The file keeps its size: new events fill what is freed.`,
		Example: "  hfhook prune --dry-run\n  hfhook prune --keep 7d\n  hfhook prune --keep 2026-11-01",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			before, err := keepSince(keep)
			if err != nil {
				return err
			}
			return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				n, err := events.Prune(ctx, before, true)
				if err == nil && !dry {
					bar := newProgress(p, n)
					err = bar.during(func() (err error) {
						n, err = events.Prune(ctx, before, false)
						return err
					}, p.fewer(ctx, events))
				}
				if err != nil && n > 0 {
					err = fmt.Errorf("%s deleted, not all that are old: %w", plural(n, "event"), err)
				}
				if err != nil {
					return err
				}
				did := "deleted"
				if dry {
					did = "would be deleted"
				}
				switch {
				case as.ids:
					_, err = fmt.Fprintln(p.out, n)
					return err
				case as.json:
					return writeLine(p.out, newDeletedLine(n, before, dry))
				}
				_, err = fmt.Fprintf(p.out, "%s of before %s %s\n", plural(n, "event"), before.Local().Format("2006-01-02 15:04:05"), did)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "30d", "keep the events of this `time`, as in 30d or 12h, or since it, as in 2026-11-01")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "count them and delete nothing")
	as.flags(cmd, "the number of events only")
	return cmd
}

// keepSince is the time that --keep means, as the filter since: reads it.
func keepSince(keep string) (time.Time, error) {
	x, err := filter.Parse("since:"+strconv.Quote(keep), time.Now())
	if at, ok := x.(filter.Recorded); ok && err == nil {
		return at.At, nil
	}
	return time.Time{}, usagef("--keep %s is no time: write it as in 30d, 12h or 2026-11-01", keep)
}

// retention is what --keep and --max-store say for hfhook dev.
func (s *flagValues) retention() (keep func() time.Time, most int64, err error) {
	if s.keep != "" {
		if _, err := keepSince(s.keep); err != nil {
			return nil, 0, err
		}
		keep = func() time.Time {
			at, _ := keepSince(s.keep) // which goes on with the clock
			return at
		}
	}
	if s.maxStore != "" {
		size, err := humanize.ParseBytes(s.maxStore)
		if err != nil || size < minStore || size > math.MaxInt64 {
			return nil, 0, usagef("--max-store %s is no size from 1MiB: write it as in 1GiB", s.maxStore)
		}
		most = int64(size)
	}
	return keep, most, nil
}

// minStore is the least that --max-store can be: an empty store has some pages as well.
const minStore = 1 << 20

// outOf says of how many what is said, as in "2 of 3 answers were"; of a single one "the
// answer was".
func outOf(n, all int, what string) string {
	if all == 1 {
		return fmt.Sprintf("the %s was", what)
	}
	return fmt.Sprintf("%d of %d %ss were", n, all, what)
}

// plural is a number of things.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
