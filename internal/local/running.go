package local

// The running hfhook dev itself: what it is, its targets, its handler, its end.

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"hfhook/delivery"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
)

// A Running says what a hfhook dev is and how it is.
type Running struct {
	Schema   int       `json:"schema"`
	Type     string    `json:"type"` // "running"
	Version  string    `json:"version"`
	Layout   int       `json:"layout"` // of the local API
	PID      int       `json:"pid"`
	Folder   string    `json:"folder"`
	Started  string    `json:"started"`
	URL      string    `json:"url"` // of the hook, public; empty: there is none yet
	LocalURL string    `json:"local_url"`
	Path     string    `json:"path"`
	Tunnel   Tunnel    `json:"tunnel"`
	Secret   Secret    `json:"secret"`
	Store    Store     `json:"store"`
	Targets  []Target  `json:"targets"`
	Webhooks []Webhook `json:"webhooks"` // of this session, on the Hub
	Handler  string    `json:"handler,omitempty"`

	Received int64 `json:"received"` // events of this session
	Failed   int64 `json:"failed"`   // attempts of this session
	Rejected int64 `json:"rejected"` // requests of this session
}

// A Tunnel is how the Hub reaches a hfhook dev.
type Tunnel struct {
	Provider string `json:"provider"` // "none": there is none
	State    string `json:"state"`
	Error    string `json:"error,omitempty"`
	Fix      string `json:"fix,omitempty"`
}

// A Secret is what may be said of the secret.
type Secret struct {
	Verified bool   `json:"verified"`
	Source   string `json:"source"`
}

// A Store is where the events are.
type Store struct {
	Path    string `json:"path"`
	Events  int64  `json:"events"`
	Waiting int64  `json:"waiting"`
	Bytes   int64  `json:"bytes"`
	Error   string `json:"error,omitempty"`
}

// A Target is where events go, and how it is.
type Target struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	To      string `json:"to"` // its address as a command line has it
	State   string `json:"state"`
	Paused  bool   `json:"paused"`
	Waiting int    `json:"waiting"`
	Until   string `json:"until,omitempty"` // nothing is sent before, since the target has asked for that
	Error   string `json:"error,omitempty"`
	Hint    string `json:"hint,omitempty"`
	When    string `json:"when,omitempty"` // filter
	Local   bool   `json:"local"`          // it is on this machine
	Secret  bool   `json:"secret"`         // it gets the secret
	Command bool   `json:"command"`        // it is a command
}

// A Webhook is one on the Hub.
type Webhook struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	State string `json:"state"` // enabled, disabled or suspended-after-failure
}

func (s *Server) state(*http.Request) (any, error) { return s.running(), nil }

func (s *Server) running() Running {
	st := s.Session.State()
	made := Running{
		Schema: 1, Type: "running", Version: s.Version, Layout: Layout, PID: pid(), Folder: s.Folder, Started: output.Stamp(st.Started),
		URL: st.HookURL, LocalURL: st.LocalURL, Path: s.Session.Path(),
		Tunnel:   Tunnel{Provider: st.Tunnel.Provider, State: output.PhaseWord(st.Tunnel.Phase)},
		Secret:   Secret{Verified: st.Secret.Verified, Source: st.Secret.Source},
		Store:    Store{Path: st.Store.Location, Events: st.Store.Events, Waiting: st.Store.Waiting, Bytes: st.Store.Bytes, Error: st.Store.Err},
		Targets:  []Target{},
		Webhooks: []Webhook{},
		Received: st.Received, Failed: st.Failed, Rejected: st.Refused,
	}
	if made.Tunnel.Provider == "" {
		made.Tunnel = Tunnel{Provider: "none", State: "off"}
	}
	if p := st.Tunnel.Problem; p != nil {
		made.Tunnel.Error, made.Tunnel.Fix = p.Error(), p.Fix
	}
	if st.Handler != nil {
		made.Handler = string(st.Handler.Phase)
	}
	for i := range st.Targets {
		made.Targets = append(made.Targets, newTarget(st, &st.Targets[i]))
	}
	if st.Hub != nil {
		for _, h := range st.Hub.Hooks {
			if h.Used {
				made.Webhooks = append(made.Webhooks, Webhook{ID: h.ID, URL: h.URL, State: string(h.State)})
			}
		}
	}
	return made
}

