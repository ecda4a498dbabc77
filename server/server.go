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
// A [Server] is an http.Handler, so it can be a part of another server as well, by
// [Server.Mount], and there may be several in one process. A program with one webhook
// needs no more than the function [Run], one with a web framework of its own [ReadEvent].
// [Server.On] chooses handlers by what happened.
//
// The package servertest sends events to a handler in tests; tunnel.Sharing gives a server
// on a laptop a public URL; store.Recorder keeps its events, for hfhook to list and replay.
//
// The paths, the secret's header and the words of the answers are those of
// WebhooksServer in the Python library huggingface_hub; unlike it, the secret is
// checked before the body is looked at, and values that the Hub may add are
// accepted. The table docs/migration.md has the two beside each other.
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/payload"
)

// Root is the path under which all webhooks are.
const Root = "/webhooks"

// DefaultMaxBody is the largest accepted request body unless Options say otherwise,
// in bytes.
const DefaultMaxBody = 10 << 20

// maxBodies bounds the memory for bodies that are being received or recorded, in
// bytes, over all connections: a request waits, within its time limit, until there
// is room for its own. It is below what the store lets wait, so that bodies which come
// at once are recorded one after another instead of being refused.
const maxBodies = 48 << 20

// A Recorder records accepted events and learns of rejected requests. Its methods are called by
// many goroutines at once.
type Recorder interface {
	// Record returns nil only when the event is durable, with its ID set. The
	// server then answers 200, and 503 after an error.
	Record(ctx context.Context, e *event.Event) error

	// Reject must not block.
	Reject(event.Rejected)
}

// An AnswerRecorder is a Recorder that also records the answers of handlers.
type AnswerRecorder interface {
	Recorder

	// RecordAnswer is called after each answer of a handler has been sent. The Target is
	// "handler".
	RecordAnswer(ctx context.Context, d *event.Delivery) error
}

// Options are the settings of a Server. The zero value is a server with the secret of
// the environment that records nothing and logs to slog.Default.
type Options struct {
	// Addr is where ListenAndServe and Run listen. Empty: on a Space of the Hub 0.0.0.0, with
	// the port of the variable PORT or 7860; else 127.0.0.1, with the port of PORT, of
	// GRADIO_SERVER_PORT or 7860.
	Addr string

	// Secrets are accepted, the present one first. None: those of the variables WEBHOOK_SECRET
	// and WEBHOOK_SECRET_PREVIOUS. If those are not set either, anybody may post, which is
	// logged and shown on the page.
	Secrets []Secret
	Open    bool // anybody may post, even if the environment has a secret; not together with Secrets

	Recorder Recorder // records the events; nil: nothing is recorded

	MaxBody  int64         // bytes; 0 means DefaultMaxBody
	MaxConns int           // maximum of connections of a Serve; 0 means 1024
	Timeout  time.Duration // until a handler's context ends; 0: when the sender gives up
	Grace    time.Duration // how long Serve waits for requests and Background at its end, at least Timeout; 0: five seconds

	Page http.Handler                    // answers GET / and everything that is not a webhook; nil: the instructions page
	Wrap func(http.Handler) http.Handler // around every request, including rejected ones; nil: nothing

	Share  Sharer       // gives Serve a public URL, except on a Space, which has one; nil: none
	Output io.Writer    // for the output of Serve; nil: os.Stdout
	Logger *slog.Logger // nil: slog.Default()
}

// A Server is an http.Handler for webhooks. It is safe for concurrent use.
type Server struct {
	opts   Options
	inside capture.Extension
	log    *slog.Logger
	bodies *semaphore.Weighted
	looks  chan struct{} // a slot for each body that is read without the right secret
	room   time.Duration // how long a body waits for memory

	strangers func() *rate.Limiter // for one listener's requests from the internet without the right secret

	now      func() time.Time
	printKey [32]byte

	outer    http.Handler // Options.Wrap around route
	security string       // of the page
	where    addresses
	tasks    *tasks

	mu     sync.RWMutex
	hooks  map[string]*route // by path
	paths  []string          // of hooks, in the order of registration
	kinds  map[payload.Kind]*route
	any    *route // for all other paths; nil: none
	around []func(Handler) Handler

	accepted        atomic.Pointer[accepted]
	stored, refused atomic.Int64
	last            atomic.Int64 // when the last event was received, in nanoseconds since 1970; 0: none was
}

