package event_test

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
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
		ID: "01JD4X7M9C8Q2R5T7V9WABCDEF", Duplicate: "01JD4X7M9C8Q2R5T7V9WABCDEE",
		Capture: event.Capture{Method: "POST", Path: "/webhooks/a", Query: "b=1", Proto: "HTTP/1.1", Peer: "192.0.2.1:1", Tunnel: true,
			Header: []event.Field{{Name: "Content-Length", Value: "3"}, {Name: "X-A", Value: "b"}}, Body: []byte("old"), DeliveryID: "d",
		},
	}
	before := *e
	before.Header = slices.Clone(e.Header)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	got := e.Edited(event.Edit{Body: body}, at)
	want := &event.Event{Capture: event.Capture{
		Received: at, Method: "POST", Path: "/webhooks/a", Query: "b=1", Proto: "HTTP/1.1",
		Header: []event.Field{{Name: "Content-Length", Value: strconv.Itoa(len(body))}, {Name: "X-A", Value: "b"}, {Name: "Webhook-Id", Value: got.DeliveryID}}, Body: body, SHA256: sha256.Sum256(body), Origin: event.FromEdit, Parent: e.ID,
		DeliveryID: got.DeliveryID,
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(event.Event{}, "Payload")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Payload == nil || got.Payload.Event.Scope != "repo" {
		t.Errorf("payload %+v", got.Payload)
	}
	if diff := cmp.Diff(before, *e); diff != "" {
		t.Errorf("the original has changed:\n%s", diff)
	}
	if bad := e.Edited(event.Edit{Body: []byte("no JSON")}, at); bad.Payload != nil || string(bad.Body) != "no JSON" {
		t.Errorf("%+v", bad)
	}
}

// TestEditedRequest changes all but the body.
func TestEditedRequest(t *testing.T) {
	t.Parallel()
	e := &event.Event{
		ID: "01JD4X7M9C8Q2R5T7V9WABCDEF",
		Capture: event.Capture{Method: "POST", Path: "/webhooks/a", Query: "b=1", DeliveryID: "d", Body: []byte("{}"), SHA256: sha256.Sum256([]byte("{}")),
			Header: []event.Field{{Name: "Content-Length", Value: "2"}, {Name: "User-Agent", Value: "hub"}, {Name: "Webhook-Id", Value: "d"}, {Name: "X-A", Value: "1"}, {Name: "X-A", Value: "2"}},
		},
	}
	if !(event.Edit{}).Empty() || (event.Edit{Body: []byte{}}).Empty() || (event.Edit{Drop: []string{"X-A"}}).Empty() {
		t.Error("an edit without a change is empty, and no other is")
	}
	for _, test := range []struct {
		edit                event.Edit
		method, path, query string
		header              string // ID stands for the new Webhook-Id
	}{
		{event.Edit{Method: "PUT"}, "PUT", "/webhooks/a", "b=1", "Content-Length:2 User-Agent:hub Webhook-Id:ID X-A:1 X-A:2"},
		{event.Edit{Path: "/x"}, "POST", "/x", "b=1", "Content-Length:2 User-Agent:hub Webhook-Id:ID X-A:1 X-A:2"},
		{event.Edit{Path: "/x?c=2&secret=s"}, "POST", "/x", "c=2", "Content-Length:2 User-Agent:hub Webhook-Id:ID X-A:1 X-A:2"},
		{event.Edit{Path: "/x?"}, "POST", "/x", "", "Content-Length:2 User-Agent:hub Webhook-Id:ID X-A:1 X-A:2"},
		{event.Edit{Header: []event.Field{{Name: "x-a", Value: "3"}, {Name: "X-B", Value: "4"}}}, "POST", "/webhooks/a", "b=1", "Content-Length:2 User-Agent:hub Webhook-Id:ID x-a:3 X-B:4"},
		{event.Edit{Drop: []string{"user-agent", "X-A"}}, "POST", "/webhooks/a", "b=1", "Content-Length:2 Webhook-Id:ID"},
		{event.Edit{Header: []event.Field{{Name: "webhook-id", Value: "mine"}}}, "POST", "/webhooks/a", "b=1", "Content-Length:2 User-Agent:hub webhook-id:mine X-A:1 X-A:2"},
		{event.Edit{Drop: []string{"Webhook-Id"}}, "POST", "/webhooks/a", "b=1", "Content-Length:2 User-Agent:hub X-A:1 X-A:2"},
	} {
		got := e.Edited(test.edit, time.Unix(1e9, 0))
		var header []string
		for _, f := range got.Header {
			header = append(header, f.Name+":"+f.Value)
		}
		want := strings.Replace(test.header, ":ID", ":"+got.DeliveryID, 1)
		if got.Method != test.method || got.Path != test.path || got.Query != test.query || strings.Join(header, " ") != want {
			t.Errorf("%+v: %s %s?%s %v, want %s", test.edit, got.Method, got.Path, got.Query, header, want)
		}
		if id := got.DeliveryID; id == "d" || (id == "") != (len(test.edit.Drop) == 1 && test.edit.Drop[0] == "Webhook-Id") {
			t.Errorf("%+v: the Webhook-Id is %q", test.edit, id)
		}
		if string(got.Body) != "{}" || got.SHA256 != e.SHA256 || got.Parent != e.ID {
			t.Errorf("%+v: %+v", test.edit, got)
		}
	}
}

func TestEditChanging(t *testing.T) {
	t.Parallel()
	e := &event.Event{Capture: event.Capture{Path: "/a", Query: "b=1", Body: []byte("{}"), Header: []event.Field{{Name: "X-A", Value: "1"}, {Name: "X-B", Value: "1"}, {Name: "X-B", Value: "2"}}}}
	same := event.Edit{Body: []byte("{}"), Method: "POST", Path: "/a?b=1", Header: []event.Field{{Name: "x-a", Value: "1"}}, Drop: []string{"X-C"}}
	if got := same.Changing(e); !got.Empty() {
		t.Errorf("%+v is left", got)
	}
	for _, d := range []event.Edit{
		{Body: []byte{}}, {Method: "PUT"}, {Path: "/a?"}, {Path: "/a?b=2"}, {Path: "/b"},
		{Header: []event.Field{{Name: "X-A", Value: "2"}}}, {Header: []event.Field{{Name: "X-B", Value: "1"}}}, {Drop: []string{"x-b"}},
	} {
		if d.Changing(e).Empty() {
			t.Errorf("%+v changes nothing", d)
		}
	}
}

// TestEditCheck refuses what cannot be sent, or is made for each request.
func TestEditCheck(t *testing.T) {
	t.Parallel()
	field := func(name, value string) event.Edit {
		return event.Edit{Header: []event.Field{{Name: name, Value: value}}}
	}
	for _, d := range []event.Edit{{}, {Method: "PROPFIND", Path: "/a%20b?c=d&e"}, field("X-A", "ü"), field("Webhook-Id", "1"), {Drop: []string{"User-Agent"}}} {
		if err := d.Check(); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []event.Edit{
		{Method: "P UT"}, {Method: "P\r\nX"}, {Path: "a"}, {Path: "//host/a"}, {Path: "/a b"}, {Path: "/a?b c"}, {Path: "/a#b"}, {Path: "http://host/a"},
		field("X A", "1"), field("X-A", "1\n2"), field("Host", "x"), field("x-webhook-secret", "x"), field("X-Hfhook-Replay", "1"), {Drop: []string{"Content-Length"}}, {Drop: []string{""}},
	} {
		if d.Check() == nil {
			t.Errorf("%+v is taken", d)
		}
	}
}

// TestNewDeliveryID: an id that hfhook makes tells no time, so it is matched to no gap.
func TestNewDeliveryID(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		id := event.NewDeliveryID()
		e := event.Event{Capture: event.Capture{DeliveryID: id, Received: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}}
		if at, ok := e.SentAt(); ok || len(id) != 24 || seen[id] {
			t.Fatalf("%q: sent at %v, seen before: %t", id, at, seen[id])
		}
		seen[id] = true
	}
}
