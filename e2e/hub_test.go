//go:build unix

package e2e

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hfhook/internal/hub/hubtest"
	"hfhook/internal/ngroktest"
	"hfhook/internal/waittest"
	"hfhook/payload/sample"
)

// withHub gives a home an account on a fake Hub, which reaches the public URLs of a fake
// ngrok service.
func (h *home) withHub(service *ngroktest.Service, opts hubtest.Options) *hubtest.Hub {
	h.t.Helper()
	if service != nil {
		opts.Transport = service.Client().Transport
	}
	hub := hubtest.New(opts)
	h.t.Cleanup(func() {
		hub.Close()
		for _, v := range hub.Violations() {
			h.t.Errorf("not as the API's description says: %s", v)
		}
	})
	h.env = append(h.env, "HF_ENDPOINT="+hub.URL(), "HF_TOKEN="+hubtest.Token, "HFHOOK_QUIT_WITHIN=1m")
	return hub
}

// hubIs fits what happened to a webhook.
func hubIs(what string) func(line) bool {
	return func(l line) bool {
		return l.text("type") == "state" && l.text("part") == "hub" && l.text("state") == what
	}
}

// emit has the Hub send an event, and returns what became of it for the only webhook
// that gets it.
func emit(t *testing.T, hub *hubtest.Hub) hubtest.Delivery {
	t.Helper()
	body, err := sample.New("discussion.comment/create", sample.Options{RepoType: "dataset", Repo: "me/corpus"})
	if err != nil {
		t.Fatal(err)
	}
	sent, err := hub.Emit(context.Background(), body)
	if err != nil || len(sent) != 1 {
		t.Fatalf("the Hub sent %+v, %v", sent, err)
	}
	return sent[0]
}

// state is what the Hub has, in a line each.
func hubState(hub *hubtest.Hub) []string {
	var all []string
	for _, w := range hub.Webhooks() {
		secret := "other secret"
		if w.Secret == canary {
			secret = "our secret"
		}
		all = append(all, fmt.Sprintf("%s disabled:%v %s", w.URL, w.Disabled, secret))
	}
	return all
}

