package jsonview

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoneSurrogates(t *testing.T) {
	for raw, want := range map[string]string{
		`"\ud800 lone \udc00\ud800"`: `"\ud800 lone \udc00\ud800"`,
		`"\ud83d\ude00 and \u00e9"`:  `"😀 and é"`,
		`"\\ud800"`:                  `"\ud800"`,
		`"\uD83D\uD83D\uDE00"`:       `"\uD83D😀"`,
		`"\"\\\ud800\""`:             `""\\ud800""`,
	} {
		if got := NewNode([]byte(raw)).text(); got != want {
			t.Errorf("%s is shown as %s, want %s", raw, got, want)
		}
	}
}

func TestSizesAndPaths(t *testing.T) {
	tr := NewTree([]byte(`{"a":[1,{"b c":{}}],"e":[],"long":[[1,2],[3,4],{"x":1,"y":2}]}`))
	for tr.Cursor = 0; tr.Cursor < len(tr.Nodes); tr.Cursor++ {
		if n := tr.Current(); n.Container() && !n.Open {
			tr.Unfold()
		}
	}
	var got []string
	for _, n := range tr.Nodes {
		if n.Container() {
			got = append(got, n.Path()+" "+string(rune('0'+n.Size)))
		} else {
			got = append(got, n.Path())
		}
	}
	want := []string{".a 2", ".a[0]", ".a[1] 1", `.a[1]["b c"] 0`, ".e 0", ".long 3",
		".long[0] 2", ".long[0][0]", ".long[0][1]", ".long[1] 2", ".long[1][0]", ".long[1][1]", ".long[2] 2", ".long[2].x", ".long[2].y"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	tr.Cursor = 3
	tr.Fold()
	if n := tr.Current(); n.Path() != ".a[1]" {
		t.Errorf("folding what has no members goes to %s", n.Path())
	}
	tr.Fold()
	tr.Fold()
	if n := tr.Current(); n.Path() != ".a" {
		t.Errorf("folding twice more leads to %s", n.Path())
	}
}

func TestLongTextIsCut(t *testing.T) {
	for _, filler := range []string{"x", `\u00e9`, "日", `\\`} {
		n := NewNode([]byte(`"` + strings.Repeat(filler, 1<<17) + `"`))
		if s := n.Str(); len(s) > maxText+16 || !strings.HasSuffix(s, "…") {
			t.Errorf("%q: %d bytes that end in %q", filler, len(s), s[max(len(s)-8, 0):])
		}
	}
}

// BenchmarkTree is the taking apart of ten megabytes as far as it is shown.
func BenchmarkTree(b *testing.B) {
	body := []byte(`{"a":[` + strings.Repeat(`{"x":"0123456789"},`, 520_000) + `1]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		NewTree(body)
	}
}

// The path of a node takes memory in proportion to its length, however deep the node is: each
// visible row wants its path for each frame.
func TestPathOfADeepNode(t *testing.T) {
	const depth = 5000
	n := &Node{Raw: []byte("[")}
	for i := range depth {
		n = &Node{Raw: []byte("["), Parent: n, index: i % 10}
	}
	size := len(n.Path())
	if size != len(".")+3*depth || len(n.Query()) != len("jq ''")+size {
		t.Fatalf("the path has %d bytes", size)
	}
	if most := testing.AllocsPerRun(1, func() { n.Path() }); most > 100 {
		t.Errorf("a path of %d steps takes %v allocations", depth, most)
	}
}
