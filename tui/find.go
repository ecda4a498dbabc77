package tui

// Finding a text in a payload: in names and values of the tree, also in what is
// folded, or in the bytes of the raw body. Lower case finds upper case too.

import (
	"strings"
)

// maxHits is how many places of a text are told apart.
const maxHits = 9999

// A hit is one place where the text stands.
type hit struct {
	way    []int // to the node: the index at each level
	offset int   // in the raw body
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

// matches tells whether text holds needle. A needle with a capital means it.
func matches(text, needle string) bool { return indexOf(text, needle) >= 0 }

func indexOf(text, needle string) int {
	if fold(needle) == needle {
		text = fold(text)
	}
	return strings.Index(text, needle)
}

// findNodes looks through a whole body, whose nodes it makes anew: it runs beside
// the screen, whose own nodes change under the user's keys.
func findNodes(body []byte, needle string) (hits []hit) {
	var walk func(n *node, way []int)
	walk = func(n *node, way []int) {
		for i, k := range n.members() {
			if len(hits) == maxHits {
				return
			}
			here := append(way[:len(way):len(way)], i)
			if matches(k.label(), needle) || !k.container() && matches(k.whole(), needle) {
				hits = append(hits, hit{way: here})
			}
			walk(k, here)
		}
	}
	walk(newNode(body), nil)
	return hits
}

// findBytes looks through the bytes of a body.
func findBytes(body []byte, needle string) (hits []hit) {
	text := string(body)
	if fold(needle) == needle {
		text = fold(text)
	}
	for at := 0; len(hits) < maxHits; {
		i := strings.Index(text[at:], needle)
		if i < 0 {
			break
		}
		hits = append(hits, hit{offset: at + i})
		at += i + len(needle)
	}
	return hits
}

// highlight paints what matches in a text, and the rest in look.
func (t *theme) highlight(text, needle string, look style) string {
	if needle == "" {
		return look.paint(text)
	}
	var b strings.Builder
	for text != "" {
		i := indexOf(text, needle)
		if i < 0 {
			break
		}
		b.WriteString(look.paint(text[:i]))
		b.WriteString(t.match.paint(text[i : i+len(needle)]))
		text = text[i+len(needle):]
	}
	return b.String() + look.paint(text)
}
