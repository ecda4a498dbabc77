package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"hfhook/event"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/plainerr"
	"hfhook/store"
)

// Layout is the version of the API: it changes when an old client would misunderstand an answer.
const Layout = 1

// Headers of every answer, and the layout of every request.
const (
	layoutHeader  = "Hfhook-Layout"
	versionHeader = "Hfhook-Version"
)

const (
	maxRequest   = 64 << 20         // bytes of a request's body
	closeWithin  = 2 * time.Second  // for requests under way, at the end
	headerWithin = 10 * time.Second // to send the head of a request
)

// A Session is what the API shows and changes: see dev.Session.
type Session interface {
	State() *dev.State
	Path() string
	Watch(context.Context) <-chan struct{}
	Settle(context.Context)
	Done() <-chan struct{}
	Follow(context.Context) *dev.Follower

	List(context.Context, store.Query) (store.Page, error)
	Resolve(context.Context, string) (event.ID, error)
	Event(context.Context, event.ID) (*event.Event, error)
	Deliveries(context.Context, event.ID) ([]event.Delivery, error)

	Send(context.Context, dev.Posting) (event.ID, error)
	ReplayOnce(context.Context, event.ID, dev.Once) (dev.Sent, error)
	Edit(context.Context, event.ID, event.Edit) (*event.Event, error)
	Accept(ctx context.Context, id event.ID, n int, right bool) error
	Pin(ctx context.Context, id event.ID, name string) error
	Note(ctx context.Context, id event.ID, text string) error
	Delete(context.Context, ...event.ID) (int, error)

	PutTarget(dev.TargetForm) error
	RemoveTarget(name string)
	PauseTargets(name string, paused bool)
	DeliverHeld(name string)
	DropHeld(ctx context.Context, name string) (int, error)

	SelfTest(context.Context) (time.Duration, error)
	RestartHandler()
	StopReplays() int
	ForgetRejected(event.Rejected)
	ForgetAllRejected()
}

// A Server answers on the socket for one session.
type Server struct {
	Session Session
	Folder  string // see Folder
	Version string // of hfhook
	Stop    func() // ends the session
	Logger  *slog.Logger
}

// Serve answers until ctx ends, and then the requests under way.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	live, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	srv := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: headerWithin,
		BaseContext: func(net.Listener) context.Context { return live },
		ErrorLog:    slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve the local API: %w", err)
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(live, closeWithin)
	defer cancel()
	if srv.Shutdown(within) != nil {
		_ = srv.Close()
	}
	<-served
	return nil
}

// An answerer makes the answer of a request: something that is JSON.
type answerer func(r *http.Request) (any, error)

// handler has the whole API.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	// The State shows at once what these have done.
	settled := func(answer answerer) answerer {
		return func(r *http.Request) (any, error) {
			made, err := answer(r)
			s.Session.Settle(r.Context())
			return made, err
		}
	}
	for pattern, answer := range map[string]answerer{
		"GET /state":                  s.state,
		"GET /events":                 s.events,
		"GET /events/{id}":            s.event,
		"DELETE /events/{id}":         s.deleteEvent,
		"GET /events/{id}/deliveries": s.deliveries,
		"POST /events/{id}/replay":    s.replay,
		"POST /events/{id}/edit":      s.edit,
		"POST /events/{id}/accept":    s.accept,
		"PUT /events/{id}/pin":        s.pin,
		"PUT /events/{id}/note":       s.note,
		"POST /trigger":               s.trigger,
		"POST /send":                  s.send,
		"POST /targets":               settled(s.addTarget),
		"POST /targets/remove":        settled(s.removeTarget),
		"POST /targets/pause":         settled(s.pauseTarget),
		"POST /targets/resume":        settled(s.resumeTarget),
		"POST /targets/deliver":       s.deliverTarget,
		"POST /targets/drop":          settled(s.dropTarget),
		"GET /rejected":               s.rejected,
		"POST /rejected/forget":       settled(s.forgetRejected),
		"POST /replays/stop":          s.stopReplays,
		"POST /handler/restart":       s.restartHandler,
		"POST /self-test":             s.selfTest,
		"POST /stop":                  s.stop,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
			made, err := answer(r)
			s.write(w, made, err)
		})
	}
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(OpenAPI)
	})
	mux.HandleFunc("GET /events/{id}/body", s.body)
	mux.HandleFunc("GET /stream", s.stream)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.write(w, nil, &Error{Status: http.StatusNotFound, Code: "no_such_path", Text: "the local API has no " + r.Method + " " + r.URL.Path, Try: "GET /openapi.json lists what it has"})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(layoutHeader, strconv.Itoa(Layout))
		w.Header().Set(versionHeader, s.Version)
		mux.ServeHTTP(w, r)
	})
}

