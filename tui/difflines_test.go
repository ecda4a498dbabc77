package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsondiff"
)

// TestDiffLines sees the values beside their paths where there is room, and below them
// where there is not; what is equal is named first.
func TestDiffLines(t *testing.T) {
	th := newTheme(true, false)
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
		for _, line := range th.diffLines(jsondiff.Compare([]byte(before), []byte(after)), tt.w, tt.equal) {
			if width(line) > tt.w {
				t.Errorf("%d cells: %q", tt.w, ansi.Strip(line))
			}
			got = append(got, strings.TrimRight(ansi.Strip(line), " "))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%d cells (-want +got):\n%s", tt.w, diff)
		}
	}
}
