package replay

import (
	"testing"

	"hfhook/event"
)

func TestWhatAReplayHasChanged(t *testing.T) {
	type results = map[event.ID]string
	for _, tt := range []struct {
		name          string
		sent          []event.ID
		gone          []event.ID
		before, after results
		want          string
	}{
		{"nothing had failed", []event.ID{"a"}, nil, nil, results{"a": "500"}, ""},
		{"one of three is fixed", []event.ID{"a", "b", "c"}, nil, results{"a": "500", "b": "500", "c": "418"}, results{"b": "500", "c": "418"}, "fixed 1, still failing 2 (418, 500)"},
		{"all are fixed", []event.ID{"a", "b"}, nil, results{"a": "500", "b": "ERR"}, nil, "fixed 2, still failing 0"},
		{"one that worked fails", []event.ID{"a", "b"}, nil, results{"a": "500"}, results{"b": "500"}, "fixed 1, still failing 0, newly failing 1 (500)"},
		{"one was not sent", []event.ID{"a"}, nil, results{"a": "500", "b": "500"}, results{"b": "500"}, "fixed 1, still failing 0"},
		{"one was deleted", []event.ID{"a", "b"}, []event.ID{"b"}, results{"a": "500", "b": "500"}, nil, "fixed 1, still failing 0"},
	} {
		r := Run{sent: map[event.ID]int{}, gone: map[event.ID]bool{}}
		for _, id := range tt.sent {
			r.sent[id]++
		}
		for _, id := range tt.gone {
			r.gone[id] = true
		}
		if got := r.changed(tt.before, tt.after).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
