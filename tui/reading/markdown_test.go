package reading

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

var theme = style.NewTheme(true, false)

// drawn are the lines of a Doc without their colours.
func drawn(d *Doc, w int) []string {
	l := Lay(d, w)
	lines := l.Draw(theme, 0, l.Len(), nil, -1)
	for i := range lines {
		lines[i] = strings.TrimRight(ansi.Strip(lines[i]), " ")
	}
	return lines
}

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		w            int
		want         string
		left         []Left
	}{
		{"a paragraph keeps its line breaks", "one\ntwo  \nthree\n\nfour", 40, "one\ntwo\nthree\n\nfour", nil},
		{"it is wrapped", "the quick brown fox", 10, "the quick\nbrown fox", nil},
		{"headings", "# One\ntext\n\n### Three", 40, "# One\n\ntext\n\n### Three", nil},
		{"emphasis", "a **b** _c_ ~~d~~ `e  f`", 40, "a b c d e  f", nil},
		{"lists", "- a\n- b\n  - c\n\n3. x\n4. y", 40, "• a\n• b\n  • c\n\n3. x\n4. y", nil},
		{"a loose list", "- a\n\n- b", 40, "• a\n\n• b", nil},
		{"tasks", "- [x] a\n- [ ] b", 40, "• [x] a\n• [ ] b", nil},
		{"a long item is indented", "- the quick brown fox", 12, "• the quick\n  brown fox", nil},
		{"quotes", "> a\n> > b\n\nc", 40, "│ a\n│\n│ │ b\n\nc", nil},
		{"code keeps its spaces", "```go\nif x {\n    y()\n}\n```", 40, "  go\n  if x {\n      y()\n  }", nil},
		{"a rule", "a\n\n---\n\nb", 10, "a\n\n──────────\n\nb", nil},
		{"a link shows its address", "[docs](https://a.b/c) <https://d.e> https://f.g me@h.i", 90, "docs (https://a.b/c) https://d.e https://f.g me@h.i", nil},
		{"also one that pretends", "[https://good.com](https://evil.com)", 90, "https://good.com (https://evil.com)", nil},
		{"a reference", "[a][1]\n\n[1]: https://x.y 'title'", 60, "a (https://x.y)", nil},
		{"images are counted", "![a plot](p.png) and ![](q.png)", 60, "[image: a plot] (p.png) and [image: ] (q.png)", []Left{{"image", 2}}},
		{"HTML is counted", "a<br>b\n\n<details>\nx\n</details>\n\nc", 60, "ab\n\n[HTML]\n\nc", []Left{{"HTML tag", 2}}},
		{"entities", `&lt;b&gt; \*x\* &copy;`, 60, "<b> *x* ©", nil},
		{"controls are visible", "a\x1b[31mb\u202ec", 60, "a␛[31mb‹U+202E›c", nil},
		{"also those that entities bring", "a&#27;[31mb&#x202e;c&#8203;", 60, "a␛[31mb‹U+202E›c‹U+200B›", nil},
		{"also those in an address", "[a](https://x/&#27;%1b)", 60, "a (https://x/␛%1b)", nil},
		{"a table", "| task | main |\n|---|---:|\n| MMLU | 61.2 |\n| 日本 | 3 |", 60, "task │ main\n─────┼─────\nMMLU │ 61.2\n日本 │ 3", nil},
		{"a table with little room", "| task | what it is about |\n|---|---|\n| MMLU | a long text in a cell |", 20, "task │ what it is\n     │ about\n─────┼──────────────\nMMLU │ a long text\n     │ in a cell", nil},
		{"a table without room", "| task | value | more |\n|---|---|---|\n| long word | 2 | another |\n| x | 3 | y |", 14, "task: long\n      word\nvalue: 2\nmore: another\n\ntask: x\nvalue: 3\nmore: y", nil},
		{"wide letters", "日本語の文章です。また", 10, "日本語の文\n章です。ま\nた", nil},
		{"nothing", "", 10, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Markdown(tt.source)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, strings.Join(drawn(d, tt.w), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.left, d.Left); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
		})
	}
}

// hostile are texts that make a parser of Markdown do much.
var hostile = map[string]string{
	"quotes": strings.Repeat(">", 100_000), "quotes with spaces": strings.Repeat("> ", 50_000), "lists": strings.Repeat("- ", 50_000),
	"links": strings.Repeat("[a](", 25_000), "brackets": strings.Repeat("[", 100_000), "parentheses": strings.Repeat("[a](b", 20_000),
	"ticks": strings.Repeat("` `` ``` ", 10_000), "stars": strings.Repeat("*a **b ", 15_000), "HTML": strings.Repeat("<a ", 30_000),
	"wide tables": strings.Repeat("|a", 20_000) + "\n" + strings.Repeat("|-", 20_000) + "\n" + strings.Repeat("|\n", 20_000),
	"references":  "[a]: " + strings.Repeat("x", 30_000) + "\n\n" + strings.Repeat("[a] ", 20_000),
	"entities":    strings.Repeat("&", 100_000), "underscores": strings.Repeat("_", 100_000), "addresses": strings.Repeat("http://a(", 14_000),
	"headings": strings.Repeat("# a\n", 30_000), "nested items": func() (s string) {
		for i := range 400 {
			s += strings.Repeat("  ", i) + "- a\n"
		}
		return s[:min(len(s), MaxMarkdown)]
	}(),
}

