package jsontree

// Which member of an object stands for which member of another.

import (
	"bytes"
	"cmp"
	"slices"
)

// A Matching pairs the members of two objects by name. Of several members of one name
// the last are paired first, for they are those that count.
type Matching struct {
	Pairs []int32 // of each member of x the place of its partner in y, or -1
	OnlyY []int32 // the members of y that have no partner, in their order

	x, y             members
	hiddenX, hiddenY []bool // nil until they are asked for
}

// Match pairs the members of two objects.
func Match(x, y Node) *Matching {
	m := &Matching{x: newMembers(x), y: newMembers(y)}
	m.Pairs = make([]int32, len(m.x.list))
	if m.alike() {
		for i := range m.Pairs {
			m.Pairs[i] = int32(i)
		}
		return m
	}
	for i := range m.Pairs {
		m.Pairs[i] = -1
	}
	paired := make([]bool, len(m.y.list))
	xs, ys := m.x.sorted(), m.y.sorted()
	for len(xs) > 0 && len(ys) > 0 { // from the end: the last of each name
		i, k := xs[len(xs)-1], ys[len(ys)-1]
		switch order := bytes.Compare(m.x.name(i), m.y.name(k)); {
		case order > 0:
			xs = xs[:len(xs)-1]
		case order < 0:
			ys = ys[:len(ys)-1]
		default:
			m.Pairs[i], paired[k] = k, true
			xs, ys = xs[:len(xs)-1], ys[:len(ys)-1]
		}
	}
	for k, done := range paired {
		if !done {
			m.OnlyY = append(m.OnlyY, int32(k))
		}
	}
	return m
}

// alike reports whether the objects have the same names in the same order.
func (m *Matching) alike() bool {
	if len(m.x.list) != len(m.y.list) {
		return false
	}
	for i := range m.x.list {
		if !bytes.Equal(m.x.name(int32(i)), m.y.name(int32(i))) {
			return false
		}
	}
	return true
}

// X is a member of x, and Y one of y, by its place.
func (m *Matching) X(i int) Member   { return m.x.member(i) }
func (m *Matching) Y(i int32) Member { return m.y.member(int(i)) }

// HiddenX reports whether a later member of the same name hides a member of x from most
// readers.
func (m *Matching) HiddenX(i int) bool {
	if m.hiddenX == nil {
		m.hiddenX = m.x.hidden()
	}
	return m.hiddenX[i]
}

// HiddenY is HiddenX for y.
func (m *Matching) HiddenY(i int32) bool {
	if m.hiddenY == nil {
		m.hiddenY = m.y.hidden()
	}
	return m.hiddenY[i]
}

// members are the members of an object, which may be a million.
type members struct {
	doc   *Doc
	list  []place
	names [][]byte // without escapes; nil if no name has any
}

// A place is where a name begins and ends in the text, and a value in the tape.
type place struct{ start, end, at uint32 }

func newMembers(n Node) members {
	all := members{doc: n.doc, list: make([]place, 0, n.Len())}
	escaped := false
	for _, m := range n.Members() {
		all.list = append(all.list, place{uint32(m.Start), uint32(m.End), m.Value.at})
		escaped = escaped || bytes.IndexByte(m.quoted(), '\\') >= 0
	}
	if escaped {
		all.names = make([][]byte, len(all.list))
		for i := range all.list {
			quoted := all.member(i).quoted()
			if all.names[i] = quoted[1 : len(quoted)-1]; bytes.IndexByte(quoted, '\\') >= 0 {
				all.names[i] = []byte(Unquote(quoted))
			}
		}
	}
	return all
}

func (m *members) member(i int) Member {
	p := m.list[i]
	return Member{Start: int(p.start), End: int(p.end), Value: Node{m.doc, p.at}}
}

func (m *members) name(i int32) []byte {
	if m.names != nil {
		return m.names[i]
	}
	p := m.list[i]
	return m.doc.Text[p.start+1 : p.end-1]
}

// sorted are the places by name, and those of one name in their order.
func (m *members) sorted() []int32 {
	order := make([]int32, len(m.list))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(bytes.Compare(m.name(a), m.name(b)), cmp.Compare(a, b))
	})
	return order
}

func (m *members) hidden() []bool {
	hidden := make([]bool, len(m.list))
	if len(hidden) < 2 {
		return hidden
	}
	order := m.sorted()
	for i := range order[:max(len(order)-1, 0)] {
		hidden[order[i]] = bytes.Equal(m.name(order[i]), m.name(order[i+1]))
	}
	return hidden
}
