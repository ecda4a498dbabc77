package jsonview

// The tab raw: the bytes of the body as they came, as text or in hexadecimal.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// RawView is where the user is in the bytes.
type RawView struct {
	Hex    bool
	Offset int // of the first byte in sight

	// Where the lines of the text begin, as far as they were looked for. A line of
	// JSON may have megabytes.
	starts []int
	w      int // for which starts are
	ended  bool
}

// HexWidth is how many bytes a line of the dump has on w cells.
func HexWidth(w int) int {
	for n := 16; n > 4; n /= 2 {
		if len("00000000  ")+4*n < w {
			return n
		}
	}
	return 4
}

// Line is the number of the line that holds the byte at offset.
func (v *RawView) Line(body []byte, offset, w int) int {
	if v.Hex {
		return offset / HexWidth(w)
	}
	v.reach(body, w, func() bool { return v.starts[len(v.starts)-1] > offset })
	lo, hi := 0, len(v.starts)
	for lo < hi {
		if mid := (lo + hi) / 2; v.starts[mid] <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return max(lo-1, 0)
}

// Begin is the offset of the first byte of a line, or of the last line.
func (v *RawView) Begin(body []byte, line, w int) int {
	line = max(line, 0)
	if v.Hex {
		n := HexWidth(w)
		return min(line, max(len(body)-1, 0)/n) * n
	}
	v.reach(body, w, func() bool { return len(v.starts) > line })
	return v.starts[min(line, len(v.starts)-1)]
}

// reach finds lines of the text until there are enough.
func (v *RawView) reach(body []byte, w int, enough func() bool) {
	if v.w != w || len(v.starts) == 0 {
		v.starts, v.w, v.ended = []int{0}, w, false
	}
	for !v.ended && !enough() {
		next := v.starts[len(v.starts)-1]
		next += lineLength(body[next:], w)
		if v.ended = next >= len(body); !v.ended {
			v.starts = append(v.starts, next)
		}
	}
}

// lineLength is how many bytes have room on a line of w cells, its newline included.
func lineLength(b []byte, w int) int {
	n, clean := 0, true
	for n < len(b) && n < w && b[n] != '\n' {
		clean = clean && b[n] >= ' ' && b[n] <= '~'
		n++
	}
	for !clean && n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n-- // a character stays whole
	}
	for !clean && n > 1 && style.Width(visible.Line(string(b[:n]))) > w {
		_, size := utf8.DecodeLastRune(b[:n])
		n -= size
	}
	if n < len(b) && b[n] == '\n' {
		return n + 1
	}
	return max(n, min(1, len(b)))
}

func (v *RawView) Move(body []byte, n, w int) {
	v.Offset = v.Begin(body, max(v.Line(body, v.Offset, w)+n, 0), w)
}

// AboutBytes is the line over the bytes. It reads all of them.
func AboutBytes(e *event.Event) string {
	kind, letters := "no JSON", "not UTF-8"
	if json.Valid(bytes.TrimPrefix(e.Body, []byte("\xef\xbb\xbf"))) {
		kind = "valid JSON"
	}
	if utf8.Valid(e.Body) {
		letters = "UTF-8"
	}
	kind += ", " + letters
	return fmt.Sprintf(" %s, exactly as received   sha256 %x…%x   %s", style.Plural(int64(len(e.Body)), "byte"), e.SHA256[:2], e.SHA256[30:], kind)
}

// View draws the bytes on w by h cells, with a line about them.
func (v *RawView) View(t *style.Theme, e *event.Event, about string, w, h int, find string) []string {
	if style.Width(about) > w {
		about = strings.Replace(about, ", exactly as received", "", 1)
	}
	lines := []string{t.Dim.Paint(t.Cut(t.Mark.Say(about), w)), t.Line(w, "")}
	return append(lines, v.Lines(t, e.Body, w, h-len(lines), find)...)
}

// Lines are h lines from the offset.
func (v *RawView) Lines(t *style.Theme, body []byte, w, h int, find string) (lines []string) {
	text := max(w-2, 1)
	for at := v.Offset; at < len(body) && len(lines) < h; {
		n := min(HexWidth(text), len(body)-at)
		if v.Hex {
			lines = append(lines, HexLine(t, body, at, HexWidth(text)))
		} else {
			n = lineLength(body[at:], text)
			line := strings.TrimSuffix(string(body[at:at+n]), "\n")
			lines = append(lines, " "+highlight(t, visible.Line(line), find, style.Style{}))
		}
		at += n
	}
	return lines
}

// HexLine is one line of the dump. Bytes that are no printable ASCII are dots.
func HexLine(t *style.Theme, body []byte, at, n int) string {
	var digits, text strings.Builder
	for i := at; i < min(at+n, len(body)); i++ {
		c := body[i]
		fmt.Fprintf(&digits, "%02x ", c)
		if c < ' ' || c > '~' {
			c = '.'
		}
		text.WriteByte(c)
	}
	return " " + t.Dim.Paint(fmt.Sprintf("%08x", at)) + "  " + t.Value.Paint(t.Fit(digits.String(), 3*n)) + " " + text.String()
}
