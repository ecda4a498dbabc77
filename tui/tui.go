// Package tui is the face of a session on a terminal: one list of events that
// grows as they come, the detail of the one under the cursor, and the keys that do
// something with it.
//
// The screen asks and nobody pushes into it. A [Session] says that something has
// changed; the program then looks at its state, reads the rows that are in sight,
// and draws. So a burst of events costs a few frames, and a slow terminal holds up
// nothing but itself.
//
//	err := tui.Run(ctx, session, tui.Options{Version: "1.2.0", Since: started})
//
// Everything that came from outside is made visible before it is drawn, and the
// secret is in no frame.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/drafts"
	"hfhook/internal/duration"
	"hfhook/internal/lease"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/tui/events"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/settings"
	"hfhook/tui/style"
)

// A Session is what the screen shows and acts on. Its methods may be called by
// several goroutines at once; those without a context return at once.
type Session interface {
	// State is the state of now. Nobody changes it.
	State() *dev.State

	// Watch returns a channel with room for one value that gets one after the
	// state or the store has changed. It ends with ctx and is then closed.
	Watch(ctx context.Context) <-chan struct{}

	List(ctx context.Context, q store.Query) (store.Page, error)
	Event(ctx context.Context, id event.ID) (*event.Event, error)
	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)

	// PrintedDuring returns what the handler beside has printed about the time of an attempt.
	PrintedDuring(d *event.Delivery) dev.Printed

	// Previous is the event before the given one to compare e with. store.ErrNotFound: there
	// is none.
	Previous(ctx context.Context, e *event.Event, before event.ID) (dev.Previous, error)

	// Replay sends an event to every target again and returns the attempts, which
	// are recorded. A target that fails is not an error.
	Replay(ctx context.Context, id event.ID, as dev.ReplayAs) ([]event.Delivery, error)

	// ReplayTo sends an event to one target again, by the name that a delivery has.
	ReplayTo(ctx context.Context, id event.ID, target string, as dev.ReplayAs) (event.Delivery, error)

	// ReplayMany sends many events again. A target that fails is not an error.
	ReplayMany(ctx context.Context, b dev.Batch) (dev.Tally, error)

	// Play makes synthetic events of bodies, one after another with the time between
	// them that they have, less with speed.
	Play(ctx context.Context, steps []sample.Step, speed float64, played func(dev.Played)) error

	// Preview is what ReplayMany would send, the secret masked. It sends nothing.
	Preview(ctx context.Context, b dev.Batch) ([]dev.Sent, error)

	// Edit records an edited copy of an event, and sends it nowhere.
	Edit(ctx context.Context, parent event.ID, edit event.Edit) (*event.Event, error)

	// Compose records a synthetic event with this body, and forwards it.
	Compose(ctx context.Context, body []byte) (*event.Event, error)

	// Fixture records an event with this body under a name: a copy of parent or, where
	// that is empty, a synthetic one. store.ErrPinName, store.ErrPinTaken.
	Fixture(ctx context.Context, parent event.ID, body []byte, name string) (*event.Event, error)

	// PutTarget adds a target or changes one, and RemoveTarget takes one away; the error
	// says what to write instead. PauseTargets and DeliverHeld are about all targets where
	// name is empty. DropHeld returns how many events it has given up. TargetWords are the
	// targets that there are, as a command line of hfhook dev has them.
	PutTarget(dev.TargetForm) error
	RemoveTarget(name string)
	PauseTargets(name string, paused bool)
	TargetWords() []string
	DeliverHeld(name string)
	DropHeld(ctx context.Context, name string) (int, error)

	// ClearLeftOver gives up what a target has left that no running hfhook has.
	ClearLeftOver(ctx context.Context, target string) (store.Cleared, error)

	// LookAround returns what listens on this machine and is not a target. It takes a moment.
	LookAround() []dev.Service

	// TriggerAs makes a synthetic event, which is verified, stored and forwarded like
	// a real one. name is one of package sample's, for example "discussion.comment/create".
	TriggerAs(ctx context.Context, name string, opts sample.Options) (*event.Event, error)

	// Pin gives an event a name, or takes it away where name is empty; Note does so with
	// a text. See store.Store for their errors.
	Pin(ctx context.Context, id event.ID, name string) error
	Note(ctx context.Context, id event.ID, text string) error

	// Accept says of the answer to an attempt that it is right, or no longer.
	Accept(ctx context.Context, id event.ID, n int, right bool) error

	// Delete deletes events for good.
	Delete(ctx context.Context, ids ...event.ID) (int, error)

	// Known returns texts that events have had: see store.Store.
	Known(ctx context.Context, kind store.KnownKind, limit int) ([]string, error)

	// ForgetRejected drops one of State.Rejected, ForgetAllRejected all of them.
	ForgetRejected(no event.Rejected)
	ForgetAllRejected()

	// TakeSecret makes a text the secret that is wanted, for as long as the session runs,
	// FixSecret does so with the present one, less what Evidence.Fix names. The print is
	// as in Evidence, and the error says nothing of what is in the text.
	TakeSecret(text string) (event.Print, error)
	FixSecret(fix string) (event.Print, error)

	// GiveHandler makes a text the secret that a target gets from now on.
	GiveHandler(target, text string) (event.Print, error)

	// HubReload reads the webhooks on the Hub again; State has them then.
	HubReload(ctx context.Context) error

	// HubPlan returns what a request about a webhook would change on the Hub, HubApply
	// makes the change and says what was done.
	HubPlan(ctx context.Context, w lease.Request) (*lease.Change, error)
	HubApply(ctx context.Context, c *lease.Change) (done string, err error)

	// SelfTest goes the way of an event from the public URL to the server, and returns
	// how long it took.
	SelfTest(ctx context.Context) (time.Duration, error)

	// UseURL goes on with a public URL of the user's own, in place of the tunnel, and
	// returns it as the tunnel's state has it.
	UseURL(url string) (string, error)

	// SendTo has a target get its events on another path from now on, and returns how it is
	// written then. LearnPaths asks its handler for its paths, for the State.
	SendTo(target, path string) (written string, err error)
	LearnPaths(ctx context.Context, target string)

	// RetryTunnel tries to open the tunnel now, DropTunnel goes on without one.
	RetryTunnel()
	DropTunnel()

	// HandlerOutput returns up to n lines of what the handler beside has printed, that come
	// before the newest up ones, and how many lines are kept, and how many there ever were.
	HandlerOutput(up, n int) (lines []dev.HandlerLine, kept int, ever int64)

	// RestartHandler starts that handler again.
	RestartHandler()

	// Done is closed when the session has ended, Wait then says why.
	Done() <-chan struct{}
	Wait() error

	// SecretText is the secret itself, for the clipboard and never for the
	// screen; empty where nothing is verified.
	SecretText() string
}

