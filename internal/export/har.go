package export

// HTTP Archive 1.2: http://www.softwareishard.com/blog/har-12-spec/.

import (
	"bufio"
	"encoding/base64"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"hfhook/event"
)

type harCreator struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type harEntry struct {
	Started  string      `json:"startedDateTime"`
	Time     float64     `json:"time"` // milliseconds, the sum of Timings
	Request  harRequest  `json:"request"`
	Response harResponse `json:"response"`
	Cache    struct{}    `json:"cache"`
	Timings  harTimings  `json:"timings"`
	Own      *harOwn     `json:"_hfhook,omitempty"`
}

// harOwn is what HAR has no word for: which event an entry is an attempt of.
type harOwn struct {
	Event    event.ID  `json:"event"`
	Received time.Time `json:"received"`
	Path     string    `json:"path"`
	Query    string    `json:"query,omitempty"`
	ID       string    `json:"delivery_id,omitempty"`
	IDBytes  []byte    `json:"delivery_id_base64,omitempty"` // in place of one that is not UTF-8
	N        int       `json:"n,omitempty"`                  // number of the attempt
	Error    string    `json:"error,omitempty"`
}

// A harPair is a header or a parameter of a query. HAR has no bytes: those of a header
// that are not UTF-8 are read as Latin-1, as browsers do, and the value has them once
// more as they were.
type harPair struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Base64 []byte `json:"_base64,omitempty"`
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	QueryString []harPair `json:"queryString"`
	PostData    *harText  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"` // -1: not known
	BodySize    int       `json:"bodySize"`
}

// A harText is a body. HAR has an encoding for answers alone, and leaves names that
// begin with _ to programs.
type harText struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"_encoding,omitempty"` // base64, where the body is not UTF-8
}

type harResponse struct {
	Status      int        `json:"status"` // 0: none came
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int64      `json:"bodySize"`
}

type harContent struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// harTimings are milliseconds; -1 is a part that there was not.
type harTimings struct {
	Blocked float64 `json:"blocked"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// writeHAR writes an entry for each attempt, and for an event without any one that
// has no answer.
func writeHAR(w *bufio.Writer, requests iter.Seq[*request], opts Options) error {
	creator, err := encode(harCreator{Name: "hfhook", Version: opts.Version}, "")
	if err != nil {
		return err
	}
	w.WriteString(`{"log":{"version":"1.2","creator":` + strings.TrimSpace(string(creator)) + `,"entries":[`)
	between := "\n"
	put := func(entry harEntry) error {
		text, err := encode(entry, "")
		if err != nil {
			return err
		}
		w.WriteString(between)
		between = ",\n"
		_, err = w.Write(text[:len(text)-1]) // less the line break
		return err
	}
	for r := range requests {
		attempts := 0
		for i := range r.Deliveries {
			if d := &r.Deliveries[i]; d.State == event.Done && !d.Command() { // an archive holds requests
				attempts++
				if err := put(r.entry(d)); err != nil {
					return err
				}
			}
		}
		if attempts == 0 {
			unsent := event.Delivery{Event: r.Event.ID, URL: r.url.String(), Started: r.Event.Received, RequestHeader: r.header}
			if err := put(r.entry(&unsent)); err != nil {
				return err
			}
		}
	}
	_, err = w.WriteString("\n]}}\n")
	return err
}

func (r *request) entry(d *event.Delivery) harEntry {
	e := r.Event
	header := without(d.RequestHeader)
	if r.secret != "" {
		header = append(header, event.Field{Name: secretHeader, Value: r.secret})
	}
	entry := harEntry{
		Started: d.Started.UTC().Format(time.RFC3339Nano),
		Request: harRequest{
			Method: r.method(), URL: ascii(d.URL), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: harPairs(header),
			QueryString: []harPair{}, HeadersSize: -1, BodySize: len(e.Body),
			PostData: &harText{MimeType: mimeType(header)},
		},
		Response: harResponse{
			Status: d.Status, StatusText: http.StatusText(d.Status), HTTPVersion: "HTTP/1.1", Cookies: []harPair{},
			Headers: harPairs(without(d.ResponseHeader)), HeadersSize: -1, BodySize: -1,
			Content: harContent{Size: d.ResponseSize, MimeType: mimeType(d.ResponseHeader)},
		},
		Timings: newTimings(d),
		Own:     &harOwn{Event: e.ID, Received: e.Received.UTC(), Path: e.Path, Query: ascii(e.Query), N: d.N, Error: d.Err},
	}
	entry.Own.ID, entry.Own.IDBytes = splitID(e.DeliveryID)
	t := &entry.Timings
	entry.Time = max(t.Blocked, 0) + max(t.Connect, 0) + t.Send + t.Wait + t.Receive
	if u, err := url.Parse(entry.Request.URL); err == nil {
		for part := range strings.SplitSeq(u.RawQuery, "&") {
			if part != "" {
				name, value, _ := strings.Cut(part, "=")
				entry.Request.QueryString = append(entry.Request.QueryString, harPair{Name: unescaped(name), Value: unescaped(value)})
			}
		}
	}
	post, content := entry.Request.PostData, &entry.Response.Content
	post.Text, post.Encoding = harBody(e.Body)
	content.Text, content.Encoding = harBody(d.ResponseBody)
	if d.ResponseCut {
		content.Comment = "the text is not the whole body"
	}
	return entry
}

func harBody(b []byte) (text, encoding string) {
	if utf8.Valid(b) {
		return string(b), ""
	}
	return base64.StdEncoding.EncodeToString(b), "base64"
}

func harPairs(header []event.Field) []harPair {
	pairs := make([]harPair, 0, len(header))
	for _, f := range header {
		pair := harPair{Name: f.Name, Value: f.Value}
		if !utf8.ValidString(f.Value) {
			pair.Value, pair.Base64 = latin1(f.Value), []byte(f.Value)
		}
		pairs = append(pairs, pair)
	}
	return pairs
}

// value is what the header was.
func (p *harPair) value() string {
	if p.Base64 != nil {
		return string(p.Base64)
	}
	return p.Value
}

// latin1 reads each byte as a character.
func latin1(s string) string {
	text := make([]rune, len(s))
	for i := range len(s) {
		text[i] = rune(s[i])
	}
	return string(text)
}

func mimeType(header []event.Field) string {
	for _, f := range header {
		if strings.EqualFold(f.Name, "Content-Type") {
			if !utf8.ValidString(f.Value) {
				return latin1(f.Value)
			}
			return f.Value
		}
	}
	return ""
}

func newTimings(d *event.Delivery) harTimings {
	p := d.Phases
	t := harTimings{Blocked: -1, Connect: -1, Send: millis(p.Write), Wait: millis(p.FirstByte), Receive: millis(p.Body)}
	if p.Connect > 0 {
		t.Connect = millis(p.Connect)
	}
	// What the phases do not tell of, as the time until an attempt was given up.
	if rest := d.Took - p.Connect - p.Write - p.FirstByte - p.Body; rest > 0 {
		t.Blocked = millis(rest)
	}
	return t
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func unescaped(s string) string {
	if text, err := url.QueryUnescape(s); err == nil && utf8.ValidString(text) {
		return text
	}
	return s
}
