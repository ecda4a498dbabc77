package payload_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/payload"
)

var withoutRaw = cmpopts.IgnoreUnexported(payload.Payload{})

// whole has every field, each optional one included.
const whole = `{
	"event": {"action": "update", "scope": "repo.content"},
	"repo": {
		"type": "space", "name": "me/demo", "id": "r", "private": false, "subdomain": "me-demo",
		"url": {"web": "w", "api": "a"}, "headSha": "s", "owner": {"id": "o"}, "tags": ["t", "u"]
	},
	"discussion": {
		"id": "d", "title": "Hello", "url": {"web": "w", "api": "a"}, "status": "open", "author": {"id": "u"},
		"num": 19, "isPullRequest": true, "changes": {"base": "refs/heads/main", "mergeCommitId": "m"}, "pinned": true
	},
	"comment": {"id": "c", "author": {"id": "u"}, "content": "text", "hidden": false, "url": {"web": "w", "api": "a"}},
	"updatedRefs": [{"ref": "refs/heads/main", "oldSha": null, "newSha": "n"}],
	"updatedConfig": {"private": true},
	"updatedFiles": [{"path": "p", "action": "add", "xetHash": "x", "size": 20}],
	"updatedFilesTruncated": true,
	"movedTo": {"name": "me/new", "owner": {"id": "o"}},
	"webhook": {"id": "h", "version": 3}
}`

