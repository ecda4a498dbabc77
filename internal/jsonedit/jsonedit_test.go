package jsonedit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
)

func path(t *testing.T, text string) jsontree.Path {
	t.Helper()
	p, err := jsontree.ParsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const odd = "\ufeff{ \"b\" : 1e400,\r\n\t\"a\": 12345678901234567890.10, \"a\":2, \"u\":\"\\u0041<>\", \"l\":[1,2, 3] , \"x.y\":{} }\n"

func TestSet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, path, value, want string }{
		{`{"a":1}`, ".a", "2", `{"a":2}`},
		{`{"a":{"b":[1,{"c":2}]}}`, ".a.b[1].c", `"x"`, `{"a":{"b":[1,{"c":"x"}]}}`},
		{`{"a":1}`, ".b", "2", `{"a":1,"b":2}`},
		{`{}`, ".b.c[0].d", "2", `{"b":{"c":[{"d":2}]}}`},
		{`{ }`, ".b", "2", `{"b":2}`},
		{"{\n  \"a\" : 1\n}", ".b", "2", "{\n  \"a\" : 1,\n  \"b\" : 2\n}"},
		{"{\n  \"l\": [\n    1\n  ]\n}", ".l[1]", "2", "{\n  \"l\": [\n    1,\n    2\n  ]\n}"},
		{`{"l":[]}`, ".l[0]", "2", `{"l":[2]}`},
		{`{"a":null}`, ".a.b", "2", `{"a":{"b":2}}`},
		{`{"a":null}`, ".a[0].b", "2", `{"a":[{"b":2}]}`},
		{`null`, ".a", "2", `{"a":2}`},
		{odd, ".a", "9", strings.Replace(odd, `"a":2`, `"a":9`, 1)},
		{odd, ".l[1]", "9", strings.Replace(odd, `[1,2, 3]`, `[1,9, 3]`, 1)},
		{odd, `.["x.y"]["\""]`, "9", strings.Replace(odd, `{} }`, `{"\"":9} }`, 1)},
		{odd, ".new", "9", strings.Replace(odd, `{} }`, `{}, "new":9 }`, 1)},
		{`{"\u0061":1}`, ".a", "2", `{"\u0061":2}`},
		{`{"a":1}`, `.["<>&` + "\u2028" + `"]`, "2", `{"a":1,"<>&\u2028":2}`},
	} {
		before := c.text
		got, err := jsonedit.Set([]byte(c.text), path(t, c.path), []byte(c.value))
		if err != nil || string(got) != c.want {
			t.Errorf("set %s of %q:\n got %q, %v\nwant %q", c.path, c.text, got, err, c.want)
		}
		if c.text != before {
			t.Errorf("the text was changed to %q", c.text)
		}
	}
	for _, c := range []struct{ text, path, want string }{
		{`{"comment":{"content":"x"}}`, ".comment.content.text", ".comment.content.text: .comment.content is a string and has no members"},
		{`{"a":{"b":1}}`, ".a[0]", ".a[0]: .a is not a list but a value of type object"},
		{`{"l":[1,2]}`, ".l.x", ".l.x: .l is a list and has no members"},
		{`{"l":[1,2]}`, ".l[3]", ".l has 2 elements, up to [1]; [2] appends one"},
		{`{"l":[]}`, ".l[1]", ".l has no elements yet: use [0]"},
		{`{}`, ".l[1]", ".l has no elements yet: use [0]"},
		{`{}`, ".a.l[1]", ".a.l has no elements yet: use [0]"},
		{`{"l":[1]}`, ".l[]", ".l[]: [] means every element: name one, for example [0]"},
		{`{}`, ".l[].x", ".l[].x: [] means every element: name one, for example [0]"},
		{`{"a"}`, ".a", "the body is not JSON: line 1, column 5: '}' follows a name: want a colon"},
		{``, ".a", "the body is not JSON: line 1, column 1: the JSON ends too early"},
	} {
		got, err := jsonedit.Set([]byte(c.text), path(t, c.path), []byte("1"))
		if err == nil || err.Error() != c.want {
			t.Errorf("set %s of %s: %s, %v\nwant %s", c.path, c.text, got, err, c.want)
		}
	}
}

