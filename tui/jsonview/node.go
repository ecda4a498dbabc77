package jsonview

// JSON taken apart one level at a time: a body may be ten megabytes, and only what
// is unfolded is worth memory.

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"hfhook/filter"
	"hfhook/internal/jsontree"
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
	return &Node{Raw: body, Size: jsontree.Size(body), Depth: -1}
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
	for part := range jsontree.Parts(n.Raw) {
		if len(kids) == maxKids {
			break
		}
		kid := &Node{Parent: n, index: len(kids), Depth: n.Depth + 1, Raw: part.Text, Size: part.Size}
		if part.Name != nil {
			kid.Name = decode(part.Name, 256)
		}
		kids = append(kids, kid)
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
	var b strings.Builder
	for text := string(raw); text != ""; {
		r, size := jsontree.Escape(text)
		switch {
		case utf16.IsSurrogate(r):
			b.WriteByte('\\')
		case size > 0:
		case text[0] == '\\':
			size = min(2, len(text))
		default:
			size = 1
		}
		b.WriteString(text[:size])
		text = text[size:]
	}
	return []byte(b.String())
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
// It is nil if there is no such node.
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

// Path is where the node is, for example .updatedRefs[0].ref, as filters and commands take it.
// It takes a time that grows with its length: a body can be nested ten thousand deep, and each
// visible row wants its path.
func (n *Node) Path() string { return visible.Line(n.path().String()) }

// Steps is the path for a filter.
func (n *Node) Steps() filter.Steps {
	var steps filter.Steps
	for _, s := range n.path() {
		steps = append(steps, filter.Step(s))
	}
	return steps
}

func (n *Node) path() (path jsontree.Path) {
	for k := n; k.Parent != nil; k = k.Parent {
		step := jsontree.Step{Index: k.index}
		if k.Parent.Raw[0] == '{' {
			step = jsontree.Step{Name: k.Name, Index: jsontree.ByName}
		}
		path = append(path, step)
	}
	slices.Reverse(path)
	return path
}

// Copied is the value for the clipboard: what a string stands for, and of everything
// else the JSON.
func (n *Node) Copied() string {
	if n.IsString() {
		return n.whole()
	}
	return string(n.Raw)
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) // to jq

// Query is a command that takes the value out of the body.
func (n *Node) Query() string {
	var b strings.Builder
	for _, s := range n.path() {
		switch {
		case s.Index >= 0:
			fmt.Fprintf(&b, "[%d]", s.Index)
		case plainName.MatchString(s.Name):
			b.WriteString("." + s.Name)
		default:
			fmt.Fprintf(&b, "[%s]", jsontree.Quote(s.Name))
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
	if s, ok := jsontree.ParseString(raw); ok {
		return s
	}
	return string(raw)
}
