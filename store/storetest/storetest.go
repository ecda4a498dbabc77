// Package storetest is the contract of [store.Store]: tests that every backend has
// to pass.
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) func() store.Store {
//			path := filepath.Join(t.TempDir(), "events.db")
//			return func() store.Store {
//				s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
//				if err != nil {
//					t.Fatal(err)
//				}
//				return s
//			}
//		})
//	}
package storetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/store"
)

// patience is how long a test waits for what has to come. It is a limit for a test
// that fails, and no measure.
const patience = 20 * time.Second

// Run tests a backend. Each test calls place for a place of its own with nothing in
// it; each call of the open that it returns gives one more handle on that place, as
// another process would have. The tests close the handles.
func Run(t *testing.T, place func(t testing.TB) (open func() store.Store)) {
	tests := []struct {
		name string
		test func(t *testing.T, p *fixture)
	}{
		{"Empty", testEmpty},
		{"RoundTrip", testRoundTrip},
		{"ByHand", testByHand},
		{"AppendOnce", testAppendOnce},
		{"Repeated", testRepeated},
		{"RepeatedKey", testRepeatedKey},
		{"Withheld", testWithheld},
		{"WithheldNewest", testWithheldNewest},
		{"WithheldAtOnce", testWithheldAtOnce},
		{"IDs", testIDs},
		{"Cancelled", testCancelled},
		{"Closed", testClosed},
		{"Reopened", testReopened},
		{"Pages", testPages},
		{"PagesWhileAppending", testPagesWhileAppending},
		{"Row", testRow},
		{"FilterPages", testFilterPages},
		{"FilterMissed", testFilterMissed},
		{"Sorted", testSorted},
		{"Resolve", testResolve},
		{"Pin", testPin},
		{"Note", testNote},
		{"Triggers", testTriggers},
		{"Spans", testSpans},
		{"Known", testKnown},
		{"Delete", testDelete},
		{"DeleteDuplicates", testDeleteDuplicates},
		{"Prune", testPrune},
		{"PruneWhileAppending", testPruneWhileAppending},
		{"Shrink", testShrink},
		{"ShrinkSame", testShrinkSame},
		{"Compact", testCompact},
		{"Deliveries", testDeliveries},
		{"Abandoned", testAbandoned},
		{"DeliveriesFail", testDeliveriesFail},
		{"DeliveriesAtOnce", testDeliveriesAtOnce},
		{"DeliveriesTogether", testDeliveriesTogether},
		{"EventsLarge", testEventsLarge},
		{"Sums", testSums},
		{"Accept", testAccept},
		{"SentAs", testSentAs},
		{"Waiting", testWaiting},
		{"Outcomes", testOutcomes},
		{"OutcomesAtRandom", testOutcomesAtRandom},
		{"Attempts", testAttempts},
		{"Unwanted", testUnwanted},
		{"AckStatus", testAckStatus},
		{"LeftOver", testLeftOver},
		{"LeftOverByOthers", testLeftOverByOthers},
		{"Clear", testClear},
		{"Held", testHeld},
		{"Answers", testAnswers},
		{"Stats", testStats},
		{"Watch", testWatch},
		{"WatchOther", testWatchOther},
		{"WatchEnds", testWatchEnds},
		{"Own", testOwn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(t, &fixture{t: t, place: place(t)})
		})
	}
	t.Run("Filter", func(t *testing.T) {
		t.Parallel()
		Filter(t, place)
	})
}

// A fixture is a place for one test.
type fixture struct {
	t     *testing.T
	place func() store.Store
	made  atomic.Int64
}

// open returns a handle that the test's end closes.
func (f *fixture) open() store.Store {
	f.t.Helper()
	s := f.place()
	f.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			f.t.Errorf("close: %v", err)
		}
	})
	return s
}

const body = `{"event":{"action":"create","scope":"discussion.comment"},` +
	`"repo":{"type":"dataset","name":"me/corpus","id":"621ffdc036468d709f17434d","private":false,"url":{"web":"https://huggingface.co/datasets/me/corpus","api":"https://huggingface.co/api/datasets/me/corpus"},"owner":{"id":"628b753283ef59b5be89e937"}},` +
	`"discussion":{"id":"6399f58518721fdd27fc9ca9","title":"Fix split names","url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19","api":"https://huggingface.co/api/datasets/me/corpus/discussions/19"},"status":"open","author":{"id":"61d2f90c3c2083e1c08af22d"},"num":19,"isPullRequest":true,"changes":{"base":"refs/heads/main"}},` +
	`"comment":{"id":"6398872887bfcfb93a306f18","author":{"id":"61d2f90c3c2083e1c08af22d"},"content":"LGTM","hidden":false,"url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19#6398872887bfcfb93a306f18"}},` +
	`"webhook":{"id":"6390e855e30d9209411de93b","version":3}}`

// event returns an event as the Hub would send it, with a delivery id of its own.
func (f *fixture) event() *event.Event {
	f.t.Helper()
	p, warnings, err := payload.Parse([]byte(body))
	if err != nil {
		f.t.Fatal(err)
	}
	return &event.Event{Capture: event.Capture{
		Received: time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC),
		Method:   "POST",
		Path:     "/webhooks/say_hello",
		Query:    "a=1&b=%32",
		Proto:    "HTTP/1.1",
		Peer:     "127.0.0.1:51234",
		Tunnel:   true,
		Header: []event.Field{
			{Name: "Content-Type", Value: "application/json"},
			{Name: "User-Agent", Value: "huggingface/webhooks"},
		},
		Body:       []byte(body),
		SHA256:     sha256.Sum256([]byte(body)),
		Origin:     event.FromHub,
		DeliveryID: fmt.Sprintf("delivery-%d", f.made.Add(1)),
		Payload:    p,
		Warnings:   warnings,
	}}
}

// append records an event and returns it.
func (f *fixture) append(s store.Store, targets ...string) *event.Event {
	f.t.Helper()
	e := f.event()
	f.appendEvent(s, e, targets...)
	return e
}

func (f *fixture) appendEvent(s store.Store, e *event.Event, targets ...string) {
	f.t.Helper()
	if err := s.Append(f.t.Context(), e, forward(targets...)); err != nil {
		f.t.Fatal(err)
	}
}

func forward(targets ...string) store.AppendOptions {
	var opts store.AppendOptions
	for _, target := range targets {
		opts.Targets = append(opts.Targets, store.Forward{Target: target, URL: "http://" + target + "/webhooks"})
	}
	return opts
}

// appendMany records n events and returns their IDs.
func (f *fixture) appendMany(s store.Store, n int) []event.ID {
	f.t.Helper()
	ids := make([]event.ID, n)
	for i := range ids {
		ids[i] = f.append(s).ID
	}
	return ids
}

// put records an attempt, which is changed to what was recorded.
func (f *fixture) put(s store.Store, d *event.Delivery) {
	f.t.Helper()
	if err := s.PutDelivery(f.t.Context(), d); err != nil {
		f.t.Fatal(err)
	}
}

// must gives the value of a call that may not fail: must(s.Stats(ctx))(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// soon returns a context that ends when a test has waited long enough.
func (f *fixture) soon() context.Context {
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	f.t.Cleanup(cancel)
	return ctx
}

// large returns n bytes that no encoding keeps by chance.
func large(n int) []byte {
	return []byte(strings.Repeat("\x00\xff\r\n\\'\"\u202e", n/10+1))[:n]
}
