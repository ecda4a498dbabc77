package server_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload/sample"
	"hfhook/server"
)

// benchBody is a body of 2 KiB with the fields of a comment on a pull request.
func benchBody(b testing.TB) []byte {
	b.Helper()
	const size = 2048
	of := func(content string) ([]byte, error) {
		return sample.New("discussion.comment/create:pr", sample.Options{Num: 19, Content: content})
	}
	short, err := of("x")
	if err != nil {
		b.Fatal(err)
	}
	body, err := of(strings.Repeat("x", size-len(short)+1))
	if err != nil || len(body) != size {
		b.Fatalf("the body has %d bytes, %v", len(body), err)
	}
	return body
}

// bare reads the body and answers as the typed handler does, with nothing checked.
func bare(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"repo":"me/corpus"}`)
}

func typed(_ context.Context, e *event.Event) (any, error) {
	return map[string]string{"repo": e.Payload.Repo.Name}, nil
}

// typedServer has one handler and records nothing.
func typedServer(t testing.TB) *server.Server {
	t.Helper()
	s, err := server.New(server.Options{Secrets: []server.Secret{secret(t, canary)}})
	if err != nil {
		t.Fatal(err)
	}
	handle(t, s, "x", typed)
	return s
}

// BenchmarkHandler measures a typed handler beside a bare net/http handler that reads
// the body, in turns within one run, with 64 connections: x-bare is its rate as a part
// of the other's.
func BenchmarkHandler(b *testing.B) {
	s := typedServer(b)
	body := benchBody(b)
	request := fmt.Appendf(nil, "POST /webhooks/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n%s", canary, len(body), body)
	plain := &http.Server{Handler: http.HandlerFunc(bare)}
	defer plain.Close()
	own := dialMany(b, start(b, s.ServeLocal), 64)
	other := dialMany(b, start(b, func(ctx context.Context, ln net.Listener) error {
		go func() { <-ctx.Done(); _ = plain.Close() }()
		if err := plain.Serve(ln); err != http.ErrServerClosed {
			return err
		}
		return nil
	}), 64)
	const round = 4000
	var ownTime, otherTime time.Duration
	rounds := 0.0
	for b.Loop() {
		otherTime += postMany(b, other, request, round)
		ownTime += postMany(b, own, request, round)
		rounds++
	}
	b.ReportMetric(rounds*round/ownTime.Seconds(), "typed-req/s")
	b.ReportMetric(rounds*round/otherTime.Seconds(), "bare-req/s")
	b.ReportMetric(otherTime.Seconds()/ownTime.Seconds(), "x-bare")
	b.ReportMetric(0, "ns/op")
}

func dialMany(b *testing.B, url string, n int) []net.Conn {
	b.Helper()
	var conns []net.Conn
	for range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		conns = append(conns, conn)
	}
	return conns
}

// postMany sends n requests over all connections, and returns how long that took.
func postMany(b *testing.B, conns []net.Conn, request []byte, n int64) time.Duration {
	var left atomic.Int64
	left.Store(n)
	var wg sync.WaitGroup
	begin := time.Now()
	for _, conn := range conns {
		wg.Go(func() {
			r := bufio.NewReader(conn)
			for left.Add(-1) >= 0 {
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				resp, err := http.ReadResponse(r, nil)
				if err != nil {
					b.Error(err)
					return
				}
				if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
					b.Errorf("answered %s, %v", resp.Status, err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

// BenchmarkAllocs counts the allocations of one request, less those of net/http's own
// connection.
func BenchmarkAllocs(b *testing.B) {
	s := typedServer(b)
	body := benchBody(b)
	for name, h := range map[string]http.Handler{"typed": s, "bare": http.HandlerFunc(bare)} {
		b.Run(name, func(b *testing.B) {
			once := request(b, h, body)
			b.ReportAllocs()
			for b.Loop() {
				once()
			}
		})
	}
}

// maxAllocs is how many allocations a typed handler's request may cost, less those of
// net/http's own connection.
const maxAllocs = 22

// TestAllocs takes the least of several counts: what other tests have left running, and a
// collection that empties a pool, count as well.
func TestAllocs(t *testing.T) {
	once := request(t, typedServer(t), benchBody(t))
	least := math.Inf(1)
	for range 20 {
		if least = min(least, testing.AllocsPerRun(100, once)); least <= maxAllocs {
			return
		}
	}
	t.Errorf("%v allocations a request, more than %d", least, maxAllocs)
}

// request returns what has a handler answer the same request once more.
func request(t testing.TB, h http.Handler, body []byte) func() {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", "http://127.0.0.1/webhooks/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI = "/webhooks/x"
	r.Header.Set("X-Webhook-Secret", canary)
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = int64(len(body))
	w := &discard{header: http.Header{}}
	return func() {
		clear(w.header)
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(w, r)
		if w.status != 0 && w.status != http.StatusOK {
			t.Errorf("answered %d", w.status)
		}
	}
}

// discard is a ResponseWriter that costs nothing.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
