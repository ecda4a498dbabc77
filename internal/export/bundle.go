package export

// hfhook's own format of an event: one JSON object with everything that another store needs.
// Keys are only ever added.

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"
	"unicode/utf8"

	"hfhook/event"
)

// recordType is the value of "type" in a record.
const recordType = "record"

type record struct {
	Schema     int          `json:"schema"`
	Type       string       `json:"type"`
	ID         event.ID     `json:"id"`
	Received   time.Time    `json:"received"`
	Method     string       `json:"method,omitempty"` // if it is not POST
	Path       string       `json:"path"`
	Query      string       `json:"query,omitempty"`
	Proto      string       `json:"proto,omitempty"`
	Origin     event.Origin `json:"origin"`
	Parent     event.ID     `json:"parent,omitempty"`
	DeliveryID string       `json:"delivery_id,omitempty"`
	IDBytes    []byte       `json:"delivery_id_base64,omitempty"` // in place of one that is not UTF-8
	Summary    string       `json:"summary,omitempty"`            // for readers
	SHA256     string       `json:"sha256"`                       // of the body
	Headers    []field      `json:"headers"`
	Body       text         `json:"body"`
	Deliveries []attempt    `json:"deliveries"`
}

// A text is a byte string: text if it is UTF-8.
type text struct {
	Text   *string `json:"text,omitempty"`
	Base64 []byte  `json:"base64,omitempty"`
}

type field struct {
	Name   string  `json:"name"`
	Value  *string `json:"value,omitempty"`
	Base64 []byte  `json:"base64,omitempty"` // in place of a value that is not UTF-8
}

type attempt struct {
	N       int                 `json:"n"`
	Kind    event.AttemptKind   `json:"kind"`
	State   event.DeliveryState `json:"state"`
	Target  string              `json:"target"`
	URL     string              `json:"url"`
	SameAs  event.ID            `json:"same_as,omitempty"` // of one that was withheld
	Started time.Time           `json:"started,omitzero"`
	Nanos   time.Duration       `json:"took_ns"`
	Phases  event.Phases        `json:"phases_ns"`
	Status  int                 `json:"status"`
	Exit    *int                `json:"exit,omitempty"` // of a command
	Error   string              `json:"error,omitempty"`
	Sent    []field             `json:"request_headers"`
	Headers []field             `json:"response_headers"`
	Body    text                `json:"response_body"`
	Size    int64               `json:"response_size"`
	Cut     bool                `json:"response_cut,omitempty"` // response_body is not the whole of it

	judged
}

func newText(b []byte) text {
	if !utf8.Valid(b) {
		return text{Base64: b}
	}
	s := string(b)
	return text{Text: &s}
}

func (t text) bytes() []byte {
	if t.Text != nil {
		return []byte(*t.Text)
	}
	return t.Base64
}

// splitID returns a Webhook-Id for JSON: as text, or as bytes.
func splitID(id string) (string, []byte) {
	if utf8.ValidString(id) {
		return id, nil
	}
	return "", []byte(id)
}

func joinID(id string, bytes []byte) string {
	if bytes != nil {
		return string(bytes)
	}
	return id
}

func newFields(header []event.Field) []field {
	list := make([]field, 0, len(header))
	for _, f := range header {
		value := newText([]byte(f.Value))
		list = append(list, field{Name: f.Name, Value: value.Text, Base64: value.Base64})
	}
	return list
}

func eventFields(list []field) []event.Field {
	var header []event.Field
	for _, f := range list {
		header = append(header, event.Field{Name: f.Name, Value: string(text{f.Value, f.Base64}.bytes())})
	}
	return header
}

func newRecord(r *request) record {
	e := r.Event
	sum := sha256.Sum256(e.Body)
	rec := record{
		Schema: 1, Type: recordType, ID: e.ID, Received: e.Received.UTC(), Path: e.Path, Query: ascii(e.Query), Proto: e.Proto,
		Origin: e.Origin, Parent: e.Parent, SHA256: hex.EncodeToString(sum[:]),
		Headers: newFields(r.header), Body: newText(e.Body), Deliveries: []attempt{},
	}
	rec.DeliveryID, rec.IDBytes = splitID(e.DeliveryID)
	if e.Payload != nil {
		rec.Summary = e.Payload.Summary()
	}
	for _, d := range r.Deliveries {
		rec.Deliveries = append(rec.Deliveries, attempt{
			N: d.N, Kind: d.Kind, State: d.State, Target: d.Target, URL: d.URL, SameAs: d.SameAs, Started: d.Started.UTC(), Nanos: d.Took,
			Phases: d.Phases, Status: d.Status, Exit: newExit(&d), Error: d.Err, Sent: newFields(without(d.RequestHeader)),
			Headers: newFields(without(d.ResponseHeader)), Body: newText(d.ResponseBody), Size: d.ResponseSize, Cut: d.ResponseCut, judged: newJudged(&d),
		})
	}
	if e.Method != http.MethodPost {
		rec.Method = e.Method
	}
	return rec
}

