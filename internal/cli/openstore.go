package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// openStore opens a store, and says on stderr that it is being brought up to date if that
// takes longer than a second: on a terminal also how far it is.
func (p *program) openStore(ctx context.Context, path string, opts sqlite.Options) (*sqlite.Store, error) {
	return p.openStoreBy(ctx, path, opts, sqlite.Open)
}

// openToRead opens a store that must exist, also if it cannot be written.
func (p *program) openToRead(ctx context.Context, path string) (*sqlite.Store, error) {
	return p.openStoreBy(ctx, path, sqlite.Options{MustExist: true}, sqlite.OpenToRead)
}

func (p *program) openStoreBy(ctx context.Context, path string, opts sqlite.Options, open func(context.Context, string, sqlite.Options) (*sqlite.Store, error)) (*sqlite.Store, error) {
	if p.settings.store == "" {
		closeDir(filepath.Dir(path))
	}
	bar, told := newProgress(p, 0), false
	defer bar.clear()
	opts.Progress = func(done, total int64) {
		if !told && time.Since(bar.begun) >= progressAfter {
			told = true
			fmt.Fprintf(p.err, "hfhook: %s was written by an older hfhook: updating %s (once)\n", visible.Line(path), plural(int(total), "event"))
		}
		bar.done, bar.total = int(done), int(total)
		bar.say(func(now time.Time) string { return bar.line(now, 0) })
	}
	return open(ctx, path, opts)
}