// New returns a server with no handlers. It accepts webhooks on the paths of [Server.Handle];
// on every path under [Root] with [Server.HandleAny], with [Server.On], or if there is a
// Recorder and no handler at all. Every other path is answered 404.
//
// New fails if a secret, given or of the environment, is empty or invalid, or if the Options
// have both Secrets and Open.
func New(opts Options) (*Server, error) {
	switch {
	case opts.Open && len(opts.Secrets) > 0:
		return nil, errors.New("the server is open to everybody and has a secret: set Options.Open or Options.Secrets, not both")
	case slices.ContainsFunc(opts.Secrets, Secret.IsZero):
		return nil, errors.New("a webhook secret in Options.Secrets is empty: make it by ParseSecret")
	}
	secrets := opts.Secrets
	opts.Secrets = nil // the caller's
	if len(secrets) == 0 && !opts.Open {
		var err error
		if secrets, err = environmentSecrets(); err != nil {
			return nil, err
		}
	}
	if opts.MaxBody <= 0 {
		opts.MaxBody = DefaultMaxBody
	}
	if opts.MaxConns <= 0 {
		opts.MaxConns = maxConns
	}
	if opts.Grace <= 0 {
		opts.Grace = defaultGrace
	}
	opts.Grace = max(opts.Grace, opts.Timeout)
	if opts.Output == nil {
		opts.Output = os.Stdout
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
		hooks:    map[string]*route{},
		kinds:    map[payload.Kind]*route{},
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if session, ok := opts.Recorder.(capture.Session); ok {
		s.inside = session.Extend(insideServer{s})
	}
	if s.inside.Probe == nil && opts.Share != nil {
		s.inside.Probe = opts.Share.ProbeHandler()
	}
	s.accept(secrets)
	s.outer = http.HandlerFunc(s.route)
	if opts.Wrap != nil {
		s.outer = opts.Wrap(s.outer)
	}
	_, _ = rand.Read(s.printKey[:])
	if len(secrets) == 0 {
		s.log.Warn("no webhook secret: anyone who knows the URL can post; see https://huggingface.co/docs/hub/webhooks#webhook-secret")
	}
	return s, nil
}

// An insideServer is the part of a session's server that the session uses.
type insideServer struct{ s *Server }

func (i insideServer) ServeLocal(ctx context.Context, ln net.Listener) error {
	_, err := i.s.serveLocal(ctx, ln) // what was cut off is logged
	return err
}

func (i insideServer) ServeTunnel(ctx context.Context, ln net.Listener) error {
	_, err := i.s.serveTunnel(ctx, ln)
	return err
}

func (i insideServer) Print(secret string) event.Print { return i.s.print(secret) }

func (i insideServer) Fixed(mistake string) (string, error) {
	secret, err := i.s.fixed(mistake)
	return secret.Reveal(), err
}

// ServeHTTP answers webhooks and the instructions page, and nothing else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.outer.ServeHTTP(w, r) }

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	path := hookPath(r.URL.Path)
	switch {
	case path == capture.ProbePath && s.inside.Probe != nil:
		readWithin(w, r, lookTime) // anything but a probe is rejected within it
		s.inside.Probe.ServeHTTP(w, r)
	case s.isHook(path):
		s.serveHook(w, r, path)
	case !mayAsk(r.Context()):
		s.reject(w, r, tooMany(), r.ContentLength)
	case s.opts.Page != nil && path != Root && !strings.HasPrefix(path, Root+"/") && s.ownHost(r):
		s.opts.Page.ServeHTTP(w, r)
	case s.opts.Page == nil && r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && s.ownHost(r):
		skipBody(w, r)
		s.servePage(w, r)
	default:
		s.reject(w, r, refusal{status: http.StatusNotFound, reason: event.UnknownPath, body: detailAnswer{"Not Found"}}, r.ContentLength)
	}
}
