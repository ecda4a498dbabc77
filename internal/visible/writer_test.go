package visible_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"hfhook/internal/visible"
)

// FuzzWriter: however a text is parted, the same comes out.
func FuzzWriter(f *testing.F) {
	f.Add("a\r\nb\tc\x1b[2J\u202e\u0301e\u0301\xff👨\u200d👩\u200d", uint8(1))
	f.Add("é\r\u200d", uint8(0))
	f.Fuzz(checkWriter)
}

// A text of many chunks comes out whole, too.
func TestWriterOfALongText(t *testing.T) {
	t.Parallel()
	checkWriter(t, strings.Repeat("é\r\u200dab\n\t", 20_000), 0)
}

func checkWriter(t *testing.T, text string, size uint8) {
	var b bytes.Buffer
	w := visible.NewWriter(&b)
	for rest := text; rest != ""; {
		n := len(rest)
		if size > 0 {
			n = min(n, int(size))
		}
		if got, err := w.WriteString(rest[:n]); got != n || err != nil {
			t.Fatal(got, err)
		}
		rest = rest[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := visible.Block(text); b.String() != want {
		t.Errorf("%q in parts of %d:\n got %q\nwant %q", text, size, b.String(), want)
	}
	if utf8.ValidString(text) {
		b.Reset()
		if err := visible.WriteJSON(&b, []byte(text)); err != nil || b.String() != string(visible.JSON([]byte(text))) {
			t.Errorf("%q as JSON in parts is %q, %v", text, b.String(), err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestWriterReturnsErrors(t *testing.T) {
	t.Parallel()
	w := visible.NewWriter(broken{})
	if _, err := w.WriteString("a"); err == nil {
		t.Error("no error")
	}
	if err := w.Close(); err == nil {
		t.Error("no error at the end")
	}
}
