// Package jsontree reads a JSON text into a tree that knows where in the text each
// value stands. Nothing of the text is lost in it: numbers keep their digits, objects
// the order of their members and those of the same name.
//
//	doc, err := jsontree.Parse(body)
//	if err != nil {
//		return err // a *jsontree.SyntaxError: line and column
//	}
//	node, ok := doc.Lookup(path) // of a Path such as .updatedRefs[0].newSha
//	fmt.Printf("%s", node.Raw())
//
// The tree takes 4 bytes for a string, number, boolean or null, and 12 for an object or a
// list, so that a text of nothing but brackets or zeros takes no more than six times
// its size.
package jsontree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math"
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

// A Doc is a text and its tree. It is not changed, and may be read by several
// goroutines.
type Doc struct {
	Text []byte // as it was given, a byte-order mark included
	Root Node

	// tape has the values in the order of the text. Of a string, number, boolean or null
	// it has the place in the text where it begins. Of an object or list it has where it
	// begins, where it ends, and where in the tape what follows it stands.
	tape []uint32
}

// What an object or a list takes of the tape.
const (
	endOf  = 1 // where in the text it ends
	nextOf = 2 // where in the tape the next value is
	width  = 3
)

// A Node is a value of a Doc. The zero Node is none.
type Node struct {
	doc *Doc
	at  uint32 // in the tape
}

// IsZero reports whether there is no value.
func (n Node) IsZero() bool { return n.doc == nil }

// Start is where the value begins in the text.
func (n Node) Start() int { return int(n.doc.tape[n.at]) }

// End is where the value ends in the text: its last byte is before it.
func (n Node) End() int {
	if n.container() {
		return int(n.doc.tape[n.at+endOf])
	}
	return skip(n.doc.Text, n.Start())
}

// Raw is the text of the value: a part of the Doc's Text, which is not to be changed.
func (n Node) Raw() []byte {
	end := n.End()
	return n.doc.Text[n.Start():end:end]
}

