package export_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/payload"
)

// small is the smallest payload, except for blanks.
const small = `{"event":{"action":"create","scope":"repo"},"repo":{"type":"model","name":"a/b","id":"1","private":false,"url":{"web":"https://hf.co/a/b"},"owner":{"id":"2"}},"webhook":{"id":"3","version":3}}`

// TestReadCurl reads what browsers and people write.
func TestReadCurl(t *testing.T) {
	t.Parallel()
	field := func(pairs ...string) (list []event.Field) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, event.Field{Name: pairs[i], Value: pairs[i+1]})
		}
		return list
	}
	escaped := strings.ReplaceAll(small, `"`, `\"`)
	tests := []struct {
		name, command string
		path, query   string
		body          string
		header        []event.Field
	}{
		{
			name: "Chrome, as cURL (bash)",
			command: `curl 'https://example.ngrok.app/webhooks/x/?a=%20&secret=` + canary + `' \
  -H 'accept: */*' \
  -H 'accept-language: de-DE,de;q=0.9' \
  -H 'content-type: application/json' \
  -b 'session=` + canary + `' \
  -H 'authorization: Bearer ` + canary + `' \
  -H 'sec-ch-ua: "Chromium";v="140"' \
  -H 'x-webhook-secret: ` + canary + `' \
  --data-raw $'` + strings.Replace(small, "a/b", `it\'s \u0041\x42\\n\\u0041`, 1) + `' \
  --compressed`,
			path: "/webhooks/x", query: "a=%20",
			body:   strings.Replace(small, "a/b", `it's AB\n\u0041`, 1),
			header: field("Accept", "*/*", "Accept-Language", "de-DE,de;q=0.9", "Content-Type", "application/json", "Sec-Ch-Ua", `"Chromium";v="140"`),
		},
		{
			name:    "Firefox",
			command: `curl 'http://127.0.0.1:4665/webhooks' -X POST -H 'User-Agent: Mozilla/5.0' -H 'Content-Type: application/json' --data-raw '` + small + `'`,
			path:    "/webhooks", body: small, header: field("Content-Type", "application/json", "User-Agent", "Mozilla/5.0"),
		},
		{
			name:    "by hand",
			command: "$ curl -sSLd \"" + escaped + "\" -XPOST -HWebhook-Id:7 -A me -H'X-Empty;' -H 'Accept:' localhost:8000",
			path:    "/webhooks", body: small, header: field("User-Agent", "me", "Webhook-Id", "7", "X-Empty", ""),
		},
		{
			name:    "JSON from a here-document, less its line breaks",
			command: "# a comment\ncurl --json @- http://h/hook <<E\n" + small + "\nE\n",
			path:    "/hook", body: small + "\n", header: field("Accept", "application/json", "Content-Type", "application/json"),
		},
		{
			name:    "a quoted here-document",
			command: "curl --data-binary @- http://h/hook <<'E'\n" + strings.Replace(small, "a/b", `\\$x`+"`", 1) + "\nE\n",
			path:    "/hook", body: strings.Replace(small, "a/b", `\\$x`+"`", 1) + "\n",
		},
		{
			name:    "-d drops line breaks of what is not on the command line",
			command: "curl -d @- http://h/hook <<'E'\n" + small + "\nE\n",
			path:    "/hook", body: small,
		},
		{
			name:    "a variable is empty, whatever its value here",
			command: `curl -d '` + small + `' -H "X-Home: a$HOME" -H "X-Tilde: b"~root http://h/hook`,
			path:    "/hook", body: small, header: field("X-Home", "a", "X-Tilde", "b~root"),
		},
		{
			name:    "nothing that cannot be sent on",
			command: "curl -d '" + small + "' -H $'X-Line: a\\r\\nX-Other: b' -H 'a b: c' -H 'X-Forwarded-For: 1' -H 'X-Hfhook-Origin: hub' http://h/hook",
			path:    "/hook", body: small,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := readAll(t, test.command)
			if len(got) != 1 {
				t.Fatalf("%d events", len(got))
			}
			e := got[0].Event
			if e.Path != test.path || e.Query != test.query || e.Origin != event.FromImport || !e.Received.Equal(time.Unix(1e9, 0)) {
				t.Errorf("%+v", e)
			}
			if diff := cmp.Diff(test.body, string(e.Body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.header, e.Header, sameEvent); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRefused names what a part of a text is refused for, while the others come in.
func TestRefused(t *testing.T) {
	t.Parallel()
	record := func(edit ...string) string {
		text := write(t, export.NDJSON, export.Options{}, export.Item{Event: newEvent(small), Deliveries: attempts(), URL: "http://h"})
		edited := strings.NewReplacer(edit...).Replace(text)
		if len(edit) > 0 && edited == text {
			t.Fatalf("%q changes nothing in %s", edit, text)
		}
		return edited
	}
	curl := func(args string) string { return "curl -d '" + small + "' " + args }
	entry := func(request string) string {
		return `{"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":` + request + `}]}}`
	}
	tests := []struct{ text, want string }{
		{record(`"schema":1`, `"schema":2`), "line 1: unknown record schema 2: this hfhook knows schema 1"},
		{record(`a/b`, `a/c`), "line 1: the body was changed after the export: its SHA-256 differs"},
		{record(`2026-11-23T12:00:00`, `1815-11-23T12:00:00`), "line 1: its time is out of range (years 1970 to 2261)"},
		{record(`"path":"/`, `"path":"/%zz`), `line 1: invalid URL path "/%zzwebhooks/say_hello"`},
		{record(`"path":"/`, `"path":"`), `line 1: invalid URL path "webhooks/say_hello"`},
		{record(`"query":"`, `"query":"\r\n`), `line 1: invalid URL query "\r\na=1&b=%20"`},
		{record(`HTTP/1.1`, `HTTP/1.1\r\nX: y`), `line 1: invalid HTTP version "HTTP/1.1\r\nX: y"`},
		{record(`"kind":"live"`, `"kind":"alive"`), `line 1: delivery 1: unknown kind "alive": want live or replay`},
		{record(`"state":"waiting"`, `"state":"\u001b"`), `line 1: delivery 3: unknown state "\x1b" of a delivery: want waiting, sending, done, dropped, withheld or interrupted`},
		{record(`"status":200`, `"status":-1`), "line 1: delivery 1: its numbers are inconsistent"},
		{record(`"started":"2026`, `"started":"0026`), "line 1: delivery 1: its time is out of range (years 1970 to 2261)"},
		{record(string(id), "x"), "line 1: id: invalid event id: want 26 letters and digits, for example 01JD4X7M9C8Q2R5T7V9WABCDEF"},
		{record()[:100], "line 1: not a record written by hfhook: unexpected end of JSON input"},
		{record() + "null\n" + record(), `line 2: unknown record type ""`},
		{curl("-F a=b http://h"), "command at line 1: curl option -F is not supported in an import"},
		{curl("--teleport http://h"), "command at line 1: unknown curl option --teleport"},
		{curl("-H"), "command at line 1: curl option -H needs a value"},
		{curl(""), "command at line 1: the command has 0 URLs, want one"},
		{curl("http://h http://h"), "command at line 1: the command has 2 URLs, want one"},
		{curl("-X PUT http://h"), "command at line 1: no POST with a body"},
		{"curl http://h", "command at line 1: no POST with a body"},
		{"curl -d @/etc/passwd http://h", "command at line 1: its body is in a file: import that file, or put the body in the command"},
		{curl("http://h; rm -rf x"), "command at line 1: only curl commands can be imported, with base64 -d and printf for bodies; nothing is run"},
		{curl("http://h/$(id)"), "command at line 1: only curl commands can be imported, with base64 -d and printf for bodies; nothing is run"},
		{curl("http://h <<<x"), "command at line 1: only curl commands can be imported, with base64 -d and printf for bodies; nothing is run"},
		{"curl h" + strings.Repeat(" | curl h", 1e6), "command at line 1: only curl commands can be imported, with base64 -d and printf for bodies; nothing is run"},
		{curl("http://h > out"), "command at line 1: only curl commands can be imported, with base64 -d and printf for bodies; nothing is run"},
		{"curl -d '{}' http://h", "command at line 1: not a Hub payload: event: Field required, and 2 more"},
		{"{}", "the payload: not a Hub payload: event: Field required, and 2 more"},
		{`{"event":`, "the payload: not a Hub payload: JSON decode error at byte 9: Expecting value"},
		{"[1]", "the payload: not a Hub payload: body: Input should be a valid dictionary or object to extract fields from"},
		{entry(`{"method":"GET","url":"http://h"}`), "entry 1: no POST with a body"},
		{entry(`{"method":"POST","url":"http://h"}`), "entry 1: no POST with a body"},
		{entry(`{"method":"POST","url":"http://h","postData":{"text":"{}"}}`), "entry 1: not a Hub payload: event: Field required, and 2 more"},
		{entry(`{"method":"POST","url":"http://[","postData":{"text":"{}"}}`), "entry 1: its URL is invalid"},
		{entry(`7`), "entry 1: no entry of an HTTP Archive: json: cannot unmarshal number into Go struct field harEntry.request of type export.harRequest"},
	}
	for _, test := range tests {
		var refused []string
		for found, err := range export.Read(strings.NewReader(test.text), time.Unix(1e9, 0)) {
			if err != nil {
				t.Fatalf("%v in %.300s", err, test.text)
			}
			if found.Refused != nil {
				refused = append(refused, fmt.Sprintf("%s: %v", found.Where, found.Refused))
			}
		}
		if got := strings.Join(refused, "\n"); !strings.HasPrefix(got, test.want) || test.want == "" {
			t.Errorf("got  %s\nwant %s\nof %.300s", got, test.want, test.text)
		}
	}
}

// TestNotRead tells apart why nothing was read at all.
func TestNotRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                       export.ErrEmpty,
		" \n\n\ufeff\n":          export.ErrUnknown,
		"\n \n":                  export.ErrEmpty,
		"\ufeff":                 export.ErrEmpty,
		"a letter":               export.ErrUnknown,
		"curl 'http":             export.ErrUnknown,
		`{"log":{"entries":[]}}`: export.ErrEmpty,
		`{"schema":1,"type":"event","id":"01"}` + "\n{}": export.ErrUnknown,
		"\x00\x01\x02":                            export.ErrUnknown,
		"curl h " + strings.Repeat("$(", 1e6):     export.ErrUnknown,
		"curl h\n" + strings.Repeat("{ ", 1e6):    export.ErrUnknown,
		"curl h " + strings.Repeat("\"`", 1e6):    export.ErrUnknown,
		"curl h $((" + strings.Repeat("!", 1e6):   export.ErrUnknown,
		"curl h\n[[ " + strings.Repeat("! ", 1e6): export.ErrUnknown,
	} {
		n := 0
		for found, err := range export.Read(strings.NewReader(text), time.Now()) {
			if n++; !errors.Is(err, want) {
				t.Errorf("%.100q: %v, %v", text, found, err)
			}
		}
		if n != 1 {
			t.Errorf("%.100q gave %d results", text, n)
		}
	}
	cause := errors.New("the disk is broken")
	for _, text := range []string{"", "{", "curl ", write(t, export.NDJSON, export.Options{}, export.Item{Event: newEvent(small), URL: "http://h"})} {
		var got error
		broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(cause))
		for _, err := range export.Read(broken, time.Now()) {
			got = err
		}
		if !errors.Is(got, cause) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// A payload alone is taken as it is, to the byte, and has the time now.
func TestReadPayload(t *testing.T) {
	t.Parallel()
	for _, text := range []string{small, "\ufeff" + small, "\n " + strings.ReplaceAll(small, ",", ",\n\t") + "\r\n\n", strings.Replace(small, "{", `{"log":1,"type":"record of mine",`, 1)} {
		got := readAll(t, text)
		if len(got) != 1 || string(got[0].Event.Body) != text {
			t.Fatalf("%q came in as %v", text, got)
		}
		e := got[0].Event
		if !e.Received.Equal(time.Unix(1e9, 0)) || e.Path != "/webhooks" || e.Payload.Event.Scope != payload.ScopeRepo || e.Method != "POST" {
			t.Errorf("%+v", e)
		}
	}
}

// The reader stops when nobody wants more.
func TestReadStops(t *testing.T) {
	t.Parallel()
	one := export.Item{Event: newEvent(small), URL: "http://h"}
	other := export.Item{Event: newEvent(small), URL: "http://h"}
	other.Event.ID = "01JD4X7M9C8Q2R5T7V9WABCDE0"
	for _, f := range []export.Format{export.NDJSON, export.HAR, export.Curl} {
		n := 0
		for range export.Read(strings.NewReader(write(t, f, export.Options{}, one, other)), time.Now()) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%s: %d", f, n)
		}
	}
}
