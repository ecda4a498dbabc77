// Package dev is the session behind `hfhook dev`: it starts the capture server, the tunnel and
// the deliveries, connects them, and reports what happens. The terminal UI and the plain output
// are two front ends of it; every action of a key or a command is one of its methods.
//
// Who wakes whom:
//
//	request   ─▶ server ─▶ Record ─▶ store ─▶ answer      nothing else makes the answer wait
//	Record    ─▶ dispatcher                               reads what waits from the store
//	Reject, tunnel, dispatcher, store ─▶ publisher        folds changes into one State
//	tunnel    ─▶ webhooks on the Hub                      follow its URL, and pause without it
//	publisher ─▶ watchers                                 one slot each; they read State and store
//
// Channels only wake; what happened is in the store or in the State.
package dev

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/internal/handler"
	"hfhook/internal/lease"
	"hfhook/server"
	"hfhook/store"
	"hfhook/tunnel"
)

// publishEvery is the shortest time between two States: a burst of events is shown in steps of
// it.
const publishEvery = 33 * time.Millisecond

// Options are the settings of a session.
type Options struct {
	Store store.Store // stays open when the session ends

	Listener net.Listener // local, already bound; the session closes it
	Path     string       // of the hook whose URL is shown, for example /webhooks/say_hello; empty means /webhooks
	MaxBody  int64        // bytes; 0 means the server's default

	Secrets      []server.Secret // the present one first; none: nothing is verified
	SecretSource string          // where the first one came from
	SecretMade   bool            // hfhook made it
	Known        []capture.Known // secrets that are not accepted, but recognised among wrong ones

	HandlerSecrets map[string]server.Secret // entered in earlier runs, by the name of the target

	Targets           []delivery.Target
	SendSecretTo      []string // hosts besides this machine that get the secret
	ForwardDuplicates bool
	AckHandler        bool                                  // the sender gets the answer of the first target that gets the event
	AckRules          []AckRule                             // the sender gets the answer of the first of them that takes the event
	AckWithin         time.Duration                         // how long it waits for that; 0: ten seconds
	Proxy             func(*http.Request) (*url.URL, error) // for targets on other machines; nil: no proxy

	Handler       *handler.Handler // the handler to run; nil: none
	HandlerTarget string           // name of the target that is this handler
	OnRestart     OnRestart        // empty: RestartNone

	Tunnel      tunnel.Provider // nil: none until UseTunnel is called
	ProbeClient *http.Client    // nil: one of the tunnel's own
	URLs        URLMemory       // remembers the public URL; nil: it is not remembered
	URLFollowed bool            // the webhook on the Hub gets a changed URL automatically

	KeepSince func() time.Time // events that were recorded before it and are not pinned are deleted while the session runs; nil: none are
	MaxStore  int64            // bytes; beyond that the oldest events are deleted. 0: no limit

	Hub *lease.Keeper // keeps the webhooks on the Hub; nil: the Hub is left alone

	Journal bool         // Session.Journal has a reader all the time
	Logger  *slog.Logger // nil: nothing is logged
}

// A Session is a running `hfhook dev`. It is safe for concurrent use.
type Session struct {
	opts    Options
	log     *slog.Logger
	store   store.Store
	server  *server.Server
	inside  capture.Server
	outbox  *delivery.Dispatcher
	tunnel  *tunnel.Tunnel
	started time.Time
	project string

	rejected    rejections
	replays     replays
	journal     journal
	received    atomic.Int64
	failures    atomic.Int64
	coverage    atomic.Pointer[coverage]
	tunneled    chan struct{} // one slot: the tunnel has changed
	knownURL    string        // for the heartbeat: the tunnel's last URL
	health      storeHealth
	handler     lastHandler
	requests    requests
	lastRestart atomic.Pointer[HandlerRestart]
	moved       chan struct{} // one slot: the handler or a target's state has changed
	ports       atomic.Pointer[map[string]bool]
	answers     answers
	acks        *ackRules
	ending      chan struct{} // closed: nothing more is waited for

	noticing     sync.Mutex
	notices      []Notice          // the newest; replaced, never changed
	withheldFrom map[string]string // by target name: the address for which a notice was given
	spared       map[string]bool   // by id: webhooks for which a notice was given that no rule of --ack applies

	targeting sync.Mutex      // held to change the targets
	added     map[string]bool // by name: targets that are not in the configuration

	state   atomic.Pointer[State]
	changed chan struct{} // one slot
	asked   atomic.Int64  // number of calls of Settle
	settled atomic.Int64  // the State includes everything before so many of these calls
	wakers  wakers

	done   chan struct{}
	err    error // read after done
	hubErr error // read after done
	hubEnd hubEnd

	secrets    atomic.Pointer[accepting]
	handlers   sync.Map        // secrets that were entered for handlers, by name of the target
	securing   sync.Mutex      // held to change the secrets
	configured []server.Secret // of the configuration, the present one first
}