func wantHub(t *testing.T, what string, hub *hubtest.Hub, want ...string) {
	t.Helper()
	if got := hubState(hub); !slices.Equal(got, want) {
		t.Errorf("%s: the Hub has\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestWatch goes from nothing to an event at the handler: the webhook is made on the
// Hub, follows the tunnel to another URL, is disabled at the end, taken up by the next
// session, and found after that one was killed.
func TestWatch(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	handler := &catcher{}
	target := httptest.NewServer(handler)
	t.Cleanup(target.Close)
	h := newHome(t)
	h.withNgrok(service, "token")
	hub := h.withHub(service, hubtest.Options{})
	hub.Add(hubtest.Webhook{URL: "https://ci.example/hook", Watched: []hubtest.Watched{{Type: "user", Name: "somebody"}}, Domains: []string{"repo"}, Secret: "theirs"})
	const theirs = "https://ci.example/hook disabled:false other secret"
	first := service.EdgeURL() + "/webhooks"
	second := strings.Replace(first, "localhost", "127.0.0.1", 1)

	watch := []string{"--watch", "dataset:me/corpus", "--yes", target.URL}
	p := h.dev(watch...)
	made := p.await("the webhook", hubIs("created"))
	if made.text("url") != first || made.text("webhook") == "" {
		t.Errorf("made %v", made)
	}
	wantHub(t, "made", hub, theirs, first+" disabled:false our secret")
	arrive := func(what string, p *process) {
		t.Helper()
		d := emit(t, hub)
		if !d.OK() {
			t.Fatalf("%s: the Hub was answered %v", what, d.Statuses)
		}
		e := p.await(what, func(l line) bool { return l.text("type") == "event" && l.text("delivery_id") == d.ID })
		p.await("its delivery", delivered(e.text("id")))
		got := handler.all()
		last := got[len(got)-1]
		if last.header.Get("Webhook-Id") != d.ID || last.header.Get("X-Webhook-Secret") != canary {
			t.Errorf("%s: the handler got %v", what, last.header)
		}
	}
	arrive("the first event", p)

	service.Move(strings.TrimSuffix(second, "/webhooks"))
	service.Cut()
	if moved := p.await("the other URL", hubIs("updated")); moved.text("url") != second {
		t.Errorf("moved to %v", moved)
	}
	wantHub(t, "moved", hub, theirs, second+" disabled:false our secret")
	arrive("an event by the other URL", p)
	if code := p.stop(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	p.await("the end", hubIs("disabled"))
	wantHub(t, "ended", hub, theirs, second+" disabled:true our secret")

	p = h.dev(watch...)
	p.await("the next session", hubIs("enabled"))
	arrive("an event of the next session", p)
	p.kill()
	wantHub(t, "killed", hub, theirs, second+" disabled:false our secret")
	out := h.must("webhooks", "gc", "--dry-run")
	if !strings.Contains(out, "is left over from a crashed hfhook: disable it") {
		t.Errorf("gc --dry-run: %s", out)
	}
	wantHub(t, "only looked", hub, theirs, second+" disabled:false our secret")
	h.must("webhooks", "gc", "--yes")
	wantHub(t, "collected", hub, theirs, second+" disabled:true our secret")

	// A kill, and a next session that finds the rest by itself, and deletes it at its end.
	p = h.dev(watch...)
	p.await("the third session", hubIs("enabled"))
	p.kill()
	p = h.dev(append(watch, "--on-quit", "delete")...)
	p.await("the fourth session", hubIs("updated"))
	arrive("an event of the fourth session", p)
	p.stop()
	p.await("the deletion", hubIs("deleted"))
	wantHub(t, "deleted", hub, theirs)
	left, err := filepath.Glob(filepath.Join(h.dir, ".local/state/hfhook/webhooks/*.json"))
	if err != nil || len(left) != 0 {
		t.Errorf("notes are left: %v, %v", left, err)
	}
	for _, text := range []string{p.stderr.String(), fmt.Sprint(p.lines), out} {
		if strings.Contains(text, canary) || strings.Contains(text, hubtest.Token) {
			t.Errorf("a secret is in %s", text)
		}
	}
	log, err := os.ReadFile(filepath.Join(h.dir, ".local/state/hfhook/hfhook.log"))
	if err != nil || strings.Contains(string(log), canary) || strings.Contains(string(log), hubtest.Token) {
		t.Errorf("the log: %v", err)
	}
}

// TestWatchWithoutTunnel loses the tunnel for longer than the webhook may be enabled
// without it: it is disabled before the Hub suspends it, and enabled when the tunnel is
// back.
func TestWatchWithoutTunnel(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	hub := h.withHub(service, hubtest.Options{SuspendAfter: 1})
	p := h.dev("--watch", "dataset:me/corpus", "--yes", "--pause-after", "100ms")
	p.await("the webhook", hubIs("created"))
	service.Outage(true)
	p.await("the pause", hubIs("paused"))
	wantHub(t, "paused", hub, service.EdgeURL()+"/webhooks disabled:true our secret")
	service.Outage(false)
	p.await("the return", hubIs("enabled"))
	if d := emit(t, hub); !d.OK() {
		t.Errorf("the Hub was answered %v", d.Statuses)
	}
	p.stop()
}

// TestWatchTwice: two sessions on one account have a webhook each.
func TestWatchTwice(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	hub := h.withHub(nil, hubtest.Options{})
	addr, other := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	one := h.dev("--addr", addr, "--url", "http://"+addr, "--watch", "dataset:me/corpus", "--yes")
	one.await("the first webhook", hubIs("created"))
	two := h.dev("--addr", other, "--url", "http://"+other, "--watch", "dataset:me/corpus", "--yes")
	two.await("the second webhook", hubIs("created"))
	if warned := two.await("the warning", hubIs("doubled")); !strings.Contains(warned.text("text"), "another running hfhook") {
		t.Errorf("%v", warned)
	}
	one.stop()
	wantHub(t, "one has ended", hub, "http://"+addr+"/webhooks disabled:true our secret", "http://"+other+"/webhooks disabled:false our secret")
	two.stop()
}

// TestWatchOnScreen asks before the screen opens, and not again.
func TestWatchOnScreen(t *testing.T) {
	t.Parallel()
	service := ngroktest.Start(t, ngroktest.Options{})
	h := newHome(t)
	h.withNgrok(service, "token")
	hub := h.withHub(service, hubtest.Options{})
	s := h.show(100, 30, "dev", "--addr", "127.0.0.1:0", "--watch", "dataset:me/corpus")
	s.await("On the Hub, as me", "a new webhook", "dataset:me/corpus", "Go ahead? [y/N]")
	if got := hubState(hub); len(got) != 0 {
		t.Errorf("made without an answer: %v", got)
	}
	s.keys("y", "Enter")
	s.await("0/1000 today")
	waittest.Until(t, "that there is a webhook", func() bool { return len(hub.Webhooks()) == 1 })
	if d := emit(t, hub); !d.OK() {
		t.Errorf("the Hub was answered %v", d.Statuses)
	}
	s.await("comment", "1/1000 today")
	s.keys("q")
	s.await("code 0")
	waittest.Until(t, "that the webhook is disabled", func() bool { return hub.Webhooks()[0].Disabled == true })
	if text := s.text(); strings.Contains(text, canary) || strings.Contains(text, hubtest.Token) {
		t.Error("a secret is on the screen")
	}
}
