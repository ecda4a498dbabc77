package server_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/server"
)

// A lines logger keeps what is logged.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// serving is one Serve of a server, until end is called.
func serving(t *testing.T, s *server.Server) (url string, end func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	return "http://" + ln.Addr().String() + "/webhooks/", func() error { cancel(); return <-served }
}

// send sends an event and drops the answer, or that there is none.
func send(t *testing.T, url string) {
	t.Helper()
	resp, err := http.Post(url, "", strings.NewReader(string(pushBody(t))))
	if err == nil {
		resp.Body.Close()
	}
}

// TestCutOff ends a server whose handlers do not: it says how many these were.
func TestCutOff(t *testing.T) {
	t.Parallel()
	log := &lines{}
	s := newServer(t, server.Options{Grace: time.Millisecond, Logger: slog.New(slog.NewTextHandler(log, nil))})
	began, free := make(chan struct{}), make(chan struct{})
	blocks := func(context.Context, *event.Event) (any, error) {
		began <- struct{}{}
		<-free
		return nil, nil
	}
	handle(t, s, "blocks", blocks)
	handle(t, s, "later", s.Background(blocks, 5))
	url, end := serving(t, s)
	var clients sync.WaitGroup
	for range 2 {
		clients.Go(func() { send(t, url+"blocks") })
		<-began
	}
	send(t, url+"later")
	<-began
	err := end()
	close(free)
	clients.Wait()
	if err == nil || err.Error() != "shut down: cut off 2 requests and 1 background event after 1ms" {
		t.Errorf("Serve returned %v", err)
	}
	for _, want := range []string{"before all requests were answered\" cut_off=2", "before all background events were dealt with\" cut_off=1"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
}

// The grace is at least as long as a handler may take.
func TestGraceIsAtLeastTheTimeout(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Grace: time.Nanosecond, Timeout: time.Hour})
	began, free := make(chan struct{}), make(chan struct{})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) {
		close(began)
		<-free
		return nil, nil
	})
	url, end := serving(t, s)
	var client sync.WaitGroup
	client.Go(func() { send(t, url+"x") })
	<-began
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	// Its listener is closed: from here on only the grace keeps it.
	for {
		conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/webhooks/"))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(free)
	client.Wait()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Two addresses of one server: the first that ends does not end what Background has
// accepted, and the second waits for it.
func TestBackgroundOutlivesOneServe(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Grace: time.Hour})
	began, free := make(chan context.Context), make(chan struct{})
	done := 0
	handle(t, s, "x", s.Background(func(ctx context.Context, _ *event.Event) (any, error) {
		began <- ctx
		<-free
		done++
		return nil, ctx.Err()
	}, 1))
	first, endFirst := serving(t, s)
	second, endSecond := serving(t, s)
	send(t, first+"x")
	ctx := <-began
	if err := endFirst(); err != nil {
		t.Error(err)
	}
	if ctx.Err() != nil {
		t.Error("the first Serve has ended what Background has accepted")
	}
	send(t, second+"x")
	go func() { free <- struct{}{}; <-began; free <- struct{}{} }()
	if err := endSecond(); err != nil || done != 2 {
		t.Errorf("%d were dealt with, %v", done, err)
	}
	// It serves again.
	third, endThird := serving(t, s)
	send(t, third+"x")
	<-began
	close(free)
	if err := endThird(); err != nil || done != 3 {
		t.Errorf("%d were dealt with, %v", done, err)
	}
}
