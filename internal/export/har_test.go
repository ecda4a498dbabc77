package export_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"hfhook/event"
	"hfhook/internal/export"
)

// harSchema is the schema of HTTP Archive 1.2.
func harSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/har-1.2.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Schemas map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	const base = "https://har.example/"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	for name, schema := range file.Schemas {
		// The file names are the ids, relative to where the files are.
		schema.(map[string]any)["$id"] = base + name
		if err := compiler.AddResource(base+name, schema); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile(base + "har.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestHAR(t *testing.T) {
	t.Parallel()
	schema := harSchema(t)
	for _, invalid := range []string{`{}`, `{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{}]}}`} {
		if err := schema.Validate(decode(t, invalid)); err == nil {
			t.Fatalf("the schema takes %s", invalid)
		}
	}
	sent, unsent := newEvent(sampleBody(t, hostile), trickyFields...), newEvent("\x00\xff")
	unsent.ID = "01JD4X7M9C8Q2R5T7V9WABCDE0"
	for _, list := range [][]export.Item{
		nil,
		{{Event: sent, Deliveries: attempts(), URL: "http://h/x"}, {Event: unsent, URL: "http://h/webhooks?c=%31"}},
	} {
		text := write(t, export.HAR, export.Options{Secret: "present", Version: "1"}, list...)
		if err := schema.Validate(decode(t, text)); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Each attempt that was made is an entry, whose parts add up to its time.
func TestHAREntries(t *testing.T) {
	t.Parallel()
	sent, unsent := newEvent(sampleBody(t, "x"), event.Field{Name: "Content-Type", Value: "application/json"}), newEvent("\x00\xff")
	unsent.ID = "01JD4X7M9C8Q2R5T7V9WABCDE0"
	text := write(t, export.HAR, export.Options{}, export.Item{Event: sent, Deliveries: attempts(), URL: "http://h/x"},
		export.Item{Event: unsent, URL: "http://h/webhooks?c=%31"})
	type pair struct{ Name, Value string }
	var file struct {
		Log struct {
			Entries []struct {
				Time     float64
				Timings  map[string]float64
				Response struct{ Status int }
				Request  struct {
					URL         string
					QueryString []pair
					PostData    struct{ MimeType, Text string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	type entry struct {
		URL    string
		Query  []pair
		Status int
		Mime   string
		Millis float64
		Text   bool
	}
	var got []entry
	for _, e := range file.Log.Entries {
		sum := 0.0
		for _, part := range e.Timings {
			sum += max(part, 0)
		}
		if math.Abs(sum-e.Time) > 1e-9 {
			t.Errorf("the parts are %v, the whole %v", sum, e.Time)
		}
		got = append(got, entry{e.Request.URL, e.Request.QueryString, e.Response.Status, e.Request.PostData.MimeType, e.Time, e.Request.PostData.Text == string(sent.Body)})
	}
	want := []entry{
		{"http://127.0.0.1:8000/webhooks/say_hello?a=1&b=%20", []pair{{"a", "1"}, {"b", " "}}, 200, "application/json", 61.234567, true},
		{"http://127.0.0.1:8000/webhooks/say_hello", []pair{}, 0, "", 0.000005, true},
		{"http://h/webhooks?c=%31", []pair{{"c", "1"}}, 0, "", 0, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back := readAll(t, text)
	if len(back) != 2 || back[0].ID != sent.ID || back[1].ID != unsent.ID || string(back[1].Event.Body) != "\x00\xff" ||
		!back[0].Event.Received.Equal(sent.Received) || back[0].Event.Query != sent.Query {
		t.Errorf("came back as %+v", back)
	}
}
