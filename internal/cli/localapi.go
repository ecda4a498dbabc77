package cli

// The local API of hfhook dev: made by it, and used by the commands of a second shell.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/local"
	"hfhook/internal/version"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
)

// noteDir is where the notes about running hfhook dev are.
func noteDir(p *program) (string, error) {
	state, err := p.stateDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(state, "running"), nil
}

// projectFolder is the folder that this process belongs to.
func projectFolder(p *program) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	return local.Folder(dir, config.ProjectFile, p.env("HOME")), nil
}

// serveLocal offers the local API of a session until end is called, which waits for its end. It
// never keeps a session from running: what fails is said once.
func serveLocal(ctx context.Context, p *program, session *dev.Session, addr string, stop func(), log *slog.Logger) (end func()) {
	end, err := tryServeLocal(ctx, p, session, addr, stop, log)
	if err != nil {
		log.Warn("other commands will not find this hfhook dev", "error", err)
		return func() {}
	}
	return end
}

func tryServeLocal(ctx context.Context, p *program, session *dev.Session, addr string, stop func(), log *slog.Logger) (end func(), err error) {
	folder, err := projectFolder(p)
	if err != nil {
		return nil, err
	}
	dir, err := noteDir(p)
	if err != nil {
		return nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	store, err := absoluteStore(p)
	if err != nil {
		return nil, err
	}
	ln, err := local.Listen(p.env)
	if err != nil {
		return nil, err
	}
	server := &local.Server{Session: session, Folder: folder, Version: version.Get().Version, Stop: stop, Logger: log}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(ctx, ln); err != nil {
			log.Warn("the local API has ended", "error", err)
		}
	})
	note := local.Note{Folder: folder, PID: os.Getpid(), Began: p.started, Addr: addr, Path: session.Path(), Store: store, Socket: ln.Addr().String()}
	remove, err := note.Write(dir)
	if err != nil {
		cancel()
		serving.Wait()
		return nil, err
	}
	return func() {
		if err := remove(); err != nil {
			log.Warn("remove the note about the local API", "error", err)
		}
		cancel()
		serving.Wait()
	}, nil
}

// errNoDev is returned where a command needs a running hfhook dev, and there is none.
var errNoDev = errors.New("no hfhook dev is running in this folder")

// runningDevs are the hfhook dev that run, the oldest first. What one has left that was killed is
// removed.
func runningDevs(ctx context.Context, p *program, want func(local.Note) bool) ([]*local.Client, error) {
	dir, err := noteDir(p)
	if err != nil {
		return nil, err
	}
	notes, err := local.Notes(dir)
	if err != nil {
		return nil, err
	}
	var all []*local.Client
	for _, n := range notes {
		if !want(n) {
			continue
		}
		c, err := local.Dial(ctx, dir, n)
		switch {
		case errors.Is(err, local.ErrGone):
		case err != nil:
			return nil, err
		default:
			all = append(all, c)
		}
	}
	return all, nil
}

// findDev is the hfhook dev of this folder; nil if none is running. If a store is named, it is one
// that records there.
func findDev(ctx context.Context, p *program) (*local.Client, error) {
	folder, err := projectFolder(p)
	if err != nil {
		return nil, err
	}
	storePath := ""
	if p.settings.store != "" {
		if storePath, err = absoluteStore(p); err != nil {
			return nil, err
		}
	}
	all, err := runningDevs(ctx, p, func(n local.Note) bool {
		if p.settings.dev != 0 {
			return n.PID == p.settings.dev
		}
		return n.Folder == folder && (storePath == "" || n.Store == storePath)
	})
	switch {
	case err != nil:
		return nil, err
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0 && p.settings.dev != 0:
		return nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("no hfhook dev is running as process %d", p.settings.dev), Try: "hfhook status shows those that run"}
	case len(all) == 0:
		return nil, nil
	}
	return nil, severalDevs(p, all)
}

// findStoreDev is findDev of one that records in the store that this command uses.
func findStoreDev(ctx context.Context, p *program) (*local.Client, error) {
	found, err := findDev(ctx, p)
	if err != nil || found == nil {
		return nil, err
	}
	path, err := absoluteStore(p)
	if err != nil {
		return nil, err
	}
	if found.Store == path {
		return found, nil
	}
	found.Close()
	if !p.settings.quiet {
		fmt.Fprintf(p.err, "note: the hfhook dev of this folder records in another store: --store %s uses it\n", visible.Line(screen.ShellWord(found.Store)))
	}
	return nil, nil
}

// severalDevs asks which one of several is meant, with the lines that say it.
func severalDevs(p *program, all []*local.Client) error {
	words := make([]string, 0, len(p.argv))
	for _, word := range p.argv {
		words = append(words, screen.ShellWord(word))
	}
	var lines []string
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("hfhook %s --dev %d   (on %s, since %s)", strings.Join(words, " "), c.PID, c.Addr, c.Began.Local().Format("15:04:05")))
		c.Close()
	}
	return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%d hfhook dev are running in this folder: say which one", len(all)), Try: strings.Join(lines, "\n     ")}
}

// needDev is findDev where there has to be one.
func needDev(ctx context.Context, p *program) (*local.Client, error) {
	found, err := findDev(ctx, p)
	if err == nil && found == nil {
		err = noDev()
	}
	return found, err
}

func noDev() error {
	return &exit.Error{Code: exit.CodeFailure, Err: errNoDev, Try: "start hfhook dev here in another terminal; hfhook status shows those that run elsewhere"}
}

// addDevFlag adds the flag that says which running hfhook dev is meant.
func addDevFlag(p *program, f *pflag.FlagSet) {
	f.Var((*pidValue)(&p.settings.dev), "dev", "use the running hfhook dev with this process id (default: the one of this folder)")
	_ = f.SetAnnotation("dev", notSetting, nil)
}

// A pidValue is the id of a process; 0: none.
type pidValue int

func (v *pidValue) String() string { return strconv.Itoa(int(*v)) }

func (v *pidValue) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("want the id of a process: hfhook status shows those that run")
	}
	*v = pidValue(n)
	return nil
}

func (*pidValue) Type() string { return "pid" }
