package style

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1204: "1,204", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := Count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	tests := []struct {
		raw   string
		short bool
		want  string
	}{
		{"http://127.0.0.1:8000/webhooks", true, ":8000/webhooks"},
		{"http://localhost:8000", true, ":8000"},
		{"http://[::1]:8000/a", true, ":8000/a"},
		{"http://127.0.0.1:8000/webhooks/", false, "127.0.0.1:8000/webhooks"},
		{"https://example.org:8000/x", true, "example.org:8000/x"},
		{"https://example.org/x", true, "example.org/x"},
		{"./job.sh", true, "./job.sh"},
		{"http://\x1b", true, "http://\x1b"},
	}
	for _, tt := range tests {
		if got := Address(tt.raw, tt.short); got != tt.want {
			t.Errorf("address(%q, %v) = %q, want %q", tt.raw, tt.short, got, tt.want)
		}
	}
}

func TestFitIsExact(t *testing.T) {
	th := NewTheme(true, false)
	for _, s := range []string{"", "abc", "日本語", "a日本語", th.Ok.Paint("green") + " ✓ and more", "👩👧 e\u0301", strings.Repeat("x", 300)} {
		for w := range 90 {
			for name, got := range map[string]string{"fit": th.Fit(s, w), "right": th.Right(s, w), "spread": th.Spread(s, "right", w)} {
				if ansi.StringWidth(got) != w {
					t.Errorf("%s(%q, %d) is %d wide: %q", name, s, w, ansi.StringWidth(got), got)
				}
			}
		}
	}
}

// TestCutSaysSoOnce: a text that was cut before, and is cut again just there, has one mark.
func TestCutSaysSoOnce(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		th := NewTheme(true, ascii)
		tail := th.Mark.Tail
		for _, s := range []string{"v3 6390e855" + tail + " and more", th.Dim.Paint("v3 6390e855"+tail) + th.Ok.Paint(" and more")} {
			for w := 1; w < 24; w++ {
				got := th.Cut(s, w)
				if plain := ansi.Strip(got); strings.Contains(plain, tail+tail) || !strings.Contains(plain, tail) || Width(got) > w {
					t.Errorf("%q on %d cells is %q", s, w, got)
				}
			}
		}
	}
}

func TestWrapIsBounded(t *testing.T) {
	th := NewTheme(true, false)
	long := strings.Repeat("word 日本 ", 1<<16)
	lines := th.Wrap(long, 20, 3)
	if len(lines) != 3 || !strings.HasSuffix(lines[2], "…") {
		t.Errorf("got %q", lines)
	}
	for _, line := range lines {
		if Width(line) > 20 {
			t.Errorf("%q is too wide", line)
		}
	}
}

// TestWrapSaysThatItCuts: also where the lines that are shown are full to the last cell.
func TestWrapSaysThatItCuts(t *testing.T) {
	th := NewTheme(true, false)
	for w := 4; w < 60; w++ {
		lines := th.Wrap(strings.Repeat("ab cde fghi ", 1000), w, 2)
		if len(lines) > 2 || !strings.HasSuffix(lines[len(lines)-1], "…") || Width(lines[len(lines)-1]) > w {
			t.Errorf("at %d cells: %q", w, lines)
		}
	}
}

func FuzzWidth(f *testing.F) {
	for _, s := range []string{"", "abc", "\x1b[1;31mred\x1b[m ✓", "│ 日本語 e\u0301", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x1b[2Jx", "\x1b[31", "✓\ufe0f", "×\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			t.Errorf("width(%q) = %d, want %d", s, got, want)
		}
	})
}
