package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A kind is a type of JSON value.
type kind string

const (
	text    kind = "string"
	integer kind = "integer"
	boolean kind = "boolean"
	list    kind = "list"
	object  kind = "object" // one with documented members
	anyKeys kind = "map"    // one with any
)

// faults are the type and the words of the fault where something else is in the place
// of a kind: pydantic's.
var faults = map[kind][2]string{
	text:    {"string_type", "Input should be a valid string"},
	integer: {"int_type", "Input should be a valid integer"},
	boolean: {"bool_type", "Input should be a valid boolean"},
	list:    {"list_type", "Input should be a valid list"},
	object:  {"model_attributes_type", "Input should be a valid dictionary or object to extract fields from"},
	anyKeys: {"dict_type", "Input should be a valid dictionary"},
}

// whole is a body with every documented field.
const whole = `{
	"event": {"action": "update", "scope": "discussion.comment"},
	"repo": {"type": "space", "name": "me/bot", "id": "621ffdc036468d709f17434d", "private": false, "subdomain": "me-bot",
		"url": {"web": "https://huggingface.co/spaces/me/bot", "api": "https://huggingface.co/api/spaces/me/bot"},
		"headSha": "c379e821c9c95d613899e8c4343e4bfee2b0c600", "owner": {"id": "628b753283ef59b5be89e937"}, "tags": ["region:us"]},
	"discussion": {"id": "6399f58518721fdd27fc9ca9", "title": "Fix", "num": 19, "isPullRequest": true, "status": "open", "pinned": false,
		"url": {"web": "https://huggingface.co/spaces/me/bot/discussions/19", "api": "https://huggingface.co/api/spaces/me/bot/discussions/19"},
		"author": {"id": "61d2f90c3c2083e1c08af22d"}, "changes": {"base": "refs/heads/main", "mergeCommitId": "575db8b7a51b6f85eb06eee540738584589f131c"}},
	"comment": {"id": "6399f58518721fdd27fc9caa", "author": {"id": "61d2f90c3c2083e1c08af22d"}, "content": "LGTM", "hidden": false,
		"url": {"web": "https://huggingface.co/spaces/me/bot/discussions/19#1", "api": "https://huggingface.co/api/x"}},
	"updatedRefs": [{"ref": "refs/heads/main", "oldSha": "ce9a4674fa833a68d5a73ec355f0ea95eedd60b7", "newSha": "575db8b7a51b6f85eb06eee540738584589f131c"}],
	"updatedConfig": {"private": false},
	"updatedFiles": [{"path": "a.txt", "action": "add", "xetHash": "55fa", "size": 20}],
	"updatedFilesTruncated": true,
	"movedTo": {"name": "you/bot", "owner": {"id": "628b753283ef59b5be89e937"}},
	"webhook": {"id": "6390e855e30d9209411de93b", "version": 3}
}`

// fields are the documented fields, whether they are required where their object is
// there, and what they hold: the WebhookPayload model of huggingface_hub, and what the
// Hub's documentation has besides.
var fields = []struct {
	path     string
	required bool
	kind     kind
}{
	{"event", true, object}, {"event.action", true, text}, {"event.scope", true, text},
	{"repo", true, object}, {"repo.id", true, text}, {"repo.owner", true, object}, {"repo.owner.id", true, text},
	{"repo.headSha", false, text}, {"repo.name", true, text}, {"repo.private", true, boolean}, {"repo.subdomain", false, text},
	{"repo.tags", false, list}, {"repo.tags.0", true, text}, {"repo.type", true, text},
	{"repo.url", true, object}, {"repo.url.web", true, text}, {"repo.url.api", false, text},
	{"discussion", false, object}, {"discussion.id", true, text}, {"discussion.num", true, integer},
	{"discussion.author", true, object}, {"discussion.author.id", true, text},
	{"discussion.url", true, object}, {"discussion.url.web", true, text}, {"discussion.url.api", false, text},
	{"discussion.title", true, text}, {"discussion.isPullRequest", true, boolean}, {"discussion.status", true, text},
	{"discussion.changes", false, object}, {"discussion.changes.base", true, text}, {"discussion.changes.mergeCommitId", false, text},
	{"discussion.pinned", false, boolean},
	{"comment", false, object}, {"comment.id", true, text}, {"comment.author", true, object}, {"comment.author.id", true, text},
	{"comment.hidden", true, boolean}, {"comment.content", false, text},
	{"comment.url", true, object}, {"comment.url.web", true, text}, {"comment.url.api", false, text},
	{"webhook", true, object}, {"webhook.id", true, text}, {"webhook.version", true, integer},
	{"movedTo", false, object}, {"movedTo.name", true, text}, {"movedTo.owner", true, object}, {"movedTo.owner.id", true, text},
	{"updatedRefs", false, list}, {"updatedRefs.0", true, object}, {"updatedRefs.0.ref", true, text},
	{"updatedRefs.0.oldSha", false, text}, {"updatedRefs.0.newSha", false, text},
	{"updatedConfig", false, anyKeys},
	{"updatedFiles", false, list}, {"updatedFiles.0", true, object}, {"updatedFiles.0.path", true, text}, {"updatedFiles.0.action", true, text},
	{"updatedFiles.0.xetHash", false, text}, {"updatedFiles.0.size", false, integer},
	{"updatedFilesTruncated", false, boolean},
}