// Start starts a session, which ends with ctx. When it returns, the local listener accepts
// requests; the tunnel comes up afterwards.
func Start(ctx context.Context, opts Options) (*Session, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Path == "" {
		opts.Path = server.Root
	}
	s := &Session{
		opts:         opts,
		log:          opts.Logger,
		started:      time.Now(),
		journal:      journal{kept: opts.Journal},
		changed:      make(chan struct{}, 1),
		tunneled:     make(chan struct{}, 1),
		moved:        make(chan struct{}, 1),
		answers:      answers{some: make(chan struct{}, 1)},
		ending:       make(chan struct{}),
		added:        make(map[string]bool),
		withheldFrom: make(map[string]string),
		spared:       make(map[string]bool),
		acks:         newAckRules(opts.AckRules),
		done:         make(chan struct{}),
	}
	s.store = steadyStore{opts.Store, &s.health}
	for target, secret := range opts.HandlerSecrets {
		s.handlers.Store(target, secret)
	}
	s.secrets.Store(&accepting{secrets: s.withHandlers(opts.Secrets)})
	s.configured = opts.Secrets
	if dir, err := os.Getwd(); err == nil {
		s.project = filepath.Base(dir)
	}
	var targets []delivery.Target
	for _, t := range opts.Targets {
		targets = append(targets, t.Redacted(s.redactor()))
	}
	s.outbox = delivery.New(opts.Store, delivery.Options{
		Targets:      targets,
		Secret:       s.handlerSecret,
		SendSecretTo: opts.SendSecretTo,
		Proxy:        opts.Proxy,
		OnChange:     func() { poke(s.moved); s.change() },
		OnDelivery:   s.delivered,
		OnAttempt:    s.requests.begin,
		OwnPort:      portOf(opts.Listener.Addr()),
		Logger:       opts.Logger,
	})
	s.tunnel = tunnel.New(opts.Tunnel, tunnel.Options{
		Serve:     func(ctx context.Context, ln net.Listener) error { return s.inside.ServeTunnel(ctx, ln) },
		Report:    s.reportTunnel,
		ProbePath: capture.ProbePath,
		Client:    opts.ProbeClient,
		Logger:    opts.Logger,
	})
	var err error
	s.server, err = server.New(server.Options{
		Secrets:  s.withHandlers(opts.Secrets),
		Open:     len(opts.Secrets) == 0,
		Recorder: capturing{s, s.tunnel.ProbeHandler()},
		MaxBody:  opts.MaxBody,
		Logger:   opts.Logger,
	})
	if err != nil {
		return nil, err
	}
	if err := s.server.HandleAny(s.acknowledge); err != nil {
		return nil, err
	}
	if opts.Hub != nil {
		opts.Hub.Notify(s.hubNews, s.change)
	}
	s.noticeShort(s.presentSecret())
	s.noticeWithheld(s.outbox.Health())
	s.noticeSlash(s.outbox.Targets())
	s.noteTargets()
	if err := s.publish(ctx); err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	go s.run(ctx)
	return s, nil
}