func newTarget(st *dev.State, t *dev.Target) Target {
	made := Target{
		Name: t.Name, URL: t.URL, To: t.Address, State: string(st.Health(t)), Paused: t.Paused, Waiting: t.Waiting,
		Until: output.StampOrNone(t.Until), Error: t.Err, Hint: t.Hint, When: t.When, Secret: t.Trusted,
	}
	if parsed, err := delivery.ParseTarget(t.Address); err == nil {
		made.Local, made.Command = parsed.Loopback(), parsed.Command != nil
	}
	return made
}

func (s *Server) addTarget(r *http.Request) (any, error) {
	var ask struct {
		To          string `json:"to"` // as on the command line
		Name        string `json:"name"`
		When        string `json:"when"`
		Timeout     string `json:"timeout"`
		Concurrency string `json:"concurrency"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if err := s.Session.PutTarget(dev.TargetForm{To: ask.To, Name: ask.Name, When: ask.When, Timeout: ask.Timeout, Concurrency: ask.Concurrency}); err != nil {
		return nil, invalid("%w", err)
	}
	return isDone, nil
}

// named is the target that a request names; empty: all.
func (s *Server) named(r *http.Request) (string, error) {
	var ask struct {
		Target string `json:"target"`
	}
	if err := read(r, &ask); err != nil {
		return "", err
	}
	if ask.Target == "" {
		return "", nil
	}
	return ask.Target, s.has(ask.Target)
}

func (s *Server) has(name string) error {
	for _, t := range s.Session.State().Targets {
		if t.Name == name {
			return nil
		}
	}
	return fmt.Errorf("%w of the name %q", dev.ErrUnknownTarget, name)
}

// needed is named, of a request that is about one target.
func (s *Server) needed(r *http.Request) (string, error) {
	name, err := s.named(r)
	if err == nil && name == "" {
		err = invalid("want the name of a target, as {\"target\":\"NAME\"}")
	}
	return name, err
}

func (s *Server) removeTarget(r *http.Request) (any, error) {
	name, err := s.needed(r)
	if err == nil {
		s.Session.RemoveTarget(name)
	}
	return isDone, err
}

func (s *Server) pauseTarget(r *http.Request) (any, error) {
	name, err := s.named(r)
	if err == nil {
		s.Session.PauseTargets(name, true)
	}
	return isDone, err
}

func (s *Server) resumeTarget(r *http.Request) (any, error) {
	name, err := s.named(r)
	if err == nil {
		s.Session.PauseTargets(name, false)
	}
	return isDone, err
}

// Delivered says what a target still waits for, once that has been tried.
type Delivered struct {
	Schema  int    `json:"schema"`
	Type    string `json:"type"` // "delivered"
	Waiting int    `json:"waiting"`
	Error   string `json:"error,omitempty"` // why
}

// deliverTarget has what is held for a target sent, and answers once nothing is held or the target
// takes no more.
func (s *Server) deliverTarget(r *http.Request) (any, error) {
	name, err := s.needed(r)
	if err != nil {
		return nil, err
	}
	changed := s.Session.Watch(r.Context())
	began := time.Now()
	s.Session.DeliverHeld(name)
	for {
		st := s.Session.State()
		i := slices.IndexFunc(st.Targets, func(t dev.Target) bool { return t.Name == name })
		if i < 0 {
			return nil, s.has(name) // it was removed meanwhile
		}
		t := &st.Targets[i]
		made := Delivered{Schema: 1, Type: "delivered", Waiting: t.Waiting + t.Sending}
		tried := t.Last.After(began)
		switch {
		case made.Waiting == 0:
			return made, nil
		case tried && t.Paused:
			made.Error = "the target was paused"
			return made, nil
		case tried && t.Health == dev.Away && t.Sending == 0:
			made.Error = t.Err
			return made, nil
		case tried && !t.Until.IsZero():
			made.Error = fmt.Sprintf("answered %s and asked to wait until %s", t.Result, t.Until.Local().Format(time.TimeOnly))
			return made, nil
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return nil, context.Cause(r.Context())
		}
	}
}

// Dropped says how many events were given up.
type Dropped struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // "dropped"
	Events int    `json:"events"`
}

func (s *Server) dropTarget(r *http.Request) (any, error) {
	name, err := s.needed(r)
	if err != nil {
		return nil, err
	}
	n, err := s.Session.DropHeld(r.Context(), name)
	return Dropped{Schema: 1, Type: "dropped", Events: n}, err
}

// refusals are rejected requests, the newest last.
type refusals struct {
	Schema   int    `json:"schema"`
	Type     string `json:"type"`  // "rejections"
	Total    int64  `json:"total"` // of this session; the newest 1,000 are kept
	Rejected []any  `json:"rejected"`
}

func (s *Server) rejected(r *http.Request) (any, error) {
	s.Session.Settle(r.Context())
	st := s.Session.State()
	made := refusals{Schema: 1, Type: "rejections", Total: st.Refused, Rejected: []any{}}
	for i := range st.Rejected {
		made.Rejected = append(made.Rejected, output.NewRejectedLine(&st.Rejected[i]))
	}
	return made, nil
}

// forgetRejected forgets the rejected requests of a time, or all.
func (s *Server) forgetRejected(r *http.Request) (any, error) {
	var ask struct {
		At string `json:"at"` // as in the answer to GET /rejected; empty: all
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if ask.At == "" {
		s.Session.ForgetAllRejected()
		return isDone, nil
	}
	s.Session.Settle(r.Context())
	known := false
	for _, no := range s.Session.State().Rejected {
		if output.Stamp(no.At) == ask.At {
			s.Session.ForgetRejected(no)
			known = true
		}
	}
	if !known {
		return nil, &Error{Status: http.StatusNotFound, Code: "unknown_request", Text: fmt.Sprintf("no rejected request of %q", ask.At), Try: "GET /rejected lists them"}
	}
	return isDone, nil
}

// A Stopped says how many replays were stopped.
type Stopped struct {
	Schema  int    `json:"schema"`
	Type    string `json:"type"` // "stopped"
	Replays int    `json:"replays"`
}

func (s *Server) stopReplays(*http.Request) (any, error) {
	return Stopped{Schema: 1, Type: "stopped", Replays: s.Session.StopReplays()}, nil
}

func (s *Server) restartHandler(*http.Request) (any, error) {
	if s.Session.State().Handler == nil {
		return nil, &Error{Status: http.StatusConflict, Code: "no_handler", Text: "this hfhook dev does not run a handler", Try: "start one with hfhook dev -- COMMAND"}
	}
	s.Session.RestartHandler()
	return isDone, nil
}

// A tested says that the public URL points here.
type tested struct {
	Schema int     `json:"schema"`
	Type   string  `json:"type"` // "self-test"
	MS     float64 `json:"ms"`
}

func (s *Server) selfTest(r *http.Request) (any, error) {
	took, err := s.Session.SelfTest(r.Context())
	return tested{Schema: 1, Type: "self-test", MS: float64(took.Round(time.Millisecond)) / float64(time.Millisecond)}, err
}

func (s *Server) stop(r *http.Request) (any, error) {
	// The request's context ends once it is answered.
	context.AfterFunc(r.Context(), s.Stop)
	return isDone, nil
}
