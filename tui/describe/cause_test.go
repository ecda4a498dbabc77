package describe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
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
		{"a trace in a field", `{"traceback":"Traceback (most recent call last):\n  File \"app.py\", line 3, in f\n    g()\nKeyError: 'x'\n"}`, []string{`traceback=KeyError: 'x' › File "app.py", line 3, in f › g()`}},
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
