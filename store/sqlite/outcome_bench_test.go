package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// BenchmarkOutcomes asks for the first page of filters on outcomes in a store of many events,
// each sent to three targets of different outcomes: a fails once in a thousand, b refuses three in
// ten with 404, c fails once in a hundred. HFHOOK_BENCH_EVENTS says how many events there are.
func BenchmarkOutcomes(b *testing.B) {
	size, err := strconv.ParseInt(os.Getenv("HFHOOK_BENCH_EVENTS"), 10, 64)
	if err != nil {
		size = 20_000
	}
	path := filepath.Join(b.TempDir(), "outcomes.db")
	fillOutcomes(b, path, size)
	s := open(b, path)
	for _, text := range []string{
		"is:failed", "status:404", "is:failed target:a", "is:failed target:c", "-target:a", "-(is:failed target:b)", "-is:failed",
		"(is:failed target:a)|(status:404 target:b)", "(is:failed target:a)|(is:failed target:c)", "is:failed repo:me/corpus-42", "status:404 repo:me/corpus-13", "status:404 ms:>329 target:b",
		"is:failed | repo:me/corpus-7", "(status:200 target:a) (status:404 target:b)", "(is:failed target:a) (is:failed target:b) (is:failed target:c)", "target:nobody", "status:404 target:a", "ms:>1h",
		"is:duplicate", "is:warned", "origin:import", "is:synthetic | ms:>1h", "is:duplicate | is:pinned", "pin:a*", "note:a", "is:missed",
		"answer:handler", "answer:nowhere status:503", "answer:nowhere target:a status:500",
	} {
		x, err := filter.Parse(text, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%s/events=%d", text, size), func(b *testing.B) {
			calls, rows := 0, 0
			var slowest time.Duration
			for b.Loop() {
				calls, rows = 0, 0
				q := store.Query{Filter: x}
				for more := true; more && rows < 50; calls++ {
					start := time.Now()
					page, err := s.List(context.Background(), q)
					if err != nil {
						b.Fatal(err)
					}
					slowest = max(slowest, time.Since(start))
					rows += len(page.Rows)
					q.Before, more = page.Next, page.Next != ""
				}
			}
			b.ReportMetric(float64(calls), "calls")
			b.ReportMetric(float64(rows), "rows")
			b.ReportMetric(float64(slowest)/1e6, "slowest-call-ms")
		})
	}
}

// fillOutcomes makes a store of which all but a few rows are copied: the attempts have the
// outcomes of those that were recorded.
func fillOutcomes(b *testing.B, path string, size int64) {
	b.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	const kinds = 1000
	for i := range kinds {
		e, _ := eventToFind(b, int64(i))
		opts := store.AppendOptions{Targets: []store.Forward{{Target: "a", URL: "http://a/"}, {Target: "b", URL: "http://b/"}, {Target: "c", URL: "http://c/"}}}
		if err := s.Append(context.Background(), e, opts); err != nil {
			b.Fatal(err)
		}
		statuses := []int{200, 200, 200}
		if i == 500 {
			statuses[0] = 500
		}
		if i%10 < 3 {
			statuses[1] = 404
		}
		if i%100 == 42 {
			statuses[2] = 503
		}
		for n, status := range statuses {
			d := event.Delivery{Event: e.ID, N: n + 1, Kind: event.Live, State: event.Done, Target: opts.Targets[n].Target, URL: opts.Targets[n].URL,
				Started: time.Now(), Took: time.Duration(i) * time.Millisecond, Status: status, ResponseBody: []byte("an answer of a handler, of some length")}
			if err := s.PutDelivery(context.Background(), &d); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	db := raw(b, path)
	copied := fmt.Sprintf("(WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < %d) SELECT i FROM i)", size/kinds-1)
	columns := func(table, key string) (list string) {
		rows, err := db.Query("SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('seq', 'id', ?)", table, key)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				b.Fatal(err)
			}
			list += ", " + name
		}
		return list
	}
	events, deliveries := columns("events", ""), columns("deliveries", "event")
	run(b, db, "PRAGMA synchronous = OFF", "BEGIN",
		"CREATE TEMP TABLE first AS SELECT row_number() OVER (ORDER BY seq) - 1 AS place, seq AS was, (SELECT max(seq) FROM events) AS last FROM events",
		// An id is the key and 8 bytes more.
		"INSERT INTO events (seq, id"+events+") SELECT f.last + c.i * 100000 + f.place, unhex(printf('%016X%016X', f.last + c.i * 100000 + f.place, 0))"+events+" FROM "+copied+" c CROSS JOIN first f JOIN events e ON e.seq = f.was",
		"INSERT INTO deliveries (event"+deliveries+") SELECT f.last + c.i * 100000 + f.place"+deliveries+" FROM "+copied+" c CROSS JOIN first f JOIN deliveries d ON d.event = f.was",
		"UPDATE tallies SET n = n * "+fmt.Sprint(size/kinds), fmt.Sprintf("UPDATE counters SET events = %d, newest = (SELECT max(seq) FROM events)", size),
		"COMMIT", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
