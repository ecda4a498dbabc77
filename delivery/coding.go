package delivery

// Decodes the content codings of answers as a stream: RFC 9110, section 8.4.

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// The limits of decoding, so that a small answer cannot keep a processor busy for long. Memory
// is bounded by the decoders' windows and the part that is kept.
const (
	maxDecoded   = maxRead  // bytes
	maxRatio     = 100      // decoded bytes for each byte that was sent
	ratioFrom    = 8 << 20  // decoded bytes before maxRatio applies: fewer take no time
	maxCodings   = 4        // nested codings of one answer
	maxZstdSpace = 64 << 20 // bytes of a window; RFC 9659 allows an answer 8 MiB
)

var (
	errUnknownCoding  = errors.New("unknown content coding")
	errDecodedTooLong = fmt.Errorf("more than %d MiB", maxDecoded>>20)
	errRatio          = fmt.Errorf("more than %d times what was sent", maxRatio)
)

// codings returns the content codings of an answer in the order in which they were
// applied. Names are in lower case; identity is left out.
func codings(h http.Header) []string {
	var names []string
	for _, value := range h.Values("Content-Encoding") {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" && name != "identity" {
				names = append(names, name)
			}
		}
	}
	return names
}

// decode undoes the codings of body and writes the result to text. The error says why that is
// incomplete. It does not read body to its end.
func decode(names []string, body *meter, text *meter) (err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder that panics on a hostile answer
			err = fmt.Errorf("decode the answer: %v", p)
		}
	}()
	if len(names) > maxCodings {
		return fmt.Errorf("%w: %d nested codings", errUnknownCoding, len(names))
	}
	var r io.Reader = body
	for _, name := range slices.Backward(names) {
		decoder, err := newDecoder(name, r)
		if err != nil {
			return err
		}
		defer decoder.Close()
		r = decoder
	}
	text.source = r
	part := make([]byte, 32<<10)
	for {
		_, err := text.Read(part)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("decode the answer: %w", err)
		case text.size > maxDecoded:
			return errDecodedTooLong
		case text.size > ratioFrom && text.size/maxRatio > body.size:
			return errRatio
		}
	}
}

// newDecoder undoes one content coding.
func newDecoder(name string, r io.Reader) (io.ReadCloser, error) {
	switch name {
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate":
		return newInflater(r)
	case "br":
		return io.NopCloser(brotli.NewReader(r)), nil
	case "zstd":
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdSpace))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return nil, fmt.Errorf("%w: %q", errUnknownCoding, name)
}

// newInflater undoes deflate, which by its definition is a zlib stream; some servers send a
// bare one. The first two bytes of a zlib stream distinguish them: RFC 1950.
func newInflater(r io.Reader) (io.ReadCloser, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil && len(head) == 0 {
		return nil, err
	}
	if len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}
