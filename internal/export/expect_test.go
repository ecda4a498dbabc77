package export_test

// What the tests of each language say of answers, beside the right ones.

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/internal/jsontree"
)

// An answered is what a handler answers, and what was right.
type answered struct {
	name   string
	right  []string // bodies, the one that was accepted last at the end
	kept   int      // bytes that are kept of the right bodies; 0: all
	status int      // of the answer; 0: 200, as of the right ones
	coding string
	body   string
	fine   bool
}

var expectations = []answered{
	{name: "equal", right: []string{"hello"}, body: "hello", fine: true},
	{name: "empty", right: []string{""}, body: "", fine: true},
	{name: "another", right: []string{"hello"}, body: "hallo"},
	{name: "status", right: []string{"hello"}, body: "hello", status: 201},
	{name: "refusal", right: []string{"hello"}, body: "hello", status: 500},
	{name: "rewritten", right: []string{`{"a":1,"b":[1.0,2e2,null],"c":"é"}`}, body: `{ "c": "\u00e9", "b": [1, 200, null], "a": 10e-1 }`, fine: true},
	{name: "digit", right: []string{`[9007199254740993]`}, body: `[9007199254740992]`},
	{name: "fraction", right: []string{`[0.1]`}, body: `[0.10000000000000000000001]`},
	{name: "huge", right: []string{`[1e400,-0.0,1E-400]`}, body: `[10e399,0,0.1e-399]`, fine: true},
	{name: "sign", right: []string{`[1]`}, body: `[-1]`},
	{name: "true is not a number", right: []string{`[1]`}, body: `[true]`},
	{name: "number in a text", right: []string{`["1", "a 1.50 b"]`}, body: `["1.0", "a 1.50 b"]`},
	{name: "text is not a number", right: []string{`["1"]`}, body: `[1]`},
	{name: "null is not missing", right: []string{`{"a":null}`}, body: `{}`},
	{name: "object is not a list", right: []string{`{}`}, body: `[]`},
	{name: "one more", right: []string{`{"a":1}`}, body: `{"a":1,"b":null}`},
	{name: "longer", right: []string{`[1,2]`}, body: `[1,2,3]`},
	{name: "names of objects", right: []string{`{"a":1}`}, body: `{"a":1,"constructor":1,"__proto__":{}}`},
	{name: "no JSON any more", right: []string{`{"a":1}`}, body: `{"a":1`},
	{name: "ignored", right: []string{`{"at":1,"list":[{"id":1,"x":1}]}`}, body: `{"at":2,"list":[{"id":2,"x":1}]}`, fine: true},
	{name: "ignored, and missing", right: []string{`{"at":1,"list":[{"id":1,"x":1}]}`}, body: `{"list":[{"x":1}]}`, fine: true},
	{name: "beside what is ignored", right: []string{`{"at":1,"list":[{"id":1,"x":1}]}`}, body: `{"at":1,"list":[{"id":1,"x":2}]}`},
	{name: "learned", right: []string{`{"took":1,"ok":true}`, `{"took":2,"ok":true}`}, body: `{"took":3,"ok":true}`, fine: true},
	{name: "beside what is learned", right: []string{`{"took":1,"ok":true}`, `{"took":2,"ok":true}`}, body: `{"took":3,"ok":false}`},
	{name: "one of two", right: []string{"hello", "hallo"}, body: "hello", fine: true},
	{name: "none of two", right: []string{"hello", "hallo"}, body: "hullo"},
	{name: "long", right: []string{strings.Repeat("x", 1000)}, kept: 10, body: strings.Repeat("x", 1000), fine: true},
	{name: "long, and another end", right: []string{strings.Repeat("x", 1000)}, kept: 10, body: strings.Repeat("x", 999) + "y"},
	{name: "gzip", right: []string{`{"a":1}`}, coding: "gzip", body: `{"a":1}`, fine: true},
	{name: "gzip, another", right: []string{`{"a":1}`}, coding: "gzip", body: `{"a":2}`},
	{name: "zlib", right: []string{`{"a":1}`}, coding: "deflate", body: `{"a":1}`, fine: true},
	{name: "bare deflate", right: []string{`{"a":1}`}, coding: "bare", body: `{"a":1}`, fine: true},
	{name: "the secret", right: []string{`{"got":"[secret]"}`}, body: `{"got":"` + canary + `"}`, fine: true},
}

// item is the event of an expectation, whose path is its place in the list.
func (a *answered) item(place int, body string) export.Item {
	e := newEvent(body)
	e.Path, e.Query = "/webhooks/"+strconv.Itoa(place), ""
	item := export.Item{Event: e, Target: "bot", URL: "http://127.0.0.1:1" + e.Path}
	for i, text := range a.right {
		d := event.Delivery{
			N: i + 1, Kind: event.Live, State: event.Done, Target: "bot", Status: 200, ResponseBody: []byte(text), ResponseSize: int64(len(text)),
			ResponseSent: event.SumOf([]byte(text)), ResponseDecoded: event.SumOf([]byte(text)), Accepted: time.Unix(int64(i+1), 0),
		}
		if a.kept > 0 {
			d.ResponseBody, d.ResponseCut = d.ResponseBody[:a.kept], true
		}
		item.Deliveries = append(item.Deliveries, d)
	}
	return item
}

// sent is the answer's status, content coding and bytes.
func (a *answered) sent(t testing.TB) (status int, coding string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch a.coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare":
		w, _ = flate.NewWriter(&b, flate.DefaultCompression)
	default:
		return max(a.status, 200), "", []byte(a.body)
	}
	if _, err := io.WriteString(w, a.body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return max(a.status, 200), strings.Replace(a.coding, "bare", "deflate", 1), b.Bytes()
}

