package tui

// JSON taken apart one level at a time: a body may be ten megabytes, and only what
// is unfolded is worth memory.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"hfhook/internal/visible"
)

const (
	maxKids = 5000     // of one object or array that are shown
	maxText = 16 << 10 // bytes of one value that are shown
)

// A node is one value.
type node struct {
	parent *node
	name   string // in an object; empty for the root and in an array
	index  int    // in an array or object
	raw    []byte // the value as it was sent
	size   int    // members, of an object or array
	kids   []*node
	opened bool // kids are there, or were found to be none
	open   bool
	depth  int // 0 for the members of the root
	names  int // width of the widest of the kids' names
}

func newNode(body []byte) *node {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	_, size := skip(body, 0)
	return &node{raw: body, size: size, depth: -1}
}

// container tells whether the node has members: an object or an array.
func (n *node) container() bool {
	return len(n.raw) > 0 && (n.raw[0] == '{' || n.raw[0] == '[')
}

func (n *node) isString() bool { return len(n.raw) > 0 && n.raw[0] == '"' }

// read finds the members, once.
func (n *node) read() {
	if !n.opened {
		n.adopt(n.members())
	}
}

func (n *node) adopt(kids []*node) {
	n.kids, n.opened = kids, true
	for _, k := range kids {
		n.names = max(n.names, width(k.label()))
	}
}

// members takes the value apart in one pass over it. It changes nothing.
func (n *node) members() (kids []*node) {
	if !n.container() {
		return nil
	}
	object := n.raw[0] == '{'
	for i := space(n.raw, 1); i < len(n.raw) && n.raw[i] != '}' && n.raw[i] != ']' && len(kids) < maxKids; {
		kid := &node{parent: n, index: len(kids), depth: n.depth + 1}
		if object {
			end, _ := skip(n.raw, i)
			kid.name = decode(n.raw[i:end], 256)
			if i = space(n.raw, end); i >= len(n.raw) || n.raw[i] != ':' {
				return kids
			}
			i = space(n.raw, i+1)
		}
		end, size := skip(n.raw, i)
		if end == i {
			return kids
		}
		kid.raw, kid.size = n.raw[i:end:end], size
		kids = append(kids, kid)
		if i = space(n.raw, end); i < len(n.raw) && n.raw[i] == ',' {
			i = space(n.raw, i+1)
		}
	}
	return kids
}

// kid finds a member by its name, or nil.
func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	n.read()
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// label is the name as it is shown.
func (n *node) label() string {
	if n.parent != nil && n.parent.raw[0] == '[' {
		return strconv.Itoa(n.index)
	}
	return visible.Line(n.name)
}

// text is the value of a node without members as it is shown: strings in quotes.
func (n *node) text() string {
	if n.isString() {
		return `"` + visible.Line(decode(loneEscapes(n.raw), maxText)) + `"`
	}
	return visible.Line(string(n.raw[:min(len(n.raw), 256)]))
}

// loneEscapes has the escapes of a JSON string that stand for no character stay as they
// are written: halves of a pair, as \ud800 alone, which a reader would make all the same.
func loneEscapes(raw []byte) []byte {
	if len(raw) > maxText || !bytes.Contains(raw, []byte(`\u`)) {
		return raw
	}
	half := func(i int) (n uint64, ok bool) {
		if i+6 > len(raw) || raw[i] != '\\' || raw[i+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(raw[i+2:i+6]), 16, 16)
		return n, err == nil
	}
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			continue
		}
		n, ok := half(i)
		next, more := half(i + 6)
		switch {
		case ok && 0xd800 <= n && n < 0xdc00 && more && 0xdc00 <= next && next < 0xe000:
			out = append(out, raw[i:i+12]...)
			i += 11
		case ok && 0xd800 <= n && n < 0xe000:
			out = append(append(out, '\\'), raw[i:i+6]...)
			i += 5
		default:
			out = append(out, raw[i:min(i+2, len(raw))]...)
			i++
		}
	}
	return out
}

// str is the string that the node is, or as much of it as is shown.
func (n *node) str() string {
	if n == nil || !n.isString() {
		return ""
	}
	return decode(n.raw, maxText)
}

// whole is the value of a node without members, to be looked through.
func (n *node) whole() string {
	if n.isString() {
		return decode(n.raw, len(n.raw))
	}
	return string(n.raw)
}

// pick finds a node by the indexes on the way to it, and reads what is on the way.
// It is nil where there is no such node.
func (n *node) pick(way []int) *node {
	for _, i := range way {
		n.read()
		if i >= len(n.kids) {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// path is where the node is, as in .updatedRefs[0].ref.
func (n *node) path() string {
	switch {
	case n.parent == nil:
		return ""
	case n.parent.raw[0] == '[':
		return fmt.Sprintf("%s[%d]", n.parent.path(), n.index)
	case plainName.MatchString(n.name):
		return n.parent.path() + "." + n.name
	}
	return fmt.Sprintf("%s[%q]", n.parent.path(), visible.Line(n.name))
}

// copied is the value for the clipboard: what a string stands for, and of everything
// else the JSON.
func (n *node) copied() string {
	if n.isString() {
		return n.whole()
	}
	return string(n.raw)
}

// query is a command that takes the value out of the body.
func (n *node) query() string {
	path := ""
	for k := n; k.parent != nil; k = k.parent {
		switch {
		case k.parent.raw[0] == '[':
			path = fmt.Sprintf("[%d]", k.index) + path
		case plainName.MatchString(k.name):
			path = "." + k.name + path
		default:
			name, _ := json.Marshal(k.name)
			path = fmt.Sprintf("[%s]", name) + path
		}
	}
	if !strings.HasPrefix(path, ".") {
		path = "." + path
	}
	return "jq '" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// decode reads a JSON string of which no more than limit bytes are wanted.
func decode(raw []byte, limit int) string {
	if len(raw) > limit {
		raw = raw[:limit]
		if i := bytes.LastIndexByte(raw[limit-12:], '\\'); i >= 0 {
			raw = raw[:limit-12+i] // an escape may be cut in two
		}
		raw = append(bytes.Clone(raw), "…\""...)
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

// space is the next index from i that holds no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skip returns the index after the value that begins at i, and how many members it
// has. In what is no JSON it may go too far, but never past the end.
func skip(b []byte, i int) (end, members int) {
	if i >= len(b) {
		return len(b), 0
	}
	switch b[i] {
	case '"':
		return skipString(b, i), 0
	case '{', '[':
	default:
		for end = i; end < len(b); end++ {
			switch b[end] {
			case ',', ':', '{', '[', '}', ']', '"', ' ', '\t', '\n', '\r':
				return end, 0
			}
		}
		return end, 0
	}
	depth := 0
	if next := space(b, i+1); next < len(b) && b[next] != '}' && b[next] != ']' {
		members = 1
	}
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, members
			}
		case ',':
			if depth == 1 {
				members++
			}
		}
		i++
	}
	return len(b), members
}

func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}
