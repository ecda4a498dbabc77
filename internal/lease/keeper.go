package lease

// The keeper of a session's webhooks: they follow the public URL, pause without one, and are
// read from the Hub regularly.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"hfhook/internal/hub"
)

// Options are the settings of a Keeper.
type Options struct {
	Client   *hub.Client
	Endpoint string // of Client: webhooks of other Hubs are ignored
	Notes    *Notes
	Project  string     // directory of the session
	Secret   hub.Secret // the first secret of the webhooks; nil: their secrets are not set

	// Watch and Domains are those of the webhook for this session. Without Watch none is made
	// automatically.
	Watch   []hub.Watched
	Domains []hub.Domain
	OnQuit  OnQuit // of the webhooks that this session makes

	// PauseAfter is how long the tunnel may be down before the session's webhooks are disabled,
	// so that the Hub does not suspend them; 0: they are never disabled.
	PauseAfter time.Duration

	QuitWithin time.Duration // how long Quit waits for the Hub; 0: for two seconds

	ReadEvery time.Duration // how often the webhooks are read from the Hub; 0: once a minute

	Advice func(error) string // says what to do about an error from the Hub; nil: nothing is said
	Logger *slog.Logger       // nil: nothing is logged
}

// DefaultQuitWithin is how long the end of a session waits for the Hub, which usually answers
// in a fraction of a second. Users expect a program to end at once.
const DefaultQuitWithin = 2 * time.Second

// retryAfter is the time between two attempts to synchronise a webhook.
const retryAfter = 15 * time.Second

// A Keeper keeps the webhooks of a session. It is safe for concurrent use; methods with a
// context may take as long as several calls of the Hub's API.
type Keeper struct {
	opts Options
	log  *slog.Logger
	poke chan struct{} // one slot: look again

	onNews   func(Notice)
	onChange func()

	turn    chan struct{} // full while a caller has the turn: see takeTurn
	leaving context.Context
	leave   context.CancelFunc // cancels leaving

	// These belong to the caller that has the turn.
	account  *hub.Account
	held     []*held
	watching *held                // the one for Options.Watch
	reported map[string]hub.State // states that were reported
	synced   string               // the URL that the webhooks have
	paused   map[string]bool      // those that were disabled while the tunnel is down
	syncErr  error                // why they could not be synchronised

	mu      sync.Mutex // guards everything below; never held during a call
	state   *State
	url     string // public, of the hook; empty: not known yet
	up      bool
	downAt  time.Time
	secret  hub.Secret           // the secret for the webhooks; nil: their secrets are not set
	secrets map[string]time.Time // when each webhook got the secret
}

// New returns a keeper. It does not call the Hub yet.
func New(opts Options) *Keeper {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.OnQuit == "" {
		opts.OnQuit = Disable
	}
	if opts.QuitWithin == 0 {
		opts.QuitWithin = DefaultQuitWithin
	}
	if opts.ReadEvery == 0 {
		opts.ReadEvery = time.Minute
	}
	if opts.Domains == nil {
		opts.Domains = hub.Domains()
	}
	k := &Keeper{
		opts: opts, log: opts.Logger, poke: make(chan struct{}, 1), state: &State{}, turn: make(chan struct{}, 1),
		onNews: func(Notice) {}, onChange: func() {}, secret: opts.Secret,
		reported: map[string]hub.State{}, secrets: map[string]time.Time{}, paused: map[string]bool{},
	}
	k.leaving, k.leave = context.WithCancel(context.Background())
	return k
}

// takeTurn waits for the turn to call the Hub, which one caller has at a time, for several
// calls if needed. The context that it returns is for these calls: it ends when Quit begins, so
// that the end of a session does not wait for a slow Hub. end returns the turn.
func (k *Keeper) takeTurn(ctx context.Context) (_ context.Context, end func(), err error) {
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	case <-k.leaving.Done():
		return nil, nil, context.Cause(k.leaving)
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(k.leaving, cancel) // at once, if Quit has begun already
	return ctx, func() { stop(); cancel(); <-k.turn }, nil
}

// Endpoint is the URL of the Hub.
func (k *Keeper) Endpoint() string { return k.opts.Endpoint }

// Notify sets the functions that are called with notices, and after a change of State. Neither
// may block. Call it before any other method.
func (k *Keeper) Notify(notice func(Notice), change func()) { k.onNews, k.onChange = notice, change }

// State returns the present state.
func (k *Keeper) State() *State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// set changes the state.
func (k *Keeper) set(change func(*State)) {
	k.mu.Lock()
	s := *k.state
	change(&s)
	k.state = &s
	k.mu.Unlock()
	k.onChange()
}

// Tunnel sets the public URL of the hook, and whether requests arrive through it. It does not
// block.
func (k *Keeper) Tunnel(url string, up bool) {
	k.mu.Lock()
	if url != "" {
		k.url = url
	}
	if up {
		k.downAt = time.Time{}
		if !k.state.PauseAt.IsZero() {
			s := *k.state
			s.PauseAt = time.Time{}
			k.state = &s
		}
	} else if k.up {
		k.downAt = time.Now()
	}
	k.up = up
	k.mu.Unlock()
	k.look()
}

