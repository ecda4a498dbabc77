package export

// Reads events: detects the format of a text, and checks each event.

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"hfhook/event"
	"hfhook/payload"
)

// Errors of Read that callers can distinguish. They are wrapped.
var (
	ErrEmpty   = errors.New("it is empty")
	ErrUnknown = errors.New("not an importable file: expected ndjson, json, HAR, curl commands or a payload")

	// ErrNoDelivery is the reason why a request of an archive was skipped: it is not a POST
	// with a body.
	ErrNoDelivery = errors.New("no POST with a body")
)

var errBadTime = errors.New("its time is out of range (years 1970 to 2261)")

// maxText is the maximum length of a text that must be read completely, in bytes: of each line
// for NDJSON, else of the file.
const maxText = 256 << 20

// A Found is an event that was read, or one that was rejected.
type Found struct {
	Where string // in the text, for example "line 3"

	// Event has no id yet, and the origin import. A body that is not a payload is refused
	// but in hfhook's own records: Faults then says why. Event is nil if it was refused.
	Event      *event.Event
	Deliveries []event.Delivery // its attempts, by number, without the id of their event
	ID, Parent event.ID         // in the store that it was exported from; empty if that is not known
	Faults     error
	AnyTime    bool   // the text does not say when it was received
	Missing    string // what of the event could not be read, and why; empty: nothing

	Refused error
}

// Read finds out what a text is and reads the events of it: records of hfhook, as
// JSON or NDJSON, an HTTP Archive, commands for curl, or the body of a delivery
// alone. What has no time gets the time now. The error ends the sequence: ErrEmpty,
// ErrUnknown, or that of r.
//
// Secrets and credentials in the text are dropped, and so are the headers of
// tunnels and proxies.
func Read(r io.Reader, now time.Time) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		if err := read(bufio.NewReaderSize(r, 64<<10), now, func(f Found) bool { return yield(f, nil) }); err != nil {
			yield(Found{}, err)
		}
	}
}

// mark is the byte-order mark with which some editors begin a file.
var mark = []byte("\ufeff")

func read(in *bufio.Reader, now time.Time, yield func(Found) bool) error {
	var head, line []byte
	n := 0
	for len(bytes.TrimSpace(line)) == 0 {
		var err error
		line, err = readLine(in)
		if err != nil && (err != io.EOF || len(line) == 0) {
			if err == io.EOF {
				return ErrEmpty
			}
			return err
		}
		if head = append(head, line...); len(head) > maxText {
			return errTooLong
		}
		if n++; n == 1 {
			line = bytes.TrimPrefix(line, mark)
		}
	}
	if isRecord(line) {
		return readLines(in, line, n, yield)
	}
	rest, err := io.ReadAll(io.LimitReader(in, maxText+1))
	if err != nil {
		return err
	}
	whole := append(head, rest...)
	if len(whole) > maxText {
		return errTooLong
	}
	switch text := bytes.TrimSpace(bytes.TrimPrefix(whole, mark)); {
	case text[0] == '{' || text[0] == '[':
		return readJSON(whole, now, yield)
	case command.Match(text):
		return readCommands(string(text), now, yield)
	}
	return ErrUnknown
}

var errTooLong = fmt.Errorf("it is longer than %d MiB", maxText>>20)

// command is how a text begins that has a command for curl.
var command = regexp.MustCompile(`\A(\s*#.*\n)*\s*(\$ )?(curl(\.exe)?|base64 -d|printf)\s`)

// readLine reads a line with its end. The last one may have none, and comes with
// io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxText:
			return nil, errTooLong
		case err != bufio.ErrBufferFull:
			return line, err
		}
	}
}

// isRecord reports whether a line is a record, or the beginning of an incomplete one.
func isRecord(line []byte) bool {
	line = bytes.TrimSpace(line)
	if bytes.HasPrefix(line, []byte(`{"schema":1,"type":"`+recordType+`"`)) {
		return true
	}
	var what struct{ Type string }
	return json.Unmarshal(line, &what) == nil && what.Type == recordType
}

// readLines reads NDJSON from line n on. A line that is not a record is rejected, and the
// others are read.
func readLines(in *bufio.Reader, line []byte, n int, yield func(Found) bool) error {
	for {
		if len(bytes.TrimSpace(line)) > 0 && !yield(checked(fmt.Sprintf("line %d", n), true, func() (Found, error) { return readRecord(line) })) {
			return nil
		}
		next, err := readLine(in)
		if err != nil && (err != io.EOF || len(next) == 0) {
			if err == io.EOF {
				return nil
			}
			return err
		}
		line = next
		n++
	}
}

