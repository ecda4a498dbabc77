package cli

// The configuration, read again when its file is edited: the targets follow at once,
// everything else at the next start.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"hfhook/delivery"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
)

// settleFor is how long a file has to be left alone before it is read: editors write one
// in several steps.
const settleFor = 100 * time.Millisecond

// followConfig gives the session the targets of the configuration after each change of
// its files, until ctx ends; join waits for that. args are the targets of the command line.
func followConfig(ctx context.Context, p *program, session *dev.Session, args []string, log *slog.Logger) (join func()) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		log.Warn("changes to the configuration are not detected", "error", err)
		return func() {}
	}
	// Directories, not files: an editor puts a new file in the place of the old one.
	var names []string
	for _, name := range configNames(p) {
		path, err := filepath.Abs(name)
		if err == nil {
			err = watcher.Add(filepath.Dir(path))
		}
		switch {
		case err == nil:
			names = append(names, path)
		case !errors.Is(err, os.ErrNotExist):
			log.Warn("changes to a file are not detected", "file", name, "error", err)
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		defer watcher.Close()
		var due <-chan time.Time
		for {
			select {
			case <-ctx.Done():
				return
			case event, ok := <-watcher.Events:
				if !ok {
					return
				}
				if event.Op != fsnotify.Chmod && slices.Contains(names, event.Name) {
					due = time.After(settleFor)
				}
			case err := <-watcher.Errors:
				log.Warn("watch the configuration", "error", err)
			case <-due:
				due = nil
				takeTargets(p, session, args)
			}
		}
	})
	return wg.Wait
}

// takeTargets gives the session the targets that the configuration now has. Where it has a
// mistake they stay as they are.
func takeTargets(p *program, session *dev.Session, args []string) {
	targets, err := rereadTargets(p, args)
	if err != nil {
		session.Notify(dev.Notice{About: "configuration", Text: fmt.Sprintf("%v: the targets stay as they are", err)})
		return
	}
	if changed := session.SetTargets(targets); changed {
		session.Notify(dev.Notice{About: "configuration", Text: "read again: " + output.Plural(len(targets), "target"), OK: true})
	}
}

// rereadTargets reads the configuration again, as at the start, and returns its targets.
func rereadTargets(p *program, args []string) ([]delivery.Target, error) {
	again := &program{in: p.in, out: p.out, err: p.err, env: p.env, argv: p.argv}
	root := again.rootCommand()
	cmd, rest, err := root.Find(p.argv)
	if err != nil {
		return nil, err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return nil, err
	}
	if err := again.configure(cmd); err != nil {
		return nil, err
	}
	return readTargets(again, cmd, args)
}