// Kind is the type of the value.
func (n Node) Kind() Kind {
	switch n.first() {
	case '{':
		return Object
	case '[':
		return List
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

func (n Node) first() byte { return n.doc.Text[n.Start()] }

func (n Node) container() bool { return n.first() == '{' || n.first() == '[' }

// next is where in the tape the value behind n stands.
func (n Node) next() uint32 {
	if n.container() {
		return n.doc.tape[n.at+nextOf]
	}
	return n.at + 1
}

// children goes over the values in an object or a list.
func (n Node) children(yield func(Node) bool) {
	if !n.container() {
		return
	}
	for child, end := (Node{n.doc, n.at + width}), n.next(); child.at < end; child.at = child.next() {
		if !yield(child) {
			return
		}
	}
}

// Len is how many members an object has, or elements a list. It takes a time that grows
// with them.
func (n Node) Len() int {
	count := 0
	for range n.children {
		count++
	}
	return count
}

// Leaves is how many values are in n that hold no others: strings, numbers, booleans,
// nulls, and empty objects and lists. It is 1 for such a one.
func (n Node) Leaves() int {
	count := 0
	for at, end := n.at, n.next(); at < end; {
		child := Node{n.doc, at}
		switch {
		case !child.container():
			count++
			at++
		case child.next() == at+width:
			count++
			at += width
		default:
			at += width
		}
	}
	return count
}

// Elements goes over the elements of a list, by index. Any other value has none.
func (n Node) Elements() iter.Seq2[int, Node] {
	return func(yield func(int, Node) bool) {
		if n.first() != '[' {
			return
		}
		i := 0
		for child := range n.children {
			if !yield(i, child) {
				return
			}
			i++
		}
	}
}

// Children are the values in an object or a list, by their place in it.
type Children struct {
	doc *Doc
	at  []uint32
}

// Children lists the values in an object or a list. It takes 4 bytes for each.
func (n Node) Children() Children {
	all := Children{n.doc, make([]uint32, 0, n.Len())}
	for child := range n.children {
		all.at = append(all.at, child.at)
	}
	return all
}

// Len is how many there are, and At the one at a place from 0.
func (c Children) Len() int      { return len(c.at) }
func (c Children) At(i int) Node { return Node{c.doc, c.at[i]} }

// Element returns the element of a list with an index from 0.
func (n Node) Element(index int) (Node, bool) {
	for i, e := range n.Elements() {
		if i == index {
			return e, true
		}
	}
	return Node{}, false
}

// A Member is a member of an object. Its name is the bytes of the text from Start to
// End, with the quotation marks.
type Member struct {
	Start, End int
	Value      Node
}

// Name is the name without quotation marks and escapes.
func (m Member) Name() string { return Unquote(m.quoted()) }

func (m Member) quoted() []byte { return m.Value.doc.Text[m.Start:m.End] }

// Members goes over the members of an object, by their place in it from 0. Any other
// value has none.
func (n Node) Members() iter.Seq2[int, Member] {
	return func(yield func(int, Member) bool) {
		if n.first() != '{' {
			return
		}
		i, end := 0, n.Start()+1
		for child := range n.children {
			m := Member{Start: end + bytes.IndexByte(n.doc.Text[end:], '"'), Value: child}
			m.End = skip(n.doc.Text, m.Start)
			if !yield(i, m) {
				return
			}
			i++
			end = child.End()
		}
	}
}

// Last returns the last member with the name, which is the one that counts if there are
// several.
func (n Node) Last(name string) (last Member, ok bool) {
	for _, m := range n.Members() {
		if Named(m.quoted(), name) {
			last, ok = m, true
		}
	}
	return last, ok
}

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
	if int64(len(text)) > math.MaxUint32 {
		return nil, syntaxError(text, 0, "the text is longer than 4 GiB")
	}
	if bad := firstInvalid(text); bad < len(text) {
		return nil, syntaxError(text, bad, "the text is not UTF-8 here")
	}
	if err := check(text, start); err != nil {
		return nil, err
	}
	doc := &Doc{Text: text, tape: make([]uint32, 0, size(text[start:]))}
	doc.read(start)
	doc.Root = Node{doc, 0}
	return doc, nil
}

// check finds what is wrong with the text, so that the reader need not look.
func check(text []byte, start int) error {
	if json.Valid(text[start:]) {
		return nil
	}
	var raw json.RawMessage
	err := json.Unmarshal(text[start:], &raw)
	const unexpectedEnd = "unexpected end of JSON input"
	at, msg := len(text), err.Error()
	if wrong, ok := err.(*json.SyntaxError); ok && msg != unexpectedEnd {
		at = start + max(int(wrong.Offset)-1, 0) // the offset counts the wrong byte, too
		// To encoding/json the end is a space.
		if strings.HasPrefix(msg, "invalid character ' '") && text[at] != ' ' {
			at, msg = len(text), unexpectedEnd
		}
	}
	return syntaxError(text, at, Words(msg))
}

func syntaxError(text []byte, at int, msg string) *SyntaxError {
	before := bytes.TrimPrefix(text[:at], []byte(bom))
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &SyntaxError{Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(line) + 1, Msg: msg}
}

// firstInvalid returns where the first byte is that is not UTF-8, or the length.
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

// size is how much of the tape a JSON text takes, and read fills it: they go the same
// way, and only what they do differs.
func size(text []byte) int {
	n := 0
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '{', '[':
			n += width
			i++
		case ' ', '\t', '\r', '\n', ',', ':', '}', ']':
			i++
		default:
			i = skip(text, i)
			if c != '"' || !isName(text, i) {
				n++
			}
		}
	}
	return n
}

// read fills the tape from a place in the text, which is known to be JSON.
func (d *Doc) read(i int) {
	var open []uint32 // the objects and lists around, by their place in the tape
	for text := d.Text; i < len(text); {
		switch c := text[i]; c {
		case '{', '[':
			open = append(open, uint32(len(d.tape)))
			d.tape = append(d.tape, uint32(i), 0, 0)
			i++
		case '}', ']':
			i++
			at := open[len(open)-1]
			open = open[:len(open)-1]
			d.tape[at+endOf], d.tape[at+nextOf] = uint32(i), uint32(len(d.tape))
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
		default:
			end := skip(text, i)
			if c != '"' || !isName(text, end) {
				d.tape = append(d.tape, uint32(i))
			}
			i = end
		}
	}
}

// isName reports whether the string that ends at a place is the name of a member: a
// colon is behind it.
func isName(text []byte, end int) bool {
	end = space(text, end)
	return end < len(text) && text[end] == ':'
}
