package jsondiff

// Two trees side by side.

import (
	"slices"
	"strconv"

	"hfhook/internal/jsontree"
)

// A walker goes through two trees side by side.
type walker struct {
	ignore []jsontree.Path
	diff   *Diff
	emit   func(func() Field, Change) error
	err    error // of emit

	path  jsontree.Path
	bytes int // of the path as text, roughly

	size              int // of fields that differ, without their values, that there is room for
	equal, equalPaths int // how many fields that are equal, and bytes of their paths
}

// into does something one step further.
func (w *walker) into(s jsontree.Step, do func()) {
	n := len(s.Name) + 1
	if s.Index >= 0 {
		n = len("[") + len(strconv.Itoa(s.Index)) + len("]")
	}
	w.path, w.bytes = append(w.path, s), w.bytes+n
	if w.err == nil && !w.ignored() {
		do()
	}
	w.path, w.bytes = w.path[:len(w.path)-1], w.bytes-n
}

// compare compares two values at the present path.
func (w *walker) compare(x, y jsontree.Node, shadowed bool) {
	switch {
	case w.ignored():
	case w.same(x, y):
		w.keepEqual(x, shadowed)
	default:
		w.differ(x, y, shadowed)
	}
}

// differ finds what two values differ in that are not the same.
func (w *walker) differ(x, y jsontree.Node, shadowed bool) {
	kind := x.Kind()
	if kind != y.Kind() || kind != jsontree.Object && kind != jsontree.List {
		w.add(Changed, x, y, shadowed)
		return
	}
	if kind == jsontree.Object && w.objects(x, y, shadowed) || kind == jsontree.List && w.lists(x, y, shadowed) {
		return
	}
	w.diff.Coarse = true
	w.add(Changed, x, y, shadowed)
}

// room takes the room for n fields one step further, in the place of one for the value at
// the present path, and reports whether there is any.
func (w *walker) room(n int) bool {
	if len(w.path) >= maxDepth || w.tooMany(n) {
		return false
	}
	w.size -= w.sizeOf(n)
	return true
}

// tooMany reports whether there is no room for n fields one step further.
func (w *walker) tooMany(n int) bool { return w.sizeOf(n) > w.size }

func (w *walker) sizeOf(n int) int {
	size := n * (fieldSize + w.bytes)
	if len(w.path) > 0 {
		size -= fieldSize
	}
	return size
}

// objects compares the members of two objects, if there is room for them.
func (w *walker) objects(x, y jsontree.Node, shadowed bool) bool {
	m := jsontree.Match(x, y)
	differ := make([]bool, len(m.Pairs))
	n := len(m.OnlyY)
	for i, k := range m.Pairs {
		w.into(step(m.X(i)), func() {
			if differ[i] = k < 0 || !w.same(m.X(i).Value, m.Y(k).Value); differ[i] {
				n++
			}
		})
		if w.tooMany(n) {
			return false
		}
	}
	if !w.room(n) {
		return false
	}
	for i, k := range m.Pairs {
		w.into(step(m.X(i)), func() {
			hidden := shadowed || m.HiddenX(i) || k >= 0 && m.HiddenY(k)
			switch old := m.X(i).Value; {
			case k < 0:
				w.add(Removed, old, jsontree.Node{}, hidden)
			case differ[i]:
				w.differ(old, m.Y(k).Value, hidden)
			default:
				w.keepEqual(old, hidden)
			}
		})
	}
	for _, k := range m.OnlyY {
		w.into(step(m.Y(k)), func() { w.add(Added, jsontree.Node{}, m.Y(k).Value, shadowed || m.HiddenY(k)) })
	}
	return true
}

func step(m jsontree.Member) jsontree.Step {
	return jsontree.Step{Name: m.Name(), Index: jsontree.ByName}
}

// lists compares the elements of two lists, if there is room for them. It matches those
// that are equal from the beginning and from the end, and those between by their order,
// so that one that was put in or taken out is seen as that.
func (w *walker) lists(x, y jsontree.Node, shadowed bool) bool {
	pairs := func(yield func(old, new jsontree.Node) bool) { jsontree.Zip(x, y)(yield) }
	tail := 0
	var a, b jsontree.Children
	if n, m := x.Len(), y.Len(); n != m {
		a, b = x.Children(), y.Children()
		head := 0
		for head < min(n, m) && jsontree.Equal(a.At(head), b.At(head)) {
			head++
		}
		for tail < min(n, m)-head && jsontree.Equal(a.At(n-1-tail), b.At(m-1-tail)) {
			tail++
		}
		pairs = func(yield func(old, new jsontree.Node) bool) {
			for i := range max(n, m) - tail {
				var old, new jsontree.Node
				if i < n-tail {
					old = a.At(i)
				}
				if i < m-tail {
					new = b.At(i)
				}
				if !yield(old, new) {
					return
				}
			}
		}
	}
	differ := make(map[int]bool) // few, or there is no room
	i := 0
	only := w.onlyPart(x, y)
	for old, new := range pairs {
		w.into(jsontree.Step{Index: i}, func() {
			if only || old.IsZero() || new.IsZero() || !w.same(old, new) {
				differ[i] = true
			}
		})
		if w.tooMany(len(differ)) {
			return false
		}
		i++
	}
	if !w.room(len(differ)) {
		return false
	}
	i = 0
	for old, new := range pairs {
		w.into(jsontree.Step{Index: i}, func() {
			switch {
			case old.IsZero():
				w.add(Added, old, new, shadowed)
			case new.IsZero():
				w.add(Removed, old, new, shadowed)
			case differ[i]:
				w.differ(old, new, shadowed)
			default:
				w.keepEqual(old, shadowed)
			}
		})
		i++
	}
	for k := range tail { // equal, at indices that may differ
		w.into(jsontree.Step{Index: b.Len() - tail + k}, func() { w.keepEqual(a.At(a.Len()-tail+k), shadowed) })
	}
	return true
}

