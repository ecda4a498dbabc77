package tunnel

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A script is a provider whose connections the test plays. It needs no socket, so
// that it can run in a bubble of synctest.
type script struct {
	open func(ctx context.Context, n int, want string) (Conn, error) // n counts from 1

	mu    sync.Mutex
	opens []time.Time
}

func (*script) Name() string { return "script" }

func (s *script) Open(ctx context.Context, want string) (Conn, error) {
	s.mu.Lock()
	s.opens = append(s.opens, time.Now())
	n := len(s.opens)
	s.mu.Unlock()
	return s.open(ctx, n, want)
}

func (s *script) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.opens)
}

// A playedConn has a listener that the test puts connections into.
type playedConn struct {
	url    string
	conns  chan net.Conn
	fail   chan error // makes Accept fail
	events chan ConnEvent
	unbind chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newPlayedConn() *playedConn {
	return &playedConn{
		url:    "https://played.example",
		conns:  make(chan net.Conn),
		fail:   make(chan error, 1),
		events: make(chan ConnEvent),
		unbind: make(chan struct{}),
		closed: make(chan struct{}),
	}
}

func (c *playedConn) URL() string              { return c.url }
func (c *playedConn) Listener() net.Listener   { return playedListener{c} }
func (c *playedConn) Events() <-chan ConnEvent { return c.events }
func (c *playedConn) Close() error {
	close(c.closed)
	return nil
}

type playedListener struct{ c *playedConn }

func (l playedListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.c.conns:
		return conn, nil
	case err := <-l.c.fail:
		return nil, err
	case <-l.c.closed:
		return nil, net.ErrClosed
	}
}

func (l playedListener) Close() error {
	l.c.once.Do(func() { close(l.c.unbind) })
	return nil
}

func (playedListener) Addr() net.Addr { return &net.TCPAddr{} }

// isClosed reports whether a channel is closed.
func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// A loop takes the probes of a tunnel to its own handler, in place of the public
// URL.
type loop struct {
	mu     sync.Mutex
	tunnel *Tunnel
	answer func(*http.Request) (*http.Response, error) // nil: it comes round
	probes []time.Time
}

func (l *loop) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.probes = append(l.probes, time.Now())
	answer, handler := l.answer, l.tunnel.ProbeHandler()
	l.mu.Unlock()
	if answer != nil {
		return answer(r)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result(), nil
}

func (l *loop) set(answer func(*http.Request) (*http.Response, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = answer
}

func (l *loop) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.probes)
}

// edgeSays is an answer that is not hfhook's.
func edgeSays(status int, code string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		h := http.Header{}
		if code != "" {
			h.Set("Ngrok-Error-Code", code)
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewReader(nil))}, nil
	}
}

// A recorder keeps the states that were reported.
type recorder struct {
	mu     sync.Mutex
	states []State
	news   chan struct{} // one slot
	busy   bool
}

func newRecorder() *recorder { return &recorder{news: make(chan struct{}, 1)} }

func (r *recorder) report(s State) {
	r.mu.Lock()
	if r.busy {
		panic("two reports at once")
	}
	r.busy = true
	r.states = append(r.states, s)
	r.busy = false
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *recorder) all() []State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.states)
}

// phases returns the phases in the order in which they were reported, each run of
// one phase once.
func (r *recorder) phases() []Phase {
	var phases []Phase
	for _, s := range r.all() {
		phases = append(phases, s.Phase)
	}
	return slices.Compact(phases)
}

// played is a tunnel in a bubble, with everything around it.
type played struct {
	*Tunnel
	script *script
	loop   *loop
	rec    *recorder
	start  time.Time
	slept  time.Duration // added to the wall clock
	mu     sync.Mutex
	stop   func()
}

// play starts a tunnel in a bubble. The bubble fails if a goroutine outlives Run.
func play(t *testing.T, open func(ctx context.Context, n int, want string) (Conn, error), change ...func(*Options)) *played {
	t.Helper()
	p := &played{script: &script{open: open}, loop: &loop{}, rec: newRecorder(), start: time.Now()}
	opts := Options{
		Serve:  serveHTTP(http.NotFoundHandler()),
		Report: p.rec.report,
		Client: &http.Client{Transport: p.loop},
	}
	for _, c := range change {
		c(&opts)
	}
	p.Tunnel = New(p.script, opts)
	p.loop.tunnel = p.Tunnel
	p.wall = func() time.Time {
		p.mu.Lock()
		defer p.mu.Unlock()
		return time.Now().Add(p.slept)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if s := p.State(); s.Phase != Off || s.URL != "" {
			t.Errorf("after Run the state is %+v, want off", s)
		}
	})
	synctest.Wait()
	return p
}

func (p *played) sleep(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slept += d
}

// after lets time pass and everything come to rest.
func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// since is how long after the start a time was.
func (p *played) since(at time.Time) time.Duration { return at.Sub(p.start) }

// serveHTTP serves a listener as Options.Serve has to.
func serveHTTP(h http.Handler) func(context.Context, net.Listener) error {
	return func(ctx context.Context, ln net.Listener) error {
		srv := &http.Server{Handler: h}
		served := make(chan error, 1)
		go func() { served <- srv.Serve(ln) }()
		var err error
		select {
		case err = <-served:
		case <-ctx.Done():
			defer func() { <-served }()
		}
		_ = srv.Shutdown(context.Background())
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		return err
	}
}

// A hookServer keeps the requests that it gets.
type hookServer struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   [][]byte
}

func (s *hookServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.requests, s.bodies = append(s.requests, r), append(s.bodies, body)
	s.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

func (s *hookServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func (s *hookServer) last() *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[len(s.requests)-1]
}

func (s *hookServer) lastBody() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bodies[len(s.bodies)-1]
}

func newPlainServer() *httptest.Server { return httptest.NewServer(http.NotFoundHandler()) }
