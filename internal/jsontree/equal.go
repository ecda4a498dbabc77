package jsontree

// What counts as the same value.

import (
	"bytes"
	"iter"
	"math/big"
	"strings"
)

const longNumber = 4096 // bytes

// SameScalar reports whether two values that are neither objects nor lists have the same
// value, given their texts. Numbers are compared without loss, whatever their size: 1,
// 1.0 and 10e-1 are the same, 1e400 and 1e401 are not. Strings are compared by what
// they stand for. One number of more than 4,096 bytes is the same as another only if it is
// written the same: nobody means such a one, and to work it out may take minutes.
func SameScalar(a Kind, aText []byte, b Kind, bText []byte) bool {
	switch {
	case a != b:
		return false
	case string(aText) == string(bText):
		return true
	case a == Number && max(len(aText), len(bText)) > longNumber:
		return false
	case a == Number:
		x, y := parseDecimal(string(aText)), parseDecimal(string(bText))
		return x.digits == y.digits && x.negative == y.negative && x.exponent.Cmp(y.exponent) == 0
	case a == String:
		return Unquote(aText) == Unquote(bText)
	}
	return false // booleans of different text
}

// A decimal is ±digits × 10^exponent. The digits neither begin nor end with a 0; those
// of 0 are empty.
type decimal struct {
	negative bool
	digits   string
	exponent *big.Int // JSON sets no limit
}

func parseDecimal(s string) decimal {
	d := decimal{exponent: new(big.Int)}
	s, d.negative = strings.CutPrefix(s, "-")
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		d.exponent.SetString(strings.TrimPrefix(s[i+1:], "+"), 10)
		s = s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	all := strings.TrimLeft(whole+fraction, "0")
	d.digits = strings.TrimRight(all, "0")
	if d.digits == "" {
		return decimal{exponent: new(big.Int)} // 0, also as -0.0e7
	}
	d.exponent.Add(d.exponent, big.NewInt(int64(len(all)-len(d.digits)-len(fraction))))
	return d
}

// Equal reports whether two values are the same. The order of an object's members does
// not matter, except for those of the same name; none of these is ignored.
func Equal(x, y Node) bool { return bytes.Equal(x.Raw(), y.Raw()) || equalWithin(x, y) }

// equalPart is Equal for values in two that are written differently and have whole bytes. A
// value that is most of such a one is probably written differently, too: to compare the bytes
// again on each level would take a time that grows with the depth times the size.
func equalPart(x, y Node, whole int) bool {
	if x.container() && x.End()-x.Start() > whole/2 {
		return equalWithin(x, y)
	}
	return Equal(x, y)
}

// equalWithin is Equal for values of different bytes.
func equalWithin(x, y Node) bool {
	kind := x.Kind()
	if kind != y.Kind() {
		return false
	}
	switch kind {
	case List:
		return sameOrder(x, y)
	case Object:
		if sameNames(x, y) {
			return sameOrder(x, y)
		}
		m := Match(x, y)
		for i, k := range m.Pairs {
			if k < 0 || !equalPart(m.X(i).Value, m.Y(k).Value, x.End()-x.Start()) {
				return false
			}
		}
		return len(m.OnlyY) == 0
	}
	return SameScalar(kind, x.Raw(), y.Kind(), y.Raw())
}

// sameOrder reports whether the values in two objects or lists are equal one by one.
func sameOrder(x, y Node) bool {
	whole := x.End() - x.Start()
	for a, b := range Zip(x, y) {
		if a.IsZero() || b.IsZero() || !equalPart(a, b, whole) {
			return false
		}
	}
	return true
}

// Zip goes over the values in two objects or lists by their place. If one of them has
// fewer, the zero Node stands for what it has not.
func Zip(x, y Node) iter.Seq2[Node, Node] {
	return func(yield func(Node, Node) bool) {
		a, b := Node{x.doc, x.at + width}, Node{y.doc, y.at + width}
		for a.at < x.next() || b.at < y.next() {
			var left, right Node
			if a.at < x.next() {
				left, a.at = a, a.next()
			}
			if b.at < y.next() {
				right, b.at = b, b.next()
			}
			if !yield(left, right) {
				return
			}
		}
	}
}

// sameNames reports whether two objects have the same names in the same order, as far as
// that is seen without looking into escapes.
func sameNames(x, y Node) bool {
	a, b := Node{x.doc, x.at + width}, Node{y.doc, y.at + width}
	endA, endB := x.Start()+1, y.Start()+1
	for a.at < x.next() && b.at < y.next() {
		if !bytes.Equal(nameFrom(x.doc.Text, endA), nameFrom(y.doc.Text, endB)) {
			return false
		}
		endA, endB = a.End(), b.End()
		a.at, b.at = a.next(), b.next()
	}
	return a.at == x.next() && b.at == y.next()
}

// nameFrom is the first name behind a place in a text.
func nameFrom(text []byte, at int) []byte {
	at += bytes.IndexByte(text[at:], '"')
	return text[at:skip(text, at)]
}
