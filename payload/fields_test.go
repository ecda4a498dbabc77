package payload_test

import (
	stdcmp "cmp"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
)

// edit returns whole with the value at the place changed, or with the key removed
// where value is nil. A place is as in the loc of a fault.
func edit(t *testing.T, value any, place ...any) []byte {
	t.Helper()
	var body any
	if err := json.Unmarshal([]byte(whole), &body); err != nil {
		t.Fatal(err)
	}
	at := body
	for _, step := range place[:len(place)-1] {
		switch step := step.(type) {
		case string:
			at = at.(map[string]any)[step]
		case int:
			at = at.([]any)[step]
		}
	}
	switch last := place[len(place)-1].(type) {
	case string:
		if _, ok := at.(map[string]any)[last]; !ok {
			t.Fatalf("%v is not in the body", place)
		}
		if value == nil {
			delete(at.(map[string]any), last)
		} else {
			at.(map[string]any)[last] = value
		}
	case int:
		at.([]any)[last] = value
	}
	out, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Each field absent, null and of wrong types. The types and messages are those of
// pydantic 2.13, strict about coercion, with from_attributes as FastAPI has it.
func TestFieldFaults(t *testing.T) {
	const (
		optional = iota
		required
		lenient         // a wrong type is a warning
		lenientRequired // within a lenient one: so is its absence
	)
	type kind struct {
		typ, msg string
		wrong    []string // values of other types
	}
	var (
		str     = kind{"string_type", "Input should be a valid string", []string{`19`, `true`, `[]`, `{}`, `["x"]`}}
		boolean = kind{"bool_type", "Input should be a valid boolean", []string{`1`, `0`, `"true"`, `[]`, `{}`}}
		integer = kind{"int_type", "Input should be a valid integer", []string{`"19"`, `19.0`, `1e2`, `1.5`, `true`, `[]`, `{}`}}
		object  = kind{"model_attributes_type", "Input should be a valid dictionary or object to extract fields from", []string{`19`, `true`, `"x"`, `[]`, `[{}]`}}
		list    = kind{"list_type", "Input should be a valid list", []string{`19`, `true`, `"x"`, `{}`}}
		dict    = kind{"dict_type", "Input should be a valid dictionary", []string{`19`, `true`, `"x"`, `[]`}}
	)
	tests := []struct {
		place string // for example repo.url.web
		kind  kind
		need  int
	}{
		{"event", object, required},
		{"event.action", str, required},
		{"event.scope", str, required},
		{"repo", object, required},
		{"repo.id", str, required},
		{"repo.owner", object, required},
		{"repo.owner.id", str, required},
		{"repo.headSha", str, lenient},
		{"repo.name", str, required},
		{"repo.private", boolean, required},
		{"repo.subdomain", str, optional},
		{"repo.tags", list, optional},
		{"repo.type", str, required},
		{"repo.url", object, required},
		{"repo.url.web", str, required},
		{"repo.url.api", str, optional},
		{"discussion", object, optional},
		{"discussion.id", str, required},
		{"discussion.num", integer, required},
		{"discussion.author", object, required},
		{"discussion.author.id", str, required},
		{"discussion.url", object, required},
		{"discussion.url.web", str, required},
		{"discussion.url.api", str, optional},
		{"discussion.title", str, required},
		{"discussion.isPullRequest", boolean, required},
		{"discussion.status", str, required},
		{"discussion.changes", object, optional},
		{"discussion.changes.base", str, required},
		{"discussion.changes.mergeCommitId", str, optional},
		{"discussion.pinned", boolean, optional},
		{"comment", object, optional},
		{"comment.id", str, required},
		{"comment.author", object, required},
		{"comment.author.id", str, required},
		{"comment.hidden", boolean, required},
		{"comment.content", str, optional},
		{"comment.url", object, required},
		{"comment.url.web", str, required},
		{"comment.url.api", str, optional},
		{"webhook", object, required},
		{"webhook.id", str, required},
		{"webhook.version", integer, required},
		{"movedTo", object, optional},
		{"movedTo.name", str, required},
		{"movedTo.owner", object, required},
		{"movedTo.owner.id", str, required},
		{"updatedRefs", list, lenient},
		{"updatedRefs.0.ref", str, lenientRequired},
		{"updatedRefs.0.oldSha", str, lenient},
		{"updatedRefs.0.newSha", str, lenient},
		{"updatedConfig", dict, lenient},
		{"updatedFiles", list, lenient},
		{"updatedFiles.0.path", str, lenientRequired},
		{"updatedFiles.0.action", str, lenientRequired},
		{"updatedFiles.0.xetHash", str, lenient},
		{"updatedFiles.0.size", integer, lenient},
		{"updatedFilesTruncated", boolean, lenient},
	}
	for _, tt := range tests {
		var place []any
		for name := range strings.SplitSeq(tt.place, ".") {
			if name == "0" {
				place = append(place, 0)
			} else {
				place = append(place, name)
			}
		}
		loc := append([]any{"body"}, place...)
		wrong := []payload.Fault{{Type: tt.kind.typ, Loc: loc, Msg: tt.kind.msg}}
		var absent, null []payload.Fault
		if tt.need == required || tt.need == lenientRequired {
			absent = []payload.Fault{{Type: "missing", Loc: loc, Msg: "Field required"}}
			null = wrong
		}
		check := func(what string, body []byte, want []payload.Fault) {
			got, warnings := payload.Check(body)
			if tt.need >= lenient {
				var texts []payload.Warning
				for _, f := range want {
					path := strings.ReplaceAll("."+tt.place, ".0", "[0]")
					texts = append(texts, payload.Warning{Path: path, Text: "ignored: " + f.Msg})
				}
				if diff := cmp.Diff(texts, warnings); diff != "" {
					t.Errorf("%s %s: warnings (-want +got):\n%s", tt.place, what, diff)
				}
				want = nil
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", tt.place, what, diff)
			}
		}
		check("absent", edit(t, nil, place...), absent)
		check("null", edit(t, json.RawMessage("null"), place...), null)
		for _, value := range tt.kind.wrong {
			check("is "+value, edit(t, json.RawMessage(value), place...), wrong)
		}
	}

	t.Run("member of a list", func(t *testing.T) {
		for _, tt := range []struct {
			place []any
			kind  kind
		}{
			{[]any{"repo", "tags", 1}, str},
			{[]any{"updatedRefs", 0}, object},
			{[]any{"updatedFiles", 0}, object},
		} {
			for _, value := range append(tt.kind.wrong, "null") {
				got, warnings := payload.Check(edit(t, json.RawMessage(value), tt.place...))
				if tt.place[0] != "repo" {
					want := []payload.Warning{{Path: fmt.Sprintf(".%s[0]", tt.place[0]), Text: "ignored: " + tt.kind.msg}}
					if diff := cmp.Diff(want, warnings); diff != "" || got != nil {
						t.Errorf("%v is %s: faults %v, warnings (-want +got):\n%s", tt.place, value, got, diff)
					}
					continue
				}
				want := []payload.Fault{{Type: tt.kind.typ, Loc: append([]any{"body"}, tt.place...), Msg: tt.kind.msg}}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%v is %s (-want +got):\n%s", tt.place, value, diff)
				}
			}
		}
	})
}