// run owns every goroutine of the session, and stops them in order of their dependencies: first
// the webhooks on the Hub, then the server, then the deliveries, and the watchers last.
func (s *Session) run(ctx context.Context) {
	defer close(s.done)
	life := context.WithoutCancel(ctx)
	front, back, far := newGroup(life, s.log), newGroup(life, s.log), newGroup(life, s.log)

	back.run("publisher", s.publishChanges)
	if s.opts.KeepSince != nil || s.opts.MaxStore > 0 {
		front.run("retention", s.retain)
	}
	back.run("answers", s.keepAnswers)
	if len(s.acks.rules) > 0 {
		front.run("rules of --ack", s.sayAcks)
	}
	out := newGroup(life, s.log)
	out.run("deliveries", s.outbox.Run)
	front.run("server", func(ctx context.Context) error { return s.inside.ServeLocal(ctx, s.opts.Listener) })
	front.run("tunnel", s.tunnel.Run)
	front.run("heartbeat", s.heartbeat)
	front.run("targets", s.watchTargets)
	own := s.startHandler(life)
	if s.opts.Hub != nil {
		far.run("webhooks on the Hub", s.opts.Hub.Run)
	}

	select {
	case <-ctx.Done():
		s.err = context.Cause(ctx)
	case <-front.ctx.Done():
		s.err = context.Cause(front.ctx)
	case <-out.ctx.Done():
		s.err = context.Cause(out.ctx)
	case <-back.ctx.Done():
		s.err = context.Cause(back.ctx)
	case <-far.ctx.Done():
		s.err = context.Cause(far.ctx)
	case <-own.ctx.Done():
		s.err = context.Cause(own.ctx)
	}
	close(s.ending)
	far.stop(s.err)
	s.leaveHub(life)
	front.stop(s.err)
	out.stop(s.err)
	own.stop(s.err)
	if err := guarded(s.log, "last look", func() error { return s.publish(life) }); err != nil {
		s.log.Warn("last look at the store", "error", err)
	}
	back.stop(s.err)
	s.wakers.wake()
}

// Wait waits until the session and everything in it has ended, and returns the cause.
func (s *Session) Wait() error {
	<-s.done
	return s.err
}

// Done is closed when the session has ended.
func (s *Session) Done() <-chan struct{} { return s.done }

// Ended reports whether Done is closed.
func (s *Session) Ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Ending reports whether the session is ending, or has ended.
func (s *Session) Ending() bool {
	select {
	case <-s.ending:
		return true
	default:
		return false
	}
}

// State returns the present state. It is never nil.
func (s *Session) State() *State { return s.state.Load() }

// Watch returns a channel that gets a value after the State or the store has changed, at most
// one every 33 ms. It has room for one value, and is closed when ctx ends.
func (s *Session) Watch(ctx context.Context) <-chan struct{} { return s.wakers.watch(ctx) }

// Journal returns the entries since the last call. It has one reader only, and needs
// Options.Journal.
func (s *Session) Journal() []Entry { return s.journal.take() }

