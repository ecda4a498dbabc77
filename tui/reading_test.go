package tui

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/pager"
)

// review is a comment of twenty lines, as people write them.
const review = `Hi @acme/maintainers 👋

I ran the **full evaluation suite** on this branch and compared it with ` + "`main`" + `. Summary below.

## Results

| task      | main | this PR |
|-----------|-----:|--------:|
| MMLU      | 61.2 | 63.0    |
| 日本語QA  | 48.0 | 47.5    |

1. The *tokenizer* is fine, see [the notes](https://example.org/notes).
2. MMLU gains come from the new split:

` + "```python\ndef split(rows):\n    return rows[::2]\n```" + `

> quoted: שלום, is this \u202e ok?

![plot](plot.png)<br>
- [x] lint
- [ ] docs: shall we wait?
`

// saying is a day whose last event has this comment.
func saying(text string) func() *fake {
	return func() *fake {
		s := day()
		content, err := json.Marshal(text)
		if err != nil {
			panic(err)
		}
		s.extra[len(s.extra)-1].body = strings.Replace(commentBody, `"@bot please re-run the eval on this branch"`, string(content), 1)
		return s
	}
}

func longComment() *fake { return saying(strings.ReplaceAll(review, `\u202e`, "\u202e"))() }

func encoded(text string) func() *fake {
	return saying(base64.StdEncoding.EncodeToString([]byte(text)))
}

// TestEveryStringIsRead opens values of all kinds, and looks at what is shown by itself and
// after tab.
func TestEveryStringIsRead(t *testing.T) {
	big := strings.Repeat("a line of a comment\n", 450_000)
	for _, tt := range []struct {
		name, text  string
		first, then []string // what the first view has, and the one after tab
	}{
		{"Markdown", "# Title\n\na **b** c", []string{" # Title", " a b c"}, []string{" # Title", " a **b** c"}},
		{"JSON", `{"a":{"b":[1,2]}}`, []string{"▾ a", "▾ b"}, []string{`{"a":{"b":[1,2]}}`}},
		{"base64", base64.StdEncoding.EncodeToString([]byte("hello, a text")), []string{" hello, a text"}, []string{"aGVsbG8sIGEgdGV4dA=="}},
		{"JSON in base64", base64.StdEncoding.EncodeToString([]byte(`{"key":"value"}`)), []string{`key "value"`}, []string{"eyJrZXkiOiJ2YWx1ZSJ9"}},
		{"a data URL", "data:text/plain;base64," + base64.StdEncoding.EncodeToString([]byte("in an address")), []string{" in an address"}, []string{"data:text/plain"}},
		{"controls", "a\x1b[2J\u202eb\r\nc", []string{"a␛[2J‹U+202E›b", " c"}, []string{"a␛[2J‹U+202E›b"}},
		{"nine megabytes", big, []string{"lines 1–", " of 450,000", "shown as it is, not as Markdown: longer than 128 KiB", " a line of a comment"}, nil},
		{"nested quotes", strings.Repeat(">", 100_000), []string{"shown as it is, not as Markdown: quotes are nested too deeply"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newTestModel(t, saying(tt.text)(), 100, 30)
			press(m, "k", "enter", "enter")
			if _, ok := m.top().(*pager.Document); !ok {
				t.Fatalf("enter opens %s", m.top().Name())
			}
			for _, want := range tt.first {
				if text := screenText(m); !strings.Contains(text, want) {
					t.Errorf("no %q:\n%s", want, text)
				}
			}
			if tt.then == nil {
				return
			}
			press(m, "tab")
			for _, want := range tt.then {
				if text := screenText(m); !strings.Contains(text, want) {
					t.Errorf("after tab no %q:\n%s", want, text)
				}
			}
			press(m, "esc")
			if m.top().Name() != "one event" {
				t.Errorf("esc leads to %s", m.top().Name())
			}
		})
	}
}

// TestTheReaderMoves presses each motion key in a long text.
func TestTheReaderMoves(t *testing.T) {
	m := newTestModel(t, saying(strings.Repeat("word\n\n", 300))(), 100, 30)
	press(m, "k", "enter", "enter", "tab")
	at := func() string { return strings.TrimSpace(strings.Split(screenText(m), "\n")[0]) }
	for _, step := range []struct{ key, want string }{
		{"j", "lines 2–"}, {"k", "lines 1–"}, {"down", "lines 2–"}, {"up", "lines 1–"}, {"ctrl+d", "lines 12–"}, {"ctrl+u", "lines 1–"},
		{"ctrl+f", "lines 23–"}, {"ctrl+b", "lines 1–"}, {"pgdown", "lines 23–"}, {"pgup", "lines 1–"}, {"G", "–600 of 600"}, {"g", "lines 1–"}, {"end", "–600 of 600"}, {"home", "lines 1–"},
	} {
		press(m, step.key)
		if !strings.Contains(at(), step.want) {
			t.Errorf("after %s: %q, want %q", step.key, at(), step.want)
		}
	}
}

// TestReadingSurvivesAnotherWidth: what is in sight stays in sight.
func TestReadingSurvivesAnotherWidth(t *testing.T) {
	text := strings.Repeat("some words that fill a line and go on to the next one ", 200) + "NEEDLE " + strings.Repeat("and more words ", 300)
	m := newTestModel(t, saying(text)(), 100, 30)
	press(m, "k", "enter", "enter", "/", "N", "E", "E", "D", "L", "E", "enter")
	for _, w := range []int{60, 140, 40, 100} {
		send(m, tea.WindowSizeMsg{Width: w, Height: 30})
		if !strings.Contains(screenText(m), "NEEDLE") {
			t.Errorf("at %d cells it is out of sight:\n%s", w, screenText(m))
		}
	}
}
