package jsontree_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsontree"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const text = "\ufeff { \"a\" : [1e400, \"x\\\"]\", {}, [ ]] ,\n\"b\":{\"c\":null,\"\\u0063\":-0.5e+3}, \"d\":true}\n"
	doc, err := jsontree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		".a":    `[1e400, "x\"]", {}, [ ]]`,
		".a[0]": `1e400`,
		".a[1]": `"x\"]"`,
		".a[2]": `{}`,
		".a[3]": `[ ]`,
		".b":    `{"c":null,"\u0063":-0.5e+3}`,
		".b.c":  `-0.5e+3`, // the last of two
		".d":    `true`,
		".a[4]": "",
		".a.x":  "",
		".b[0]": "",
		".a[]":  "",
		".D":    "",
	} {
		p, err := jsontree.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if n, ok := doc.Lookup(p); ok {
			got = string(n.Raw())
		}
		if got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestSyntaxError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                 "line 1, column 1: the JSON ends too early",
		"{\n \"a\": 1,\n}": "line 3, column 1: '}' does not begin a name, which stands in double quotes",
		"{\"ä\": x}":       "line 1, column 7: 'x' does not begin a value",
		"{\"a\":\n1":       "line 2, column 2: the JSON ends too early",
		"[1] 2":            "line 1, column 5: '2' follows the end of the JSON",
		"[1]]":             "line 1, column 4: ']' follows the end of the JSON",
		"\ufeff[\n01]":     "line 2, column 2: '1' follows an element: want a comma or ]",
		"[\"a\xffb\"]":     "line 1, column 4: the text is not UTF-8 here",
		"\xef\xbb":         "line 1, column 1: the text is not UTF-8 here",
		"\ufeff":           "line 1, column 1: the JSON ends too early",
		"[\"a\nb\"]":       "line 1, column 4: '\\n' in a string has to be escaped",
		"tru":              "line 1, column 4: the JSON ends too early",
	} {
		_, err := jsontree.Parse([]byte(text))
		var bad *jsontree.SyntaxError
		if !errors.As(err, &bad) || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := jsontree.Parse([]byte(strings.Repeat("[", 10001))); err == nil {
		t.Error("a nesting without end was taken")
	}
	if _, err := jsontree.Parse([]byte(strings.Repeat("[", 10000) + strings.Repeat("]", 10000))); err != nil {
		t.Error(err)
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	member := func(name string) jsontree.Step { return jsontree.Step{Name: name, Index: jsontree.ByName} }
	for text, want := range map[string]jsontree.Path{
		".comment.content":        {member("comment"), member("content")},
		".updatedRefs[0].newSha":  {member("updatedRefs"), {Index: 0}, member("newSha")},
		".[0][12]":                {{Index: 0}, {Index: 12}},
		".[]":                     {{Index: jsontree.Any}},
		`.["a b"]["\"\\n"].x-y_z`: {member("a b"), member(`"\n`), member("x-y_z")},
		`.a[""]`:                  {member("a"), member("")},
		`.["a=b"]`:                {member("a=b")},
		`.ключ\x`:                 {member(`ключ\x`)},
	} {
		got, err := jsontree.ParsePath(text)
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		if got.String() != text {
			t.Errorf("%s must be written as %s", text, got)
		}
	}
	for _, text := range []string{"", ".", "a", "..a", ".a.", ".a[", ".a[x]", ".a[-1]", `.a["b]`, ".a b", ".a=1", ".a[99999999999]", "[0]", ".a[1", `.a["b"`} {
		if p, err := jsontree.ParsePath(text); err == nil || !strings.Contains(err.Error(), "invalid path") {
			t.Errorf("%q is the path %s, %v", text, p, err)
		}
	}
	p, rest, err := jsontree.CutPath(`.a["=="].b=c.d=`)
	if err != nil || p.String() != `.a["=="].b` || rest != "=c.d=" {
		t.Errorf("%s, %q, %v", p, rest, err)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p, q string
		want bool
	}{
		{".a", ".a", true},
		{".a", ".a.b[1]", true},
		{".a.b", ".a", false},
		{".a[]", ".a[3].x", true},
		{".a[]", ".a", false},
		{".a[]", ".a.b", false},
		{".a[1]", ".a[0]", false},
		{".a[0]", `.a["0"]`, false},
	} {
		p, err1 := jsontree.ParsePath(c.p)
		q, err2 := jsontree.ParsePath(c.q)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if got := p.Covers(q); got != c.want {
			t.Errorf("%s covers %s: %v", c.p, c.q, got)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true},
		{`100`, `1E+2`, true},
		{`-0`, `0.00e9`, true},
		{`1e400`, `10e399`, true},
		{`1e400`, `1e401`, false},
		{`1` + strings.Repeat("0", 5000), `1` + strings.Repeat("0", 5000), true},
		{`1` + strings.Repeat("0", 5000), `1` + strings.Repeat("0", 5000) + `.0`, false}, // too long to be worked out
		{`1`, `-1`, false},
		{`12345678901234567890`, `12345678901234567891`, false},
		{`0.1`, `1e-1`, true},
		{`1e99999999999999999999`, `10e99999999999999999998`, true},
		{`1e99999999999999999999`, `1e99999999999999999998`, false},
		{`"A"`, `"\u0041"`, true},
		{`"1"`, `1`, false},
		{`true`, `false`, false},
		{`null`, `null`, true},
		{`{"a":1,"b":2}`, `{ "b" : 2 , "a" : 1 }`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":1,"a":2}`, `{"a":2}`, false},
		{`{"a":1,"a":2}`, `{"a":2,"a":1}`, false},
		{`{"a":1,"x":0,"a":2}`, `{"x":0,"a":1,"a":2}`, true},
		{`[1,2]`, `[2,1]`, false},
		{`[1,2]`, `[1]`, false},
		{`[]`, `{}`, false},
	} {
		a, err1 := jsontree.Parse([]byte(c.a))
		b, err2 := jsontree.Parse([]byte(c.b))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if got := jsontree.Equal(a.Root, b.Root); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

// FuzzParse holds Parse to encoding/json, and paths to being read as they are written.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b c":null}],"":"\u0041"}`))
	f.Add([]byte("[\n1e5 , \"x\"]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := jsontree.Parse(text)
		plain := bytes.TrimPrefix(text, []byte("\ufeff"))
		if err == nil != (json.Valid(plain) && bytes.Equal(bytes.ToValidUTF8(plain, nil), plain)) {
			t.Fatalf("%q: %v", text, err)
		}
		if err != nil {
			return
		}
		var walk func(jsontree.Node, jsontree.Path)
		walk = func(n jsontree.Node, p jsontree.Path) {
			var same any
			if err := json.Unmarshal(n.Raw(), &same); err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
				t.Errorf("%q is not JSON: %v", n.Raw(), err)
			}
			if got, want := n.Leaves(), leaves(same); err == nil && got != want {
				if !repeats(n) {
					t.Errorf("%q has %d leaves, want %d", n.Raw(), got, want)
				}
			}
			if len(p) > 0 {
				if q, err := jsontree.ParsePath(p.String()); err != nil || !cmp.Equal(p, q) {
					t.Errorf("%v is written as %s: %v", p, p, err)
				}
			}
			for _, m := range n.Members() {
				walk(m.Value, append(p[:len(p):len(p)], jsontree.Step{Name: m.Name(), Index: jsontree.ByName}))
			}
			for i, e := range n.Elements() {
				walk(e, append(p[:len(p):len(p)], jsontree.Step{Index: i}))
			}
		}
		walk(doc.Root, nil)
	})
}

// leaves counts what Node.Leaves counts, in what encoding/json makes of a text.
func leaves(v any) (n int) {
	switch v := v.(type) {
	case map[string]any:
		for _, value := range v {
			n += leaves(value)
		}
	case []any:
		for _, value := range v {
			n += leaves(value)
		}
	}
	return max(n, 1)
}

// repeats reports whether an object in n has two members of one name, of which
// encoding/json keeps one.
func repeats(n jsontree.Node) bool {
	names := map[string]bool{}
	for _, m := range n.Members() {
		if names[m.Name()] || repeats(m.Value) {
			return true
		}
		names[m.Name()] = true
	}
	for _, e := range n.Elements() {
		if repeats(e) {
			return true
		}
	}
	return false
}
