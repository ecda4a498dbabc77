package delivery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// BenchmarkPlan replays 4,000 events of a store that have no attempt yet, 64 at a time, each of
// them recorded, beside a plain client that posts one body of their size from memory to the same
// handler. They take turns, so that what else the machine does meets both. The ratio is
// of the rates: 1 is as fast as the client, which records nothing.
func BenchmarkPlan(b *testing.B) {
	const workers, round = 64, 4000
	target := benchHandler(b)
	log := openStore(b, filepath.Join(b.TempDir(), "events.db"))
	p := delivery.Plan{Targets: []delivery.Target{target}, Concurrency: workers}
	out := delivery.New(log, delivery.Options{})
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	text := body(1)

	var plain, replayed time.Duration
	for b.Loop() {
		p.Events = recordMany(b, log, workers, round)
		start := time.Now()
		plainRound(b, client, target.URL.String()+"/webhooks", text, workers, round)
		plain += time.Since(start)

		start = time.Now()
		p.Load = store.NewAhead(log, p.Events, false).Event
		tally, err := out.Replay(context.Background(), p)
		if err != nil || tally.Answered != round {
			b.Fatalf("%+v, %v", tally, err)
		}
		replayed += time.Since(start)
	}
	n := float64(b.N * round)
	b.ReportMetric(n/plain.Seconds(), "client/s")
	b.ReportMetric(n/replayed.Seconds(), "replays/s")
	b.ReportMetric(plain.Seconds()/replayed.Seconds(), "ratio")
}

// recordMany records n events, so many at once.
func recordMany(b *testing.B, log *sqlite.Store, atOnce, n int) []event.ID {
	ids := make([]event.ID, n)
	var wg sync.WaitGroup
	for from := range atOnce {
		wg.Go(func() {
			for i := from; i < n; i += atOnce {
				ids[i] = record(b, log, i).ID
			}
		})
	}
	wg.Wait()
	return ids
}

func plainRound(b *testing.B, client *http.Client, url string, text []byte, workers, round int) {
	b.Helper()
	turns := make(chan struct{}, workers)
	done := make(chan error, workers)
	for range workers {
		go func() {
			var failed error
			for range turns {
				resp, err := client.Post(url, "application/json", bytes.NewReader(text))
				if err != nil {
					failed = err
					continue
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
			done <- failed
		}()
	}
	for range round {
		turns <- struct{}{}
	}
	close(turns)
	for range workers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}
