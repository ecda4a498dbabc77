package describe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/traceback"
)

func TestCauses(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"fields", `{"ok":false,"trace":["app.py:41 handle","app.py:88 run_eval"],"error":"KeyError: 'eval'"}`, []string{"error=KeyError: 'eval'", "trace=app.py:41 handle › app.py:88 run_eval"}},
		{"FastAPI", `{"detail":[{"type":"missing","loc":["body","repo","id"],"msg":"Field required"},{"loc":["body","x"],"msg":"Bad"}]}`, []string{"detail=body.repo.id: Field required › body.x: Bad"}},
		{"an object", `{"error":{"code":"E42","message":"no such job"}}`, []string{"error=E42: no such job"}},
		{"no such field", `{"a": 1}`, []string{`={"a": 1}`}},
		{"a list", `["one","two"]`, []string{"=one › two"}},
		{"a string", `"not today"`, []string{"=not today"}},
		{"half of it", `{"error":"KeyError","more":"abc`, []string{"error=KeyError"}},
		{"a trace in a field", `{"traceback":"Traceback (most recent call last):\n  File \"app.py\", line 3, in f\n    g()\nKeyError: 'x'\n"}`, []string{`traceback=File "app.py", line 3, in f › g() › KeyError: 'x'`}},
		{"a page", "<!doctype html><html><title>KeyError: &#39;eval&#39; // Werkzeug</title><h1>KeyError</h1>", []string{"title=KeyError: 'eval' // Werkzeug", "h1=KeyError"}},
		{"a page without a title", "<p>Internal <b>error</b>", []string{"page=Internal error"}},
		{"text", "\n\nInternal Server Error\n", []string{"=Internal Server Error"}},
		{"controls", "bad\x1b[2J\nworse\u202e", []string{"=bad␛[2J", "=worse‹U+202E›"}},
		{"binary", "\x00\x01", nil},
		{"nothing", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range Causes(&event.Delivery{State: event.Done, Status: 500, ResponseBody: []byte(tt.body)}) {
				got = append(got, c.Name+"="+c.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCausesAreBounded: an answer cannot make them long, nor many.
func TestCausesAreBounded(t *testing.T) {
	for _, body := range []string{
		`{"error":"` + strings.Repeat("x", 1<<20) + `"}`, strings.Repeat("[", 1<<20), strings.Repeat(`{"error":`, 1<<18), strings.Repeat("<h1>", 1<<18),
		strings.Repeat("line\n", 1<<18), `{"errors":[` + strings.Repeat(`"e",`, 1<<18) + `1]}`,
	} {
		causes := Causes(&event.Delivery{State: event.Done, Status: 500, ResponseBody: []byte(body)})
		for _, c := range causes {
			if len(c.Text) > causeText+len("…") {
				t.Errorf("%.20s…: a cause of %d bytes", body, len(c.Text))
			}
		}
		if len(causes) > mostCauses {
			t.Errorf("%.20s…: %d causes", body, len(causes))
		}
	}
}

func TestTelling(t *testing.T) {
	python := strings.Split(`INFO:     Started
ERROR:    Exception in ASGI application
Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/uvicorn/x.py", line 412, in run_asgi
    result = await app(
  File "/home/me/app.py", line 88, in run_eval
    job = queues['eval']
KeyError: 'eval'
INFO:     127.0.0.1:1 - "POST /webhooks HTTP/1.1" 500`, "\n")
	group := strings.Split(`  + Exception Group Traceback (most recent call last):
  |   File "/usr/lib/python3/dist-packages/starlette/x.py", line 1, in y
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/home/me/app.py", line 7, in f
    |     g()
    | ValueError: no
    +------------------------------------`, "\n")
	node := strings.Split("listening\nTypeError: x is undefined\n    at run (/home/me/app.js:3:9)\n    at node:internal/x:1:1", "\n")
	golang := strings.Split("panic: index out of range [3]\n\ngoroutine 1 [running]:\nmain.f(...)\n\t/home/me/main.go:12 +0x1d", "\n")
	for _, tt := range []struct {
		name  string
		lines []string
		n     int
		want  []string
	}{
		{"Python, one", python, 1, []string{"KeyError: 'eval'"}},
		{"Python, two", python, 2, []string{`  File "/home/me/app.py", line 88, in run_eval`, "KeyError: 'eval'"}},
		{"Python, three", python, 3, []string{`  File "/home/me/app.py", line 88, in run_eval`, "    job = queues['eval']", "KeyError: 'eval'"}},
		{"a group", group, 2, []string{`  File "/home/me/app.py", line 7, in f`, "ValueError: no"}},
		{"Node", node, 2, []string{"TypeError: x is undefined", "    at run (/home/me/app.js:3:9)"}},
		{"Go", golang, 2, []string{"panic: index out of range [3]", "\t/home/me/main.go:12 +0x1d"}},
		{"no traceback", []string{"one", "two", "", `"POST /x HTTP/1.1" 200`}, 2, []string{"one", "two"}},
		{"only requests", []string{`"POST /x HTTP/1.1" 200`}, 2, []string{`"POST /x HTTP/1.1" 200`}},
		{"nothing", nil, 2, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := fmt.Sprintf("%q", traceback.Telling(tt.lines, tt.n)), fmt.Sprintf("%q", tt.want); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
