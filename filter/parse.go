package filter

// The grammar: alternatives of sequences of terms. A term is read in term.go.

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a filter: far above what a person types, and below what could hang the program.
const (
	maxLength = 4096 // bytes
	maxTerms  = 200
	maxDepth  = 50 // of groups and negations in each other, and of a path
)

// Parse parses a filter. An empty text gives nil. Times such as 2h and 14:30 are relative to
// now, in the time zone of now; the Expr has absolute times. The error is an [*Error].
func Parse(text string, now time.Time) (Expr, error) {
	p := &parser{text: text, now: now}
	x, err := p.all()
	if err != nil {
		return nil, err // not a nil *Error in an error
	}
	return x, nil
}

// A parser is the state of parsing a text.
type parser struct {
	text  string
	pos   int // in bytes
	now   time.Time
	terms int
	depth int
}

func (p *parser) all() (Expr, *Error) {
	switch {
	case len(p.text) > maxLength:
		return nil, &Error{Column: 1, Msg: fmt.Sprintf("a filter can have at most %d bytes", maxLength)}
	case !utf8.ValidString(p.text):
		return nil, &Error{Column: 1, Msg: "the filter is not UTF-8"}
	case p.peek() == end:
		return nil, nil
	}
	x, err := p.alternatives()
	if err == nil && p.peek() == ')' {
		err = p.fail(p.pos, ")", "unexpected ): there is no ( before it")
	}
	return x, err
}

// end is what peek returns at the end of the text.
const end = -1

// peek goes to the next character that is not a space, and returns it.
func (p *parser) peek() rune {
	p.pos = len(p.text) - len(strings.TrimLeftFunc(p.text[p.pos:], unicode.IsSpace))
	return p.next()
}

// next returns the next character, be it a space.
func (p *parser) next() rune {
	if p.pos == len(p.text) {
		return end
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return r
}

// upTo reads until a character for which stop is true, or the end.
func (p *parser) upTo(stop func(rune) bool) string {
	start := p.pos
	p.pos = len(p.text)
	if n := strings.IndexFunc(p.text[start:], stop); n >= 0 {
		p.pos = start + n
	}
	return p.text[start:p.pos]
}

// endsValue reports whether a character ends a value without quotation marks.
func endsValue(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`|()"`, r) }

// fail returns the error for what begins at the byte pos.
func (p *parser) fail(pos int, term, msg string) *Error {
	return &Error{Column: utf8.RuneCountInString(p.text[:pos]) + 1, Term: term, Msg: msg}
}

func (p *parser) alternatives() (Expr, *Error) {
	var list Or
	for {
		x, err := p.sequence()
		if err != nil {
			return nil, err
		}
		if inner, ok := x.(Or); ok {
			list = append(list, inner...)
		} else {
			list = append(list, x)
		}
		if p.peek() != '|' {
			break
		}
		if p.pos++; p.next() == '|' {
			return nil, p.fail(p.pos-1, "||", "use a single | for \"or\"")
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *parser) sequence() (Expr, *Error) {
	var list And
	var same []int // places of the terms that speak of the same target
	for c := p.peek(); c != end && c != '|' && c != ')'; c = p.peek() {
		x, err := p.operand()
		if err != nil {
			return nil, err
		}
		if inner, ok := x.(And); ok {
			list = append(list, inner...)
			continue
		}
		if c != '(' && AboutOutcome(x) {
			same = append(same, len(list))
		}
		list = append(list, x)
	}
	if len(same) > 1 {
		list = list.together(same)
	}
	switch len(list) {
	case 0:
		return nil, p.fail(p.pos, "", "a term is missing here")
	case 1:
		return list[0], nil
	}
	return list, nil
}

// together combines the terms at some indexes into one, at the index of the first.
func (x And) together(places []int) (list And) {
	var same Same
	for i, part := range x {
		if slices.Contains(places, i) {
			same = append(same, part)
		}
	}
	for i, part := range x {
		switch {
		case i == places[0]:
			list = append(list, same)
		case !slices.Contains(places, i):
			list = append(list, part)
		}
	}
	return list
}

// operand parses a term, a group, or the negation of one.
func (p *parser) operand() (Expr, *Error) {
	start := p.pos
	negated, group := p.next() == '-', p.next() == '('
	if !negated && !group {
		x, err := p.term()
		if err == nil {
			p.terms++
			err = p.boundary()
		}
		if err == nil && p.terms > maxTerms {
			err = p.fail(start, "", fmt.Sprintf("a filter can have at most %d terms", maxTerms))
		}
		return x, err
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(start, "", fmt.Sprintf("groups and negations can be nested at most %d deep", maxDepth))
	}
	defer func() { p.depth-- }()
	p.pos++
	if negated {
		if c := p.next(); c == end || c == '|' || c == ')' || unicode.IsSpace(c) {
			return nil, p.fail(start, "-", `a term must follow - directly, for example -word; to search for a dash write "-"`)
		}
		x, err := p.operand()
		return Not{x}, err
	}
	x, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.peek() != ')' {
		return nil, p.fail(start, "(", ") is missing at the end of this group")
	}
	p.pos++
	return x, p.boundary()
}

// boundary checks that a term or group ends where it seems to.
func (p *parser) boundary() *Error {
	if c := p.next(); c == end || c == '|' || c == ')' || unicode.IsSpace(c) {
		return nil
	}
	pos := p.pos
	return p.fail(pos, p.upTo(unicode.IsSpace), `put a space before this, or quotes around the whole, for example "a(b)"`)
}
