package pager

// The ways in which a text can be read: as JSON, as what it is an encoding of, as Markdown,
// and as it is.

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"hfhook/tui/jsonview"
	"hfhook/tui/reading"
)

// A view is one way in which a text is shown.
type view struct {
	name string
	body []byte // what is copied and saved of it

	tree *jsonview.Tree // of JSON, else nil
	doc  *reading.Doc   // of text, else nil
	raw  jsonview.RawView
	hex  bool // nothing but hexadecimal shows it

	lines *reading.Lines // of doc; nil until it was laid out
	asked int            // the width for which that is being done
	top   int            // the first line in sight
}

// maxSpoken is the size of a text up to which it is looked for another text in it.
const maxSpoken = 4 << 20

// views are the ways in which a body is shown, the best first. whole says that the body is a
// document of its own, and not the text in a field of one; markdown that it is likely to be
// Markdown. It takes a time that grows with the body.
func views(body []byte, whole, markdown bool) (all []*view, why string) {
	text := string(body)
	if tree := jsonview.AnswerTree(body); tree != nil {
		all = append(all, &view{name: "JSON", body: body, tree: tree})
	}
	if Unreadable(body) {
		return append(all, &view{name: "hex", body: body, hex: true, raw: jsonview.RawView{Hex: true}}), ""
	}
	if decoded, ok := decoded(text); ok && !whole {
		if tree := jsonview.AnswerTree(decoded); tree != nil {
			all = append(all, &view{name: "JSON, decoded from base64", body: decoded, tree: tree})
		} else {
			all = append(all, &view{name: "decoded from base64", body: decoded, doc: reading.Source(string(decoded))})
		}
	}
	source := &view{name: "source", body: body, doc: reading.Source(text)}
	if whole || len(all) > 0 {
		return append(all, source), ""
	}
	switch doc, err := reading.Markdown(text); {
	case err == nil && markdown:
		return append(all, &view{name: "Markdown", body: body, doc: doc}, source), ""
	case err == nil:
		return append(all, source, &view{name: "Markdown", body: body, doc: doc}), ""
	case markdown:
		why = "shown as it is, not as Markdown: " + err.Error()
	}
	return append(all, source), why
}

// decoded is the text that another one is an encoding of in base64. A word is not.
func decoded(text string) ([]byte, bool) {
	if len(text) > maxSpoken {
		return nil, false
	}
	if rest, ok := strings.CutPrefix(text, "data:"); ok {
		_, data, found := strings.Cut(rest, ";base64,")
		if !found {
			return nil, false
		}
		text = data
	}
	text = strings.Join(strings.Fields(text), "")
	if len(text) < 16 || json.Valid([]byte(text)) {
		return nil, false
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	body, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(body) {
		return nil, false
	}
	for _, r := range string(body) {
		if r != '\n' && r != '\r' && r != '\t' && !unicode.IsPrint(r) {
			return nil, false
		}
	}
	return body, true
}
