package local

// Synthetic events that are sent to the session's own server.

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
)

// Sent is an event that was recorded.
type Sent struct {
	Schema  int      `json:"schema"`
	Type    string   `json:"type"` // "sent" or "triggered"
	ID      event.ID `json:"id"`
	Summary string   `json:"summary"`
}

func (s *Server) trigger(r *http.Request) (any, error) {
	var ask struct {
		Kind    string                     `json:"kind"` // for example discussion.comment/create
		Repo    string                     `json:"repo"` // as type:owner/name
		Num     int64                      `json:"num"`
		Content string                     `json:"content"`
		Path    string                     `json:"path"`
		Set     map[string]json.RawMessage `json:"set"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	if ask.Kind == "" {
		return nil, invalid("want a kind, for example {\"kind\":\"discussion/create\"}")
	}
	body, err := sample.New(ask.Kind, sample.Options{Repo: ask.Repo, Num: ask.Num, Content: ask.Content})
	if err != nil {
		return nil, invalid("%w", err)
	}
	if changed, err := (Changes{Set: ask.Set}).apply(body); err != nil {
		return nil, err
	} else if changed != nil {
		body = changed
	}
	return s.post(r, "triggered", dev.Posting{Path: ask.Path, Body: body})
}

func (s *Server) send(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, invalid("read the body: %w", err)
	}
	ask := r.URL.Query()
	return s.post(r, "sent", dev.Posting{Path: ask.Get("path"), Body: body, Delivery: ask.Get("delivery_id"), Unsigned: ask.Get("unsigned") == "true"})
}

func (s *Server) post(r *http.Request, what string, p dev.Posting) (any, error) {
	if err := checkPath(p.Path); err != nil {
		return nil, err
	}
	id, err := s.Session.Send(r.Context(), p)
	if err != nil {
		return nil, err
	}
	made := Sent{Schema: 1, Type: what, ID: id}
	if parsed, _, err := payload.Parse(p.Body); err == nil {
		made.Summary = parsed.Summary()
	}
	return made, nil
}

// checkPath refuses a path that is not one of a webhook; empty is the session's own.
func checkPath(path string) error {
	if path == "" || path == server.Root || strings.HasPrefix(path, server.Root+"/") && !strings.ContainsAny(path, " ?#\r\n") {
		return nil
	}
	return fmt.Errorf("%w: path %q is not below %s", errInvalid, path, server.Root)
}
