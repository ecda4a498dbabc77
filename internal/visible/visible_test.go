package visible

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", `comment me/corpus#19 "LGTM"`, `comment me/corpus#19 "LGTM"`},
		{"scripts", "Straße 日本語 Ελλάδα עברית हिन्दी", "Straße 日本語 Ελλάδα עברית हिन्दी"},
		{"accents in two code points", "e\u0301 n\u0303", "e\u0301 n\u0303"},
		{"newline and tab", "a\nb\tc\r", "a␊b␉c␍"},
		{"escape sequence", "\x1b]0;title\x07", "␛]0;title␇"},
		{"nul and delete", "\x00\x7f", "␀␡"},
		{"c1", "a\u009b31m", "a‹U+009B›31m"},
		{"next line", "a\u0085b", "a‹U+0085›b"},
		{"bidi override", "photo\u202egpj.exe", "photo‹U+202E›gpj.exe"},
		{"bidi isolates", "\u2066\u2069\u200e\u200f\u061c", "‹U+2066›‹U+2069›‹U+200E›‹U+200F›‹U+061C›"},
		{"zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", "a‹U+200B›b‹U+200C›c‹U+200D›d‹U+2060›e‹U+FEFF›f"},
		{"soft hyphen", "a\u00adb", "a‹U+00AD›b"},
		{"separators", "a\u2028b\u2029c", "a‹U+2028›b‹U+2029›c"},
		{"fillers", "\u115f\u1160\u3164\uffa0\u2800", "‹U+115F›‹U+1160›‹U+3164›‹U+FFA0›‹U+2800›"},
		{"mongolian", "\u180b\u180e", "‹U+180B›‹U+180E›"},
		{"tags", "a\U000e0041b", "a‹U+E0041›b"},
		{"annotations", "\ufff9a\ufffb", "‹U+FFF9›a‹U+FFFB›"},
		{"private use and unassigned", "\ue000\U0010ffff", "‹U+E000›‹U+10FFFF›"},
		{"bytes that are no text", "a\xff\xc3", "a‹FF›‹C3›"},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"emoji", "🤗 👍", "🤗 👍"},
		{"emoji style", "❤\ufe0f ⚠\ufe0e 1\ufe0f\u20e3", "❤ ⚠ 1\u20e3"},
		{"family", "👨\u200d👩\u200d👧", "👨👩👧"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤🔥"},
		{"skin tone", "👍🏽👩🏽\u200d🚀", "👍👩🚀"},
		{"bytes hidden in selectors", "a\ufe01\ufe02", "a‹U+FE01›‹U+FE02›"},
		{"two styles", "❤\ufe0f\ufe0f", "❤‹U+FE0F›"},
		{"joiner after a letter", "a\u200d👧", "a‹U+200D›👧"},
		{"mark without a letter", "\u0301a", "‹U+0301›a"},
		{"tone without an emoji", "a🏽", "a‹U+1F3FD›"},
		{"pile of marks", "a" + strings.Repeat("\u0301", 6), "a" + strings.Repeat("\u0301", 4) + "‹U+0301›‹U+0301›"},
		{"clean start", "plain then \x1b[2J", "plain then ␛[2J"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Line(tt.in); got != tt.want {
				t.Errorf("Line(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestBlock(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"lines", "a\nb\n", "a\nb\n"},
		{"network lines", "a\r\nb", "a\nb"},
		{"carriage return alone", "good\rbad", "good␍bad"},
		{"tabs", "\ta\n12\tb\n1234\tc", "    a\n12  b\n1234    c"},
		{"tab after a clean start", "a\n12\tb", "a\n12  b"},
		{"tab after a mark", "\xff\tb", "‹FF›    b"},
		{"escape", "a\x1bb", "a␛b"},
		{"mark at the start of a line", "a\n\u0301b", "a\n‹U+0301›b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Block(tt.in); got != tt.want {
				t.Errorf("Block(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanTextCostsNothing(t *testing.T) {
	s := `{"error":"KeyError: 'eval'"}`
	if n := testing.AllocsPerRun(100, func() { Line(s); Block(s) }); n != 0 {
		t.Errorf("%v allocations for clean text, want 0", n)
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "a\r\n\tb", "\x1b[31m\u009b", "\u202e\u200d\ufeff", "👩🏽\u200d🚀❤\ufe0f\ufe0f", "a\u0301\u0301\u0301\u0301\u0301", "\xff\xc3\x28", "\U000e0041\u2028", "\r\r\n\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tt := range []struct {
			name  string
			show  func(string) string
			block bool
		}{{"Line", Line, false}, {"Block", Block, true}} {
			got := tt.show(s)
			if !utf8.ValidString(got) {
				t.Fatalf("%s(%q) = %q is not UTF-8", tt.name, s, got)
			}
			for _, r := range got {
				if r == '\n' && tt.block {
					continue
				}
				if !unicode.IsGraphic(r) || hidden(r) || isTone(r) {
					t.Fatalf("%s(%q) = %q holds %U", tt.name, s, got, r)
				}
			}
			if again := tt.show(got); again != got {
				t.Fatalf("%s is not stable: %q became %q, then %q", tt.name, s, got, again)
			}
		}
	})
}

func BenchmarkLine(b *testing.B) {
	for name, s := range map[string]string{
		"clean":   `comment me/corpus#19 "please re-run the eval on this branch"`,
		"hostile": "comment me/corpus#19 \"\x1b[2Jplease\u202e re-run 日本語\"",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Line(s)
			}
		})
	}
}
