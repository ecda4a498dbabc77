package dev_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/internal/dev"
	"hfhook/server"
	"hfhook/store/sqlite"
)

// BenchmarkHangingTarget offers 1,000 events a second for a second, while one target takes
// connections and never answers and another one is well: how long a capture takes, and
// how many events the second target has when the last one is captured.
func BenchmarkHangingTarget(b *testing.B) {
	secret, err := server.ParseSecret("bench-secret")
	if err != nil {
		b.Fatal(err)
	}
	events, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "events.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer events.Close()
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	var got atomic.Int64
	well := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	defer well.Close()
	var targets []delivery.Target
	for _, text := range []string{hanging.URL + ",name=hanging", well.URL + ",name=well,concurrency=16"} {
		t, err := delivery.ParseTarget(text)
		if err != nil {
			b.Fatal(err)
		}
		targets = append(targets, t)
	}
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	ln := listen(b)
	session, err := dev.Start(ctx, dev.Options{Store: events, Listener: ln, Secrets: []server.Secret{secret}, Targets: targets})
	if err != nil {
		b.Fatal(err)
	}
	const each, step = 10, 10 * time.Millisecond // events at once, and how often
	l := newLoad(b, ln.Addr().String(), each)
	var took []time.Duration
	var spent time.Duration
	rounds := 0
	for b.Loop() {
		begin := time.Now()
		for i := range 1000 / each {
			<-time.After(time.Until(begin.Add(time.Duration(i) * step))) // the events come at a rate
			_, some := l.run(b, each)
			took = append(took, some...)
		}
		spent += time.Since(begin)
		rounds++
	}
	delivered := got.Load()
	slices.Sort(took)
	b.ReportMetric(float64(rounds*1000)/spent.Seconds(), "events/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(delivered)/float64(rounds*1000), "delivered")
	b.ReportMetric(0, "ns/op")
	stop()
	_ = session.Wait()
}
