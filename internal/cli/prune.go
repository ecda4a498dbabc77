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
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/store/sqlite"
)

func pruneCommand(p *program) *cobra.Command {
	var w pruning
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Delete old events except pinned ones",
		Long: `Deletes the events that were recorded before the time of --keep, with their bodies and
deliveries, including waiting ones; with --max-store the oldest ones, until the rest fits.
Pinned events stay. hfhook dev may run at the same time. The file keeps its size, and new
events fill the freed space, unless --compact returns it to the disk. Without any of the
three it uses the configured --keep and --max-store.`,
		Example: "  hfhook prune --dry-run\n  hfhook prune --keep 7d\n  hfhook prune --keep 2026-11-01\n  hfhook prune --max-store 1GiB --compact",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			given := func(flag string) bool { return p.origins[flag] == "--"+flag }
			if given("max-store") || w.compact {
				if !given("keep") {
					w.keep = ""
				}
				if !given("max-store") {
					w.most = ""
				}
			} else if given("keep") {
				w.most = ""
			}
			return prune(cmd.Context(), p, w)
		},
	}
	f := cmd.Flags()
	f.StringVar(&w.keep, "keep", "30d", "keep events of this `time` span, such as 30d or 12h, or since a date, such as 2026-11-01")
	f.StringVar(&w.most, "max-store", "", "delete the oldest events until the store uses at most this `size`, such as 1GiB")
	f.BoolVar(&w.compact, "compact", false, "return free space to the disk")
	f.BoolVar(&w.dry, "dry-run", false, "only count them")
	w.as.Flags(cmd, "print only the number of events")
	return cmd
}

// pruning is what hfhook prune is to do.
type pruning struct {
	keep, most   string // empty: nothing
	compact, dry bool
	as           output.Format
}

func prune(ctx context.Context, p *program, w pruning) (err error) {
	var before time.Time
	var most int64
	if w.keep != "" {
		if before, err = keepSince(w.keep); err != nil {
			return err
		}
	}
	if w.most != "" {
		if most, err = storeSize(w.most); err != nil {
			return err
		}
	}
	return p.withStore(ctx, func(ctx context.Context, events *sqlite.Store) error {
		if w.keep != "" {
			if err := pruneOld(ctx, p, events, before, w); err != nil {
				return err
			}
		}
		if w.most != "" {
			if err := pruneExcess(ctx, p, events, most, w); err != nil {
				return err
			}
		}
		if w.compact {
			return compact(ctx, p, events, w)
		}
		return nil
	})
}

func pruneOld(ctx context.Context, p *program, events *sqlite.Store, before time.Time, w pruning) error {
	n, err := events.Prune(ctx, before, true)
	if err == nil && !w.dry {
		bar := output.NewProgress(p.err, p.env, n)
		err = bar.During(func() (err error) {
			n, err = events.Prune(ctx, before, false)
			return err
		}, printFewer(ctx, p, events))
	}
	if err != nil && n > 0 {
		err = fmt.Errorf("deleted %s, but not all old ones: %w", output.Plural(n, "event"), err)
	}
	if err != nil {
		return err
	}
	switch {
	case w.as.IDs:
		_, err = fmt.Fprintln(p.out, n)
		return err
	case w.as.JSON:
		return output.WriteLine(p.out, output.NewDeletedLine(n, before, w.dry))
	}
	did := "deleted"
	if w.dry {
		did = "would be deleted"
	}
	_, err = fmt.Fprintf(p.out, "%s older than %s %s\n", output.Plural(n, "event"), before.Local().Format("2006-01-02 15:04:05"), did)
	return err
}

// pruneExcess deletes the oldest events until the store fits into a size.
func pruneExcess(ctx context.Context, p *program, events *sqlite.Store, most int64, w pruning) error {
	done, err := events.Shrink(ctx, most, true)
	if err == nil && !w.dry {
		bar := output.NewProgress(p.err, p.env, done.Deleted)
		err = bar.During(func() (err error) {
			done, err = events.Shrink(ctx, most, false)
			return err
		}, printFewer(ctx, p, events))
	}
	if err != nil && done.Deleted > 0 && !w.dry {
		err = fmt.Errorf("deleted %s, but not enough for --max-store: %w", output.Plural(done.Deleted, "event"), err)
	}
	if err != nil {
		return err
	}
	switch {
	case w.as.IDs:
		_, err = fmt.Fprintln(p.out, done.Deleted)
		return err
	case w.as.JSON:
		line := output.NewDeletedLine(done.Deleted, time.Time{}, w.dry)
		line.Left, line.Used = &done.Left, &done.Used
		return output.WriteLine(p.out, line)
	}
	text := "%s deleted; %s left, which use %s\n"
	if w.dry {
		text = "about %s would be deleted, and %s left, which use %s\n"
	}
	_, err = fmt.Fprintf(p.out, text, output.Plural(done.Deleted, "event"), output.Plural(int(done.Left), "event"), output.Size(done.Used))
	if err == nil && done.Used > most {
		_, err = fmt.Fprintf(p.err, "hfhook: the store is larger than --max-store: %s\n", dev.WhyLarger(done))
	}
	return err
}

// compact gives free space back to the disk.
func compact(ctx context.Context, p *program, events *sqlite.Store, w pruning) error {
	before, err := events.Stats(ctx)
	if err != nil {
		return err
	}
	say := func(freed, file int64) error {
		text := "freed %s on disk; the store's file has %s\n"
		switch {
		case w.as.IDs:
			return nil
		case w.as.JSON:
			return output.WriteLine(p.out, output.NewCompactedLine(freed, file, w.dry))
		case w.dry:
			text = "would free about %s on disk; the store's file would have %s\n"
		}
		_, err := fmt.Fprintf(p.out, text, output.Size(freed), output.Size(file))
		return err
	}
	if w.dry {
		return say(before.File-before.Used, before.Used)
	}
	bar := output.NewProgress(p.err, p.env, 0)
	if err := bar.During(func() error { return events.Compact(ctx) }, func() int { return 0 }); err != nil {
		return err
	}
	after, err := events.Stats(ctx)
	if err != nil {
		return err
	}
	return say(max(before.File-after.File, 0), after.File)
}

// keepSince is the time that --keep means, as the filter since: reads it.
func keepSince(keep string) (time.Time, error) {
	x, err := filter.Parse("since:"+strconv.Quote(keep), time.Now())
	if at, ok := x.(filter.Recorded); ok && err == nil {
		return at.At, nil
	}
	return time.Time{}, exit.Usagef("invalid --keep %q: want a time such as 30d, 12h or 2026-11-01", keep)
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
		if most, err = storeSize(s.maxStore); err != nil {
			return nil, 0, err
		}
	}
	return keep, most, nil
}

// storeSize is the size that --max-store means.
func storeSize(text string) (int64, error) {
	size, err := humanize.ParseBytes(text)
	if err != nil || size < minStore || size > math.MaxInt64 {
		return 0, exit.Usagef("invalid --max-store %q: want a size such as 1GiB (at least 1MiB)", text)
	}
	return int64(size), nil
}

// minStore is the least that --max-store can be: an empty store has some pages as well.
const minStore = 1 << 20
