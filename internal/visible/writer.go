package visible

import (
	"io"
	"unicode/utf8"
)

// A Writer makes text visible that is written to it a part at a time: what comes out is
// Block of the whole. Close writes what depends on what follows.
type Writer struct {
	w    io.Writer
	st   state
	rest []byte // the beginning of something
	out  []byte
	err  error // of w
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w, st: state{block: true}} }

// chunk is how much is made visible at once, in bytes.
const chunk = 32 << 10

// Write makes p visible. The error is that of the writer below.
func (v *Writer) Write(p []byte) (int, error) { return v.WriteString(string(p)) }

// WriteString is Write.
func (v *Writer) WriteString(s string) (int, error) {
	n := len(s)
	for len(s) > 0 && v.err == nil {
		part := s[:min(len(s), chunk)]
		s = s[len(part):]
		v.show(part, false)
	}
	return n, v.err
}

// show makes a part visible, behind what is left of the one before.
func (v *Writer) show(part string, last bool) {
	if len(v.rest) > 0 {
		part = string(v.rest) + part
	}
	var taken int
	v.out, taken = v.st.show(v.out[:0], part, last)
	v.rest = append(v.rest[:0], part[taken:]...)
	_, v.err = v.w.Write(v.out)
}

// Close writes what is left. It does not close the writer below.
func (v *Writer) Close() error {
	if v.err == nil && len(v.rest) > 0 {
		v.show("", true)
	}
	return v.err
}

// WriteJSON writes what JSON returns, a part at a time. The error is that of w.
func WriteJSON[T string | []byte](w io.Writer, text T) error {
	for len(text) > 0 {
		n := min(len(text), chunk)
		for back := 0; n < len(text) && back < utf8.UTFMax && !utf8.RuneStart(text[n]); back++ {
			n--
		}
		if _, err := w.Write(JSON([]byte(text[:n]))); err != nil {
			return err
		}
		text = text[n:]
	}
	return nil
}
