// Package jsontree reads a JSON text into a tree that knows where in the text each
// value stands. Nothing of the text is lost in it: numbers keep their digits, objects
// the order of their members and those of the same name.
//
//	doc, err := jsontree.Parse(body)
//	if err != nil {
//		return err // a *jsontree.SyntaxError: line and column
//	}
//	node, ok := doc.Lookup(path) // of a Path as in .updatedRefs[0].newSha
//	fmt.Printf("%s", doc.Raw(node))
package jsontree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Kind is the type of a JSON value.
type Kind string

// The kinds, in the words of messages.
const (
	Object Kind = "object"
	List   Kind = "list"
	String Kind = "string"
	Number Kind = "number"
	Bool   Kind = "boolean"
	Null   Kind = "null"
)

// A Node is a value: the bytes of the text from Start to End, End not included.
type Node struct {
	Kind       Kind
	Start, End int
	Members    []Member // of an object, in the order of the text
	Elements   []*Node  // of a list
}

// A Member is a member of an object. Its name is the bytes from Start to End, with
// the quotation marks.
type Member struct {
	Name       string
	Start, End int
	Value      *Node
}

// Last returns the index of the last member with the name, which is the one that
// counts where there are several, or -1.
func (n *Node) Last(name string) int {
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Name == name {
			return i
		}
	}
	return -1
}

// Hidden tells of each member whether a later one of the same name hides it from most
// readers. It is nil where none does.
func (n *Node) Hidden() []bool {
	var hidden []bool
	later := make(map[string]bool, len(n.Members))
	for i := len(n.Members) - 1; i >= 0; i-- {
		switch name := n.Members[i].Name; {
		case !later[name]:
			later[name] = true
		case hidden == nil:
			hidden = make([]bool, len(n.Members))
			fallthrough
		default:
			hidden[i] = true
		}
	}
	return hidden
}

// A Doc is a text and its tree. It is not changed, and may be read by several
// goroutines.
type Doc struct {
	Text []byte // as it was given, a byte-order mark included
	Root *Node
}

// Raw returns the text of a node: a part of doc.Text, which is not to be changed.
func (d *Doc) Raw(n *Node) []byte { return d.Text[n.Start:n.End] }

// A SyntaxError says where a text stops being JSON. Line and Column begin at 1; the
// column counts characters.
type SyntaxError struct {
	Line, Column int
	Msg          string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// bom is the byte-order mark, which the Hub's receivers accept.
const bom = "\ufeff"

// Parse reads a text, which it keeps. The error is a [*SyntaxError].
func Parse(text []byte) (*Doc, error) {
	start := 0
	if bytes.HasPrefix(text, []byte(bom)) {
		start = len(bom)
	}
	if bad := firstInvalid(text); bad < len(text) {
		return nil, syntaxError(text, bad, "the text is not UTF-8 here")
	}
	if err := check(text, start); err != nil {
		return nil, err
	}
	r := &reader{text: text, pos: start}
	return &Doc{Text: text, Root: r.value()}, nil
}

// check finds what is wrong with the text, so that the reader need not look.
func check(text []byte, start int) error {
	var raw json.RawMessage
	err := json.Unmarshal(text[start:], &raw)
	if err == nil {
		return nil
	}
	const unexpectedEnd = "unexpected end of JSON input"
	at, msg := len(text), err.Error()
	if wrong, ok := err.(*json.SyntaxError); ok && msg != unexpectedEnd {
		at = start + max(int(wrong.Offset)-1, 0) // the offset counts the wrong byte, too
		// To encoding/json the end is a space.
		if strings.HasPrefix(msg, "invalid character ' '") && text[at] != ' ' {
			at, msg = len(text), unexpectedEnd
		}
	}
	return syntaxError(text, at, msg)
}

func syntaxError(text []byte, at int, msg string) *SyntaxError {
	before := bytes.TrimPrefix(text[:at], []byte(bom))
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &SyntaxError{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(line) + 1, Msg: msg}
}

// firstInvalid returns where the first byte is that is no UTF-8, or the length.
func firstInvalid(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

// A reader goes over a text that is known to be JSON.
type reader struct {
	text []byte
	pos  int
}

// peek goes to the next byte that is neither white space nor a comma or colon.
func (r *reader) peek() byte {
	for {
		switch c := r.text[r.pos]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			r.pos++
		default:
			return c
		}
	}
}

func (r *reader) value() *Node {
	n := &Node{}
	first := r.peek()
	n.Start = r.pos
	switch first {
	case '{':
		n.Kind = Object
		r.pos++
		for r.peek() != '}' {
			m := Member{Start: r.pos}
			r.skipString()
			m.End = r.pos
			m.Name = Unquote(r.text[m.Start:m.End])
			m.Value = r.value()
			n.Members = append(n.Members, m)
		}
		r.pos++
	case '[':
		n.Kind = List
		r.pos++
		for r.peek() != ']' {
			n.Elements = append(n.Elements, r.value())
		}
		r.pos++
	case '"':
		n.Kind = String
		r.skipString()
	default:
		switch first {
		case 't', 'f':
			n.Kind = Bool
		case 'n':
			n.Kind = Null
		default:
			n.Kind = Number
		}
		r.skipWord()
	}
	n.End = r.pos
	return n
}

func (r *reader) skipString() {
	for r.pos++; r.text[r.pos] != '"'; r.pos++ {
		if r.text[r.pos] == '\\' {
			r.pos++
		}
	}
	r.pos++
}

// skipWord goes to the end of a number, true, false or null.
func (r *reader) skipWord() {
	for ; r.pos < len(r.text); r.pos++ {
		switch r.text[r.pos] {
		case ' ', '\t', '\r', '\n', ',', ']', '}':
			return
		}
	}
}

// Unquote returns what a JSON string stands for.
func Unquote(quoted []byte) string {
	if !bytes.ContainsRune(quoted, '\\') {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	_ = json.Unmarshal(quoted, &s)
	return s
}

// Quote writes a string as JSON, with no more escapes than there have to be.
func Quote(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // no string fails
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
