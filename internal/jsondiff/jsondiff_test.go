package jsondiff_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"equal except for the way it is written": {
			`{"a":1,"b":"A","c":[]}`, "\ufeff{ \"c\" : [ ], \"b\":\"\\u0041\",\n\"a\":1.0 }",
			"0 changed, 0 added, 0 removed, 3 equal",
		},
		"all changes": {
			`{"x":{"content":"a"},"gone":{"k":[1, 2]},"same":null}`, `{"same":null,"x":{"content":"b","more":"c"}}`,
			"~ .x.content\n    - \"a\"\n    + \"b\"\n+ .x.more  \"c\"\n- .gone  {\"k\":[1,2]}\n1 changed, 1 added, 1 removed, 1 equal",
		},
		"of another type": {
			`{"a":{"b":1}}`, `{"a":[1]}`,
			"~ .a\n    - {\"b\":1}\n    + [1]\n1 changed, 0 added, 0 removed, 0 equal",
		},
		"huge numbers": {
			`[1e400,12345678901234567890,1]`, `[1e401,12345678901234567891,10e-1]`,
			"~ .[0]\n    - 1e400\n    + 1e401\n~ .[1]\n    - 12345678901234567890\n    + 12345678901234567891\n2 changed, 0 added, 0 removed, 1 equal",
		},
		"put into a list": {
			`{"l":[{"r":"a"},{"r":"b"}]}`, `{"l":[{"r":"n"},{"r":"a"},{"r":"b"}]}`,
			"+ .l[0]  {\"r\":\"n\"}\n0 changed, 1 added, 0 removed, 2 equal",
		},
		"taken out of a list": {
			`[1,2,3,4]`, `[1,4]`,
			"- .[1]  2\n- .[2]  3\n0 changed, 0 added, 2 removed, 2 equal",
		},
		"lists of one length are compared one by one": {
			`[1,2,3]`, `[2,3,4]`,
			"~ .[0]\n    - 1\n    + 2\n~ .[1]\n    - 2\n    + 3\n~ .[2]\n    - 3\n    + 4\n3 changed, 0 added, 0 removed, 0 equal",
		},
		"names that come twice": {
			`{"a":1,"a":2}`, `{"a":2}`,
			"- .a (overridden by a later one of the same name)  1\n0 changed, 0 added, 1 removed, 1 equal",
		},
		"names that change places": {
			`{"a":1,"a":2}`, `{"a":2,"a":1}`,
			"~ .a (overridden by a later one of the same name)\n    - 1\n    + 2\n~ .a\n    - 2\n    + 1\n2 changed, 0 added, 0 removed, 0 equal",
		},
		"a name of two lines": {
			`{}`, `{"a\nb":1}`,
			"+ .[\"a␊b\"]  1\n0 changed, 1 added, 0 removed, 0 equal",
		},
		"scalars": {`1`, `"1"`, "~ .\n    - 1\n    + \"1\"\n1 changed, 0 added, 0 removed, 0 equal"},
		"no JSON": {
			"a\nb\nc\n", "a\nB\nc\n",
			"@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\nno JSON: 1 line added, 1 removed",
		},
		"one is JSON":            {"{}", "oops", "@@ -1,1 +1,1 @@\n-{}\n\\ No newline at end of file\n+oops\n\\ No newline at end of file\nno JSON: 1 line added, 1 removed"},
		"no JSON, but the same":  {"<p>\n", "<p>\n", "0 changed, 0 added, 0 removed, 1 equal"},
		"an empty body":          {"", "", "0 changed, 0 added, 0 removed, 0 equal"},
		"an empty object filled": {`{}`, `{"a":{}}`, "+ .a  {}\n0 changed, 1 added, 0 removed, 0 equal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := jsondiff.Compare([]byte(c.old), []byte(c.new))
			if diff := cmp.Diff(c.want, d.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if same := strings.Contains(c.want, "0 changed, 0 added, 0 removed"); d.Same() != same {
				t.Errorf("the same: %v", d.Same())
			}
		})
	}
}