// Options are the settings of Run. The zero value is ready to use.
type Options struct {
	Color       style.Color
	ASCII       bool // marks and lines of ASCII alone
	Mouse       bool // takes clicks and the wheel, which the terminal then no longer uses to select text
	NewestFirst bool // the list has the newest event at the top

	Keys    keymap.Keymap // instead of those of the table; Check finds what is wrong
	Theme   style.Colors  // colours; Check finds what is wrong
	Version string        // of hfhook, for the help
	Drafts  drafts.Dir    // where payloads are while they are edited
	Since   time.Time     // start of the run, for the line at the end; zero: now

	Log      func() []dev.Record // the newest records of the log, oldest first; nil: none are shown
	Settings []settings.Setting  // of this run, for the screen that shows them

	// Doctor checks what is needed and reports each check; nil: there is none.
	Doctor func(ctx context.Context, report func(settings.Check))

	// Authtoken gives the tunnel's service another authtoken. With keep it is saved for later
	// runs, once the service has accepted it. Nil: it takes none.
	Authtoken func(token string, keep bool)

	// Tunnels are the ways to a public URL that the user can choose from; nil: none.
	Tunnels events.Tunnels

	// KeepSecret keeps the session's secret in the place of the one that hfhook has made,
	// and returns the file. Nil: the secret is not hfhook's own.
	KeepSecret func() (where string, err error)

	// KeepHandlerSecret keeps the secret that was entered for a target for later runs, and
	// returns the file. Nil: none is kept.
	KeepHandlerSecret func(target string) (where string, err error)

	Filters []events.SavedFilter // that F1 to F9 apply

	// SaveFilter keeps a filter for the next runs, in place of one with its name, and
	// returns all that there are then, and where it was kept. Nil: none can be saved.
	SaveFilter func(events.SavedFilter) (all []events.SavedFilter, where string, err error)

	// ReplayTo is the address that was typed for a replay in this project last, KeepReplayTo
	// keeps another one for the next runs. Nil: none is kept.
	ReplayTo     string
	KeepReplayTo func(address string) error

	// Env is the environment, as in os.Environ: what the terminal is (TERM,
	// COLORTERM, NO_COLOR) and how to reach a clipboard (TMUX, SSH_TTY). Nil means
	// that of the process.
	Env []string

	Input  io.Reader // keys; nil means the terminal
	Output io.Writer // frames, and one line of summary at the end; nil means os.Stdout
}

