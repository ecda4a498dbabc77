package jsonview

// Finding a text in a payload: in names and values of the tree, also in what is
// folded, or in the bytes of the raw body. Lower case finds upper case too.

import (
	"strings"

	"hfhook/tui/style"
)

// MaxHits is how many places of a text are told apart.
const MaxHits = 9999

// A Hit is one place where the text stands.
type Hit struct {
	Way    []int // to the node: the index at each level
	Offset int   // in the raw body
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
			if matches(k.label(), needle) || !k.Container() && matches(k.whole(), needle) {
				hits = append(hits, Hit{Way: here})
			}
			walk(k, here)
		}
	}
	walk(NewNode(body), nil)
	return hits
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
