// Package server receives the webhooks of the Hugging Face Hub over HTTP: it
// checks the secret, then the payload, has the event recorded, and only then
// answers 200. It is the capture server of hfhook, and a library for programs that
// handle webhooks themselves.
//
//	secret, err := server.ParseSecret(os.Getenv("WEBHOOK_SECRET"))
//	if err != nil {
//		return err
//	}
//	s := server.New(server.Options{Secrets: []server.Secret{secret}})
//	err = s.Handle("say_hello", func(ctx context.Context, e *event.Event) (any, error) {
//		return map[string]string{"hello": e.Payload.Repo.Name}, nil
//	})
//	if err != nil {
//		return err
//	}
//	return http.ListenAndServe("127.0.0.1:8000", s) // POST /webhooks/say_hello
//
// The paths, the secret's header and the words of the answers are those of
// WebhooksServer in the Python library huggingface_hub; unlike it, the secret is
// checked before the body is looked at, and values that the Hub may add are
// accepted.
package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"hfhook/event"
)

// Root is the path under which all webhooks are.
const Root = "/webhooks"

// ProbePath is where a tunnel finds out whether the public URL reaches this
// process. It is no webhook.
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

// A Handler deals with one verified event. The value that it returns is the JSON
// of the answer, with the status 200; an error, which is logged, becomes a 500. It
// is called by many goroutines at once, and its context ends with the request.
type Handler func(ctx context.Context, e *event.Event) (any, error)

// Options are the settings of a Server. The zero value is a server without a
// secret that records nothing.
type Options struct {
	Secrets  []Secret        // accepted, the present one first; none: everybody may post
	Recorder Recorder        // nil: nothing is recorded
	MaxBody  int64           // bytes; 0 means DefaultMaxBody
	Probe    http.Handler    // answers ProbePath; nil: not found
	URLs     func() []string // addresses of the server for its page, the public one first, with no slash at the end; nil: as the browser asked
	Logger   *slog.Logger    // nil: nothing is logged
}

// A Server is an http.Handler for webhooks. Its methods may be called by several
// goroutines at once.
type Server struct {
	opts     Options
	log      *slog.Logger
	bodies   *semaphore.Weighted
	now      func() time.Time
	printKey [32]byte

	mu    sync.RWMutex
	hooks map[string]Handler // by path
	paths []string           // of hooks, in the order of registration

	stored, refused atomic.Int64
}

// New returns a server with no handlers. Until the first is added it takes
// webhooks on every path under Root.
func New(opts Options) *Server {
	if opts.MaxBody <= 0 {
		opts.MaxBody = DefaultMaxBody
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		opts:   opts,
		log:    opts.Logger,
		bodies: semaphore.NewWeighted(max(maxBodies, opts.MaxBody)),
		now:    time.Now,
		hooks:  map[string]Handler{},
	}
	_, _ = rand.Read(s.printKey[:])
	if len(opts.Secrets) == 0 {
		s.log.Warn("no webhook secret: everybody who knows the URL may post; see https://huggingface.co/docs/hub/webhooks#webhook-secret")
	}
	return s
}

// Handle has the webhooks of one path dealt with by h. The path is a name or a
// path under Root, with or without slashes at its ends: "say_hello" is
// /webhooks/say_hello. A second handler for a path is refused.
func (s *Server) Handle(path string, h Handler) error {
	full := hookPath(Root + "/" + strings.Trim(path, "/"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.hooks[full]; taken {
		return fmt.Errorf("webhook %s already exists", full)
	}
	s.hooks[full] = h
	s.paths = append(s.paths, full)
	return nil
}

// ServeHTTP answers webhooks and the instructions page, and nothing else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := hookPath(r.URL.Path)
	switch {
	case path == ProbePath && s.opts.Probe != nil:
		s.opts.Probe.ServeHTTP(w, r)
	case s.isHook(path):
		s.serveHook(w, r, path)
	case r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && s.ownHost(r):
		s.servePage(w)
	default:
		s.reject(w, r, refusal{status: http.StatusNotFound, reason: event.UnknownPath, body: detailAnswer{"Not Found"}}, r.ContentLength)
	}
}

// isHook tells whether webhooks are taken on a path.
func (s *Server) isHook(path string) bool {
	if path != Root && !strings.HasPrefix(path, Root+"/") {
		return false
	}
	// A path with . or .. would leave its place on its way to a target.
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.hooks) == 0 {
		return path != ProbePath
	}
	_, ok := s.hooks[path]
	return ok
}

func (s *Server) handler(path string) Handler {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.hooks[path]
}

// hookPaths are the paths that the page lists.
func (s *Server) hookPaths() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.paths) == 0 {
		return []string{Root}
	}
	return slices.Clone(s.paths)
}

// hookPath drops the slashes at the end of a path.
func hookPath(path string) string { return strings.TrimRight(path, "/") }
