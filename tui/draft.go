package tui

// A body that is being edited: what there is to say of it, and the command that makes
// the same of the original.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/payload"
)

// A draft is one state of the body. It is made beside the screen, for a body may be of
// ten megabytes, and not changed afterwards, but for the folds and the cursor of its
// tree.
type draft struct {
	body     []byte
	tree     *tree // nil where the body is no JSON
	wrong    error // why it is none
	payload  *payload.Payload
	faults   []payload.Fault
	warnings []payload.Warning
	diff     *jsondiff.Diff // from the original, its values cut to what is shown
	flags    []string       // of hfhook replay, which make the same change; nil where there are none
}

// A stance is what is unfolded in a tree, and where its cursor is.
type stance struct {
	open []jsontree.Path
	at   jsontree.Path
	row  int // of the cursor, where its path is gone
	top  int
}

const (
	shownValue   = 2 << 10 // bytes of a changed value that are shown
	shownChanges = 200     // fields that differ
	maxInput     = 4 << 10 // bytes of a value that is edited on one line
)

// newDraft looks at a body that was made of the original.
func newDraft(original, body []byte, s stance) *draft {
	d := &draft{body: body, diff: jsondiff.Compare(original, body)}
	if _, d.wrong = jsontree.Parse(body); d.wrong == nil {
		d.tree = newTree(body)
		d.tree.take(s)
		d.flags, _ = replayFlags(original, body, d.diff)
	}
	d.payload, d.warnings = payload.ParseLenient(body)
	if d.faults, _ = payload.Check(body); d.faults != nil {
		d.warnings = d.warnings[min(len(d.faults), len(d.warnings)):] // the first ones are the faults
	}
	d.diff = d.diff.Readable()
	shown := d.diff.Fields[:0:0]
	for _, f := range d.diff.Fields {
		if f.Change == jsondiff.Equal {
			continue
		}
		if len(shown) == shownChanges {
			break
		}
		f.Old, f.New = clipped(f.Old), clipped(f.New)
		shown = append(shown, f)
	}
	d.diff.Fields = shown
	for i, line := range d.diff.Lines {
		d.diff.Lines[i] = clipped(line)
	}
	return d
}

func clipped(s string) string {
	if len(s) > shownValue {
		return strings.ToValidUTF8(s[:shownValue], "") + "…"
	}
	return s
}

// changes is how many places differ from the original.
func (d *draft) changes() int {
	c := d.diff.Counts
	return c[jsondiff.Added] + c[jsondiff.Removed] + c[jsondiff.Changed]
}

const maxFlags = 1500 // characters of a command that anybody would paste

// replayFlags are the flags of hfhook replay that make of the original what the body
// is, as JSON, and what they make: it has all other bytes of the original. They were
// tried; nil where none do, or too many.
func replayFlags(original, body []byte, d *jsondiff.Diff) (flags []string, made []byte) {
	var sets, unsets []string
	made = original
	apply := func(f func(text []byte, path jsontree.Path) ([]byte, error), at string) bool {
		path, err := jsontree.ParsePath(at)
		if err == nil {
			made, err = f(made, path)
		}
		return err == nil
	}
	total := 0
	for _, f := range d.Fields {
		if f.Change == jsondiff.Equal {
			continue
		}
		if total += len(f.Path) + len(f.New) + len("--unset "); total > maxFlags || f.Shadowed {
			return nil, nil
		}
		if f.Change == jsondiff.Removed {
			unsets = append(unsets, f.Path)
			continue
		}
		value := flagValue(f.New)
		sets = append(sets, "--set "+shellWord(f.Path)+"="+shellValue(value))
		if !apply(func(text []byte, path jsontree.Path) ([]byte, error) {
			return jsonedit.Set(text, path, jsonedit.Value(value))
		}, f.Path) {
			return nil, nil
		}
	}
	slices.Reverse(unsets) // of a list the last first, so that the others keep their places
	for i, path := range unsets {
		if !apply(jsonedit.Unset, path) {
			return nil, nil
		}
		unsets[i] = "--unset " + shellWord(path)
	}
	a, err1 := jsontree.Parse(made)
	b, err2 := jsontree.Parse(body)
	if err1 != nil || err2 != nil || !jsontree.Equal(a.Root, b.Root) {
		return nil, nil
	}
	return append(sets, unsets...), made
}

// flagValue is a JSON value as --set takes it: a string without its quotation marks
// where that means the same, and can be read.
func flagValue(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	s := jsontree.Unquote([]byte(value))
	if json.Valid([]byte(s)) || visible.Line(s) != s {
		return value
	}
	return s
}

func shellValue(s string) string {
	if s == "" {
		return ""
	}
	return shellWord(s)
}

// A finding is one thing that was looked at.
type finding struct {
	good  bool
	grave bool // and not only unusual
	text  string
	brief string // where there is little room
}