// later are the fields that the Hub has added after the first model. Whatever is in them, the
// body is taken: a receiver does without them, and a refusal gets the webhook suspended.
var later = []string{"repo.headSha", "updatedRefs", "updatedConfig", "updatedFiles", "updatedFilesTruncated"}

func isLater(path string) bool {
	return slices.ContainsFunc(later, func(field string) bool { return path == field || strings.HasPrefix(path, field+".") })
}

// values are one of each type of JSON, and the kinds that they are good for.
var values = []struct {
	text string
	good []kind
}{
	{`"text"`, []kind{text}}, {`7`, []kind{integer}}, {`1.5`, nil}, {`true`, []kind{boolean}}, {`[]`, []kind{list}}, {`{}`, []kind{object, anyKeys}},
}

// fieldCases are the whole body with each field absent, null, and of each wrong type: refused
// with the fault, unless the field is one of those that came later.
func fieldCases() []Case {
	var cases []Case
	add := func(what, path string, body string, fault [2]string) {
		c := Case{Name: what, Body: body, Status: 200, Answer: stored}
		if fault[0] != "" && !isLater(path) {
			steps := []string{`"body"`}
			for step := range strings.SplitSeq(path, ".") {
				if _, err := strconv.Atoi(step); err != nil {
					step = strconv.Quote(step)
				}
				steps = append(steps, step)
			}
			c.Status, c.Answer = 422, fmt.Sprintf(`{"detail":[{"type":%q,"loc":[%s],"msg":%q}]}`, fault[0], strings.Join(steps, ","), fault[1])
		}
		cases = append(cases, c)
	}
	for _, f := range fields {
		var ok [2]string
		if _, isElement := element(f.path); !isElement {
			missing := ok
			if f.required {
				missing = [2]string{"missing", "Field required"}
			}
			add(f.path+" is absent", f.path, changed(f.path, ""), missing)
		}
		null := ok
		if f.required {
			null = faults[f.kind]
		}
		add(f.path+" is null", f.path, changed(f.path, "null"), null)
		for _, v := range values {
			isGood := false
			for _, k := range v.good {
				isGood = isGood || k == f.kind
			}
			if !isGood {
				add(f.path+" is "+v.text, f.path, changed(f.path, v.text), faults[f.kind])
			}
		}
	}
	return cases
}

// element reports whether a path leads to an element of a list.
func element(path string) (int, bool) {
	i, err := strconv.Atoi(path[strings.LastIndexByte(path, '.')+1:])
	return i, err == nil
}

// changed is the whole body with another value at a path, or with none.
func changed(path, value string) string {
	var doc any
	if err := json.Unmarshal([]byte(whole), &doc); err != nil {
		panic(err) // the text above is JSON
	}
	at := doc
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		if l, ok := at.([]any); ok {
			i, _ := strconv.Atoi(step)
			at = l[i]
			continue
		}
		at = at.(map[string]any)[step]
	}
	last := steps[len(steps)-1]
	switch at := at.(type) {
	case map[string]any:
		if at[last] = json.RawMessage(value); value == "" {
			delete(at, last)
		}
	case []any:
		i, _ := strconv.Atoi(last)
		at[i] = json.RawMessage(value)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return string(text)
}
