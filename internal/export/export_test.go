package export_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/payload/sample"
)

const (
	canary = "canary-secret"
	id     = event.ID("01JD4X7M9C8Q2R5T7V9WABCDEF")
)

// need stops a test where a program that it drives is missing: with a failure in the
// gate, where everything has to be there, else with a message. It returns the
// program's path.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program)
	}
	return path
}

func missing(t testing.TB, program string) {
	t.Helper()
	if os.Getenv("HFHOOK_E2E") == "required" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("%s is not installed", program)
}

// newEvent is an event as the server records it: with the edge's headers, and with
// credentials that nobody should have sent.
func newEvent(body string, header ...event.Field) *event.Event {
	e := &event.Event{
		ID: id,
		Capture: event.Capture{Received: time.Date(2026, 11, 23, 12, 0, 0, 123456789, time.UTC), Method: "POST", Path: "/webhooks/say_hello",
			Query: "a=1&b=%20", Proto: "HTTP/1.1", Peer: "127.0.0.1:5", Tunnel: true, Origin: event.FromHub, DeliveryID: "delivery-1",
			Body: []byte(body), SHA256: sha256.Sum256([]byte(body)),
			Header: append([]event.Field{
				{Name: "Authorization", Value: "Bearer " + canary},
				{Name: "Content-Length", Value: "5"},
				{Name: "Cookie", Value: canary},
				{Name: "Host", Value: "edge-host.ngrok.app"},
				{Name: "Webhook-Id", Value: "delivery-1"},
				{Name: "X-Forwarded-For", Value: "192.0.2.1"},
				{Name: "X-Webhook-Secret", Value: canary},
			}, header...),
		},
	}
	slices.SortStableFunc(e.Header, func(a, b event.Field) int { return strings.Compare(a.Name, b.Name) })
	e.Payload, e.Warnings = payload.ParseLenient(e.Body)
	return e
}

