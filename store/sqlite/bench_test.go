package sqlite_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// hubEvent returns an event of about the size of the Hub's, some 1.5 kB, which is
// like one in a thousand others in its repository, and like no other delivery.
func hubEvent(tb testing.TB) func(i int64) *event.Event {
	const format = `{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"dataset","name":"me/corpus-%d","id":"621ffdc036468d709f17434d","private":false,` +
		`"url":{"web":"https://huggingface.co/datasets/me/corpus","api":"https://huggingface.co/api/datasets/me/corpus"},"owner":{"id":"628b753283ef59b5be89e937"}},` +
		`"discussion":{"id":"6399f58518721fdd27fc9ca9","title":"Fix split names","url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19","api":"https://huggingface.co/api/datasets/me/corpus/discussions/19"},"status":"open","author":{"id":"61d2f90c3c2083e1c08af22d"},"num":19,"isPullRequest":true,"changes":{"base":"refs/heads/main"}},` +
		`"comment":{"id":"6398872887bfcfb93a306f18","author":{"id":"61d2f90c3c2083e1c08af22d"},"content":"%0600d","hidden":false,"url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19#6398872887bfcfb93a306f18"}},` +
		`"webhook":{"id":"6390e855e30d9209411de93b","version":3}}`
	type parsed struct {
		body    []byte
		sum     [sha256.Size]byte
		payload *payload.Payload
	}
	samples := make([]parsed, 1000)
	for i := range samples {
		body := fmt.Appendf(nil, format, i, i)
		p, _, err := payload.Parse(body)
		if err != nil {
			tb.Fatal(err)
		}
		samples[i] = parsed{body, sha256.Sum256(body), p}
	}
	return func(i int64) *event.Event {
		s := samples[i%int64(len(samples))]
		return &event.Event{Capture: event.Capture{
			Received: time.Now(), Method: "POST", Path: "/webhooks", Proto: "HTTP/1.1", Peer: "127.0.0.1:51234", Tunnel: true,
			Header: []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "User-Agent", Value: "huggingface/webhooks"}, {Name: "X-Forwarded-For", Value: "127.0.0.1"}},
			Body:   s.body, SHA256: s.sum, Origin: event.FromHub, DeliveryID: rand.Text(), Payload: s.payload,
		}}
	}
}

// BenchmarkAppend is the rate of durable events.
func BenchmarkAppend(b *testing.B) {
	next := hubEvent(b)
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "events.db"))
			ctx := context.Background()
			var made atomic.Int64
			// At least one goroutine for each processor runs, so some have to wait.
			slots := make(chan struct{}, callers)
			b.SetParallelism((callers + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					slots <- struct{}{}
					if err := s.Append(ctx, next(made.Add(1)), store.AppendOptions{}); err != nil {
						b.Error(err)
					}
					<-slots
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkPutDelivery is the rate of durable attempts, as of a replay of 64 at a time.
func BenchmarkPutDelivery(b *testing.B) {
	const callers = 64
	s := open(b, filepath.Join(b.TempDir(), "events.db"))
	next := hubEvent(b)
	ctx := context.Background()
	ids := make([]event.ID, 1000)
	for i := range ids {
		e := next(int64(i))
		if err := s.Append(ctx, e, store.AppendOptions{}); err != nil {
			b.Fatal(err)
		}
		ids[i] = e.ID
	}
	header := []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Mon, 23 Nov 2026 12:00:00 GMT"}}
	var made atomic.Int64
	b.SetParallelism(callers / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			d := event.Delivery{Event: ids[made.Add(1)%int64(len(ids))], Kind: event.Replay, State: event.Done, Target: "127.0.0.1:8000", URL: "http://127.0.0.1:8000/webhooks",
				Started: time.Now(), Took: time.Millisecond, Status: 200, RequestHeader: header, ResponseHeader: header, ResponseBody: []byte(`{"processed":true}`)}
			if err := s.PutDelivery(ctx, &d); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkRead reads stores of a thousand events and, where HFHOOK_BENCH_EVENTS
// says so, of as many more: a million takes some minutes to make.
func BenchmarkRead(b *testing.B) {
	sizes := []int64{1000}
	if n, err := strconv.ParseInt(os.Getenv("HFHOOK_BENCH_EVENTS"), 10, 64); err == nil {
		sizes = append(sizes, n)
	}
	for _, size := range sizes {
		path := filepath.Join(b.TempDir(), fmt.Sprint(size))
		middle := fillAtOnce(b, path, size)
		read := func(name string, f func(s *sqlite.Store) error) {
			b.Run(fmt.Sprintf("%s/events=%d", name, size), func(b *testing.B) {
				s := open(b, path)
				for b.Loop() {
					if err := f(s); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		list := func(q store.Query) func(s *sqlite.Store) error {
			return func(s *sqlite.Store) error {
				page, err := s.List(context.Background(), q)
				if err == nil && len(page.Rows) != 50 {
					err = fmt.Errorf("%d rows", len(page.Rows))
				}
				return err
			}
		}
		b.Run(fmt.Sprintf("open and newest 50/events=%d", size), func(b *testing.B) {
			for b.Loop() {
				s, err := sqlite.Open(context.Background(), path, sqlite.Options{MustExist: true})
				if err != nil {
					b.Fatal(err)
				}
				if err := list(store.Query{})(s); err != nil {
					b.Fatal(err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
		read("newest 50", list(store.Query{}))
		read("50 before the middle", list(store.Query{Before: middle}))
		read("50 after the middle", list(store.Query{After: middle}))
		read("one event", func(s *sqlite.Store) error {
			_, err := s.Event(context.Background(), middle)
			return err
		})
		read("prefix", func(s *sqlite.Store) error {
			_, err := s.Resolve(context.Background(), string(middle[:25]))
			return err
		})
		read("failed", func(s *sqlite.Store) error {
			_, err := s.Resolve(context.Background(), "@failed")
			return err
		})
		read("stats", func(s *sqlite.Store) error {
			_, err := s.Stats(context.Background())
			return err
		})
	}
}

// fillAtOnce makes a store of size events, of which every hundredth failed, and
// returns the one in the middle.
func fillAtOnce(b *testing.B, path string, size int64) (middle event.ID) {
	b.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	next := hubEvent(b)
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() {
			for i := made.Add(1); i <= size; i = made.Add(1) {
				e := next(i)
				if err := s.Append(context.Background(), e, store.AppendOptions{}); err != nil {
					b.Error(err)
					return
				}
				if i == size/2 {
					middle = e.ID
				}
				if i%100 == 0 {
					d := event.Delivery{Event: e.ID, State: event.Done, Target: "t", Status: 500}
					if err := s.PutDelivery(context.Background(), &d); err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return middle
}
