package ngroktest

import (
	"net"
	"net/http"
)

// hooks are how the service misbehaves at present.
type hooks struct {
	authtokens     []string
	refuseAuth     string
	refuseBind     string
	refuseRebind   string
	muteBinds      bool
	muteHeartbeats bool
	outage         bool
	taken          map[string]bool // hosts
	gone           map[string]bool // hosts that no agent may have any more
	public         string          // for an agent that asks for none; empty: the options'
	intercept      func(http.ResponseWriter, *http.Request) bool
}

func (s *Service) hook(change func(*hooks)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.hooks)
}

// Accept changes the authtokens that are accepted. None: every one that is not
// empty.
func (s *Service) Accept(authtokens ...string) {
	s.hook(func(h *hooks) { h.authtokens = authtokens })
}

// RefuseAuth refuses new sessions with a text. Empty takes them again.
func (s *Service) RefuseAuth(text string) { s.hook(func(h *hooks) { h.refuseAuth = text }) }

// RefuseBind refuses the first request of a session for a URL. Empty ends it.
func (s *Service) RefuseBind(text string) { s.hook(func(h *hooks) { h.refuseBind = text }) }

// RefuseRebind refuses an agent that came back the URL that it had. Empty ends it.
func (s *Service) RefuseRebind(text string) { s.hook(func(h *hooks) { h.refuseRebind = text }) }

// MuteBinds leaves requests for a URL without an answer.
func (s *Service) MuteBinds(on bool) { s.hook(func(h *hooks) { h.muteBinds = on }) }

// MuteHeartbeats leaves the agents' heartbeats without an echo.
func (s *Service) MuteHeartbeats(on bool) { s.hook(func(h *hooks) { h.muteHeartbeats = on }) }

// Take makes a public URL one that somebody else serves, or no longer.
func (s *Service) Take(url string, taken bool) {
	s.hook(func(h *hooks) {
		if h.taken == nil {
			h.taken = make(map[string]bool)
		}
		h.taken[hostOf(url)] = taken
	})
}

// Move gives agents another public URL from now on. One that asks for the URL before is
// refused, as where a URL was given for the time of one session.
func (s *Service) Move(url string) {
	s.hook(func(h *hooks) {
		if h.gone == nil {
			h.gone = make(map[string]bool)
		}
		before := h.public
		if before == "" {
			before = s.opts.PublicURL
		}
		h.gone[hostOf(before)] = true
		delete(h.gone, hostOf(url))
		h.public = url
	})
}

// Intercept lets f see each request at the edge first: where it returns true, it
// has answered it. nil ends it.
func (s *Service) Intercept(f func(http.ResponseWriter, *http.Request) bool) {
	s.hook(func(h *hooks) { h.intercept = f })
}

// Outage cuts all sessions and lets no agent in while it is on.
func (s *Service) Outage(on bool) {
	s.hook(func(h *hooks) { h.outage = on })
	if on {
		s.Cut()
	}
}

// Drop ends all sessions in good order, as a restart of the service does.
func (s *Service) Drop() {
	for _, sess := range s.present() {
		_ = sess.mux.Close()
	}
}

// Cut breaks the connections of all sessions without a word.
func (s *Service) Cut() {
	for _, sess := range s.present() {
		if tcp, ok := sess.raw.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = sess.raw.Close()
	}
}

// StopTunnel takes all endpoints away from their agents, whose sessions stay, as
// somebody does in the dashboard.
func (s *Service) StopTunnel(code, message string) {
	s.mu.Lock()
	var stopped []*endpoint
	for host, e := range s.online {
		stopped = append(stopped, e)
		delete(s.online, host)
	}
	s.mu.Unlock()
	for _, e := range stopped {
		e.sess.stop(e.id, code, message)
	}
}

func (s *Service) present() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*session
	for sess := range s.sessions {
		all = append(all, sess)
	}
	return all
}
