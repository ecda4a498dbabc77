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

func testPin(t *testing.T, f *fixture) {
	s := f.open()
	ids := f.appendMany(s, 4)
	pin := func(id event.ID, name string) {
		t.Helper()
		if err := s.Pin(t.Context(), id, name); err != nil {
			t.Errorf("Pin(%s, %q): %v", id, name, err)
		}
	}
	// want are the names of the events by their order, in every way that tells them.
	want := func(what string, names ...string) {
		t.Helper()
		for _, s := range []store.Store{s, f.open()} {
			page := must(s.List(t.Context(), store.Query{}))(t)
			got := make([]string, len(ids))
			for i := range page.Rows {
				got[len(ids)-1-i] = page.Rows[i].Pin
			}
			if diff := cmp.Diff(names, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
			var pinned []event.ID
			for i, name := range names {
				if name == "" {
					continue
				}
				pinned = append([]event.ID{ids[i]}, pinned...)
				if id, err := s.Resolve(t.Context(), name); id != ids[i] || err != nil {
					t.Errorf("%s: Resolve(%q) = %q, %v; want %q", what, name, id, err, ids[i])
				}
			}
			for text, want := range map[string][]event.ID{"is:pinned": pinned, "is:pinned lgtm": pinned, "is:pinned | is:edited": pinned} {
				x := must(filter.Parse(text, time.Now()))(t)
				found := must(s.List(t.Context(), store.Query{Filter: x}))(t)
				if diff := cmp.Diff(want, idsOf(found)); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", what, text, diff)
				}
			}
		}
	}
	want("none", "", "", "", "")
	pin(ids[0], "first")
	pin(ids[2], "Third_3.x-y")
	want("two", "first", "", "Third_3.x-y", "")
	pin(ids[0], "first")
	pin(ids[2], "FIRST")
	want("another name for one, that differs in letter case", "first", "", "FIRST", "")
	if err := s.Pin(t.Context(), ids[1], "first"); !errors.Is(err, store.ErrPinTaken) {
		t.Errorf("a name that is taken: %v; want ErrPinTaken", err)
	}
	want("as before", "first", "", "FIRST", "")
	pin(ids[0], "")
	pin(ids[3], "")
	pin(ids[1], "first")
	want("given on", "", "first", "FIRST", "")
	if id, err := s.Resolve(t.Context(), "third"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a name that is not an event's: %q, %v; want ErrNotFound", id, err)
	}

	for _, id := range []event.ID{"", "01JD4X7M9C8Q2R5T7V9WABCDEF", "no id"} {
		for _, name := range []string{"new", ""} {
			if err := s.Pin(t.Context(), id, name); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Pin(%q, %q): %v; want ErrNotFound", id, name, err)
			}
		}
	}
	for _, name := range []string{"0", "01", "@last", "-x", ".x", " x", "x ", "x y", "é", "x\x1b[31m", strings.Repeat("x", 65)} {
		if err := s.Pin(t.Context(), ids[0], name); !errors.Is(err, store.ErrPinName) {
			t.Errorf("Pin(%q): %v; want ErrPinName", name, err)
		}
	}
	want("as before", "", "first", "FIRST", "")
}
