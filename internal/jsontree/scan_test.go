package jsontree_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsontree"
)

func TestParts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 15) // around what is looked at byte by byte
	tests := []struct{ text, want string }{
		{` { "a" : [1, 2] , "b":{}, "a":"}" } `, `"a"=[1, 2]·2 "b"={}·0 "a"="}"·0`},
		{`[1,[ ],{"x":[1,2]},"a\"b"]`, `=1·0 =[ ]·0 ={"x":[1,2]}·1 ="a\"b"·0`},
		{`["` + long + `\"", 1]`, `="` + long + `\""·0 =1·0`},
		{`["` + long + `\\", 1]`, `="` + long + `\\"·0 =1·0`},
		{`["` + long + long + `\\\"", 1]`, `="` + long + long + `\\\""·0 =1·0`},
		{`"alone"`, ""},
		{"", ""},
		{"}", ""},
		{`{"a"`, ""},
		{`{"a":`, ""},
		{`{"a" 1}`, ""},
		{`{a:1}`, `a=1·0`},
		{`{"a":"b`, `"a"="b·0`},
		{`{"a":"` + long + long + `\`, `"a"="` + long + long + `\·0`},
		{`["` + long[:14] + `\`, `="` + long[:14] + `\·0`},
		{`[1,,2]`, `=1·0`},
		{`[1 2`, `=1·0 =2·0`},
		{`{]`, ""},
		{`[[[[`, `=[[[·1`},
	}
	for _, tt := range tests {
		var got []string
		for p := range jsontree.Parts([]byte(tt.text)) {
			got = append(got, fmt.Sprintf("%s=%s·%d", p.Name, p.Text, p.Size))
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

// Of JSON the scanner finds what the tree has; of anything else it ends, and stays inside.
func FuzzParts(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x\\",{}],"a":null}`, ` [ 1 , [ ] , "` + strings.Repeat(`\"`, 30) + `" ] `, `{"a":`, `[1,,2]`, `"\`, `{]`, "\x00", `[[[[`, `}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		parts := slices.Collect(jsontree.Parts(text))
		doc, err := jsontree.Parse(text)
		if err != nil || doc.Root.Start() > 0 && text[0] == 0xef {
			return
		}
		var want []jsontree.Part
		for _, m := range doc.Root.Members() {
			want = append(want, jsontree.Part{Name: text[m.Start:m.End], Text: m.Value.Raw(), Size: m.Value.Len()})
		}
		for _, e := range doc.Root.Elements() {
			want = append(want, jsontree.Part{Text: e.Raw(), Size: e.Len()})
		}
		if diff := cmp.Diff(want, parts); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if size := jsontree.Size(text); size != len(want) {
			t.Errorf("%q has the size %d, want %d", text, size, len(want))
		}
	})
}

func TestParseString(t *testing.T) {
	t.Parallel()
	for quoted, want := range map[string]string{
		`"a b"`: "a b", `""`: "", `"\u00e9\n"`: "é\n", `"\ud800"`: "\ufffd", "\"\xff\"": "\ufffd",
		`"`: "not a string", "": "not a string", `"\`: "not a string", `a`: "not a string", `1`: "not a string", `"\x"`: "not a string",
	} {
		got, ok := jsontree.ParseString([]byte(quoted))
		if !ok {
			got = "not a string"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", quoted, got, want)
		}
		if jsontree.Named([]byte(quoted), want) != ok {
			t.Errorf("%q named %q: %v", quoted, want, !ok)
		}
	}
}

func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`\u00e9x`: "é 6", `\ud83d\ude00`: "😀 12", `\ud83d\u00e9`: "d83d 6", `\ude00\ud83d`: "de00 6",
		`\ud83d`: "d83d 6", `\u00e`: "", `\n`: "", `u00e9`: "", "": "", `\u00g9`: "",
	} {
		got := ""
		if r, size := jsontree.Escape(text); size > 0 {
			got = fmt.Sprintf("%c %d", r, size)
			if 0xd800 <= r && r < 0xe000 {
				got = fmt.Sprintf("%x %d", r, size)
			}
		}
		if got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}
