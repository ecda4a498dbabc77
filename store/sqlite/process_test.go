package sqlite_test

import (
	"bufio"
	"context"
	crand "crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/internal/fuzztest"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// Tests with several processes start this test binary again, with the name of one
// of these in the environment.
var children = map[string]func(path string) error{
	"append": childAppends,
	"send":   childSends,
}

const childVar, pathVar = "HFHOOK_TEST_CHILD", "HFHOOK_TEST_STORE"

func TestMain(m *testing.M) {
	if child := children[os.Getenv(childVar)]; child != nil {
		if err := child(os.Getenv(pathVar)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	fuzztest.Main(m)
}

// startChild starts one, which ends with the test.
func startChild(t *testing.T, name, path string) (*exec.Cmd, io.WriteCloser, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childVar+"="+name, pathVar+"="+path)
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stdin, bufio.NewScanner(stdout)
}

// childAppends records events and deliveries from several goroutines until its
// input ends. It prints the id and the hash of each event that was acknowledged.
func childAppends(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	var over sync.WaitGroup
	done := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(done)
	}()
	var print sync.Mutex
	for range 4 {
		over.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				body := randomBody()
				e := newEvent(body)
				opts := store.AppendOptions{Targets: []store.Forward{{Target: "t", URL: "u"}}}
				if err := s.Append(ctx, e, opts); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				d := event.Delivery{Event: e.ID, N: 1, Kind: event.Live, State: event.Done, Target: "t", Status: 200}
				if err := s.PutDelivery(ctx, &d); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				print.Lock()
				fmt.Printf("%s %x\n", e.ID, sha256.Sum256([]byte(body)))
				print.Unlock()
			}
		})
	}
	over.Wait()
	return s.Close()
}

// randomBody is of up to three pages.
func randomBody() string {
	b := make([]byte, rand.IntN(12_000))
	crand.Read(b)
	return string(b)
}

// An ack is what a child prints.
type ack struct {
	id  event.ID
	sum string
}

func parseAck(t *testing.T, line string) ack {
	t.Helper()
	id, sum, ok := strings.Cut(line, " ")
	if !ok || len(sum) != 2*sha256.Size {
		t.Fatalf("the child printed %q", line)
	}
	return ack{event.ID(id), sum}
}

// check reads an event that was acknowledged, and the delivery that was.
func (a ack) check(t *testing.T, s store.Store) {
	t.Helper()
	e, err := s.Event(t.Context(), a.id)
	if err != nil {
		t.Errorf("lost: %v", err)
		return
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(e.Body)); got != a.sum {
		t.Errorf("%s has a body with the hash %s; want %s", a.id, got, a.sum)
	}
	ds, err := s.Deliveries(t.Context(), a.id)
	if err != nil || len(ds) != 1 || !ds[0].OK() {
		t.Errorf("%s has the deliveries %+v, %v; want one that was taken", a.id, ds, err)
	}
}

// A process that is killed while it writes loses nothing that it has acknowledged,
// and leaves no damage.
func TestKill(t *testing.T) {
	t.Parallel()
	stores, rounds := 4, 13
	if testing.Short() {
		rounds = 2
	}
	for i := range stores {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			testKill(t, rounds)
		})
	}
}

func testKill(t *testing.T, rounds int) {
	path := filepath.Join(t.TempDir(), "events.db")
	var all []ack
	for range rounds {
		cmd, _, lines := startChild(t, "append", path)
		// The number of lines decides when, so it hits any part of a commit.
		var acks []ack
		for left := rand.IntN(60); left >= 0 && lines.Scan(); left-- {
			acks = append(acks, parseAck(t, lines.Text()))
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // acknowledged, and not read yet; the last line may be cut
			if line := lines.Text(); len(line) == 26+1+2*sha256.Size {
				acks = append(acks, parseAck(t, line))
			}
		}
		cmd.Wait() // tells that it was killed
		if len(acks) == 0 {
			t.Fatal("the child did nothing")
		}

		s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range acks {
			a.check(t, s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		all = append(all, acks...)
	}
	s := open(t, path)
	for _, a := range all {
		a.check(t, s)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	checkCounters(t, s, path)
	t.Logf("%d events were acknowledged in %d rounds", len(all), rounds)
}

// checkCounters compares the counters with what they count.
func checkCounters(t *testing.T, s store.Store, path string) {
	t.Helper()
	stats, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var want store.Stats
	err = raw(t, path).QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM deliveries WHERE state = 'waiting'),
		(SELECT count(*) FROM events e JOIN deliveries d ON d.event = e.seq AND d.n = e.deliveries
			WHERE d.state = 'done' AND (d.err <> '' OR d.status NOT BETWEEN 200 AND 299))`).Scan(&want.Events, &want.Waiting, &want.Failed)
	if err != nil {
		t.Fatal(err)
	}
	if stats.Events != want.Events || stats.Waiting != want.Waiting || stats.Failed != want.Failed {
		t.Errorf("counted %+v; want %+v", stats, want)
	}
}

// Two other processes and this one make one store and write to it at once.
func TestProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "events.db")
	var acks []ack
	type child struct {
		cmd   *exec.Cmd
		stdin io.Closer
		lines *bufio.Scanner
	}
	var running []child
	for range 2 {
		cmd, stdin, lines := startChild(t, "append", path)
		running = append(running, child{cmd, stdin, lines})
	}
	s := open(t, path)

	// The newest of the others' is older than what is recorded after it was seen.
	for range 20 {
		for _, c := range running {
			if !c.lines.Scan() {
				t.Fatal("a child stopped")
			}
			seen := parseAck(t, c.lines.Text())
			acks = append(acks, seen)
			e := newEvent(randomBody())
			if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
				t.Fatal(err)
			}
			if e.ID <= seen.id {
				t.Errorf("%s was recorded after %s", e.ID, seen.id)
			}
		}
	}
	for _, c := range running {
		c.stdin.Close()
		for c.lines.Scan() {
			acks = append(acks, parseAck(t, c.lines.Text()))
		}
		if err := c.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	for _, a := range acks {
		a.check(t, s)
	}

	// Paging finds each once, in the order of the IDs.
	var ids []event.ID
	for q := (store.Query{Limit: 100}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		if !page.Older {
			break
		}
		q.Before = ids[len(ids)-1]
	}
	if want := len(acks) + 40; len(ids) != want {
		t.Errorf("%d events; want %d", len(ids), want)
	}
	slices.Reverse(ids)
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("the rows are not in the order of the IDs, each once")
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	checkCounters(t, s, path)
}
