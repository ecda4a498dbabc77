//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/ngroktest"
	"hfhook/internal/waittest"
)

// A screen is hfhook in a real terminal: tmux draws, the test types and reads.
type screen struct {
	t      *testing.T
	socket string
}

// show starts hfhook with these arguments in a terminal of the given size.
func (h *home) show(width, height int, args ...string) *screen {
	h.t.Helper()
	// The shell stays, so that what the program leaves behind can be seen.
	return h.showCommand(width, height, binary+" "+strings.Join(args, " ")+`; echo "code $?"; exec sleep 300`)
}

// showCommand starts a shell command in a terminal of the given size.
func (h *home) showCommand(width, height int, run string) *screen {
	h.t.Helper()
	tmux := need(h.t, "tmux")
	s := &screen{t: h.t, socket: filepath.Join(h.t.TempDir(), "tmux")}
	command := []string{tmux, "-S", s.socket, "-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "env", "-i"}
	command = append(command, h.env...)
	command = append(command, "TERM=tmux-256color", "COLORTERM=truecolor", "sh", "-c", "cd "+h.dir+"; "+run)
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		h.t.Fatalf("tmux: %v: %s", err, out)
	}
	h.t.Cleanup(func() { _ = exec.Command(tmux, "-S", s.socket, "kill-server").Run() })
	return s
}

func (s *screen) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s *screen) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

func (s *screen) text() string { return s.tmux("capture-pane", "-p") }

// await polls until the screen shows all of the texts: that a terminal has drawn
// something is known in no other way.
func (s *screen) await(texts ...string) string {
	s.t.Helper()
	var now, missing string
	shown := func() bool {
		now, missing = s.text(), ""
		for _, text := range texts {
			if !strings.Contains(now, text) {
				missing = text
			}
		}
		return missing == ""
	}
	if !waittest.Poll(shown) {
		s.t.Fatalf("the screen does not show %q:\n%s", missing, now)
	}
	return now
}

// TestScreenFromNothing is a first run: no account, no configuration. A synthetic
// event is verified, stored, listed and forwarded, and r replays it.
func TestScreenFromNothing(t *testing.T) {
	t.Parallel()
	handler := &catcher{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	h.env = h.env[:0:0]
	for _, v := range newHome(t).env {
		if !strings.HasPrefix(v, "WEBHOOK_SECRET=") {
			h.env = append(h.env, v)
		}
	}
	s := h.show(100, 30, "dev", "--addr", "127.0.0.1:0", target.URL)
	s.await("Welcome. hfhook is listening on", "authtoken")
	s.keys("n")
	s.await("New synthetic event")
	s.keys("Enter")
	s.await("push main", "✓ 200 in")
	s.keys("r")
	s.await("(replay 2 of ")
	if got := handler.all(); len(got) != 2 || got[1].header.Get("X-Hfhook-Replay") == "" {
		t.Errorf("the handler got %d requests", len(got))
	}
	s.keys("?")
	s.await("Help")
	s.keys("Escape")
	s.await("push main") // a key right after the escape would be read as one with alt
	s.keys("q")
	s.await("code 0")
}

// TestScreenSizes shows an event with hostile text at each of the layouts, and
// through changes of the size.
func TestScreenSizes(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := h.dev("--tunnel", "none")
	body := strings.Replace(string(hubBodies(t)["constructed-discussion-comment-create.json"]), `"content": "`, `"content": "\u001b[2J\u202eevil\u200b `, 1)
	status, answer := post(t, http.DefaultClient, p.url, []byte(body), withSecret)
	storedID(t, status, answer)
	p.stop()
	s := h.show(100, 30, "dev", "--tunnel", "none", "--addr", "127.0.0.1:0")
	s.await("earlier event")
	s.keys("B")
	for _, size := range [][2]string{{"100", "30"}, {"80", "24"}, {"60", "20"}, {"40", "10"}, {"120", "40"}} {
		s.tmux("resize-window", "-x", size[0], "-y", size[1])
		now := s.await("hfhook", "comment")
		if strings.ContainsAny(now, "\x1b\u202e\u200b") {
			t.Errorf("hostile text reaches the terminal:\n%q", now)
		}
	}
	s.tmux("resize-window", "-x", "30", "-y", "8")
	s.await("10 needed")
	s.tmux("resize-window", "-x", "100", "-y", "30")
	s.await("comment", "U+202E")
	s.keys("q")
	s.await("code 0")
}

// TestScreenThroughTheTunnel posts every example body to the public URL and sees it on
// the screen, loses the tunnel and sees that, and gets it back.
func TestScreenThroughTheTunnel(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	s := h.show(100, 30, "dev", "--addr", "127.0.0.1:0")
	s.await("✓ tunnel", service.EdgeURL()+"/webhooks")
	bodies := hubBodies(t)
	for name, body := range bodies {
		status, answer := post(t, service.Client(), service.EdgeURL()+"/webhooks", body, withSecret, "Webhook-Id: "+name)
		storedID(t, status, answer)
	}
	status, _ := post(t, service.Client(), service.EdgeURL()+"/webhooks", []byte("{}"), "X-Webhook-Secret: wrong")
	if status != http.StatusForbidden {
		t.Errorf("a wrong secret is answered with %d", status)
	}
	s.await(fmt.Sprintf("Events  %d", len(bodies)), "403 wrong secret")

	service.Outage(true)
	service.Cut()
	s.await("✗ tunnel lost", service.EdgeURL())
	s.keys("n")
	s.await("New synthetic event")
	s.keys("Enter")
	s.await(fmt.Sprintf("Events  %d", len(bodies)+1))
	service.Outage(false)
	s.keys("t")
	s.await("✓ tunnel")
	s.keys("q")
	s.await("code 0")
	if text := s.text(); strings.Contains(text, canary) {
		t.Error("the secret is on the screen")
	}
}
