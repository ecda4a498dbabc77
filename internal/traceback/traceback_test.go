package traceback

import (
	"fmt"
	"strings"
	"testing"
)

func TestSummary(t *testing.T) {
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
		{"Python, two", python, 2, []string{"KeyError: 'eval'", `  File "/home/me/app.py", line 88, in run_eval`}},
		{"Python, three", python, 3, []string{"KeyError: 'eval'", `  File "/home/me/app.py", line 88, in run_eval`, "    job = queues['eval']"}},
		{"a group", group, 2, []string{"ValueError: no", `  File "/home/me/app.py", line 7, in f`}},
		{"Node", node, 2, []string{"TypeError: x is undefined", "    at run (/home/me/app.js:3:9)"}},
		{"Go", golang, 2, []string{"panic: index out of range [3]", "\t/home/me/main.go:12 +0x1d"}},
		{"no traceback", []string{"one", "two", "", `"POST /x HTTP/1.1" 200`}, 2, []string{"one", "two"}},
		{"only requests", []string{`"POST /x HTTP/1.1" 200`}, 2, []string{`"POST /x HTTP/1.1" 200`}},
		{"nothing", nil, 2, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, want := fmt.Sprintf("%q", Summary(tt.lines, tt.n)), fmt.Sprintf("%q", tt.want); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}
