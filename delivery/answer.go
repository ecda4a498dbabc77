package delivery

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"

	"hfhook/event"
	"hfhook/internal/redact"
)

const (
	// MaxResponseBody is how many bytes of an answer's body are recorded.
	MaxResponseBody = 256 << 10

	// maxRead is how many bytes of an answer are read, to count them and to leave
	// the connection fit for the next event.
	maxRead = 64 << 20
)

var errTooLong = fmt.Errorf("the answer was cut off after %d MiB", maxRead>>20)

// errShort is an answer's body that ended before its end.
type errShort struct {
	got, want int64 // bytes; want is -1 where it was not announced
	err       error
}

func (e *errShort) Unwrap() error { return e.err }

func (e *errShort) Error() string {
	if e.want < 0 {
		return fmt.Sprintf("%d bytes", e.got)
	}
	return fmt.Sprintf("%d of %d bytes", e.got, e.want)
}

// readAnswer records an answer, less the secret. The error says why it is not
// whole.
func readAnswer(d *event.Delivery, resp *http.Response, secret redact.Redactor) error {
	d.Status = resp.StatusCode
	d.ResponseHeader = fields(resp.Header)
	for i, f := range d.ResponseHeader {
		d.ResponseHeader[i] = event.Field{Name: secret.Text(f.Name), Value: secret.Text(f.Value)}
	}

	keep := int64(MaxResponseBody + 1 + secret.Reach()) // one more tells whether there is more
	var head bytes.Buffer
	size, err := io.Copy(&head, io.LimitReader(resp.Body, keep))
	if err == nil && size == keep {
		var more int64
		more, err = io.Copy(io.Discard, io.LimitReader(resp.Body, maxRead+1-size))
		size += more
	}
	d.ResponseSize = size
	plain, cut := decoded(resp.Header, head.Bytes(), keep)
	d.ResponseBody = secret.Bytes(plain, MaxResponseBody)
	d.ResponseCut = cut || size > int64(head.Len()) || len(plain) > MaxResponseBody
	switch {
	case err != nil:
		return &errShort{got: size, want: resp.ContentLength, err: err}
	case size > maxRead:
		d.ResponseSize = maxRead
		return errTooLong
	}
	return nil
}

// decoded undoes the body's content coding, so that it can be read and a secret in
// it be found. Of a body in a coding other than gzip nothing is kept.
func decoded(h http.Header, body []byte, limit int64) (plain []byte, cut bool) {
	switch coding := strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ","))); {
	case coding == "" || coding == "identity" || len(body) == 0:
		return body, false
	case coding != "gzip" && coding != "x-gzip":
		return nil, true
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body, false // it only says that it is gzip
	}
	plain, err = io.ReadAll(io.LimitReader(r, limit))
	return plain, err != nil
}
