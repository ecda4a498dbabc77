package reading

// Markdown as a text in blocks. goldmark takes it apart; how it looks is decided here.

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"hfhook/internal/visible"
)

const (
	// MaxMarkdown is the size of a text up to which it is read as Markdown, in bytes. A
	// comment on the Hub has 64 KiB at most.
	MaxMarkdown = 128 << 10

	maxTime      = time.Second // for one text
	maxShown     = 1 << 20     // bytes that come of it
	maxNested    = 20          // levels of quotes and lists that are told apart
	maxQuoted    = 200         // levels of quotes: a parser takes the square of them
	maxCells     = 20_000      // of all tables
	shownAddress = 300         // bytes of a link's address
)

// The reasons for which a text is not shown as Markdown.
var (
	ErrLarge    = fmt.Errorf("longer than %d KiB", MaxMarkdown>>10)
	errDeep     = errors.New("quotes are nested too deeply")
	errSlow     = errors.New("too intricate")
	errUnwieldy = errors.New("it would become too long")
)

// Markdown reads a text as Markdown. What it takes is bounded, whatever the text is: a text
// that is too large or would take too long is an error.
func Markdown(source string) (d *Doc, err error) {
	return markdown(source, time.Now().Add(maxTime))
}

func markdown(source string, deadline time.Time) (d *Doc, err error) {
	if len(source) > MaxMarkdown {
		return nil, ErrLarge
	}
	src := []byte(visible.Block(source))
	if quoted(src) > maxQuoted {
		return nil, errDeep
	}
	defer func() {
		switch p := recover(); p {
		case nil:
		case errSlow, errUnwieldy:
			d, err = nil, p.(error)
		default: // of a library that reads what strangers wrote
			d, err = nil, errors.New("the Markdown parser failed")
		}
	}()
	late := func() {
		if time.Now().After(deadline) {
			panic(errSlow)
		}
	}
	tables := cells(src) <= maxCells
	root := parserOf(tables, late).Parse(&boundedReader{Reader: text.NewReader(src), late: late})
	w := &writer{src: src, late: late}
	w.doc.Source = strings.Count(string(src), "\n") + 1
	if !tables {
		w.left("table")
	}
	w.children(root, "", "", 0)
	w.doc.Text = w.b.String()
	slices.SortFunc(w.doc.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return &w.doc, nil
}

func parserOf(tables bool, late func()) parser.Parser {
	extensions := []goldmark.Extender{extension.Strikethrough, extension.TaskList, extension.Linkify}
	if tables {
		extensions = append(extensions, extension.Table)
	}
	return goldmark.New(goldmark.WithExtensions(extensions...),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(bounded(late), -1)))).Parser()
}

// quoted is how deep the quotes of a text are nested at most.
func quoted(src []byte) (most int) {
	for line := range strings.SplitSeq(string(src), "\n") {
		marks := line[:len(line)-len(strings.TrimLeft(line, "> "))]
		most = max(most, strings.Count(marks, ">"))
	}
	return most
}

// cells is how many cells the tables of a text may have: a parser fills up the rows, so that
// they are many times the text.
func cells(src []byte) int {
	most, lines := 0, 0
	for line := range strings.SplitSeq(string(src), "\n") {
		lines++
		if strings.Trim(line, " |:->") == "" { // a line of dashes below the head
			most = max(most, strings.Count(line, "|")+1)
		}
	}
	if most <= 1 {
		return 0
	}
	return most * lines
}

// A boundedReader ends the reading of blocks once it takes too long.
type boundedReader struct {
	text.Reader
	late func()
	n    int
}

func (r *boundedReader) PeekLine() ([]byte, text.Segment) {
	if r.n++; r.n%256 == 0 {
		r.late()
	}
	return r.Reader.PeekLine()
}

// bounded does so within a block. It takes nothing of the text.
type bounded func()

func (bounded) Trigger() []byte { return []byte("[]()*_~`<&!:") }

func (late bounded) Parse(ast.Node, text.Reader, parser.Context) ast.Node {
	late()
	return nil
}