// What is not JSON is refused in the words of Python's json module, as FastAPI
// passes them on, and with the place in bytes.
func TestSyntaxFaults(t *testing.T) {
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	tests := []struct {
		name, body string
		at         int
		why        string
	}{
		{"white space only", " \n", 2, "Expecting value"},
		{"byte-order mark only", "\ufeff", 3, "Expecting value"},
		{"open object", `{`, 1, "Expecting property name enclosed in double quotes"},
		{"trailing comma in an object", `{"a":1,}`, 7, "Expecting property name enclosed in double quotes"},
		{"trailing comma in a list", `{"a":[1,]}`, 8, "Expecting value"},
		{"single quotes", `{'a':1}`, 1, "Expecting property name enclosed in double quotes"},
		{"number as a name", `{1:2}`, 1, "Expecting property name enclosed in double quotes"},
		{"no colon", `{"a" 1}`, 5, "Expecting ':' delimiter"},
		{"no value", `{"a":}`, 5, "Expecting value"},
		{"no comma", `{"a":1 "b":2}`, 7, "Expecting ',' delimiter"},
		{"wrong bracket", `{"a":[1}}`, 7, "Expecting ',' delimiter"},
		{"open list", `{"a":[1`, 7, "Expecting ',' delimiter"},
		{"open string", `{"a":"b}`, 5, "Unterminated string starting at"},
		{"open escape", `{"a":"\`, 5, "Unterminated string starting at"},
		{"line feed in a string", "{\"a\":\"b\nc\"}", 7, "Invalid control character at"},
		{"NUL in a string", "{\"a\":\"\x00\"}", 6, "Invalid control character at"},
		{"NUL between values", "{\"a\":1\x00}", 6, "Expecting ',' delimiter"},
		{"NUL behind the body", "{}\x00", 2, "Extra data"},
		{"unknown escape", `{"a":"b\x41"}`, 7, `Invalid \escape`},
		{"short hexadecimal escape", `{"a":"\u12"}`, 7, `Invalid \uXXXX escape`},
		{"no hexadecimal escape", `{"a":"\u12g4"}`, 7, `Invalid \uXXXX escape`},
		{"leading zero", `{"a":01}`, 6, "Expecting ',' delimiter"},
		{"fraction without digits", `{"a":1.}`, 6, "Expecting ',' delimiter"},
		{"exponent without digits", `{"a":1e+}`, 6, "Expecting ',' delimiter"},
		{"sign without digits", `{"a":-}`, 5, "Expecting value"},
		{"plus sign", `{"a":+1}`, 5, "Expecting value"},
		{"NaN", `{"a":NaN}`, 5, "Expecting value"},
		{"half a word", `{"a":tru}`, 5, "Expecting value"},
		{"half a null", `nul`, 0, "Expecting value"},
		{"comment", "{\"a\":1 // b\n}", 7, "Expecting ',' delimiter"},
		{"two bodies", whole + ` {}`, len(whole) + 1, "Extra data"},
		{"fault before the syntax error", `{"event":5,"repo":`, 18, "Expecting value"},
		{"place in bytes behind a mark", "\ufeff{\"é\":}", 9, "Expecting value"},
		{"Latin-1", "{\"a\":\"caf\xe9\"}", 9, "Invalid UTF-8"},
		{"surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", 6, "Invalid UTF-8"},
		{"UTF-16", "\xff\xfe{\x00}\x00", 0, "Invalid UTF-8"},
		{"nested too deeply", `{"a":` + deep + `}`, 10_004, "Nested too deeply"},
		{"nested without end", strings.Repeat("[", 5_000_000), 10_000, "Nested too deeply"},
		{"objects without end", strings.Repeat(`{"a":`, 1_000_000), 50_000, "Nested too deeply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if json.Valid(bytes.TrimPrefix([]byte(tt.body), []byte("\ufeff"))) && !strings.Contains(tt.why, "UTF-8") {
				t.Error("the body is valid JSON")
			}
			got, warnings := payload.Check([]byte(tt.body))
			want := []payload.Fault{{
				Type: "json_invalid",
				Loc:  []any{"body", tt.at},
				Msg:  "JSON decode error",
				Ctx:  map[string]any{"error": tt.why},
			}}
			if diff := cmp.Diff(want, got); diff != "" || warnings != nil {
				t.Errorf("faults (-want +got):\n%s\nwarnings %v", diff, warnings)
			}
			if got, want := got[0].String(), fmt.Sprintf("JSON decode error at byte %d: %s", tt.at, tt.why); got != want {
				t.Errorf("String() = %q, want %q", got, want)
			}
		})
	}
}

// A body that is JSON, but no object.
func TestNoObject(t *testing.T) {
	for body, want := range map[string]string{
		"":     "missing [body]",
		"null": "missing [body]",
		"[]":   "model_attributes_type [body]",
		`"{}"`: "model_attributes_type [body]",
		"19":   "model_attributes_type [body]",
		"true": "model_attributes_type [body]",
	} {
		_, _, err := payload.Parse([]byte(body))
		if diff := cmp.Diff([]string{want}, faultsOf(t, err)); diff != "" {
			t.Errorf("body %q (-want +got):\n%s", body, diff)
		}
	}
}

func TestJSONDetails(t *testing.T) {
	base := parse(t, []byte(whole))
	with := func(change func(p *payload.Payload)) payload.Payload {
		p := *base
		change(&p)
		return p
	}
	same := *base
	unknown := func(members ...string) map[string]json.RawMessage {
		m := map[string]json.RawMessage{}
		for i := 0; i < len(members); i += 2 {
			m[members[i]] = json.RawMessage(members[i+1])
		}
		return m
	}
	begin := func(members string) string { return "{" + members + "," + whole[1:] }
	end := func(members string) string { return whole[:len(whole)-1] + "," + members + "}" }

	tests := []struct {
		name, body string
		want       payload.Payload
	}{
		{"byte-order mark", "\ufeff" + whole, same},
		{"white space around", "\r\n\t " + whole + " \n", same},
		{"names are case-sensitive", end(`"Event":5,"WEBHOOK":null`), with(func(p *payload.Payload) {
			p.Unknown = unknown("Event", "5", "WEBHOOK", "null")
		})},
		{"escaped name", strings.Replace(whole, `"repo"`, `"\u0072e\u0070o"`, 1), same},
		{"escaped name of an unknown key", end(`"\u0061\n":1`), with(func(p *payload.Payload) { p.Unknown = unknown("a\n", "1") })},
		{"empty name", end(`"":1`), with(func(p *payload.Payload) { p.Unknown = unknown("", "1") })},
		{"big numbers in unknown keys", end(`"a":123456789012345678901234567890,"b":1e400,"c":-0.0E-999`), with(func(p *payload.Payload) {
			p.Unknown = unknown("a", "123456789012345678901234567890", "b", "1e400", "c", "-0.0E-999")
		})},
		{"unknown values stay as they were written", end("\"a\":{ \"b\" : [1 ,\n\"\\u0041\"] }"), with(func(p *payload.Payload) {
			p.Unknown = unknown("a", "{ \"b\" : [1 ,\n\"\\u0041\"] }")
		})},
		{"unknown key in an object", strings.Replace(whole, `"id": "r"`, `"id": "r", "gitalyUid": "123"`, 1), with(func(p *payload.Payload) {
			p.Repo.Unknown = unknown("gitalyUid", `"123"`)
		})},
		{"last of two equal keys", begin(`"movedTo":{"name":"x","owner":{"id":"y","z":1}},"updatedFilesTruncated":null`), same},
		{"last of two equal unknown keys", end(`"a":1,"a":[2]`), with(func(p *payload.Payload) { p.Unknown = unknown("a", "[2]") })},
		{"faults of an earlier equal key", begin(`"repo":{"id":5},"event":null,"updatedRefs":[{}],"comment":7`), same},
		{"null at last", end(`"comment":null,"updatedRefs":null,"updatedConfig":null,"updatedFilesTruncated":null`), with(func(p *payload.Payload) {
			p.Comment, p.UpdatedRefs, p.UpdatedConfig, p.UpdatedFilesTruncated = nil, nil, nil, false
		})},
		{"less at last", end(`"discussion":{"id":"1","num":-0,"author":{"id":""},"url":{"web":""},"title":"","isPullRequest":false,"status":""}`), with(func(p *payload.Payload) {
			p.Discussion = &payload.Discussion{ID: "1"}
		})},
		{"empty is not absent", end(`"updatedRefs":[],"updatedFiles":[ ],"updatedConfig":{}`), with(func(p *payload.Payload) {
			p.UpdatedRefs, p.UpdatedFiles, p.UpdatedConfig = []payload.RefUpdate{}, []payload.FileUpdate{}, unknown()
		})},
		{"escapes", end(`"movedTo":{"name":"\"\\\/\b\f\n\r\t\u00e9\ud83e\udd17é🤗\ud800","owner":{"id":""}}`), with(func(p *payload.Payload) {
			p.MovedTo = &payload.MovedTo{Name: "\"\\/\b\f\n\r\té🤗é🤗\ufffd"}
		})},
		{"largest integer", end(`"webhook":{"id":"","version":9223372036854775807}`), with(func(p *payload.Payload) {
			p.Webhook = payload.Webhook{Version: 9223372036854775807}
		})},
		{"as deep as it goes", end(`"a":` + strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999)), with(func(p *payload.Payload) {
			p.Unknown = unknown("a", strings.Repeat("[", 9_999)+strings.Repeat("]", 9_999))
		})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := parse(t, []byte(tt.body))
			if diff := cmp.Diff(tt.want, *p, withoutRaw); diff != "" {
				t.Errorf("payload (-want +got):\n%s", diff)
			}
			if string(p.Raw()) != tt.body {
				t.Error("Raw is not the body")
			}
		})
	}

	t.Run("too large an integer", func(t *testing.T) {
		_, _, err := payload.Parse([]byte(end(`"webhook":{"id":"","version":9223372036854775808}`)))
		if diff := cmp.Diff([]string{"int_parsing_size [body webhook version]"}, faultsOf(t, err)); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
	})
}

// Appending to a value of Unknown does not write into the body.
func TestUnknownIsNoWayIntoTheBody(t *testing.T) {
	body := []byte(`{"a":1,` + whole[1:])
	p := parse(t, slices.Clone(body))
	_ = append(p.Unknown["a"], "99999"...)
	if !bytes.Equal(p.Raw(), body) {
		t.Errorf("the body became %.20s", p.Raw())
	}
}