// readJSON reads what begins like JSON: an archive, records over several lines, or a payload,
// which is read as it is, with its faults.
func readJSON(whole []byte, now time.Time, yield func(Found) bool) error {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(whole, mark)))
	for n := 1; ; n++ {
		var value json.RawMessage
		err := dec.Decode(&value)
		if err == io.EOF {
			return nil
		}
		var what struct {
			Schema int
			Type   string
			Log    struct{ Entries *json.RawMessage }
		}
		if err == nil {
			_ = json.Unmarshal(value, &what) // a payload may have other things under these names
		}
		switch {
		case what.Type == recordType || n > 1:
			if !yield(checked(fmt.Sprintf("record %d", n), true, func() (Found, error) {
				if err != nil {
					return Found{}, fmt.Errorf("not a record written by hfhook: %w", err)
				}
				return readRecord(value)
			})) || err != nil {
				return nil
			}
		case what.Log.Entries != nil:
			return readHAR(value, yield)
		case what.Schema == 1 && what.Type != "":
			return fmt.Errorf("%w: these lines come from --json and have no bodies; use hfhook export --as ndjson", ErrUnknown)
		default:
			yield(checked("the payload", false, func() (Found, error) {
				header := []event.Field{{Name: "Content-Type", Value: "application/json"}}
				return Found{Event: newEvent("", "", header, whole, now), AnyTime: true}, nil
			}))
			return nil
		}
	}
}

// newEvent returns an event from a file.
func newEvent(path, query string, header []event.Field, body []byte, received time.Time) *event.Event {
	path = strings.TrimRight(path, "/")
	if path == "" {
		path = "/webhooks"
	}
	e := &event.Event{Capture: event.Capture{
		Received: received, Method: "POST", Path: path, Query: event.WithoutSecret(query), Proto: "HTTP/1.1",
		Header: header, Body: body, SHA256: sha256.Sum256(body), Origin: event.FromImport,
	}}
	e.Header, _ = sift(e)
	e.Header = slices.DeleteFunc(e.Header, func(f event.Field) bool {
		return !httpguts.ValidHeaderFieldName(f.Name) || !httpguts.ValidHeaderFieldValue(f.Value)
	})
	slices.SortStableFunc(e.Header, func(a, b event.Field) int { return strings.Compare(a.Name, b.Name) })
	if ids := e.Values("Webhook-Id"); len(ids) > 0 {
		e.DeliveryID = ids[0]
	}
	return e
}

// checked is what read finds, if a store may have it. Where the body may be
// anything, one that is not a payload is no reason to refuse the event.
func checked(where string, anyBody bool, read func() (Found, error)) Found {
	found, err := read()
	found.Where = where
	if err == nil {
		err = check(found.Event)
	}
	if err == nil {
		e := found.Event
		if _, _, found.Faults = payload.Parse(e.Body); !anyBody {
			err = found.Faults
		}
		e.Payload, e.Warnings = payload.ParseLenient(e.Body)
	}
	if err != nil {
		return Found{Where: where, Refused: err}
	}
	return found
}

func check(e *event.Event) error {
	if !validTime(e.Received) {
		return errBadTime
	}
	if !httpguts.ValidHeaderFieldName(e.Method) { // the same characters
		return fmt.Errorf("invalid method %q", e.Method)
	}
	u, err := url.ParseRequestURI(e.Path)
	if err != nil || e.Path[0] != '/' || u.EscapedPath() != e.Path || u.RawQuery != "" {
		return fmt.Errorf("invalid URL path %q", e.Path)
	}
	if ascii(e.Query) != e.Query || strings.Contains(e.Query, "#") {
		return fmt.Errorf("invalid URL query %q", e.Query)
	}
	if !strings.HasPrefix(e.Proto, "HTTP/") || len(e.Proto) > len("HTTP/1.1") {
		return fmt.Errorf("invalid HTTP version %q", e.Proto)
	}
	if !httpguts.ValidHeaderFieldValue(e.DeliveryID) {
		return fmt.Errorf("invalid delivery id %q", e.DeliveryID)
	}
	return nil
}

// validTime reports whether a store can record a time: it counts nanoseconds in 64 bits.
func validTime(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 2261 }