// Settle waits until the State includes everything that happened before the call, or until ctx
// or the session ends.
func (s *Session) Settle(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	changed := s.Watch(ctx)
	asked := s.asked.Add(1)
	s.change()
	for s.settled.Load() < asked {
		select {
		case <-changed:
		case <-s.done:
			return
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// change requests a new State. It never blocks.
func (s *Session) change() { poke(s.changed) }

// publishChanges makes a new State after changes, at most one every publishEvery.
func (s *Session) publishChanges(ctx context.Context) error {
	stored := s.store.Watch(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.changed:
		case <-stored:
			// Another process may have recorded deliveries for a target of this one.
			s.outbox.Wake()
		}
		asked := s.asked.Load()
		if err := s.publish(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("read the store", "error", err)
		}
		if s.settled.Swap(asked) != asked {
			s.wakers.wake()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(publishEvery):
		}
	}
}

// publish makes a State and wakes the watchers. The State is complete even if the store could
// not be read.
func (s *Session) publish(ctx context.Context) error {
	secrets := s.secrets.Load()
	st := &State{
		Started:  s.started,
		LocalURL: s.localBase() + s.opts.Path,
		Project:  s.project,
		Secret: Secret{
			Verified: len(secrets.secrets) > 0,
			Source:   s.opts.SecretSource,
			Made:     s.opts.SecretMade,
			Previous: len(secrets.secrets) > 1,
			Typed:    secrets.typed,
		},
		Targets:        s.targetStates(),
		Handler:        s.handlerState(),
		HandlerRestart: s.lastRestart.Load(),
		Received:       s.received.Load(),
		Failed:         s.failures.Load(),
		Tunnel:         s.tunnel.State(),
	}
	if st.Secret.Verified {
		st.Secret.Length = secrets.secrets[0].Len()
	}
	if st.Tunnel.URL != "" {
		st.HookURL = st.Tunnel.URL + s.opts.Path
	}
	st.NoReach = s.noReach(st.HookURL)
	if s.opts.Hub != nil {
		st.Hub = s.opts.Hub.State()
	}
	if ports := s.ports.Load(); ports != nil {
		st.Ports = *ports
	}
	if r := s.coverage.Load(); r != nil {
		st.Gaps, st.Offline, st.Triggers = r.gaps, r.offline, r.triggers
	}
	st.Rejected, st.Refused, st.Secret.Bad = s.rejected.snapshot()
	err := s.lookAtStore(ctx, st)
	s.journalTargets(st)
	st.Notices = s.noticed()
	s.state.Store(st)
	s.wakers.wake()
	return err
}

// lookAtStore fills in the state of the store, and reports changes.
func (s *Session) lookAtStore(ctx context.Context, st *State) (err error) {
	var stats store.Stats
	if old := s.state.Load(); old != nil {
		stats = old.Store.Stats
	}
	loss := s.store.Loss()
	if loss == nil || !loss.Back.IsZero() { // else the read would wait for the file
		var now store.Stats
		if now, err = s.store.Stats(ctx); err == nil {
			stats = now
		}
	}
	var news *StoreNews
	var other bool
	st.Store, news, other = s.health.look(loss, stats)
	if news != nil {
		s.journal.add(Entry{Store: news})
		if !news.OK && !st.Store.Gone() { // the store itself has logged that
			s.log.Warn("store", "error", news.Text)
		}
	}
	if other {
		s.outbox.Recount()
		poke(s.tunneled) // record again when events can be received
	}
	return err
}

// delivered is called with each attempt that was recorded.
func (s *Session) delivered(d event.Delivery) {
	s.answers.settle(d)
	if d.State == event.Done && !d.OK() {
		s.failures.Add(1)
	}
	s.journal.add(Entry{Delivery: &d})
	s.change()
}

func (s *Session) reportTunnel(st tunnel.State) {
	s.journal.add(Entry{Tunnel: &st})
	poke(s.tunneled)
	s.passToHub(st)
	s.change()
}

// localBase returns the address of the local listener, as a URL for this machine.
func (s *Session) localBase() string {
	host, port, err := net.SplitHostPort(s.opts.Listener.Addr().String())
	if err != nil {
		return "http://" + s.opts.Listener.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// portOf returns the port of an address, or an empty text.
func portOf(addr net.Addr) string {
	_, port, _ := net.SplitHostPort(addr.String())
	return port
}

// urls returns the addresses for the instructions page.
func (s *Session) urls() []string {
	var urls []string
	if u := s.tunnel.State().URL; u != "" {
		urls = append(urls, u)
	}
	return append(urls, s.localBase())
}

// handlerSecret returns the secret that a target gets: the one that was entered for it, else
// the one that handlers were started with.
func (s *Session) handlerSecret(target string) (string, bool) {
	if len(s.opts.Secrets) == 0 {
		return "", false
	}
	if given, ok := s.HandlerSecret(target); ok {
		return given.Reveal(), true
	}
	return s.opts.Secrets[0].Reveal(), true
}

// Path returns the path of the hook whose URL is shown, for example /webhooks/say_hello.
func (s *Session) Path() string { return s.opts.Path }
