// Package handler runs the developer's own handler beside hfhook: it starts the command,
// keeps the end of what it prints, starts it again when it has crashed, when a file has
// changed and when somebody asks for it, and ends it with all that it has started.
//
//	h, err := handler.New(handler.Options{Args: []string{"uvicorn", "app:app"}, Reload: []string{"src/**"}})
//	…
//	err = h.Run(ctx, changed) // until ctx ends
package handler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"

	"hfhook/internal/duration"
	"hfhook/internal/process"
	"hfhook/internal/redact"
)

// DefaultGrace is how long a handler may take to end after it was asked to.
const DefaultGrace = 2 * time.Second

const (
	pauseFirst = 250 * time.Millisecond // before a start after a crash, doubled each time
	pauseMost  = 10 * time.Second
	healthy    = 5 * time.Second // a handler that has run so long was no failed start
)

// A Policy says when a handler that has ended by itself is started again. A changed file
// and Restart start it in any case, while Run has not returned.
type Policy string

// The policies.
const (
	OnCrash Policy = "crash"  // after it has failed
	Always  Policy = "always" // after it has ended in any way
	Never   Policy = "never"  // Run returns
)

// Options are what a handler is run with.
type Options struct {
	Args   []string // the program, looked for in PATH, and its arguments; no shell reads them
	Dir    string   // it runs there, and Reload is relative to it; empty: the working directory
	Env    []string // all of its environment
	Reload []string // patterns of files, see New; none: changes do not matter
	Own    []string // files and directories that hfhook itself writes: whatever Reload says, they do not matter
	Policy Policy   // empty: OnCrash

	Redact redact.Redactor // applied to its output

	// Sink gets all that it prints, line by line, and the remarks between. It is called by
	// one goroutine at a time; while it blocks, so does the handler that prints. Nil: none.
	Sink func([]Line)

	Grace  time.Duration // 0 means DefaultGrace
	Logger *slog.Logger  // nil: nothing is logged
}

// A Phase is what a handler does.
type Phase string

// The phases.
const (
	Starting Phase = "starting" // what ran before is being ended
	Running  Phase = "running"
	Waiting  Phase = "waiting" // it has crashed, and is started again after a pause
	Ended    Phase = "ended"   // it has ended, and is started again when somebody wants that
)

// A State is what is known of a handler at one moment.
type State struct {
	Command string // its arguments, parted by spaces, less the secret
	Phase   Phase
	Since   time.Time // of the phase
	PID     int       // while it runs
	Starts  int       // how often it was started
	Why     string    // it was started the last time, for example "app.py changed"; empty for the first time
	Last    string    // how it ended the last time; empty while that was not by itself
	Failed  bool      // that was a failure
	InARow  int       // failures one after another
	Next    time.Time // start, while Waiting
	Watched int       // files that start it again
}

// A Handler is a command that is run. Its methods may be called by several goroutines at
// once.
type Handler struct {
	opts   Options
	log    *slog.Logger
	out    *output
	files  *files // nil: none is watched
	wanted chan struct{}

	mu    sync.Mutex
	state State
	why   string // of the restart that is wanted
}

// ErrEnded is in what Run returns where the handler has ended by itself.
var ErrEnded = errors.New("the handler has ended")

// An EndError says how a handler has ended by itself, also where that was no failure.
type EndError struct {
	Command string
	Exit    process.Exit
}

func (e *EndError) Error() string { return fmt.Sprintf("%s: %s", e.Command, ended(e.Exit)) }
func (e *EndError) Unwrap() error { return ErrEnded }

// New makes a handler that Run starts. The patterns of Reload are those of doublestar:
// src/** are all files below src, *.py those of the directory itself, {a,b} alternatives;
// one that begins with ! takes away what the others match. A pattern's wildcards lead to
// nothing hidden, to no node_modules or __pycache__, and to no editor's temporary files.
//
// The error says what is wrong with the command, or which pattern matches nothing.
func New(opts Options) (*Handler, error) {
	if len(opts.Args) == 0 {
		return nil, errors.New("the command is empty")
	}
	if err := look(opts); err != nil {
		return nil, err
	}
	opts.Policy = cmp.Or(opts.Policy, OnCrash)
	opts.Grace = cmp.Or(opts.Grace, DefaultGrace)
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	h := &Handler{
		opts: opts, log: opts.Logger, wanted: make(chan struct{}, 1),
		state: State{Command: opts.Redact.Text(strings.Join(opts.Args, " ")), Phase: Starting, Since: time.Now()},
	}
	h.out = &output{redact: opts.Redact, sink: opts.Sink, changed: func() {}}
	if len(opts.Reload) > 0 {
		var err error
		if h.files, err = watchFiles(opts.Dir, opts.Reload, opts.Own); err != nil {
			return nil, err
		}
		h.state.Watched = h.files.count
	}
	return h, nil
}

