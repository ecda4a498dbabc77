package payload_test

import (
	"encoding/json"
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
	const required, optional = true, false
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
		place    string // as in repo.url.web
		kind     kind
		required bool
	}{
		{"event", object, required},
		{"event.action", str, required},
		{"event.scope", str, required},
		{"repo", object, required},
		{"repo.id", str, required},
		{"repo.owner", object, required},
		{"repo.owner.id", str, required},
		{"repo.headSha", str, optional},
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
		{"updatedRefs", list, optional},
		{"updatedRefs.0.ref", str, required},
		{"updatedRefs.0.oldSha", str, optional},
		{"updatedRefs.0.newSha", str, optional},
		{"updatedConfig", dict, optional},
		{"updatedFiles", list, optional},
		{"updatedFiles.0.path", str, required},
		{"updatedFiles.0.action", str, required},
		{"updatedFiles.0.xetHash", str, optional},
		{"updatedFiles.0.size", integer, optional},
		{"updatedFilesTruncated", boolean, optional},
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
		if tt.required {
			absent = []payload.Fault{{Type: "missing", Loc: loc, Msg: "Field required"}}
			null = wrong
		}
		check := func(what string, body []byte, want []payload.Fault) {
			got, _ := payload.Check(body)
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
				got, _ := payload.Check(edit(t, json.RawMessage(value), tt.place...))
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
		"missing [body updatedRefs 0 ref]",
		"string_type [body updatedRefs 0 oldSha]",
		"model_attributes_type [body updatedRefs 1]",
	}
	if diff := cmp.Diff(want, faultsOf(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if got, want := err.Error(), "no Hub payload: event: Input should be a valid dictionary or object to extract fields from, and 17 more"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

// A list of a million faulty elements is refused with some of its faults; those of
// the other fields stay whole.
func TestFaultsOfAListAreLimited(t *testing.T) {
	refs := "[" + strings.Repeat("{},", 1000) + "{}]"
	faults, _ := payload.Check([]byte(`{"updatedRefs":` + refs + `,"updatedFiles":[{}]}`))
	var got []string
	for _, f := range faults {
		got = append(got, f.String())
	}
	if len(got) != 3+100+2 || got[3] != "updatedRefs.0.ref: Field required" || got[104] != "updatedFiles.0.action: Field required" {
		t.Errorf("%d faults: %q", len(got), got)
	}

	faults, _ = payload.Check([]byte(whole[:len(whole)-1] + `,"updatedRefs":` + refs + `,"updatedRefs":[]}`))
	if faults != nil {
		t.Errorf("faults of a list that does not count: %v", faults)
	}
}
