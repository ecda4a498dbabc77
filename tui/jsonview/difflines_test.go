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
// where there is not; what is equal is named first.
func TestDiffLines(t *testing.T) {
	th := style.NewTheme(true, false)
	before, after := `{"a":{"x":1,"y":"z"},"b":[1,2],"long":{"name":{"of":{"a":{"field":"old"}}}},"c":"same","gone":null}`, `{"a":{"x":1,"y":"z"},"b":[1,3],"long":{"name":{"of":{"a":{"field":"new"}}}},"c":"same","more":[]}`
	for _, tt := range []struct {
		w     int
		equal bool
		want  []string
	}{
		{90, false, []string{
			"   a (2), c (1)                                                            4 fields equal",
			" ~ .b[1]                  A 3",
			"                          B 2",
			" ~ .long.name.of.a.field  A \"new\"",
			"                          B \"old\"",
			" - .gone                  B null  only B has it",
			" + .more                  A []  only A has it",
		}},
		{40, false, []string{
			"   a (2), c (1)          4 fields equal",
			" ~ .b[1]", "   A 3", "   B 2",
			" ~ .long.name.of.a.field", "   A \"new\"", "   B \"old\"",
			" - .gone  only B has it", "   B null",
			" + .more  only A has it", "   A []",
		}},
		{20, false, []string{
			"   4 fields equal",
			" ~ .b[1]", "   A 3", "   B 2",
			" ~ .long.name.of.a.…", "   A \"new\"", "   B \"old\"",
			" - .gone  only B ha…", "   B null",
			" + .more  only A ha…", "   A []",
		}},
	} {
		var got []string
		for _, line := range diffLines(th, NewDifference(jsondiff.Compare([]byte(before), []byte(after))), tt.w, tt.equal) {
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
	for equal, want := range map[bool]string{false: "… and 1,600 fields more that differ", true: "… and 1,402 fields more that are equal"} {
		lines := diffLines(th, d, 100, equal)
		if text := ansi.Strip(strings.Join(lines, "\n")); !strings.Contains(text, want) || len(lines) > 4*shownFields {
			t.Errorf("%d lines without %q", len(lines), want)
		}
	}
	if got := ansi.Strip(equalLine(th, d, 100)[0]); !strings.Contains(got, "x (1), long (1)") || !strings.Contains(got, "2,402 fields equal") {
		t.Errorf("equal are %q", got)
	}
	text := NewDifference(jsondiff.CompareText(list(n, n), list(n, from)))
	if got := ansi.Strip(diffLines(th, text, 100, false)[shownLines-2]); len(text.Lines) != shownLines || !strings.HasPrefix(got, " ") {
		t.Errorf("%d lines, the last is %q", len(text.Lines), got)
	}
	for _, line := range text.Lines {
		if len(line) > shownValue+len("…") {
			t.Fatalf("a line has %d bytes", len(line))
		}
	}
}