// write writes an answer, or the error.
func (s *Server) write(w http.ResponseWriter, made any, err error) {
	status := http.StatusOK
	if err != nil {
		f := newError(err)
		made, status = f, f.Status
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := output.WriteLine(w, made); err != nil {
		s.Logger.Info("answer on the local API", "error", err)
	}
}

// An Error is the answer to a request that could not be carried out.
type Error struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // "error"
	Status int    `json:"status"`
	Code   string `json:"code"` // for programs, for example not_found
	Text   string `json:"error"`
	Try    string `json:"try,omitempty"`
}

func (e *Error) Error() string { return e.Text }

// Unwrap returns the error of this process that the code stands for, or nil.
func (e *Error) Unwrap() error {
	for _, f := range faults {
		if f.code == e.Code {
			return f.err
		}
	}
	return nil
}

// errInvalid is what is wrong with a request.
var errInvalid = errors.New("invalid request")

// faults are the errors that clients tell apart.
var faults = []struct {
	err    error
	status int
	code   string
}{
	{errInvalid, http.StatusBadRequest, "invalid"},
	{store.ErrNotFound, http.StatusNotFound, "not_found"},
	{store.ErrAmbiguous, http.StatusConflict, "ambiguous"},
	{store.ErrPinName, http.StatusBadRequest, "invalid_name"},
	{store.ErrNote, http.StatusBadRequest, "invalid_note"},
	{store.ErrPinTaken, http.StatusConflict, "name_taken"},
	{dev.ErrUnknownTarget, http.StatusNotFound, "unknown_target"},
	{dev.ErrSelfTest, http.StatusConflict, "self_test_failed"},
	{store.ErrFull, http.StatusServiceUnavailable, "store_full"},
	{store.ErrReadOnly, http.StatusServiceUnavailable, "store_read_only"},
	{store.ErrBusy, http.StatusServiceUnavailable, "store_busy"},
	{store.ErrGone, http.StatusServiceUnavailable, "store_gone"},
	{store.ErrDamaged, http.StatusServiceUnavailable, "store_damaged"},
}

// newError is the answer that an error makes.
func newError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Schema, e.Type = 1, "error"
		return e
	}
	e := &Error{Schema: 1, Type: "error", Status: http.StatusInternalServerError, Code: "failed", Text: plainerr.Text(err)}
	if r, ok := errors.AsType[*dev.RefusedError](err); ok {
		e.Status, e.Code = http.StatusUnprocessableEntity, "refused"
		e.Text = "the webhook answered " + r.Text + ": " + r.Answer
		return e
	}
	for _, f := range faults {
		if errors.Is(err, f.err) {
			e.Status, e.Code = f.status, f.code
			break
		}
	}
	return e
}

// invalid makes an error of the request.
func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errInvalid, fmt.Errorf(format, args...))
}

// read decodes the JSON of a request. No body is an empty object.
func read(r *http.Request, into any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return invalid("invalid JSON body: %w", plainerr.Wrap(err))
	}
	return nil
}

// pid is this process, as answers have it.
func pid() int { return os.Getpid() }
