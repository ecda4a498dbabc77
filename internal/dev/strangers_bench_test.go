package dev_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/store/sqlite"
	"hfhook/tunnel"
)

// BenchmarkStrangers measures how long a delivery of the Hub takes while strangers who do
// not know the secret do what they can, all from the Hub's own address: 1,000 send half of
// a request, 2,000 are idle or slow, and 1,000 requests a second come without a secret. One
// that is closed comes back after a second. Every second delivery has a connection of its own,
// the others share one that is kept. A delivery is stored durably, and is answered 200;
// anything else is counted, and fails the benchmark.
func BenchmarkStrangers(b *testing.B) {
	for _, name := range []string{"local", "tunnel"} {
		b.Run(name, func(b *testing.B) {
			secret, err := server.ParseSecret("bench-secret")
			if err != nil {
				b.Fatal(err)
			}
			events, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{Index: true})
			if err != nil {
				b.Fatal(err)
			}
			defer events.Close()
			ctx, stop := context.WithCancel(b.Context())
			defer stop()
			local, public := listen(b), listen(b)
			session, err := dev.Start(ctx, dev.Options{Store: events, Listener: local, Secrets: []server.Secret{secret}, Tunnel: plainTunnel{public}})
			if err != nil {
				b.Fatal(err)
			}
			addr := map[string]string{"local": local.Addr().String(), "tunnel": public.Addr().String()}[name]
			body, err := sample.New("repo.content/update", sample.Options{})
			if err != nil {
				b.Fatal(err)
			}
			delivery := fmt.Sprintf("POST /webhooks HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: bench-secret\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			kept, err := net.Dial("tcp", addr)
			if err != nil {
				b.Fatal(err)
			}
			defer kept.Close()
			if status, err := ask(kept, delivery); status != http.StatusOK {
				b.Fatalf("without strangers a delivery is answered %d, %v", status, err)
			}
			refused := besiege(b, addr)

			const round = 50 // deliveries, one after another
			var took []time.Duration
			answers := map[int]int{}                      // by status; 0: none
			pace := time.NewTicker(10 * time.Millisecond) // the Hub sends far less
			defer pace.Stop()
			for b.Loop() {
				for range round {
					begin := time.Now()
					send := func() (int, error) { return ask(kept, delivery) }
					if len(took)%2 == 0 {
						send = func() (int, error) { return request(addr, delivery) }
					}
					status, err := send()
					if status != http.StatusOK {
						b.Errorf("a delivery was answered %d, %v", status, err)
					}
					answers[status]++
					took = append(took, time.Since(begin))
					<-pace.C
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1e3, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1e3, "p99-ms")
			b.ReportMetric(float64(len(took)), "deliveries")
			b.ReportMetric(float64(answers[http.StatusTooManyRequests]), "429s")
			b.ReportMetric(float64(answers[0]), "unanswered")
			b.ReportMetric(float64(refused()), "refused/s")
			b.ReportMetric(0, "ns/op")
			stop()
			_ = session.Wait()
		})
	}
}

// request sends a request on a connection of its own, and returns the status.
func request(addr, text string) (int, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return ask(conn, text)
}

// ask sends a request on a connection, and returns the status.
func ask(conn net.Conn, text string) (int, error) {
	if _, err := io.WriteString(conn, text); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// besiege sends the strangers, until the benchmark ends, and returns once all have come. Its
// result is how many of those who send whole requests were refused in a second.
func besiege(b *testing.B, addr string) (refused func() int64) {
	const half, silent, slow, rate = 1000, 1000, 1000, 1000
	ctx, stop := context.WithCancel(b.Context())
	var all, came sync.WaitGroup
	b.Cleanup(func() { stop(); all.Wait() })
	// restartReplay keeps a connection until it is closed, and comes back after a second.
	restartReplay := func(send func(net.Conn)) {
		came.Add(1)
		first := sync.OnceFunc(came.Done)
		all.Go(func() {
			for ctx.Err() == nil {
				if conn, err := net.Dial("tcp", addr); err == nil {
					leave := context.AfterFunc(ctx, func() { _ = conn.Close() })
					send(conn)
					first()
					_, _ = io.Copy(io.Discard, conn)
					leave()
					_ = conn.Close()
				}
				first()
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			}
		})
	}
	for range half {
		restartReplay(func(c net.Conn) {
			_, _ = io.WriteString(c, "POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{")
		})
	}
	for range silent {
		restartReplay(func(net.Conn) {})
	}
	for range slow {
		restartReplay(func(c net.Conn) {
			_, _ = io.WriteString(c, "POST /webhooks HTTP/1.1\r\nX-Slow: ")
			all.Go(func() {
				for ctx.Err() == nil {
					if _, err := io.WriteString(c, "x"); err != nil {
						return
					}
					select {
					case <-ctx.Done():
					case <-time.After(time.Second):
					}
				}
			})
		})
	}
	came.Wait()
	var count atomic.Int64
	begin := time.Now()
	next := make(chan struct{})
	all.Go(func() {
		defer close(next)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for sent := 0; ctx.Err() == nil; <-tick.C {
			for ; sent < int(time.Since(begin).Seconds()*rate); sent++ {
				select {
				case next <- struct{}{}:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range 64 {
		all.Go(func() {
			for range next {
				text := "POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
				if status, _ := request(addr, text); status/100 == 4 {
					count.Add(1)
				}
			}
		})
	}
	return func() int64 { return int64(float64(count.Load()) / time.Since(begin).Seconds()) }
}

// plainTunnel is a tunnel whose listener is one of this machine.
type plainTunnel struct{ ln net.Listener }

func (plainTunnel) Name() string                                        { return "plain" }
func (p plainTunnel) Open(context.Context, string) (tunnel.Conn, error) { return plainConn(p), nil }

type plainConn plainTunnel

func (c plainConn) URL() string                   { return "http://" + c.ln.Addr().String() }
func (c plainConn) Listener() net.Listener        { return c.ln }
func (plainConn) Events() <-chan tunnel.ConnEvent { return nil }
func (c plainConn) Close() error                  { return c.ln.Close() }
