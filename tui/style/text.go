package style

// Text in cells: cutting, padding, and numbers and times in few characters.

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width counts the cells of a text with styles. Most of a frame is ASCII, lines and
// colours, whose width needs no tables: that is most of the time a frame takes.
func Width(s string) int {
	n := 0
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= ' ' && c <= '~':
			n++
			i++
		case c == 0x1b && strings.HasPrefix(s[i:], "\x1b["):
			end := strings.IndexByte(s[i:], 'm')
			if end < 0 || strings.Trim(s[i+2:i+end], "0123456789;:") != "" {
				return ansi.StringWidth(s)
			}
			i += end + 1
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !narrow(r) {
				return ansi.StringWidth(s)
			}
			n++
			i += size
		}
	}
	return n
}

// narrow reports whether r is a mark of the program's own that is one cell wide
// whatever stands beside it.
func narrow(r rune) bool {
	switch r {
	case '…', '–', '«', '»', '·', '•', '→', '←', '✓', '✗', '▸', '▾', '○', '×':
		return true
	}
	return r >= '─' && r <= '╿'
}

// Cut shortens s to at most w cells.
func (t *Theme) Cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	if strings.Contains(s, t.Mark.Tail) {
		// What was cut before may end just there, and one mark is enough.
		if head := ansi.Truncate(s, w-Width(t.Mark.Tail), ""); strings.HasSuffix(ansi.Strip(head), t.Mark.Tail) {
			return head
		}
	}
	return ansi.Truncate(s, w, t.Mark.Tail)
}

// Fit makes s exactly w cells wide.
func (t *Theme) Fit(s string, w int) string {
	s = t.Cut(s, w)
	return s + Spaces(w-Width(s))
}

// Right makes s exactly w cells wide, at the right.
func (t *Theme) Right(s string, w int) string {
	s = t.Cut(s, w)
	return Spaces(w-Width(s)) + s
}

// Lead puts two texts at the two ends of w cells, the right one only where both
// have room.
func (t *Theme) Lead(left, right string, w int) string {
	if Width(left)+2+Width(right) > w {
		right = ""
	}
	return t.Spread(left, right, w)
}

// Spread puts two texts at the two ends of w cells. The left one is cut where both
// have no room, and the right one is left out where the left would vanish.
func (t *Theme) Spread(left, right string, w int) string {
	r := Width(right)
	if r == 0 || r+8 > w {
		return t.Fit(left, w)
	}
	return t.Fit(left, w-r-1) + " " + right
}

// Fill makes lines exactly h lines of at most w cells.
func (t *Theme) Fill(lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range min(h, len(lines)) {
		out[i] = t.Cut(lines[i], w)
	}
	return out
}

// Line is a rule of w cells with words in it.
func (t *Theme) Line(w int, words string) string { return t.LineIn(t.Dim, w, words) }

// LineIn is Line in another look.
func (t *Theme) LineIn(look Style, w int, words string) string {
	if words == "" {
		return look.Paint(strings.Repeat(t.Mark.Rule, max(w, 0)))
	}
	head := strings.Repeat(t.Mark.Rule, 2) + " "
	words = t.Cut(words, w-Width(head)-1)
	rest := max(w-Width(head)-Width(words)-1, 0)
	return look.Paint(head) + words + look.Paint(" "+strings.Repeat(t.Mark.Rule, rest))
}

// Wrap breaks a plain text into lines of at most w cells, at most n of them.
func (t *Theme) Wrap(s string, w, n int) []string {
	if w <= 0 || n <= 0 {
		return nil
	}
	if Width(s) <= w {
		return []string{s}
	}
	// No more than can be shown is looked at: the text may be megabytes.
	shown := ansi.Truncate(s, w*n+1, "")
	lines := strings.Split(wrapWords(shown, w), "\n")
	switch {
	case len(lines) > n:
		lines = append(lines[:n-1], t.Cut(strings.Join(lines[n-1:], " "), w))
	case len(shown) < len(s):
		last := len(lines) - 1
		lines[last] = ansi.Truncate(lines[last], w-Width(t.Mark.Tail), "") + t.Mark.Tail
	}
	return lines
}

// address is a word with a slash: a URL or a path.
var address = regexp.MustCompile(`[^\s/]*/\S*`)

// wrapWords breaks a text at spaces and hyphens, but an address only if no line has room for it.
func wrapWords(s string, w int) string {
	const kept = "\u2011" // a hyphen at which no line ends
	if strings.Contains(s, kept) {
		return ansi.Wrap(s, w, "")
	}
	s = address.ReplaceAllStringFunc(s, func(word string) string {
		if Width(word) > w {
			return word
		}
		return strings.ReplaceAll(word, "-", kept)
	})
	return strings.ReplaceAll(ansi.Wrap(s, w, ""), kept, "-")
}

func Spaces(n int) string {
	const blank = "                                                                                "
	switch {
	case n <= 0:
		return ""
	case n <= len(blank):
		return blank[:n]
	}
	return strings.Repeat(" ", n)
}

// Count writes a number with its thousands apart.
func Count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func Plural(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + one + "s"
}

// HostPart is the address without its path; a command stays as it is.
func HostPart(raw string, short bool) string {
	if strings.HasPrefix(raw, "exec ") {
		return raw
	}
	host, _, _ := strings.Cut(Address(raw, short), "/")
	return host
}

// Address is a URL without its scheme, and where short without a host that is
// this machine.
func Address(raw string, short bool) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	host := u.Host
	if short {
		ip := net.ParseIP(u.Hostname())
		if u.Port() != "" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
			host = ":" + u.Port()
		}
	}
	return host + strings.TrimSuffix(u.EscapedPath(), "/")
}
