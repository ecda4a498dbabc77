package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store"
)

// Fill appends synthetic events until a store has n: for benchmarks of what reads it.
func Fill(ctx context.Context, s store.Store, n int64) error {
	stats, err := s.Stats(ctx)
	if err != nil {
		return err
	}
	var events []event.Event
	for _, name := range sample.Names() {
		body, err := sample.New(name, sample.Options{Repo: "me/corpus"})
		if err != nil {
			continue // there is none of a dataset
		}
		p, _, err := payload.Parse(body)
		if err != nil {
			return fmt.Errorf("sample %s: %w", name, err)
		}
		events = append(events, event.Event{Capture: event.Capture{
			Method: "POST", Path: "/webhooks", Proto: "HTTP/1.1", Peer: "127.0.0.1:1", Header: []event.Field{{Name: "Content-Type", Value: "application/json"}},
			Body: body, SHA256: sha256.Sum256(body), Payload: p, Origin: event.FromHub,
		}})
	}
	var next atomic.Int64
	next.Store(stats.Events)
	group, ctx := errgroup.WithContext(ctx)
	for range 128 { // as many as share a commit
		group.Go(func() error {
			for i := next.Add(1); i <= n; i = next.Add(1) {
				e := events[i%int64(len(events))]
				e.Received, e.DeliveryID = time.Now(), fmt.Sprintf("filled-%d", i)
				if err := s.Append(ctx, &e, store.AppendOptions{}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// LargeBody is a payload with so many values besides that it has about size bytes, and not
// more.
func LargeBody(payload []byte, size int) []byte {
	body := bytes.TrimSuffix(bytes.TrimSpace(payload), []byte("}"))
	body = append(slices.Clone(body), `,"extra":[`...)
	for i := 0; len(body) < size-200; i++ {
		if i > 0 {
			body = append(body, ',')
		}
		body = fmt.Appendf(body, `{"n":%d,"text":"row number %d of a large payload","tags":["a","b"]}`, i, i)
	}
	return append(body, `]}`...)
}