// A writer makes a Doc of what was read.
type writer struct {
	doc  Doc
	src  []byte
	b    strings.Builder
	late func()
}

func (w *writer) left(what string) {
	for i := range w.doc.Left {
		if w.doc.Left[i].What == what {
			w.doc.Left[i].N++
			return
		}
	}
	w.doc.Left = append(w.doc.Left, Left{what, 1})
}

// say appends a text, which an entity may have brought anything into.
func (w *writer) say(s string, look Look) {
	if s = visible.Line(s); s == "" {
		return
	}
	if w.b.Len()+len(s) > maxShown {
		panic(errUnwieldy)
	}
	from := w.b.Len()
	w.b.WriteString(s)
	if n := len(w.doc.spans); look != Plain && n > 0 && w.doc.spans[n-1].to == from && w.doc.spans[n-1].look == look {
		w.doc.spans[n-1].to = w.b.Len()
	} else if look != Plain {
		w.doc.spans = append(w.doc.spans, span{from, w.b.Len(), look})
	}
}

// write writes a block on lines of its own, which say fills.
func (w *writer) write(k kind, first, rest string, say func()) *block {
	b := block{kind: k, from: w.b.Len(), first: first, rest: rest}
	if say != nil {
		say()
	}
	b.to = w.b.Len()
	w.b.WriteByte('\n')
	w.doc.blocks = append(w.doc.blocks, b)
	return &w.doc.blocks[len(w.doc.blocks)-1]
}

// blank is an empty line between blocks.
func (w *writer) blank(before string) { w.write(prose, strings.TrimRight(before, " "), "", nil) }

// children writes the blocks in a node. first stands before their first line, and rest before
// the others.
func (w *writer) children(n ast.Node, first, rest string, depth int) {
	w.late()
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		if _, ok := k.(*ast.LinkReferenceDefinition); ok {
			continue
		}
		if before := k.PreviousSibling(); before != nil && !tight(n, before) {
			w.blank(rest)
		}
		w.block(k, first, rest, depth)
		first = rest
	}
}

// tight reports whether no empty line is between a block and the next one.
func tight(parent, before ast.Node) bool {
	if _, ok := before.(*ast.LinkReferenceDefinition); ok {
		return true
	}
	switch p := parent.(type) {
	case *ast.List:
		return p.IsTight
	case *ast.ListItem:
		if list, ok := p.Parent().(*ast.List); ok {
			return list.IsTight
		}
	}
	return false
}

func (w *writer) block(n ast.Node, first, rest string, depth int) {
	add := func(mark, indent string) (string, string) {
		if depth >= maxNested { // it goes on without further marks
			return first, rest
		}
		return first + mark, rest + indent
	}
	switch n := n.(type) {
	case *ast.Heading:
		w.write(prose, first, rest, func() {
			w.say(strings.Repeat("#", n.Level)+" ", Aside)
			w.inline(n, Strong)
		})
	case *ast.Blockquote:
		f, r := add("│ ", "│ ")
		w.children(n, f, r, depth+1)
	case *ast.List:
		w.list(n, first, rest, depth)
	case *ast.FencedCodeBlock:
		if language := string(n.Language(w.src)); language != "" {
			w.write(code, first+"  ", rest+"  ", func() { w.say(language, Aside) })
			first = rest
		}
		w.codeLines(n.Lines(), first, rest)
	case *ast.CodeBlock:
		w.codeLines(n.Lines(), first, rest)
	case *ast.ThematicBreak:
		w.write(rule, first, rest, nil)
	case *ast.HTMLBlock:
		w.left("HTML tag")
		w.write(prose, first, rest, func() { w.say("[HTML]", Aside) })
	case *extast.Table:
		w.table(n, first, rest)
	case *ast.Paragraph, *ast.TextBlock:
		w.write(prose, first, rest, func() { w.inline(n, Plain) })
	default:
		if n.Type() == ast.TypeBlock {
			w.left(strings.ToLower(n.Kind().String()))
			w.children(n, first, rest, depth)
		}
	}
}

