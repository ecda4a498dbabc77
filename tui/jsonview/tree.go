// Package jsonview shows a JSON text: as a tree, as raw bytes, in hexadecimal, and as the
// difference of two texts; it finds and marks text in them.
package jsonview

// The payload as a tree that folds: only the lines in sight are built.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

func AnswerTree(body []byte) *Tree {
	t := NewTree(body)
	if !t.Valid || !t.Root.Container() {
		return nil
	}
	t.UnfoldAll()
	return t
}

// UnfoldedMsg answers unfold.
type UnfoldedMsg struct {
	Tree *Tree
	Node *Node
	Kids []*Node
}

// UnfoldLarge takes a large value apart beside the screen; unfoldedMsg has the result.
func UnfoldLarge(a *screen.Runner, t *Tree, n *Node) tea.Cmd {
	return a.Cmd(func() tea.Msg { return UnfoldedMsg{t, n, n.Members()} })
}

// UnfoldAside is the size from which a value is taken apart in a Cmd: a pass over
// ten megabytes would hold up the keys.
const UnfoldAside = 256 << 10

// A Tree is the nodes of a body that are unfolded, with a cursor.
type Tree struct {
	Root   *Node
	Nodes  []*Node // in sight when all of them fit, in order
	Cursor int     // in nodes
	Top    int     // line of the tree that was last the first in sight
	Drawn  []int   // by line that was last in sight, its node
	Valid  bool    // the body is JSON

	newsFirst bool // the members of the root are in the order of their news
}

func NewTree(body []byte) *Tree {
	t := &Tree{Root: NewNode(body)}
	t.Valid = json.Valid(t.Root.Raw)
	t.Root.Read()
	t.Root.Open = true
	t.flatten()
	return t
}

// flatten lists the nodes that are not inside a folded one.
func (t *Tree) flatten() {
	t.Nodes = t.Nodes[:0]
	if !t.Root.Container() {
		t.Nodes = append(t.Nodes, t.Root)
		return
	}
	var walk func(n *Node)
	walk = func(n *Node) {
		for _, k := range t.ordered(n) {
			t.Nodes = append(t.Nodes, k)
			if k.Open {
				walk(k)
			}
		}
	}
	walk(t.Root)
	t.Cursor = min(t.Cursor, max(len(t.Nodes)-1, 0))
}

// NewsFirst has the sections of a payload that say what happened come before those that most
// payloads have in common. The body is not changed: only where they stand.
func (t *Tree) NewsFirst() {
	t.newsFirst = true
	t.flatten()
}

// ReadComment takes the comment apart, which may be the largest part of a payload: not in a
// frame.
func (t *Tree) ReadComment() {
	if n := t.Root.Kid("comment"); n != nil {
		n.Read()
	}
}

// ToNews puts the cursor on the field that says most.
func (t *Tree) ToNews() { t.Cursor = t.summaryNode() }

// ordered are the members of a node in the order in which they are shown.
func (t *Tree) ordered(n *Node) []*Node {
	if !t.newsFirst {
		return n.Kids
	}
	return newsFirst(n, n.Kids)
}

// newsOrder has the sections of a payload by their news. Those that are unknown stand before
// repo, event and webhook, which all payloads have.
var newsOrder = []string{"comment", "movedTo", "updatedRefs", "updatedConfig", "updatedFiles", "discussion", "", "repo", "event", "webhook"}

// newsFirst puts the members of a payload into the order of their news, and of a section the
// field first that says most.
func newsFirst(n *Node, kids []*Node) []*Node {
	if len(kids) == 0 || n.Depth > 0 || n.Depth == 0 && summaryField[n.Name] == "" {
		return kids
	}
	news := func(k *Node) int {
		switch {
		case n.Depth == 0 && k.Name == summaryField[n.Name]:
			return -1
		case n.Depth == 0:
			return 0
		}
		if at := slices.Index(newsOrder, k.Name); at >= 0 {
			return at
		}
		return slices.Index(newsOrder, "")
	}
	kids = slices.Clone(kids)
	slices.SortStableFunc(kids, func(a, b *Node) int { return cmp.Compare(news(a), news(b)) })
	return kids
}

// summaryKeys are the sections that say what an event was about, the most specific
// first.
var summaryKeys = []string{"comment", "movedTo", "updatedRefs", "updatedConfig", "updatedFiles", "discussion", "event", "repo"}

