package lease

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/hub"
	"hfhook/internal/hub/hubtest"
	"hfhook/internal/waittest"
	"hfhook/server"
)

const canary = "canary-secret-of-the-session"

var corpus = []hub.Watched{{Type: "dataset", Name: "me/corpus"}}

func startHub(t *testing.T, opts hubtest.Options) *hubtest.Hub {
	t.Helper()
	opts.Tries = 1
	h := hubtest.New(opts)
	t.Cleanup(func() {
		h.Close()
		for _, v := range h.Violations() {
			t.Errorf("not as the API's description says: %s", v)
		}
	})
	return h
}

// A session is a keeper with what it has reported.
type session struct {
	*Keeper
	t *testing.T

	mu     sync.Mutex
	notice []Notice
}

func (s *session) report(n Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notice = append(s.notice, n)
}

// happened are the happenings since the last call.
func (s *session) happened() []NoticeKind {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []NoticeKind
	for _, n := range s.notice {
		all = append(all, n.Kind)
		if strings.Contains(fmt.Sprintf("%+v", n), canary) {
			s.t.Errorf("the secret is in %+v", n)
		}
	}
	s.notice = nil
	return all
}

func (s *session) want(what string, want ...NoticeKind) {
	s.t.Helper()
	if got := s.happened(); !slices.Equal(got, want) {
		s.t.Errorf("%s: %v happened, want %v", what, got, want)
	}
}

