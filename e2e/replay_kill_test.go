//go:build unix

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// TestReplayKilled kills replays of many events, 64 at a time, in their middle. What was shown
// is recorded, and what is recorded was received.
func TestReplayKilled(t *testing.T) {
	n, rounds := 10_000, 4
	if testing.Short() {
		n, rounds = 2_000, 2
	}
	var mu sync.Mutex
	received := map[string]bool{} // event and attempt
	handler := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		received[r.Header.Get("X-Hfhook-Event-Id")+" "+r.Header.Get("X-Hfhook-Attempt")] = true
	}))
	t.Cleanup(handler.Close)
	h := newHome(t)
	ids := h.recordMany(t, n)

	shown := map[string]bool{}
	for round := range rounds {
		cmd := exec.CommandContext(t.Context(), binary, "replay", "--filter", "path:*", "--to", handler.URL, "--concurrency", "64", "--json")
		cmd.Env, cmd.Dir = h.env, h.dir
		errs := &lockedBuffer{}
		cmd.Stderr = errs
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for scan := bufio.NewScanner(out); scan.Scan(); lines++ {
			var d struct {
				Event string `json:"event"`
				N     int    `json:"n"`
			}
			if json.Unmarshal(scan.Bytes(), &d) != nil {
				break // cut off by the kill
			}
			shown[d.Event+" "+strconv.Itoa(d.N)] = true
			if lines == (round+1)*n/(rounds+2) {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || lines < n/(rounds+2) {
			t.Fatalf("the replay ended by itself after %d of %d: %v: %s", lines, n, err, errs)
		}
	}

	events, err := sqlite.Open(t.Context(), h.store(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	if err := events.Check(t.Context()); err != nil {
		t.Error(err)
	}
	states := map[event.DeliveryState]int{}
	for _, id := range ids {
		made, err := events.Attempts(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range made {
			states[d.State]++
			delete(shown, fmt.Sprintf("%s %d", id, d.N))
			if d.State == event.Done && (d.Status != http.StatusOK || !received[fmt.Sprintf("%s %d", id, d.Attempt)]) {
				t.Errorf("attempt %d of %s is recorded with status %d, and was not received", d.N, id, d.Status)
			}
			if d.State != event.Done && d.State != event.Sending && d.State != event.Interrupted {
				t.Errorf("attempt %d of %s is %s", d.N, id, d.State)
			}
		}
	}
	for key := range shown {
		t.Errorf("attempt %s was shown and is not recorded", key)
	}
	t.Logf("%d events, %d received, recorded: %v", n, len(received), states)
}

// recordMany records n events in the store of the home.
func (h *home) recordMany(t *testing.T, n int) []event.ID {
	t.Helper()
	events, err := sqlite.Open(t.Context(), h.store(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	ids := make([]event.ID, n)
	var wg sync.WaitGroup
	for from := range 64 {
		wg.Go(func() {
			for i := from; i < n; i += 64 {
				e := &event.Event{Capture: event.Capture{Method: http.MethodPost, Path: "/webhooks", Body: fmt.Appendf(nil, `{"n":%d}`, i)}}
				if err := events.Append(t.Context(), e, store.AppendOptions{}); err != nil {
					t.Error(err)
					return
				}
				ids[i] = e.ID
			}
		})
	}
	wg.Wait()
	return ids
}
