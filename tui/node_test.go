package tui

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// value builds what the node tree says, as encoding/json would.
func value(n *node) any {
	switch {
	case n.container() && n.raw[0] == '{':
		n.read()
		m := map[string]any{}
		for _, k := range n.kids {
			m[k.name] = value(k)
		}
		return m
	case n.container():
		n.read()
		list := []any{}
		for _, k := range n.kids {
			list = append(list, value(k))
		}
		return list
	case n.isString():
		return n.str()
	}
	var v any
	_ = json.Unmarshal(n.raw, &v)
	return v
}

func TestNodesAreTheJSON(t *testing.T) {
	for _, body := range []string{
		commentBody, `{}`, `[]`, ` [ 1 , -2.5e3,true ,null,"a\"b\\" , {"x" : [ ] } ] `, `{"a":{"b":{"c":[[[1]]]}}}`,
		`"alone"`, `12`, "\ufeff{\"bom\":1}", `{"":0,"a b":"\u00e9\ud83d\ude00"}`,
	} {
		var want any
		if err := json.Unmarshal(bytes.TrimPrefix([]byte(body), []byte("\ufeff")), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, value(newNode([]byte(body)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestLoneSurrogates(t *testing.T) {
	for raw, want := range map[string]string{
		`"\ud800 lone \udc00\ud800"`: `"\ud800 lone \udc00\ud800"`,
		`"\ud83d\ude00 and \u00e9"`:  `"😀 and é"`,
		`"\\ud800"`:                  `"\ud800"`,
		`"\uD83D\uD83D\uDE00"`:       `"\uD83D😀"`,
		`"\"\\\ud800\""`:             `""\\ud800""`,
	} {
		if got := newNode([]byte(raw)).text(); got != want {
			t.Errorf("%s is shown as %s, want %s", raw, got, want)
		}
	}
}

func TestSizesAndPaths(t *testing.T) {
	tr := newTree([]byte(`{"a":[1,{"b c":{}}],"e":[],"long":[[1,2],[3,4],{"x":1,"y":2}]}`))
	for tr.cursor = 0; tr.cursor < len(tr.nodes); tr.cursor++ {
		if n := tr.current(); n.container() && !n.open {
			tr.unfold()
		}
	}
	var got []string
	for _, n := range tr.nodes {
		if n.container() {
			got = append(got, n.path()+" "+string(rune('0'+n.size)))
		} else {
			got = append(got, n.path())
		}
	}
	want := []string{".a 2", ".a[0]", ".a[1] 1", `.a[1]["b c"] 0`, ".e 0", ".long 3",
		".long[0] 2", ".long[0][0]", ".long[0][1]", ".long[1] 2", ".long[1][0]", ".long[1][1]", ".long[2] 2", ".long[2].x", ".long[2].y"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	tr.cursor = 3
	tr.fold()
	if n := tr.current(); n.path() != ".a[1]" {
		t.Errorf("folding what has no members goes to %s", n.path())
	}
	tr.fold()
	tr.fold()
	if n := tr.current(); n.path() != ".a" {
		t.Errorf("folding twice more leads to %s", n.path())
	}
}

func TestLongTextIsCut(t *testing.T) {
	for _, filler := range []string{"x", `\u00e9`, "日", `\\`} {
		n := newNode([]byte(`"` + strings.Repeat(filler, 1<<17) + `"`))
		if s := n.str(); len(s) > maxText+16 || !strings.HasSuffix(s, "…") {
			t.Errorf("%q: %d bytes that end in %q", filler, len(s), s[max(len(s)-8, 0):])
		}
	}
}

func FuzzNode(f *testing.F) {
	for _, s := range []string{commentBody, `{"a":`, `[1,,2]`, `{"a" 1}`, `"\`, `{]`, "\x00", `{"a":"b`, `[[[[`, `}`, `{,}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := value(newNode(body)) // never panics, and ends
		var want any
		if json.Unmarshal(body, &want) != nil || bytes.Count(body, []byte(",")) > 1000 {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", body, diff)
		}
	})
}

// BenchmarkTree is the taking apart of ten megabytes as far as it is shown.
func BenchmarkTree(b *testing.B) {
	body := []byte(`{"a":[` + strings.Repeat(`{"x":"0123456789"},`, 520_000) + `1]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		newTree(body)
	}
}