// sampleBody is the payload of a comment with this text.
func sampleBody(t testing.TB, comment string) string {
	t.Helper()
	body, err := sample.New("discussion.comment/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(body), `"content":"`, `"content":"`+comment, 1)
}

// hostile is a text that a person must never be shown as it is.
const hostile = "it's $HOME `id` \u202e\u200b\u009b31m\u2028 \U000e0041 🤗 ❤️ é"

// attempts are an attempt that went well, one that failed, and one that waits.
func attempts() []event.Delivery {
	at := time.Date(2026, 11, 23, 12, 0, 1, 5, time.UTC)
	return []event.Delivery{
		{Event: id, N: 1, Kind: event.Live, State: event.Done, Target: "api", URL: "http://127.0.0.1:8000/webhooks/say_hello?a=1&b=%20",
			Started: at, Took: 61234567, Status: 200, Phases: event.Phases{Connect: 1000001, Write: 2000002, FirstByte: 50000003, Body: 4},
			RequestHeader:  []event.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Webhook-Id", Value: "delivery-1"}, {Name: "X-Hfhook-Attempt", Value: "1"}, {Name: "X-Webhook-Secret", Value: "[secret]"}},
			ResponseHeader: []event.Field{{Name: "Content-Type", Value: "text/plain"}, {Name: "Set-Cookie", Value: canary}},
			ResponseBody:   []byte("ok\x1b[2J\xff"), ResponseSize: 400000, ResponseCut: true},
		{Event: id, N: 2, Kind: event.Replay, State: event.Done, Target: "api", URL: "http://127.0.0.1:8000/webhooks/say_hello",
			Started: at.Add(time.Second), Took: 5, Err: "nothing listens there"},
		{Event: id, N: 3, Kind: event.Live, State: event.Waiting, Target: "audit", URL: "http://127.0.0.1:9000"},
	}
}

func items(list ...export.Item) iter.Seq2[export.Item, error] {
	return func(yield func(export.Item, error) bool) {
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func write(t testing.TB, f export.Format, opts export.Options, list ...export.Item) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := export.Write(&b, f, items(list...), opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readAll reads events of which none is refused.
func readAll(t testing.TB, text string) []export.Found {
	t.Helper()
	var all []export.Found
	for found, err := range export.Read(strings.NewReader(text), time.Unix(1e9, 0)) {
		if err != nil {
			t.Fatalf("read: %v\n%.2000s", err, text)
		}
		if found.Refused != nil {
			t.Fatalf("%s: %v\n%.2000s", found.Where, found.Refused, text)
		}
		all = append(all, found)
	}
	return all
}

// A receiver is a handler that keeps what it got.
type receiver struct {
	url string
	got chan received
}

type received struct {
	Target string
	Header http.Header
	Body   []byte
}

func newReceiver(t testing.TB, status int) *receiver {
	r := &receiver{got: make(chan received, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		req.Header.Del("Content-Length") // Body tells it
		r.got <- received{req.RequestURI, req.Header, body}
		w.WriteHeader(status)
	}))
	t.Cleanup(srv.Close)
	r.url = srv.URL
	return r
}

// one is the only request since the last call.
func (r *receiver) one(t testing.TB) received {
	t.Helper()
	if len(r.got) != 1 {
		t.Fatalf("%d requests came", len(r.got))
	}
	return <-r.got
}

// sent is what a handler has to get of newEvent's event.
func sent(e *event.Event) received {
	want := received{Target: e.Path + "?" + e.Query, Header: http.Header{"X-Webhook-Secret": {canary}}, Body: e.Body}
	for _, f := range e.Header {
		switch f.Name {
		case "Authorization", "Content-Length", "Cookie", "Host", "X-Forwarded-For", "X-Webhook-Secret":
		default:
			want.Header[f.Name] = append(want.Header[f.Name], f.Value)
		}
	}
	return want
}

func (got received) without(names ...string) received {
	for _, name := range names {
		delete(got.Header, name)
	}
	return got
}

var trickyFields = []event.Field{
	{Name: "Accept", Value: "*/*"},
	{Name: "Content-Type", Value: "application/json"},
	{Name: "User-Agent", Value: "it's \"$HOME\" `id` \\ 100% !"},
	{Name: "X-Empty", Value: ""},
	{Name: "X-Far", Value: "\xff\u202e é"},
	{Name: "X-Many", Value: "b"},
	{Name: "X-Many", Value: "a"},
	{Name: "X-Sign", Value: "@/etc/passwd"},
	{Name: "X-Equal", Value: "=1"},
}

// Whatever the format, nothing holds a secret, a credential, or a character that
// does not show.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	for _, f := range export.Formats() {
		t.Run(string(f), func(t *testing.T) {
			far := event.Field{Name: "X-Far", Value: "\xff\u202e\u009b"}
			if f == export.HTTPie {
				far.Value = far.Value[1:] // which it has no way to write
			}
			e := newEvent(sampleBody(t, hostile), event.Field{Name: "Content-Type", Value: "application/json"}, far)
			e.Query = "q=\u202e"
			var b bytes.Buffer
			left, err := export.Write(&b, f, items(export.Item{Event: e, Deliveries: attempts(), URL: "http://127.0.0.1:1/x?q=\u202e"}), export.Options{AllowNew: true})
			if err != nil {
				t.Fatal(err)
			}
			text := b.String()
			for _, never := range []string{canary, "192.0.2.1", "edge-host"} {
				if strings.Contains(text, never) {
					t.Errorf("%s is in it:\n%s", never, text)
				}
			}
			// A tab is how Go is written.
			if shown := strings.ReplaceAll(text, "\t", ""); f != export.Raw && visible.Block(shown) != shown {
				t.Errorf("it holds what does not show:\n%q", text)
			}
			if want := []string{"Authorization", "Cookie", "X-Forwarded-For", "X-Webhook-Secret"}; !slices.Equal(left.Headers, want) {
				t.Errorf("left out: %q", left.Headers)
			}
			if left.Secret != f.TakesSecret() {
				t.Errorf("left.Secret = %v", left.Secret)
			}

			text = write(t, f, export.Options{AllowNew: true, Secret: "present'secret"}, export.Item{Event: e, URL: "http://127.0.0.1:1"})
			if strings.Contains(text, "present") != f.TakesSecret() {
				t.Errorf("with the secret:\n%s", text)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	token := "hf_" + strings.Repeat("a", 34)
	for _, c := range []struct {
		body   string
		header event.Field
		want   int
	}{
		{`{"a":"` + token + `"}`, event.Field{}, 1},
		{`{"a":"hf_hub_download"}`, event.Field{}, 0},
		{"{}", event.Field{Name: "X-Other", Value: token}, 1},
		{"{}", event.Field{Name: "Authorization", Value: "Bearer " + token}, 0}, // which is left out
	} {
		e := newEvent(c.body)
		if c.header.Name != "" {
			e.Header = append(e.Header, c.header)
		}
		left, err := export.Write(io.Discard, export.NDJSON, items(export.Item{Event: e, URL: "http://h/"}), export.Options{})
		if err != nil || len(left.Tokens) != c.want {
			t.Errorf("%s %s: %v, %v", c.body, c.header.Name, left.Tokens, err)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk is full")
	for _, f := range export.Formats() {
		var b bytes.Buffer
		if _, err := export.Write(&b, f, items(export.Item{Event: newEvent("{}"), URL: "no url"}), export.Options{}); err == nil {
			t.Errorf("%s: took an item without an address", f)
		}
		failing := func(yield func(export.Item, error) bool) { yield(export.Item{}, cause) }
		if _, err := export.Write(&b, f, failing, export.Options{}); !errors.Is(err, cause) {
			t.Errorf("%s: %v", f, err)
		}
		if _, err := export.Write(full{cause}, f, items(export.Item{Event: newEvent("{}"), URL: "http://h"}), export.Options{AllowNew: true}); !errors.Is(err, cause) {
			t.Errorf("%s: %v", f, err)
		}
	}
	if _, err := export.Write(io.Discard, "fax", items(), export.Options{}); err == nil {
		t.Error("took the format fax")
	}
}

type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestRaw(t *testing.T) {
	t.Parallel()
	e := newEvent("{\"a\":\"\x00\xff\r\n\"}", trickyFields...)
	text := write(t, export.Raw, export.Options{Secret: canary}, export.Item{Event: e, URL: "http://h:8000" + e.Path + "?" + e.Query})
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := received{r.RequestURI, r.Header, body}.without("Content-Length")
	if diff := cmp.Diff(sent(e), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Host != "h:8000" {
		t.Errorf("host %s", r.Host)
	}
}

// randomBody is a body of bytes that shells, URLs and quotes stumble over.
func randomBody(r *rand.Rand) string {
	alphabet := []string{"'", `"`, `\`, "$", "`", "!", "\n", "\r", "\t", "\x00", "\xff", "\x1b", "%", "@", "é", "\u202e", "🤗", "{", "}", "a", " ", "EOF\n", "\\n", "&", ";", "#"}
	var b strings.Builder
	for range r.IntN(40) {
		b.WriteString(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

var sameEvent = cmp.Options{cmpopts.IgnoreUnexported(payload.Payload{}), cmpopts.EquateEmpty()}

// isPayload reports whether the body is one that a server of webhooks takes.
func isPayload(e *event.Event) bool {
	faults, _ := payload.Check(e.Body)
	return faults == nil
}
