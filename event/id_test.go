package event_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"hfhook/event"
)

func TestID(t *testing.T) {
	t.Parallel()
	const text = "01JD4X7M9C8Q2R5T7V9WABCDEF"
	for _, written := range []string{text, "01jd4x7m9c8q2r5t7v9wabcdef", "01JD4X7m9c8q2r5t7v9wABCDEF"} {
		id, err := event.ParseID(written)
		if err != nil || id != text {
			t.Errorf("ParseID(%q) = %q, %v", written, id, err)
		}
	}
	for _, bad := range []string{
		"", "01JD4X7M9C", text + "0", text[1:], "01JD4X7M9C8Q2R5T7V9WABCDEU", "81JD4X7M9C8Q2R5T7V9WABCDEF", "01JD4X7M9C8Q2R5T7V9WABCDE ", "01JD4X7M9C8Q2R5T7V9WABCDÉ",
	} {
		if id, err := event.ParseID(bad); err == nil {
			t.Errorf("ParseID(%q) = %q", bad, id)
		}
	}

	id := event.ID(text)
	b, err := id.Bytes()
	if err != nil || len(b) != 16 {
		t.Fatalf("Bytes() = %x, %v", b, err)
	}
	if back, err := event.IDFromBytes(b); err != nil || back != id {
		t.Errorf("IDFromBytes = %q, %v", back, err)
	}
	if got := id.Short(); got != text[:10] {
		t.Errorf("Short() = %q", got)
	}
	if got, want := id.Time(), time.UnixMilli(1732110438700); !got.Equal(want) {
		t.Errorf("Time() = %v (%x), want %v", got, got.UnixMilli(), want)
	}
}

func TestNoID(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{nil, make([]byte, 15), make([]byte, 17)} {
		if id, err := event.IDFromBytes(b); err == nil {
			t.Errorf("%d bytes are %q", len(b), id)
		}
	}
	for _, id := range []event.ID{"", "01JD", "no-id-at-all-but-as-long!!"} {
		if b, err := id.Bytes(); err == nil {
			t.Errorf("the bytes of %q are %x", id, b)
		}
		if got := id.Time(); !got.IsZero() {
			t.Errorf("the time of %q is %v", id, got)
		}
		if got := id.Short(); len(id) <= 10 && got != string(id) {
			t.Errorf("%q is shortened to %q", id, got)
		}
	}
}

// The bytes of IDs are in the order of their texts: a store sorts by the bytes.
func TestOrderOfIDs(t *testing.T) {
	t.Parallel()
	ids := []event.ID{
		"00000000000000000000000000", "00000000000000000000000001", "01JD4X7M9C8Q2R5T7V9WABCDEF", "01JD4X7M9C8Q2R5T7V9WABCDEG",
		"01JD4X7M9C8Q2R5T7V9WABCDFA", "01JD4X7M9D0000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
	}
	if !slices.Equal(ids, slices.Sorted(slices.Values(ids))) {
		t.Fatalf("the IDs of this test are not sorted: %q", ids)
	}
	for i := range ids[1:] {
		one, err := ids[i].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		next, err := ids[i+1].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Compare(one, next) >= 0 {
			t.Errorf("the bytes of %s are not before those of %s", ids[i], ids[i+1])
		}
		if ids[i].Time().After(ids[i+1].Time()) {
			t.Errorf("%s is later than %s", ids[i], ids[i+1])
		}
	}
}
