package jsonview

// A value as it is typed in.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

const (
	shownValue   = 2 << 10 // bytes of a changed value that are shown
	ShownChanges = 200     // fields that differ
	MaxInput     = 4 << 10 // bytes of a value that is edited on one line
)

// A FieldInput is a value as it is written on one line: a text, in which marks stand for
// line breaks and tabs, or JSON.
type FieldInput struct {
	Text   string
	AsText bool
}

var (
	visibleBreaks = strings.NewReplacer("\n", "␊", "\r", "␍", "\t", "␉")
	realBreaks    = strings.NewReplacer("␊", "\n", "␍", "\r", "␉", "\t")
)

// OnOneLine is a text on one line, with marks for its line breaks and tabs. ok is false if it
// has such marks of its own, or anything else that cannot be seen.
func OnOneLine(text string) (line string, ok bool) {
	line = visibleBreaks.Replace(text)
	return line, !strings.ContainsAny(text, "␊␍␉") && visible.Line(line) == line
}

// AsInput is the value of a node to be edited on one line; ok is false where that can
// not be done.
func (n *Node) AsInput() (in FieldInput, ok bool) {
	if len(n.Raw) > MaxInput {
		return in, false
	}
	if n.IsString() {
		if line, ok := OnOneLine(jsontree.Unquote(n.Raw)); ok {
			return FieldInput{line, true}, true
		}
	}
	text := string(n.Raw)
	if strings.ContainsAny(text, "\n\r\t") {
		doc, err := jsontree.Parse(n.Raw)
		if err != nil {
			return in, false
		}
		text = doc.Root.OnOneLine()
	}
	return FieldInput{text, false}, true
}

// Value is the JSON that is meant.
func (in FieldInput) Value() ([]byte, error) {
	if in.AsText {
		return jsontree.Quote(realBreaks.Replace(in.Text)), nil
	}
	text := strings.TrimSpace(in.Text)
	if _, err := jsontree.Parse([]byte(text)); err != nil {
		return nil, fmt.Errorf("no JSON yet: %w", err)
	}
	return []byte(text), nil
}

// Kind names the type of what is written.
func (in FieldInput) Kind() string {
	if in.AsText {
		if strings.Contains(in.Text, "␊") {
			return "string, ␊ is a line break"
		}
		return "string"
	}
	doc, err := jsontree.Parse([]byte(in.Text))
	if err != nil {
		return "JSON"
	}
	return string(doc.Root.Kind())
}