// UnfoldToFit opens the telling sections as far as h lines hold them, but the first
// in any case; folds says what the user wants of some paths.
func (t *Tree) UnfoldToFit(h int, folds map[string]bool) {
	lines, first := len(t.Root.Kids), true
	for _, name := range summaryKeys {
		n := t.Root.Kid(name)
		if n == nil || !n.Container() || len(n.Raw) > UnfoldAside && !n.Opened {
			continue
		}
		if lines+n.Size > h && !first {
			continue
		}
		n.Read()
		n.Open, first = true, false
		lines += n.Size
	}
	var obey func(n *Node)
	obey = func(n *Node) {
		for _, k := range n.Kids {
			if open, said := folds[k.Path()]; said && k.Container() && len(k.Raw) <= UnfoldAside {
				k.Read()
				k.Open = open
			}
			if k.Open {
				obey(k)
			}
		}
	}
	if len(folds) > 0 {
		obey(t.Root)
	}
	t.flatten()
}

// summaryField is the field of a section that says most; of one that is not named, the first.
var summaryField = map[string]string{"comment": "content", "discussion": "title", "movedTo": "name", "repo": "name", "event": "scope"}

// summaryNode returns the index of the node that describes the event best.
func (t *Tree) summaryNode() int {
	for _, name := range summaryKeys {
		n := t.Root.Kid(name)
		if n == nil || !n.Open || len(n.Kids) == 0 {
			continue
		}
		field := n.Kid(summaryField[name])
		if field == nil {
			field = n.Kids[0]
		}
		return max(slices.Index(t.Nodes, field), 0)
	}
	return 0
}

// Current is the node under the cursor, or nil.
func (t *Tree) Current() *Node {
	if t.Cursor >= len(t.Nodes) {
		return nil
	}
	return t.Nodes[t.Cursor]
}

func (t *Tree) Move(n int) {
	t.Cursor = min(max(t.Cursor+n, 0), max(len(t.Nodes)-1, 0))
}

// Foldable and unfoldable report whether the two do something.
func (t *Tree) Foldable() bool {
	n := t.Current()
	return n != nil && (n.Open || n.Depth > 0)
}

func (t *Tree) Unfoldable() bool {
	n := t.Current()
	return n != nil && n.Container() && n.Size > 0
}

// Fold closes the node under the cursor, or goes to its parent.
func (t *Tree) Fold() {
	n := t.Current()
	if n == nil {
		return
	}
	if n.Open {
		n.Open = false
		t.flatten()
		return
	}
	if i := slices.Index(t.Nodes, n.Parent); i >= 0 {
		t.Cursor = i
	}
}

// Unfold opens the node under the cursor, or goes into it. It returns a node that
// is too large to be read here: it has to be read elsewhere, and then to be given
// to opened.
func (t *Tree) Unfold() (large *Node) {
	n := t.Current()
	switch {
	case !t.Unfoldable():
	case n.Open:
		t.Move(1)
	case !n.Opened && len(n.Raw) > UnfoldAside:
		return n
	default:
		n.Read()
		t.Opened(n)
	}
	return nil
}

func (t *Tree) Opened(n *Node) {
	n.Open = true
	t.flatten()
}

// Nested reports whether there is anything that folds.
func (t *Tree) Nested() bool {
	return slices.ContainsFunc(t.Root.Kids, func(k *Node) bool { return k.Container() && k.Size > 0 })
}

// UnfoldAll opens everything that is not too large to be read here, or folds
// everything where it is open already. The cursor stays where it was, or goes to
// what holds it.
func (t *Tree) UnfoldAll() {
	was, changed := t.Current(), false
	var set func(n *Node, open bool)
	set = func(n *Node, open bool) {
		for _, k := range n.Kids {
			if !k.Container() || k.Size == 0 || open && !k.Opened && len(k.Raw) > UnfoldAside {
				continue
			}
			if open {
				k.Read()
				changed = changed || !k.Open
			}
			k.Open = open
			set(k, open)
		}
	}
	set(t.Root, true)
	if !changed {
		set(t.Root, false)
	}
	t.flatten()
	t.point(was)
}

// point puts the cursor on a node, or on the nearest of those that hold it.
func (t *Tree) point(n *Node) {
	for ; n != nil; n = n.Parent {
		if i := slices.Index(t.Nodes, n); i >= 0 {
			t.Cursor = i
			return
		}
	}
}