// open is a session on dir, which watches the corpus.
func open(t *testing.T, h *hubtest.Hub, dir string, change ...func(*Options)) *session {
	t.Helper()
	token, err := hub.ParseToken(hubtest.Token)
	if err != nil {
		t.Fatal(err)
	}
	client, err := hub.New(hub.Settings{Endpoint: h.URL(), Token: token}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := server.ParseSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{t: t}
	opts := Options{Client: client, Endpoint: h.URL(), Notes: NotesIn(dir), Project: "/home/me/bot", Secret: secret, Watch: corpus, QuitWithin: time.Minute}
	for _, f := range change {
		f(&opts)
	}
	s.Keeper = New(opts)
	s.Notify(s.report, func() {})
	return s
}

// up brings the tunnel up and everything in step.
func (s *session) up(url string) {
	s.t.Helper()
	s.Tunnel(url, true)
	if err := s.Sync(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) quit() {
	s.t.Helper()
	if err := s.Quit(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// crash lets go of everything as the end of a process does.
func (s *session) crash() {
	for _, h := range s.held {
		h.release()
	}
}

// hooks are the fake's webhooks in a line each.
func hooks(h *hubtest.Hub) []string {
	var all []string
	for _, w := range h.Webhooks() {
		secret := map[string]string{"": "-", canary: "ours"}[w.Secret]
		if secret == "" {
			secret = "other"
		}
		state := map[any]string{false: "on", true: "off"}[w.Disabled]
		if state == "" {
			state = fmt.Sprint(w.Disabled)
		}
		all = append(all, fmt.Sprintf("%s%s %s %s %d %s", w.URL, w.JobSourceID, state, secret, len(w.Domains), w.Watched[0].Name))
	}
	return all
}

func wantHooks(t *testing.T, what string, h *hubtest.Hub, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, hooks(h)); diff != "" {
		t.Errorf("%s: the Hub has (-want +got):\n%s", what, diff)
	}
}

// notes are the files about webhooks.
func notes(t *testing.T, dir string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
		if text, _ := os.ReadFile(file); strings.Contains(string(text), canary) {
			t.Errorf("%s has the secret in it", file)
		}
	}
	return len(files)
}

const (
	one = "https://one.example/webhooks"
	two = "https://two.example/webhooks"
)

// TestSession goes from nothing to a webhook, through another URL to its end, and on
// to the next session, which finds it again.
func TestSession(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	h.Add(hubtest.Webhook{URL: "https://ci.example/hook", Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}, Secret: "theirs"})
	const theirs = "https://ci.example/hook on other 1 me"

	s := open(t, h, dir)
	change, err := s.Prepare(t.Context(), "")
	if err != nil || change.Lines[0] != (Line{'+', "a new webhook"}) || len(h.Webhooks()) != 1 {
		t.Fatalf("%+v, %v", change, err)
	}
	s.up(one)
	s.want("start", Created)
	wantHooks(t, "start", h, theirs, one+" on ours 2 me/corpus")
	if here := s.State().Here(); here == nil || !here.Used || !here.Noted || here.Secret.IsZero() {
		t.Errorf("here is %+v", here)
	}
	calls := h.Calls()
	s.up(one)
	s.want("nothing new")
	if n := h.Calls() - calls; n != 2 {
		t.Errorf("%d calls although nothing is new", n)
	}
	s.up(two)
	s.want("another URL", Updated)
	wantHooks(t, "another URL", h, theirs, two+" on ours 2 me/corpus")
	s.quit()
	s.want("quit", Disabled)
	wantHooks(t, "quit", h, theirs, two+" off ours 2 me/corpus")

	next := open(t, h, dir, func(o *Options) { o.Domains = []hub.Domain{hub.DomainRepo}; o.OnQuit = Delete })
	if change, err = next.Prepare(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(change.Lines)
	for _, line := range []Line{row('-', "url", two), row('+', "url", one), row('-', "state", "disabled"), row('+', "state", "enabled"), row('-', "domains", "repo, discussion"), row('+', "domains", "repo"), row(' ', "at quit", "it is deleted")} {
		if !slices.Contains(change.Lines, line) {
			t.Errorf("%v is not in %s", line, text)
		}
	}
	next.up(one)
	next.want("the next start", Updated, Enabled)
	wantHooks(t, "the next start", h, theirs, one+" on ours 1 me/corpus")
	next.quit()
	next.want("deleted", Deleted)
	wantHooks(t, "deleted", h, theirs)
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// TestKeep holds that a webhook can be left enabled.
func TestKeep(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	s := open(t, h, dir, func(o *Options) { o.OnQuit = Keep })
	s.up(one)
	s.quit()
	s.want("all", Created, Kept)
	wantHooks(t, "kept", h, one+" on ours 2 me/corpus")
	next := open(t, h, dir)
	next.up(one)
	next.want("the next start", Updated)
	next.quit()
}

// TestCrash holds that the next session takes what one has left that did not end, and
// does with the rest what was to be done.
func TestCrash(t *testing.T) {
	t.Parallel()
	for _, onQuit := range OnQuits() {
		h, dir := startHub(t, hubtest.Options{}), t.TempDir()
		s := open(t, h, dir, func(o *Options) { o.OnQuit = onQuit })
		s.up(one)
		s.crash()
		same := open(t, h, dir, func(o *Options) { o.OnQuit = onQuit })
		same.up(two)
		same.want("the same again", Updated)
		wantHooks(t, "the same again", h, two+" on ours 2 me/corpus")
		same.crash()

		other := open(t, h, dir, func(o *Options) { o.Project, o.Watch = "/home/me/other", []hub.Watched{{Type: "user", Name: "me"}} })
		change, err := other.Prepare(t.Context(), "")
		if err != nil || !slices.ContainsFunc(change.Lines, func(l Line) bool { return strings.Contains(l.Text, "is left over from a crashed hfhook") }) {
			t.Errorf("%v, %v", change, err)
		}
		other.up(one)
		mine := one + " on ours 2 me"
		switch onQuit {
		case Disable:
			other.want("left", Created, Disabled)
			wantHooks(t, "left", h, two+" off ours 2 me/corpus", mine)
		case Delete:
			other.want("left", Created, Deleted)
			wantHooks(t, "left", h, mine)
		case Keep:
			other.want("left", Created, Kept)
			wantHooks(t, "left", h, two+" on ours 2 me/corpus", mine)
		}
		other.quit()
	}
}

// TestUnanswered holds that a webhook is found again whose making was not answered: at
// once, or by the next session.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	cut := hubtest.Fault{Done: true, Cut: true}
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	h.Fail(1, "POST", cut)
	s := open(t, h, dir)
	s.up(one)
	s.want("found at once", Created)
	wantHooks(t, "found at once", h, one+" on ours 2 me/corpus")
	s.quit()

	h, dir = startHub(t, hubtest.Options{}), t.TempDir()
	h.Add(hubtest.Webhook{URL: one, Watched: []hubtest.Watched{{Type: "dataset", Name: "me/corpus"}}, Domains: []string{"repo", "discussion"}})
	// Kind a process leaves that is killed between the call and its answer.
	left, err := NotesIn(dir).add(Note{
		Endpoint: h.URL(), User: hubtest.User, Project: "/home/me/bot", URL: one, Watched: corpus, Domains: hub.Domains(), Used: true,
		Others: []string{h.Webhooks()[0].ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	left.release()
	h.Add(hubtest.Webhook{URL: one, Watched: []hubtest.Watched{{Type: "dataset", Name: "me/corpus"}}, Domains: []string{"discussion", "repo"}, Secret: canary})
	next := open(t, h, dir)
	next.up(two)
	wantHooks(t, "found by the next", h, one+" on - 2 me/corpus", two+" on ours 2 me/corpus")
	next.quit()
}

// run has the keeper work until ctx ends. await waits for a state.
func (s *session) run(ctx context.Context) (await func(what string, seen func(*State) bool), done <-chan error) {
	changed := make(chan struct{}, 1)
	s.Notify(s.report, func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func(what string, seen func(*State) bool) {
		s.t.Helper()
		limit := time.After(waittest.Limit)
		for !seen(s.State()) {
			select {
			case <-changed:
			case <-limit:
				s.t.Fatalf("%s did not come: %+v", what, s.State())
			}
		}
	}, ended
}

// TestHereWithURL holds that a webhook is found to point here once the tunnel's URL is
// known, although the Hub was read before.
func TestHereWithURL(t *testing.T) {
	t.Parallel()
	h := startHub(t, hubtest.Options{})
	h.Add(hubtest.Webhook{URL: one, Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}, Disabled: false})
	s := open(t, h, t.TempDir(), func(o *Options) { o.Watch = nil })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	await, done := s.run(ctx)
	await("the first look", func(st *State) bool { return !st.Read.IsZero() })
	if here := s.State().Here(); here != nil {
		t.Errorf("without a URL %+v points here", here)
	}
	s.Tunnel(one, false)
	await("the webhook", func(st *State) bool { return st.Here() != nil })
	s.Tunnel(two, true)
	await("another URL", func(st *State) bool { return st.Here() == nil })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestPause holds that the webhook is disabled while the tunnel is down, and enabled
// when it is back; and that one which the Hub has suspended is enabled, too.
func TestPause(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{SuspendAfter: 1}), t.TempDir()
	s := open(t, h, dir, func(o *Options) { o.PauseAfter = time.Millisecond })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	await, done := s.run(ctx)
	enabled := func(st *State) bool {
		here := st.Here()
		return here != nil && here.State == hub.Enabled && !st.Paused
	}
	s.Tunnel(one, true)
	await("the webhook", enabled)
	s.Tunnel(one, false)
	await("the pause", func(st *State) bool { return st.Paused && st.Here() != nil && st.Here().State == hub.Disabled })
	wantHooks(t, "down", h, one+" off ours 2 me/corpus")
	s.Tunnel(two, true)
	await("the return", enabled)
	wantHooks(t, "back", h, two+" on ours 2 me/corpus")
	s.want("all", Created, Paused, Updated, Enabled)

	// The Hub was faster.
	s.opts.PauseAfter = 0
	s.Tunnel(two, false)
	if sent, err := h.Emit(ctx, []byte(`{"event":{"scope":"repo.content"},"repo":{"type":"dataset","name":"me/corpus"},"webhook":{"id":"x"}}`)); err != nil || len(sent) != 1 || sent[0].OK() {
		t.Fatalf("%+v, %v", sent, err)
	}
	if err := s.Reload(ctx); err != nil {
		t.Fatal(err)
	}
	s.want("suspended", Suspended)
	s.Tunnel(one, true)
	await("the return", enabled)
	s.want("enabled again", Updated, Enabled)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	s.quit()
	wantHooks(t, "quit", h, one+" off ours 2 me/corpus")
}

// TestTakeOver holds that a webhook of somebody else is changed only when the user says
// so, and given back.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	id := h.Add(hubtest.Webhook{URL: "https://ci.example/hook?secret=s3cr3t-one", Disabled: true, Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}, Secret: "theirs"})
	job := h.Add(hubtest.Webhook{JobSourceID: "687f911e", Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}})
	s := open(t, h, dir, func(o *Options) { o.Watch = nil })
	s.Tunnel(one, true)
	for _, action := range []Action{Edit, PushSecret, SwitchOn, SwitchOff, Remove, SetOnQuit} {
		if _, err := s.Plan(t.Context(), Request{Action: action, Webhook: id}); !errors.Is(err, ErrNotOurs) {
			t.Errorf("%s: %v", action, err)
		}
	}
	s.do(Request{Action: TakeOver, Webhook: id})
	s.do(Request{Action: TakeOver, Webhook: job, KeepSecret: true})
	s.want("taken", Updated, Enabled, Updated)
	wantHooks(t, "taken", h, one+" on ours 1 me", one+" on - 1 me")
	s.up(two)
	s.want("another URL", Updated, Updated)
	if hook := s.State().Hook(id); !hook.Taken || !hook.Used || strings.Contains(hook.Was, "s3cr3t") {
		t.Errorf("%+v", hook)
	}
	for _, action := range []Action{Remove, SetOnQuit} {
		if _, err := s.Plan(t.Context(), Request{Action: action, Webhook: id}); err == nil {
			t.Errorf("%s of what is on loan", action)
		}
	}
	s.crash()
	// Another session gives back what this one has left.
	other := open(t, h, dir)
	change, err := other.PlanCollect(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Apply(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	other.want("given back", Restored, Restored)
	wantHooks(t, "given back", h, "https://ci.example/hook?secret=s3cr3t-one off other 1 me", "687f911e on - 1 me")
	for _, w := range h.Webhooks() {
		if w.Secret == "theirs" || (w.JobSourceID != "") != (w.Secret == "") {
			t.Errorf("%s: the secret is %q", w.ID, w.Secret)
		}
	}
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// TestSecretOfALoan holds that a webhook that is given back has its own secret, where that
// was left, and in no case the one of hfhook: others get it with each event.
func TestSecretOfALoan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		open bool // the session wants no secret
		keep bool
		push bool
		own  bool // the webhook has its own in the end
	}{
		{name: "set", own: false},
		{name: "left", keep: true, own: true},
		{name: "left, and set later", keep: true, push: true, own: false},
		{name: "none is wanted", open: true, own: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := startHub(t, hubtest.Options{})
			id := h.Add(hubtest.Webhook{URL: "https://ci.example/hook", Watched: []hubtest.Watched{{Type: "user", Name: "me"}}, Domains: []string{"repo"}, Secret: "theirs"})
			s := open(t, h, t.TempDir(), func(o *Options) {
				if o.Watch = nil; test.open {
					o.Secret = nil
				}
			})
			s.Tunnel(one, true)
			s.do(Request{Action: TakeOver, Webhook: id, KeepSecret: test.keep})
			if test.push {
				s.do(Request{Action: PushSecret, Webhook: id})
			}
			s.quit()
			w := h.Webhooks()[0]
			if w.URL != "https://ci.example/hook" || w.Secret == canary || (w.Secret == "theirs") != test.own {
				t.Errorf("given back: %s with %q", w.URL, w.Secret)
			}
		})
	}
}

// do plans and applies a request.
func (s *session) do(w Request) {
	s.t.Helper()
	change, err := s.Plan(s.t.Context(), w)
	if err != nil {
		s.t.Fatalf("%s: %v", w.Action, err)
	}
	if strings.Contains(fmt.Sprint(change), canary) {
		s.t.Errorf("the secret is in %v", change.Lines)
	}
	if done, err := s.Apply(s.t.Context(), change); err != nil || done == "" {
		s.t.Fatalf("%s: %q, %v", w.Action, done, err)
	}
}

// TestRequestedChanges goes through what can be done with a webhook of hfhook's own.
func TestRequestedChanges(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	s := open(t, h, dir, func(o *Options) { o.Watch = nil })
	if _, err := s.Plan(t.Context(), Request{Action: Add, Watched: corpus, Domains: hub.Domains()}); err == nil {
		t.Error("added without a URL")
	}
	s.Tunnel(one, true)
	s.do(Request{Action: Add, Watched: corpus, Domains: hub.Domains()})
	id := h.Webhooks()[0].ID
	wantHooks(t, "added", h, one+" on ours 2 me/corpus")
	s.do(Request{Action: Edit, Webhook: id, Watched: []hub.Watched{{Type: "org", Name: "us"}}, Domains: []hub.Domain{hub.DomainRepo}})
	wantHooks(t, "edited", h, one+" on ours 1 us")
	s.do(Request{Action: SwitchOff, Webhook: id})
	wantHooks(t, "off", h, one+" off ours 1 us")
	s.up(two)
	wantHooks(t, "another URL enables nothing", h, two+" off ours 1 us")
	s.do(Request{Action: SwitchOn, Webhook: id})
	s.do(Request{Action: PushSecret, Webhook: id})
	s.do(Request{Action: SetOnQuit, Webhook: id, OnQuit: Keep})
	if change, err := s.Plan(t.Context(), Request{Action: SwitchOn, Webhook: id}); err != nil || !change.Empty() {
		t.Errorf("enabled twice: %+v, %v", change, err)
	}
	s.quit()
	wantHooks(t, "kept", h, two+" on ours 1 us")

	next := open(t, h, dir, func(o *Options) { o.Watch = nil })
	next.Tunnel(one, true)
	if err := next.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if hook := next.State().Hook(id); !hook.Noted || hook.Used || !hook.Old || hook.OnQuit != Keep {
		t.Errorf("%+v", hook)
	}
	next.do(Request{Action: TakeOver, Webhook: id})
	if hook := next.State().Hook(id); !hook.Used || hook.Taken || !hook.Here {
		t.Errorf("%+v", hook)
	}
	next.do(Request{Action: Remove, Webhook: id})
	wantHooks(t, "removed", h)
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes are left", n)
	}
	if _, err := next.Plan(t.Context(), Request{Action: SwitchOn, Webhook: id}); !errors.Is(err, hub.ErrNotFound) {
		t.Errorf("a webhook that is gone: %v", err)
	}
}

// TestTwoAtOnce holds that two sessions on one account leave each other alone.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	first, second := open(t, h, dir), open(t, h, dir)
	first.up(one)
	change, err := second.Prepare(t.Context(), "")
	if err != nil || !slices.ContainsFunc(change.Lines, func(l Line) bool { return l.Op == '!' && strings.Contains(l.Text, "another running hfhook") }) {
		t.Errorf("no warning: %+v, %v", change, err)
	}
	second.up(two)
	second.want("second", Created, Doubled)
	wantHooks(t, "both", h, one+" on ours 2 me/corpus", two+" on ours 2 me/corpus")
	if _, err := second.Plan(t.Context(), Request{Action: Remove, Webhook: h.Webhooks()[0].ID}); !errors.Is(err, errInUse) {
		t.Errorf("the other's webhook: %v", err)
	}
	gone, err := second.PlanCollect(t.Context(), true)
	if err != nil || !gone.Empty() {
		t.Errorf("%+v, %v", gone, err)
	}
	first.quit()
	wantHooks(t, "one", h, one+" off ours 2 me/corpus", two+" on ours 2 me/corpus")
	second.quit()
}

// TestDeletedMeanwhile holds that a webhook which somebody deletes is told, and not
// made again by itself.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	s := open(t, h, dir)
	s.up(one)
	h.Fail(1, "GET", hubtest.Fault{Gone: true})
	s.happened()
	s.up(two)
	s.want("gone", Forgotten)
	s.up(one)
	s.want("still gone")
	s.quit()
	wantHooks(t, "gone", h)

	// Between the list and the change, at the start.
	s = open(t, h, dir)
	s.up(one)
	s.quit()
	next := open(t, h, dir)
	next.Tunnel(two, true)
	if err := next.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	next.happened()
	h.Fail(1, "POST", hubtest.Fault{Gone: true})
	if err := next.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	next.want("made again", Forgotten, Created)
	wantHooks(t, "made again", h, two+" on ours 2 me/corpus")
	next.quit()

	// At the end.
	next = open(t, h, dir)
	next.up(one)
	next.happened()
	h.Fail(1, "POST", hubtest.Fault{Gone: true})
	next.quit()
	next.want("gone at the end", Forgotten)
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// TestRefused holds what is told where the Hub does not do it.
func TestRefused(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{Names: []string{"me/other"}}), t.TempDir()
	s := open(t, h, dir, func(o *Options) { o.Advice = func(error) string { return "try this" } })
	s.Tunnel(one, true)
	err := s.Sync(t.Context())
	if !Hopeless(err) || !strings.Contains(err.Error(), `dataset "me/corpus" does not exist`) {
		t.Errorf("an unknown name: %v", err)
	}
	s.want("an unknown name", Failed)
	if st := s.State(); st.Problem == nil || st.Fix != "try this" {
		t.Errorf("%+v", st)
	}
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes of what was not made", n)
	}
	reader, err := hub.ParseToken(hubtest.ReadToken)
	if err != nil {
		t.Fatal(err)
	}
	client, err := hub.New(hub.Settings{Endpoint: h.URL(), Token: reader}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, h, dir, func(o *Options) { o.Client = client }).Prepare(t.Context(), ""); !errors.Is(err, hub.ErrForbidden) {
		t.Errorf("a token that only reads: %v", err)
	}
	client, err = hub.New(hub.Settings{Endpoint: h.URL()}, hub.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, h, dir, func(o *Options) { o.Client = client }).Prepare(t.Context(), ""); !errors.Is(err, hub.ErrNoToken) {
		t.Errorf("no token: %v", err)
	}
}

