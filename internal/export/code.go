package export

// Test cases for handlers in Python, Go and JavaScript.

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/base64"
	"fmt"
	gofmt "go/format"
	"iter"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

//go:embed templates
var templateFiles embed.FS

// A testCase is an event for the templates.
type testCase struct {
	Title, Origin, Method, Target string
	Header                        []event.Field
	Body                          []byte
	Answers                       []expectation
	Ignored                       []jsontree.Path
}

// templates knows the functions that write a text as a literal of each language: in
// ASCII, so that nothing in it can be taken for something else.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"go":      strconv.QuoteToASCII,
	"goBody":  goString,
	"py":      strconv.QuoteToASCII,
	"pyValue": pythonValue,
	"pyBody":  pythonBytes,
	"js":      func(s string) string { return string(jsText(s)) },
	"jsValue": jsValue,
	"jsBody":  jsBytes,
	"grouped": grouped,
	"goPath":  func(p jsontree.Path) string { return pathLiteral(p, strconv.QuoteToASCII, "nil") },
	"pyPath":  func(p jsontree.Path) string { return pathLiteral(p, strconv.QuoteToASCII, "None") },
	"jsPath": func(p jsontree.Path) string {
		return pathLiteral(p, func(s string) string { return string(jsText(s)) }, "null")
	},
}).ParseFS(templateFiles, "templates/*.tmpl"))

// execute writes the template of that name. Without a secret, the test reads it from its
// environment.
func execute(w *bufio.Writer, name string, requests iter.Seq[*request], opts Options) error {
	return templates.ExecuteTemplate(w, name, struct {
		Cases  iter.Seq[testCase]
		Secret string
	}{
		Cases: func(yield func(testCase) bool) {
			for r := range requests {
				if !yield(testCase{
					Title: r.title(), Origin: r.origin(), Method: r.method(), Target: r.target(), Header: r.header, Body: r.Event.Body,
					Answers: r.answers, Ignored: r.ignored,
				}) {
					return
				}
			}
		},
		Secret: opts.Secret,
	})
}

func writePytest(w *bufio.Writer, requests iter.Seq[*request], opts Options) error {
	return execute(w, "pytest.tmpl", requests, opts)
}

func writeTS(w *bufio.Writer, requests iter.Seq[*request], opts Options) error {
	return execute(w, "node.tmpl", requests, opts)
}

func writeGo(w *bufio.Writer, requests iter.Seq[*request], opts Options) error {
	var b bytes.Buffer
	code := bufio.NewWriter(&b)
	if err := execute(code, "go.tmpl", requests, opts); err != nil {
		return err
	}
	code.Flush()
	if b.Len() > maxFormatted {
		_, err := w.Write(b.Bytes())
		return err
	}
	text, err := gofmt.Source(b.Bytes())
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// maxFormatted is the maximum size of Go code that is formatted, in bytes: the formatter needs
// many times as much memory, and larger code is one long string.
const maxFormatted = 1 << 20

// A values is a header with all of its values.
type values struct {
	Name   string
	Values []string
}

// grouped groups the values by name.
func grouped(header []event.Field) []values {
	var all []values
	index := map[string]int{}
	for _, f := range header {
		i, known := index[f.Name]
		if !known {
			i = len(all)
			index[f.Name] = i
			all = append(all, values{Name: f.Name})
		}
		all[i].Values = append(all[i].Values, f.Value)
	}
	return all
}

func goString(body []byte) string {
	if s := string(body); isPrintable(s) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.QuoteToASCII(string(body))
}

// singleQuoted is a text of printable ASCII as Python and JavaScript write it. JSON is
// easier to read in these quotes than in its own.
func singleQuoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// pythonValue is the value of a header: a str where it is ASCII, else bytes.
func pythonValue(s string) string {
	quoted := strconv.QuoteToASCII(s)
	if isASCII(s) {
		return quoted
	}
	var b strings.Builder
	b.WriteString(`b"`)
	for i := range len(s) {
		part := strconv.QuoteToASCII(s[i : i+1]) // a byte beyond ASCII is not UTF-8, and so \x and two digits
		b.WriteString(part[1 : len(part)-1])
	}
	return b.String() + `"`
}

// pythonBytes is an expression for bytes. Python reads the escapes of Go.
func pythonBytes(body []byte) string {
	switch {
	case isPrintable(string(body)):
		return "b" + singleQuoted(string(body))
	case isASCII(string(body)):
		return "b" + strconv.QuoteToASCII(string(body))
	case utf8.Valid(body):
		return strconv.QuoteToASCII(string(body)) + ".encode()"
	}
	return fmt.Sprintf("base64.b64decode(%q)", base64.StdEncoding.EncodeToString(body))
}

func isPrintable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func jsText(s string) []byte {
	return visible.EscapeJSON(quoteJSON(s), func(r rune) bool { return r < 0x7f })
}

// jsValue is the value of a header: a string with one character for each byte, as
// fetch takes it.
func jsValue(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(jsText(string(runes)))
}

// jsBytes is an expression for a Buffer.
func jsBytes(body []byte) string {
	switch {
	case isPrintable(string(body)):
		return "Buffer.from(" + singleQuoted(string(body)) + ")"
	case !utf8.Valid(body):
		return fmt.Sprintf("Buffer.from(%q, \"base64\")", base64.StdEncoding.EncodeToString(body))
	}
	return "Buffer.from(" + string(jsText(string(body))) + ")"
}
