package export_test

// The tests that are written are run by the tools of their languages, against a
// handler that takes the event and against one that does not.

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/export"
)

// cases are events whose bodies and headers a language could spoil.
func cases(t *testing.T) []export.Item {
	var list []export.Item
	for _, body := range []string{sampleBody(t, hostile), "\x00\xff", "", "a\\b\"c'd${x}\n"} {
		list = append(list, export.Item{Event: newEvent(body, event.Field{Name: "Content-Type", Value: "application/json"}, event.Field{Name: "X-Far", Value: "\xff é"},
			event.Field{Name: "X-Quote", Value: `it's "${x}" \`}), URL: "http://127.0.0.1:1/webhooks/say_hello?a=1&b=%20"})
	}
	return list
}

// runTest writes files into a directory, runs a command there, and returns what it
// said.
func runTest(t *testing.T, files map[string]string, env []string, command ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "WEBHOOK_SECRET="+canary, "WEBHOOK_URL=", "WEBHOOK_APP="), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// checkPosts runs a test that posts the cases to a handler.
func checkPosts(t *testing.T, f export.Format, file string, command ...string) {
	t.Helper()
	list := cases(t)
	text := write(t, f, export.Options{AllowNew: true}, list...)
	to := newReceiver(t, 204)
	out, err := runTest(t, map[string]string{file: text}, []string{"WEBHOOK_URL=" + to.url}, command...)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, text)
	}
	if len(to.got) != len(list) {
		t.Fatalf("%d requests came\n%s", len(to.got), out)
	}
	for _, item := range list {
		want, got := sent(item.Event), <-to.got
		for name := range got.Header { // the client may add some of its own
			if _, ok := want.Header[name]; !ok {
				delete(got.Header, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	failing := newReceiver(t, 500)
	if out, err := runTest(t, map[string]string{file: text}, []string{"WEBHOOK_URL=" + failing.url}, command...); err == nil {
		t.Errorf("the test passes with a handler that answers 500:\n%s", out)
	}
}

func TestNode(t *testing.T) {
	t.Parallel()
	checkPosts(t, export.TS, "webhook.test.mjs", need(t, "node"), "--test")
}

// python is an interpreter that has the modules.
func python(t *testing.T, modules ...string) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
			return name
		}
	}
	missing(t, "Python with "+strings.Join(modules, " and "))
	return ""
}

func TestPytest(t *testing.T) {
	t.Parallel()
	checkPosts(t, export.Pytest, "test_webhook.py", python(t, "pytest"), "-m", "pytest", "-q", "-p", "no:cacheprovider")
}

func TestPytestApp(t *testing.T) {
	t.Parallel()
	interpreter := python(t, "pytest", "fastapi", "httpx")
	list := cases(t)
	app := `
import fastapi
app = fastapi.FastAPI()
@app.post("/webhooks/say_hello")
async def hook(request: fastapi.Request, a: int):
    got = await request.body()
    assert request.headers["x-webhook-secret"] == "` + canary + `", request.headers
    assert request.headers["webhook-id"] == "delivery-1"
    with open("got", "ab") as file:
        file.write(b"%d:" % len(got) + got)
    return a
`
	text := write(t, export.Pytest, export.Options{AllowNew: true}, list...)
	keep := filepath.Join(t.TempDir(), "got")
	app = strings.Replace(app, `"got"`, fmt.Sprintf("%q", keep), 1)
	out, err := runTest(t, map[string]string{"test_webhook.py": text, "handler.py": app}, []string{"WEBHOOK_APP=handler:app"},
		interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, text)
	}
	var want strings.Builder
	for _, item := range list {
		fmt.Fprintf(&want, "%d:%s", len(item.Event.Body), item.Event.Body)
	}
	if got, err := os.ReadFile(keep); err != nil || string(got) != want.String() {
		t.Errorf("the app got %q, %v", got, err)
	}
}

func TestGo(t *testing.T) {
	t.Parallel()
	need(t, "go")
	list := cases(t)
	handler := `package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

func init() {
	http.HandleFunc("/webhooks/say_hello", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		file, _ := os.OpenFile(os.Getenv("GOT"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		fmt.Fprintf(file, "%s %s %q %q\n", r.RequestURI, r.Header.Get("X-Webhook-Secret"), r.Header["X-Far"], body)
		file.Close()
	})
}

func main() {}
`
	for _, opts := range []export.Options{{AllowNew: true}, {AllowNew: true, Secret: canary}} {
		text := write(t, export.Go, opts, list...)
		keep := filepath.Join(t.TempDir(), "got")
		files := map[string]string{"go.mod": "module handler\n\ngo 1.26\n", "handler.go": handler, "webhook_test.go": text}
		if out, err := runTest(t, files, []string{"GOT=" + keep, "GOFLAGS=-mod=mod", "GOWORK=off"}, "go", "test", "."); err != nil {
			t.Fatalf("%v\n%s\n%s", err, out, text)
		}
		var want strings.Builder
		for _, item := range list {
			fmt.Fprintf(&want, "/webhooks/say_hello?a=1&b=%%20 %s %q %q\n", canary, []string{"\xff é"}, item.Event.Body)
		}
		if got, err := os.ReadFile(keep); err != nil || string(got) != want.String() {
			t.Errorf("the handler got\n%s%v\nwant\n%s", got, err, want.String())
		}
		if opts.Secret != "" {
			continue
		}
		files["handler.go"] = "package main\n\nfunc main() {}\n"
		if out, err := runTest(t, files, nil, "go", "test", "."); err == nil {
			t.Errorf("the test passes with no handler:\n%s", out)
		}
	}
}
