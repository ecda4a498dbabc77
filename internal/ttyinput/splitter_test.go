package ttyinput

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

var start = time.Unix(1e9, 0)

// TestSplitter feeds parts, each some time after the one before, and compares what is
// given on after each.
func TestSplitter(t *testing.T) {
	const soon, late = 60 * time.Millisecond, 11 * time.Second
	type part struct {
		after    time.Duration
		in, want string
	}
	for _, tt := range []struct {
		name  string
		parts []part
	}{
		{"keys", []part{{0, "jk\r", "jk\r"}, {soon, "é", "é"}}},
		{"a character in two parts", []part{{0, "\xe2\x9c", "\xe2\x9c"}, {soon, "\x93r", "\x93r"}}},
		{"a continuation byte that is a control", []part{{0, "\xc2\x9d", "\xc2\x9d"}, {soon, "\xe0\xa0\x9d", "\xe0\xa0\x9d"}, {soon, "r", "r"}}},
		{"an arrow", []part{{0, "\x1b[A", "\x1b[A"}}},
		{"an arrow in two parts", []part{{0, "\x1b[", ""}, {soon, "A", "\x1b[A"}}},
		{"an arrow of the application mode in two parts", []part{{0, "\x1bO", ""}, {soon, "A", "\x1bOA"}}},
		{"alt and a letter", []part{{0, "\x1bx", "\x1bx"}}},
		{"alt and a bracket", []part{{0, "\x1b[", ""}, {2 * time.Second, "r", "\x1b[r"}}},

		{"a colour, whole", []part{{0, "\x1b]11;rgb:1e1e/1e1e/1e1e\a", "\x1b]11;rgb:1e1e/1e1e/1e1e\a"}}},
		{"a colour in two parts", []part{{0, "\x1b]11;", ""}, {soon, "rgb:1e1e/1e1e/1e1e\a", "\x1b]11;rgb:1e1e/1e1e/1e1e\a"}}},
		{"a colour after its first byte", []part{{0, "\x1b", ""}, {soon, "]11;rgb:1/1/1\x1b\\", "\x1b]11;rgb:1/1/1\x1b\\"}}},
		{"an end in two parts", []part{{0, "\x1b]11;rgb:1/1/1\x1b", ""}, {soon, "\\r", "\x1b]11;rgb:1/1/1\x1b\\r"}}},
		{"keys around it", []part{{0, "j\x1b]11;r", "j"}, {soon, "gb:1/1/1\aj", "\x1b]11;rgb:1/1/1\aj"}}},
		{"of one byte", []part{{0, "\x9d11;r", ""}, {soon, "gb\x9cj", "\x9d11;rgb\x9cj"}}},
		{"a colour that never ends", []part{{0, "\x1b]11;rgb", ""}, {soon, "rrr", ""}, {late, "r", "r"}}},
		{"a mode in two parts", []part{{0, "\x1b[?2026;", ""}, {soon, "2$y", "\x1b[?2026;2$y"}}},
		{"a mode that never ends", []part{{0, "\x1b[?2026;2", ""}, {late, "y", "y"}}},

		{"DCS", []part{{0, "\x1bP>|r", ""}, {soon, "rr\x1b\\j", "j"}}},
		{"APC", []part{{0, "\x1b_Gr", ""}, {soon, "r\x1b\\j", "j"}}},
		{"PM", []part{{0, "\x1b^r", ""}, {soon, "r\x1b\\j", "j"}}},
		{"SOS", []part{{0, "\x1bXr", ""}, {soon, "r\x1b\\j", "j"}}},
		{"DCS, which no bell ends", []part{{0, "\x1bPr\ar", ""}, {soon, "r\x1b\\j", "j"}}},
		{"cancelled", []part{{0, "\x1b]11;r\x18j", "j"}}},
		{"ended by another sequence", []part{{0, "\x1b]11;r\x1b[A", "\x1b[A"}}},
		{"ctrl+c within", []part{{0, "\x1b]11;r", ""}, {soon, "\x03", "\x03"}}},
		{"an escape to get out", []part{{0, "\x1b]11;r\x1b", ""}, {2 * time.Second, "j", "j"}}},
		{"a long one", []part{{0, "\x1b]52;c;" + strings.Repeat("r", 5000), ""}, {soon, "rr\aj", "j"}}},

		{"pasted", []part{{0, "\x1b[200~a\x1b]11;b", "\x1b[200~a\x1b]11;b"}, {soon, "r\x1b[2", "r"}, {soon, "01~j", "\x1b[201~j"}}},
		{"pasted, with what is nearly its end", []part{{0, "\x1b[200~\x1b\x1b[201", "\x1b[200~\x1b"}, {soon, "x\x1b[201~\x1b]r\aj", "\x1b[201x\x1b[201~\x1b]r\aj"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s splitter
			now := start
			for i, p := range tt.parts {
				now = now.Add(p.after)
				if got, _ := s.feed([]byte(p.in), now); string(got) != p.want {
					t.Errorf("part %d: %q gives %q, want %q", i, p.in, got, p.want)
				}
			}
		})
	}
}

func TestAnswered(t *testing.T) {
	var s splitter
	for in, want := range map[string]bool{"\x1b]11;rgb:0/0/0\a": true, "\x1b]10;rgb:0/0/0\a": false, "j": false} {
		if _, got := s.feed([]byte(in), start); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// FuzzSplitter holds that however the input is cut, as long as no part is late, the same
// is given on; that it is a part of the input; and that what is held is bounded.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("jk\x1b]11;rgb:1/1/1\x1b\\\x1b[A\x1b[200~x\x1b[201~"), 3)
	f.Add([]byte("\x1bPr\x1b\x1b[?2026;2$y\x9d\xe2\x9c\x93"), 1)
	f.Fuzz(func(t *testing.T, in []byte, size int) {
		var whole, cut splitter
		want, _ := whole.feed(in, start)
		var got []byte
		for rest := in; len(rest) > 0; {
			n := min(max(size, 1), len(rest))
			part, _ := cut.feed(rest[:n], start)
			got = append(got, part...)
			if len(cut.held) > maxHeld || len(part) > n+maxHeld {
				t.Fatalf("%d bytes held, %d given on of %d", len(cut.held), len(part), n)
			}
			rest = rest[n:]
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("in parts of %d: %q, whole: %q", size, got, want)
		}
	})
}
