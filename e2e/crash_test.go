//go:build unix

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload/sample"
	"hfhook/store/sqlite"
)

// TestKillUnderLoad kills a session at random moments while events pour in over
// HTTP, and looks for each event that was answered with 200, byte for byte.
func TestKillUnderLoad(t *testing.T) {
	rounds := 50
	if testing.Short() {
		rounds = 5
	}
	h := newHome(t)
	random := rand.New(rand.NewPCG(1, 2))
	acknowledged := map[event.ID][sha256.Size]byte{}
	for range rounds {
		p := h.dev("--tunnel", "none")
		// After so many answers, plus a moment that falls anywhere in a commit.
		after, more := random.IntN(40), time.Duration(random.IntN(5000))*time.Microsecond
		maps.Copy(acknowledged, loadUntilKilled(t, p, after, more))
	}
	if len(acknowledged) < rounds {
		t.Fatalf("only %d events were acknowledged in %d rounds: the load is too small to prove anything", len(acknowledged), rounds)
	}

	events, err := sqlite.Open(t.Context(), h.store(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer events.Close()
	if err := events.Check(t.Context()); err != nil {
		t.Error(err)
	}
	for id, sum := range acknowledged {
		e, err := events.Event(t.Context(), id)
		if err != nil {
			t.Errorf("acknowledged, and lost: %v", err)
			continue
		}
		if sha256.Sum256(e.Body) != sum || e.SHA256 != sum {
			t.Errorf("%s came back with other bytes", id)
		}
	}
	t.Logf("%d rounds, %d acknowledged events", rounds, len(acknowledged))
}

// loadUntilKilled posts from eight clients, kills the process after so many answers
// and a moment more, and returns what was acknowledged.
func loadUntilKilled(t *testing.T, p *process, after int, more time.Duration) map[event.ID][sha256.Size]byte {
	acknowledged := map[event.ID][sha256.Size]byte{}
	var mu sync.Mutex
	enough := make(chan struct{})
	var once sync.Once
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				body, err := sample.New("repo.content/update", sample.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				req, err := http.NewRequest(http.MethodPost, p.url, bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("X-Webhook-Secret", canary)
				resp, err := client.Do(req)
				if err != nil {
					return // killed
				}
				answer, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				var stored struct{ ID event.ID }
				if err != nil || json.Unmarshal(answer, &stored) != nil {
					return // killed within the answer
				}
				if resp.StatusCode != http.StatusOK {
					t.Errorf("answered %s %s", resp.Status, answer)
					return
				}
				mu.Lock()
				acknowledged[stored.ID] = sha256.Sum256(body)
				if len(acknowledged) > after {
					once.Do(func() { close(enough) })
				}
				mu.Unlock()
			}
		})
	}
	select {
	case <-enough:
	case <-time.After(deadline):
		t.Error(fmt.Errorf("no %d answers came: %s", after, p.stderr))
	}
	// A random moment is the point here, and nothing waits for it.
	<-time.After(more)
	p.kill()
	wg.Wait()
	return acknowledged
}
