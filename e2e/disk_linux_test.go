package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk fills the disk of the store: what can't be written is answered with
// 503, what was taken stays, and with room again it goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=3m"); err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" && os.Geteuid() == 0 {
			t.Fatalf("mount a small disk: %v", err)
		}
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	h := newHome(t)
	store := filepath.Join(dir, "events.db")
	p := h.dev("--tunnel", "none", "--store", store)
	body := bytes.Replace(hubBodies(t)["constructed-discussion-comment-create.json"], []byte(`"content": "`), []byte(`"content": "`+strings.Repeat("x", 50_000)), 1)
	taken, full := []string{}, false
	for i := range 200 {
		status, answer := post(t, http.DefaultClient, p.url, body, withSecret, fmt.Sprintf("Webhook-Id: full-%d", i))
		if status == 503 {
			full = true
			break
		}
		taken = append(taken, storedID(t, status, answer))
	}
	if !full {
		t.Fatal("the disk never was full")
	}
	if l := p.await("the refusal", func(l line) bool { return l.text("type") == "rejected" }); l.text("reason") != "not_stored" {
		t.Errorf("rejected as %v", l)
	}
	if got := strings.Fields(h.must("ls", "-q", "-n", "1000", "--store", store)); len(got) != len(taken) {
		t.Errorf("%d events are in the store, %d were acknowledged", len(got), len(taken))
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	status, answer := post(t, http.DefaultClient, p.url, body, withSecret, "Webhook-Id: room-again")
	storedID(t, status, answer)
	p.kill()
	if got := strings.Fields(h.must("ls", "-q", "-n", "1000", "--store", store)); len(got) != len(taken)+1 {
		t.Errorf("%d events are in the store after a kill, want %d", len(got), len(taken)+1)
	}
}
