package jsonview

// Where the cursor is and what is unfolded, to be kept for another tree of the same text.

import (
	"slices"
	"strings"

	"hfhook/internal/jsontree"
)

// A ViewState is what is unfolded in a tree, and where its cursor is.
type ViewState struct {
	open []jsontree.Path
	At   jsontree.Path
	row  int // of the cursor, where its path is gone
	top  int
}

// Way is the path to a node, and whether it leads there: not to one that a later one of
// the same name hides, or whose name is longer than what is kept of it.
func (n *Node) Way() (path jsontree.Path, exact bool) {
	exact = true
	for k := n; k.Parent != nil; k = k.Parent {
		if k.Parent.Raw[0] == '{' {
			later := slices.ContainsFunc(k.Parent.Kids[k.index+1:], func(other *Node) bool { return other.Name == k.Name })
			exact = exact && !later && !strings.HasSuffix(k.Name, "…") // a long name is cut
		}
	}
	return n.path(), exact
}

// at finds the node that a path leads to, and reads what is on the way; nil: nothing.
func (n *Node) at(path jsontree.Path) *Node {
	for _, s := range path {
		n.Read()
		i := -1
		for k := range slices.Backward(n.Kids) {
			if kid := n.Kids[k]; s.Index == jsontree.ByName && len(n.Raw) > 0 && n.Raw[0] == '{' && kid.Name == s.Name || s.Index == k && n.Raw[0] == '[' {
				i = k
				break
			}
		}
		if i < 0 {
			return nil
		}
		n = n.Kids[i]
	}
	return n
}

// ViewState is how the tree is looked at.
func (t *Tree) ViewState() ViewState {
	s := ViewState{row: t.Cursor, top: t.Top}
	for _, n := range t.Nodes {
		if n.Open && len(s.open) < 1000 {
			path, _ := n.Way()
			s.open = append(s.open, path)
		}
	}
	if n := t.Current(); n != nil {
		s.At, _ = n.Way()
	}
	return s
}

// Take unfolds what was unfolded, and puts the cursor where it was.
func (t *Tree) Take(s ViewState) {
	for _, path := range s.open {
		if n := t.Root.at(path); n != nil && n.Container() {
			n.Read()
			n.Open = true
		}
	}
	t.Top = s.top
	n := t.Root.at(s.At)
	for p := n; p != nil && p != t.Root; p = p.Parent {
		if p != n {
			p.Open = true
		}
	}
	t.flatten()
	if n != nil && n != t.Root {
		t.point(n)
	} else {
		t.Cursor = 0
		t.Move(s.row)
	}
}

// SummaryPath is the path to what is most likely edited: the comment, or the first field of the
// section that tells most.
func (t *Tree) SummaryPath() jsontree.Path {
	for _, name := range summaryKeys {
		n := t.Root.Kid(name)
		if n == nil || !n.Container() || len(n.Raw) > UnfoldAside {
			continue
		}
		at := n.Kid("content")
		if at == nil && len(n.Kids) > 0 {
			at = n.Kids[0]
		}
		if at != nil {
			path, _ := at.Way()
			return path
		}
	}
	return nil
}
