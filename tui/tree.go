package tui

// The payload as a tree that folds: only the lines in sight are built.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hfhook/internal/visible"
)

// unfoldAside is the size from which a value is taken apart in a Cmd: a pass over
// ten megabytes would hold up the keys.
const unfoldAside = 256 << 10

// A tree is the nodes of a body that are unfolded, with a cursor.
type tree struct {
	root   *node
	nodes  []*node // in sight when all of them fit, in order
	cursor int     // in nodes
	top    int     // line of the tree that was last the first in sight
	drawn  []int   // by line that was last in sight, its node
	valid  bool    // the body is JSON
}

func newTree(body []byte) *tree {
	t := &tree{root: newNode(body)}
	t.valid = json.Valid(t.root.raw)
	t.root.read()
	t.root.open = true
	t.flatten()
	return t
}

// flatten lists the nodes that are not inside a folded one.
func (t *tree) flatten() {
	t.nodes = t.nodes[:0]
	if !t.root.container() {
		t.nodes = append(t.nodes, t.root)
		return
	}
	var walk func(n *node)
	walk = func(n *node) {
		for _, k := range n.kids {
			t.nodes = append(t.nodes, k)
			if k.open {
				walk(k)
			}
		}
	}
	walk(t.root)
	t.cursor = min(t.cursor, max(len(t.nodes)-1, 0))
}

// telling are the sections that say what an event was about, the most specific
// first.
var telling = []string{"comment", "movedTo", "updatedRefs", "updatedConfig", "updatedFiles", "discussion", "event", "repo"}

// unfoldToFit opens the telling sections as far as h lines hold them, but the first
// in any case; folds says what the user wants of some paths.
func (t *tree) unfoldToFit(h int, folds map[string]bool) {
	lines, first := len(t.root.kids), true
	for _, name := range telling {
		n := t.root.kid(name)
		if n == nil || !n.container() || len(n.raw) > unfoldAside {
			continue
		}
		if lines+n.size > h && !first {
			continue
		}
		n.read()
		n.open, first = true, false
		lines += n.size
	}
	var obey func(n *node)
	obey = func(n *node) {
		for _, k := range n.kids {
			if open, said := folds[k.path()]; said && k.container() && len(k.raw) <= unfoldAside {
				k.read()
				k.open = open
			}
			if k.open {
				obey(k)
			}
		}
	}
	obey(t.root)
	t.flatten()
}

// tells is the field of a section that says most; of one that is not named, the first.
var tells = map[string]string{"comment": "content", "discussion": "title", "movedTo": "name", "repo": "name", "event": "scope"}

// mostTelling is the node that says most of the event.
func (t *tree) mostTelling() int {
	for _, name := range telling {
		n := t.root.kid(name)
		if n == nil || !n.open || len(n.kids) == 0 {
			continue
		}
		field := n.kid(tells[name])
		if field == nil {
			field = n.kids[0]
		}
		return max(slices.Index(t.nodes, field), 0)
	}
	return 0
}

// current is the node under the cursor, or nil.
func (t *tree) current() *node {
	if t.cursor >= len(t.nodes) {
		return nil
	}
	return t.nodes[t.cursor]
}

func (t *tree) move(n int) {
	t.cursor = min(max(t.cursor+n, 0), max(len(t.nodes)-1, 0))
}

// foldable and unfoldable tell whether the two do something.
func (t *tree) foldable() bool {
	n := t.current()
	return n != nil && (n.open || n.depth > 0)
}

func (t *tree) unfoldable() bool {
	n := t.current()
	return n != nil && n.container() && n.size > 0
}

// fold closes the node under the cursor, or goes to its parent.
func (t *tree) fold() {
	n := t.current()
	if n == nil {
		return
	}
	if n.open {
		n.open = false
		t.flatten()
		return
	}
	if i := slices.Index(t.nodes, n.parent); i >= 0 {
		t.cursor = i
	}
}

// unfold opens the node under the cursor, or goes into it. It returns a node that
// is too large to be read here: it has to be read elsewhere, and then to be given
// to opened.
func (t *tree) unfold() (large *node) {
	n := t.current()
	switch {
	case !t.unfoldable():
	case n.open:
		t.move(1)
	case !n.opened && len(n.raw) > unfoldAside:
		return n
	default:
		n.read()
		t.opened(n)
	}
	return nil
}

