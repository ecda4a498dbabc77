// Package export writes events in the forms that other tools take, and reads events
// from what other tools write.
//
//	left, err := export.Write(os.Stdout, export.Curl, items, export.Options{})
//
//	for found, err := range export.Read(os.Stdin, time.Now()) {
//		…
//	}
//
// What is written holds no secret, unless it is asked for, and of the headers only
// those that the event's sender gave it: neither those of tunnels and proxies nor
// credentials. What is read goes through the same sieve. All is pure text work:
// nothing is run, and no other file is opened.
package export

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"

	"hfhook/event"
	"hfhook/internal/jsontree"
)

// A Format is a form of writing events.
type Format string

// The formats.
const (
	Curl   Format = "curl"   // shell command, byte-exact
	HTTPie Format = "httpie" // the same, for HTTPie
	Raw    Format = "raw"    // the bytes of an HTTP/1.1 request
	HAR    Format = "har"    // HTTP Archive 1.2, one entry per attempt
	JSON   Format = "json"   // the event whole, indented
	NDJSON Format = "ndjson" // the same, one event a line
	Pytest Format = "pytest" // a test for pytest
	Go     Format = "go"     // a test for go test
	TS     Format = "ts"     // a test for node --test, JavaScript and TypeScript in one
)

// A format has the properties of a Format.
type format struct {
	name   Format
	many   bool // holds more than one event
	secret bool // has a place for the secret
	test   bool // says what the handler should answer
	write  func(*bufio.Writer, iter.Seq[*request], Options) error
}

// formats are the formats in the order of a menu.
var formats = []format{
	{name: Curl, many: true, secret: true, write: writeCurl},
	{name: HTTPie, many: true, secret: true, write: writeHTTPie},
	{name: Raw, secret: true, write: writeRaw},
	{name: HAR, many: true, secret: true, write: writeHAR},
	{name: JSON, write: writeJSON},
	{name: NDJSON, many: true, write: writeNDJSON},
	{name: Pytest, many: true, secret: true, test: true, write: writePytest},
	{name: Go, many: true, secret: true, test: true, write: writeGo},
	{name: TS, many: true, secret: true, test: true, write: writeTS},
}

// Formats are the names of all formats, in the order of a menu.
func Formats() []Format {
	var names []Format
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

func (f Format) known() (format, bool) {
	i := slices.IndexFunc(formats, func(known format) bool { return known.name == f })
	if i < 0 {
		return format{}, false
	}
	return formats[i], true
}

// Known reports whether the format exists.
func (f Format) Known() bool {
	_, ok := f.known()
	return ok
}

// Many reports whether the format can contain more than one event.
func (f Format) Many() bool {
	known, _ := f.known()
	return known.many
}

// Test reports whether the format is a test, which contains the expected answer.
func (f Format) Test() bool {
	known, _ := f.known()
	return known.test
}

// TakesSecret reports whether the format can contain the secret. The others are made to be
// shared, and never contain it.
func (f Format) TakesSecret() bool {
	known, _ := f.known()
	return known.secret
}

// An Item is an event to export.
type Item struct {
	Event      *event.Event
	Deliveries []event.Delivery // its attempts, for the formats that hold them
	URL        string           // where a request made of it goes: an http or https URL, whole
	Target     string           // name of the target that is there, whose answers a test expects; may be empty
}

// Options say how events are written. The zero value is good.
type Options struct {
	// Secret is written in place of a reference to WEBHOOK_SECRET, in the formats that can
	// contain it. Empty: it is not written.
	Secret string

	Version string // of the program that writes, where a format names it

	// For tests: paths of answers to ignore, and whether any 2xx passes if there is no accepted
	// answer.
	Ignore   []jsontree.Path
	AllowNew bool
}

// Left lists what Write left out.
type Left struct {
	Secret  bool       // a place for it is there and empty, or refers to WEBHOOK_SECRET
	Headers []string   // names of the headers of tunnels and proxies, and of credentials
	Tokens  []event.ID // nothing was left out of these events, but they seem to hold an access token of the Hub
}

// token is how the Hub's access tokens look:
// https://huggingface.co/docs/hub/security-tokens.
var token = regexp.MustCompile(`\bhf_[A-Za-z0-9]{30,}`)

// Write writes the items in a format, and returns what was left out. It ends with the first
// error of items or of w, which may then have got a part. A format that is not Many gets one
// item.
func Write(w io.Writer, f Format, items iter.Seq2[Item, error], opts Options) (Left, error) {
	known, ok := f.known()
	if !ok {
		return Left{}, fmt.Errorf("there is no format %q", f)
	}
	left := Left{Secret: known.secret && opts.Secret == ""}
	names := map[string]bool{}
	var failed error
	requests := func(yield func(*request) bool) {
		for item, err := range items {
			var r *request
			if err == nil {
				r, err = newRequest(item, opts.Secret)
			}
			if err == nil && known.test {
				r.answers, r.ignored, err = expect(item, opts)
			}
			if err != nil {
				failed = err
				return
			}
			for _, name := range r.left {
				names[name] = true
			}
			if holdsToken(r) {
				left.Tokens = append(left.Tokens, item.Event.ID)
			}
			if !yield(r) {
				return
			}
		}
	}
	buffered := bufio.NewWriter(w)
	err := known.write(buffered, requests, opts)
	if failed != nil {
		err = failed
	}
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return Left{}, fmt.Errorf("export as %s: %w", f, err)
	}
	left.Headers = slices.Sorted(maps.Keys(names))
	return left, nil
}

// holdsToken reports whether the export of an event contains an access token.
func holdsToken(r *request) bool {
	return token.Match(r.Event.Body) || slices.ContainsFunc(r.header, func(f event.Field) bool { return token.MatchString(f.Value) })
}
