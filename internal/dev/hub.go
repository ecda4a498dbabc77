package dev

// The Hub's side of a session: its webhooks are kept in step with the tunnel, and given
// back at the end.

import (
	"context"
	"errors"
	"sync"

	"hfhook/internal/lease"
	"hfhook/tunnel"
)

// errAbandoned is why a webhook is left as it is, if AbandonHub says so.
var errAbandoned = errors.New("hfhook did not wait for it")

// ErrNoHub: the session was started without a way to the Hub.
var ErrNoHub = errors.New("not connected to the Hub: run hf auth login or set HF_TOKEN")

// passToHub passes on what the tunnel does.
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

// hubNews puts what happened on the Hub into the journal and the log.
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

// leaveHub gives the webhooks back. It is called while events can still be received,
// so that no event is sent to a server that is gone.
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

// hubEnd are what was done with the webhooks at the end.
type hubEnd struct {
	mu      sync.Mutex
	leaving bool
	abandon func() // while the webhooks are given back
	news    []lease.Notice
}

// LeavesHub reports whether the session is giving its webhooks back to the Hub right now,
// at its end.
func (s *Session) LeavesHub() bool {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	return s.hubEnd.abandon != nil
}

// AbandonHub has the session end without giving its webhooks back: the next one does that,
// or hfhook webhooks gc. It does nothing while LeavesHub is false.
func (s *Session) AbandonHub() {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	if s.hubEnd.abandon != nil {
		s.hubEnd.abandon()
	}
}

// HubEnd is what was done with the webhooks on the Hub at the end, once [Session.Wait]
// has returned.
func (s *Session) HubEnd() []lease.Notice {
	s.hubEnd.mu.Lock()
	defer s.hubEnd.mu.Unlock()
	return s.hubEnd.news
}

// HubError is what could not be done on the Hub at the end, once [Session.Wait] has
// returned. nil: nothing was left.
func (s *Session) HubError() error { return s.hubErr }

// HubReload reads the webhooks on the Hub; State has them then.
func (s *Session) HubReload(ctx context.Context) error {
	if s.opts.Hub == nil {
		return ErrNoHub
	}
	return s.opts.Hub.Reload(ctx)
}

// HubPlan returns what a request about a webhook would change on the Hub.
func (s *Session) HubPlan(ctx context.Context, w lease.Request) (*lease.Change, error) {
	if s.opts.Hub == nil {
		return nil, ErrNoHub
	}
	return s.opts.Hub.Plan(ctx, w)
}

// HubApply makes a change that was planned, and returns what was done, as a sentence.
func (s *Session) HubApply(ctx context.Context, c *lease.Change) (done string, err error) {
	if s.opts.Hub == nil {
		return "", ErrNoHub
	}
	return s.opts.Hub.Apply(ctx, c)
}