func (w *writer) list(n *ast.List, first, rest string, depth int) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if before := item.PreviousSibling(); before != nil && !n.IsTight {
			w.blank(rest)
		}
		mark := "• "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d%c ", number, n.Marker)
			number++
		}
		if depth >= maxNested {
			w.children(item, first, rest, depth)
		} else {
			w.children(item, first+mark, rest+strings.Repeat(" ", len([]rune(mark))), depth+1)
		}
		if item.FirstChild() == nil {
			w.write(prose, first+mark, rest, nil)
		}
		first = rest
	}
}

func (w *writer) codeLines(lines *text.Segments, first, rest string) {
	for i := range lines.Len() {
		if i%256 == 0 {
			w.late()
		}
		line := lines.At(i)
		w.write(code, first+"  ", rest+"  ", func() { w.say(strings.TrimRight(string(line.Value(w.src)), "\n"), Code) })
		first = rest
	}
}

func (w *writer) table(n *extast.Table, first, rest string) {
	var rows [][]cell
	b := w.write(table, first, rest, func() {
		for row := n.FirstChild(); row != nil; row = row.NextSibling() {
			look := Plain
			if _, ok := row.(*extast.TableHeader); ok {
				look = Strong
			}
			var cells []cell
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				from := w.b.Len()
				w.inline(c, look)
				cells = append(cells, cell{from, w.b.Len()})
				w.b.WriteByte('\n') // what is found is in one cell
			}
			if len(cells) > 0 {
				rows = append(rows, cells)
			}
		}
	})
	b.rows = rows
}

// inline writes what is in a block, in the look of what it is within.
func (w *writer) inline(n ast.Node, look Look) {
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		switch k := k.(type) {
		case *ast.Text:
			w.say(plainText(k.Value(w.src)), look)
			if (k.SoftLineBreak() || k.HardLineBreak()) && k.NextSibling() != nil {
				w.b.WriteByte('\n')
			}
		case *ast.String:
			w.say(string(k.Value), look)
		case *ast.CodeSpan:
			for part := k.FirstChild(); part != nil; part = part.NextSibling() {
				if t, ok := part.(*ast.Text); ok {
					w.say(strings.ReplaceAll(string(t.Value(w.src)), "\n", " "), look|Code)
				}
			}
		case *ast.Emphasis:
			if k.Level >= 2 {
				w.inline(k, look|Strong)
			} else {
				w.inline(k, look|Emphasis)
			}
		case *extast.Strikethrough:
			w.inline(k, look|Struck)
		case *extast.TaskCheckBox:
			if k.IsChecked {
				w.say("[x] ", look|Aside)
			} else {
				w.say("[ ] ", look|Aside)
			}
		case *ast.Link:
			from := w.b.Len()
			w.inline(k, look|Link)
			w.address(string(k.Destination), w.b.String()[from:])
		case *ast.AutoLink:
			label := string(k.Label(w.src))
			w.say(label, look|Link)
			w.address(string(k.URL(w.src)), label)
		case *ast.Image:
			w.left("image")
			w.say("[image: ", look|Aside)
			w.inline(k, look)
			w.say("]", look|Aside)
			w.address(string(k.Destination), "")
		case *ast.RawHTML:
			w.left("HTML tag")
		default:
			w.left(strings.ToLower(k.Kind().String()))
			w.inline(k, look)
		}
	}
}

// address says where a link leads, unless its text is just that.
func (w *writer) address(to, said string) {
	to = plainText([]byte(to))
	if to == "" || visible.Line(to) == said || to == "http://"+said || to == "mailto:"+said {
		return
	}
	if len(to) > shownAddress {
		to = strings.ToValidUTF8(to[:shownAddress], "") + "…"
	}
	w.say(" ("+to+")", Address)
}

// plainText is a text without the escapes and entities of Markdown.
func plainText(raw []byte) string {
	return html.UnescapeString(string(util.UnescapePunctuations(raw)))
}
