package dev

// The Hub's side of a session: its webhooks follow the tunnel's URL, and are restored at the
// end.

import (
	"context"
	"errors"
	"sync"

	"hfhook/internal/lease"
	"hfhook/tunnel"
)

// errAbandoned is why a webhook is left as it is after AbandonHub.
var errAbandoned = errors.New("hfhook did not wait for it")

// ErrNoHub means that the session has no access to the Hub.
var ErrNoHub = errors.New("not connected to the Hub: run hf auth login or set HF_TOKEN")

// passToHub passes the tunnel's state on to the webhooks.
func (s *Session) passToHub(st tunnel.State) {
	if s.opts.Hub == nil {
		return
	}
	url := ""
	if st.URL != "" {
		url = st.URL + s.opts.Path
	}
	s.opts.Hub.Tunnel(url, st.Phase == tunnel.Up)
}

// hubNews puts a notice about a webhook into the journal and the log.
func (s *Session) hubNews(n lease.Notice) {
	if n.Kind == lease.Failed {
		s.log.Warn("hub", "error", n.Text, "fix", n.Fix)
	} else {
		s.log.Info("hub", "what", string(n.Kind), "webhook", n.Webhook, "url", n.URL, "text", n.Text)
	}
	s.journal.add(Entry{Hub: &n})
	s.hubEnd.mu.Lock()
	if s.hubEnd.leaving {
		s.hubEnd.news = append(s.hubEnd.news, n)
	}
	s.hubEnd.mu.Unlock()
	s.change()
}

// leaveHub restores the webhooks. It is called while events can still be received, so that the
// Hub sends no event to a server that is gone.
func (s *Session) leaveHub(ctx context.Context) {
	if s.opts.Hub == nil {
		return
	}
	ctx, abandon := context.WithCancelCause(ctx)
	s.hubEnd.mu.Lock()
	s.hubEnd.leaving, s.hubEnd.abandon = true, func() { abandon(errAbandoned) }
	s.hubEnd.mu.Unlock()
	defer func() {
		s.hubEnd.mu.Lock()
		s.hubEnd.abandon = nil
		s.hubEnd.mu.Unlock()
	}()
	if s.hubErr = s.opts.Hub.Quit(ctx); s.hubErr != nil {
		s.log.Error("webhooks on the Hub at the end", "error", s.hubErr)
	}
}

// hubEnd is what was done with the webhooks at the end.
type hubEnd struct {
	mu      sync.Mutex
	leaving bool
	abandon func() // set while the webhooks are restored
	news    []lease.Notice
}

// LeavesHub reports whether the session is ending and restoring its webhooks on the Hub right
// now.
func (s *Session) LeavesHub() bool {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	return s.hubEnd.abandon != nil
}

// AbandonHub ends the session without restoring its webhooks: the next session or hfhook
// webhooks gc does that. It does nothing while LeavesHub is false.
func (s *Session) AbandonHub() {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	if s.hubEnd.abandon != nil {
		s.hubEnd.abandon()
	}
}

// HubEnd returns what was done with the webhooks on the Hub at the end, once [Session.Wait] has
// returned.
func (s *Session) HubEnd() []lease.Notice {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	return s.hubEnd.news
}

// HubError returns what could not be done on the Hub at the end, once [Session.Wait] has
// returned. nil: everything was done.
func (s *Session) HubError() error { return s.hubErr }

// HubReload reads the webhooks from the Hub; State then has them.
func (s *Session) HubReload(ctx context.Context) error {
	if s.opts.Hub == nil {
		return ErrNoHub
	}
	return s.opts.Hub.Reload(ctx)
}

// noReach says why the Hub cannot send to a public URL. A Hub in a private network may send to
// addresses of that network.
func (s *Session) noReach(url string) string {
	switch {
	case url == "":
		return "there is no public URL yet, so the Hub cannot send events here"
	case tunnel.Public(url) || s.opts.Hub != nil && !tunnel.Public(s.opts.Hub.Endpoint()):
		return ""
	}
	return "the Hub cannot send to " + url + ", which is an address of this machine or its network"
}

// HubPlan returns what a request about a webhook would change on the Hub.
func (s *Session) HubPlan(ctx context.Context, w lease.Request) (*lease.Change, error) {
	if s.opts.Hub == nil {
		return nil, ErrNoHub
	}
	if st := s.State(); st.NoReach != "" && (w.Action == lease.Add || w.Action == lease.TakeOver) {
		return nil, errors.New(st.NoReach)
	}
	if w.Handler != "" {
		secret, ok := s.HandlerSecret(w.Handler)
		if !ok {
			return nil, errors.New("no secret was entered for that target")
		}
		w.Secret = secret
	}
	return s.opts.Hub.Plan(ctx, w)
}

// HubApply makes a planned change, and says in a sentence what was done.
func (s *Session) HubApply(ctx context.Context, c *lease.Change) (done string, err error) {
	if s.opts.Hub == nil {
		return "", ErrNoHub
	}
	return s.opts.Hub.Apply(ctx, c)
}
