package tui

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/visible"
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
		root := newNode(body)
		var got []string
		for _, h := range findNodes(body, needle) {
			got = append(got, root.pick(h.way).path())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", needle, diff)
		}
	}
}

// TestFindOpensWhatIsFolded goes from match to match, forth and back and round.
func TestFindOpensWhatIsFolded(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "enter", "/", "W", "E", "backspace", "backspace", "w", "e", "b", "enter")
	d := &m.root.detail
	want := []string{".repo.url.web", ".discussion.url.web", ".comment.url.web", ".webhook"}
	for _, path := range append(want, want[0]) {
		if d.path() != path {
			t.Errorf("at %s, want %s", d.path(), path)
		}
		press(m, "n")
	}
	press(m, "N")
	if d.path() != want[0] {
		t.Errorf("N went to %s", d.path())
	}
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "web: match 1 of 4") {
		t.Errorf("the status line is %q", line)
	}
	press(m, "esc")
	if d.search.text != "" || len(m.stack) != 2 {
		t.Error("esc does not end the search, or leaves the screen too")
	}
	press(m, "y", "/", "q", "q", "q") // and a result does not stand in the way of the question
	if line := strings.Split(screenText(m), "\n")[28]; !strings.Contains(line, "nowhere here") {
		t.Errorf("the status line is %q", line)
	}
	press(m, "esc", "esc")
	if len(m.stack) != 1 {
		t.Error("esc does not leave the screen once nothing is looked for")
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
		v := rawView{}
		var whole strings.Builder
		for at := 0; at < len(body); {
			n := lineLength(body[at:], w)
			if line := visible.Line(strings.TrimSuffix(string(body[at:at+n]), "\n")); width(line) > w && n > 4 {
				t.Fatalf("%q is %d wide, not %d", line, width(line), w)
			}
			if got := v.begin(body, v.line(body, at, w), w); got != at {
				t.Fatalf("the line of %d begins at %d", at, got)
			}
			whole.Write(body[at : at+n])
			at += n
		}
		if whole.String() != string(body) {
			t.Fatalf("the lines of %q are %q", body, whole.String())
		}
		v = rawView{}
		v.move(body, 1<<30, w)
		last := v.offset
		v.move(body, -1<<30, w)
		if v.offset != 0 || len(body) > 0 && last+lineLength(body[last:], w) != len(body) {
			t.Fatalf("the ends are %d and %d of %d", v.offset, last, len(body))
		}
	}
}

func TestQuery(t *testing.T) {
	tr := newTree([]byte(`{"a":{"b c":[{"it's":1}]}}`))
	tr.unfoldAll()
	got := map[string]string{}
	for _, n := range tr.nodes {
		got[n.path()] = n.query()
	}
	want := map[string]string{
		".a": "jq '.a'", `.a["b c"]`: `jq '.a["b c"]'`, `.a["b c"][0]`: `jq '.a["b c"][0]'`, `.a["b c"][0]["it's"]`: `jq '.a["b c"][0]["it'\''s"]'`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if q := newTree([]byte(`[{"x":1}]`)).nodes[0].query(); q != "jq '.[0]'" {
		t.Errorf("an element of the outermost list is %s", q)
	}
}
