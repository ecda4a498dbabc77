package server

// Which handler handles which event.

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/payload"
)

// A DuplicateError says that a path already has a handler, with the text of huggingface_hub.
type DuplicateError struct{ Path string }

func (e *DuplicateError) Error() string { return "Webhook " + e.Path + " already exists." }

// A route is a handler with its properties.
type route struct {
	handler Handler
	raw     bool    // it accepts any body
	wrapped Handler // handler with the functions of Use around it; nil: not made yet
}

// Handle registers a handler for one path. The path is a name or a path under Root, with or
// without slashes at its ends: "say_hello" is /webhooks/say_hello, and "" is Root itself. A
// second handler for a path fails with a [*DuplicateError].
func (s *Server) Handle(path string, h Handler) error { return s.handle(path, &route{handler: h}) }

// HandleRaw is like Handle, for a handler without a payload: it gets every request with the
// right secret, whatever its body is. Event.Payload is what can be read of the body, or nil.
func (s *Server) HandleRaw(path string, h Handler) error {
	return s.handle(path, &route{handler: h, raw: true})
}

func (s *Server) handle(path string, r *route) error {
	full := hookPath(Root + "/" + strings.Trim(path, "/"))
	switch {
	case r.handler == nil:
		return fmt.Errorf("handle %s: the handler is nil", full)
	case full == capture.ProbePath || leaves(full):
		return fmt.Errorf("handle %s: this path cannot be that of a webhook: choose a name such as say_hello", full)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.hooks[full]; taken {
		return &DuplicateError{Path: full}
	}
	s.hooks[full] = r
	s.paths = append(s.paths, full)
	return nil
}

// HandleAny registers the handler for every path under Root that has none of its own, including
// Root.
func (s *Server) HandleAny(h Handler) error {
	if h == nil {
		return fmt.Errorf("handle any path under %s: the handler is nil", Root)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.any != nil {
		return fmt.Errorf("handle any path under %s: a handler is already registered", Root)
	}
	s.any = &route{handler: h}
	return nil
}

// On registers a handler for the events of one kind, on every path under Root that has no
// handler of its own. An event with a newer, unknown scope goes, by the rule of the Hub, to the
// handler of an update of the nearest broader scope: repo.jobs/create to that of
// [payload.KindRepoUpdate]. An event without a handler is answered 200 with null, unless
// HandleAny has one.
//
// On fails for a pair of scope and action that the Hub does not have, and for a second
// handler of a kind.
func (s *Server) On(kind payload.Kind, h Handler) error {
	switch {
	case h == nil:
		return fmt.Errorf("on %s: the handler is nil", kind)
	case !kind.Known():
		var names []string
		for _, k := range payload.Kinds() {
			names = append(names, string(k))
		}
		return fmt.Errorf("on %s: the Hub has no such kind of event: choose one of %s", kind, strings.Join(names, ", "))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.kinds[kind]; taken {
		return fmt.Errorf("on %s: a handler is already registered", kind)
	}
	s.kinds[kind] = &route{handler: h}
	return nil
}

// Use puts functions around all handlers, the first one outermost: each gets the next handler
// and returns the one to call in its place. They get only verified events, including those of
// paths that were added before. Use Options.Wrap for every request.
func (s *Server) Use(around ...func(Handler) Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.around = append(s.around, around...)
	for _, r := range s.hooks {
		r.wrapped = nil
	}
	for _, r := range s.kinds {
		r.wrapped = nil
	}
	if s.any != nil {
		s.any.wrapped = nil
	}
}

// Paths returns the paths of the handlers in the order of their registration, followed by Root
// if all other paths are accepted, too.
func (s *Server) Paths() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	paths := append([]string(nil), s.paths...)
	if _, own := s.hooks[Root]; s.takesAny() && !own {
		paths = append(paths, Root)
	}
	return paths
}

// Mount registers the server for Root and all paths under it, so that POST /webhooks is
// answered, rather than redirected without its body:
//
//	mux := http.NewServeMux()
//	s.Mount(mux)
func (s *Server) Mount(mux *http.ServeMux) {
	mux.Handle(Root, s)
	mux.Handle(Root+"/", s)
}

// takesAny reports whether webhooks are accepted on every path. Callers hold the lock.
func (s *Server) takesAny() bool {
	return s.any != nil || len(s.kinds) > 0 || len(s.hooks) == 0 && s.opts.Recorder != nil
}

// isHook reports whether webhooks are accepted on a path.
func (s *Server) isHook(path string) bool {
	if path != Root && !strings.HasPrefix(path, Root+"/") || path == capture.ProbePath || leaves(path) {
		return false
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.hooks[path]
	return ok || s.takesAny()
}

// takesRaw reports whether the handler of a path accepts any body.
func (s *Server) takesRaw(path string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.hooks[path]
	return r != nil && r.raw
}

// handler returns the handler for an event that came to a path, or nil.
func (s *Server) handler(path string, e *event.Event) Handler {
	s.mu.RLock()
	r := s.find(path, e)
	if r == nil {
		unwanted := len(s.kinds) > 0
		s.mu.RUnlock()
		if unwanted {
			return answerNull
		}
		return nil
	}
	h := r.wrapped
	s.mu.RUnlock()
	if h != nil {
		return h
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h = r.handler
	for i := len(s.around) - 1; i >= 0; i-- {
		h = s.around[i](h)
	}
	r.wrapped = h
	return h
}

// find returns the route of an event, or nil. Callers hold the lock.
func (s *Server) find(path string, e *event.Event) *route {
	if r := s.hooks[path]; r != nil {
		return r
	}
	if len(s.kinds) > 0 && e.Payload != nil {
		for _, kind := range e.Payload.Event.Kinds() {
			if r := s.kinds[kind]; r != nil {
				return r
			}
		}
	}
	return s.any
}

func answerNull(context.Context, *event.Event) (any, error) { return nil, nil }

// hookPaths returns the paths for the page, escaped as in URLs.
func (s *Server) hookPaths() []string {
	var paths []string
	for _, path := range s.Paths() {
		paths = append(paths, (&url.URL{Path: path}).EscapedPath())
	}
	return paths
}

// hookPath removes trailing slashes from a path.
func hookPath(path string) string { return strings.TrimRight(path, "/") }

// leaves reports whether a path contains . or .. elements, which would change it on its way to
// a target.
func leaves(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
