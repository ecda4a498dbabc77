package delivery

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"

	"hfhook/event"
	"hfhook/internal/redact"
)

const (
	// MaxResponseBody is how many bytes of an answer's body are recorded.
	MaxResponseBody = 256 << 10

	// maxRead is how many bytes of an answer are read, to count them and to leave the
	// connection usable for the next event.
	maxRead = 64 << 20
)

var errTooLong = fmt.Errorf("the answer was longer than %d MiB", maxRead>>20)

// errShort is the error of an answer whose body is incomplete.
type errShort struct {
	got, want int64 // bytes; want is -1 if the length was not announced
	err       error
}

func (e *errShort) Unwrap() error { return e.err }

func (e *errShort) Error() string {
	if e.want < 0 {
		if e.got == 1 {
			return "1 byte"
		}
		return fmt.Sprintf("%d bytes", e.got)
	}
	return fmt.Sprintf("%d of %d bytes", e.got, e.want)
}

// A meter reads a body, counts and hashes all of it, and keeps its beginning.
type meter struct {
	source io.Reader
	keep   int // bytes

	head bytes.Buffer
	size int64
	sum  hash.Hash
	err  error // of the source; nil for io.EOF
}

func newMeter(source io.Reader, keep int) *meter {
	return &meter{source: source, keep: keep, sum: sha256.New()}
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.source.Read(b)
	m.note(b[:n])
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

// note takes a part of the body that was read.
func (m *meter) note(b []byte) {
	m.size += int64(len(b))
	m.sum.Write(b)
	m.head.Write(b[:min(len(b), max(m.keep-m.head.Len(), 0))])
}

// total returns the Sum of what was read.
func (m *meter) total() event.Sum {
	s := event.Sum{Size: m.size}
	m.sum.Sum(s.SHA256[:0])
	return s
}

// readAnswer records an answer without the secret. The error says why the answer is incomplete.
func readAnswer(d *event.Delivery, resp *http.Response, secret redact.Redactor) error {
	d.Status = resp.StatusCode
	d.ResponseHeader = fields(resp.Header)
	for i, f := range d.ResponseHeader {
		d.ResponseHeader[i] = event.Field{Name: secret.Text(f.Name), Value: secret.Text(f.Value)}
	}

	keep := MaxResponseBody + 1 + secret.Reach() // one more shows whether there is more
	body := newMeter(io.LimitReader(resp.Body, maxRead+1), keep)
	text := body
	var undecoded error
	if names := codings(resp.Header); len(names) > 0 {
		text = newMeter(nil, keep)
		undecoded = decode(names, body, text)
	}
	_, _ = io.Copy(io.Discard, body) // the rest; body keeps the error
	d.ResponseSize = min(body.size, maxRead)
	complete := body.err == nil && body.size <= maxRead
	saysOnly := undecoded != nil && text.size == 0 && !errors.Is(undecoded, errUnknownCoding)
	if complete && (saysOnly || body.size == 0) { // it claims to be encoded but is not, or is empty
		text, undecoded = body, nil
	}
	keepBody(d, body, text, complete, undecoded == nil, secret)
	switch {
	case body.err != nil:
		return &errShort{got: body.size, want: resp.ContentLength, err: body.err}
	case !complete:
		return errTooLong
	}
	return nil
}

// keepBody records the beginning of a body and its sums in d, without the secret. body is what
// was read, complete or not; text is the same with its content coding undone, as far as
// possible. Without a coding, text is body itself.
func keepBody(d *event.Delivery, body, text *meter, whole, decoded bool, secret redact.Redactor) {
	head := text.head.Bytes()
	d.ResponseBody = secret.Bytes(head, MaxResponseBody)
	d.ResponseCut = !decoded || text.size > int64(len(head)) || len(head) > MaxResponseBody
	if !whole {
		return
	}
	d.ResponseSent = body.total()
	if decoded {
		d.ResponseDecoded = text.total()
	}
	if !d.ResponseCut && !bytes.Equal(d.ResponseBody, head) {
		// With a sum of everything but the secret, the secret could be guessed: so the sum
		// leaves it out, too.
		d.ResponseDecoded.SHA256 = sha256.Sum256(d.ResponseBody)
		d.ResponseSent = event.Sum{}
		if text == body {
			d.ResponseSent = d.ResponseDecoded
		}
	}
}
