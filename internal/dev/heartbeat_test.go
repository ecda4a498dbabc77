package dev_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"hfhook/internal/dev"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// TestGapsOutliveSessions sees that a time in which nothing ran is told by the next
// session.
func TestGapsOutliveSessions(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "events.db")
	events, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	old := store.Span{Run: long, From: long, To: long.Add(time.Minute), Why: store.Started}
	if err := events.PutSpan(t.Context(), &old); err != nil {
		t.Fatal(err)
	}
	if err := events.Close(); err != nil {
		t.Fatal(err)
	}

	s, _, end := begin(t, path, dev.Options{})
	await(t, s, "the gap", func() bool { return len(s.State().Gaps) == 1 })
	g := s.State().Gaps[0]
	if !g.From.Equal(old.To) || g.Why != store.Started || g.Short() || !s.State().Offline.IsZero() {
		t.Errorf("the gap is %+v, offline since %v", g, s.State().Offline)
	}
	end()

	s, _, _ = begin(t, path, dev.Options{})
	await(t, s, "the mark of the second session", func() bool { return len(s.State().Gaps) == 2 })
	if g := s.State().Gaps[1]; !g.Short() || g.Why != store.Started || !g.Exact || g.Covered {
		t.Errorf("the second session began with %+v", g)
	}
}

// TestTriggersAreCounted sees that what the Hub sends is counted, and what hfhook makes
// is not.
func TestTriggersAreCounted(t *testing.T) {
	t.Parallel()
	s, _, _ := begin(t, filepath.Join(t.TempDir(), "events.db"), dev.Options{})
	if _, err := s.Trigger(t.Context(), "repo/create"); err != nil {
		t.Fatal(err)
	}
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(s.State().LocalURL, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	await(t, s, "the count", func() bool { return s.State().Received == 2 && len(s.State().Triggers) == 1 })
	if got := s.State().Triggers[0]; got.N != 1 || got.Webhook == "" {
		t.Errorf("one event of the Hub and a synthetic one count as %+v", got)
	}
}
