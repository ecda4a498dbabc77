package jsontree

// What counts as the same value.

import (
	"math/big"
	"strings"
)

const longNumber = 4096 // bytes

// SameScalar tells whether two values that are neither objects nor lists have the same
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

// Equal tells whether two values are the same. The order of an object's members does
// not matter, but for those of the same name; none of these is ignored.
func Equal(a *Doc, x *Node, b *Doc, y *Node) bool {
	switch {
	case x.Kind != y.Kind:
		return false
	case x.Kind == List:
		if len(x.Elements) != len(y.Elements) {
			return false
		}
		for i := range x.Elements {
			if !Equal(a, x.Elements[i], b, y.Elements[i]) {
				return false
			}
		}
		return true
	case x.Kind == Object:
		if len(x.Members) != len(y.Members) {
			return false
		}
		for _, pair := range Pairs(x, y) {
			if pair[0] < 0 || pair[1] < 0 || !Equal(a, x.Members[pair[0]].Value, b, y.Members[pair[1]].Value) {
				return false
			}
		}
		return true
	}
	return SameScalar(x.Kind, a.Raw(x), y.Kind, b.Raw(y))
}

// Pairs matches the members of two objects by name: indices of x and of y, -1 where
// there is none. First come those of x in their order, then those that only y has. Of
// several members of one name the last are matched first, for they are those that
// count.
func Pairs(x, y *Node) [][2]int {
	left := make(map[string][]int, len(y.Members)) // not matched yet, in their order
	for i, m := range y.Members {
		left[m.Name] = append(left[m.Name], i)
	}
	pairs := make([][2]int, len(x.Members), len(x.Members)+len(y.Members))
	for i := len(x.Members) - 1; i >= 0; i-- {
		pairs[i] = [2]int{i, -1}
		name := x.Members[i].Name
		if same := left[name]; len(same) > 0 {
			pairs[i][1] = same[len(same)-1]
			left[name] = same[:len(same)-1]
		}
	}
	for i, m := range y.Members {
		if same := left[m.Name]; len(same) > 0 && i <= same[len(same)-1] {
			pairs = append(pairs, [2]int{-1, i})
		}
	}
	return pairs
}
