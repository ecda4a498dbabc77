package jsonview

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/filter"
	"hfhook/internal/visible"
	"hfhook/tui/style"
)

func TestFindNodes(t *testing.T) {
	body := []byte(`{"Alpha":{"beta":["one","TWO",{"alpha":1}]},"gamma":"alpha \u0041lpha","n":12345}`)
	for needle, want := range map[string][]string{
		"alpha":  {".Alpha", ".Alpha.beta[2].alpha", ".gamma"},
		"Alpha":  {".Alpha", ".gamma"},
		"two":    {".Alpha.beta[1]"},
		"Two":    nil,
		"234":    {".n"},
		"nobody": nil,
	} {
		root := NewNode(body)
		var got []string
		for _, h := range FindNodes(body, needle, false) {
			got = append(got, root.pick(h.Way).Path())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", needle, diff)
		}
	}
}

// TestRawLinesAreTheBody cuts bodies of all sorts into lines: none is too wide, and
// together they are the body, whichever way one goes through them.
func TestRawLinesAreTheBody(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"abc", "\n", "日本語", "\x1b[2J", "\xff\xfe", "\u202e", "é", "e\u0301", "\r\n", `{"key":"value"}`, "👩🏽‍🚀", strings.Repeat("x", 300)}
	for range 200 {
		var b strings.Builder
		for range r.IntN(40) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		body, w := []byte(b.String()), 1+r.IntN(120)
		v := RawView{}
		var whole strings.Builder
		for at := 0; at < len(body); {
			n := lineLength(body[at:], w)
			if line := visible.Line(strings.TrimSuffix(string(body[at:at+n]), "\n")); style.Width(line) > w && n > 4 {
				t.Fatalf("%q is %d wide, not %d", line, style.Width(line), w)
			}
			if got := v.Begin(body, v.Line(body, at, w), w); got != at {
				t.Fatalf("the line of %d begins at %d", at, got)
			}
			whole.Write(body[at : at+n])
			at += n
		}
		if whole.String() != string(body) {
			t.Fatalf("the lines of %q are %q", body, whole.String())
		}
		v = RawView{}
		v.Move(body, 1<<30, w)
		last := v.Offset
		v.Move(body, -1<<30, w)
		if v.Offset != 0 || len(body) > 0 && last+lineLength(body[last:], w) != len(body) {
			t.Fatalf("the ends are %d and %d of %d", v.Offset, last, len(body))
		}
	}
}

func TestQuery(t *testing.T) {
	tr := NewTree([]byte(`{"a":{"b c":[{"it's":1}]}}`))
	tr.UnfoldAll()
	got := map[string]string{}
	for _, n := range tr.Nodes {
		got[n.Path()] = n.Query()
	}
	want := map[string]string{
		".a": "jq '.a'", `.a["b c"]`: `jq '.a["b c"]'`, `.a["b c"][0]`: `jq '.a["b c"][0]'`, `.a["b c"][0].it's`: `jq '.a["b c"][0]["it'\''s"]'`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if q := NewTree([]byte(`[{"x":1}]`)).Nodes[0].Query(); q != "jq '.[0]'" {
		t.Errorf("an element of the outermost list is %s", q)
	}
}

// A path is written as the filter language and the flags read it.
func TestPathsAreOfTheFilterLanguage(t *testing.T) {
	tr := NewTree([]byte(`[{"x-y":1,"a b":[2],"q\"\\":3,"<":4,"é":5,"":6}]`))
	tr.UnfoldAll()
	var got []string
	for _, n := range tr.Nodes {
		got = append(got, n.Path())
		x, err := filter.Parse(n.Path()+":1", time.Time{})
		if v, ok := x.(filter.Value); !ok || !slices.Equal(v.Path, n.Steps()) {
			t.Errorf("%s is read as %v, %v", n.Path(), x, err)
		}
	}
	want := []string{".[0]", ".[0].x-y", `.[0]["a b"]`, `.[0]["a b"][0]`, `.[0]["q\"\\"]`, `.[0]["<"]`, ".[0].é", `.[0][""]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