func (k *Keeper) look() {
	select {
	case k.poke <- struct{}{}:
	default:
	}
}

func (k *Keeper) tunnel() (url string, up bool, downAt time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.url, k.up, k.downAt
}

// Run keeps the webhooks synchronised until ctx ends. [Keeper.Quit] then restores them.
func (k *Keeper) Run(ctx context.Context) error {
	var tried string    // the URL of the last attempt that failed
	var again time.Time // when the next attempt is due
	var read time.Time  // when to read the Hub
	var of string       // the URL for which it was read: it decides which webhooks point here
	for {
		url, up, downAt := k.tunnel()
		now := time.Now()
		if url != of {
			of, read = url, now
		}
		var due time.Time
		wakeAt := func(at time.Time) {
			if due.IsZero() || at.Before(due) {
				due = at
			}
		}
		switch {
		case up && k.outOfStep(ctx, url):
			if url == tried && now.Before(again) {
				wakeAt(again)
				break
			}
			if err := k.Sync(ctx); err != nil {
				tried, again = url, time.Now().Add(retryAfter)
				if Hopeless(err) {
					again = time.Now().Add(time.Hour)
				}
				wakeAt(again)
			} else {
				tried = ""
			}
			read = time.Now().Add(k.opts.ReadEvery)
		case !downAt.IsZero() && k.opts.PauseAfter > 0 && k.hasWebhooks(ctx):
			if at := downAt.Add(k.opts.PauseAfter); now.Before(at) {
				k.showPause(at)
				wakeAt(at)
			} else if !k.State().Paused {
				if now.Before(again) {
					wakeAt(again)
				} else if err := k.pause(ctx); err != nil {
					again = time.Now().Add(retryAfter)
					wakeAt(again)
				}
			}
		}
		if !now.Before(read) {
			if err := k.Reload(ctx); errors.Is(err, hub.ErrNoToken) || errors.Is(err, hub.ErrToken) || errors.Is(err, hub.ErrOffline) {
				read = time.Now().Add(24 * time.Hour) // nothing changes without a call
			} else {
				read = time.Now().Add(k.opts.ReadEvery)
			}
		}
		wakeAt(read)
		select {
		case <-ctx.Done():
			return nil
		case <-k.poke:
		case <-time.After(time.Until(due)):
		}
	}
}

// Hopeless reports whether retrying automatically makes no sense.
func Hopeless(err error) bool {
	for _, kind := range []error{hub.ErrNoToken, hub.ErrToken, hub.ErrForbidden, hub.ErrOffline, hub.ErrNotHub, hub.ErrNotFound} {
		if errors.Is(err, kind) {
			return true
		}
	}
	refused := (*hub.Error)(nil)
	return errors.As(err, &refused) && refused.Status >= 400 && refused.Status < 500 && refused.Status != 429
}

// outOfStep reports whether there is something to do now that the tunnel is up.
func (k *Keeper) outOfStep(ctx context.Context, url string) bool {
	_, end, err := k.takeTurn(ctx)
	if err != nil {
		return false
	}
	defer end()
	if k.State().Paused || len(k.opts.Watch) > 0 && k.watching == nil && k.synced == "" {
		return true
	}
	return len(k.held) > 0 && k.synced != url
}

func (k *Keeper) hasWebhooks(ctx context.Context) bool {
	_, end, err := k.takeTurn(ctx)
	if err != nil {
		return false
	}
	defer end()
	return len(k.held) > 0
}

func (k *Keeper) showPause(at time.Time) {
	if !k.State().PauseAt.Equal(at) {
		k.set(func(s *State) { s.PauseAt = at })
	}
}

// pause disables the webhooks of this session while the tunnel is down.
func (k *Keeper) pause(ctx context.Context) error {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	for _, h := range slices.Clone(k.held) {
		if state, known := k.reported[h.Webhook]; known && state != hub.Enabled {
			continue
		}
		w, err := k.opts.Client.Disable(ctx, h.Webhook)
		if errors.Is(err, hub.ErrNotFound) {
			k.lost(h)
			continue
		}
		if err != nil {
			return k.failed(fmt.Errorf("pause while the tunnel is down: %w", err))
		}
		k.reported[w.ID], k.paused[w.ID] = w.State, true
		k.report(Notice{Kind: Paused, Webhook: w.ID, URL: w.Target(), Text: "disabled while the tunnel is down, so that the Hub does not suspend it; events until then are not sent"})
	}
	k.set(func(s *State) { s.Paused, s.PauseAt = true, time.Time{} })
	return k.read(ctx)
}

