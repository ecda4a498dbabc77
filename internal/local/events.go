package local

// What the API shows of events, and does with them.

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/store"
)

// Limits of a page of events.
const (
	usualPage = 50
	mostPage  = 500
)

// id is the event of the path, which may be named as on the command line.
func (s *Server) id(r *http.Request) (event.ID, error) {
	return s.Session.Resolve(r.Context(), r.PathValue("id"))
}

// find is the event of the path, whole.
func (s *Server) find(r *http.Request) (*event.Event, error) {
	id, err := s.id(r)
	if err != nil {
		return nil, err
	}
	return s.Session.Event(r.Context(), id)
}

// A page is a part of the events, newest first.
type page struct {
	Schema int      `json:"schema"`
	Type   string   `json:"type"` // "events"
	Events []any    `json:"events"`
	Next   event.ID `json:"next,omitempty"` // as before of the next page; empty: there is none
}

func (s *Server) events(r *http.Request) (any, error) {
	ask := r.URL.Query()
	q := store.Query{Limit: usualPage}
	var err error
	if q.Filter, err = filter.Parse(ask.Get("filter"), time.Now()); err != nil {
		return nil, invalid("filter: %w", err)
	}
	if text := ask.Get("limit"); text != "" {
		if q.Limit, err = strconv.Atoi(text); err != nil || q.Limit < 1 || q.Limit > mostPage {
			return nil, invalid("limit %q: want 1 to %d", text, mostPage)
		}
	}
	if text := ask.Get("before"); text != "" {
		if q.Before, err = event.ParseID(text); err != nil {
			return nil, invalid("before: %w", err)
		}
	}
	found, err := s.Session.List(r.Context(), q)
	if err != nil {
		return nil, err
	}
	made := page{Schema: 1, Type: "events", Events: []any{}, Next: found.Next}
	gaps := s.Session.State().Gaps
	for i := range found.Rows {
		row := &found.Rows[i]
		e, err := s.Session.Event(r.Context(), row.ID)
		if err != nil {
			continue // deleted meanwhile, or damaged: the rest can be read
		}
		line := output.NewEventLine(e, gaps)
		line.Outcomes = output.OutcomeParts(row.Outcomes)
		made.Events = append(made.Events, line)
	}
	if made.Next == "" && found.Older && len(found.Rows) > 0 {
		made.Next = found.Rows[len(found.Rows)-1].ID
	}
	return made, nil
}

func (s *Server) event(r *http.Request) (any, error) {
	e, err := s.find(r)
	if err != nil {
		return nil, err
	}
	return output.NewEventLine(e, s.Session.State().Gaps), nil
}

// body writes the bytes as they were received.
func (s *Server) body(w http.ResponseWriter, r *http.Request) {
	e, err := s.find(r)
	if err != nil {
		s.write(w, nil, err)
		return
	}
	// Whatever it is, a browser does not take it for a page.
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(e.Body)))
	_, _ = w.Write(e.Body)
}

// attempts are those of an event, oldest first.
type attempts struct {
	Schema     int                   `json:"schema"`
	Type       string                `json:"type"` // "deliveries"
	Event      event.ID              `json:"event"`
	Deliveries []output.DeliveryLine `json:"deliveries"`
}

func (s *Server) deliveries(r *http.Request) (any, error) {
	e, err := s.find(r)
	if err != nil {
		return nil, err
	}
	all, err := s.Session.Deliveries(r.Context(), e.ID)
	if err != nil {
		return nil, err
	}
	made := attempts{Schema: 1, Type: "deliveries", Event: e.ID, Deliveries: []output.DeliveryLine{}}
	for i := range all {
		made.Deliveries = append(made.Deliveries, output.NewDeliveryLine(&all[i]))
	}
	return made, nil
}

// A Deleted says how many events were deleted.
type Deleted struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // "deleted"
	Events int    `json:"events"`
}

func (s *Server) deleteEvent(r *http.Request) (any, error) {
	id, err := s.id(r)
	if err != nil {
		return nil, err
	}
	n, err := s.Session.Delete(r.Context(), id)
	return Deleted{Schema: 1, Type: "deleted", Events: n}, err
}

// A Replay is one attempt that is asked for. Target is the name of a target of the session, To an
// address as on the command line: one of them is given, or neither if the session has one target.
type Replay struct {
	Target   string   `json:"target,omitempty"`
	To       string   `json:"to,omitempty"`
	Name     string   `json:"name,omitempty"`    // under which an attempt at To is recorded
	Timeout  string   `json:"timeout,omitempty"` // for example 5s
	Header   []string `json:"header,omitempty"`  // sent besides, for example "X-Mode: test"
	Insecure bool     `json:"insecure,omitempty"`

	AsNew      bool   `json:"as_new,omitempty"`
	Exact      bool   `json:"exact,omitempty"`
	Unmarked   bool   `json:"unmarked,omitempty"`
	NewEventID bool   `json:"new_event_id,omitempty"`
	Compare    bool   `json:"for_comparison,omitempty"`
	Secret     string `json:"secret,omitempty"` // "always", "never"; empty: this machine gets it, and the hosts of --send-secret-to

	Changes // of a copy that is recorded and sent in place of the event
}

// Changes make an edited copy of an event. Body stands for the whole one; the others change the
// body that there is.
type Changes struct {
	Body  string                     `json:"body,omitempty"`
	Set   map[string]json.RawMessage `json:"set,omitempty"` // values by path, for example ".comment.content"
	Unset []string                   `json:"unset,omitempty"`
	Patch json.RawMessage            `json:"patch,omitempty"` // RFC 7396
}

