package delivery

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"hfhook/event"
)

// coders apply the content codings that are undone.
var coders = map[string]func(io.Writer) io.WriteCloser{
	"gzip":       func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"zlib":       func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"rawdeflate": func(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, flate.BestSpeed); return f },
	"br":         func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd":       func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
}

func coded(t testing.TB, coder string, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := coders[coder](&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// random is a text that no coding makes shorter by much.
func random(t testing.TB, size int) []byte {
	t.Helper()
	b := make([]byte, size)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodedAnswers(t *testing.T) {
	t.Parallel()
	hello, long := []byte("hello"), []byte(strings.Repeat("many words ", MaxResponseBody/10))
	noise := random(t, 3<<20)
	zeros := make([]byte, 12<<20)
	type test struct {
		name, coding string
		body         []byte
		plain        []byte // nil: it is not known
		head         []byte // what is kept; nil: the beginning of plain
	}
	tests := []test{
		{name: "upper case", coding: " GZIP", body: coded(t, "gzip", hello), plain: hello},
		{name: "other name", coding: "x-gzip", body: coded(t, "gzip", hello), plain: hello},
		{name: "identity", coding: "identity", body: hello, plain: hello},
		{name: "two codings", coding: "br, gzip", body: coded(t, "gzip", coded(t, "br", hello)), plain: hello},
		{name: "two lists", coding: "deflate,identity, zstd", body: coded(t, "zstd", coded(t, "zlib", hello)), plain: hello},
		{name: "five codings", coding: "gzip,gzip,gzip,gzip,gzip", body: hello, head: []byte{}},
		{name: "unknown", coding: "compress", body: hello, head: []byte{}},
		{name: "half", coding: "gzip", body: coded(t, "gzip", hello)[:12], head: []byte("h")},
		{name: "liar", coding: "gzip", body: hello, plain: hello},
		{name: "liar in zstd", coding: "zstd", body: hello, plain: hello},
		{name: "empty", coding: "br", body: []byte{}, plain: []byte{}},
		{name: "empty in a coding", coding: "gzip", body: coded(t, "gzip", nil), plain: []byte{}},
		{name: "bomb", coding: "gzip", body: coded(t, "gzip", zeros), head: zeros[:MaxResponseBody]},
		{name: "bomb in br", coding: "br", body: coded(t, "br", zeros), head: zeros[:MaxResponseBody]},
		{name: "bomb in a bomb", coding: "gzip, gzip", body: coded(t, "gzip", coded(t, "gzip", zeros)), head: zeros[:MaxResponseBody]},
		{name: "too long", coding: "zstd", body: coded(t, "zstd", bytes.Repeat(noise, 22)), head: noise[:MaxResponseBody]},
	}
	for coder := range coders {
		for name, plain := range map[string][]byte{"short": hello, "long": long, "noise": noise} {
			tests = append(tests, test{name: coder + " " + name, coding: coder, body: coded(t, coder, plain), plain: plain})
		}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			coding := strings.NewReplacer("rawdeflate", "deflate", "zlib", "deflate").Replace(test.coding)
			target := handler(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", coding)
				_, _ = w.Write(test.body)
			})
			d := send(t, Options{}, target, hubEvent("{}"))
			head, cut, decoded := test.head, true, event.Sum{}
			if test.plain != nil {
				head, cut = test.plain[:min(len(test.plain), MaxResponseBody)], len(test.plain) > MaxResponseBody
				decoded = event.SumOf(test.plain)
			}
			if d.Err != "" || d.Status != 200 || d.ResponseSize != int64(len(test.body)) || d.ResponseCut != cut || !bytes.Equal(d.ResponseBody, head) {
				t.Errorf("status %d %s, %d bytes %.20q, cut %v, size %d", d.Status, d.Err, len(d.ResponseBody), d.ResponseBody, d.ResponseCut, d.ResponseSize)
			}
			if d.ResponseSent != event.SumOf(test.body) {
				t.Errorf("the sum as sent is %+v", d.ResponseSent)
			}
			if d.ResponseDecoded != decoded {
				t.Errorf("the sum of the text is %+v, want %+v", d.ResponseDecoded, decoded)
			}
		})
	}
}

// FuzzDecode holds every decoder to its limits, whatever it is given.
func FuzzDecode(f *testing.F) {
	for coder := range coders {
		f.Add(strings.NewReplacer("rawdeflate", "deflate", "zlib", "deflate").Replace(coder), coded(f, coder, []byte("hello, hello, hello")))
	}
	f.Fuzz(func(t *testing.T, coding string, body []byte) {
		sent, text := newMeter(bytes.NewReader(body), 10), newMeter(nil, 10)
		err := decode(codings(http.Header{"Content-Encoding": {coding}}), sent, text)
		if text.head.Len() > 10 || text.size > maxDecoded+32<<10 {
			t.Errorf("%d bytes, of which %d are kept: %v", text.size, text.head.Len(), err)
		}
	})
}
