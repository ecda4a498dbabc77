package describe

// Why an attempt failed, in a few lines: the error, or what the answer says of it.

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/traceback"
	"hfhook/internal/visible"
	"hfhook/tui/jsonview"
)

const (
	causeBytes = 16 << 10 // of an answer that are looked through
	mostCauses = 4
	causeText  = 1 << 10 // bytes of one
)

// A Cause is one thing that an answer says about itself.
type Cause struct {
	Name string // of the field, for example "error"; empty: it is the whole
	Text string // safe to show, on one line
}

// causeNames are the fields of an answer that say why it is what it is, the most telling first.
var causeNames = []string{"error", "errors", "detail", "details", "message", "msg", "exception", "title", "reason", "description", "type", "code", "trace", "traceback", "stack", "stacktrace"}

// Causes are the reasons of an attempt's result, the most telling first: an error, else what
// the answer says.
func Causes(d *event.Delivery) (causes []Cause) {
	if why := cmp.Or(d.Err, d.Advice()); why != "" {
		causes = append(causes, Cause{"", visible.Line(why)})
	}
	if d.State != event.Done {
		return causes
	}
	body := d.ResponseBody[:min(len(d.ResponseBody), causeBytes)]
	text := strings.TrimSpace(string(body))
	switch {
	case text == "":
	case text[0] == '{' || text[0] == '[' || text[0] == '"':
		causes = append(causes, jsonCauses(jsonview.NewNode(body))...)
	case text[0] == '<':
		causes = append(causes, htmlCause(body)...)
	case bytes.IndexByte(body, 0) < 0:
		for _, line := range traceback.Summary(strings.Split(visible.Block(text), "\n"), 3) {
			causes = append(causes, Cause{"", visible.Line(strings.TrimSpace(line))})
		}
	}
	return causes[:min(len(causes), mostCauses)]
}

// jsonCauses are the fields of an answer that have a telling name, else the whole.
func jsonCauses(n *jsonview.Node) (causes []Cause) {
	kids := n.Members()
	if n.IsString() || n.Container() && n.Raw[0] == '[' {
		return []Cause{{"", clipCause(causeOf(n))}}
	}
	for _, name := range causeNames {
		for _, kid := range kids {
			if strings.EqualFold(kid.Name, name) && len(causes) < mostCauses {
				if text := causeOf(kid); text != "" {
					causes = append(causes, Cause{visible.Line(kid.Name), clipCause(text)})
				}
			}
		}
	}
	if len(causes) == 0 {
		causes = []Cause{{"", clipCause(string(n.Raw))}}
	}
	return causes
}

// clipCause makes a text one line of bounded length.
func clipCause(text string) string {
	if len(text) > causeText {
		text = strings.ToValidUTF8(text[:causeText], "") + "…"
	}
	return visible.Line(strings.Join(strings.Fields(text), " "))
}

// causeOf is a value in words: of a list its elements, of an object what it says of itself.
func causeOf(n *jsonview.Node) string {
	switch {
	case n.IsString():
		text := n.Str()
		if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) > 1 {
			lines = traceback.Summary(lines, 3)
			for i := range lines {
				lines[i] = strings.TrimSpace(lines[i])
			}
			return strings.Join(lines, " › ")
		}
		return text
	case n.Container() && n.Raw[0] == '[':
		var parts []string
		for _, kid := range n.Members() {
			if len(parts) == 8 {
				return strings.Join(parts, " › ") + " › …"
			}
			if text := causeOf(kid); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, " › ")
	case n.Container():
		return objectCause(n)
	}
	if raw := string(n.Raw); raw != "null" && raw != "true" && raw != "false" {
		return raw
	}
	return ""
}

// objectCause is an object in words, for example {"loc":["body","x"],"msg":"Field required"}
// as body.x: Field required.
func objectCause(n *jsonview.Node) string {
	field := func(names ...string) string {
		for _, name := range names {
			for _, kid := range n.Members() {
				if strings.EqualFold(kid.Name, name) && !(kid.Container() && kid.Raw[0] == '{') {
					if text := causeOf(kid); text != "" {
						return text
					}
				}
			}
		}
		return ""
	}
	text := field("message", "msg", "error", "detail", "title", "reason")
	if text == "" {
		return string(n.Raw)
	}
	if where := strings.ReplaceAll(field("loc", "path", "field"), " › ", "."); where != "" {
		return where + ": " + text
	}
	if kind := field("type", "code", "name"); kind != "" && !strings.Contains(text, kind) {
		return kind + ": " + text
	}
	return text
}

var (
	pageTitle = regexp.MustCompile(`(?is)<(title|h1)[^>]*>(.*?)</(?:title|h1)>`)
	pageTag   = regexp.MustCompile(`<[^>]*>`)
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&#x27;", "'", "&nbsp;", " ", "&amp;", "&")
)

// htmlCause is what a page says in its title and first heading.
func htmlCause(body []byte) (causes []Cause) {
	for _, found := range pageTitle.FindAllSubmatch(body, 2) {
		text := clipCause(entities.Replace(string(pageTag.ReplaceAll(found[2], nil))))
		if text != "" && !slices.ContainsFunc(causes, func(c Cause) bool { return c.Text == text }) {
			causes = append(causes, Cause{strings.ToLower(string(found[1])), text})
		}
	}
	if len(causes) == 0 {
		if text := clipCause(entities.Replace(string(pageTag.ReplaceAll(body, []byte(" "))))); text != "" {
			causes = []Cause{{"page", text}}
		}
	}
	return causes
}
