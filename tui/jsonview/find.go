package jsonview

// Finding a text in a payload: in names and values of the tree, also in what is
// folded, or in the bytes of the raw body. Lower case finds upper case too.

import (
	"strings"
	"unicode/utf8"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

// MaxHits is how many places of a text are told apart.
const MaxHits = 9999

// A Hit is one place where the text stands.
type Hit struct {
	Way     []int  // to the node: the index at each level
	Offset  int    // in the raw body
	Excerpt string // the text around it, if the tree may not show the whole value; safe to show
}

// fold lowers the letters of ASCII, so that every offset stays.
func fold(s string) string {
	if strings.IndexFunc(s, isUpper) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if isUpper(rune(c)) {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }

// matches reports whether text holds needle. A needle with a capital means it.
func matches(text, needle string) bool { return indexOf(text, needle) >= 0 }

func indexOf(text, needle string) int {
	if fold(needle) == needle {
		text = fold(text)
	}
	return strings.Index(text, needle)
}

// FindNodes looks through a whole body, whose nodes it builds itself: it runs concurrently with
// the screen, whose own nodes change under the user's keys. news is for a tree with NewsFirst.
func FindNodes(body []byte, needle string, news bool) (hits []Hit) {
	var walk func(n *Node, way []int)
	walk = func(n *Node, way []int) {
		kids := n.Members()
		if news {
			kids = newsFirst(n, kids)
		}
		for _, k := range kids {
			if len(hits) == MaxHits {
				return
			}
			here := append(way[:len(way):len(way)], k.index)
			if matches(k.label(), needle) {
				hits = append(hits, Hit{Way: here})
			} else if !k.Container() {
				hits = k.find(hits, here, needle)
			}
			walk(k, here)
		}
	}
	walk(NewNode(body), nil)
	return hits
}

// shownWhole is the length up to which the tree shows a value whole, in bytes.
const shownWhole = 100

// find adds the places of a text in a value: of a short value one.
func (n *Node) find(hits []Hit, way []int, needle string) []Hit {
	value := n.whole()
	if len(value) <= shownWhole && !strings.Contains(value, "\n") {
		if matches(value, needle) {
			hits = append(hits, Hit{Way: way})
		}
		return hits
	}
	return append(hits, FindText(value, needle, way)...)
}

// FindText finds the places of a text in a value at the end of a way.
func FindText(value, needle string, way []int) (hits []Hit) {
	text := value
	if fold(needle) == needle {
		text = fold(text)
	}
	for at := 0; len(hits) < MaxHits; {
		i := strings.Index(text[at:], needle)
		if i < 0 {
			break
		}
		at += i
		hits = append(hits, Hit{Way: way, Excerpt: excerpt(value, at, at+len(needle))})
		at += len(needle)
	}
	return hits
}

// excerpt is a part of a text with some of what is before and after it, on one line.
func excerpt(text string, from, to int) string {
	const before, after = 40, 160
	a, z := max(from-before, 0), min(to+after, len(text))
	for a > 0 && !utf8.RuneStart(text[a]) {
		a--
	}
	for z < len(text) && !utf8.RuneStart(text[z]) {
		z++
	}
	part := visible.Line(text[a:z])
	if a > 0 {
		part = "… " + part
	}
	if z < len(text) {
		part += " …"
	}
	return part
}

// FindBytes looks through the bytes of a body.
func FindBytes(body []byte, needle string) (hits []Hit) {
	text := string(body)
	if fold(needle) == needle {
		text = fold(text)
	}
	for at := 0; len(hits) < MaxHits; {
		i := strings.Index(text[at:], needle)
		if i < 0 {
			break
		}
		hits = append(hits, Hit{Offset: at + i})
		at += i + len(needle)
	}
	return hits
}

// Highlight paints what matches in a text, and the rest in look.
func Highlight(t *style.Theme, text, needle string, look style.Style) string {
	return highlight(t, text, needle, look)
}

// highlight paints what matches in a text, and the rest in look.
func highlight(t *style.Theme, text, needle string, look style.Style) string {
	if needle == "" {
		return look.Paint(text)
	}
	var b strings.Builder
	for text != "" {
		i := indexOf(text, needle)
		if i < 0 {
			break
		}
		b.WriteString(look.Paint(text[:i]))
		b.WriteString(t.Match.Paint(text[i : i+len(needle)]))
		text = text[i+len(needle):]
	}
	return b.String() + look.Paint(text)
}
