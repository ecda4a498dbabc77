package export_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http/httpguts"

	"hfhook/event"
	"hfhook/internal/export"
)

// An event comes back from a bundle as it was: except for what is not passed on, and
// for what another store makes of it.
func TestBundleComesBack(t *testing.T) {
	t.Parallel()
	for _, f := range []export.Format{export.JSON, export.NDJSON} {
		for _, body := range []string{sampleBody(t, hostile), "", "{}", "\x00\xff", "\ufeff" + sampleBody(t, "bom") + "\r\n"} {
			e := newEvent(body, trickyFields...)
			e.Parent = "01JD4X7M9C8Q2R5T7V9WABCDE0"
			want := *e
			want.ID, want.Parent, want.Peer, want.Tunnel = "", "", "", false
			want.Origin, want.Header = event.FromImport, passed(e)
			tries := attempts()
			text := write(t, f, export.Options{}, export.Item{Event: e, Deliveries: tries, URL: "http://h"})
			got := readAll(t, text)
			if len(got) != 1 {
				t.Fatalf("%s: %d events in\n%s", f, len(got), text)
			}
			if diff := cmp.Diff(&want, got[0].Event, sameEvent); diff != "" {
				t.Errorf("%s: event (-want +got):\n%s", f, diff)
			}
			if got[0].ID != e.ID || got[0].Parent != e.Parent || (got[0].Faults == nil) != (isPayload(e)) {
				t.Errorf("%s: id %s, parent %s, faults %v", f, got[0].ID, got[0].Parent, got[0].Faults)
			}
			// The secret's place and the cookie are gone, and what waits there does not wait here.
			tries[0].RequestHeader, tries[0].ResponseHeader = tries[0].RequestHeader[:3], tries[0].ResponseHeader[:1]
			tries[2].State = event.Dropped
			for i := range tries {
				tries[i].Event = ""
			}
			if diff := cmp.Diff(tries, got[0].Deliveries, sameEvent); diff != "" {
				t.Errorf("%s: deliveries (-want +got):\n%s", f, diff)
			}
		}
	}
}

// Records that were written one after another are as good as one bundle.
func TestManyRecords(t *testing.T) {
	t.Parallel()
	one := export.Item{Event: newEvent(sampleBody(t, "one")), URL: "http://h"}
	for _, f := range []export.Format{export.JSON, export.NDJSON} {
		text := write(t, f, export.Options{}, one)
		if got := readAll(t, "\ufeff\n"+text+"\n"+text+strings.TrimSpace(text)); len(got) != 3 || got[2].Event.DeliveryID != "delivery-1" {
			t.Errorf("%s: %d events", f, len(got))
		}
	}
	if got := readAll(t, write(t, export.NDJSON, export.Options{}, one, one, one)); len(got) != 3 || got[1].Where != "line 2" {
		t.Errorf("%d events, the second at %s", len(got), got[1].Where)
	}
}

// FuzzComesBack holds that bytes go through a bundle, an archive and a command, and
// come back.
func FuzzComesBack(f *testing.F) {
	for way := range ways {
		for _, body := range bodies(f)[:10] {
			f.Add([]byte(body), "value", "/webhooks/x", "a=b", byte(way))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, value, path, query string, way byte) {
		ways[int(way)%len(ways)](t, body, value, path, query)
	})
}

func TestComesBack(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		for _, way := range ways {
			way(t, []byte(randomBody(random)), "value", "/webhooks", "")
		}
	}
	for _, way := range ways {
		way(t, []byte("{}"), "\xff\u202e é\x80", "/webhooks", "a=\xff&b=%ff")
	}
}

// ways are those on which an event goes out, and comes back.
var ways = []func(t *testing.T, body []byte, value, path, query string){
	recordComesBack(export.NDJSON), recordComesBack(export.JSON), recordComesBack(export.HAR), commandComesBack,
}

func recordComesBack(f export.Format) func(t *testing.T, body []byte, value, path, query string) {
	return func(t *testing.T, body []byte, value, path, query string) {
		e := newEvent(string(body), event.Field{Name: "X-Value", Value: value})
		e.Path, e.Query = path, query
		header := httpguts.ValidHeaderFieldValue(value) && value != ""
		if header {
			e.DeliveryID = value
		}
		tries := attempts()
		tries[0].ResponseBody, tries[0].Err = body, value
		tries[0].RequestHeader = append(tries[0].RequestHeader, event.Field{Name: "X-Value", Value: value})
		text := write(t, f, export.Options{}, export.Item{Event: e, Deliveries: tries, URL: "http://h/"})
		for found, err := range export.Read(strings.NewReader(text), time.Now()) {
			switch {
			case err != nil:
				t.Fatalf("%s: %v\n%s", f, err, text)
			case found.Refused != nil:
				// A path or a query can be refused, a body cannot.
				if path == "/webhooks" && query == "" {
					t.Fatalf("%s: %v\n%s", f, found.Refused, text)
				}
			case string(found.Event.Body) != string(body):
				t.Fatalf("%s: %q came back as %q", f, body, found.Event.Body)
			case header && (len(found.Event.Values("X-Value")) != 1 || found.Event.Values("X-Value")[0] != value || found.Event.DeliveryID != value):
				t.Fatalf("%s: the header %q came back as %q, the id as %q", f, value, found.Event.Values("X-Value"), found.Event.DeliveryID)
			case f != export.HAR && string(found.Deliveries[0].ResponseBody) != string(body):
				t.Fatalf("%s: the answer %q came back as %q", f, body, found.Deliveries[0].ResponseBody)
			}
		}
	}
}

// commandComesBack takes only bodies that are payloads: the others are not read from commands.
func commandComesBack(t *testing.T, body []byte, value, _, _ string) {
	if e := newEvent(string(body), event.Field{Name: "X-Value", Value: value}); isPayload(e) {
		text := write(t, export.Curl, export.Options{}, export.Item{Event: e, URL: "http://h/webhooks"})
		if got := readAll(t, text); len(got) != 1 || string(got[0].Event.Body) != string(body) {
			t.Fatalf("curl: %q came back as %v", body, got)
		}
	}
}

// FuzzRead holds that no text brings the reader down, and that what it lets in can be
// written and read again.
func FuzzRead(f *testing.F) {
	item := export.Item{Event: newEvent(sampleBody(f, hostile), trickyFields...), Deliveries: attempts(), URL: "http://h/webhooks"}
	for _, format := range export.Formats() {
		if format != export.HTTPie { // which is not read, and has no way to write that event
			f.Add(write(f, format, export.Options{AllowNew: true}, item))
		}
	}
	f.Add("curl h -d $'\\u0041' -H \"a: $(printf '\\101')\"")
	f.Fuzz(func(t *testing.T, text string) {
		for found, err := range export.Read(strings.NewReader(text), time.Unix(1e9, 0)) {
			if err != nil || found.Refused != nil {
				continue
			}
			again := readAll(t, write(t, export.NDJSON, export.Options{}, export.Item{Event: found.Event, Deliveries: found.Deliveries, URL: "http://h"}))
			if diff := cmp.Diff(found.Event, again[0].Event, sameEvent); diff != "" {
				t.Errorf("event (-first +again):\n%s", diff)
			}
			if diff := cmp.Diff(found.Deliveries, again[0].Deliveries, sameEvent); diff != "" {
				t.Errorf("deliveries (-first +again):\n%s", diff)
			}
		}
	})
}
