package main

import (
	"crypto/sha256"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"hfhook/event"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func newTestMachine(t *testing.T) *machine {
	t.Helper()
	return &machine{ctx: t.Context(), dir: t.TempDir(), random: &locked{rnd: rand.New(rand.NewPCG(1, 1))}}
}

// TestLost: what is lost or changed is counted, and nothing else.
func TestLost(t *testing.T) {
	t.Parallel()
	m := newTestMachine(t)
	path := filepath.Join(t.TempDir(), "events.db")
	events, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger()
	var ids []event.ID
	for _, body := range []string{"one", "two", "three", "four"} {
		e := &event.Event{Capture: event.Capture{Method: "POST", Path: "/webhooks", Body: []byte(body), SHA256: sha256.Sum256([]byte(body))}}
		if err := events.Append(t.Context(), e, store.AppendOptions{}); err != nil {
			t.Fatal(err)
		}
		l.add(e.ID, e.Body)
		ids = append(ids, e.ID)
	}
	if err := events.Close(); err != nil {
		t.Fatal(err)
	}
	if lost, err := l.lost(m, path); lost != 0 || m.wrong != 0 || err != nil {
		t.Errorf("%d are lost, %d wrong, %v", lost, m.wrong, err)
	}
	l.add(ids[0], []byte("other"))
	l.add("01JD4X7M9C8Q2R5T7V9WABCDEF", []byte("five"))
	l.forget(ids[1])
	if lost, err := l.lost(m, path); lost != 2 || m.wrong != 2 || l.len() != 4 || err != nil {
		t.Errorf("%d of %d are lost, %d wrong, %v", lost, l.len(), m.wrong, err)
	}
}

// TestCheck: a command that does not end as it has to is counted.
func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		r     result
		codes []int
		well  bool
	}{
		"well":             {result{out: "x"}, nil, true},
		"a code to expect": {result{code: notFound, errs: "hfhook: no such event"}, []int{badStore, notFound}, true},
		"another code":     {result{code: 1, errs: "hfhook: a surprise"}, []int{badStore, notFound}, false},
		"without a word":   {result{code: notFound, errs: "\n"}, []int{notFound}, false},
		"a panic":          {result{code: 2, errs: "panic: x\n\ngoroutine 1 [running]:"}, []int{2}, false},
		"a caught panic":   {result{errs: "runtime: x\ngoroutine 7 [running]:"}, nil, false},
		"the secret":       {result{errs: "the secret is " + secret}, nil, false},
		"it hung":          {result{code: -1, hung: true}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newTestMachine(t)
			if got := m.check(tt.r, tt.codes...); got != tt.well || (m.wrong == 0) != tt.well {
				t.Errorf("%v, and %d wrong", got, m.wrong)
			}
		})
	}
}

// TestMissing: what a handler never got, and what it got again.
func TestMissing(t *testing.T) {
	t.Parallel()
	l := newLedger()
	for _, id := range []event.ID{"a", "b", "c"} {
		l.add(id, nil)
	}
	h := &handler{got: map[event.ID]int{"a": 2, "b": 1, "other": 5}}
	if missing, again := h.missing(l); len(missing) != 1 || missing[0] != "c" || again != 1 {
		t.Errorf("%v are missing, %d came again", missing, again)
	}
}

func TestUnknownPart(t *testing.T) {
	t.Parallel()
	if _, err := torture(t.Context(), options{}, "kills,earthquake", "", t.TempDir()); err == nil {
		t.Error("an unknown part is done")
	}
}