// Reveal opens what holds the node at the end of the way, and puts the cursor on it.
func (t *Tree) Reveal(way []int) {
	n := t.Root.pick(way)
	if n == nil {
		return
	}
	for p := n.Parent; p != nil; p = p.Parent {
		p.Open = true
	}
	t.flatten()
	t.point(n)
}

// A TreeLook is how a tree is drawn.
type TreeLook struct {
	W, H    int
	Focused bool
	Notes   bool      // what the Hub means by a field, beside it
	Wrap    int       // lines that a long text may take
	Find    string    // what is looked for, to be marked
	At      *Hit      // the match that was gone to; nil: none
	Read    string    // the key that shows a string whole; empty: none does
	Filter  []Matcher // what the list's filter matches, to be marked where nothing is looked for

	Input func(w int) string // in place of the value under the cursor, on w cells; nil: none
}

// A remarker knows what the parts of a text mean: it says so in a few words beside them.
type remarker interface {
	Warning(n *Node) string // what is unusual about it
	Section(n *Node) string // what an object or array holds
	Field(n *Node) string   // what a single value means
	Link(n *Node) string    // the page that field names; empty: none
}

// NoRemarks knows nothing of what a text means.
type NoRemarks struct{}

func (NoRemarks) Warning(*Node) string { return "" }

func (NoRemarks) Section(n *Node) string { return n.Contents() }

func (NoRemarks) Field(*Node) string { return "" }

func (NoRemarks) Link(*Node) string { return "" }

// nameWidth is the width of a name at most, before its value moves to the right: a narrow pane has
// more need of the values.
func nameWidth(w int) int {
	if w < 60 {
		return 10
	}
	return len("isPullRequest")
}

// View draws the lines in sight. It remembers where they begin, so that the tree
// scrolls no more than the cursor needs.
func (t *Tree) View(th *style.Theme, look TreeLook, say remarker) []string {
	if look.H <= 0 {
		return nil
	}
	at := t.Cursor
	if at == 0 && !look.Focused && !look.Notes { // nobody is in it: what says most is to be in sight
		at = t.summaryNode()
	}
	from := max(min(t.Top, at), at-look.H+1, 0)
	var blocks [][]string
	total := 0
	for i := from; i < len(t.Nodes) && (total < look.H || i <= at); i++ {
		block := t.node(th, t.Nodes[i], look, say, i == t.Cursor)
		blocks = append(blocks, block)
		total += len(block)
		for i == at && total > look.H && len(blocks) > 1 {
			total -= len(blocks[0])
			blocks = blocks[1:]
			from++
		}
	}
	for from > 0 && total < look.H { // there is more room than there was
		block := t.node(th, t.Nodes[from-1], look, say, false)
		if total += len(block); total > look.H {
			break
		}
		blocks = slices.Insert(blocks, 0, block)
		from--
	}
	t.Top, t.Drawn = from, t.Drawn[:0]
	for i, block := range blocks {
		for range block {
			t.Drawn = append(t.Drawn, from+i)
		}
	}
	lines := slices.Concat(blocks...)
	return lines[:min(len(lines), look.H)]
}

// indentation is the space before a node of some depth on w cells. It takes no more than
// a third of them: deeper nodes tell how many levels they stand further in.
func indentation(depth, w int) string {
	most := max(w/3/2, 4)
	if depth <= most {
		return style.Spaces(2 * depth)
	}
	further := "+" + strconv.Itoa(depth-most)
	return style.Spaces(2*most-len(further)-1) + further + " "
}

