package dev_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/store/sqlite"
)

// BenchmarkCapture measures durable capture over HTTP, beside the same server with
// recording off and in turns with it, so that both see the same noise: bodies of 2
// KB, the secret checked, the payload parsed. The figure to read is x-off, the rate
// with recording as a part of that without. HFHOOK_BENCH_WORDS=off keeps no index of words.
func BenchmarkCapture(b *testing.B) {
	for _, conns := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("conns=%d", conns), func(b *testing.B) {
			secret, err := server.ParseSecret("bench-secret")
			if err != nil {
				b.Fatal(err)
			}
			events, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{Index: os.Getenv("HFHOOK_BENCH_WORDS") != "off"})
			if err != nil {
				b.Fatal(err)
			}
			defer events.Close()
			ctx, stop := context.WithCancel(b.Context())
			defer stop()
			on := listen(b)
			session, err := dev.Start(ctx, dev.Options{Store: events, Listener: on, Secrets: []server.Secret{secret}})
			if err != nil {
				b.Fatal(err)
			}
			off := listen(b)
			plain, err := server.New(server.Options{Secrets: []server.Secret{secret}, Recorder: nowhere{}, Output: io.Discard})
			if err != nil {
				b.Fatal(err)
			}
			served := make(chan error, 1)
			go func() { served <- plain.Serve(ctx, off) }()

			onLoad := newLoad(b, on.Addr().String(), conns)
			offLoad := newLoad(b, off.Addr().String(), conns)
			const round = 2000
			var onTime, offTime time.Duration
			var took []time.Duration
			rounds := 0.0
			for b.Loop() {
				offTook, _ := offLoad.run(b, round)
				onTook, each := onLoad.run(b, round)
				offTime += offTook
				onTime += onTook
				took = append(took, each...)
				rounds++
			}
			b.ReportMetric(rounds*round/onTime.Seconds(), "on-req/s")
			b.ReportMetric(rounds*round/offTime.Seconds(), "off-req/s")
			b.ReportMetric(offTime.Seconds()/onTime.Seconds(), "x-off")
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			if conns == 1 {
				sync := fdatasync(b)
				b.ReportMetric(float64(sync.Microseconds()), "fsync-p50-µs")
				b.ReportMetric(float64(took[len(took)/2])/float64(sync), "x-fsync")
			}
			b.ReportMetric(0, "ns/op")
			stop()
			_ = session.Wait()
			if err := <-served; err != nil {
				b.Error(err)
			}
		})
	}
}

// nowhere takes events and keeps none.
type nowhere struct{}

func (nowhere) Record(_ context.Context, e *event.Event) error {
	e.ID = "01JD4X7M9C8Q2R5T7V9WABCDEF"
	return nil
}
func (nowhere) Reject(event.Rejected) {}

func listen(t testing.TB) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// A load is a number of connections that each post one event after another. Its
// requests are written by hand, so that it costs little beside the server.
type load struct {
	conns []net.Conn
	sent  atomic.Int64
	body  []byte
}

func newLoad(b *testing.B, addr string, conns int) *load {
	b.Helper()
	body, err := sample.New("repo.content/update", sample.Options{})
	if err != nil {
		b.Fatal(err)
	}
	const size = 2048
	pad := fmt.Sprintf(`{"pad":%q,`, strings.Repeat("x", size-len(body)-len(`{"pad":"",`)+1))
	l := &load{body: append([]byte(pad), bytes.TrimSpace(body)[1:]...)}
	for range conns {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		l.conns = append(l.conns, conn)
	}
	return l
}

// run posts n events over all connections and returns how long that and each took.
func (l *load) run(b *testing.B, n int) (time.Duration, []time.Duration) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	left := atomic.Int64{}
	left.Store(int64(n))
	begin := time.Now()
	for _, conn := range l.conns {
		wg.Go(func() {
			r := bufio.NewReader(conn)
			var own []time.Duration
			for left.Add(-1) >= 0 {
				start := time.Now()
				if _, err := fmt.Fprintf(conn, "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Webhook-Secret: bench-secret\r\nWebhook-Id: %d\r\nContent-Length: %d\r\n\r\n%s", l.sent.Add(1), len(l.body), l.body); err != nil {
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
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	wg.Wait()
	return time.Since(begin), took
}

// fdatasync is the median time of making 4 KiB durable on the disk of the store.
func fdatasync(b *testing.B) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "sync"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	var took []time.Duration
	for range 300 {
		start := time.Now()
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2]
}