// Several faults come in the order of the model, whatever the order of the body.
func TestEveryFaultIsListed(t *testing.T) {
	body := `{
		"updatedRefs": [{"oldSha": 1}, 5],
		"webhook": {"version": "3"},
		"comment": {"hidden": null},
		"repo": {"type": 1, "private": 0, "url": {}, "tags": ["a", 2, null]},
		"event": []
	}`
	_, _, err := payload.Parse([]byte(body))
	want := []string{
		"model_attributes_type [body event]",
		"missing [body repo id]",
		"missing [body repo owner]",
		"missing [body repo name]",
		"bool_type [body repo private]",
		"string_type [body repo tags 1]",
		"string_type [body repo tags 2]",
		"string_type [body repo type]",
		"missing [body repo url web]",
		"missing [body comment id]",
		"missing [body comment author]",
		"bool_type [body comment hidden]",
		"missing [body comment url]",
		"missing [body webhook id]",
		"int_type [body webhook version]",
	}
	if diff := cmp.Diff(want, faultsOf(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if got, want := err.Error(), "not a Hub payload: event: Input should be a valid dictionary or object to extract fields from, and 14 more"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

// A list of a million faulty elements is refused with some of its faults; those of
// the other fields stay whole.
func TestFaultsOfAListAreLimited(t *testing.T) {
	tags := "[" + strings.Repeat("1,", 1000) + `"t"]`
	faults, _ := payload.Check([]byte(`{"repo":{"tags":` + tags + `,"type":5}}`))
	var got []string
	for _, f := range faults {
		got = append(got, f.String())
	}
	if len(got) != 5+100+2+1 || got[5] != "repo.tags.0: Input should be a valid string" || got[105] != "repo.type: Input should be a valid string" {
		t.Errorf("%d faults: %q", len(got), got)
	}

	refs := "[" + strings.Repeat("{},", 1000) + "{}]"
	faults, warnings := payload.Check([]byte(whole[:len(whole)-1] + `,"updatedRefs":` + refs + `}`))
	if faults != nil || len(warnings) != 100 {
		t.Errorf("%d faults, %d warnings", len(faults), len(warnings))
	}
	faults, warnings = payload.Check([]byte(whole[:len(whole)-1] + `,"updatedRefs":` + refs + `,"updatedRefs":[]}`))
	if faults != nil || warnings != nil {
		t.Errorf("of a list that does not count: faults %v, warnings %v", faults, warnings)
	}
}

// What is wrong in a field that the Hub added later is left out, and the rest of it read.
func TestLenientFields(t *testing.T) {
	p, warnings, err := payload.Parse(edit(t, json.RawMessage(`[5, {"ref":"refs/heads/main","newSha":7,"by":1}, {"oldSha":"o"}]`), "updatedRefs"))
	if err != nil {
		t.Fatal(err)
	}
	want := []payload.Warning{
		{Path: ".updatedRefs[0]", Text: "ignored: Input should be a valid dictionary or object to extract fields from"},
		{Path: ".updatedRefs[1].newSha", Text: "ignored: Input should be a valid string"},
		{Path: ".updatedRefs[2].ref", Text: "ignored: Field required"},
		{Path: ".updatedRefs[1].by", Text: "unknown key"},
	}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	refs := []payload.RefUpdate{
		{Ref: "refs/heads/main", NewSHA: new(""), Unknown: map[string]json.RawMessage{"by": json.RawMessage("1")}},
		{OldSHA: new("o")},
	}
	if diff := cmp.Diff(refs, p.UpdatedRefs); diff != "" {
		t.Errorf("updatedRefs (-want +got):\n%s", diff)
	}
}

// One wrong type in a body that was edited takes nothing from the row but its own part.
func TestParseLenient(t *testing.T) {
	body := func(name string) string { return string(readFile(t, name)) }
	comment, push := body("constructed-discussion-comment-create.json"), body("constructed-repo-content-update-main-push.json")
	for _, tt := range []struct {
		name, body, old, new string
		summary              string
		kind                 string // scope, action and repository; empty: as before
		warning              string // the first
	}{
		{"unrelated", comment, `"hidden": false`, `"hidden": 1`,
			`comment some-user/some-repo#3 "@discussion-bot what is this?"`, "", ".comment.hidden invalid: Input should be a valid boolean"},
		{"missing", comment, `"isPullRequest"`, `"isPR"`,
			`comment some-user/some-repo#3 "@discussion-bot what is this?"`, "", ".discussion.isPullRequest invalid: Field required"},
		{"number", comment, `"num": 3`, `"num": "3"`,
			`comment some-user/some-repo "@discussion-bot what is this?"`, "", ".discussion.num invalid: Input should be a valid integer"},
		{"text", comment, `"content": "`, `"content": 5, "was": "`,
			`comment some-user/some-repo#3`, "", ".comment.content invalid: Input should be a valid string"},
		{"repository", comment, `"name": "`, `"name": 5, "was": "`,
			`comment #3 "@discussion-bot what is this?"`, "discussion.comment create ", ".repo.name invalid: Input should be a valid string"},
		{"action", comment, `"action": "create"`, `"action": []`,
			`comment some-user/some-repo#3 "@discussion-bot what is this?"`, "discussion.comment  some-user/some-repo", ".event.action invalid: Input should be a valid string"},
		{"list", push, `"updatedRefs": [`, `"updatedRefs": [null, `,
			"push main some-user/some-repo ce9a467→575db8b", "", ".updatedRefs[0] ignored: Input should be a valid dictionary or object to extract fields from"},
		{"syntax error behind", comment, `"webhook"`, `webhook`,
			`comment some-user/some-repo#3 "@discussion-bot what is this?"`, "", ". invalid: JSON decode error at byte 1111: Expecting property name enclosed in double quotes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, _, err := payload.Parse([]byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(tt.body, tt.old, tt.new, 1)
			if tt.old != "" && changed == tt.body {
				t.Fatalf("%q is not in the body", tt.old)
			}
			got, warnings := payload.ParseLenient([]byte(changed))
			if got == nil {
				t.Fatal("nothing was read")
			}
			kind := func(p *payload.Payload) string {
				return fmt.Sprintf("%s %s %s", p.Event.Scope, p.Event.Action, p.Repo.Name)
			}
			if got, want := kind(got), stdcmp.Or(tt.kind, kind(before)); got != want {
				t.Errorf("it is %q, want %q", got, want)
			}
			if got.Summary() != tt.summary {
				t.Errorf("summary %q, want %q", got.Summary(), tt.summary)
			}
			if w := warnings[0]; w.Path+" "+w.Text != tt.warning {
				t.Errorf("the first warning is %q, want %q", w, tt.warning)
			}
			if string(got.Raw()) != changed {
				t.Error("Raw is not the body")
			}
		})
	}
	for _, text := range []string{"", "null", "[]", "5", "{\"a\":\"\xff\"}"} {
		if p, warnings := payload.ParseLenient([]byte(text)); p != nil || len(warnings) != 1 {
			t.Errorf("%q: payload %v, warnings %v", text, p, warnings)
		}
	}
	if _, warnings := payload.ParseLenient([]byte(whole)); warnings != nil {
		t.Errorf("of a good body: warnings %v", warnings)
	}
}
