// Package server receives the webhooks of the Hugging Face Hub over HTTP: it
// checks the secret, then the payload, has the event recorded, and only then
// answers 200. It is the capture server of hfhook, and a library for programs that
// handle webhooks themselves.
//
//	s, err := server.New(server.Options{}) // the secret is that of WEBHOOK_SECRET
//	if err != nil {
//		return err
//	}
//	err = s.Handle("say_hello", func(ctx context.Context, e *event.Event) (any, error) {
//		return map[string]string{"hello": e.Payload.Repo.Name}, nil
//	})
//	if err != nil {
//		return err
//	}
//	return s.ListenAndServe(ctx, "") // POST /webhooks/say_hello
//
// A [Server] is an http.Handler, so it can be a part of another server as well, and
// there may be several in one process. A program with one webhook needs no more than
// the function [ListenAndServe]. The package servertest sends events to a handler in
// tests; tunnel.Share gives a server on a laptop a public URL; store.Recorder keeps
// its events, for hfhook to list and replay.
//
// The paths, the secret's header and the words of the answers are those of
// WebhooksServer in the Python library huggingface_hub; unlike it, the secret is
// checked before the body is looked at, and values that the Hub may add are
// accepted. The table docs/migration.md has the two beside each other.
package server

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"hfhook/event"
)

// Root is the path under which all webhooks are.
const Root = "/webhooks"

// ProbePath is where a tunnel finds out whether the public URL reaches this
// process. It is not a webhook.
const ProbePath = Root + "/.probe"

// DefaultMaxBody is the largest body that is taken unless Options say otherwise,
// in bytes.
const DefaultMaxBody = 10 << 20

// maxBodies bounds the memory for bodies that are being received or recorded, in
// bytes, over all connections: a request waits, within its time limit, until there
// is room for its own. It is below what the store lets wait, so that bodies which come
// at once are recorded one after another instead of being refused.
const maxBodies = 48 << 20

// A Recorder keeps what the server takes and hears of what it refuses. Its methods
// are called by many goroutines at once.
type Recorder interface {
	// Record returns nil only when the event is durable, with its ID set. The
	// server then answers 200, and 503 after an error.
	Record(ctx context.Context, e *event.Event) error

	// Reject must not block.
	Reject(event.Rejected)
}

// An AnswerRecorder is a Recorder that keeps what handlers make of events, too.
type AnswerRecorder interface {
	Recorder

	// RecordAnswer is called after each answer of a handler, when the sender has it.
	// The Target is HandlerTarget.
	RecordAnswer(ctx context.Context, d *event.Delivery) error
}

// Options are the settings of a Server. The zero value is a server with the secret of
// the environment that records nothing.
type Options struct {
	// Secrets are accepted, the present one first. None: those of the variables
	// WEBHOOK_SECRET and WEBHOOK_SECRET_PREVIOUS. None there either: everybody may
	// post, which is logged and said on the page.
	Secrets []Secret
	Open    bool // everybody may post, also where the environment has a secret

	// Known are secrets that are not accepted. A request that brings one is told apart from
	// other wrong ones.
	Known []KnownSecret

	Recorder Recorder // keeps the events; nil: nothing is recorded

	// Acknowledge says what is answered to an event that was recorded and that no Handler
	// deals with. It may take its time. Nil: what the zero Ack says.
	Acknowledge func(context.Context, *event.Event) Ack

	MaxBody  int64         // bytes; 0 means DefaultMaxBody
	MaxConns int           // connections that ServeLocal, and Serve, have at once; 0 means 1024
	Timeout  time.Duration // until a handler's context ends; 0: when the sender gives up

	Page http.Handler                    // answers GET / and what is neither a webhook nor the probe; nil: the instructions page
	Wrap func(http.Handler) http.Handler // around every request, also those that are refused; nil: nothing
	URLs func() []string                 // addresses of the server for its page, the public one first, with no slash at the end; nil: as Serve knows them

	Share  Sharer       // gives Serve a public URL, but on a Space, which has one; nil: none
	Probe  http.Handler // answers ProbePath; nil: Share's, or not found
	Output io.Writer    // gets what Serve has to say; nil: os.Stdout
	Logger *slog.Logger // nil: nothing is logged
}

