package jsonedit_test

import (
	"strings"
	"testing"

	"hfhook/internal/jsonedit"
)

// The cases of RFC 7396, appendix A, except for those whose patch is not an object.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":null}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		{`{"a":1}`, `{}`, `{"a":1}`},
		{`{"a":{"b":1,"c":2}}`, `{"a":{}}`, `{"a":{"b":1,"c":2}}`},
		{`{"a":1}`, `{"a":5,"a":null}`, `{}`},
		{`{}`, `{"a":[{"b":null}]}`, `{"a":[{"b":null}]}`},
		{odd, `{"u":null,"x.y":{"z":1e401}}`, strings.Replace(strings.Replace(odd, `, "u":"\u0041<>"`, "", 1), `{} }`, `{"z":1e401} }`, 1)},
	} {
		if got, err := jsonedit.MergePatch([]byte(c.text), []byte(c.patch)); err != nil || string(got) != c.want {
			t.Errorf("%s merged into %s:\n got %s, %v\nwant %s", c.patch, c.text, got, err, c.want)
		}
	}
	for patch, want := range map[string]string{
		`["c"]`:  "the merge patch is not an object but a list",
		`null`:   "the merge patch is not an object but a null",
		`{"a":}`: "the merge patch is not JSON: line 1, column 6",
	} {
		if got, err := jsonedit.MergePatch([]byte(`{"a":1}`), []byte(patch)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v", patch, got, err)
		}
	}
}