// checks say what a handler can rely on in the body. None of them keeps it from being
// sent: a handler has to bear bad payloads, too.
func (d *draft) checks() []finding {
	size := plural(int64(len(d.body)), "byte")
	if d.wrong != nil {
		return []finding{
			{grave: true, text: "no JSON: " + d.wrong.Error(), brief: "no JSON: " + d.wrong.Error()},
			{text: size + " are sent as they are: how does the handler take that?", brief: size + " are sent as they are"},
		}
	}
	all := []finding{{good: true, text: "valid JSON, " + size, brief: "valid JSON"}}
	for _, fault := range d.faults {
		all = append(all, finding{grave: true, text: fault.String(), brief: fault.String()})
	}
	for _, w := range d.warnings {
		text := strings.TrimSpace(w.Path + " " + w.Text)
		all = append(all, finding{text: text, brief: text})
	}
	if len(d.faults)+len(d.warnings) == 0 {
		all = append(all, finding{good: true, text: "fits the Hub payload, version 3 (event, repo and webhook are there; types are right)", brief: "fits Hub payload v3"})
	}
	if d.payload != nil && d.payload.Comment != nil {
		all = append(all, commentCheck(d.payload.Comment))
	}
	return append(all, finding{good: true,
		text:  "no signature to redo: the Hub sends a fixed secret, so an edited payload is still accepted",
		brief: "secret still fits (it does not sign the body)"})
}

// commentCheck holds a comment to what the Hub's documentation says of hidden ones:
// https://huggingface.co/docs/hub/webhooks.
func commentCheck(c *payload.Comment) finding {
	switch there := c.Content != nil; {
	case c.Hidden && there:
		return finding{text: ".comment.hidden is true and content is there (the Hub leaves it out)", brief: "hidden, but content is there"}
	case c.Hidden:
		return finding{good: true, text: ".comment.hidden is true and content is absent, as the Hub has it", brief: "hidden, and no content"}
	case there:
		return finding{good: true, text: ".comment.hidden is false and content is there (a hidden comment must not carry content)", brief: "not hidden, content is there"}
	}
	return finding{text: ".comment.hidden is false, but content is absent", brief: "not hidden, but no content"}
}

// way is the path to a node, and whether it leads there: not to one that a later one of
// the same name hides, or whose name is longer than what is kept of it.
func (n *node) way() (path jsontree.Path, exact bool) {
	exact = true
	for k := n; k.parent != nil; k = k.parent {
		step := jsontree.Step{Index: k.index}
		if k.parent.raw[0] == '{' {
			step = jsontree.Step{Name: k.name, Index: jsontree.ByName}
			later := slices.ContainsFunc(k.parent.kids[k.index+1:], func(other *node) bool { return other.name == k.name })
			exact = exact && !later && !strings.HasSuffix(k.name, "…") // a long name is cut
		}
		path = append(path, step)
	}
	slices.Reverse(path)
	return path, exact
}

// at finds the node that a path leads to, and reads what is on the way; nil: nothing.
func (n *node) at(path jsontree.Path) *node {
	for _, s := range path {
		n.read()
		i := -1
		for k := range slices.Backward(n.kids) {
			if kid := n.kids[k]; s.Index == jsontree.ByName && len(n.raw) > 0 && n.raw[0] == '{' && kid.name == s.Name || s.Index == k && n.raw[0] == '[' {
				i = k
				break
			}
		}
		if i < 0 {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

// stance is how the tree is looked at.
func (t *tree) stance() stance {
	s := stance{row: t.cursor, top: t.top}
	for _, n := range t.nodes {
		if n.open && len(s.open) < 1000 {
			path, _ := n.way()
			s.open = append(s.open, path)
		}
	}
	if n := t.current(); n != nil {
		s.at, _ = n.way()
	}
	return s
}

// take unfolds what was unfolded, and puts the cursor where it was.
func (t *tree) take(s stance) {
	for _, path := range s.open {
		if n := t.root.at(path); n != nil && n.container() {
			n.read()
			n.open = true
		}
	}
	t.top = s.top
	n := t.root.at(s.at)
	for p := n; p != nil && p != t.root; p = p.parent {
		if p != n {
			p.open = true
		}
	}
	t.flatten()
	if n != nil && n != t.root {
		t.point(n)
	} else {
		t.cursor = 0
		t.move(s.row)
	}
}

// A fieldInput is a value as it is written: a text, or JSON.
type fieldInput struct {
	text   string
	asText bool
}

// asInput is the value of a node to be edited on one line; ok is false where that can
// not be done.
func (n *node) asInput() (in fieldInput, ok bool) {
	if len(n.raw) > maxInput {
		return in, false
	}
	if n.isString() {
		if s := jsontree.Unquote(n.raw); visible.Line(s) == s {
			return fieldInput{s, true}, true
		}
	}
	text := string(n.raw)
	if strings.ContainsAny(text, "\n\r\t") {
		if text = compacted(n.raw); text == "" {
			return in, false
		}
	}
	return fieldInput{text, false}, true
}

func compacted(raw []byte) string {
	var value json.RawMessage
	if json.Unmarshal(raw, &value) != nil {
		return ""
	}
	b := &strings.Builder{}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// value is the JSON that is meant.
func (in fieldInput) value() ([]byte, error) {
	if in.asText {
		return jsontree.Quote(in.text), nil
	}
	text := strings.TrimSpace(in.text)
	if _, err := jsontree.Parse([]byte(text)); err != nil {
		return nil, fmt.Errorf("no JSON yet: %w", err)
	}
	return []byte(text), nil
}

// kind names the type of what is written.
func (in fieldInput) kind() string {
	if in.asText {
		return "string"
	}
	doc, err := jsontree.Parse([]byte(in.text))
	if err != nil {
		return "JSON"
	}
	return string(doc.Root.Kind())
}
