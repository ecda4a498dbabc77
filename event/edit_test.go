package event_test

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/event"
	"hfhook/payload/sample"
)

func TestEdited(t *testing.T) {
	t.Parallel()
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := &event.Event{
		ID: "01JD4X7M9C8Q2R5T7V9WABCDEF", Method: "POST", Path: "/webhooks/a", Query: "b=1", Proto: "HTTP/1.1", Peer: "192.0.2.1:1", Tunnel: true,
		Header: []event.Field{{Name: "Content-Length", Value: "3"}, {Name: "X-A", Value: "b"}}, Body: []byte("old"), DeliveryID: "d", Duplicate: "01JD4X7M9C8Q2R5T7V9WABCDEE",
	}
	before := *e
	before.Header = slices.Clone(e.Header)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	got := e.Edited(body, at)
	want := &event.Event{
		Received: at, Method: "POST", Path: "/webhooks/a", Query: "b=1", Proto: "HTTP/1.1",
		Header: []event.Field{{Name: "Content-Length", Value: strconv.Itoa(len(body))}, {Name: "X-A", Value: "b"}}, Body: body, SHA256: sha256.Sum256(body), Origin: event.FromEdit, Parent: e.ID,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(event.Event{}, "Payload")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Payload == nil || got.Payload.Event.Scope != "repo" {
		t.Errorf("payload %+v", got.Payload)
	}
	if diff := cmp.Diff(before, *e); diff != "" {
		t.Errorf("the original has changed:\n%s", diff)
	}
	if bad := e.Edited([]byte("no JSON"), at); bad.Payload != nil || string(bad.Body) != "no JSON" {
		t.Errorf("%+v", bad)
	}
}
