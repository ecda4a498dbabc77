package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// openStore opens a store, and says on stderr that it is being brought up to date if that
// takes longer than a second: on a terminal also how far it is.
func (p *program) openStore(ctx context.Context, path string, opts sqlite.Options) (*sqlite.Store, error) {
	return openStoreBy(ctx, p, path, opts, sqlite.Open)
}

// openToRead opens a store that must exist, also if it cannot be written.
func openToRead(ctx context.Context, p *program, path string) (*sqlite.Store, error) {
	return openStoreBy(ctx, p, path, sqlite.Options{MustExist: true}, sqlite.OpenToRead)
}

func openStoreBy(ctx context.Context, p *program, path string, opts sqlite.Options, open func(context.Context, string, sqlite.Options) (*sqlite.Store, error)) (*sqlite.Store, error) {
	if p.settings.store == "" {
		closeDir(filepath.Dir(path))
	}
	bar, shown := output.NewProgress(p.err, p.env, 0), false
	defer bar.Clear()
	opts.Progress = func(done, total int64) {
		if !shown && time.Since(bar.Begun) >= output.ProgressAfter {
			shown = true
			fmt.Fprintf(p.err, "hfhook: %s was written by an older hfhook: updating %s (once)\n", visible.Line(path), output.Plural(int(total), "event"))
		}
		bar.Done, bar.Total = int(done), int(total)
		bar.Say(func(now time.Time) string { return bar.Line(now, 0) })
	}
	return open(ctx, path, opts)
}
