// Package output is what commands print: the lines of --json, lines for people, JUnit, and
// the progress of long work.
package output

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/lease"
	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/store"
)

// The lines of --json: one object each, "schema" and "type" first. Keys are only
// ever added.

// A ReadyLine says that hfhook dev receives, and where.
type ReadyLine struct {
	Schema   int      `json:"schema"`
	Type     string   `json:"type"`
	URL      string   `json:"url"`
	LocalURL string   `json:"local_url"`
	Tunnel   string   `json:"tunnel"`
	Targets  []string `json:"targets"`
	Store    string   `json:"store"`
	PID      int      `json:"pid"`
}

type repoPart struct {
	Type payload.RepoType `json:"type"`
	Name string           `json:"name"`
}

type eventLine struct {
	Schema     int               `json:"schema"`
	Type       string            `json:"type"`
	ID         event.ID          `json:"id"`
	Path       string            `json:"path"`
	Scope      payload.Scope     `json:"scope"`
	Action     payload.Action    `json:"action"`
	Repo       repoPart          `json:"repo"`
	Summary    string            `json:"summary"`
	Received   string            `json:"received"`
	Bytes      int               `json:"bytes"`
	SHA256     string            `json:"sha256"`
	DeliveryID string            `json:"delivery_id"`
	Origin     event.Origin      `json:"origin"`
	SecretNo   int               `json:"secret_index,omitempty"` // which of the accepted secrets it came with, the present one being 1
	EventID    event.ID          `json:"event_id,omitempty"`     // what handlers get as X-Hfhook-Event-Id, if it is not the id
	Duplicate  event.ID          `json:"duplicate,omitempty"`
	SameBody   *sameBodyPart     `json:"same_body,omitempty"`
	Parent     event.ID          `json:"parent,omitempty"`
	Pin        string            `json:"pin,omitempty"`
	Note       string            `json:"note,omitempty"`
	Missed     *gapPart          `json:"missed,omitempty"` // the gap in which the Hub sent it first
	Answer     *hubAnswerPart    `json:"answer,omitempty"` // what the sender was told, once that is recorded
	Warnings   []payload.Warning `json:"warnings"`
	Unwanted   bool              `json:"unwanted,omitempty"` // there were targets, and the when= of none took it
	Outcomes   []outcomePart     `json:"outcomes,omitempty"` // what became of it at each target; not on lines that are printed as it comes
}

// A sameBodyPart is the event that has the same body.
type sameBodyPart struct {
	ID       event.ID `json:"id"`
	Received string   `json:"received"`
}

// A gapPart is a time in which nothing could be received.
type gapPart struct {
	From string    `json:"from"`
	To   string    `json:"to"`
	Why  store.Why `json:"why"` // what ended it

	Exact bool `json:"exact"` // it began at from; else at some moment between from and to
}

type hubAnswerPart struct {
	Status int     `json:"status"`
	At     string  `json:"at"`
	MS     float64 `json:"ms"`
	Target string  `json:"target,omitempty"` // whose answer it was; without one it was hfhook's own
	Reason string  `json:"reason,omitempty"` // why it was, though a target's was asked for

	Arrival event.Arrival `json:"arrival,omitempty"` // whether it got out
}

// A DeliveryLine is an attempt.
type DeliveryLine struct {
	Schema  int               `json:"schema"`
	Type    string            `json:"type"`
	Event   event.ID          `json:"event"`
	N       int               `json:"n"` // counted over all targets of the event
	Kind    event.AttemptKind `json:"kind"`
	State   string            `json:"state"`
	Target  string            `json:"target"`
	Status  int               `json:"status"`
	Exit    *int              `json:"exit,omitempty"` // of a command: its status is 200 for 0, and 500 for any other
	MS      float64           `json:"ms"`
	Error   string            `json:"error"`
	Attempt int               `json:"attempt"`        // counted at this target, as n is over all targets of the event
	Hint    string            `json:"hint,omitempty"` // what to do about the answer, if it tells

	// Of one that was withheld: the event that the target has instead, and the command
	// that sends this one.
	SameAs event.ID `json:"same_as,omitempty"`
	Send   string   `json:"send,omitempty"`

	judgedPart
}

type rejectedLine struct {
	Schema int          `json:"schema"`
	Type   string       `json:"type"`
	Status int          `json:"status"`
	Reason event.Reason `json:"reason"`
	Path   string       `json:"path"`
	Bytes  int64        `json:"bytes"`
	Method string       `json:"method"`
	Detail string       `json:"detail"`
	At     string       `json:"at"`

	Faults []payload.Fault `json:"faults,omitempty"` // of the body, with 422
}

type stateLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	Part   string `json:"part"`
	State  string `json:"state"`
	URL    string `json:"url"`
	Code   string `json:"code"`
	Error  string `json:"error"`
	Fix    string `json:"fix,omitempty"`

	Cause   string `json:"cause,omitempty"`    // why, of a tunnel's trouble
	RetryAt string `json:"retry_at,omitempty"` // of the tunnel's next attempt

	NotSetUp bool `json:"not_set_up,omitempty"` // of a tunnel that nobody has set up yet
	Lost     bool `json:"lost,omitempty"`       // of a tunnel that was up in this run

	Webhook string `json:"webhook,omitempty"`
	Text    string `json:"text,omitempty"`
}

// noticeLine is a stateLine of a notice.
type noticeLine struct {
	stateLine
	Target string `json:"target,omitempty"`
}