// The cases of RFC 6902, appendix A, and more.
func TestPatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, patch, want string }{
		{`{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux"}]`, `{"foo":"bar","baz":"qux"}`},
		{`{"foo":["bar","baz"]}`, `[{"op":"add","path":"/foo/1","value":"qux"}]`, `{"foo":["bar","qux","baz"]}`},
		{`{"baz":"qux","foo":"bar"}`, `[{"op":"remove","path":"/baz"}]`, `{"foo":"bar"}`},
		{`{"foo":["bar","qux","baz"]}`, `[{"op":"remove","path":"/foo/1"}]`, `{"foo":["bar","baz"]}`},
		{`{"baz":"qux","foo":"bar"}`, `[{"op":"replace","path":"/baz","value":"boo"}]`, `{"baz":"boo","foo":"bar"}`},
		{`{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}`, `[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]`, `{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}`},
		{`{"foo":["all","grass","cows","eat"]}`, `[{"op":"move","from":"/foo/1","path":"/foo/3"}]`, `{"foo":["all","cows","eat","grass"]}`},
		{`{"baz":"qux","foo":["a",2,"c"]}`, `[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2.0}]`, `{"baz":"qux","foo":["a",2,"c"]}`},
		{`{"foo":"bar"}`, `[{"op":"add","path":"/child","value":{"grandchild":{}}}]`, `{"foo":"bar","child":{"grandchild":{}}}`},
		{`{"foo":"bar"}`, `[{"op":"add","path":"/baz","value":"qux","xyz":123}]`, `{"foo":"bar","baz":"qux"}`},
		{`{"/":9,"~1":10}`, `[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}]`, `{"~1":10}`},
		{`{"foo":["bar"]}`, `[{"op":"add","path":"/foo/-","value":["abc","def"]}]`, `{"foo":["bar",["abc","def"]]}`},
		{`{"foo":[]}`, `[{"op":"add","path":"/foo/0","value":1}]`, `{"foo":[1]}`},
		{`{"foo":1}`, `[{"op":"add","path":"/foo","value":2}]`, `{"foo":2}`},
		{`{"foo":1}`, `[{"op":"replace","path":"","value":[]}]`, `[]`},
		{`{"foo":1}`, `[{"op":"add","path":"","value":null}]`, `null`},
		{`{"foo":1}`, `[{"op":"copy","from":"/foo","path":"/bar"}]`, `{"foo":1,"bar":1}`},
		{`{"foo":1}`, `[{"op":"copy","from":"","path":"/foo"}]`, `{"foo":{"foo":1}}`},
		{`{"foo":1}`, `[{"op":"move","from":"/foo","path":"/foo"}]`, `{"foo":1}`},
		{`{"":{"0":1}}`, `[{"op":"replace","path":"//0","value":2}]`, `{"":{"0":2}}`},
		{`{"foo":null}`, `[{"op":"test","path":"/foo","value":null},{"op":"replace","path":"/foo","value":null}]`, `{"foo":null}`},
		{odd, `[{"op":"replace","path":"/l/0","value":1e401},{"op":"add","path":"/l/3","value":4}]`, strings.Replace(odd, `[1,2, 3]`, `[1e401,2, 3, 4]`, 1)},
		{`{}`, `[]`, `{}`},
	} {
		if got, err := jsonedit.Patch([]byte(c.text), []byte(c.patch)); err != nil || string(got) != c.want {
			t.Errorf("%s of %s:\n got %s, %v\nwant %s", c.patch, c.text, got, err, c.want)
		}
	}
	for _, c := range []struct{ text, patch, want string }{
		{`{"foo":"bar"}`, `[{"op":"add","path":"/baz/bat","value":"qux"}]`, "operation 1 of the JSON patch (add): .baz not found: did you mean .foo?"},
		{`{"foo":"bar"}`, `[{"op":"remove","path":"/foo"},{"op":"remove","path":"/foo"}]`, "operation 2 of the JSON patch (remove): . has no members"},
		{`{"foo":{"bar":1,"id":2}}`, `[{"op":"replace","path":"/foo/baz","value":1}]`, ".foo.baz not found: did you mean .foo.bar?"},
		{`{"baz":"qux"}`, `[{"op":"test","path":"/baz","value":"bar"}]`, `/baz is "qux", not "bar"`},
		{`{"a":"10"}`, `[{"op":"test","path":"/a","value":10}]`, `/a is "10", not 10`},
		{`{"l":[1,2]}`, `[{"op":"add","path":"/l/3","value":1}]`, ".l has 2 elements"},
		{`{"l":[1,2]}`, `[{"op":"remove","path":"/l/2"}]`, ".l has 2 elements"},
		{`{"l":[1,2]}`, `[{"op":"remove","path":"/l/-"}]`, `invalid list index "-"`},
		{`{"l":[1,2]}`, `[{"op":"remove","path":"/l/01"}]`, `invalid list index "01"`},
		{`{"l":[1,2]}`, `[{"op":"remove","path":"/l/1e0"}]`, `invalid list index "1e0"`},
		{`{"l":"x"}`, `[{"op":"add","path":"/l/x","value":1}]`, ".l is a string: nothing can be added to it"},
		{`{"l":"x"}`, `[{"op":"remove","path":""}]`, "the whole body cannot be removed"},
		{`{"a":{"b":1}}`, `[{"op":"move","from":"/a","path":"/a/b/c"}]`, "/a cannot be moved into itself"},
		{`{}`, `[{"op":"delete","path":"/a"}]`, "operation 1 of the JSON patch (delete): unknown operation: did you mean"},
		{`{}`, `[{"op":"add","path":"/a"}]`, `its "value" is missing`},
		{`{}`, `[{"op":"add","value":1}]`, `its "path" is missing`},
		{`{}`, `[{"op":"copy","path":"/a"}]`, `its "from" is missing`},
		{`{}`, `[{"path":"/a"}]`, `its "op" is missing`},
		{`{}`, `[{"op":1}]`, `its "op" is not a string`},
		{`{}`, `[{"op":"add","path":"a","value":1}]`, `invalid JSON pointer "a"`},
		{`{}`, `[1]`, "want an object"},
		{`{}`, `{"a":1}`, "an object is a merge patch"},
		{`{}`, `[`, "the JSON patch is not JSON: line 1, column 2"},
	} {
		if got, err := jsonedit.Patch([]byte(c.text), []byte(c.patch)); err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
			t.Errorf("%s of %s: %s, %v\nwant %s", c.patch, c.text, got, err, c.want)
		}
	}
}