func TestUnset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, path, want string }{
		{`{"a":1}`, ".a", `{}`},
		{"{\n  \"a\": 1\n}", ".a", `{}`},
		{`{"a":1,"b":2,"c":3}`, ".a", `{"b":2,"c":3}`},
		{`{"a":1,"b":2,"c":3}`, ".b", `{"a":1,"c":3}`},
		{`{"a":1,"b":2,"c":3}`, ".c", `{"a":1,"b":2}`},
		{"{\n  \"a\": 1,\n  \"b\": 2\n}", ".a", "{\n  \"b\": 2\n}"},
		{"{\n  \"a\": 1,\n  \"b\": 2\n}", ".b", "{\n  \"a\": 1\n}"},
		{`[1,2,3]`, ".[1]", `[1,3]`},
		{`[ 1 ]`, ".[0]", `[]`},
		{`{"a":1,"a":2}`, ".a", `{}`},
		{`{"a":1,"a":2, "b":3}`, ".a", `{"b":3}`},
		{`{"a":1,"a":2,"b":3,"a":4,"c":5,"a":6}`, ".a", `{"b":3,"c":5}`},
		{`{"b":3,"a":[7],"a":{"x":[]},"c":5}`, ".a", `{"b":3,"c":5}`},
		{odd, ".l", strings.Replace(odd, `, "l":[1,2, 3]`, "", 1)},
	} {
		got, err := jsonedit.Unset([]byte(c.text), path(t, c.path))
		if err != nil || string(got) != c.want {
			t.Errorf("unset %s of %q:\n got %q, %v\nwant %q", c.path, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct{ text, path, want string }{
		{`{"comment":{"content":"x","id":1}}`, ".comment.contant", ".comment.contant not found: did you mean .comment.content?"},
		{`{"comment":{"content":"x","id":1}}`, ".coment.content", ".coment not found: did you mean .comment?"},
		{`{"a":{}}`, ".a.b", ".a has no members"},
		{`{"l":[1]}`, ".l[1]", ".l has 1 elements, up to [0]; [1] appends one"},
		{`{"l":null}`, ".l.x", ".l has no members"},
	} {
		if got, err := jsonedit.Unset([]byte(c.text), path(t, c.path)); err == nil || err.Error() != c.want {
			t.Errorf("unset %s of %s: %s, %v\nwant %s", c.path, c.text, got, err, c.want)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"hello": `"hello"`, "true": "true", " 1.0 ": "1.0", "1e400": "1e400", `"x"`: `"x"`, `{"a": 1}`: `{"a": 1}`,
		"": `""`, "01": `"01"`, "a\"b\n<": `"a\"b\n<"`, "nul": `"nul"`,
	} {
		if got := jsonedit.Value(text); string(got) != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

// FuzzSet: what was set is there, and taking a new member away gives the text as it was.
func FuzzSet(f *testing.F) {
	f.Add([]byte(odd), "name", []byte(`{"x":[1]}`))
	f.Add([]byte(`{"a":{"a":1}}`), "a", []byte(`"\u0041"`))
	f.Fuzz(func(t *testing.T, text []byte, name string, value []byte) {
		doc, err := jsontree.Parse(text)
		if err != nil || doc.Root.Kind() != jsontree.Object || !json.Valid(value) {
			return
		}
		p := jsontree.Path{{Name: strings.ToValidUTF8(name, ""), Index: jsontree.ByName}}
		set, err := jsonedit.Set(text, p, value)
		if err != nil {
			t.Fatal(err)
		}
		after, err := jsontree.Parse(set)
		if err != nil {
			return // the value is not UTF-8
		}
		n, ok := after.Lookup(p)
		if !ok || string(n.Raw()) != string(value) && strings.TrimSpace(string(value)) != string(n.Raw()) {
			t.Fatalf("%q has no %s in %q", set, value, p)
		}
		unset, err := jsonedit.Unset(set, p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := jsontree.Parse(unset); err != nil {
			t.Fatalf("%q: %v", unset, err)
		} else if _, there := again.Lookup(p); there {
			t.Errorf("%q still has %s", unset, p)
		}
		if _, there := doc.Lookup(p); !there && doc.Root.Len() > 0 && string(unset) != string(text) {
			t.Errorf("%q has become %q", text, unset)
		}
	})
}
