package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/store"
)

func TestParseRef(t *testing.T) {
	tests := []struct {
		in   string
		want store.Ref
	}{
		{"@last", store.Ref{Back: 1}},
		{"@-1", store.Ref{Back: 1}},
		{"@-2", store.Ref{Back: 2}},
		{"@-1000000", store.Ref{Back: 1000000}},
		{"@failed", store.Ref{Failed: true}},
		{"Z", store.Ref{Pin: "Z", DeliveryID: "Z"}},
		{"i-am_a.name-" + strings.Repeat("x", 52), store.Ref{Pin: "i-am_a.name-" + strings.Repeat("x", 52), DeliveryID: "i-am_a.name-" + strings.Repeat("x", 52)}},
		{"0", store.Ref{From: "00000000000000000000000000", To: "0ZZZZZZZZZZZZZZZZZZZZZZZZZ", DeliveryID: "0"}},
		{"7", store.Ref{From: "70000000000000000000000000", To: "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", DeliveryID: "7"}},
		{"01jd4x7m9c", store.Ref{From: "01JD4X7M9C0000000000000000", To: "01JD4X7M9CZZZZZZZZZZZZZZZZ", DeliveryID: "01jd4x7m9c"}},
		{"01JD4X7M9C8Q2R5T7V9WABCDEF", store.Ref{From: "01JD4X7M9C8Q2R5T7V9WABCDEF", To: "01JD4X7M9C8Q2R5T7V9WABCDEF", DeliveryID: "01JD4X7M9C8Q2R5T7V9WABCDEF"}},
		{"8", store.Ref{DeliveryID: "8"}},
		{"01JU", store.Ref{DeliveryID: "01JU"}},
		{"a/b+c==", store.Ref{DeliveryID: "a/b+c=="}},
		{"550e8400-e29b-41d4-a716-446655440000", store.Ref{DeliveryID: "550e8400-e29b-41d4-a716-446655440000"}},
	}
	for _, tt := range tests {
		got, err := store.ParseRef(tt.in)
		if err != nil {
			t.Errorf("ParseRef(%q): %v", tt.in, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("ParseRef(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestParseRefRefuses(t *testing.T) {
	for _, in := range []string{
		"", " ", "x y", "é", "01 ", "0é", "0\x00", "\xff",
		"@", "@LAST", "@last ", "@-", "@-0", "@--1", "@-+1", "@-x", "@2", "@-99999999999999999999", "@fail",
	} {
		got, err := store.ParseRef(in)
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("ParseRef(%q) = %v, %v; want ErrNotFound", in, got, err)
		}
	}
}
