package output

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

// A table writes lines of --json as tab-separated values, as --format agent wants them: before
// the first row of a type the names of its columns. A type has the columns of its schema, so
// that all rows have as many, and an object in it has one for each member: repo.type, repo.name.
type table struct {
	w       io.Writer
	schema  string
	columns map[string][]string // of the types that were written
}

func newTable(w io.Writer, schema string) *table {
	return &table{w: w, schema: schema, columns: map[string][]string{}}
}

// linePrefix is what each line of --json begins with. The type follows.
const linePrefix = `{"schema":1,"type":"`

// typeOf is the type of a line of --json, or "?".
func typeOf(line []byte) string {
	if rest, ok := bytes.CutPrefix(line, []byte(linePrefix)); ok {
		if name, _, ok := bytes.Cut(rest, []byte(`"`)); ok {
			return string(name)
		}
	}
	return "?"
}

func (t *table) line(line []byte) error {
	doc, err := jsontree.Parse(line)
	kind := typeOf(line)
	if err != nil || kind == "?" { // something else was asked for, for example a payload
		_, err := fmt.Fprintf(t.w, "%s\n", line)
		return err
	}
	columns, known := t.columns[kind]
	if !known {
		columns = t.columnsOf(kind)
	}
	cells := map[string]string{}
	add := func(name string, value jsontree.Node) {
		cells[name] = cell(value)
		if name != "schema" && !slices.Contains(columns, name) {
			columns, known = append(columns, name), false
		}
	}
	for _, m := range doc.Root.Members() {
		below := membersOf(m.Value)
		if len(below) == 0 || slices.Contains(columns, m.Name()) {
			add(m.Name(), m.Value)
			continue
		}
		for _, inner := range below {
			add(m.Name()+"."+inner.Name(), inner.Value)
		}
	}
	t.columns[kind] = columns
	var b strings.Builder
	if !known {
		b.WriteString(strings.Join(columns, "\t") + "\n")
	}
	for i, name := range columns {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(cells[name])
	}
	b.WriteByte('\n')
	_, err = io.WriteString(t.w, b.String())
	return err
}

// columnsOf are the columns that the schema has for a type.
func (t *table) columnsOf(kind string) (columns []string) {
	doc, err := jsontree.Parse([]byte(t.schema))
	if err != nil {
		return nil // then the columns are those of the lines
	}
	for _, m := range membersOf(doc.Root, "$defs", kind, "properties") {
		name := m.Name()
		if name == "schema" {
			continue
		}
		below := membersOf(m.Value, "properties")
		if len(below) == 0 {
			columns = append(columns, name)
		}
		for _, inner := range below {
			columns = append(columns, name+"."+inner.Name())
		}
	}
	return columns
}

// membersOf are the members of the object that a path of names leads to.
func membersOf(n jsontree.Node, path ...string) (members []jsontree.Member) {
	for _, name := range path {
		m, ok := n.Last(name)
		if !ok {
			return nil
		}
		n = m.Value
	}
	for _, m := range n.Members() {
		members = append(members, m)
	}
	return members
}

// cell is a value without tabs and line breaks: a string with the escapes of JSON but without
// its quotation marks, nothing for null and for an empty list or object, else JSON.
func cell(value jsontree.Node) string {
	switch value.Kind() {
	case jsontree.String:
		quoted := string(visible.JSON(jsontree.Quote(jsontree.Unquote(value.Raw()))))
		return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	case jsontree.Null:
		return ""
	}
	text := value.OnOneLine()
	if text == "[]" || text == "{}" {
		return ""
	}
	return text
}