// NewNoticeLine is the line of a notice.
func NewNoticeLine(n *dev.Notice) noticeLine {
	line := stateLine{Schema: 1, Type: "state", Part: n.About, State: "warning", URL: n.URL, Text: n.Text, Fix: n.Fix}
	if n.About == "configuration" { // as it was before there were others
		line.State, line.Error, line.Text = "refused", n.Text, ""
		if n.OK {
			line.State, line.Error = "read", ""
		}
	}
	return noticeLine{stateLine: line, Target: n.Target}
}

// targetLine is a stateLine of a target.
type targetLine struct {
	stateLine
	Target  string `json:"target"`
	Waiting int    `json:"waiting"`
	Until   string `json:"until,omitempty"`
	Since   string `json:"since,omitempty"`        // it is in this state
	Last    string `json:"last_attempt,omitempty"` // ended then
	InARow  int    `json:"in_a_row,omitempty"`     // failures since the last 2xx

	Routes *routesPart `json:"routes,omitempty"`
}

// routesPart is what is known of the paths of a handler that refused one.
type routesPart struct {
	Sent  string   `json:"sent"`  // the path that was refused
	Found []string `json:"found"` // paths on which the handler says it takes POST
}

// NewTargetLine says what has become of a target.
func NewTargetLine(t *delivery.TargetState) targetLine {
	line := targetLine{
		stateLine: stateLine{Schema: 1, Type: "state", Part: "target", State: string(t.Health), URL: t.URL, Error: t.Err, Fix: t.Hint},
		Target:    t.Name, Waiting: t.Waiting, Since: StampOrNone(t.Since), Last: StampOrNone(t.Last), InARow: t.InARow,
	}
	if r := t.Routes; r.Text() != "" {
		line.Routes = &routesPart{r.Sent, append([]string{}, r.Found...)}
	}
	if t.Paused {
		line.State = "paused"
	}
	if !t.Until.IsZero() {
		line.State, line.Until = "waiting", Stamp(t.Until)
	}
	return line
}

// NewEventLine is the line of an event; gaps are those in which it may have been sent first.
func NewEventLine(e *event.Event, gaps []store.Gap) eventLine {
	line := eventLine{
		Schema: 1, Type: "event", ID: e.ID, Path: e.Path,
		Received: Stamp(e.Received), Bytes: len(e.Body), SHA256: hex.EncodeToString(e.SHA256[:]),
		DeliveryID: e.DeliveryID, Origin: e.Origin, SecretNo: e.Matched, EventID: e.Key, Duplicate: e.Duplicate, Parent: e.Parent, Pin: e.Pin, Note: e.Note,
		Warnings: e.Warnings, Unwanted: e.Unwanted,
	}
	if line.Warnings == nil {
		line.Warnings = []payload.Warning{}
	}
	if e.SameBody != "" {
		line.SameBody = &sameBodyPart{ID: e.SameBody, Received: Stamp(e.SameBodyAt)}
	}
	if g, ok := store.Missed(e, gaps); ok {
		line.Missed = &gapPart{From: Stamp(g.From), To: Stamp(g.To), Why: g.Why, Exact: g.Exact}
	}
	if a := e.Answer; !a.At.IsZero() {
		line.Answer = &hubAnswerPart{Status: a.Status, At: Stamp(a.At), MS: milliseconds(a.Took), Target: a.Target, Reason: a.Reason, Arrival: a.Arrival}
	}
	if p := e.Payload; p != nil {
		line.Scope, line.Action = p.Event.Scope, p.Event.Action
		line.Repo = repoPart{Type: p.Repo.Type, Name: p.Repo.Name}
		line.Summary = p.Summary()
	}
	return line
}

// NewDeliveryLine is the line of an attempt.
func NewDeliveryLine(d *event.Delivery) DeliveryLine {
	line := DeliveryLine{
		Schema: 1, Type: "delivery", Event: d.Event, N: d.N, Attempt: d.Attempt, Kind: d.Kind, State: string(d.State), Target: d.URL,
		Status: d.Status, MS: milliseconds(d.Took), Error: d.Err, Hint: d.Advice(), SameAs: d.SameAs, judgedPart: newJudgedPart(d),
	}
	if d.Exited {
		line.Exit = &d.Exit
	}
	return line
}

// NewRejectedLine is the line of a rejected request.
func NewRejectedLine(r *event.Rejected) rejectedLine {
	return rejectedLine{
		Schema: 1, Type: "rejected", Status: r.Status, Reason: r.Reason, Path: r.Path, Bytes: r.Bytes,
		Method: r.Method, Detail: r.Detail, At: Stamp(r.At), Faults: r.Faults,
	}
}

// NewStoreLine says that nothing can be recorded or read, or that it can again.
func NewStoreLine(n *dev.StoreNews) stateLine {
	line := stateLine{Schema: 1, Type: "state", Part: "store", State: "down", Error: n.Text}
	if n.OK {
		line.State, line.Error, line.Text = "up", "", n.Text
	}
	return line
}

// NewHubLine tells what happened to a webhook on the Hub.
func NewHubLine(n *lease.Notice) stateLine {
	line := stateLine{Schema: 1, Type: "state", Part: "hub", State: string(n.Kind), URL: n.URL, Webhook: n.Webhook, Text: n.Text, Fix: n.Fix}
	if n.Err != nil {
		line.Error = plainerr.Text(n.Err)
	}
	return line
}

// Stamp writes a time to the millisecond, in UTC.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// milliseconds rounds to a tenth.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
}

// WriteLine writes one JSON object and a line break. HTML characters stay as they
// are: nobody puts these lines into a page. What a terminal or a person would not see is
// escaped.
func WriteLine(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(visible.JSON(b.Bytes()))
	return err
}

// StampOrNone is stamp, and empty for the zero time.
func StampOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Stamp(t)
}
