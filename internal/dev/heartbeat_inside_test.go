package dev

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/store"
)

// TestPulse plays times at which the heartbeat looks, and compares the spans that are
// then in the store.
func TestPulse(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(int64(1_700_000_000+s), 0) }
	full := errors.New("full")
	type look struct {
		now   int
		up    bool
		since int // lost since or, if it is up, up since
		over  bool
		err   error
	}
	span := func(from, to int, why store.Why) store.Span {
		return store.Span{Run: at(0), From: at(from), To: at(to), Why: why, Via: "u"}
	}
	closed := func(from, to int, why store.Why) store.Span {
		sp := span(from, to, why)
		sp.Closed = true
		return sp
	}
	tests := []struct {
		name  string
		looks []look
		want  []store.Span
	}{
		{"one row grows", []look{{now: 1, up: true}, {now: 6, up: true}, {now: 11, up: true}}, []store.Span{span(1, 11, store.Started)}},
		{"to its end", []look{{now: 1, up: true}, {now: 6, up: true}, {now: 8, up: true, over: true}}, []store.Span{closed(1, 8, store.Started)}},
		{"its end comes after a sleep", []look{{now: 1, up: true}, {now: 60, up: true, over: true}}, []store.Span{span(1, 1, store.Started), closed(60, 60, store.Paused)}},
		{"the end takes the tunnel away first", []look{{now: 1, up: true}, {now: 6, up: true}, {now: 9, since: 8, over: true}}, []store.Span{closed(1, 8, store.Started)}},
		{"a beat that is late", []look{{now: 1, up: true}, {now: 16, up: true}}, []store.Span{span(1, 16, store.Started)}},
		{"never up", []look{{now: 1}, {now: 6}, {now: 8, over: true}}, nil},
		{"up after a while", []look{{now: 1}, {now: 6, up: true, since: 6}}, []store.Span{span(6, 6, store.Started)}},
		{"asleep", []look{{now: 1, up: true}, {now: 5000, up: true}, {now: 5005, up: true}}, []store.Span{span(1, 1, store.Started), span(5000, 5005, store.Paused)}},
		{"the tunnel is lost", []look{{now: 1, up: true}, {now: 6, since: 4}, {now: 11, since: 4}, {now: 40, up: true, since: 40}}, []store.Span{closed(1, 4, store.Started), span(40, 40, store.Tunnel)}},
		{"and soon back", []look{{now: 1, up: true}, {now: 6, since: 4}, {now: 12, up: true, since: 12}}, []store.Span{closed(1, 4, store.Started), span(12, 12, store.Tunnel)}},
		{"and back within a second", []look{{now: 1, up: true}, {now: 6, since: 6}, {now: 6, up: true, since: 6}, {now: 11, up: true, since: 6}}, []store.Span{span(1, 11, store.Started)}},
		{"before anybody looked", []look{{now: 1, up: true}, {now: 6, up: true, since: 4}}, []store.Span{span(1, 1, store.Started), span(4, 6, store.Tunnel)}},
		{"lost as the last beat came", []look{{now: 1, up: true}, {now: 6, up: true}, {now: 7, since: 6}}, []store.Span{closed(1, 6, store.Started)}},
		{"it was lost in the sleep", []look{{now: 1, up: true}, {now: 5000, since: 5000}, {now: 5010, up: true, since: 5010}}, []store.Span{span(1, 1, store.Started), span(5010, 5010, store.Tunnel)}},
		{"the disk was full", []look{{now: 1, up: true}, {now: 6, up: true, err: full}, {now: 21, up: true, err: full}, {now: 26, up: true}}, []store.Span{span(1, 1, store.Started), span(26, 26, store.Stored)}},
		{"the disk was full for a moment", []look{{now: 1, up: true}, {now: 6, up: true, err: full}, {now: 11, up: true}}, []store.Span{span(1, 1, store.Started), span(11, 11, store.Stored)}},
		{"the row was deleted", []look{{now: 1, up: true}, {now: 6, up: true, err: store.ErrNotFound}, {now: 11, up: true}}, []store.Span{span(1, 1, store.Started), span(11, 11, store.Started)}},
		{"the clock goes back", []look{{now: 100, up: true}, {now: 50, up: true}}, []store.Span{span(100, 100, store.Started)}},
	}
	for _, tt := range tests {
		p := pulse{run: at(0)}
		var stored []store.Span
		for _, l := range tt.looks {
			sp, ok := p.next(at(l.now), reach{up: l.up, since: at(l.since), via: "u", over: l.over})
			if !ok {
				continue
			}
			if l.err == nil {
				if sp.ID == 0 {
					stored = append(stored, sp)
					sp.ID = int64(len(stored))
				}
				stored[sp.ID-1] = sp
			}
			p.put(sp, l.err)
		}
		for i := range stored {
			stored[i].ID = 0
		}
		if diff := cmp.Diff(tt.want, stored); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
