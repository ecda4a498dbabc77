package server_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"hfhook/payload/sample"
	"hfhook/server"
)

var tags = regexp.MustCompile(`<wbr>`)

// pageOf is the text of the page as a browser on this machine gets it.
func pageOf(t *testing.T, h http.Handler, change func(*http.Request)) string {
	t.Helper()
	r := httptest.NewRequest("GET", "http://127.0.0.1:7860/", nil)
	r.RemoteAddr = "127.0.0.1:5000"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return html.UnescapeString(tags.ReplaceAllString(w.Body.String(), ""))
}

// TestPageByState has the page of a server in each of its states.
func TestPageByState(t *testing.T) {
	t.Parallel()
	local := func() []string { return []string{"http://127.0.0.1:7860"} }
	public := func() []string { return []string{"https://hooks.example", "http://127.0.0.1:7860"} }
	tests := []struct {
		name        string
		s           *server.Server
		has, hasNot []string
	}{
		{"no handler", plain(t), []string{"No handler.", "Every webhook is answered with 404"}, []string{"curl", "Any path"}},
		{"hfhook dev, local", newServer(t, server.Options{Recorder: withURLs(&recorder{}, local)}),
			[]string{"The Hub cannot reach this address.", "Next step", "<pre>hfhook dev --tunnel ssh</pre>", "--no-verify", "curl -i 'http://127.0.0.1:7860/webhooks'"},
			[]string{"Set it up", "settings/webhooks", "openssl", "X-Webhook-Secret: $"}},
		{"hfhook dev, public", newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}, Recorder: withURLs(&recorder{}, public)}),
			[]string{"Set it up", "huggingface.co/settings/webhooks", "Required.", `-H "X-Webhook-Secret: $WEBHOOK_SECRET"`},
			[]string{"cannot reach", "Next step", "None."}},
		{"a plain handler, open", newServer(t, server.Options{}),
			[]string{"None.", "<pre>export WEBHOOK_SECRET=$(openssl rand -hex 16)</pre>", "curl -i 'http://127.0.0.1:7860/webhooks'"}, []string{"cannot reach"}},
	}
	for _, tt := range tests {
		page := pageOf(t, tt.s, nil)
		for _, want := range append(tt.has, "<title>server.test: webhooks of the Hugging Face Hub</title>", "last event</dt><dd>none yet<") {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %q:\n%s", tt.name, want, page[strings.Index(page, "<main>"):])
			}
		}
		for _, never := range append(tt.hasNot, canary) {
			if strings.Contains(page, never) {
				t.Errorf("%s: the page has %q", tt.name, never)
			}
		}
	}
}

// The time of the last event is for who sits at this machine.
func TestPageSaysTheLastEventHere(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
	post := exampleRequest("/webhooks", "repo/create", sample.Options{})
	post.Header.Set("X-Webhook-Secret", canary)
	s.ServeHTTP(httptest.NewRecorder(), post)
	if page := pageOf(t, s, nil); !regexp.MustCompile(`last event</dt><dd>\d{4}-\d\d-\d\d \d\d:\d\d \S+<`).MatchString(page) {
		t.Errorf("the page of this machine is without the time:\n%s", page)
	}
	for name, change := range map[string]func(*http.Request){
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:5000" },
		"a proxy":         func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.1") },
		"another name":    func(r *http.Request) { r.Host = "hooks.example" },
	} {
		if page := pageOf(t, s, change); strings.Contains(page, "last event") {
			t.Errorf("%s sees the time of the last event", name)
		}
	}
}

// The command on the page sends an event that is accepted.
func TestPageCommand(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatal(err)
		}
		t.Skip("curl is not installed")
	}
	for _, path := range []string{"", "it's/a $path"} {
		s := newServer(t, server.Options{Secrets: []server.Secret{secret(t, canary)}})
		handle(t, s, path, typed)
		url := start(t, s.Serve)
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		body := new(strings.Builder)
		_ = resp.Write(body)
		resp.Body.Close()
		page := html.UnescapeString(tags.ReplaceAllString(body.String(), ""))
		_, command, _ := strings.Cut(page, "<pre>curl ")
		command, _, found := strings.Cut(command, "</pre>")
		if !found || !strings.Contains(page, "<pre>hfhook dev "+url[strings.LastIndex(url, ":")+1:]) {
			t.Fatalf("the page has no command:\n%s", page)
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "curl -s "+command)
		cmd.Env = []string{"WEBHOOK_SECRET=" + canary, "PATH=/usr/bin:/bin"}
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), " 200 OK") || !strings.Contains(string(out), `{"repo":"me/try"}`) {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
}