func (t *tree) opened(n *node) {
	n.open = true
	t.flatten()
}

// nested tells whether there is anything that folds.
func (t *tree) nested() bool {
	return slices.ContainsFunc(t.root.kids, func(k *node) bool { return k.container() && k.size > 0 })
}

// unfoldAll opens everything that is not too large to be read here, or folds
// everything where it is open already. The cursor stays where it was, or goes to
// what holds it.
func (t *tree) unfoldAll() {
	was, changed := t.current(), false
	var set func(n *node, open bool)
	set = func(n *node, open bool) {
		for _, k := range n.kids {
			if !k.container() || k.size == 0 || open && !k.opened && len(k.raw) > unfoldAside {
				continue
			}
			if open {
				k.read()
				changed = changed || !k.open
			}
			k.open = open
			set(k, open)
		}
	}
	set(t.root, true)
	if !changed {
		set(t.root, false)
	}
	t.flatten()
	t.point(was)
}

// point puts the cursor on a node, or on the nearest of those that hold it.
func (t *tree) point(n *node) {
	for ; n != nil; n = n.parent {
		if i := slices.Index(t.nodes, n); i >= 0 {
			t.cursor = i
			return
		}
	}
}

// reveal opens what holds the node at the end of the way, and puts the cursor on it.
func (t *tree) reveal(way []int) {
	n := t.root.pick(way)
	if n == nil {
		return
	}
	for p := n.parent; p != nil; p = p.parent {
		p.open = true
	}
	t.flatten()
	t.point(n)
}

// A treeLook is how a tree is drawn.
type treeLook struct {
	w, h    int
	focused bool
	notes   bool      // what the Hub means by a field, beside it
	wrap    int       // lines that a long text may take
	find    string    // what is looked for, to be marked
	filter  []matcher // what the list's filter matches, to be marked where nothing is looked for

	input func(w int) string // in place of the value under the cursor, on w cells; nil: none
}

// A remarker knows what the parts of a text mean: it says so in a few words beside them.
type remarker interface {
	warning(n *node) string // what is unusual about it
	section(n *node) string // what an object or array holds
	field(n *node) string   // what a single value means
	link(n *node) string    // the page that field names; empty: none
}

// noRemarks knows nothing of what a text means.
type noRemarks struct{}

func (noRemarks) warning(*node) string   { return "" }
func (noRemarks) section(n *node) string { return n.contents() }
func (noRemarks) field(*node) string     { return "" }
func (noRemarks) link(*node) string      { return "" }

const nameWidth = 10 // of a name at most, before its value moves to the right

// view draws the lines in sight. It remembers where they begin, so that the tree
// scrolls no more than the cursor needs.
func (t *tree) view(th *theme, look treeLook, say remarker) []string {
	if look.h <= 0 {
		return nil
	}
	at := t.cursor
	if at == 0 && !look.focused && !look.notes { // nobody is in it: what says most is to be in sight
		at = t.mostTelling()
	}
	from := max(min(t.top, at), at-look.h+1, 0)
	var blocks [][]string
	total := 0
	for i := from; i < len(t.nodes) && (total < look.h || i <= at); i++ {
		block := t.node(th, t.nodes[i], look, say, i == t.cursor)
		blocks = append(blocks, block)
		total += len(block)
		for i == at && total > look.h && len(blocks) > 1 {
			total -= len(blocks[0])
			blocks = blocks[1:]
			from++
		}
	}
	for from > 0 && total < look.h { // there is more room than there was
		block := t.node(th, t.nodes[from-1], look, say, false)
		if total += len(block); total > look.h {
			break
		}
		blocks = slices.Insert(blocks, 0, block)
		from--
	}
	t.top, t.drawn = from, t.drawn[:0]
	for i, block := range blocks {
		for range block {
			t.drawn = append(t.drawn, from+i)
		}
	}
	lines := slices.Concat(blocks...)
	return lines[:min(len(lines), look.h)]
}

