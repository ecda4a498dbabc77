package export_test

// The commands are run by a real sh with the real programs, and the parser of
// commands has to read them as sh does.

import (
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/export"
)

// run has sh run a text that was exported.
func run(t testing.TB, text string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh")
	cmd.Stdin = strings.NewReader(text)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + cmd.Dir, "WEBHOOK_SECRET=" + canary, "LANG=C.UTF-8"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%.2000s", err, out, text)
	}
}

// bodies are those that a command line is likely to spoil.
func bodies(t testing.TB) []string {
	return []string{
		"", "{}", sampleBody(t, "plain"), sampleBody(t, hostile), "@/etc/passwd", "it's", "a\nb\n", "a\r\nb", "\x00\x01\xff", "\ufeff{}", "\n",
		"-n", "%s\\n", strings.Repeat("x'", 100_000),
	}
}

func TestCurl(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	list := bodies(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 15 {
		list = append(list, randomBody(random))
	}
	to := newReceiver(t, 200)
	for _, body := range list {
		for _, header := range [][]event.Field{nil, trickyFields} {
			checkCurl(t, to, newEvent(body, header...))
		}
	}
}

func checkCurl(t testing.TB, to *receiver, e *event.Event) {
	t.Helper()
	text := write(t, export.Curl, export.Options{}, export.Item{Event: e, URL: to.url + e.Path + "?" + e.Query})
	run(t, text)
	if diff := cmp.Diff(sent(e), to.one(t)); diff != "" {
		t.Errorf("body %.100q (-want +got):\n%s\n%.2000s", e.Body, diff, text)
	}
}

func TestCurlAddress(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	to := newReceiver(t, 200)
	for url, want := range map[string]string{
		"/a/../b/./c":       "/a/../b/./c",
		"/a{b,c}[1-2]?d={}": "/a%7Bb,c%7D%5B1-2%5D?d={}",
		"/it's?x='&y=$HOME": "/it's?x='&y=$HOME",
		"/?é=\u202e":        "/?%C3%A9=%E2%80%AE",
		"":                  "/",
	} {
		run(t, write(t, export.Curl, export.Options{Secret: "it's $x"}, export.Item{Event: newEvent("{}"), URL: to.url + url}))
		got := to.one(t)
		if got.Target != want || got.Header.Get("X-Webhook-Secret") != "it's $x" {
			t.Errorf("%s: got %s, secret %q", url, got.Target, got.Header.Get("X-Webhook-Secret"))
		}
	}
}

// Many commands are one script.
func TestCurlScript(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	to := newReceiver(t, 200)
	list := bodies(t)
	var all []export.Item
	for _, body := range list {
		all = append(all, export.Item{Event: newEvent(body), URL: to.url})
	}
	run(t, write(t, export.Curl, export.Options{}, all...))
	for _, want := range list {
		if got := <-to.got; string(got.Body) != want {
			t.Errorf("got %.100q, want %.100q", got.Body, want)
		}
	}
}

// FuzzCurl has a shell written in Go run the commands, with what TestCurl shows curl to do
// written in Go, too: a run that starts programs takes a hundred times as long.
func FuzzCurl(f *testing.F) {
	for _, body := range bodies(f) {
		f.Add(body, "it's")
	}
	f.Fuzz(func(t *testing.T, body, value string) {
		value = strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, value))
		e := newEvent(body, event.Field{Name: "Content-Type", Value: value}, event.Field{Name: "Accept", Value: "x"}, event.Field{Name: "User-Agent", Value: "x"})
		text := write(t, export.Curl, export.Options{}, export.Item{Event: e, URL: "http://h" + e.Path + "?" + e.Query})
		if diff := cmp.Diff(sent(e), interpret(t, text)); diff != "" {
			t.Errorf("body %.100q (-want +got):\n%s\n%.2000s", e.Body, diff, text)
		}
	})
}

func TestHTTPie(t *testing.T) {
	t.Parallel()
	need(t, "http")
	to := newReceiver(t, 200)
	// Python takes arguments for UTF-8, and a library below HTTPie adds two headers
	// if there are none.
	own := []event.Field{
		{Name: "Accept-Encoding", Value: `a\b\\:c`}, {Name: "User-Agent", Value: "it's \"$HOME\" `id` \\ 100% !"},
		{Name: "X-Empty", Value: ""}, {Name: "X-Equal", Value: "=1"}, {Name: "X-Many", Value: "a"}, {Name: "X-Sign", Value: "@/etc/passwd"},
	}
	for _, c := range []struct {
		body   string
		header []event.Field
	}{
		{sampleBody(t, "it's"), own},
		{sampleBody(t, hostile), own},
		{"\x00\xff", own},
	} {
		e := newEvent(c.body, c.header...)
		text := write(t, export.HTTPie, export.Options{}, export.Item{Event: e, URL: to.url + e.Path + "?" + e.Query})
		run(t, text)
		if diff := cmp.Diff(sent(e), to.one(t).without("Connection")); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, text)
		}
	}
}

// HTTPie would take a backslash away, and has no way to double it; it ends at bytes that
// are not UTF-8.
func TestHTTPieRefuses(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{`a\:b`: false, `\=`: false, `a\\\;b`: false, `a\\:b`: true, `a\b:c`: true, `a:b\`: true, "\xff": false, "é": true} {
		e := newEvent("{}", event.Field{Name: "X-Odd", Value: value})
		_, err := export.Write(&strings.Builder{}, export.HTTPie, items(export.Item{Event: e, URL: "http://h"}), export.Options{})
		if (err == nil) != ok {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// What hfhook writes as curl it reads as the same event.
func TestCurlComesBack(t *testing.T) {
	t.Parallel()
	for _, comment := range []string{"plain", hostile, strings.Repeat("long ", 20_000)} {
		e := newEvent(sampleBody(t, comment), trickyFields...)
		text := write(t, export.Curl, export.Options{}, export.Item{Event: e, URL: "http://h" + e.Path + "?" + e.Query})
		got := readAll(t, text+"\n"+text)
		if len(got) != 2 {
			t.Fatalf("%d events", len(got))
		}
		for _, found := range got {
			if diff := cmp.Diff(passed(e), found.Event.Header); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if string(found.Event.Body) != string(e.Body) || found.Event.Path != e.Path || found.Event.Query != e.Query {
				t.Errorf("%.100q on %s?%s", found.Event.Body, found.Event.Path, found.Event.Query)
			}
		}
	}
}

// passed are the headers of newEvent's event that another store gets.
func passed(e *event.Event) []event.Field {
	want := sent(e).without("X-Webhook-Secret")
	var list []event.Field
	for _, f := range e.Header {
		if _, ok := want.Header[f.Name]; ok {
			list = append(list, f)
		}
	}
	return list
}
