package delivery_test

import (
	"strings"
	"testing"

	"hfhook/delivery"
	"hfhook/event"
)

// TestWrittenTo reads where an attempt went as a target that leads there again.
func TestWrittenTo(t *testing.T) {
	t.Parallel()
	e := &event.Event{ID: "01JD4X7M9C8Q2R5T7V9WABCDEF", Capture: event.Capture{Path: "/webhooks/ci", Query: "a=1&b=x,y"}}
	for text, want := range map[string]string{
		"8000":                             "8000",
		"[::1]:8000":                       "[::1]:8000",
		"8000,name=bot":                    "http://127.0.0.1:8000/webhooks/ci,name=bot",
		"8000/path":                        "http://127.0.0.1:8000/path",
		"8000/path?own=1":                  "http://127.0.0.1:8000/path?own=1",
		"https://example.org":              "https://example.org/webhooks/ci,name=example.org",
		"exec ./job.sh --fast 'two words'": "exec ./job.sh --fast 'two words'",
		"exec ./job.sh,name=job":           "exec ./job.sh,name=job",
	} {
		target, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		d := &event.Delivery{Event: e.ID, Target: target.Name, URL: target.For(e)}
		got := delivery.WrittenTo(d, e)
		again, err := delivery.ParseTarget(got)
		if err != nil || got != want || again.Name != target.Name || again.For(e) != d.URL {
			t.Errorf("%s to %s must be written as %s: %s to %s, %v", text, d.URL, got, again.Name, again.For(e), err)
		}
	}
}

func TestWrittenIsReadAgain(t *testing.T) {
	for _, text := range []string{
		"8000", "8000/path", "localhost:9000/v2/hook", "https://example.org/a%2Cb?x=1", "[::1]:8000",
		"8000,name=api", `8000,when=scope:discussion repo:me/*,name=bot`, `8000,when="a, b" .comment.content~"x,y"`, "8000,timeout=5s,concurrency=4",
		"https://localhost:8443,insecure", "exec ./job.sh --fast 'two words'", "exec ./job.sh,name=job,timeout=1m0s,env=HOME", `8000,name=a"b`,
	} {
		was, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		is, err := delivery.ParseTarget(was.Written())
		if err != nil || !is.Equal(was) {
			t.Errorf("%s must be written as %s: %+v, %v", text, was.Written(), is, err)
		}
	}
	for _, text := range []string{"8000,header=X-Key: token-4711", "exec ./job.sh,env=KEY=token-4711"} {
		was, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := was.Written(); strings.Contains(got, "4711") || !strings.Contains(strings.ToLower(got), "key") {
			t.Errorf("%s must be written as %s", text, got)
		}
	}
}
