//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hfhook/internal/waittest"
)

// A fussy handler fails where a body has a word, and keeps what it gets.
type fussy struct {
	mu     sync.Mutex
	bodies [][]byte
}

func (f *fussy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if onlyAsked(w, r) {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f.mu.Lock()
	f.bodies = append(f.bodies, body)
	f.mu.Unlock()
	if bytes.Contains(body, []byte("trouble")) {
		http.Error(w, `{"error":"KeyError: 'eval'"}`, http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, `{"ok":true}`)
}

func (f *fussy) got() [][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([][]byte(nil), f.bodies...)
}

// comment is a body whose comment has this text.
func comment(t *testing.T, text string) []byte {
	t.Helper()
	var body map[string]json.RawMessage
	if err := json.Unmarshal(hubBodies(t)["constructed-discussion-comment-create.json"], &body); err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(body["comment"], &c); err != nil {
		t.Fatal(err)
	}
	c["content"] = text
	var err error
	if body["comment"], err = json.Marshal(c); err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// readyURL waits for the file that says where requests are taken.
func readyURL(t *testing.T, path string) string {
	t.Helper()
	l := line{}
	waittest.Until(t, "the ready line", func() bool {
		text, err := os.ReadFile(path)
		return err == nil && json.Unmarshal(text, &l) == nil
	})
	return l.text("local_url")
}

// TestScreenFlow is a day's work: a wrong secret, a filter, many replays with a failure
// in the middle, a diff, an event edited in an editor and sent, and the end.
func TestScreenFlow(t *testing.T) {
	t.Parallel()
	handler := &fussy{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	editor := filepath.Join(h.dir, "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\nstty -a </dev/tty >"+h.dir+"/tty\nsed -i 's/second trouble/second try/' \"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "VISUAL="+editor)
	ready := filepath.Join(h.dir, "ready")
	s, _ := h.showWatched(binary, "dev", "--tunnel", "none", "--addr", "127.0.0.1:0", "--ready-file", ready, target.URL)
	s.await("Send a sample event")
	url := readyURL(t, ready)

	status, _ := post(t, http.DefaultClient, url, comment(t, "no"), "X-Webhook-Secret: "+canary+"x")
	if status != http.StatusForbidden {
		t.Errorf("a wrong secret is answered with %d", status)
	}
	s.await("✗ 1 wrong secret", "403 wrong secret")
	s.keys("!")
	s.await("Rejected", "403 wrong secret", "all events")
	s.keys("Escape")
	s.await("filter")

	for _, text := range []string{"first", "second trouble", "third"} {
		status, answer := post(t, http.DefaultClient, url, comment(t, text), withSecret)
		storedID(t, status, answer)
	}
	s.await("Events  3", "500")
	await(t, "the third delivery", func() bool { return len(handler.got()) >= 3 })
	if n := len(handler.got()); n > 3 {
		t.Errorf("the handler got %d requests", n)
	}

	s.keys("/", "status:5xx")
	s.await("status:5xx", "1 of 3")
	s.keys("Enter")
	s.await("1 of 3", "500")
	s.awaitCount("comment     M", 1)
	s.keys("Escape")
	s.awaitCount("comment     M", 3)

	s.keys("g", "j", "Space", "Space", "Space") // past the rejected one
	s.await("3 selected")
	before := len(handler.got())
	s.keys("R")
	s.oneByOne("Replay 3 events")
	s.keys("Enter")
	s.await("fixed 0, still failing 1 (500); 3 of 3 replays sent")
	if n := len(handler.got()) - before; n != 3 {
		t.Errorf("%d were replayed, want all three: one that fails does not stop a replay of failures", n)
	}
	s.keys("Escape")
	s.awaitCount("selected", 0) // a key right after the escape would be read as one with alt

	s.keys("G", "5")
	s.await("comment.content", "second trouble", "third")

	s.keys("1", "[")
	s.await("second trouble")
	s.keys("e")
	s.await("the original is never changed")
	s.keys("e")
	s.await("second try", "second trouble")
	if tty, err := os.ReadFile(filepath.Join(h.dir, "tty")); err != nil || !strings.Contains(string(tty), " icanon") || !strings.Contains(string(tty), " echo ") {
		t.Errorf("the editor's terminal is %s, %v", tty, err)
	}
	before = len(handler.got())
	s.keys("C-s")
	s.await("Events  4", "edited copy of", "200 in ")
	got := handler.got()
	if len(got) != before+1 || !bytes.Contains(got[before], []byte("second try")) {
		t.Errorf("the handler got %d more, the last %.2000s", len(got)-before, got[len(got)-1])
	}
	if now := s.text(); strings.Contains(now, canary) {
		t.Errorf("the secret is on the screen:\n%s", now)
	}
	s.keys("q")
	s.await("code 0", "1 rejected")
	s.whole("TERMINAL-STATE")
}

// oneByOne waits for the dialog of many replays, and has them sent one after another.
func (s *screen) oneByOne(title string) {
	s.t.Helper()
	now := s.await(title, "Pace")
	for strings.Contains(now, "← 4 at a time →") {
		at := marked(now)
		if strings.Contains(at, "▸ Pace") {
			s.keys("Right")
		} else {
			s.keys("Down")
		}
		// Another key before the screen shows what this one did would go too far.
		await(s.t, "what the key did", func() bool {
			now = s.text()
			return marked(now) != at
		})
	}
}

// marked are the lines that the cursor is on.
func marked(text string) string {
	var at []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "▸") {
			at = append(at, line)
		}
	}
	return strings.Join(at, "")
}

// awaitCount waits until a text is on the screen so many times.
func (s *screen) awaitCount(text string, n int) {
	s.t.Helper()
	var now string
	shown := func() bool {
		now = s.text()
		return strings.Count(now, text) == n
	}
	if !waittest.Poll(shown) {
		s.t.Fatalf("the screen shows %q %d times, want %d:\n%s", text, strings.Count(now, text), n, now)
	}
}
