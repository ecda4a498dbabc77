package events

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTermUnderTheCaret(t *testing.T) {
	tests := []struct {
		text  string // | is the caret
		want  string
		begun string
	}{
		{"|", "", ""},
		{"sc|", "sc", "sc"},
		{"a sc| b", "sc", "sc"},
		{"a scope:dis|cussion b", "scope:discussion", "scope:dis"},
		{"(a^-re|po:x)", "repo:x", "re"},
		{"a |b", "b", ""},
		{`repo:"a b| c" x`, `repo:"a b c"`, `repo:"a b`},
		{"a^b|", "b", "b"},
		{"-|", "", ""},
		{"日本 語:x|y z", "語:xy", "語:x"},
	}
	for _, tt := range tests {
		text := strings.ReplaceAll(tt.text, "^", "\x00")
		before, after, _ := strings.Cut(text, "|")
		runes := []rune(strings.ReplaceAll(before+after, "\x00", "|"))
		caret := len([]rune(before))
		from, to := term(runes, caret)
		if got := string(runes[from:to]); got != tt.want {
			t.Errorf("%q: the term is %q, want %q", tt.text, got, tt.want)
		}
		if got := string(runes[from:max(caret, from)]); got != tt.begun {
			t.Errorf("%q: begun is %q, want %q", tt.text, got, tt.begun)
		}
	}
}

func TestComplete(t *testing.T) {
	words := storeWords{"repo:": {"me/corpus", "org/a b", "org/corpus-2"}, "scope:": {"discussion", "repo.config.dois"}, ".": {".comment.content", ".comment.id", ".event.scope"}}
	tests := []struct {
		text string
		want []string
	}{
		{"", []string{"scope:", "action:", "type:", "repo:", "status:", "target:", "is:", "origin:", "answer:", "answer~", "header.", "pin:", "note:", "since:", "before:", "ref:", "pr:", "author:", "id:", "path:", "ms:", "size:"}},
		{"s", []string{"scope:", "status:", "since:", "size:"}},
		{"scope:repo.c", []string{"scope:repo.content", "scope:repo.config", "scope:repo.config.dois"}},
		{"-action:u", []string{"action:update"}},
		{"repo:corp", []string{"repo:me/corpus", "repo:org/corpus-2"}},
		{"repo:org", []string{`repo:"org/a b"`, "repo:org/corpus-2"}},
		{`repo:"org/a b`, []string{`repo:"org/a b"`}},
		{"action:update", nil},
		{"scope:repo", []string{"scope:repo", "scope:repo.content", "scope:repo.config", "scope:repo.config.dois"}},
		{".comment", []string{".comment.content:", ".comment.id:"}},
		{"word", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, words.complete(tt.text, 1000).terms); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

// A saved filter is completed by its name or its text, and takes the place of the whole text.
func TestCompleteSaved(t *testing.T) {
	saved := []SavedFilter{{"failed today", "status:5xx since:today"}, {"size", "size:>10k"}, {"long", "scope:repo is:edited"}}
	tests := []struct {
		text        string
		terms, list []string
	}{
		{"fail", []string{"status:5xx since:today"}, []string{"failed today = status:5xx since:today"}},
		{"failed to", []string{"status:5xx since:today"}, []string{"failed today = status:5xx since:today"}},
		{"si", []string{"since:", "size:", "size:>10k"}, []string{"since:", "size:", "size = size:>10k"}},
		{"is:edited fai", nil, []string{}},
		{"scope:repo is", []string{"is:"}, []string{"is:"}},
		{"", storeWords{}.complete("", 0).terms, storeWords{}.complete("", 0).terms},
	}
	for _, tt := range tests {
		caret := len(tt.text)
		c := storeWords{}.complete(tt.text, caret).withSaved(saved, tt.text, caret)
		if diff := cmp.Diff(tt.terms, c.terms); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
		if diff := cmp.Diff(tt.list, c.listed()); diff != "" {
			t.Errorf("%q is listed as (-want +got):\n%s", tt.text, diff)
		}
		if len(c.names) > 0 && (c.from != 0 || c.to != caret) {
			t.Errorf("%q: from %d to %d is replaced", tt.text, c.from, c.to)
		}
	}
}
