package jsonview

import (
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsondiff"
	"hfhook/tui/style"
)

// TestDiffLines sees the values beside their paths where there is room, and below them
// where there is not; what is equal, and what differs each time, is counted.
func TestDiffLines(t *testing.T) {
	th := style.NewTheme(true, false)
	before, after := `{"a":{"x":1,"y":"z"},"b":[1,2],"long":{"name":{"of":{"a":{"field":"old"}}}},"id":"6390e855e30d9209411de93b","url":"https://a/1","c":"same","gone":null}`, `{"a":{"x":1,"y":"z"},"b":[1,3],"long":{"name":{"of":{"a":{"field":"new"}}}},"id":"6390e855e30d9209411de93c","url":"https://a/2","c":"same","more":[]}`
	for _, tt := range []struct {
		w    int
		all  bool
		want []string
	}{
		{90, false, []string{
			" .b[1]                  - 2",
			"                        + 3",
			" .long.name.of.a.field  - \"old\"",
			"                        + \"new\"",
			" .gone                  - null",
			" .more                  + []",
			" 2 ids, links and times differ   z show                                    4 fields equal",
		}},
		{90, true, []string{
			" .a.x                   = 1",
			" .a.y                   = \"z\"",
			" .b[0]                  = 1",
			" .b[1]                  - 2",
			"                        + 3",
			" .long.name.of.a.field  - \"old\"",
			"                        + \"new\"",
			" .id                    - \"6390e855e30d9209411de93b\"",
			"                        + \"6390e855e30d9209411de93c\"",
			" .url                   - \"https://a/1\"",
			"                        + \"https://a/2\"",
			" .c                     = \"same\"",
			" .gone                  - null",
			" .more                  + []",
		}},
		{36, false, []string{
			" .b[1]", "   - 2", "   + 3",
			" .long.name.of.a.field", "   - \"old\"", "   + \"new\"",
			" .gone", "   - null",
			" .more", "   + []",
			" 2 ids, links and times differ   z …", " 4 fields equal",
		}},
	} {
		var got []string
		for _, line := range diffLines(th, NewDifference(jsondiff.Compare([]byte(before), []byte(after))), DiffLook{W: tt.w, All: tt.all, Show: "z"}) {
			if style.Width(line) > tt.w {
				t.Errorf("%d cells: %q", tt.w, ansi.Strip(line))
			}
			got = append(got, strings.TrimRight(ansi.Strip(line), " "))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%d cells (-want +got):\n%s", tt.w, diff)
		}
	}
}

// TestDifferenceOfLargeTexts counts all of it and shows the beginning.
func TestDifferenceOfLargeTexts(t *testing.T) {
	list := func(n, from int) []byte {
		b := []byte(`{"x":1,"list":[`)
		for i := range n {
			if i > 0 {
				b = append(b, ',')
			}
			v := i
			if i >= from {
				v = -i
			}
			b = strconv.AppendInt(b, int64(v), 10)
		}
		return append(b, `],"long":"`+strings.Repeat("y", 3*shownValue)+`"}`...)
	}
	const n, from = 5000, 2400
	th := style.NewTheme(true, false)
	d := NewDifference(jsondiff.Compare(list(n, n), list(n, from)))
	for equal, want := range map[bool]string{false: "… and 1,600 fields more that differ", true: "… and 1,402 fields more that are equal or differ each time"} {
		lines := diffLines(th, d, DiffLook{W: 100, All: equal})
		if text := ansi.Strip(strings.Join(lines, "\n")); !strings.Contains(text, want) || len(lines) > 4*shownFields {
			t.Errorf("%d lines without %q", len(lines), want)
		}
	}
	if got := ansi.Strip(foldedLines(th, d, DiffLook{W: 100})[0]); !strings.Contains(got, "2,402 fields equal") {
		t.Errorf("equal are %q", got)
	}
	text := NewDifference(jsondiff.CompareText(list(n, n), list(n, from)))
	if got := ansi.Strip(diffLines(th, text, DiffLook{W: 100})[shownLines-2]); len(text.Lines) != shownLines || !strings.HasPrefix(got, " ") {
		t.Errorf("%d lines, the last is %q", len(text.Lines), got)
	}
	for _, line := range text.Lines {
		if len(line) > shownValue+len("…") {
			t.Fatalf("a line has %d bytes", len(line))
		}
	}
}

// TestPassing tells what differs each time from what is news.
func TestPassing(t *testing.T) {
	for _, tt := range []struct {
		path, old, new string
		want           bool
	}{
		{".comment.id", `"6399f58518721fdd27fc9caa"`, `"6399f58518721fdd27fc9cab"`, true},
		{".updatedRefs[0].newSha", `"c379e821c9c95d613899e8c4343e4bfee2b0c600"`, `"d379e821c9c95d613899e8c4343e4bfee2b0c600"`, true},
		{".comment.url.web", `"https://huggingface.co/a#1"`, `"https://huggingface.co/a#2"`, true},
		{".at", `"2026-11-23T14:32:18.204Z"`, `"2026-11-23T14:32:19Z"`, true},
		{".t", `1795444338.2`, `1795444339.9`, true},
		{".timestamp", `1795444338`, `1795444339`, true},
		{".ms", `1795444338204`, `1795444339204`, true},
		{".request_id", `"req-1234"`, `"req-9999"`, true},
		{".user_id", `12`, `13`, true},
		{".event", `"01JDC4Z8010000000000001000"`, `"01JDC4Z8010000000000002000"`, true},
		{".comment.content", `"slow one please"`, `"boom please"`, false},
		{".comment.content", `"deadbeef"`, `"a word"`, false},
		{".discussion.num", `19`, `20`, false},
		{".repo.name", `"me/one"`, `"me/two"`, false},
		{".count", `1795444338`, `3`, false},
		{".id", `"6399f58518721fdd27fc9caa"`, `null`, false},
		{".paid", `"first"`, `"second"`, false},
		{".status", `"cafe"`, `"face"`, false},
	} {
		if got := passing(&jsondiff.Field{Path: tt.path, Change: jsondiff.Changed, Old: tt.old, New: tt.new}); got != tt.want {
			t.Errorf("%s %s %s: %v", tt.path, tt.old, tt.new, got)
		}
	}
}

// TestTheEndOfLongTextsIsCompared sees a change that is behind what is shown of a value.
func TestTheEndOfLongTextsIsCompared(t *testing.T) {
	long := strings.Repeat(`a line \\n \u00e9 `, 500)
	d := NewDifference(jsondiff.Compare([]byte(`{"a":"`+long+`old end"}`), []byte(`{"a":"`+long+`new end"}`)))
	text := ansi.Strip(strings.Join(diffLines(style.NewTheme(true, false), d, DiffLook{W: 80}), "\n"))
	if !strings.Contains(text, "old end") || !strings.Contains(text, "new end") {
		t.Errorf("what differs is not shown:\n%s", text)
	}
}