// TestMarkdownIsBounded: no text makes it go on, or its result grow out of proportion. The
// time limit is the mechanism, not what is measured: it is over from the start here, and
// each text that takes long has to notice.
func TestMarkdownIsBounded(t *testing.T) {
	for name, source := range hostile {
		t.Run(name, func(t *testing.T) {
			d, err := markdown(source[:min(len(source), MaxMarkdown)], time.Now().Add(100*time.Millisecond))
			if err == nil && (len(d.Text) > maxShown+len(d.blocks) || len(d.blocks) > 2*len(source)+10) {
				t.Errorf("%d bytes became %d in %d blocks", len(source), len(d.Text), len(d.blocks))
			}
			if err != nil && !errors.Is(err, errSlow) && !errors.Is(err, errUnwieldy) && !errors.Is(err, errDeep) {
				t.Error(err)
			}
		})
	}
	if _, err := Markdown(hostile["quotes"]); !errors.Is(err, errDeep) {
		t.Errorf("quotes in quotes: %v", err)
	}
	for _, name := range []string{"links", "parentheses", "lists", "ticks"} {
		if _, err := markdown(hostile[name], time.Now()); !errors.Is(err, errSlow) {
			t.Errorf("%s: at the end of its time it goes on: %v", name, err)
		}
	}
	if _, err := Markdown(strings.Repeat("x", MaxMarkdown+1)); !errors.Is(err, ErrLarge) {
		t.Errorf("a text that is too large: %v", err)
	}
}

// TestLinesAreWithinTheirWidth: whatever the text is, no line is wider than it may be, nothing
// of it is lost, and nothing in it reaches the terminal as it is.
func TestLinesAreWithinTheirWidth(t *testing.T) {
	sources := []string{"", " ", "日本語 text 👩🏽\u200d🚀 more", strings.Repeat("x", 500), strings.Repeat("日", 200), "a\tb\r\nc\x1b[2J", "שלום עולם مرحبا", strings.Repeat("ab 日本 ", 60)}
	for _, s := range hostile {
		sources = append(sources, s[:min(len(s), 3000)])
	}
	for _, source := range sources {
		docs := []*Doc{Source(source)}
		if d, err := Markdown(source); err == nil {
			docs = append(docs, d)
		}
		for _, d := range docs {
			for _, w := range []int{1, 2, 7, 40, 120} {
				l := Lay(d, w)
				lines := l.Draw(theme, 0, l.Len(), []Hit{{0, len(first(d.Text))}}, 0)
				for _, line := range lines {
					if n := style.Width(line); n > max(w, 2) && w > 6 {
						t.Fatalf("%.30q on %d cells: a line of %d: %q", source, w, n, line)
					}
					if plain := ansi.Strip(line); visible.Line(plain) != plain {
						t.Fatalf("%.30q: a line is not safe: %q", source, plain)
					}
				}
			}
		}
	}
}

// first is the first character of a text.
func first(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range hostile {
		f.Add(s[:min(len(s), 2000)], 20)
	}
	f.Add("# a\n\n| b |\n|---|\n| `c` |\n\n![d](e) <f> [g](h)\n- i\n  > j", 30)
	f.Fuzz(func(t *testing.T, source string, w int) {
		if len(source) > 4<<10 {
			return
		}
		d, err := Markdown(source)
		if err != nil {
			return
		}
		w = 8 + max(w, -w)%200
		l := Lay(d, w)
		for _, line := range l.Draw(theme, 0, l.Len(), nil, -1) {
			if style.Width(line) > w {
				t.Errorf("%q on %d cells: %q", source, w, line)
			}
			if plain := ansi.Strip(line); visible.Line(plain) != plain {
				t.Errorf("%q: not safe: %q", source, plain)
			}
		}
		if !slices.IsSortedFunc(d.spans, func(a, b span) int { return a.from - b.from }) {
			t.Errorf("%q: the looks are in no order", source)
		}
	})
}

func ExampleSource() {
	d := Source("a line that is long\nanother")
	for _, line := range Lay(d, 12).Draw(theme, 0, 10, nil, -1) {
		fmt.Println(ansi.Strip(line))
	}
	// Output:
	// a line that
	// is long
	// another
}