// indentation is the space before a node of some depth on w cells. It takes no more than
// a third of them: deeper nodes tell how many levels they stand further in.
func indentation(depth, w int) string {
	most := max(w/3/2, 4)
	if depth <= most {
		return spaces(2 * depth)
	}
	further := "+" + strconv.Itoa(depth-most)
	return spaces(2*most-len(further)-1) + further + " "
}

// node draws one node: name, value or size, and what it means.
func (t *tree) node(th *theme, n *node, look treeLook, say remarker, current bool) []string {
	mark := " "
	if n.container() && n.size > 0 && n.parent != nil {
		mark = th.mark.closed
		if n.open {
			mark = th.mark.open
		}
	}
	prefix := " " + indentation(n.depth, look.w) + mark + " "
	pad := 0
	if n.parent != nil {
		pad = min(n.parent.names, nameWidth)
	}
	name := n.label()
	name = th.cut(name, max(look.w-width(prefix)-4, 4))
	name += spaces(pad - width(name))
	if n.parent != nil {
		name += " "
	}
	indent := width(prefix) + width(name)
	room := max(look.w-indent, 1)

	if current && look.input != nil {
		return []string{th.cut(">"+prefix[1:]+name+look.input(room), look.w)}
	}
	value, note, valueLook := describe(th, n, look.notes, say)
	found := look.find
	if found == "" && len(look.filter) > 0 && !n.container() {
		value, found = th.markMatch(value, n.path(), look.filter)
	}
	lineCount := look.wrap
	if !strings.Contains(value, " ") {
		lineCount = 1 // an id in two lines is no easier to read
	}
	parts := th.wrap(value, room, lineCount)
	if note != "" && len(parts) == 1 && room-width(parts[0]) > 8 {
		gap := 1
		if !n.container() {
			gap = max(2, 45-indent-width(parts[0]))
			if indent+width(parts[0])+gap+width(note) > look.w {
				gap = 2
			}
		}
		note = spaces(gap) + th.cut(note, room-width(parts[0])-gap)
	} else {
		note = ""
	}

	remark := th.dim.paint(note)
	if look.notes && note != "" {
		remark = th.hyperlink(remark, say.link(n))
	}
	lines := make([]string, len(parts))
	for i, part := range parts {
		head, headName := prefix, name
		if i > 0 {
			head, headName, note, remark = spaces(indent), "", "", ""
		}
		if current && look.focused {
			if i == 0 {
				head = ">" + head[1:] // the colour is not the only sign of the cursor
			}
			lines[i] = th.selected.paint(th.fit(head+headName+part+note, look.w))
			continue
		}
		lines[i] = head + th.highlight(headName, look.find, th.name) + th.highlight(part, found, valueLook) + remark
	}
	return lines
}

// describe is what stands behind a node's name: its value or size, and what that
// means; for single values only where notes are wanted.
func describe(th *theme, n *node, notes bool, say remarker) (value, note string, look style) {
	switch {
	case n.container():
		value = fmt.Sprintf("%c%d%c", n.raw[0], n.size, n.raw[0]+2) // ] and } are two after [ and {
		value += spaces(4 - width(value))
		note = th.mark.say(say.section(n))
		if text := say.warning(n); text != "" {
			note = strings.TrimSpace(note + "  " + text)
		}
		if n.open && len(n.kids) < n.size {
			note = strings.TrimSpace(fmt.Sprintf("the first %s are shown  %s", count(int64(len(n.kids))), note))
		}
		return value, note, th.dim
	case n.isString():
		look = th.text
	default:
		look = th.value
	}
	if notes {
		if note = say.warning(n); note == "" {
			note = say.field(n)
		}
	}
	return n.text(), note, look
}

// contents is what a section says by itself: the address of a ref, the only value,
// or the names of its members.
func (n *node) contents() string {
	if len(n.raw) > unfoldAside || n.raw[0] != '{' {
		return ""
	}
	n.read()
	if ref := n.kid("ref"); ref != nil {
		return visible.Line(ref.str())
	}
	if base := n.kid("base"); base != nil {
		return "base " + visible.Line(base.str())
	}
	if id := n.kid("id"); id != nil && len(n.kids) == 1 {
		return visible.Line(id.str())
	}
	names := make([]string, 0, 6)
	for _, k := range n.kids[:min(len(n.kids), 6)] {
		names = append(names, k.label())
	}
	return strings.Join(names, ", ")
}
