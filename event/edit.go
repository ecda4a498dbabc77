package event

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hfhook/payload"
)

// An Edit lists the changes that an edited copy has. Empty fields stay as they are in the
// event.
type Edit struct {
	Body   []byte // nil: unchanged; an empty one is an empty body
	Method string
	Path   string   // escaped; with a query after a ? if the query changes, too
	Header []Field  // replace the headers of the same names
	Drop   []string // names of headers to remove
}

// Empty reports whether the Edit changes nothing.
func (d Edit) Empty() bool {
	return d.Body == nil && d.Method == "" && d.Path == "" && len(d.Header) == 0 && len(d.Drop) == 0
}

// Changing returns the part of the Edit that would change the event.
func (d Edit) Changing(e *Event) Edit {
	if d.Body != nil && bytes.Equal(d.Body, e.Body) {
		d.Body = nil
	}
	if d.Method == cmp.Or(e.Method, "POST") {
		d.Method = ""
	}
	path, query, given := strings.Cut(d.Path, "?")
	if path == e.Path && (!given || WithoutSecret(query) == e.Query) {
		d.Path = ""
	}
	d.Drop = slices.DeleteFunc(slices.Clone(d.Drop), func(name string) bool { return len(e.Values(name)) == 0 })
	d.Header = slices.DeleteFunc(slices.Clone(d.Header), func(f Field) bool {
		values := e.Values(f.Name)
		return len(values) == 1 && values[0] == f.Value
	})
	return d
}

// Check returns an error if a part of the request cannot be sent, and says what to write
// instead. A body is always fine.
func (d Edit) Check() error {
	if d.Method != "" && !isToken(d.Method) { // the same characters
		return fmt.Errorf("invalid method %q: want a word such as PUT", d.Method)
	}
	if d.Path != "" {
		_, err := url.ParseRequestURI(d.Path)
		if err != nil || !strings.HasPrefix(d.Path, "/") || strings.HasPrefix(d.Path, "//") || strings.ContainsAny(d.Path, " #") {
			return fmt.Errorf("invalid path %q: want for example /webhooks/v2, with ?query if needed", d.Path)
		}
	}
	for _, f := range d.Header {
		if !isToken(f.Name) || !isFieldValue(f.Value) {
			return fmt.Errorf("invalid header %q: want a name and a value, such as X-Mode: test", f.Name)
		}
	}
	for _, name := range append(slices.Clone(d.Drop), names(d.Header)...) {
		switch {
		case !isToken(name):
			return fmt.Errorf("invalid name of a header: %q", name)
		case Reserved(name):
			return fmt.Errorf("the header %s cannot be changed: hfhook sets it for each request", name)
		}
	}
	return nil
}

func names(fields []Field) []string {
	var all []string
	for _, f := range fields {
		all = append(all, f.Name)
	}
	return all
}

// Edited returns an edited copy of an event: a new one, made at the given time and not recorded
// yet. Its parent is e, which does not change. The copy is another delivery, so it gets its own
// Webhook-Id. The body need not be a valid payload: Payload has what could be read of it, and
// Warnings what is wrong.
func (e *Event) Edited(edit Edit, at time.Time) *Event {
	made := &Event{Capture: Capture{
		Received: at,
		Method:   cmp.Or(edit.Method, e.Method),
		Path:     e.Path,
		Query:    e.Query,
		Proto:    e.Proto,
		Body:     e.Body,
		SHA256:   e.SHA256,
		Origin:   FromEdit,
		Parent:   e.ID,
		Payload:  e.Payload,
		Warnings: e.Warnings,
	}}
	if edit.Path != "" {
		path, query, given := strings.Cut(edit.Path, "?")
		made.Path = path
		if given {
			made.Query = WithoutSecret(query)
		}
	}
	if edit.Body != nil {
		made.Body, made.SHA256 = edit.Body, sha256.Sum256(edit.Body)
		made.Payload, made.Warnings = payload.ParseLenient(edit.Body)
	}
	made.Header, made.DeliveryID = edit.header(e.Header, len(made.Body))
	return made
}

// header returns the headers of a copy, including its Webhook-Id. A header that is set replaces
// the one of its name, or is added at the end.
func (d Edit) header(original []Field, size int) (header []Field, deliveryID string) {
	id := Field{Name: DeliveryHeader, Value: NewDeliveryID()}
	set := []Field{id}
	for _, f := range d.Header {
		if strings.EqualFold(f.Name, id.Name) {
			set[0] = f
		} else {
			set = append(set, f)
		}
	}
	dropped := func(f Field) bool {
		return slices.ContainsFunc(d.Drop, func(name string) bool { return strings.EqualFold(name, f.Name) })
	}
	put := map[string]bool{} // names in lower case
	replace := func(name string) (is bool) {
		for _, f := range set {
			if strings.EqualFold(f.Name, name) {
				is = true
				if !put[strings.ToLower(name)] && !dropped(f) {
					header = append(header, f)
				}
			}
		}
		put[strings.ToLower(name)] = true
		return is
	}
	for _, f := range original {
		switch {
		case dropped(f) || replace(f.Name):
		case strings.EqualFold(f.Name, "Content-Length"):
			header = append(header, Field{Name: f.Name, Value: strconv.Itoa(size)})
		default:
			header = append(header, f)
		}
	}
	for _, f := range set {
		replace(f.Name)
	}
	if !dropped(set[0]) {
		deliveryID = set[0].Value
	}
	return header, deliveryID
}