func TestIgnore(t *testing.T) {
	t.Parallel()
	var ignore []jsontree.Path
	for _, text := range []string{".at", ".items[].id", ".meta"} {
		p, err := jsontree.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		ignore = append(ignore, p)
	}
	d := jsondiff.Compare(
		[]byte(`{"at":1,"items":[{"id":1,"n":2},{"id":2,"n":3}],"meta":{"x":1}}`),
		[]byte(`{"items":[{"id":7,"n":2},{"id":8,"n":4}],"meta":[],"new":0}`), ignore...)
	want := []jsondiff.Field{
		{Path: ".items[0].n", Change: jsondiff.Equal, Old: "2", New: "2"},
		{Path: ".items[1].n", Change: jsondiff.Changed, Old: "3", New: "4"},
		{Path: ".new", Change: jsondiff.Added, New: "0"},
	}
	if diff := cmp.Diff(want, d.Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzCompare: a text differs from itself in nothing, and the way back takes away what
// the way there has added.
func FuzzCompare(f *testing.F) {
	f.Add([]byte(`{"a":[1,2]}`), []byte(`{"a":[2],"b":{},"b":1}`))
	f.Add([]byte("a\nb"), []byte("b\n"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if d := jsondiff.Compare(a, bytes.Clone(a)); !d.Same() {
			t.Errorf("%q differs from itself:\n%s", a, d)
		}
		there, back := jsondiff.Compare(a, b), jsondiff.Compare(b, a)
		if there.Lines == nil && (there.Counts[jsondiff.Added] != back.Counts[jsondiff.Removed] || there.Counts[jsondiff.Changed] != back.Counts[jsondiff.Changed]) {
			t.Errorf("%q and %q:\n%s\n%s", a, b, there, back)
		}
		if bytes.Equal(a, b) != there.Same() && there.Fields == nil {
			t.Errorf("%q and %q: %s", a, b, there)
		}
	})
}

// BenchmarkCompare compares bodies of a megabyte that differ in one field.
func BenchmarkCompare(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"list":[`)
	for i := range 10_000 {
		fmt.Fprintf(&text, `{"path":"data/train-%05d.parquet","action":"add","xetHash":"%064d","size":%d},`, i, i, i)
	}
	text.WriteString(`{}]}`)
	old, new := []byte(text.String()), []byte(strings.Replace(text.String(), "train-05000", "test-05000", 1))
	b.SetBytes(int64(len(old)))
	for b.Loop() {
		if d := jsondiff.Compare(old, new); d.Counts[jsondiff.Changed] != 1 {
			b.Fatal(d.Summary())
		}
	}
}

func TestCompareText(t *testing.T) {
	t.Parallel()
	d := jsondiff.CompareText([]byte(`{"a":1,"b":2}`), []byte(`{"a":1,"b":3}`))
	var changed []string
	for _, line := range d.Lines {
		if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-") {
			changed = append(changed, line)
		}
	}
	if got := strings.Join(changed, "|"); got != `-  "b": 2|+  "b": 3` {
		t.Errorf("got %s", got)
	}
	if d := jsondiff.CompareText([]byte(`{"a":1}`), []byte(`{ "a": 1 }`)); !d.Same() {
		t.Errorf("spacing makes a difference: %v", d.Lines)
	}
}

// TestWideObjects: an object of very many members takes a moment, not an hour.
func TestWideObjects(t *testing.T) {
	const n = 200_000
	wide := func(last string) []byte {
		b := []byte(`{"x":0`)
		for i := range n {
			b = fmt.Appendf(b, `,"name %d":%d`, i, i)
		}
		return append(b, `,"x":`+last+`}`...)
	}
	d := jsondiff.Compare(wide("1"), wide("2"))
	if d.Counts[jsondiff.Equal] != n+1 || d.Counts[jsondiff.Changed] != 1 || !d.Fields[0].Shadowed || d.Fields[1].Shadowed || d.Fields[len(d.Fields)-1].Shadowed {
		t.Errorf("%v, the first is shadowed: %v", d.Counts, d.Fields[0].Shadowed)
	}
}
