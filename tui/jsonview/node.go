package jsonview

// JSON taken apart one level at a time: a body may be ten megabytes, and only what
// is unfolded is worth memory.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

func Clipped(s string) string {
	if len(s) > shownValue {
		return strings.ToValidUTF8(s[:shownValue], "") + "…"
	}
	return s
}

const (
	maxKids = 5000     // of one object or array that are shown
	maxText = 16 << 10 // bytes of one value that are shown
)

// A Node is one value.
type Node struct {
	Parent *Node
	Name   string // in an object; empty for the root and in an array
	index  int    // in an array or object
	Raw    []byte // the value as it was sent
	Size   int    // members, of an object or array
	Kids   []*Node
	Opened bool // kids are there, or were found to be none
	Open   bool
	Depth  int // 0 for the members of the root
	names  int // width of the widest of the kids' names
	long   *length
}

func NewNode(body []byte) *Node {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	_, size := skip(body, 0)
	return &Node{Raw: body, Size: size, Depth: -1}
}

// Container reports whether the node has members: an object or an array.
func (n *Node) Container() bool {
	return len(n.Raw) > 0 && (n.Raw[0] == '{' || n.Raw[0] == '[')
}

func (n *Node) IsString() bool { return len(n.Raw) > 0 && n.Raw[0] == '"' }

// Read finds the members, once.
func (n *Node) Read() {
	if !n.Opened {
		n.Adopt(n.Members())
	}
}

func (n *Node) Adopt(kids []*Node) {
	n.Kids, n.Opened = kids, true
	for _, k := range kids {
		n.names = max(n.names, style.Width(k.label()))
	}
}

// Members takes the value apart in one pass over it. It changes nothing.
func (n *Node) Members() (kids []*Node) {
	if !n.Container() {
		return nil
	}
	object := n.Raw[0] == '{'
	for i := space(n.Raw, 1); i < len(n.Raw) && n.Raw[i] != '}' && n.Raw[i] != ']' && len(kids) < maxKids; {
		kid := &Node{Parent: n, index: len(kids), Depth: n.Depth + 1}
		if object {
			end, _ := skip(n.Raw, i)
			kid.Name = decode(n.Raw[i:end], 256)
			if i = space(n.Raw, end); i >= len(n.Raw) || n.Raw[i] != ':' {
				return kids
			}
			i = space(n.Raw, i+1)
		}
		end, size := skip(n.Raw, i)
		if end == i {
			return kids
		}
		kid.Raw, kid.Size = n.Raw[i:end:end], size
		kids = append(kids, kid)
		if i = space(n.Raw, end); i < len(n.Raw) && n.Raw[i] == ',' {
			i = space(n.Raw, i+1)
		}
	}
	return kids
}

// Kid finds a member by its name, or nil.
func (n *Node) Kid(name string) *Node {
	if n == nil {
		return nil
	}
	n.Read()
	for _, k := range n.Kids {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// label is the name as it is shown.
func (n *Node) label() string {
	if n.Parent != nil && n.Parent.Raw[0] == '[' {
		return strconv.Itoa(n.index)
	}
	return visible.Line(n.Name)
}

// text is the value of a node without members as it is shown: strings in quotes.
func (n *Node) text() string {
	if n.IsString() {
		return `"` + visible.Line(decode(loneEscapes(n.Raw), maxText)) + `"`
	}
	return visible.Line(string(n.Raw[:min(len(n.Raw), 256)]))
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

// Str is the string that the node is, or as much of it as is shown.
func (n *Node) Str() string {
	if n == nil || !n.IsString() {
		return ""
	}
	return decode(n.Raw, maxText)
}

// whole is the value of a node without members, to be looked through.
func (n *Node) whole() string {
	if n.IsString() {
		return decode(n.Raw, len(n.Raw))
	}
	return string(n.Raw)
}

// pick finds a node by the indexes on the way to it, and reads what is on the way.
// It is nil where there is no such node.
func (n *Node) pick(way []int) *Node {
	for _, i := range way {
		n.Read()
		if i >= len(n.Kids) {
			return nil
		}
		n = n.Kids[i]
	}
	return n
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Path is where the node is, for example .updatedRefs[0].ref. It takes a time that grows with its
// length: a body can be nested ten thousand deep, and each visible row wants its path.
func (n *Node) Path() string {
	var b strings.Builder
	for _, k := range n.way() {
		switch {
		case k.Parent.Raw[0] == '[':
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(k.index))
			b.WriteByte(']')
		case plainName.MatchString(k.Name):
			b.WriteByte('.')
			b.WriteString(k.Name)
		default:
			fmt.Fprintf(&b, "[%q]", visible.Line(k.Name))
		}
	}
	return b.String()
}

// way are the nodes from the root, which is not among them, to n.
func (n *Node) way() []*Node {
	var way []*Node
	for k := n; k.Parent != nil; k = k.Parent {
		way = append(way, k)
	}
	slices.Reverse(way)
	return way
}

// Copied is the value for the clipboard: what a string stands for, and of everything
// else the JSON.
func (n *Node) Copied() string {
	if n.IsString() {
		return n.whole()
	}
	return string(n.Raw)
}

// Query is a command that takes the value out of the body.
func (n *Node) Query() string {
	var b strings.Builder
	for _, k := range n.way() {
		switch {
		case k.Parent.Raw[0] == '[':
			fmt.Fprintf(&b, "[%d]", k.index)
		case plainName.MatchString(k.Name):
			b.WriteString("." + k.Name)
		default:
			name, _ := json.Marshal(k.Name)
			fmt.Fprintf(&b, "[%s]", name)
		}
	}
	path := b.String()
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
// has. In what is not JSON it may go too far, but never past the end.
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
