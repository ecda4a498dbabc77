package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

func testNote(t *testing.T, f *fixture) {
	s := f.open()
	ids := f.appendMany(s, 2)
	if err := s.Pin(t.Context(), ids[1], "named"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"the one\nwhere it broke \u202e\x00", "shorter", "", strings.Repeat("x", store.MaxNote)} {
		if err := s.Note(t.Context(), ids[0], text); err != nil {
			t.Errorf("Note of %d bytes: %v", len(text), err)
		}
		for _, s := range []store.Store{s, f.open()} {
			if e := must(s.Event(t.Context(), ids[0]))(t); e.Note != text || e.Pin != "" {
				t.Errorf("the event has the note %.40q and the name %q; want %.40q and none", e.Note, e.Pin, text)
			}
			rows := must(s.List(t.Context(), store.Query{}))(t).Rows
			found := must(s.List(t.Context(), store.Query{Filter: must(filter.Parse("comment", time.Now()))(t)}))(t).Rows
			for _, rows := range [][]event.Row{rows, found} {
				if begin := text[:min(len(text), event.MaxRowNote)]; len(rows) != 2 || rows[1].Note != begin || rows[0].Note != "" {
					t.Errorf("the rows have the notes of %+v; want %.40q", rows, begin)
				}
			}
			if e := must(s.Event(t.Context(), ids[1]))(t); e.Note != "" || e.Pin != "named" {
				t.Errorf("the other event has the note %q and the name %q", e.Note, e.Pin)
			}
		}
	}
	for _, text := range []string{"\xff", strings.Repeat("x", store.MaxNote+1)} {
		if err := s.Note(t.Context(), ids[0], text); !errors.Is(err, store.ErrNote) {
			t.Errorf("Note(%.10q…): %v; want ErrNote", text, err)
		}
	}
	for _, id := range []event.ID{"", "01JD4X7M9C8Q2R5T7V9WABCDEF", "no id"} {
		if err := s.Note(t.Context(), id, "x"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Note(%q): %v; want ErrNotFound", id, err)
		}
	}
	if n, err := s.Delete(t.Context(), ids[0]); n != 1 || err != nil {
		t.Errorf("Delete = %d, %v", n, err)
	}
	if err := s.Note(t.Context(), ids[0], "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a note of an event that is gone: %v; want ErrNotFound", err)
	}
}

func testTriggers(t *testing.T, f *fixture) {
	s := f.open()
	start := time.Now().Add(-time.Minute)
	send := func(webhook string, change func(*event.Event)) {
		t.Helper()
		e := f.event()
		p := *e.Payload
		p.Webhook.ID = webhook
		e.Payload = &p
		if change != nil {
			change(e)
		}
		f.appendEvent(s, e)
	}
	for range 3 {
		send("busy", nil)
	}
	send("calm", nil)
	send("calm", func(e *event.Event) { e.DeliveryID = "again" })
	send("calm", func(e *event.Event) { e.DeliveryID = "again" })
	send("calm", func(e *event.Event) { e.Origin = event.Synthetic })
	send("calm", func(e *event.Event) { e.Payload = nil })
	want := []store.Triggers{{Webhook: "busy", N: 3}, {Webhook: "calm", N: 2}}
	for _, s := range []store.Store{s, f.open()} {
		if diff := cmp.Diff(want, must(s.Triggers(t.Context(), start))(t)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := must(s.Triggers(t.Context(), time.Now().Add(time.Hour)))(t); len(got) > 0 {
			t.Errorf("of the future: %v", got)
		}
	}
}

func testSpans(t *testing.T, f *fixture) {
	s := f.open()
	at := func(seconds int) time.Time { return time.Unix(1_700_000_000+int64(seconds), 5) }
	first := store.Span{Run: at(0), From: at(1), To: at(2), Why: store.Started}
	second := store.Span{Run: at(0), From: at(50), To: at(50), Why: store.Tunnel, Via: "https://example.org\xff"}
	put := func(sp *store.Span) {
		t.Helper()
		if err := s.PutSpan(t.Context(), sp); err != nil {
			t.Fatal(err)
		}
	}
	want := func(what string, limit int, spans ...store.Span) {
		t.Helper()
		for _, s := range []store.Store{s, f.open()} {
			if diff := cmp.Diff(spans, must(s.Spans(t.Context(), limit))(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
	}
	want("none", 9)
	put(&first)
	put(&second)
	if first.ID == 0 || second.ID <= first.ID {
		t.Errorf("the ids are %d and %d", first.ID, second.ID)
	}
	second.To, second.Closed = at(90), true
	put(&second)
	want("both", 9, first, second)
	want("the newest", 1, second)
	if err := s.PutSpan(t.Context(), &store.Span{ID: second.ID + 1, From: at(0), To: at(0)}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a span that is not there: %v; want ErrNotFound", err)
	}
	want("both, still", 9, first, second)
}

func testKnown(t *testing.T, f *fixture) {
	s := f.open()
	want := func(kind store.KnownKind, limit int, texts ...string) {
		t.Helper()
		for _, s := range []store.Store{s, f.open()} {
			if diff := cmp.Diff(texts, must(s.Known(t.Context(), kind, limit))(t)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", kind, diff)
			}
		}
	}
	want(store.KnownRepos, 9)
	for i, repo := range []string{"me/a", "me/b", "me/a", "me/c%"} {
		e := f.event()
		p := *e.Payload
		p.Repo.Name, p.Webhook.ID = repo, repo
		if i == 3 {
			p.Event.Scope, p.Event.Action, e.Path = "repo", "create", "/webhooks/x"
		}
		e.Payload = &p
		f.appendEvent(s, e)
	}
	want(store.KnownRepos, 9, "me/c%", "me/b", "me/a")
	want(store.KnownRepos, 2, "me/c%", "me/b")
	want(store.KnownWebhooks, 9, "me/c%", "me/b", "me/a")
	want(store.KnownPaths, 9, "/webhooks/x", "/webhooks/say_hello")
	want(store.KnownScopes, 9, "repo", "discussion.comment")
	want("nothing", 9)
}
