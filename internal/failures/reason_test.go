package failures

import (
	"strings"
	"testing"

	"hfhook/event"
)

func TestReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ body, want string }{
		{"", ""},
		{"\n ", ""},
		{"KeyError: 'eval'", "KeyError: 'eval'"},
		{"no\nmore", "no"},
		{"Traceback (most recent call last):\n  File \"/app/app.py\", line 88, in run_eval\n    x['eval']\nKeyError: 'eval'\n", "KeyError: 'eval'"},
		{"TypeError: x is not a function\n    at handle (/app/server.js:12:5)\n    at run (/app/server.js:40:1)", "TypeError: x is not a function"},
		{`{"error":"KeyError: 'eval'","trace":["app.py:41"],"request_id":"0a1b2c3d4e5f"}`, "KeyError: 'eval'"},
		{`{"detail":[{"loc":["body","repo"],"msg":"Field required"},{"loc":["body","x"],"msg":"Field required"},{"msg":"Bad"}]}`, "Field required; Bad"},
		{`{"error":{"code":"E42","message":"no such job 17"}}`, "no such job …"},
		{`{"error":"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    f()\nValueError: job 5f0c9a71e2 at 2026-11-30T21:13:58.123Z"}`, "ValueError: job … at …"},
		{`{"ok":false,"id":12}`, `{"id":…,"ok":false}`},
		{`{"ok":`, `{"ok":`},
		{`"boom"`, "boom"},
		{`[1,2]`, "[…,…]"},
		{"<html><head><title>502 Bad &amp; Gateway</title></head><body>x</body></html>", "… Bad & Gateway"},
		{"<p>not\n</p><b>found</b>", "not"},
		{"took 12.5s, try at 21:13:58 or 0x7ffe, 6fc9b7f5-0000-4000-8000-123456789abc", "took …s, try at … or …, …"},
		{"event 01JDC4Z807ABCDEFGHJKMNPQRS of deadbeef and decade", "event … of deadbeef and decade"},
		{"bad \xff\x00 byte", "bad \ufffd\x00 byte"},
		{strings.Repeat("é", 300), strings.Repeat("é", 100)},
	} {
		d := event.Delivery{State: event.Done, Status: 500, ResponseBody: []byte(tt.body)}
		if got := Reason(&d); got != tt.want {
			t.Errorf("%q: %q; want %q", tt.body, got, tt.want)
		}
	}
	if got := Reason(&event.Delivery{Err: "dial 127.0.0.1:8000: connection refused", ResponseBody: []byte("x")}); got != "dial …:…: connection refused" {
		t.Errorf("an error: %q", got)
	}
}