// newExit is the exit status of a command.
func newExit(d *event.Delivery) *int {
	if !d.Exited {
		return nil
	}
	return &d.Exit
}

func writeJSON(w *bufio.Writer, requests iter.Seq[*request], _ Options) error {
	return writeRecords(w, requests, "  ")
}

func writeNDJSON(w *bufio.Writer, requests iter.Seq[*request], _ Options) error {
	return writeRecords(w, requests, "")
}

func writeRecords(w *bufio.Writer, requests iter.Seq[*request], indent string) error {
	for r := range requests {
		line, err := encode(newRecord(r), indent)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// readRecord reads one record, which may have been written by hand.
func readRecord(line []byte) (Found, error) {
	var rec record
	if err := json.Unmarshal(line, &rec); err != nil {
		return Found{}, fmt.Errorf("not a record written by hfhook: %w", err)
	}
	switch {
	case rec.Type != recordType:
		return Found{}, fmt.Errorf("unknown record type %q: want a record written by hfhook", rec.Type)
	case rec.Schema != 1:
		return Found{}, fmt.Errorf("unknown record schema %d: this hfhook knows schema 1", rec.Schema)
	case rec.Body.Text == nil && rec.Body.Base64 == nil:
		return Found{}, errors.New("the record has no body")
	}
	body := rec.Body.bytes()
	if sum := sha256.Sum256(body); rec.SHA256 != "" && rec.SHA256 != hex.EncodeToString(sum[:]) {
		return Found{}, errors.New("the body was changed after the export: its SHA-256 differs")
	}
	found := Found{Event: newEvent(rec.Path, rec.Query, eventFields(rec.Headers), body, rec.Received)}
	found.Event.DeliveryID = joinID(rec.DeliveryID, rec.IDBytes)
	if rec.Method != "" {
		found.Event.Method = rec.Method
	}
	if rec.Proto != "" {
		found.Event.Proto = rec.Proto
	}
	var err error
	if rec.ID != "" {
		if found.ID, err = event.ParseID(string(rec.ID)); err != nil {
			return Found{}, fmt.Errorf("id: %w", err)
		}
	}
	if rec.Parent != "" {
		if found.Parent, err = event.ParseID(string(rec.Parent)); err != nil {
			return Found{}, fmt.Errorf("parent: %w", err)
		}
	}
	for i, a := range rec.Deliveries {
		d, err := a.delivery()
		if err != nil {
			return Found{}, fmt.Errorf("delivery %d: %w", i+1, err)
		}
		found.Deliveries = append(found.Deliveries, d)
	}
	return found, nil
}

// delivery returns the attempt as it is recorded here. One that was still waiting is left out:
// the other store has to send it.
func (a *attempt) delivery() (event.Delivery, error) {
	d := event.Delivery{
		N: a.N, Kind: a.Kind, State: a.State, Target: a.Target, URL: a.URL, SameAs: a.SameAs, Started: a.Started, Took: a.Nanos, Phases: a.Phases,
		Status: a.Status, Err: a.Error, RequestHeader: without(eventFields(a.Sent)), ResponseHeader: without(eventFields(a.Headers)),
		ResponseBody: a.Body.bytes(), ResponseSize: a.Size, ResponseCut: a.Cut,
	}
	if a.Exit != nil {
		d.Exited, d.Exit = true, *a.Exit
	}
	switch a.Kind {
	case event.Live, event.Replay:
	default:
		return d, fmt.Errorf("unknown kind %q: want live or replay", a.Kind)
	}
	switch a.State {
	case event.Done, event.Interrupted:
		if !validTime(a.Started) {
			return d, errBadTime
		}
	case event.Waiting, event.Sending, event.Dropped:
		d.State, d.Started = event.Dropped, time.Time{}
	case event.Withheld:
		d.Started = time.Time{}
	default:
		return d, fmt.Errorf("unknown state %q of a delivery: want waiting, sending, done, dropped, withheld or interrupted", a.State)
	}
	if a.Status < 0 || a.Status > 999 || a.Nanos < 0 || a.Size < 0 {
		return d, errors.New("its numbers are inconsistent")
	}
	return d, a.judge(&d)
}