// onlyPart reports whether two values of which something is known to differ hold one value
// each: then that is what differs, and need not be compared on each level of a deep nesting.
func (w *walker) onlyPart(x, y jsontree.Node) bool {
	one := func(n jsontree.Node) bool {
		count := 0
		for range n.Elements() {
			if count++; count > 1 {
				return false
			}
		}
		return count == 1
	}
	return !w.ignoresWithin() && one(x) && one(y)
}

// same reports whether two values are equal, except for what is ignored in them.
func (w *walker) same(x, y jsontree.Node) bool {
	if !w.ignoresWithin() {
		return jsontree.Equal(x, y)
	}
	kind := x.Kind()
	if kind != y.Kind() {
		return false
	}
	same := true
	check := func(s jsontree.Step, x, y jsontree.Node) {
		if same {
			w.into(s, func() { same = !x.IsZero() && !y.IsZero() && w.same(x, y) })
		}
	}
	switch kind {
	case jsontree.Object:
		m := jsontree.Match(x, y)
		for i, k := range m.Pairs {
			var other jsontree.Node
			if k >= 0 {
				other = m.Y(k).Value
			}
			check(step(m.X(i)), m.X(i).Value, other)
		}
		for _, k := range m.OnlyY {
			check(step(m.Y(k)), jsontree.Node{}, m.Y(k).Value)
		}
		return same
	case jsontree.List:
		i := 0
		for a, b := range jsontree.Zip(x, y) {
			check(jsontree.Step{Index: i}, a, b)
			i++
		}
		return same
	}
	return jsontree.Equal(x, y)
}

func (w *walker) ignored() bool {
	return slices.ContainsFunc(w.ignore, func(p jsontree.Path) bool { return p.Covers(w.path) })
}

// ignoresWithin reports whether something within the value at the present path may be
// ignored.
func (w *walker) ignoresWithin() bool {
	return slices.ContainsFunc(w.ignore, func(p jsontree.Path) bool {
		return len(p) > len(w.path) && p[:len(w.path)].Covers(w.path)
	})
}

// keepEqual counts the fields of a value that is in both trees, and keeps the first ones.
func (w *walker) keepEqual(x jsontree.Node, shadowed bool) {
	n := w.leaves(x)
	w.diff.Counts[Equal] += n
	switch {
	case len(w.path) == 1:
		w.part(n)
	case len(w.path) == 0 && x.Kind() == jsontree.Object:
		for _, m := range x.Members() {
			w.into(step(m), func() { w.part(w.leaves(m.Value)) })
		}
	}
	w.keepFields(x, shadowed)
}

// part keeps a member of the whole in which all n fields are equal.
func (w *walker) part(n int) {
	s := w.path[0]
	if s.Index != jsontree.ByName || len(w.diff.Parts) == maxParts || w.bytes > minPaths {
		return
	}
	name := s.Name
	w.diff.Parts = append(w.diff.Parts, Part{Name: name, Fields: n})
}

// keepFields keeps the fields of a value that is in both trees, while there is room.
func (w *walker) keepFields(x jsontree.Node, shadowed bool) {
	if w.equal == 0 || w.err != nil || w.ignored() {
		return
	}
	kind := x.Kind()
	if kind == jsontree.Object && len(w.path) < maxDepth {
		var m *jsontree.Matching
		for i, member := range x.Members() {
			if w.equal == 0 {
				return
			}
			if m == nil {
				m = jsontree.Match(x, x)
			}
			w.into(step(member), func() { w.keepFields(member.Value, shadowed || m.HiddenX(i)) })
		}
		if m != nil {
			return
		}
	}
	if kind == jsontree.List && len(w.path) < maxDepth {
		some := false
		for i, e := range x.Elements() {
			if w.equal == 0 {
				return
			}
			some = true
			w.into(jsontree.Step{Index: i}, func() { w.keepFields(e, shadowed) })
		}
		if some {
			return
		}
	}
	if w.bytes > w.equalPaths {
		w.equal = 0
		return
	}
	w.equal--
	w.equalPaths -= w.bytes
	w.err = w.emit(func() Field {
		value := x.OnOneLine()
		return Field{Path: w.path.String(), Change: Equal, Old: value, New: value, Shadowed: shadowed}
	}, Equal)
}

// leaves counts the fields of a value that are not ignored.
func (w *walker) leaves(x jsontree.Node) int {
	if !w.ignoresWithin() {
		return x.Leaves()
	}
	n := 0
	for _, m := range x.Members() {
		w.into(step(m), func() { n += w.leaves(m.Value) })
	}
	for i, e := range x.Elements() {
		w.into(jsontree.Step{Index: i}, func() { n += w.leaves(e) })
	}
	if x.Len() == 0 {
		return 1
	}
	return n
}

func (w *walker) add(c Change, old, new jsontree.Node, shadowed bool) {
	w.diff.Counts[c]++
	w.err = w.emit(func() Field {
		f := Field{Path: w.path.String(), Change: c, Shadowed: shadowed}
		if !old.IsZero() {
			f.Old = old.OnOneLine()
		}
		if !new.IsZero() {
			f.New = new.OnOneLine()
		}
		return f
	}, c)
}
