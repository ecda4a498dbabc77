package dev

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// TestTakeOrigin believes the header on the local side only, and leaves the capture that it
// was given as it is.
func TestTakeOrigin(t *testing.T) {
	t.Parallel()
	header := []event.Field{{Name: "A", Value: "1"}, {Name: originHeader, Value: "synthetic"}, {Name: "Z", Value: "2"}}
	for _, tt := range []struct {
		name string
		in   event.Capture
		want event.Origin
	}{
		{"local", event.Capture{Origin: event.FromHub, Header: header}, event.Synthetic},
		{"through the tunnel", event.Capture{Origin: event.FromHub, Header: header, Tunnel: true}, event.FromHub},
		{"another value", event.Capture{Origin: event.FromHub, Header: []event.Field{{Name: originHeader, Value: "import"}}}, event.FromHub},
		{"no header", event.Capture{Origin: event.FromHub}, event.FromHub},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := append([]event.Field(nil), tt.in.Header...)
			got := takeOrigin(tt.in)
			if got.Origin != tt.want || len(got.Values(originHeader)) != 0 {
				t.Errorf("origin %s, header %v", got.Origin, got.Header)
			}
			if diff := cmp.Diff(before, tt.in.Header); diff != "" {
				t.Errorf("the capture was changed (-want +got):\n%s", diff)
			}
		})
	}
}