// node draws one node: name, value or size, and what it means.
func (t *Tree) node(th *style.Theme, n *Node, look TreeLook, say remarker, current bool) []string {
	mark := " "
	if n.Container() && n.Size > 0 && n.Parent != nil {
		mark = th.Mark.Closed
		if n.Open {
			mark = th.Mark.Open
		}
	}
	prefix := " " + indentation(n.Depth, look.W) + mark + " "
	pad := 0
	if n.Parent != nil {
		pad = min(n.Parent.names, nameWidth(look.W))
	}
	name := n.label()
	name = th.Cut(name, max(look.W-style.Width(prefix)-4, 4))
	name += style.Spaces(pad - style.Width(name))
	if n.Parent != nil {
		name += " "
	}
	indent := style.Width(prefix) + style.Width(name)
	room := max(look.W-indent, 1)

	if current && look.Input != nil {
		return []string{th.Cut(th.Mark.Cursor+prefix[1:]+name+look.Input(room), look.W)}
	}
	value, note, valueLook := describe(th, n, look.Notes, say)
	found := look.Find
	excerpt := look.At != nil && look.At.Excerpt != "" && n.is(look.At.Way)
	if excerpt {
		value, note = look.At.Excerpt, ""
	} else if lines := t.longValue(th, n, look, prefix, name, found, current); lines != nil {
		return lines
	}
	if found == "" && len(look.Filter) > 0 && !n.Container() {
		value, found = markMatch(th, value, n.Path(), look.Filter)
	}
	lineCount := look.Wrap
	if !strings.Contains(value, " ") {
		lineCount = 1 // an id in two lines is no easier to read
	}
	parts := th.Wrap(value, room, lineCount)
	if note != "" && len(parts) == 1 && room-style.Width(parts[0]) > 8 {
		gap := 2
		if !n.Container() {
			gap = max(2, 45-indent-style.Width(parts[0]))
			if indent+style.Width(parts[0])+gap+style.Width(note) > look.W {
				gap = 2
			}
		}
		note = style.Spaces(gap) + th.Cut(note, room-style.Width(parts[0])-gap)
	} else {
		note = ""
	}

	left := ""
	if !excerpt {
		left = n.leftOf(th, look, parts)
	}
	remark := th.Dim.Paint(note)
	if look.Notes && note != "" {
		remark = style.Hyperlink(th, remark, say.Link(n))
	}
	lines := make([]string, len(parts))
	for i, part := range parts {
		head, headName := prefix, name
		if i > 0 {
			head, headName, note, remark = style.Spaces(indent), "", "", ""
		}
		if current && look.Focused {
			if i == 0 {
				head = th.Mark.Cursor + head[1:] // the colour is not the only sign of the cursor
			}
			lines[i] = th.Selected.Paint(th.Fit(head+headName+part+note, look.W))
			continue
		}
		lines[i] = head + highlight(th, headName, look.Find, th.Name) + highlight(th, part, found, valueLook) + remark
	}
	if left != "" {
		lines = append(lines, style.Spaces(indent)+left)
	}
	return lines
}

// is reports whether a way leads to the node.
func (n *Node) is(way []int) bool {
	if n.Depth+1 != len(way) {
		return false
	}
	for k := n; k.Parent != nil; k = k.Parent {
		if way[k.Depth] != k.index {
			return false
		}
	}
	return true
}

// describe is what stands behind a node's name: its value or size, and what that
// means; for single values only where notes are wanted.
func describe(th *style.Theme, n *Node, notes bool, say remarker) (value, note string, look style.Style) {
	switch {
	case n.Container():
		value = th.Mark.Say(say.Section(n))
		switch {
		case n.Open && strings.HasPrefix(value, "{"): // the names stand below
			value = ""
		case value == "" && !n.Open:
			value = fmt.Sprintf("%c%d%c", n.Raw[0], n.Size, n.Raw[0]+2) // ] and } are two after [ and {
		}
		note = say.Warning(n)
		if n.Open && len(n.Kids) < n.Size {
			note = strings.TrimSpace(fmt.Sprintf("the first %s of %s are shown  %s", style.Count(int64(len(n.Kids))), style.Count(int64(n.Size)), note))
		}
		return value, note, th.Dim
	case n.IsString():
		look = th.Text
	default:
		look = th.Value
	}
	if notes {
		if note = say.Warning(n); note == "" {
			note = say.Field(n)
		}
	}
	return n.text(), note, look
}

// Contents is what a section says by itself: the address of a ref, the only value,
// or the names of its members.
func (n *Node) Contents() string {
	if len(n.Raw) > UnfoldAside || n.Raw[0] != '{' {
		return ""
	}
	n.Read()
	if ref := n.Kid("ref"); ref != nil {
		return visible.Line(ref.Str())
	}
	if base := n.Kid("base"); base != nil {
		return "base " + visible.Line(base.Str())
	}
	if id := n.Kid("id"); id != nil && len(n.Kids) == 1 {
		return visible.Line(id.Str())
	}
	names := make([]string, 0, 6)
	for _, k := range n.Kids[:min(len(n.Kids), 6)] {
		names = append(names, k.label())
	}
	if len(n.Kids) == 0 {
		return ""
	}
	if len(n.Kids) > len(names) {
		names = append(names, "…")
	}
	return "{" + strings.Join(names, ", ") + "}"
}
