package failures

// The part of an answer that is the same each time a handler fails in one way.

import (
	"bytes"
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/internal/traceback"
)

const (
	reasonBytes = 64 << 10 // of an answer that are looked at
	reasonMost  = 200      // bytes of a reason
)

// Blank stands in a reason for an id, a number or a time.
const Blank = "…"

var (
	volatile = regexp.MustCompile(strings.Join([]string{
		`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?`, // a date, with a time or without
		`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`,
		`(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b`,
		`\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b`, // a ULID
		`(?i)\b0x[0-9a-f]+\b`,
		`(?i)\b[0-9a-f]*[0-9][0-9a-f]*[a-f][0-9a-f]{6,}\b`,
		`(?i)\b[0-9a-f]*[a-f][0-9a-f]*[0-9][0-9a-f]{6,}\b`,
		`\d+(?:\.\d+)*`,
	}, "|"))
	tag   = regexp.MustCompile(`(?s)<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>`)
	title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
)

// Reason returns the stable part of why an attempt failed: the last line of a traceback, what
// JSON says of an error, the title of a page, or the first line, each without ids, numbers
// and times. It is empty if the answer says nothing. It is hostile text.
func Reason(d *event.Delivery) string {
	if d.Err != "" {
		return stable(d.Err)
	}
	body := bytes.TrimSpace(d.ResponseBody[:min(len(d.ResponseBody), reasonBytes)])
	if len(body) == 0 {
		return ""
	}
	if text, ok := jsonReason(body); ok {
		return stable(text)
	}
	text := string(body)
	if body[0] == '<' {
		if m := title.FindStringSubmatch(text); m != nil {
			return stable(html.UnescapeString(m[1]))
		}
		text = html.UnescapeString(tag.ReplaceAllString(text, "\n"))
	}
	return stable(line(text))
}

// line is the line of a text that says most.
func line(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > 1 && traceback.In(lines) {
		lines = traceback.Summary(lines, 1)
	}
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			return l
		}
	}
	return ""
}

// reasonNames are the members of an object that say why, the most telling first.
var reasonNames = []string{"error", "errors", "detail", "details", "message", "msg", "exception", "reason", "title", "description", "code"}

// jsonReason is what a JSON text says of an error.
func jsonReason(body []byte) (text string, ok bool) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return "", false
	}
	if text := said(v, 0); text != "" {
		return text, true
	}
	compact, err := json.Marshal(v) // with its members in order
	return string(compact), err == nil
}

// said is a JSON value in words: empty where it says nothing.
func said(v any, depth int) string {
	if depth > 8 {
		return ""
	}
	switch v := v.(type) {
	case string:
		return line(v)
	case []any:
		var parts []string
		for _, item := range v[:min(len(v), 8)] {
			if text := said(item, depth+1); text != "" && !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, "; ")
	case map[string]any:
		for _, name := range reasonNames {
			for key, member := range v {
				if strings.EqualFold(key, name) {
					if text := said(member, depth+1); text != "" {
						return text
					}
				}
			}
		}
	}
	return ""
}

// stable puts a blank in the place of what changes, and bounds the length.
func stable(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	text = volatile.ReplaceAllString(text, Blank)
	if len(text) > reasonMost {
		end := reasonMost
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return text
}
