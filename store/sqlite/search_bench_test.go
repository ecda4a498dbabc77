package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// BenchmarkSearch asks for the first page of filters in a store of a thousand events
// and, where HFHOOK_BENCH_EVENTS says so, of as many more. With HFHOOK_BENCH_DIR the
// stores are kept there for the next run. With HFHOOK_BENCH_WORDS they have an index of
// words.
func BenchmarkSearch(b *testing.B) {
	sizes := []int64{1000}
	if n, err := strconv.ParseInt(os.Getenv("HFHOOK_BENCH_EVENTS"), 10, 64); err == nil {
		sizes = append(sizes, n)
	}
	dir := os.Getenv("HFHOOK_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	for _, size := range sizes {
		path := filepath.Join(dir, fmt.Sprintf("search-%d.db", size))
		if _, err := os.Stat(path); err != nil {
			fillForSearch(b, path, size)
		}
		s := open(b, path)
		if os.Getenv("HFHOOK_BENCH_WORDS") != "" {
			start := time.Now()
			if err := s.IndexAll(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.Logf("the index of words is up after %v", time.Since(start))
		}
		oldest, err := s.List(context.Background(), store.Query{After: "00000000000000000000000000", Limit: 10})
		if err != nil {
			b.Fatal(err)
		}
		early := oldest.Rows[0].ID.Time().Format(time.RFC3339Nano)
		for _, text := range []string{
			"scope:discussion", "scope:repo.config", "scope:repo action:move", "scope:repo.config.dois", "action:create", "action:move", "action:delete",
			"type:dataset", "type:space", "type:kernel", "-type:dataset",
			"repo:me/corpus-7", "repo:me/corpus-*", "repo:me/rare", "repo:nobody/*",
			"status:200", "status:5xx", "status:503", "status:4xx", "status:err", "status:pending", "is:failed",
			"since:" + early, "since:1s", "before:" + early, "since:" + early + " before:" + early,
			"scope:discussion repo:me/corpus-7 status:5xx", "scope:discussion type:space", "repo:me/rare status:200", "scope:repo.config repo:me/corpus-7",
			"is:duplicate", "is:synthetic | ms:>1h", "path:/webhooks/*",
			"common", "seldom", "nowhere", "ünder", "seldom repo:me/corpus-7", ".comment.content~common", ".comment.content~nowhere", "pr:1234567", "seldom | status:503",
		} {
			x, err := filter.Parse(text, time.Now())
			if err != nil {
				b.Fatal(err)
			}
			name := strings.ReplaceAll(strings.ReplaceAll(text, early, "EARLY"), "/", "∕")
			b.Run(fmt.Sprintf("%s/events=%d", name, size), func(b *testing.B) {
				calls, rows := 0, 0
				var first time.Duration
				for b.Loop() {
					calls, rows = 0, 0
					q := store.Query{Filter: x}
					for more := true; more && rows < 50; calls++ {
						start := time.Now()
						page, err := s.List(context.Background(), q)
						if err != nil {
							b.Fatal(err)
						}
						if calls == 0 {
							first = max(first, time.Since(start))
						}
						rows += len(page.Rows)
						q.Before, more = page.Next, page.Next != ""
					}
				}
				b.ReportMetric(float64(calls), "calls")
				b.ReportMetric(float64(rows), "rows")
				b.ReportMetric(float64(first)/1e6, "slowest-call-ms")
			})
		}
	}
}

// fillForSearch makes a store in which some things are frequent, and others are only
// in the ten oldest events.
func fillForSearch(b *testing.B, path string, size int64) {
	b.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var made atomic.Int64
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() {
			for i := made.Add(1) - 1; i < size; i = made.Add(1) - 1 {
				e, status := eventToFind(b, i)
				if err := s.Append(context.Background(), e, store.AppendOptions{}); err != nil {
					b.Error(err)
					return
				}
				if status == 0 {
					continue
				}
				d := event.Delivery{Event: e.ID, Kind: event.Live, State: event.Done, Target: "t", Status: status, Took: time.Millisecond}
				if err := s.PutDelivery(context.Background(), &d); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// prose is a text of 60 words, of which some are far more frequent than others, as in
// any language.
func prose(i int64) string {
	r := rand.New(rand.NewPCG(uint64(i), 1))
	frequency := rand.NewZipf(r, 1.1, 8, 50_000)
	var b strings.Builder
	for range 60 {
		n := frequency.Uint64()
		for n += 20; n > 0; n /= 20 {
			b.WriteString([]string{
				"ta", "ri", "no", "ke", "lu", "so", "mi", "da", "fe", "po", "gra", "sta", "ing", "ver", "con", "tion", "ly", "per", "ex", "um",
			}[n%20])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func eventToFind(b *testing.B, i int64) (e *event.Event, status int) {
	kind, opts := "discussion.comment/create:pr", sample.Options{Num: i % 1000, Repo: fmt.Sprintf("me/corpus-%d", i%1000), Rand: rand.NewPCG(uint64(i), 0)}
	word := "something"
	switch {
	case i < 10:
		kind, opts.Repo, opts.RepoType = "repo/move", "me/rare", payload.TypeSpace
		status = 503
	case i%10 < 3:
		kind = "repo.content/update"
	case i%10 == 3:
		kind = "repo.config/update"
	case i%10 == 4:
		kind = "discussion/create"
	}
	switch {
	case i%100 == 99:
		status, word = 500, "seldom"
	case i%20 == 19:
		status, word = 200, "common"
	case i%2 == 1:
		word = "common"
	}
	opts.Content = strings.Repeat(fmt.Sprint(word, " and ", i, " words "), 5) + prose(i)
	body, err := sample.New(kind, opts)
	if err != nil {
		b.Fatal(err)
	}
	p, warnings, err := payload.Parse(body)
	if err != nil {
		b.Fatal(err)
	}
	return &event.Event{Capture: event.Capture{
		Received: time.Now(), Method: "POST", Path: "/webhooks", Proto: "HTTP/1.1", Origin: event.FromHub, Body: body, Payload: p, Warnings: warnings,
		DeliveryID: fmt.Sprint("delivery-", i), Header: []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "User-Agent", Value: "huggingface/webhooks"}},
	}}, status
}