// TestQuitFails holds that what could not be done at the end is left for later.
func TestQuitFails(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	s := open(t, h, dir)
	s.up(one)
	h.Fail(1, "POST", hubtest.Refusal(403, "not now"))
	if err := s.Quit(t.Context()); !errors.Is(err, hub.ErrForbidden) {
		t.Errorf("%v", err)
	}
	next := open(t, h, dir, func(o *Options) { o.Watch = nil })
	change, err := next.PlanCollect(t.Context(), false)
	if err != nil || change.Empty() {
		t.Fatalf("%+v, %v", change, err)
	}
	if _, err := next.Apply(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	next.want("collected", Disabled)
	wantHooks(t, "collected", h, one+" off ours 2 me/corpus")
	if change, err = next.PlanCollect(t.Context(), false); err != nil || !change.Empty() {
		t.Errorf("%+v, %v", change, err)
	}
	if change, err = next.PlanCollect(t.Context(), true); err != nil || change.Empty() {
		t.Fatalf("%+v, %v", change, err)
	}
	if _, err := next.Apply(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	wantHooks(t, "all", h)
	if n := notes(t, dir); n != 0 {
		t.Errorf("%d notes are left", n)
	}
}

// TestOtherAccount checks that notes about another user, or another Hub, are ignored.
func TestOtherAccount(t *testing.T) {
	t.Parallel()
	h, dir := startHub(t, hubtest.Options{}), t.TempDir()
	id := h.Add(hubtest.Webhook{URL: one, Watched: []hubtest.Watched{{Type: "dataset", Name: "me/corpus"}}, Domains: []string{"repo", "discussion"}})
	book := NotesIn(dir)
	for _, note := range []Note{{Endpoint: "https://hub.example", User: hubtest.User}, {Endpoint: h.URL(), User: "somebody"}} {
		note.Webhook, note.Watched, note.Domains, note.Used, note.URL = id, corpus, hub.Domains(), true, one
		held, err := book.add(note)
		if err != nil {
			t.Fatal(err)
		}
		held.release()
	}
	s := open(t, h, dir)
	s.up(two)
	s.want("start", Created)
	s.quit()
	wantHooks(t, "quit", h, one+" on - 2 me/corpus", two+" off ours 2 me/corpus")
	if n := notes(t, dir); n != 3 {
		t.Errorf("%d notes", n)
	}
}

// TestBadNote holds that a note which can't be read is named.
func TestBadNote(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{", `{"schema":2}`} {
		dir := t.TempDir()
		path := filepath.Join(dir, "x.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := NotesIn(dir).all(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
