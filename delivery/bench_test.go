package delivery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/event"
)

func benchHandler(b *testing.B) delivery.Target {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	b.Cleanup(server.Close)
	target, err := delivery.ParseTarget(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	return target
}

func reportP50(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkOverhead is what a delivery costs beside the handler's own time, which is
// next to nothing here: from the moment at which an event is on disk until what the
// handler answered is. sending is the part until the handler has been answered.
func BenchmarkOverhead(b *testing.B) {
	target := benchHandler(b)
	events := openStore(b, filepath.Join(b.TempDir(), "events.db"))
	finished := make(chan event.Delivery, 1)
	out := delivery.New(events, delivery.Options{Targets: []delivery.Target{target}, OnDelivery: func(d event.Delivery) { finished <- d }})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- out.Run(ctx) }()
	var took []time.Duration
	n := 0
	for b.Loop() {
		record(b, events, n, target)
		n++
		start := time.Now()
		out.Wake()
		if d := <-finished; !d.OK() {
			b.Fatalf("%+v", d)
		}
		took = append(took, time.Since(start))
	}
	cancel()
	<-ended
	reportP50(b, took)
}

// BenchmarkSend replays one event, 64 attempts at a time, beside a plain client that
// posts the same body from memory to the same handler.
func BenchmarkSend(b *testing.B) {
	const workers = 64
	b.Run("client", func(b *testing.B) {
		target := benchHandler(b)
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
		text := body(1)
		inParallel(b, workers, func() error {
			resp, err := client.Post(target.URL.String()+"/webhooks", "application/json", bytes.NewReader(text))
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			return err
		})
	})
	b.Run("replay", func(b *testing.B) {
		target := benchHandler(b)
		events := openStore(b, filepath.Join(b.TempDir(), "events.db"))
		out := delivery.New(events, delivery.Options{})
		e := record(b, events, 1)
		inParallel(b, workers, func() error {
			_, err := out.Send(context.Background(), e, target, event.Replay)
			return err
		})
	})
}

// inParallel has the workers call f, b.N times in all.
func inParallel(b *testing.B, workers int, f func() error) {
	b.Helper()
	turns := make(chan struct{}, workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range turns {
				if err := f(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for b.Loop() {
		turns <- struct{}{}
	}
	close(turns)
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}
