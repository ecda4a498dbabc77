//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRefusals sends what a stranger or a broken sender would: each gets the
// contract's answer and a reason in the list, and nothing is stored or forwarded.
func TestRefusals(t *testing.T) {
	t.Parallel()
	handler := &catcher{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	p := h.dev("--tunnel", "none", target.URL)
	valid := hubBodies(t)["constructed-repo-content-update-main-push.json"]
	tests := []struct {
		name, method, path string
		body               []byte
		header             []string
		status             int
		answer, reason     string
	}{
		{"wrong secret", "POST", "", valid, []string{"X-Webhook-Secret: wrong"}, 403, `{"error":"Invalid webhook secret."}`, "wrong_secret"},
		{"no secret", "POST", "", valid, nil, 401, `{"error":"x-webhook-secret header not set."}`, "no_secret"},
		{"broken JSON", "POST", "", []byte(`{"event":`), []string{withSecret}, 422, `"type":"json_invalid"`, "bad_payload"},
		{"missing fields", "POST", "", []byte(`{}`), []string{withSecret}, 422, `"loc":["body","repo"],"msg":"Field required"`, "bad_payload"},
		{"wrong type", "POST", "", bytes.Replace(valid, []byte(`"private": false`), []byte(`"private": 0`), 1), []string{withSecret}, 422, `"loc":["body","repo","private"]`, "bad_payload"},
		{"11 MiB", "POST", "", make([]byte, 11<<20), []string{withSecret}, 413, `{"error":`, "too_large"},
		{"GET", "GET", "", nil, []string{withSecret}, 405, `{"detail":"Method Not Allowed"}`, "wrong_method"},
		{"unknown path", "POST", "/../other", valid, []string{withSecret}, 404, `{"detail":"Not Found"}`, "unknown_path"},
	}
	for i, tt := range tests {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, p.url, bytes.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.URL.Path += tt.path
		for _, line := range tt.header {
			name, value, _ := strings.Cut(line, ": ")
			req.Header.Set(name, value)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		var answer bytes.Buffer
		_, _ = answer.ReadFrom(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.status || !strings.Contains(answer.String(), tt.answer) {
			t.Errorf("%s: answered %d %s, want %d %s", tt.name, resp.StatusCode, &answer, tt.status, tt.answer)
		}
		lines := p.awaitN(tt.name, i+1, func(l line) bool { return l.text("type") == "rejected" })
		if l := lines[i]; l.text("reason") != tt.reason || l.number("status") != float64(tt.status) {
			t.Errorf("%s: rejected as %v, want %s", tt.name, l, tt.reason)
		}
	}
	if out := h.must("ls", "-q"); out != "" {
		t.Errorf("stored %s", out)
	}
	if got := handler.all(); len(got) != 0 {
		t.Errorf("forwarded %v", got)
	}
}

// TestCanary looks for the secret everywhere that hfhook writes: store, log, output,
// the list of processes. The handler echoes it, and a stranger sends it on the wrong
// path, to make that hard.
func TestCanary(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("X-Webhook-Secret")
		if got != canary {
			t.Errorf("the handler on this machine got the secret %q", got)
		}
		w.Header().Set("X-Echo", got)
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, "Traceback: secret %s is wrong", got)
	}))
	t.Cleanup(target.Close)
	h := newHome(t)
	p := h.dev("--tunnel", "none", target.URL)
	body := hubBodies(t)["constructed-discussion-comment-create.json"]
	status, answer := post(t, http.DefaultClient, p.url+"?secret="+canary, body, "X-Forwarded-Uri: /webhooks?secret="+canary)
	id := storedID(t, status, answer)
	p.await("the delivery", delivered(id))
	post(t, http.DefaultClient, strings.TrimSuffix(p.url, "/webhooks")+"/wrong?secret="+canary, body, withSecret)
	post(t, http.DefaultClient, p.url, []byte("{"), withSecret)
	p.awaitN("the refusals", 2, func(l line) bool { return l.text("type") == "rejected" })
	ps, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(p.cmd.Process.Pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	outputs := map[string]string{"ps": string(ps), "stderr": p.stderr.String()}
	for _, args := range [][]string{{"show", id}, {"show", id, "--json"}, {"ls"}, {"ls", "--json"}, {"doctor"}, {"doctor", "--json"}, {"replay", id, "--to", target.URL}} {
		out, errs, _ := h.run(args...)
		outputs[strings.Join(args, " ")] = out + errs
	}
	p.stop()
	outputs["output"] = fmt.Sprint(p.lines)
	for name, text := range outputs {
		if strings.Contains(text, canary) {
			t.Errorf("%s shows the secret", name)
		}
	}
	h.without(canary)
}

// without looks for a text in every file of the home: there is to be none.
func (h *home) without(text string) {
	h.t.Helper()
	files := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		held, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(held, []byte(text)) {
			h.t.Errorf("%s has the secret", path)
		}
		return nil
	})
	if err != nil || files < 2 {
		h.t.Errorf("looked at %d files, %v", files, err)
	}
}

// TestHostileText sends what a stranger might write into a comment to move the
// cursor, turn text round or hide it, and looks at every plain output.
func TestHostileText(t *testing.T) {
	t.Parallel()
	const hostile = `\u001b]0;owned\u0007\u001b[2J\u202egnp.exe\u200b\u0085\r\nx`
	body := bytes.Replace(hubBodies(t)["constructed-discussion-comment-create.json"], []byte(`"title": "`), []byte(`"title": "`+hostile), 1)
	body = bytes.Replace(body, []byte(`"content": "`), []byte(`"content": "`+hostile+"\u202e\u200b"), 1)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, "\x1b[31mred\x1b[0m \u202e \x9b2J")
	}))
	t.Cleanup(target.Close)
	h := newHome(t)
	p := h.dev("--tunnel", "none", target.URL)
	status, answer := post(t, http.DefaultClient, p.url, body, withSecret, "User-Agent: evil\u202e")
	id := storedID(t, status, answer)
	p.await("the delivery", delivered(id))
	for _, args := range [][]string{{"ls"}, {"show", id}, {"show", id, "--payload"}, {"show", id, "--deliveries"}, {"show", id, "--headers"}, {"replay", id, "--to", target.URL}} {
		out, errs, _ := h.run(args...)
		for _, r := range out + errs {
			if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0x200b && r <= 0x200f || r == 0xfffd) {
				t.Errorf("hfhook %s lets %U through:\n%q", strings.Join(args, " "), r, out+errs)
				break
			}
		}
	}
	if raw := h.must("show", id, "--raw"); raw != string(body) {
		t.Error("show --raw is not the body byte for byte")
	}
}