// Run shows the session until the user quits, which is not an error, or ctx or the session
// ends, whose cause it then returns. It needs a terminal, and leaves it as it was. While
// it runs nothing else may write to the terminal.
func Run(ctx context.Context, s Session, opts Options) error {
	if opts.Env == nil {
		opts.Env = os.Environ()
	}
	if opts.Output == nil {
		opts.Output = os.Stdout
	}
	if opts.Since.IsZero() {
		opts.Since = time.Now()
	}
	return run(ctx, s, opts)
}

// run is Run with the options filled in; a test gives more of them to the program.
func run(ctx context.Context, s Session, opts Options, more ...tea.ProgramOption) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	inner, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { // a screen without a session would be a dead one
		select {
		case <-s.Done():
			end(s.Wait())
		case <-inner.Done():
		}
	})
	a := newAsks(inner, s, screen.NewClipboard(opts.Env), opts.Env)
	a.Version, a.Drafts = opts.Version, opts.Drafts
	defer a.Wait()
	defer cancel()

	programOptions := []tea.ProgramOption{
		tea.WithContext(ctx),
		tea.WithoutSignalHandler(),
		tea.WithFPS(120), // at the usual 60 the frame tick alone costs a key 16 ms
		tea.WithEnvironment(opts.Env),
		tea.WithOutput(opts.Output),
	}
	if opts.Input != nil {
		programOptions = append(programOptions, tea.WithInput(opts.Input))
	} else if a.Keyboard = screen.NewKeyboard(); a.Keyboard.In != nil {
		programOptions = append(programOptions, tea.WithInput(a.Keyboard.In))
	}
	if p, ok := opts.profile(); ok {
		programOptions = append(programOptions, tea.WithColorProfile(p))
	}
	programOptions = append(programOptions, more...)

	m := newModel(a, opts, time.Now)
	program := tea.NewProgram(m, programOptions...)
	if a.Keyboard != nil {
		a.Keyboard.Program = program
		a.Keyboard.Expect()
	}
	_, err := program.Run()
	cancel()
	a.Wait()
	unfinished := m.root.Flush()
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.Is(err, tea.ErrProgramPanic):
		err = errors.New("the screen crashed (a bug in hfhook); received events are safe on disk")
	case err != nil:
		err = fmt.Errorf("run the screen: %w", err)
	}
	if err == nil {
		err = unfinished
	}
	fmt.Fprintln(opts.Output, summary(s.State(), time.Since(opts.Since)))
	return err
}

// summary is the line that stays on the terminal.
func summary(st *dev.State, ran time.Duration) string {
	since := st.Started.Local()
	when := since.Format("15:04")
	if ran >= 12*time.Hour {
		when = since.Format("2006-01-02T15:04")
	}
	failed := ""
	if st.Failed > 0 {
		failed = fmt.Sprintf(", %s not 2xx", style.Plural(st.Failed, "attempt"))
	}
	return fmt.Sprintf("hfhook: %s%s and %d rejected in %s; hfhook ls since:%s",
		style.Plural(st.Received, "event"), failed, st.Refused, duration.Seconds(ran), when)
}