// lost removes a webhook that is no longer on the Hub.
func (k *Keeper) lost(h *held) {
	k.drop(h)
	if err := h.forget(); err != nil {
		k.log.Warn("the webhook was deleted", "error", err)
	}
	k.report(Notice{Kind: Forgotten, Webhook: h.Webhook, URL: shown(h.URL), Text: "was deleted on the Hub; no more events come from it"})
}

func (k *Keeper) drop(h *held) {
	k.held = slices.DeleteFunc(k.held, func(other *held) bool { return other == h })
	if k.watching == h {
		k.watching = nil
	}
	k.forgetSecret(h.Webhook)
	delete(k.paused, h.Webhook)
}

// failed reports an error and returns it.
func (k *Keeper) failed(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	fix := ""
	if k.opts.Advice != nil {
		fix = k.opts.Advice(err)
	}
	before := k.State().Problem
	k.set(func(s *State) { s.Problem, s.Fix = err, fix })
	if before == nil || kindOf(before) != kindOf(err) || !errors.Is(err, hub.ErrUnreachable) && before.Error() != err.Error() {
		k.report(Notice{Kind: Failed, Text: err.Error(), Err: err, Fix: fix})
	}
	return err
}

// kindOf returns which of the Hub's errors it is, or nil for another one. The texts of two
// failed connections differ by chance.
func kindOf(err error) error {
	for _, kind := range []error{hub.ErrUnreachable, hub.ErrUncertain, hub.ErrLimited, hub.ErrToken, hub.ErrForbidden} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

func (k *Keeper) report(n Notice) {
	k.onNews(n)
}

// Reload reads the user's webhooks. The State has an error, too.
func (k *Keeper) Reload(ctx context.Context) error {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	return k.read(ctx)
}

// identify asks once for the user of the access token.
func (k *Keeper) identify(ctx context.Context) error {
	if k.account != nil {
		return nil
	}
	account, err := k.opts.Client.Whoami(ctx)
	if err != nil {
		return err
	}
	k.account = account
	k.set(func(s *State) { s.User, s.Role = account.Name, account.Role })
	return nil
}

// read reads the webhooks from the Hub into the state.
func (k *Keeper) read(ctx context.Context) error {
	if err := k.identify(ctx); err != nil {
		return k.failed(err)
	}
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return k.failed(err)
	}
	return k.take(all)
}

// take puts the Hub's webhooks into the state, and reports what the Hub did with them.
func (k *Keeper) take(all []hub.Webhook) error {
	entries, err := k.opts.Notes.all()
	if err != nil {
		return k.failed(err)
	}
	for _, h := range slices.Clone(k.held) {
		if !slices.ContainsFunc(all, func(w hub.Webhook) bool { return w.ID == h.Webhook }) {
			k.lost(h)
		}
	}
	url, _, _ := k.tunnel()
	hooks := make([]Hook, len(all))
	for i := range all {
		hooks[i] = k.hook(all[i], entries, url)
		k.noteState(&hooks[i])
	}
	slices.SortStableFunc(hooks, func(a, b Hook) int { return cmp.Compare(b.rank(), a.rank()) })
	k.set(func(s *State) {
		s.Hooks, s.Read = hooks, time.Now()
		if s.Problem = k.syncErr; s.Problem == nil {
			s.Fix = ""
		}
	})
	return nil
}

// noteState reports that the Hub has suspended a webhook of this session.
func (k *Keeper) noteState(h *Hook) {
	before, known := k.reported[h.ID]
	k.reported[h.ID] = h.State
	if h.Used && h.State == hub.Suspended && known && before != hub.Suspended {
		k.report(Notice{Kind: Suspended, Webhook: h.ID, URL: h.Target(), Text: "was suspended by the Hub, because deliveries failed; hfhook webhooks enable " + h.ID + " enables it again"})
	}
}

// hook returns a webhook with the information from its note.
func (k *Keeper) hook(w hub.Webhook, entries []entry, url string) Hook {
	h := Hook{Webhook: w, Activity: k.opts.Client.Activity(w.ID), Here: leadsTo(w.URL, url), Secret: k.secretSince(w.ID)}
	for _, e := range entries {
		if e.Webhook != w.ID || !k.ours(e) {
			continue
		}
		h.Noted, h.Made, h.OnQuit = true, e.Made, e.OnQuit
		h.Old = !h.Here && w.URL != "" && w.URL == e.URL
		h.Used = slices.ContainsFunc(k.held, func(own *held) bool { return own.name == e.name })
		h.Others = e.inUse && !h.Used
		h.Crashed = e.Used && !e.inUse
		if e.Before != nil {
			h.Taken = true
			h.Was = (&hub.Webhook{URL: e.Before.URL, JobSourceID: e.Before.JobSourceID}).Target()
		}
	}
	return h
}

// ours reports whether a note is about a webhook of this user on this Hub.
func (k *Keeper) ours(e entry) bool {
	return e.Endpoint == k.opts.Endpoint && k.account != nil && e.User == k.account.Name
}