// apply returns the changed body; nil: nothing is changed.
func (c Changes) apply(body []byte) ([]byte, error) {
	was, err := body, error(nil)
	if c.Body != "" {
		body = []byte(c.Body)
	}
	if len(c.Patch) > 0 {
		if body, err = jsonedit.MergePatch(body, c.Patch); err != nil {
			return nil, invalid("patch: %w", err)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(c.Set)) {
		path, err := jsontree.ParsePath(text)
		if err != nil {
			return nil, invalid("set %s: %w", text, err)
		}
		if body, err = jsonedit.Set(body, path, c.Set[text]); err != nil {
			return nil, invalid("set %s: %w", text, err)
		}
	}
	for _, text := range c.Unset {
		path, err := jsontree.ParsePath(text)
		if err != nil {
			return nil, invalid("unset %s: %w", text, err)
		}
		if body, err = jsonedit.Unset(body, path); err != nil {
			return nil, invalid("unset %s: %w", text, err)
		}
	}
	if bytes.Equal(was, body) {
		return nil, nil
	}
	return body, nil
}

// Replayed is an attempt that was made and recorded.
type Replayed struct {
	output.DeliveryLine
	Name    string   `json:"name"`             // of the target
	Parent  event.ID `json:"parent,omitempty"` // if an edited copy was sent, the event that it is a copy of
	Refused bool     `json:"refused"`          // the target took no connection
}

func (s *Server) replay(r *http.Request) (any, error) {
	var ask Replay
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	once, err := s.once(ask)
	if err != nil {
		return nil, err
	}
	e, err := s.find(r)
	if err != nil {
		return nil, err
	}
	e, err = s.edited(r, e, ask.Changes)
	if err != nil {
		return nil, err
	}
	sent, err := s.Session.ReplayOnce(r.Context(), e.ID, once)
	if err != nil {
		return nil, err
	}
	return Replayed{DeliveryLine: output.NewDeliveryLine(&sent.Delivery), Name: sent.Delivery.Target, Parent: e.Parent, Refused: sent.Refused}, nil
}

// once is what a request asks for.
func (s *Server) once(ask Replay) (dev.Once, error) {
	once := dev.Once{Target: ask.Target, Other: ask.To, Name: ask.Name, Insecure: ask.Insecure}
	if ask.Timeout != "" {
		within, err := time.ParseDuration(ask.Timeout)
		if err != nil || within <= 0 {
			return once, invalid("timeout %q: want a time such as 5s", ask.Timeout)
		}
		once.Timeout = within
	}
	for _, text := range ask.Header {
		field, err := delivery.ParseHeader(text)
		if err != nil {
			return once, invalid("header: %w", err)
		}
		once.Header = append(once.Header, field)
	}
	once.ReplayAs = dev.ReplayAs{New: ask.AsNew, Exact: ask.Exact, Unmarked: ask.Unmarked, NewEventID: ask.NewEventID, ForComparison: ask.Compare}
	switch ask.Secret {
	case "":
	case "always":
		once.ReplayAs.Secret = dev.SecretAlways
	case "never":
		once.ReplayAs.Secret = dev.SecretNever
	default:
		return once, invalid("secret %q: want always or never", ask.Secret)
	}
	targets := s.Session.State().Targets
	switch {
	case ask.Target != "" && ask.To != "":
		return once, invalid("give either target or to, not both")
	case ask.To != "":
		if _, err := delivery.ParseTarget(ask.To); err != nil {
			return once, invalid("to: %w", err)
		}
	case ask.Target != "":
	case len(targets) == 1:
		once.Target = targets[0].Name
	default:
		return once, invalid("there are %d targets: want the name of one as target, or an address as to", len(targets))
	}
	return once, nil
}

// edited records the changed copy of an event, or returns the event if there are no changes.
func (s *Server) edited(r *http.Request, e *event.Event, c Changes) (*event.Event, error) {
	body, err := c.apply(e.Body)
	if err != nil || body == nil {
		return e, err
	}
	return s.Session.Edit(r.Context(), e.ID, event.Edit{Body: body})
}

func (s *Server) edit(r *http.Request) (any, error) {
	var ask Changes
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	e, err := s.find(r)
	if err != nil {
		return nil, err
	}
	made, err := s.edited(r, e, ask)
	if err != nil {
		return nil, err
	}
	if made == e {
		return nil, invalid("nothing is changed: want body, set, unset or patch")
	}
	return output.NewEventLine(made, nil), nil
}

// done is the answer if there is nothing else to say.
type done struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // "done"
}

var isDone = done{Schema: 1, Type: "done"}

func (s *Server) accept(r *http.Request) (any, error) {
	var ask struct {
		Attempt int   `json:"attempt"`
		Right   *bool `json:"right"` // nil: true
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	id, err := s.id(r)
	if err != nil {
		return nil, err
	}
	return isDone, s.Session.Accept(r.Context(), id, ask.Attempt, ask.Right == nil || *ask.Right)
}

func (s *Server) pin(r *http.Request) (any, error) {
	var ask struct {
		Name string `json:"name"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	id, err := s.id(r)
	if err != nil {
		return nil, err
	}
	return isDone, s.Session.Pin(r.Context(), id, ask.Name)
}

func (s *Server) note(r *http.Request) (any, error) {
	var ask struct {
		Text string `json:"text"`
	}
	if err := read(r, &ask); err != nil {
		return nil, err
	}
	id, err := s.id(r)
	if err != nil {
		return nil, err
	}
	return isDone, s.Session.Note(r.Context(), id, ask.Text)
}
