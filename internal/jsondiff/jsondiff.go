// Package jsondiff compares two JSON texts by structure: which paths were added,
// removed and changed. The order of members, spacing and the way in which a number or
// a string is written make no difference; nothing else is overlooked, be it a digit of
// a number of any size or a member whose name comes twice. What is not JSON is
// compared by lines.
//
//	d := jsondiff.Compare(before, after)
//	if !d.Same() {
//		fmt.Println(d)
//	}
package jsondiff

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"hfhook/internal/jsontree"
)

// A Change says what became of a field.
type Change string

// The changes.
const (
	Equal   Change = "equal"
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// A Field is a place in the texts: one with a scalar or an empty list or object in
// it or, where a whole part was added, removed or became of another type, that part.
type Field struct {
	Path   string // as in .updatedRefs[0].newSha
	Change Change

	// Old and New are the values as JSON on one line, in the digits and escapes of the
	// text; empty where there is none. Of an equal field New is as Old.
	Old, New string

	// Shadowed is true of a member that a later one of the same name hides from most
	// readers.
	Shadowed bool
}

// A Diff is what two texts differ in.
type Diff struct {
	// Fields are in the order of the old text, what was added to an object or list
	// behind its others. Nil where one of the texts is no JSON.
	Fields []Field

	// Lines are the difference of texts that are no JSON, each beginning with a space,
	// a - or a +, with parts that begin with @@ and three lines around each. Nil where
	// the texts are equal.
	Lines []string

	Counts map[Change]int // of the fields, or of lines; every Change is in it
}

// CompareText compares two texts by lines, JSON laid out a value a line.
func CompareText(before, after []byte) *Diff {
	d := &Diff{Counts: map[Change]int{Equal: 0, Added: 0, Removed: 0, Changed: 0}}
	d.compareLines(laidOut(before), laidOut(after))
	return d
}

func laidOut(text []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, text, "", "  ") != nil {
		return text
	}
	return append(b.Bytes(), '\n')
}

// Same tells whether there is no difference.
func (d *Diff) Same() bool { return d.Counts[Added]+d.Counts[Removed]+d.Counts[Changed] == 0 }

// Compare compares two texts. What the paths of ignore lead to, and all within it,
// makes no difference; ignored fields are not in the Diff.
func Compare(before, after []byte, ignore ...jsontree.Path) *Diff {
	d := &Diff{Counts: map[Change]int{Equal: 0, Added: 0, Removed: 0, Changed: 0}}
	a, err1 := jsontree.Parse(before)
	b, err2 := jsontree.Parse(after)
	if err1 != nil || err2 != nil {
		d.compareLines(before, after)
		return d
	}
	w := &walker{a: a, b: b, ignore: ignore, diff: d}
	w.pair(a.Root, b.Root, false)
	return d
}

func (d *Diff) compareLines(before, after []byte) {
	text := diff.Diff("a", before, "b", after)
	if text == nil {
		d.Counts[Equal] = bytes.Count(before, []byte("\n"))
		return
	}
	// The first three lines name the files.
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if i < 3 {
			continue
		}
		d.Lines = append(d.Lines, line)
		switch line[:min(1, len(line))] {
		case "+":
			d.Counts[Added]++
		case "-":
			d.Counts[Removed]++
		}
	}
	d.Counts[Equal] = bytes.Count(before, []byte("\n")) - d.Counts[Removed]
	d.Counts[Equal] = max(d.Counts[Equal], 0)
}

// A walker goes through two trees side by side.
type walker struct {
	a, b   *jsontree.Doc
	ignore []jsontree.Path
	path   jsontree.Path
	diff   *Diff
}

// pair compares two values at the present path.
func (w *walker) pair(x, y *jsontree.Node, shadowed bool) {
	if w.ignored() {
		return
	}
	switch {
	case x.Kind == jsontree.Object && y.Kind == jsontree.Object && len(x.Members)+len(y.Members) > 0:
		w.objects(x, y, shadowed)
	case x.Kind == jsontree.List && y.Kind == jsontree.List && len(x.Elements)+len(y.Elements) > 0:
		w.lists(x, y, shadowed)
	case jsontree.Equal(w.a, x, w.b, y):
		w.add(Equal, x, nil, shadowed)
	default:
		w.add(Changed, x, y, shadowed)
	}
}

func (w *walker) objects(x, y *jsontree.Node, shadowed bool) {
	hiddenX, hiddenY := x.Hidden(), y.Hidden()
	for _, pair := range jsontree.Pairs(x, y) {
		var old, new *jsontree.Node
		var name string
		hidden := shadowed
		if i := pair[0]; i >= 0 {
			name, old = x.Members[i].Name, x.Members[i].Value
			hidden = hidden || hiddenX != nil && hiddenX[i]
		}
		if i := pair[1]; i >= 0 {
			name, new = y.Members[i].Name, y.Members[i].Value
			hidden = hidden || hiddenY != nil && hiddenY[i]
		}
		w.step(jsontree.Step{Name: name, Index: jsontree.ByName}, old, new, hidden)
	}
}

// lists matches elements that are equal from the beginning and from the end, and those
// between by their order, so that one that was put in or taken out is seen as that.
func (w *walker) lists(x, y *jsontree.Node, shadowed bool) {
	tail := 0
	if shorter := min(len(x.Elements), len(y.Elements)); len(x.Elements) != len(y.Elements) {
		head := 0
		for head < shorter && jsontree.Equal(w.a, x.Elements[head], w.b, y.Elements[head]) {
			head++
		}
		for tail < shorter-head && jsontree.Equal(w.a, x.Elements[len(x.Elements)-1-tail], w.b, y.Elements[len(y.Elements)-1-tail]) {
			tail++
		}
	}
	xs, ys := len(x.Elements)-tail, len(y.Elements)-tail
	for i := range max(xs, ys) {
		var old, new *jsontree.Node
		if i < xs {
			old = x.Elements[i]
		}
		if i < ys {
			new = y.Elements[i]
		}
		w.step(jsontree.Step{Index: i}, old, new, shadowed)
	}
	for i := range tail { // equal, at indices that may differ
		w.step(jsontree.Step{Index: ys + i}, x.Elements[xs+i], y.Elements[ys+i], shadowed)
	}
}

// step compares what is one step further. One of the two may be missing.
func (w *walker) step(s jsontree.Step, old, new *jsontree.Node, shadowed bool) {
	w.path = append(w.path, s)
	switch {
	case old != nil && new != nil:
		w.pair(old, new, shadowed)
	case w.ignored():
	case old != nil:
		w.add(Removed, old, nil, shadowed)
	default:
		w.add(Added, nil, new, shadowed)
	}
	w.path = w.path[:len(w.path)-1]
}

func (w *walker) ignored() bool {
	return slices.ContainsFunc(w.ignore, func(p jsontree.Path) bool { return p.Covers(w.path) })
}

func (w *walker) add(c Change, old, new *jsontree.Node, shadowed bool) {
	f := Field{Path: w.path.String(), Change: c, Shadowed: shadowed}
	if old != nil {
		f.Old = compact(w.a.Raw(old))
	}
	if new != nil {
		f.New = compact(w.b.Raw(new))
	}
	if c == Equal {
		f.New = f.Old
	}
	w.diff.Fields = append(w.diff.Fields, f)
	w.diff.Counts[c]++
}

// compact writes a value on one line.
func compact(raw []byte) string {
	if raw[0] != '{' && raw[0] != '[' {
		return string(raw)
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}