// checkExpectations runs two files of tests: of answers that are right, of which all have
// to pass, and of those that are not, of which none may. failures finds the number of
// those in what the command says.
func checkExpectations(t *testing.T, f export.Format, failures *regexp.Regexp, run func(text string) (string, error)) {
	t.Helper()
	ignore := []jsontree.Path{{{Name: "at", Index: jsontree.ByName}}, {{Name: "list", Index: jsontree.ByName}, {Index: jsontree.Any}, {Name: "id", Index: jsontree.ByName}}}
	for _, fine := range []bool{true, false} {
		var list []export.Item
		for i := range expectations {
			if a := &expectations[i]; a.fine == fine {
				list = append(list, a.item(i, sampleBody(t, a.name)))
			}
		}
		out, err := run(write(t, f, export.Options{Ignore: ignore}, list...))
		switch found := failures.FindAllStringSubmatch(out, -1); {
		case fine && err != nil:
			t.Errorf("an answer that is right fails: %v\n%s", err, out)
		case fine:
		case err == nil || len(found) == 0:
			t.Errorf("nothing fails:\n%s", out)
		default:
			n := len(found)
			if len(found[0]) > 1 {
				n, _ = strconv.Atoi(found[0][1])
			}
			if n != len(list) {
				t.Errorf("%d of %d fail:\n%s", n, len(list), out)
			}
		}
	}
}

// expected is a handler that answers as the expectations say.
func expected(t *testing.T) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/webhooks/"))
		if err != nil || i >= len(expectations) {
			http.NotFound(w, r)
			return
		}
		status, coding, body := expectations[i].sent(t)
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func TestPytestExpects(t *testing.T) {
	t.Parallel()
	interpreter, url := python(t, "pytest"), expected(t)
	checkExpectations(t, export.Pytest, regexp.MustCompile(`(?m)^(\d+) failed in`), func(text string) (string, error) {
		return runTest(t, map[string]string{"test_webhook.py": text}, []string{"WEBHOOK_URL=" + url}, interpreter, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider")
	})
}

func TestNodeExpects(t *testing.T) {
	t.Parallel()
	node, url := need(t, "node"), expected(t)
	checkExpectations(t, export.TS, regexp.MustCompile(`(?m)^\S* ?fail (\d+)$`), func(text string) (string, error) {
		return runTest(t, map[string]string{"webhook.test.mjs": text}, []string{"WEBHOOK_URL=" + url}, node, "--test")
	})
}

func TestGoExpects(t *testing.T) {
	t.Parallel()
	need(t, "go")
	type reply struct {
		Status int
		Coding string
		Body   string // in base64
	}
	var replies []reply
	for i := range expectations {
		status, coding, body := expectations[i].sent(t)
		replies = append(replies, reply{status, coding, base64.StdEncoding.EncodeToString(body)})
	}
	table, err := json.Marshal(replies)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "replies.json")
	if err := os.WriteFile(file, table, 0o600); err != nil {
		t.Fatal(err)
	}
	handler := `package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func init() {
	var replies []struct {
		Status int
		Coding string
		Body   []byte
	}
	text, _ := os.ReadFile(os.Getenv("REPLIES"))
	if err := json.Unmarshal(text, &replies); err != nil {
		panic(err)
	}
	http.HandleFunc("/webhooks/", func(w http.ResponseWriter, r *http.Request) {
		i, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/webhooks/"))
		if replies[i].Coding != "" {
			w.Header().Set("Content-Encoding", replies[i].Coding)
		}
		w.WriteHeader(replies[i].Status)
		w.Write(replies[i].Body)
	})
}

func main() {}
`
	checkExpectations(t, export.Go, regexp.MustCompile(`(?m)^    --- FAIL: `), func(text string) (string, error) {
		files := map[string]string{"go.mod": "module handler\n\ngo 1.26\n", "handler.go": handler, "webhook_test.go": text}
		return runTest(t, files, []string{"REPLIES=" + file, "GOFLAGS=-mod=mod", "GOWORK=off"}, "go", "test", ".")
	})
}

// TestUnanswered: a test that nothing is known to expect is not written, unless a 2xx will
// do.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	answer := func(status int, change func(*event.Delivery)) []event.Delivery {
		d := event.Delivery{N: 1, Kind: event.Live, State: event.Done, Target: "bot", Status: status}
		if change != nil {
			change(&d)
		}
		return []event.Delivery{d}
	}
	for name, test := range map[string]struct {
		made  []event.Delivery
		allow bool
		fine  bool
	}{
		"never sent":       {nil, false, false},
		"never sent, new":  {nil, true, true},
		"refused":          {answer(500, nil), false, false},
		"answered":         {answer(200, nil), false, true},
		"not kept whole":   {answer(200, func(d *event.Delivery) { d.ResponseCut = true }), true, false},
		"for a comparison": {answer(200, func(d *event.Delivery) { d.ForComparison = true }), false, false},
	} {
		item := export.Item{Event: newEvent("{}"), Deliveries: test.made, Target: "bot", URL: "http://127.0.0.1:1/webhooks"}
		for _, f := range export.Formats() {
			_, err := export.Write(io.Discard, f, items(item), export.Options{AllowNew: test.allow})
			unanswered, is := errors.AsType[*export.Unanswered](err)
			if fine := test.fine || !f.Test(); fine != (err == nil) || is && unanswered.Event != item.Event.ID {
				t.Errorf("%s as %s: %v", name, f, err)
			}
		}
	}
}