// A Server is an http.Handler for webhooks. Its methods may be called by several
// goroutines at once.
type Server struct {
	opts   Options
	log    *slog.Logger
	bodies *semaphore.Weighted
	looks  chan struct{} // a slot for each request whose body is looked at without the right secret
	room   time.Duration // how long a body waits for memory

	strangers func() *rate.Limiter // of one listener's requests without the right secret from the internet

	now      func() time.Time
	printKey [32]byte

	outer    http.Handler // Options.Wrap around route
	security string       // of the page
	where    addresses
	tasks    *tasks

	mu      sync.RWMutex
	hooks   map[string]Handler // by path
	paths   []string           // of hooks, in the order of registration
	around  []func(Handler) Handler
	wrapped map[string]Handler // hooks with around

	accepted        atomic.Pointer[accepted]
	stored, refused atomic.Int64
}

// New returns a server with no handlers. Until the first is added it takes
// webhooks on every path under Root, and answers once they are recorded. It fails
// where the secret comes from the environment and cannot be one.
func New(opts Options) (*Server, error) {
	if len(opts.Secrets) == 0 && !opts.Open {
		var err error
		if opts.Secrets, err = environmentSecrets(); err != nil {
			return nil, err
		}
	}
	if opts.MaxBody <= 0 {
		opts.MaxBody = DefaultMaxBody
	}
	if opts.MaxConns <= 0 {
		opts.MaxConns = maxConns
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Output == nil {
		opts.Output = os.Stdout
	}
	if opts.Probe == nil && opts.Share != nil {
		opts.Probe = opts.Share.ProbeHandler()
	}
	s := &Server{
		opts:   opts,
		log:    opts.Logger,
		bodies: semaphore.NewWeighted(max(maxBodies, opts.MaxBody)),
		looks:  make(chan struct{}, maxLooks),
		room:   roomTimeout,

		strangers: func() *rate.Limiter { return rate.NewLimiter(tunnelRate, tunnelBurst) },

		now:      time.Now,
		security: pageSecurity(onSpace()),
		tasks:    newTasks(),
		hooks:    map[string]Handler{},
		wrapped:  map[string]Handler{},
	}
	s.accept(opts.Secrets)
	s.outer = http.HandlerFunc(s.route)
	if opts.Wrap != nil {
		s.outer = opts.Wrap(s.outer)
	}
	_, _ = rand.Read(s.printKey[:])
	if len(opts.Secrets) == 0 {
		s.log.Warn("no webhook secret: everybody who knows the URL may post; see https://huggingface.co/docs/hub/webhooks#webhook-secret")
	}
	return s, nil
}

// ServeHTTP answers webhooks and the instructions page, and nothing else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.outer.ServeHTTP(w, r) }

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	path := hookPath(r.URL.Path)
	switch {
	case path == ProbePath && s.opts.Probe != nil:
		readWithin(w, r, lookTime) // what is not a probe is refused within it
		s.opts.Probe.ServeHTTP(w, r)
	case s.isHook(path):
		s.serveHook(w, r, path)
	case !mayAsk(r.Context()):
		s.reject(w, r, tooMany(), r.ContentLength)
	case s.opts.Page != nil && path != Root && !strings.HasPrefix(path, Root+"/") && s.ownHost(r):
		s.opts.Page.ServeHTTP(w, r)
	case s.opts.Page == nil && r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && s.ownHost(r):
		skipBody(w, r)
		s.servePage(w)
	default:
		s.reject(w, r, refusal{status: http.StatusNotFound, reason: event.UnknownPath, body: detailAnswer{"Not Found"}}, r.ContentLength)
	}
}

// isHook reports whether webhooks are taken on a path.
func (s *Server) isHook(path string) bool {
	if path != Root && !strings.HasPrefix(path, Root+"/") {
		return false
	}
	if leaves(path) {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.hooks) == 0 {
		return path != ProbePath
	}
	_, ok := s.hooks[path]
	return ok
}

// hookPaths are the paths that the page lists, as URLs write them.
func (s *Server) hookPaths() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.paths) == 0 {
		return []string{Root}
	}
	var paths []string
	for _, path := range s.paths {
		paths = append(paths, (&url.URL{Path: path}).EscapedPath())
	}
	return paths
}

// hookPath drops the slashes at the end of a path.
func hookPath(path string) string { return strings.TrimRight(path, "/") }

// leaves reports whether a path has . or .. in it, and would leave its place on its way
// to a target.
func leaves(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