// look says in words for people why a program can't be run.
func look(opts Options) error {
	name := opts.Args[0]
	cmd := exec.Command(name)
	switch err := cmd.Err; {
	case err == nil && strings.ContainsAny(name, `/\`):
		cmd.Dir = opts.Dir
		if _, err := exec.LookPath(name); err != nil && opts.Dir == "" {
			return fmt.Errorf("%s cannot be run: %w", name, reason(err))
		}
		return nil
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrDot):
		return fmt.Errorf("%s is in this directory, which is not in PATH: write ./%s", name, name)
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("command not found: %q is not in PATH", name)
	default:
		return fmt.Errorf("%s cannot be run: %w", name, reason(err))
	}
}

// reason is the part of an error that does not repeat the program's name.
func reason(err error) error {
	for {
		switch e := err.(type) {
		case *exec.Error:
			err = e.Err
		case *fs.PathError:
			err = e.Err
		default:
			return err
		}
	}
}

// State returns what is known of the handler.
func (h *Handler) State() State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// Restart ends the handler and starts it again, or starts it where it has ended. It
// returns at once.
func (h *Handler) Restart(why string) {
	h.mu.Lock()
	h.why = why
	h.mu.Unlock()
	select {
	case h.wanted <- struct{}{}:
	default:
	}
}

// Run starts the handler and keeps it running until ctx ends, and returns when nothing of
// it runs any more: nil, or an *EndError where the policy is Never and it has ended by
// itself. changed is called after the state or the output has changed, by several
// goroutines at once, and may not block. Run is called once.
func (h *Handler) Run(ctx context.Context, changed func()) error {
	h.out.changed = changed
	var watching sync.WaitGroup
	defer watching.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if h.files != nil {
		watching.Go(func() { h.files.run(ctx, h.Restart, h.note) })
	}
	for {
		began := time.Now()
		exit, ended := h.once(ctx)
		switch {
		case ctx.Err() != nil:
			h.change(func(s *State) { s.Phase, s.PID = Ended, 0 })
			return nil
		case !ended: // a start is wanted
			h.clear()
			continue
		case h.opts.Policy == Never:
			return &EndError{h.State().Command, exit}
		}
		failed := !exit.OK()
		var pause <-chan time.Time
		h.change(func(s *State) {
			s.Phase, s.Failed, s.PID = Ended, failed, 0
			if time.Since(began) > healthy {
				s.InARow = 0
			}
			if failed || h.opts.Policy == Always {
				s.InARow++
				wait := min(pauseFirst<<min(s.InARow-1, 10), pauseMost)
				s.Phase, s.Next = Waiting, time.Now().Add(wait)
				pause = time.After(wait)
			}
		})
		select {
		case <-ctx.Done():
			return nil
		case <-pause:
			h.setWhy("after it " + h.State().Last)
		case <-h.wanted:
			h.clear()
		}
	}
}

// clear forgets failures: somebody has done something about them.
func (h *Handler) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.InARow, h.state.Why = 0, h.why
}

func (h *Handler) setWhy(why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Why = why
}

// once runs the handler until it ends by itself, or ctx ends, or a restart is wanted.
func (h *Handler) once(ctx context.Context) (exit process.Exit, ended bool) {
	p, err := process.Start(process.Command{Args: h.opts.Args, Dir: h.opts.Dir, Env: h.opts.Env, Stdout: h.out, Stderr: h.out})
	if err != nil {
		return h.unstarted(reason(err).Error()), true
	}
	release, err := p.Guard()
	if err != nil {
		h.log.Warn("the handler would keep running if hfhook is killed", "error", err)
		release = func() {}
	}
	defer release()
	h.change(func(s *State) {
		s.Phase, s.PID, s.Last, s.Failed = Running, p.PID(), "", false
		s.Starts++
	})
	st := h.State()
	text := "started " + st.Command
	if st.Starts > 1 {
		text = "restarted: " + cmp.Or(st.Why, "on request")
	}
	h.note(text)
	h.log.Info("handler started", "pid", p.PID(), "starts", st.Starts, "why", st.Why)

	began := time.Now()
	select {
	case <-p.Done():
		exit = p.Exit()
		h.out.end()
		h.ended(exit, began)
		return exit, true
	case <-ctx.Done():
	case <-h.wanted:
		h.change(func(s *State) { s.Phase = Starting })
	}
	asked := time.Now()
	exit = p.Stop(h.opts.Grace)
	h.out.end()
	if exit.Signal == killed && time.Since(asked) >= h.opts.Grace {
		h.note(fmt.Sprintf("killed: it did not exit within %v after SIGTERM", h.opts.Grace))
		h.log.Info("the handler did not exit when asked and was killed", "grace", h.opts.Grace)
	}
	return exit, false
}

const killed = "killed" // the name of SIGKILL

func (h *Handler) unstarted(why string) process.Exit {
	h.change(func(s *State) {
		s.Starts++
		s.Last = "could not be started: " + why
	})
	h.note("could not be started: " + why)
	h.log.Info("the handler could not be started", "error", why)
	return process.Exit{Code: 127} // as shells have it
}

func (h *Handler) ended(exit process.Exit, began time.Time) {
	text := ended(exit)
	h.change(func(s *State) { s.Last = text })
	h.note(text + ", after " + duration.Text(time.Since(began)))
	h.log.Info("handler ended", "how", text)
}

func ended(exit process.Exit) string {
	if exit.Signal != "" {
		return "was killed by a signal: " + exit.Signal
	}
	return fmt.Sprintf("ended with exit code %d", exit.Code)
}

// note puts a remark of hfhook's own into the output.
func (h *Handler) note(text string) { h.out.remark(text) }

func (h *Handler) change(f func(*State)) {
	h.mu.Lock()
	before := h.state
	f(&h.state)
	if h.state.Phase != before.Phase || h.state.Starts != before.Starts {
		h.state.Since = time.Now()
	}
	h.mu.Unlock()
	h.out.changed()
}
